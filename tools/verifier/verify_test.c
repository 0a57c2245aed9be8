/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: yumen-verify passes what the server exports, and finds and names whatever was altered.
 * Method: the sample ledger is exported with the server's own functions; then every single value
 * of every line is altered, every line is left out, doubled or moved, the tail is cut, and the
 * verifier is run on each.
 * Usage: verify_test PATH_OF_YUMEN_VERIFY
 */
#include "kit/kit.h"
#include "ledger/export.h"
#include "ledger/sample_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * The program itself, for the many runs; a few more are made as its user would. What it prints goes
 * to `output`.
 */
static int say(const char *format, ...) __attribute__((format(printf, 1, 2)));
int verifier_main(int argc, char **argv);
#define main        verifier_main
#define printf(...) say(__VA_ARGS__)
#define puts(line)  say("%s\n", line)
#include "yumen-verify.c"
#undef main
#undef printf
#undef puts

enum { LINES_MAX = 128, OUTPUT_MAX = 64 * 1024 };

static const char *verifier;
static struct arena world;
static struct sample good;
static json_t *lines[LINES_MAX]; /* the export, to be altered; start() makes it anew */
static size_t export_count;
static char output[OUTPUT_MAX];
static char export_path[] = "/tmp/yumen-verify-XXXXXX";
static char head_path[] = "/tmp/yumen-verify-XXXXXX";

static int say(const char *format, ...)
{
    size_t size = strlen(output);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(output + size, sizeof output - size, format, args);
    va_end(args);
    return more;
}

static void add_line(struct text *line)
{
    assert_false(text_spent(line));
    lines[export_count] = json_loads(text_str(line).at, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(lines[export_count++]);
    text_init(line, &world);
}

/* What a store does: everything but secrets. */
static void export_sample(const struct sample *s)
{
    struct text line;
    text_init(&line, &world);
    export_put_start(&line, sample_store);
    add_line(&line);
    for (size_t i = 0; i < s->leaf_count; i++) {
        struct entry entry = s->entries[i];
        struct opening shown[SAMPLE_VALUES + 1];
        entry.opening_count = 0;
        entry.openings = shown;
        for (size_t o = 0; o < s->entries[i].opening_count; o++)
            if (!str_equal(s->entries[i].openings[o].field, STR("password")))
                shown[entry.opening_count++] = s->entries[i].openings[o];
        export_put_entry(&line, &entry);
        add_line(&line);
    }
    for (size_t i = 0; i < s->row_count; i++) {
        struct row_value values[SAMPLE_VALUES];
        struct row row = {.kind = s->rows[i].row.kind, .id = s->rows[i].row.id, .values = values};
        for (size_t v = 0; v < s->rows[i].row.value_count; v++)
            if (s->rows[i].forms[v] != LEAF_SECRET)
                values[row.value_count++] = s->rows[i].values[v];
        export_put_row(&line, &row);
        add_line(&line);
    }
    for (size_t i = 0; i < s->head_count; i++) {
        export_put_head(&line, &s->heads[i]);
        add_line(&line);
    }
}

static void drop_lines(void)
{
    for (size_t i = 0; i < export_count; i++)
        json_decref(lines[i]);
    export_count = 0;
}

static int start(void **state)
{
    (void)state;
    drop_lines();
    export_sample(&good);
    return 0;
}

static void write_file(const char *path, size_t first, size_t end)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (size_t i = first; i < end; i++) {
        assert_int_equal(json_dumpf(lines[i], f, JSON_COMPACT), 0);
        fputc('\n', f);
    }
    assert_int_equal(fclose(f), 0);
}

/* Runs the verifier, keeps what it says, and returns its exit status. */
static int run(const char *arguments)
{
    char command[1000];
    snprintf(command, sizeof command, "%s %s 2>&1", verifier, arguments);
    FILE *f = popen(command, "r"); // NOLINT(cert-env33-c)
    assert_non_null(f);
    size_t size = fread(output, 1, sizeof output - 1, f);
    output[size] = '\0';
    int status = pclose(f);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static const char *key_hex(void)
{
    struct text hex;
    text_init(&hex, &world);
    text_put_hex(&hex, good.publics[0].bytes, SIGN_PUBLIC_BYTES);
    return text_str(&hex).at;
}

/* As its user would. */
static int verify_with(const char *more)
{
    char arguments[500];
    snprintf(arguments, sizeof arguments, "--key %s %s %s", key_hex(), more, export_path);
    return run(arguments);
}

/* In this process. */
static int verify(void)
{
    char name[] = "yumen-verify";
    char option[] = "--key";
    char hex[2 * HASH + 1];
    char *arguments[] = {name, option, hex, export_path, NULL};
    sodium_bin2hex(hex, sizeof hex, good.publics[0].bytes, HASH);
    write_file(export_path, 0, export_count);
    json_decref(files);
    json_decref(records);
    json_decref(ring);
    free(hashes);
    hashes = NULL;
    leaf_count = next_index = peaks_size = good_size = head_count = row_count = finding_count = 0;
    line_count = line_rank = 0;
    is_broken = false;
    kept = "";
    output[0] = '\0';
    return verifier_main(4, arguments);
}

static bool says(const char *words)
{
    if (strstr(output, words) == NULL)
        print_error("not said: %s\n%s", words, output);
    return strstr(output, words) != NULL;
}

static const char *type_of(size_t line)
{
    return json_string_value(json_object_get(lines[line], "type"));
}

static bool is_of(size_t line, const char *type)
{
    return strcmp(type_of(line), type) == 0;
}

static void a_good_export_passes(void **state)
{
    (void)state;
    assert_int_equal(verify(), 0);
    assert_true(says("nothing was altered: "));
    assert_int_equal(verify_with(""), 0);
    assert_true(says("nothing was altered: "));
}

/* Another value of the same type, as near as can be. */
static json_t *altered(const json_t *value, size_t at)
{
    if (json_is_integer(value))
        return json_integer(json_integer_value(value) + 1);
    char *text = strdup(json_string_value(value));
    assert_non_null(text);
    size_t size = strlen(text);
    json_t *other = json_string("x");
    if (size > 0) {
        while (at > 0 && (text[at] & 0x80) != 0)
            at--; /* keep it UTF-8 */
        text[at] = text[at] == '1' ? '2' : '1';
        json_decref(other);
        other = json_string(text);
    }
    free(text);
    return other;
}

static void alter_each_value(json_t *object, size_t *count)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, name, value)
    {
        if (json_is_object(value))
            continue;
        size_t size = json_is_string(value) ? json_string_length(value) : 0;
        for (size_t at = size == 0 ? 0 : size - 1;; at -= 61) {
            json_t *old = json_incref(value);
            json_object_set_new(object, name, altered(value, at));
            int answer = verify();
            if (answer != 1)
                print_error("%s was altered at %zu unseen\n", name, at);
            assert_int_equal(answer, 1);
            json_object_set_new(object, name, old);
            *count += 1;
            if (at < 61)
                break;
        }
    }
}

static void every_altered_value_is_found(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < export_count; i++) {
        const char *name;
        json_t *opening;
        alter_each_value(lines[i], &count);
        alter_each_value(json_object_get(lines[i], "fields"), &count);
        json_object_foreach (json_object_get(lines[i], "open"), name, opening)
            alter_each_value(opening, &count);
    }
    assert_in_range(count, 200, 2000);
}

static void remove_line(size_t index)
{
    json_decref(lines[index]);
    memmove(&lines[index], &lines[index + 1], (--export_count - index) * sizeof lines[0]);
}

static void lines_left_out_doubled_or_moved_are_found(void **state)
{
    (void)state;
    size_t count = export_count;
    for (size_t i = 0; i < count; i++) {
        if (is_of(i, "head"))
            continue; /* fewer heads say less, but nothing wrong */
        start(state);
        remove_line(i);
        assert_int_equal(verify(), 1);
        start(state);
        json_incref(lines[i]);
        memmove(&lines[i + 1], &lines[i], (export_count++ - i) * sizeof lines[0]);
        assert_int_equal(verify(), 1);
        start(state);
        if (is_of(i, "record") && is_of(i + 1, "record"))
            continue; /* records come in any order */
        json_t *other = lines[i];
        lines[i] = lines[i + 1];
        lines[i + 1] = other;
        assert_int_equal(verify(), 1);
        start(state);
    }
}

static size_t find_line(const char *type, size_t nth)
{
    for (size_t i = 0; i < export_count; i++)
        if (is_of(i, type) && nth-- == 0)
            return i;
    assert_true(false);
    return 0;
}

static size_t find_record(const char *id)
{
    for (size_t i = 0; i < export_count; i++)
        if (is_of(i, "record") &&
            strcmp(json_string_value(json_object_get(lines[i], "id")), id) == 0)
            return i;
    assert_true(false);
    return 0;
}

static void what_was_altered_is_named(void **state)
{
    (void)state;
    json_t *fields = json_object_get(lines[find_record("01L1")], "fields");
    json_object_set_new(fields, "state", json_string("in_force"));
    assert_int_equal(verify(), 1);
    assert_true(says("(listing.lift of listing 01L1): field state was changed: the leaf has "
                     "\"lifted\", the record \"in_force\""));
    start(state);
    fields = json_object_get(lines[find_record("01L1")], "fields");
    json_object_set_new(fields, "value", json_string("+8613800138009"));
    assert_int_equal(verify(), 1);
    assert_true(says("field value was changed"));
    start(state);
    remove_line(find_record("01L2"));
    assert_int_equal(verify(), 1);
    assert_true(says("record listing 01L2 was removed; the last to speak of it is leaf "));
    start(state);
    json_object_set_new(lines[find_record("01L2")], "id", json_string("01L3"));
    assert_int_equal(verify(), 1);
    assert_true(says("record listing 01L3 was added") && says("record listing 01L2 was removed"));
    start(state);
    remove_line(find_line("leaf", 5));
    assert_int_equal(verify(), 1);
    assert_true(says("leaf 5 is missing: leaf 6 stands there"));
    start(state);
    json_t *leaf = lines[find_line("leaf", 4)];
    json_object_set_new(leaf, "body", altered(json_object_get(leaf, "body"), 30));
    assert_int_equal(verify(), 1);
    assert_true(says("leaf 4 (listing.propose of listing 01L1) was changed"));
    assert_null(strstr(output, "another root"));
    start(state);
    leaf = lines[find_line("leaf", 11)]; /* the lift: its openings are the record's proof */
    json_object_clear(json_object_get(leaf, "open"));
    assert_int_equal(verify(), 1);
    assert_true(says("field evidence: nothing proves this personal value"));
}

static void a_leaf_forged_with_its_hash_is_bracketed(void **state)
{
    (void)state;
    json_t *leaf = lines[find_line("leaf", 4)];
    json_t *body = altered(json_object_get(leaf, "body"), 30);
    struct digest hash = tree_leaf_hash(str_from_c(json_string_value(body)));
    struct text hex;
    text_init(&hex, &world);
    text_put_hex(&hex, hash.bytes, DIGEST_BYTES);
    json_object_set_new(leaf, "body", body);
    json_object_set_new(leaf, "hash", json_string(text_str(&hex).at));
    assert_int_equal(verify(), 1);
    assert_true(says("leaves 4 to 6: changed, removed or reordered"));
}

/* Cuts the export back to what it was at a head, as far as leaves and heads go. */
static void cut_to(size_t head)
{
    size_t size = good.heads[head].size;
    struct sample before = good;
    before.leaf_count = size;
    before.head_count = head + 1;
    before.row_count = 0;
    drop_lines();
    export_sample(&before);
}

static void a_cut_tail_is_found_by_who_kept_a_head(void **state)
{
    (void)state;
    char more[100];
    snprintf(more, sizeof more, "--head %s", head_path);
    write_file(head_path, find_line("head", 0), export_count);
    assert_int_equal(verify(), 0);
    assert_int_equal(verify_with(more), 0);
    for (size_t head = 0; head + 1 < good.head_count; head++) {
        cut_to(head);
        write_file(export_path, 0, export_count);
        verify_with("");
        assert_null(strstr(output, "tail cut")); /* the records that are missing are all it sees */
        assert_int_equal(verify_with(more), 1);
        if (good.heads[head].size < good.leaf_count)
            assert_true(says("tail cut: ") && says(" leaves, the export holds "));
    }
    start(state);
    size_t last = find_line("leaf", good.leaf_count - 1);
    remove_line(last);
    assert_int_equal(verify(), 1);
    assert_true(says("tail cut: the head of 2026-"));
}

static void a_rewritten_past_is_found_by_who_kept_a_head(void **state)
{
    (void)state;
    char more[100];
    snprintf(more, sizeof more, "--head %s", head_path);
    write_file(head_path, find_line("head", 3), find_line("head", 4));
    struct sample lie = good;
    sample_make(&lie, &world, 1);
    drop_lines();
    export_sample(&lie);
    assert_int_equal(verify(), 0);
    assert_int_equal(verify_with(more), 1);
    assert_true(says("the past was rewritten: "));
    json_object_set_new(lines[export_count - 1], "signature", json_string("00"));
    write_file(head_path, export_count - 1, export_count);
    assert_int_equal(verify_with(more), 1);
    assert_true(says("the signature is wrong"));
}

static void keys_sign_only_in_their_time(void **state)
{
    (void)state;
    struct sample s = good;
    s.head_count = 0;
    sample_sign(&s, 1); /* nobody introduced the second key */
    drop_lines();
    export_sample(&s);
    assert_int_equal(verify(), 1);
    assert_true(says("key key-2 may not sign"));
    s.head_count = 0;
    sample_sign(&s, 0); /* the head that covers the first key's retiring may be its own last */
    sample_sign(&s, 1);
    drop_lines();
    export_sample(&s);
    assert_int_equal(verify(), 0);
    sample_append(&s, &(struct sample_act){"listing.read", "listing", "01L1", "x", {{NULL}}});
    sample_sign(&s, 0); /* one leaf too far */
    drop_lines();
    export_sample(&s);
    assert_int_equal(verify(), 1);
    assert_true(says("key key-1 may not sign"));
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    static const char *const first_lines[] = {
        "",
        "\n",
        "{}\n",
        "[]\n",
        "{\"type\":\"leaf\"}\n",
        "{\"type\":\"export\",\"version\":2}\n",
        "{\"type\":\"export\",\"version\":1,\"store\":\"01STORE\"}\n",
        "\xff\xfe",
        "{\"type\":"};
    for (size_t i = 0; i < COUNT_OF(first_lines); i++) {
        FILE *f = fopen(export_path, "w");
        assert_non_null(f);
        fputs(first_lines[i], f);
        assert_int_equal(fclose(f), 0);
        assert_int_equal(verify_with(""), i == 0 ? 2 : 1);
    }
    write_file(export_path, 0, export_count);
    assert_int_equal(run(""), 2);
    assert_true(says("usage: "));
    assert_int_equal(run("--key 00"), 2);
    assert_int_equal(run("--no-such-thing"), 2);
    assert_int_equal(verify_with("--head /nonexistent"), 2);
    assert_int_equal(verify_with("--head /dev/null"), 2);
    char arguments[300]; /* the second key is not the first */
    snprintf(arguments, sizeof arguments, "--key %064d %s", 0, export_path);
    assert_int_equal(run(arguments), 1);
    assert_true(says("may not sign"));
    FILE *f = fopen(head_path, "w"); /* the key in a file, the export on standard input */
    fprintf(f, "%s\n", key_hex());
    assert_int_equal(fclose(f), 0);
    snprintf(arguments, sizeof arguments, "--key %s < %s", head_path, export_path);
    assert_int_equal(run(arguments), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_good_export_passes, start),
        cmocka_unit_test_setup(every_altered_value_is_found, start),
        cmocka_unit_test_setup(lines_left_out_doubled_or_moved_are_found, start),
        cmocka_unit_test_setup(what_was_altered_is_named, start),
        cmocka_unit_test_setup(a_leaf_forged_with_its_hash_is_bracketed, start),
        cmocka_unit_test_setup(a_cut_tail_is_found_by_who_kept_a_head, start),
        cmocka_unit_test_setup(a_rewritten_past_is_found_by_who_kept_a_head, start),
        cmocka_unit_test_setup(keys_sign_only_in_their_time, start),
        cmocka_unit_test_setup(nonsense_is_refused, start),
    };
    if (argc != 2 || failed(kit_boot()))
        return 1;
    verifier = argv[1];
    close(mkstemp(export_path));
    close(mkstemp(head_path));
    arena_init(&world, 64 << 20);
    sample_make(&good, &world, 0);
    int answer = cmocka_run_group_tests_name("verifier", tests, NULL, NULL);
    drop_lines();
    unlink(export_path);
    unlink(head_path);
    arena_done(&world);
    kit_done();
    return answer;
}
