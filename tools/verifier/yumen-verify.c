/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yumen-verify - a second opinion on a centre's ledger: reads an export and a public key, believes
 * nothing else, and names what was altered. Shares no code with the server; what both follow is
 * docs/formats/ledger.md, whose section 5 is what is checked here.
 *
 * Shape     leaf --> hashes, records <-- record          head <-- tree_root <-- hashes
 *           What a leaf says keeps its mark in front: " word", "=text", "#commitment", "!secret".
 * Bounds    32 bytes a leaf; of each record its last leaf. Out of memory aborts.
 */
#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

enum { HASH = 32, SIGNATURE = 64 };
typedef json_int_t num; /* long long: %lld */
static const char usage[] =
    "usage: yumen-verify --key KEY [--head FILE]... [EXPORT]\n"
    "Checks an export of a Yumen ledger (a file or standard input) and names what was altered.\n"
    "  --key KEY     the centre's first public key: 64 hexadecimal digits, or a file with them\n"
    "  --head FILE   tree heads that you kept from earlier; may be given again\n"
    "Exit: 0 nothing was altered, 1 something was, 2 it could not be checked.\n";

static json_t *files; /* of kept heads */
static char store[129];
static const char *first_key = "";
static const char *kept = ""; /* the file of the heads being judged, or "" for the export's own */
static bool is_broken;        /* the leaves do not lead to a signed root: later heads say nothing */
static json_t *records;       /* "kind id" -> its last leaf with fields, with "where" and "open" */
static json_t *ring; /* key id -> {"public","from","until"}: the sizes of heads it may sign */
static unsigned char (*hashes)[HASH], peaks[64][HASH];
static size_t line_count, line_rank;
static num leaf_count, next_index, peaks_size, good_size, head_count, row_count, finding_count;

/* One finding, without what foreign text might do to a terminal. */
__attribute__((format(printf, 1, 2))) static void found(const char *format, ...)
{
    char line[2000];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (unsigned char *c = (unsigned char *)line; *c != 0; c++)
        *c = *c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0) ? '?' : *c;
    finding_count++;
    puts(line);
}

static void *must(void *made)
{
    if (made == NULL)
        abort();
    return made;
}

static void put(json_t *map, const char *name, json_t *value)
{
    if (json_object_set_new(map, name, value) != 0)
        abort();
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static num int_of(const json_t *object, const char *name) /* -1 when it is not there */
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static bool read_hex(const char *hex, unsigned char *bytes, size_t count)
{
    return strlen(hex) == 2 * count && strspn(hex, "0123456789abcdef") == 2 * count &&
           sodium_hex2bin(bytes, count, hex, 2 * count, NULL, NULL, NULL) == 0;
}

static void hash_two(const void *a, size_t a_size, const char *b, unsigned char out[HASH])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, a, a_size);
    crypto_hash_sha256_update(&state, (const unsigned char *)b, strlen(b));
    crypto_hash_sha256_final(&state, out);
}

/* ---- leaves and commitments: sections 1 and 2 ---- */
/* {"act":" listing.lift", …, "why":"=…", "fields":{"state":"=lifted"}}, or NULL. */
static json_t *leaf_read(const char *body)
{
    static const char *const names[] = {"yumen-leaf", "at",     "act", "actor",
                                        "kind",       "record", "why", "field"};
    json_t *fields = must(json_object()), *leaf = must(json_pack("{s:o}", "fields", fields));
    bool is_fine = strncmp(body, "yumen-leaf 1\n", 13) == 0;
    size_t line = 0;
    for (const char *end; is_fine && (end = strchr(body, '\n')) != NULL; body = end + 1, line++) {
        const char *name = names[line < 7 ? line : 7];
        size_t size = strcspn(body, " =#!\n");
        is_fine = size == strlen(name) && strncmp(body, name, size) == 0;
        if (is_fine && line >= 7 && body[size] == ' ')
            size = strcspn(body += size + 1, " =#!\n");
        is_fine = is_fine && strchr(line < 6 ? " " : "=#!", body[size]) != NULL &&
                  json_object_setn_new(line < 7 ? leaf : fields, body, size,
                                       json_stringn(body + size, (size_t)(end - body) - size)) == 0;
    }
    if (is_fine && *body == '\0' && line >= 7 && json_object_size(fields) == line - 7)
        return leaf;
    json_decref(leaf);
    return NULL;
}

/* "=text", as a leaf writes it. */
static char *escape(const char *plain)
{
    char *out = NULL;
    size_t size = 0;
    FILE *f = must(open_memstream(&out, &size));
    fputc('=', f);
    for (const char *c = plain; *c != '\0'; c++) {
        bool is_control = (unsigned char)*c < 0x20 || *c == 0x7f;
        fprintf(f, *c == '\\' ? "\\%c" : *c == '\n' ? "\\n" : is_control ? "\\x%02x" : "%c", *c);
    }
    fclose(f);
    return must(out);
}

static bool is_opened(const char *said, const char *name, const json_t *opening)
{
    unsigned char expected[HASH], hash[HASH], start[256] = "yumen-commitment 1\n";
    size_t title = 19, size = strlen(name);
    if (size > 64 || (*said != '#' && *said != '!') || !read_hex(said + 1, expected, HASH) ||
        !read_hex(text_of(opening, "salt"), start + title, HASH))
        return false;
    memcpy(start + title + HASH, name, size);
    start[title + HASH + size] = '\n';
    hash_two(start, title + HASH + size + 1, text_of(opening, "value"), hash);
    return memcmp(hash, expected, HASH) == 0;
}

static void check_openings(const char *where, const json_t *leaf, json_t *open)
{
    const char *name;
    json_t *opening;
    json_object_foreach (open, name, opening) {
        bool is_why = strcmp(name, "why") == 0;
        const char *said = text_of(is_why ? leaf : json_object_get(leaf, "fields"), name);
        if (!is_opened(said, name, opening))
            found("%s: field %s: salt and value do not open the commitment", where, name);
    }
}

/* ---- keys and heads: section 3 ---- */
static void key_note(const char *where, num index, const json_t *leaf)
{
    const json_t *fields = json_object_get(leaf, "fields");
    const char *act = text_of(leaf, "act"), *id = text_of(leaf, "record") + 1;
    const char *hex = text_of(fields, "public_part");
    json_t *known = json_object_get(ring, id);
    bool is_added = strcmp(act, " key.add") == 0 && strcmp(text_of(fields, "kind"), "=ledger") == 0;
    if (is_added && known == NULL)
        put(ring, id, json_pack("{s:s,s:I}", "public", hex + (*hex == '='), "added", index));
    else if (is_added && strcmp(text_of(known, "public"), hex + (*hex == '=')) != 0)
        found("%s: another key under an id that is known", where);
    else if (strcmp(act, " key.retire") == 0 && known != NULL && int_of(known, "retired") < 0)
        put(known, "retired", json_integer(index));
}

/* The root of the first `size` leaves: from where the last one left off, or from the start. */
static const char *tree_root(num size)
{
    static char hex[2 * HASH + 1];
    unsigned char pair[1 + 2 * HASH] = {1}, *left = pair + 1, *right = left + HASH;
    for (peaks_size = size < peaks_size ? 0 : peaks_size; peaks_size < size; peaks_size++) {
        int height = 0;
        memcpy(right, hashes[peaks_size], HASH);
        for (; (peaks_size >> height & 1) != 0; height++) {
            memcpy(left, peaks[height], HASH);
            crypto_hash_sha256(right, pair, sizeof pair);
        }
        memcpy(peaks[height], right, HASH);
    }
    int height = __builtin_ffsll(size);
    crypto_hash_sha256(right, pair, 0);
    if (size > 0)
        memcpy(right, peaks[height - 1], HASH);
    for (; height < 64 && size >> height != 0; height++) {
        memcpy(left, peaks[height], HASH);
        if ((size >> height & 1) != 0)
            crypto_hash_sha256(right, pair, sizeof pair);
    }
    return sodium_bin2hex(hex, sizeof hex, right, HASH);
}

static bool is_signed(const json_t *head, const json_t *key)
{
    unsigned char public_part[HASH], signature[SIGNATURE];
    char text[1000];
    int size = snprintf(text, sizeof text,
                        "yumen-head 1\nstore %s\nsize %lld\nroot %.64s\nat %lld\nkey %.128s\n",
                        store, int_of(head, "size"), text_of(head, "root"), int_of(head, "at"),
                        text_of(head, "key"));
    return read_hex(text_of(key, "public"), public_part, HASH) &&
           read_hex(text_of(head, "signature"), signature, SIGNATURE) &&
           crypto_sign_verify_detached(signature, (const unsigned char *)text,
                                       (unsigned long long)size, public_part) == 0;
}

/* From a good head on count the keys that its leaves add, and no longer those they retire. */
static num head_accept(num size)
{
    const char *id;
    json_t *key;
    json_object_foreach (ring, id, key) {
        num added = int_of(key, "added"), retired = int_of(key, "retired");
        if (added < size && int_of(key, "from") < 0)
            put(key, "from", json_integer(size));
        if (retired >= 0 && retired < size && int_of(key, "until") < 0)
            put(key, "until", json_integer(size));
    }
    return size;
}

static void head_judge(json_t *head)
{
    char name[400], date[40] = "";
    bool is_ours = *kept == '\0';
    const json_t *key = json_object_get(ring, text_of(head, "key"));
    num size = int_of(head, "size"), from = int_of(key, "from"), until = int_of(key, "until");
    bool is_first = strcmp(text_of(key, "public"), first_key) == 0;
    bool may_sign = (is_first || (from >= 0 && from <= size)) && (until < 0 || size <= until);
    time_t at = (time_t)(int_of(head, "at") / 1000000);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", must(gmtime(&at)));
    snprintf(name, sizeof name, "%s%sthe head of %s", kept, is_ours ? "" : ": ", date);
    head_count += is_ours;
    if (is_broken && is_ours)
        return;
    if (size < 0 || (may_sign && !is_signed(head, key)))
        found("%s: the signature is wrong", name);
    else if (size > leaf_count)
        found("tail cut: %s says %lld leaves, the export holds %lld", name, size, leaf_count);
    else if (!may_sign && !is_broken)
        found("%s: key %s may not sign %lld leaves", name, text_of(head, "key"), size);
    else if (strcmp(tree_root(size), text_of(head, "root")) == 0)
        good_size = is_ours ? head_accept(size) : good_size;
    else if (!is_ours || size == good_size)
        found("the past was rewritten: %s has another root", name);
    else {
        found("leaves %lld to %lld: changed, removed or reordered: %s has another root", good_size,
              size - 1, name);
        is_broken = true;
    }
}

static void on_export(json_t *line)
{
    snprintf(store, sizeof store, "%s", text_of(line, "store"));
    if (int_of(line, "version") != 1)
        found("the export is not of version 1");
}

static void on_leaf(json_t *line)
{
    const char *body = text_of(line, "body");
    json_t *leaf = leaf_read(body), *open = json_object_get(line, "open");
    unsigned char hash[HASH] = {0};
    char where[700], id[600];
    num index = int_of(line, "index");
    snprintf(id, sizeof id, "%.64s%.500s", text_of(leaf, "kind"), text_of(leaf, "record"));
    snprintf(where, sizeof where, leaf == NULL ? "leaf %lld" : "leaf %lld (%.64s of%s)", index,
             text_of(leaf, "act") + 1, id);
    if (index != next_index)
        found("leaf %lld is missing: leaf %lld stands there", next_index, index);
    next_index = index + 1;
    if ((leaf_count & (leaf_count - 1)) == 0) /* room doubles */
        hashes = must(reallocarray(hashes, 2 * (size_t)leaf_count + 1, HASH));
    hash_two("", 1, body, hashes[leaf_count]);
    bool is_sound =
        read_hex(text_of(line, "hash"), hash, HASH) && memcmp(hashes[leaf_count], hash, HASH) == 0;
    memcpy(hashes[leaf_count++], hash, HASH); /* the tree is judged by what it claims to hold */
    if (!is_sound || leaf == NULL)
        found(is_sound ? "%s: not in the form of a leaf" : "%s was changed", where);
    if (leaf == NULL)
        return;
    check_openings(where, leaf, open);
    if (is_sound)
        key_note(where, index, leaf);
    put(leaf, "where", json_string(where));
    put(leaf, "open", open == NULL ? json_null() : json_incref(open));
    if (json_object_size(json_object_get(leaf, "fields")) > 0)
        put(records, id, json_incref(leaf));
    json_decref(leaf);
}

static void compare(const json_t *leaf, const char *name, const char *said, const json_t *row)
{
    const json_t *opening = json_object_get(json_object_get(leaf, "open"), name);
    const char *value = json_string_value(json_object_get(row, name));
    const char *where = text_of(leaf, "where");
    if (*said != '=' && !is_opened(said, name, opening)) {
        if (value != NULL || *said == '#')
            found("%s: field %s: nothing proves this personal value", where, name);
        return;
    }
    char *is = escape(value == NULL ? "" : value), *hid = escape(text_of(opening, "value"));
    const char *was = *said == '=' ? said : hid;
    if (value == NULL || strcmp(is, was) != 0)
        found("%s: field %s was %s: the leaf has \"%s\", the record \"%s\"", where, name,
              value == NULL ? "removed" : "changed", was + 1, is + 1);
    free(is);
    free(hid);
}

static void on_record(json_t *line)
{
    char id[600], *escaped = escape(text_of(line, "id"));
    json_t *row = json_object_get(line, "fields"), *value;
    const char *name;
    snprintf(id, sizeof id, " %.63s %.499s", text_of(line, "kind"), escaped + 1);
    json_t *leaf = json_object_get(records, id), *fields = json_object_get(leaf, "fields");
    row_count++;
    free(escaped);
    if (leaf == NULL)
        found("record%s was added: no leaf made it, or it is there twice", id);
    json_object_foreach (fields, name, value)
        compare(leaf, name, text_of(fields, name), row);
    json_object_foreach (row, name, value)
        if (leaf != NULL && json_object_get(fields, name) == NULL)
            found("%s: field %s was added", text_of(leaf, "where"), name);
    json_object_del(records, id); /* what is left at the end has no row */
}

/* A line of the export: they come by rank. */
static void on_line(json_t *line)
{
    static const char *const types[] = {"export", "leaf", "record", "head"};
    static void (*const on[])(json_t *) = {on_export, on_leaf, on_record, head_judge};
    size_t type = 0;
    while (type < 4 && strcmp(types[type], text_of(line, "type")) != 0)
        type++;
    if (type == 4 || type < line_rank || (type == 0) != (line_count++ == 0))
        found("line %zu: this may not stand here", line_count);
    else
        on[line_rank = type](line);
}

static void read_lines(const char *path, void (*on)(json_t *line))
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    char *bytes = NULL;
    size_t room = 0, count = 0;
    for (ssize_t size; f != NULL && (size = getline(&bytes, &room, f)) > 0; count++) {
        json_t *line = json_loadb(bytes, (size_t)size, JSON_REJECT_DUPLICATES, NULL);
        on(line);
        json_decref(line);
    }
    if (count == 0 || ferror(f)) {
        fprintf(stderr, "yumen-verify: cannot read %s\n", path);
        exit(2);
    }
    free(bytes);
}

int main(int argc, char **argv)
{
    const char *export_path = NULL, *name;
    char hex[2 * HASH + 2] = "";
    unsigned char bytes[HASH];
    json_t *leaf;
    files = must(json_object()), records = must(json_object()), ring = must(json_object());
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--head") == 0 && i + 1 < argc)
            put(files, argv[++i], json_true());
        else if (strcmp(argv[i], "--key") == 0 && i + 1 < argc)
            first_key = argv[++i];
        else if (export_path == NULL && (argv[i][0] != '-' || argv[i][1] == '\0'))
            export_path = argv[i];
        else
            return fputs(usage, stderr), 2;
    FILE *key_file = read_hex(first_key, bytes, HASH) ? NULL : fopen(first_key, "r");
    if (key_file != NULL && fscanf(key_file, "%65s", hex) == 1)
        first_key = hex;
    if (!read_hex(first_key, bytes, HASH) || sodium_init() < 0)
        return fputs(usage, stderr), 2;
    read_lines(export_path == NULL ? "-" : export_path, on_line);
    json_object_foreach (files, kept, leaf)
        read_lines(kept, head_judge);
    if (!is_broken && (good_size < leaf_count || head_count == 0))
        found("leaves from %lld on: no good head covers them", good_size);
    json_object_foreach (records, name, leaf)
        found("record%s was removed; the last to speak of it is %s", name, text_of(leaf, "where"));
    printf("%s: %lld leaves, %lld records, %lld heads, %lld findings\n",
           finding_count == 0 ? "nothing was altered" : "ALTERED", leaf_count, row_count,
           head_count, finding_count);
    return finding_count != 0;
}
