/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/told.h"

#include "env/atomic.h"
#include "env/id.h"
#include "env/pages.h"
#include "env/thread.h"

#include <assert.h>

enum {
    WAYS = 5,
    SETS = TOLD_LISTINGS / WAYS,
    FORM_WAYS = 4,
    FORM_SETS = TOLD_FORMS / FORM_WAYS,
    SHELVES = 64,
    FLOORS = 4096,
    ID_BYTES = ID_ROOM - 1,
};

/* The number of a form: which of those that stood in its place, the place, the language. */
enum { LANGUAGE_BITS = 2, PLACE_BITS = 13, TIMES_MOST = (1 << 17) - 1 };
static_assert(TOLD_FORMS == 1 << PLACE_BITS && TOLD_LANGUAGES == 1 << LANGUAGE_BITS,
              "a form's number has room for them");

struct kept {
    uint64_t id[2];
    uint32_t row;
    uint32_t form; /* 0: nothing is kept here, as the first in a place is the first of its times */
};

/* Two lines. */
struct set {
    _Alignas(128) struct kept ways[WAYS];
};

/* One line. */
struct form {
    _Alignas(64) struct told_origin origin;
    uint32_t times; /* how many have stood here */
    uint16_t size;  /* 0: none does now */
    uint16_t places[TOLD_PLACES];
    uint8_t place_count;
    uint8_t language;
};

struct told {
    struct pages pages; /* in which all of it lies */
    struct env_word floor;
    struct env_mutex shelves[SHELVES]; /* of sets and floors */
    struct env_mutex form_shelves[SHELVES];
    uint64_t floors[FLOORS]; /* leaves: what was read when there were fewer may have changed */
    struct set sets[SETS];
    struct form forms[TOLD_FORMS];
    char words[TOLD_FORMS][TOLD_BYTES];
};

err told_open(struct told **ret_told)
{
    struct pages pages = {0};
    TRY(pages_make_sparse(sizeof(struct told), &pages));
    struct told *t = pages.at;
    t->pages = pages;
    for (size_t i = 0; i < SHELVES; i++) {
        env_mutex_init(&t->shelves[i]);
        env_mutex_init(&t->form_shelves[i]);
    }
    *ret_told = t;
    return OK;
}

void told_close(struct told *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < SHELVES; i++) {
        env_mutex_done(&t->shelves[i]);
        env_mutex_done(&t->form_shelves[i]);
    }
    struct pages pages = t->pages;
    pages_drop(&pages);
}

/* --- listings --- */

static uint64_t mixed(uint64_t x)
{
    x *= UINT64_C(0x9e3779b97f4a7c15);
    return x ^ x >> 32;
}

/* All languages of a row share a set. */
static size_t set_of(uint32_t row)
{
    return (size_t)(mixed(row) % SETS);
}

static unsigned language_of(uint32_t form)
{
    return form % TOLD_LANGUAGES;
}

void told_expect(const struct told *t, const struct told_key *key)
{
    const struct set *set = &t->sets[set_of(key->row)];
    __builtin_prefetch(set);
    __builtin_prefetch((const char *)set + 64);
}

static struct kept *find(struct set *set, const struct told_key *key)
{
    for (size_t i = 0; i < WAYS; i++) {
        struct kept *k = &set->ways[i];
        if (k->form != 0 && k->row == key->row && language_of(k->form) == key->language)
            return k;
    }
    return NULL;
}

bool told_look(struct told *t, const struct told_key *key, struct told_words *ret_words)
{
    size_t at = set_of(key->row);
    env_mutex_lock(&t->shelves[at % SHELVES]);
    const struct kept *k = find(&t->sets[at], key);
    if (k != NULL)
        *ret_words = (struct told_words){
            .id = {k->id[0], k->id[1]},
              .form = k->form
        };
    env_mutex_unlock(&t->shelves[at % SHELVES]);
    return k != NULL;
}

/* Its own place, an empty one, or one that chance gives. */
static struct kept *place_of(struct set *set, const struct told_key *key)
{
    struct kept *own = find(set, key);
    for (size_t i = 0; own == NULL && i < WAYS; i++)
        if (set->ways[i].form == 0)
            own = &set->ways[i];
    return own != NULL ? own : &set->ways[mixed(key->row + 1) % WAYS];
}

static void keep(struct told *t, const struct told_key *key, const struct told_words *words)
{
    size_t at = set_of(key->row);
    env_mutex_lock(&t->shelves[at % SHELVES]);
    if (key->mark >= t->floors[at % FLOORS]) /* else it may be what was so before a leaf */
        *place_of(&t->sets[at], key) = (struct kept){
            .id = {words->id[0], words->id[1]},
              .row = key->row, .form = words->form
        };
    env_mutex_unlock(&t->shelves[at % SHELVES]);
}

void told_drop(struct told *t, uint32_t row, uint64_t mark)
{
    size_t at = set_of(row);
    env_mutex_lock(&t->shelves[at % SHELVES]);
    if (t->floors[at % FLOORS] < mark)
        t->floors[at % FLOORS] = mark;
    for (size_t i = 0; i < WAYS; i++)
        if (t->sets[at].ways[i].form != 0 && t->sets[at].ways[i].row == row)
            t->sets[at].ways[i] = (struct kept){0};
    env_mutex_unlock(&t->shelves[at % SHELVES]);
}

/* --- forms --- */

static size_t form_set_of(const struct told_origin *o, unsigned language)
{
    uint64_t x = mixed(o->who[0] ^ language);
    x = mixed(x ^ o->who[1]);
    x = mixed(x ^ (uint64_t)o->from.us);
    x = mixed(x ^ (uint64_t)o->until.us);
    return (size_t)(mixed(x ^ (uint64_t)o->revision) % FORM_SETS);
}

static bool is_of(const struct form *f, const struct told_origin *o, unsigned language)
{
    return f->size > 0 && f->language == language && f->origin.who[0] == o->who[0] &&
           f->origin.who[1] == o->who[1] && f->origin.revision == o->revision &&
           f->origin.from.us == o->from.us && f->origin.until.us == o->until.us;
}

static uint32_t number_of(const struct told *t, const struct form *f)
{
    uint32_t place = (uint32_t)(f - t->forms);
    return (f->times << PLACE_BITS | place) << LANGUAGE_BITS | f->language;
}

/* The shelf of its set is held. */
static struct form *find_form(struct told *t, size_t set, const struct told_origin *o,
                              unsigned language)
{
    for (size_t i = 0; i < FORM_WAYS; i++)
        if (is_of(&t->forms[set * FORM_WAYS + i], o, language))
            return &t->forms[set * FORM_WAYS + i];
    return NULL;
}

/* False, and the pen as it was, when its form has gone. */
static bool dip(struct told *t, uint32_t form, struct told_pen *pen)
{
    size_t place = form >> LANGUAGE_BITS & (TOLD_FORMS - 1);
    const struct form *f = &t->forms[place];
    struct env_mutex *shelf = &t->form_shelves[place / FORM_WAYS % SHELVES];
    env_mutex_lock(shelf);
    bool is_there = f->size > 0 && number_of(t, f) == form;
    if (is_there) {
        pen->form = form;
        pen->size = f->size;
        pen->place_count = f->place_count;
        memcpy(pen->places, f->places, sizeof pen->places);
        memcpy(pen->words, t->words[place], f->size);
    }
    env_mutex_unlock(shelf);
    return is_there;
}

bool told_write(struct told *t, const struct told_words *words, struct told_pen *pen,
                struct text *to)
{
    char letters[ID_BYTES];
    assert(words->form != 0);
    if (pen->form != words->form && !dip(t, words->form, pen))
        return false;
    id_letters(words->id, letters);
    for (size_t i = 0; i < pen->place_count; i++)
        memcpy(pen->words + pen->places[i], letters, sizeof letters);
    text_put(to, str_make(pen->words, pen->size));
    return true;
}

/* Whoever is at the end of its times stays where it is, and nobody follows it. */
static struct form *oldest(struct told *t, size_t set)
{
    struct form *own = &t->forms[set * FORM_WAYS];
    for (size_t i = 1; i < FORM_WAYS && own->size > 0; i++) {
        struct form *f = &t->forms[set * FORM_WAYS + i];
        if (f->size == 0 || f->times < own->times)
            own = f;
    }
    return own->times < TIMES_MOST ? own : NULL;
}

/* Where the id stands; false when that is in too many places. */
static bool find_places(struct form *f, str words, const uint64_t id[2])
{
    char letters[ID_BYTES];
    size_t at = 0;
    id_letters(id, letters);
    f->place_count = 0;
    while (at + sizeof letters <= words.size) {
        const char *found = memmem(words.at + at, words.size - at, letters, sizeof letters);
        if (found == NULL)
            break;
        if (f->place_count == TOLD_PLACES)
            return false;
        at = (size_t)(found - words.at);
        f->places[f->place_count++] = (uint16_t)at;
        at += sizeof letters;
    }
    return true;
}

/* Its number; 0: there is no room. */
static uint32_t make_form(struct told *t, size_t set, const struct form *made, str words)
{
    struct form *f = find_form(t, set, &made->origin, made->language);
    if (f != NULL)
        return number_of(t, f);
    f = oldest(t, set);
    if (f == NULL)
        return 0;
    uint32_t times = f->times + 1;
    *f = *made;
    f->times = times;
    memcpy(t->words[f - t->forms], words.at, words.size);
    return number_of(t, f);
}

bool told_join(struct told *t, const struct told_key *key, const struct told_origin *origin,
               struct told_words *words)
{
    size_t set = form_set_of(origin, key->language);
    struct env_mutex *shelf = &t->form_shelves[set % SHELVES];
    env_mutex_lock(shelf);
    const struct form *f = find_form(t, set, origin, key->language);
    bool is_fit = f != NULL && key->mark >= env_word_read(&t->floor);
    words->form = is_fit ? number_of(t, f) : 0;
    env_mutex_unlock(shelf);
    if (is_fit)
        keep(t, key, words);
    return is_fit;
}

void told_put(struct told *t, const struct told_key *key, const struct told_origin *origin,
              const uint64_t id[2], str words)
{
    assert(key->language < TOLD_LANGUAGES);
    struct form made = {
        .origin = *origin, .size = (uint16_t)words.size, .language = (uint8_t)key->language};
    if (words.size == 0 || words.size > TOLD_BYTES || !find_places(&made, words, id))
        return;
    size_t set = form_set_of(origin, key->language);
    struct env_mutex *shelf = &t->form_shelves[set % SHELVES];
    struct told_words own = {
        .id = {id[0], id[1]}
    };
    env_mutex_lock(shelf);
    if (key->mark >= env_word_read(&t->floor))
        own.form = make_form(t, set, &made, words);
    env_mutex_unlock(shelf);
    if (own.form != 0)
        keep(t, key, &own);
}

/* Listings of a form that is gone are gone with it. */
void told_forget(struct told *t, uint64_t mark)
{
    env_word_put(&t->floor, mark);
    for (size_t set = 0; set < FORM_SETS; set++) {
        env_mutex_lock(&t->form_shelves[set % SHELVES]);
        for (size_t i = 0; i < FORM_WAYS; i++) {
            struct form *f = &t->forms[set * FORM_WAYS + i];
            if (f->size > 0)
                memset(t->words[f - t->forms], 0, f->size);
            f->size = 0;
        }
        env_mutex_unlock(&t->form_shelves[set % SHELVES]);
    }
}
