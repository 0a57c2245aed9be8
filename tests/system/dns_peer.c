/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns_peer - the DNS gate with a text in place of a store, for tests beside real resolvers.
 *
 * dns_peer --listen ADDR:PORT [--secondary ADDR:PORT[/KEY]]... [--poller ADDR:PORT/KEY]...
 *          [--key NAME:ALGORITHM:SECRET]...
 *          [--file PATH]... [--a ADDR] [--aaaa ADDR] [--cname NAME] [--zone NAME] [--journal FILE]
 *
 * Standard input, one command a line; standard output answers and tells the gate's news:
 *     put OWNER POLICY    from the next publish on    (notice nxdomain nodata passthru tcp-only)
 *     lift OWNER
 *     fill COUNT          put name-N.fill.example notice, for N below COUNT
 *     publish             the next serial
 *     serial N            in a journal: the next publish is N + 1, and nothing is known of before
 *     state               one line a secondary
 *     quit
 * The journal keeps every put, lift and publish; a start reads it, as the store's history would be.
 */
#include "env/clock.h"
#include "env/thread.h"
#include "gate/dns/dns.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 2000000, CHANGES_MAX = 2000000, PAST_MAX = 10000, ITEMS_MAX = 64 };

static const char *const policy_word[RPZ_POLICY_COUNT] = {
    [RPZ_NONE] = "none",     [RPZ_NOTICE] = "notice",     [RPZ_NXDOMAIN] = "nxdomain",
    [RPZ_NODATA] = "nodata", [RPZ_PASSTHRU] = "passthru", [RPZ_TCP_ONLY] = "tcp-only",
};

static const char *const note_word[DNS_NOTE_COUNT] = {
    [DNS_PUBLISHED] = "published",
    [DNS_PUBLISH_FAILED] = "publish-failed",
    [DNS_UNFIT] = "unfit",
    [DNS_NOTIFIED] = "notified",
    [DNS_ACKNOWLEDGED] = "acknowledged",
    [DNS_UNREACHED] = "unreached",
    [DNS_SENT_WHOLE] = "sent-whole",
    [DNS_SENT_DIFFS] = "sent-diffs",
    [DNS_SENT_NEWEST] = "sent-newest",
    [DNS_TRANSFER_LOST] = "transfer-lost",
    [DNS_ANSWERED] = "answered",
    [DNS_BAD_SIGNATURE] = "bad-signature",
    [DNS_DROPPED] = "dropped",
    [DNS_TURNED_AWAY] = "turned-away",
    [DNS_TOO_SLOW] = "too-slow",
    [DNS_FILE_WRITTEN] = "file-written",
    [DNS_FILE_FAILED] = "file-failed",
};

struct program {
    struct arena arena;
    struct dns_options options;
    struct dns_endpoint listen[DNS_LISTEN_MAX];
    struct dns_secondary secondaries[ITEMS_MAX];
    struct dns_key keys[ITEMS_MAX];
    str files[DNS_FILES_MAX];
    FILE *journal;
    const char *journal_path;
    struct rpz_entry *entries; /* listed now; a lifted one has RPZ_NONE */
    size_t entry_count;
    struct rpz_entry *changes; /* since the last publish */
    size_t change_count;
    struct rpz_past *past;
    size_t past_count;
    uint32_t serial;
    struct dns_gate *gate;
};

static struct program program;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "dns_peer: %s: %s\n", what, why);
    exit(2);
}

/* --- the text in place of a store --- */

static struct rpz_entry *entry_find(struct program *p, str owner)
{
    for (size_t i = 0; i < p->entry_count; i++)
        if (str_equal(p->entries[i].owner, owner))
            return &p->entries[i];
    return NULL;
}

static void entry_put(struct program *p, str owner, enum rpz_policy policy)
{
    if (p->change_count == CHANGES_MAX || p->entry_count == NAMES_MAX)
        die("put", "too many");
    p->changes[p->change_count++] = (struct rpz_entry){str_copy(&p->arena, owner), policy};
}

/* What the changes do to the entries, as one step of history. */
static struct rpz_past changes_settle(struct program *p)
{
    struct rpz_entry *removed = arena_make_array(&p->arena, p->change_count, sizeof *removed);
    struct rpz_entry *added = arena_make_array(&p->arena, p->change_count, sizeof *added);
    struct rpz_past past = {.from = p->serial, .to = p->serial + 1};
    bool is_bulk = p->entry_count == 0;
    for (size_t i = 0; i < p->change_count; i++) {
        struct rpz_entry change = p->changes[i];
        struct rpz_entry *was = is_bulk ? NULL : entry_find(p, change.owner);
        enum rpz_policy before = was == NULL ? RPZ_NONE : was->policy;
        if (before != RPZ_NONE && before != change.policy)
            removed[past.removed_count++] = *was;
        if (change.policy != RPZ_NONE && before != change.policy)
            added[past.added_count++] = change;
        if (was == NULL)
            p->entries[p->entry_count++] = change;
        else
            was->policy = change.policy;
    }
    past.removed = removed;
    past.added = added;
    return past;
}

static void publish(struct program *p)
{
    struct rpz_past past = changes_settle(p);
    if (p->past_count < PAST_MAX)
        p->past[p->past_count++] = past;
    p->serial = past.to;
    if (p->gate != NULL) {
        err e = dns_gate_publish(p->gate, p->serial, p->changes, p->change_count);
        printf("publish %u %s\n", p->serial, failed(e) ? e.why : "ok");
    }
    p->change_count = 0;
}

static void state_print(struct program *p)
{
    struct dns_secondary_state states[ITEMS_MAX];
    size_t count = dns_gate_secondaries(p->gate, states, ITEMS_MAX);
    for (size_t i = 0; i < count; i++)
        printf("state %zu serial=%u acknowledged=%u whole=%" PRIu64 " diffs=%" PRIu64
               " trouble=%s\n",
               i, states[i].serial, states[i].acknowledged, states[i].whole_count,
               states[i].diffs_count, states[i].trouble == NULL ? "none" : states[i].trouble);
    struct dns_file_state files[DNS_FILES_MAX];
    count = dns_gate_files(p->gate, files, DNS_FILES_MAX);
    for (size_t i = 0; i < count; i++)
        printf("state file %zu serial=%u written=%" PRIu64 " trouble=%s\n", i, files[i].serial,
               files[i].write_count, files[i].trouble == NULL ? "none" : files[i].trouble);
    printf("state end %u\n", dns_gate_serial(p->gate));
}

static enum rpz_policy policy_parse(str word)
{
    for (enum rpz_policy i = RPZ_NOTICE; i < RPZ_POLICY_COUNT; i++)
        if (str_equal(word, str_from_c(policy_word[i])))
            return i;
    die("put", "what policy?");
    return RPZ_NONE;
}

static void fill(struct program *p, str count)
{
    int64_t n = 0;
    if (failed(str_parse_i64(count, &n)))
        die("fill", "how many?");
    for (int64_t i = 0; i < n; i++) {
        char owner[64];
        int size = snprintf(owner, sizeof owner, "name-%" PRId64 ".fill.example", i);
        entry_put(p, str_make(owner, (size_t)size), RPZ_NOTICE);
    }
}

static void serial_set(struct program *p, str serial)
{
    int64_t n = 0;
    if (failed(str_parse_i64(serial, &n)))
        die("serial", "which?");
    p->serial = (uint32_t)n;
    p->past_count = 0;
}

/* False at quit. */
static bool line_do(struct program *p, str line)
{
    str word = STR("");
    str owner = STR("");
    (void)str_split(&line, ' ', &word);
    (void)str_split(&line, ' ', &owner);
    if (str_equal(word, STR("put")))
        entry_put(p, owner, policy_parse(str_trim(line)));
    else if (str_equal(word, STR("lift")))
        entry_put(p, owner, RPZ_NONE);
    else if (str_equal(word, STR("fill")))
        fill(p, owner);
    else if (str_equal(word, STR("publish")))
        publish(p);
    else if (str_equal(word, STR("serial")))
        serial_set(p, owner);
    else if (str_equal(word, STR("state")) && p->gate != NULL)
        state_print(p);
    return !str_equal(word, STR("quit"));
}

static void journal_read(struct program *p)
{
    char line[512];
    FILE *f = p->journal_path == NULL ? NULL : fopen(p->journal_path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        (void)line_do(p, str_trim(str_from_c(line)));
    if (f != NULL)
        fclose(f);
    p->journal = p->journal_path == NULL ? NULL : fopen(p->journal_path, "a");
}

/* --- the gate --- */

static void on_note(void *self, enum dns_note note, const struct dns_news *news)
{
    (void)self;
    printf("note %s", note_word[note]);
    if (news->secondary != DNS_NOBODY)
        printf(" secondary=%zu", news->secondary);
    printf(" serial=%u count=%" PRIu64 " bytes=%" PRIu64 " at_ms=%" PRId64 "%s%s\n", news->serial,
           news->count, news->bytes, env_now().us / US_PER_MS % 100000000,
           news->why == NULL ? "" : " why=", news->why == NULL ? "" : news->why);
}

static void on_thread(void *self)
{
    err e = dns_gate_run(self);
    if (failed(e))
        die("run", e.why);
}

static struct dns_endpoint endpoint_parse(str text)
{
    size_t colon = text.size;
    while (colon > 0 && text.at[colon - 1] != ':')
        colon--;
    int64_t port = 0;
    if (colon == 0 || failed(str_parse_i64(str_from(text, colon), &port)))
        die("address", "ADDR:PORT");
    return (struct dns_endpoint){str_until(text, colon - 1), (uint16_t)port};
}

static void option_take(struct program *p, str name, str value)
{
    struct dns_options *o = &p->options;
    str head = STR("");
    if (str_equal(name, STR("--listen"))) {
        p->listen[o->listen_count++] = endpoint_parse(value);
    } else if (str_equal(name, STR("--secondary"))) {
        (void)str_split(&value, '/', &head);
        p->secondaries[o->secondary_count++] =
            (struct dns_secondary){endpoint_parse(head), value, false};
    } else if (str_equal(name, STR("--poller"))) {
        (void)str_split(&value, '/', &head);
        p->secondaries[o->secondary_count++] =
            (struct dns_secondary){endpoint_parse(head), value, true};
    } else if (str_equal(name, STR("--key"))) {
        struct dns_key *key = &p->keys[o->key_count++];
        (void)str_split(&value, ':', &key->name);
        (void)str_split(&value, ':', &key->algorithm);
        key->secret = value;
    } else if (str_equal(name, STR("--file"))) {
        p->files[o->file_count++] = value;
    } else if (str_equal(name, STR("--journal"))) {
        p->journal_path = value.at;
    } else if (str_equal(name, STR("--a"))) {
        o->notice.a = value;
    } else if (str_equal(name, STR("--aaaa"))) {
        o->notice.aaaa = value;
    } else if (str_equal(name, STR("--cname"))) {
        o->notice.cname = value;
    } else if (str_equal(name, STR("--zone"))) {
        o->zone = value;
    } else {
        die("option", name.at);
    }
}

static void start(struct program *p)
{
    struct rpz_start zone = {.serial = p->serial,
                             .entries = p->entries,
                             .entry_count = p->entry_count,
                             .past = p->past,
                             .past_count = p->past_count};
    struct dns_port port = {.self = p, .note = on_note};
    err e = dns_gate_start(&p->options, &port, &zone, &p->gate);
    if (failed(e))
        die("start", e.why);
    printf("ready %u serial=%u\n", dns_gate_port(p->gate, 0), p->serial);
}

int main(int argc, char **argv)
{
    struct program *p = &program;
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    arena_init(&p->arena, (size_t)1 << 31);
    p->entries = arena_make_array(&p->arena, NAMES_MAX, sizeof *p->entries);
    p->changes = arena_make_array(&p->arena, CHANGES_MAX, sizeof *p->changes);
    p->past = arena_make_array(&p->arena, PAST_MAX, sizeof *p->past);
    p->serial = 1;
    p->options.listen = p->listen;
    p->options.secondaries = p->secondaries;
    p->options.keys = p->keys;
    p->options.files = p->files;
    for (int i = 1; i + 1 < argc; i += 2)
        option_take(p, str_from_c(argv[i]), str_from_c(argv[i + 1]));
    journal_read(p);
    start(p);

    struct env_thread thread = {0};
    err e = env_thread_start(&thread, "dns", on_thread, p->gate);
    if (failed(e))
        die("thread", e.why);
    char line[512];
    bool goes_on = true;
    while (goes_on && fgets(line, sizeof line, stdin) != NULL) {
        if (p->journal != NULL) {
            fputs(line, p->journal);
            fflush(p->journal);
        }
        goes_on = line_do(p, str_trim(str_from_c(line)));
    }
    dns_gate_stop(p->gate);
    env_thread_join(&thread);
    dns_gate_close(p->gate);
    arena_done(&p->arena);
    return 0;
}
