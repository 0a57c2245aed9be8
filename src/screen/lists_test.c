/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: of a whole list of names, as people really make them, every one is found with its own
 * listing, and no neighbour of any.
 * Method: the file YUMEN_LISTS names, one name a line, sorted by bytes, each once. Every second one
 * covers what stands below it. Each is asked for as it is, with labels before it, without its
 * first, with a letter more, with a letter changed; halving the sorted names says what is right.
 * Without the file the test says so and is skipped.
 */
#include "env/file.h"
#include "screen/screen.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_ROOM = 512, SKIPPED = 77, SHAPES = 6 };
#define LIST_BYTES ((size_t)1 << 30)

static struct arena arena;
static str *names;
static size_t count;

static err give_names(void *self, struct screen_intake *intake)
{
    (void)self;
    for (size_t i = 0; i < count; i++) {
        struct screen_entry e = {.kind = INDICATOR_DOMAIN,
                                 .match = i % 2 == 0 ? MATCH_EXACT : MATCH_SUFFIX,
                                 .value = names[i],
                                 .until = {2000 + (int64_t)(i / 5000)},
                                 .row = (uint32_t)i};
        TRY(screen_put(intake, &e));
    }
    return OK;
}

static bool find(str name, size_t *ret_at)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_compare(names[middle], name);
        if (order == 0) {
            *ret_at = middle;
            return true;
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return false;
}

static bool find_right(str name, size_t *ret_at)
{
    if (find(name, ret_at))
        return true;
    while (str_find_char(name, '.') < name.size) {
        name = str_from(name, str_find_char(name, '.') + 1);
        if (find(name, ret_at) && *ret_at % 2 == 1)
            return true;
    }
    return false;
}

static str shape(unsigned how, str name, char room[NAME_ROOM])
{
    static const char *const before[SHAPES] = {"", "www.", "x", "a.b.c.d.", "", ""};
    int size = snprintf(room, NAME_ROOM, "%s%.*s", before[how], STR_ARGS(name));
    str made = str_make(room, (size_t)size);
    size_t middle = made.size / 2;
    if (how == 4)
        room[middle] = room[middle] == 'a' ? 'b' : 'a';
    size_t dot = str_find_char(made, '.');
    return how == 5 && dot < made.size ? str_from(made, dot + 1) : made;
}

static size_t ask_all(struct screen *s)
{
    size_t wrong = 0;
    char room[NAME_ROOM];
    struct screen_reader r = screen_enter(s);
    for (size_t i = 0; i < count * SHAPES; i++) {
        size_t at = 0;
        str name = shape((unsigned)(i % SHAPES), names[i / SHAPES], room);
        bool is_listed = find_right(name, &at);
        struct screen_answer a = screen_ask(&r, INDICATOR_DOMAIN, name, (instant){1000});
        bool is_right = a.is_listed == is_listed && (!is_listed || screen_row(&r, &a) == at);
        if (!is_right && wrong++ < 10)
            fprintf(stderr, "wrong: %.*s\n", STR_ARGS(name));
    }
    screen_leave(&r);
    return wrong;
}

static bool read_names(const char *path)
{
    str rest = {0};
    str name = {0};
    if (path == NULL || failed(file_read(path, LIST_BYTES, &arena, &rest)))
        return false;
    names = arena_make_array(&arena, rest.size / 2 + 1, sizeof *names);
    while (names != NULL && str_split(&rest, '\n', &name))
        if (name.size > 0 && name.size <= 253)
            names[count++] = name;
    return count > 0;
}

int main(void)
{
    struct key_seed seed = {.seed = UINT64_C(0x5ca1ab1e0ddba11)};
    struct screen_source source = {.give = give_names};
    struct screen *s = NULL;
    arena_init(&arena, 8 * LIST_BYTES);
    if (!read_names(getenv("YUMEN_LISTS"))) {
        printf("skipped: YUMEN_LISTS names no file of names\n");
        return SKIPPED;
    }
    if (failed(screen_open(&seed, &s)) || failed(screen_build(s, &source, 1)))
        return 1;
    size_t wrong = ask_all(s);
    printf("%zu names, %zu questions, %zu wrong\n", count, count * SHAPES, wrong);
    screen_close(s);
    arena_done(&arena);
    return wrong > 0;
}
