/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yumen-check-refund - a second opinion on a refund: reads a refund statement, computes everything
 * in it again from its entries and losses, and names what differs. Shares no code with the server;
 * what both follow is docs/formats/refund.md.
 *
 * Shape     entries --order--> moments, low water --rule--> amounts; each compared where it is said
 *           With --record the entries are first compared with the bank's own.
 * Bounds    Amounts below 2^48, their sums below 2^60. Out of memory aborts.
 */
#include "refund_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECOND = 1000 };
static const num amount_most = ((num)1 << 48) - 1, sum_most = (num)1 << 60;
static const char usage[] =
    "usage: yumen-check-refund [--record FILE] [STATEMENT]\n"
    "Computes a refund statement (a file or standard input) again and names what differs.\n"
    "  --record FILE   the bank's own record: a case as yumen refund reads it\n"
    "Exit: 0 all is as it says, 1 something is not, 2 it could not be checked.\n";

struct statement st;
static num finding_count, open_count;

/* One finding, without what foreign text might do to a terminal. */
__attribute__((format(printf, 1, 2))) void found(const char *format, ...)
{
    char line[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (unsigned char *c = (unsigned char *)line; *c != 0; c++)
        *c = *c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0) ? '?' : *c;
    finding_count++;
    puts(line);
}

const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

/* -1 when it is not a number, or none there can be. */
num int_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    num n = json_is_integer(value) ? json_integer_value(value) : -1;
    return n < 0 ? -1 : n;
}

static num amount_of(const json_t *object, const char *name, const char *where)
{
    num n = int_of(object, name);
    if (n < 0 || n > amount_most)
        found("%s: %s is not an amount", where, name);
    return n < 0 || n > amount_most ? 0 : n;
}

void expect(const char *where, const json_t *object, const char *name, num is)
{
    if (int_of(object, name) != is)
        found("%s: %s is said to be %lld; it is %lld", where, name, int_of(object, name), is);
}

void expect_text(const char *where, const json_t *object, const char *name, const char *is)
{
    if (strcmp(text_of(object, name), is) != 0)
        found("%s: %s is said to be \"%.200s\"; it is \"%s\"", where, name, text_of(object, name),
              is);
}

/* RFC 3339 to milliseconds of UTC; -1 when it is none. */
static num time_of(const json_t *object, const char *name, const char *where)
{
    struct tm t = {0};
    int ms = 0, hours = 0, minutes = 0, size = 0;
    char sign = 0, digits[4] = "";
    const char *text = text_of(object, name);
    if (json_is_integer(json_object_get(object, name)))
        return int_of(object, name);
    bool is_fine = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &t.tm_year, &t.tm_mon, &t.tm_mday,
                          &t.tm_hour, &t.tm_min, &t.tm_sec, &size) == 6;
    const char *rest = text + size;
    if (is_fine && *rest == '.' && sscanf(rest, ".%3[0-9]", digits) == 1) {
        ms = (int)strtol(digits, NULL, 10) * (digits[1] == 0 ? 100 : digits[2] == 0 ? 10 : 1);
        rest += 1 + strspn(rest + 1, "0123456789");
    }
    bool is_utc = strcmp(rest, "Z") == 0;
    is_fine = is_fine && (is_utc || sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) == 3);
    is_fine = is_fine && (is_utc || sign == '+' || sign == '-') && t.tm_year >= 1970;
    t.tm_year -= 1900, t.tm_mon -= 1;
    num offset = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    num at = ((num)timegm(&t) - offset * 60) * SECOND + ms;
    if (!is_fine || at < 0)
        found("%s: %s is not a time", where, name);
    return is_fine ? at : -1;
}

/* ---- entries: section 2 ---- */
static int by_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->ms != y->ms)
        return x->ms < y->ms ? -1 : 1;
    if (x->seq != y->seq) /* those without one last */
        return y->seq < 0 || (x->seq >= 0 && x->seq < y->seq) ? -1 : 1;
    return strcmp(x->id, y->id);
}

static int by_seq(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->seq != y->seq ? (x->seq < y->seq ? -1 : 1) : by_time(a, b);
}

static int by_direction(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->is_out != y->is_out ? (x->is_out ? 1 : -1) : by_time(a, b);
}

static int claim_find(const char *id)
{
    for (int i = 0; i < st.claim_count; i++)
        if (strcmp(text_of(st.claims[i].said, "claim"), id) == 0)
            return i;
    return -1;
}

/* Why it does not count, or NULL. */
static const char *left_out(const json_t *said, num ms)
{
    bool is_whole = st.frozen_ms % SECOND == 0;
    if (strcmp(text_of(said, "status"), "booked") != 0)
        return "not_booked";
    if (is_whole ? ms / SECOND > st.frozen_ms / SECOND : ms > st.frozen_ms)
        return "after_freeze";
    return NULL;
}

static void read_entry(json_t *said, json_t *ids)
{
    char where[200];
    snprintf(where, sizeof where, "entry %s", text_of(said, "id"));
    struct entry e = {.said = said, .id = text_of(said, "id"), .claim = -1};
    const char *direction = text_of(said, "direction"), *claim = text_of(said, "claim");
    e.ms = time_of(said, "time", where);
    e.seq = int_of(said, "seq");
    e.amount = amount_of(said, "amount", where);
    e.is_out = strcmp(direction, "out") == 0;
    if (!e.is_out && strcmp(direction, "in") != 0)
        found("%s: direction is neither in nor out", where);
    if (*claim != 0 && (e.claim = claim_find(claim)) < 0)
        found("%s: nothing is said of the claim %.200s", where, claim);
    const char *why = left_out(said, e.ms);
    bool is_repeated = json_object_get(ids, e.id) != NULL;
    if (strcmp(text_of(said, "left_out"), "repeated") == 0)
        why = is_repeated || why != NULL ? "repeated" : NULL;
    else if (is_repeated)
        found("%s stands there twice", where);
    if (json_object_set_new(ids, e.id, json_true()) != 0)
        found("%s: no id", where);
    expect_text(where, said, "left_out", why == NULL ? "" : why);
    if (why == NULL && st.entry_count < ENTRIES)
        st.entries[st.entry_count++] = e;
}

static bool has_own_seqs(struct entry *at, int count)
{
    qsort(at, (size_t)count, sizeof *at, by_seq);
    for (int i = 0; i < count; i++)
        if (at[i].seq < 0 || (i > 0 && at[i].seq == at[i - 1].seq))
            return false;
    return true;
}

/* A moment each, or one for all. */
static void put_moments(struct entry *at, int count)
{
    bool is_told_apart = has_own_seqs(at, count);
    if (!is_told_apart)
        qsort(at, (size_t)count, sizeof *at, by_direction);
    open_count += !is_told_apart && !at[0].is_out && at[count - 1].is_out;
    for (int i = 0; i < count; i++)
        at[i].moment = is_told_apart || i == 0 ? st.moment_count++ : st.moment_count - 1;
}

static int run(const struct entry *at, int count, num unit)
{
    int size = 1;
    while (size < count && at[size].ms / unit == at[0].ms / unit)
        size++;
    return size;
}

static void order_entries(void)
{
    st.moment_count = 1;
    qsort(st.entries, (size_t)st.entry_count, sizeof *st.entries, by_time);
    for (int from = 0, size = 0; from < st.entry_count; from += size) {
        struct entry *at = st.entries + from;
        bool has_fractions = true;
        size = run(at, st.entry_count - from, SECOND);
        for (int i = 0; i < size; i++)
            has_fractions = has_fractions && at[i].ms % SECOND != 0;
        if (has_own_seqs(at, size) || !has_fractions) {
            put_moments(at, size);
            continue;
        }
        qsort(at, (size_t)size, sizeof *at, by_time);
        for (int i = 0, part = 0; i < size; i += part)
            put_moments(at + i, part = run(at + i, size - i, 1));
    }
}

static void check_balances(void)
{
    char where[200];
    num balance = st.balances[0] = st.opening;
    for (int i = 0; i < st.entry_count; i++) {
        struct entry *e = &st.entries[i];
        balance += e->is_out ? -e->amount : e->amount;
        st.balances[e->moment] = balance;
        snprintf(where, sizeof where, "entry %s", e->id);
        expect(where, e->said, "moment", e->moment);
        expect(where, e->said, "balance", balance);
        if (balance < 0)
            found("%s: more left the account than was in it", where);
    }
    expect("the statement", st.root, "balance", balance);
    st.lows[st.moment_count] = balance; /* nothing is frozen yet */
    for (int m = st.moment_count; m-- > 0;)
        st.lows[m] = st.balances[m] < st.lows[m + 1] ? st.balances[m] : st.lows[m + 1];
}

/* ---- the amounts ---- */
static int count_deposits(void)
{
    int count = 0;
    for (int i = 0; i < st.entry_count; i++)
        count += !st.entries[i].is_out;
    return count;
}

/* The claims once more, as an answer of the program has them beside its statement. */
static void check_answer(const json_t *answer)
{
    static const char *const words[] = {"rule", "account", "currency"};
    const json_t *said = json_object_get(answer, "claims");
    for (int i = 0; i < 3; i++)
        expect_text("the refund", answer, words[i], text_of(st.root, words[i]));
    expect("the refund", answer, "frozen", st.frozen);
    expect("the refund", answer, "unclaimed", int_of(st.root, "unclaimed"));
    if (json_array_size(said) != (size_t)st.claim_count)
        found("the refund: there are %d claims", st.claim_count);
    for (int i = 0; i < st.claim_count; i++) {
        const json_t *claim = json_array_get(said, (size_t)i);
        expect_text("the refund", claim, "claim", text_of(st.claims[i].said, "claim"));
        expect_text("the refund", claim, "basis", text_of(st.claims[i].said, "basis"));
        expect("the refund", claim, "loss", st.claims[i].loss);
        expect("the refund", claim, "amount", st.claims[i].amount);
    }
}

static void check_amounts(void)
{
    num unclaimed = st.frozen;
    bool is_only = count_deposits() == 1;
    compute_amounts();
    for (int i = 0; i < st.claim_count; i++) {
        struct claim *c = &st.claims[i];
        char where[200];
        snprintf(where, sizeof where, "claim %s", text_of(c->said, "claim"));
        c->amount = c->amount < c->loss ? c->amount : c->loss;
        unclaimed -= c->amount;
        const char *traced = is_only && c->deposited > 0 ? "direct" : "timestamp";
        expect(where, c->said, "amount", c->amount);
        expect_text(where, c->said, "basis", c->is_shared ? "proportional" : traced);
    }
    expect("the statement", st.root, "unclaimed", unclaimed);
}

/* ---- the statement ---- */
/* The n-th doubt about an order names the entries of the n-th moment that has one. */
static void check_open(const json_t *doubt, num n)
{
    const json_t *said = json_object_get(doubt, "entries");
    size_t at = 0;
    int from = 0, end = 0;
    for (; from < st.entry_count; from = end) {
        for (end = from; end < st.entry_count && st.entries[end].moment == st.entries[from].moment;)
            end++;
        bool is_open = !st.entries[from].is_out && st.entries[end - 1].is_out;
        if (is_open && n-- == 0)
            break;
    }
    for (; from < end; from++, at++) {
        const char *id = json_string_value(json_array_get(said, at));
        if (id == NULL || strcmp(id, st.entries[from].id) != 0)
            found("doubts: entry %s is one of its moment", st.entries[from].id);
    }
    if (json_array_size(said) != at)
        found("doubts: there are %zu entries in that moment", at);
}

static void check_doubts(void)
{
    static const char *const codes[] = {"same_moment", "less_frozen", "more_frozen"};
    num left = st.balances[st.moment_count - 1] - st.frozen;
    num are[] = {open_count, left > 0, left < 0}, said[3] = {0};
    num elsewhere = 0; /* about other accounts: a bank's record of this one says nothing of it */
    json_t *doubt;
    size_t at;
    json_array_foreach (json_object_get(st.root, "doubts"), at, doubt) {
        if (strcmp(text_of(doubt, "code"), codes[0]) == 0)
            check_open(doubt, said[0]);
        elsewhere += strcmp(text_of(doubt, "code"), "payer_received") == 0;
        for (int i = 0; i < 3; i++)
            said[i] += strcmp(text_of(doubt, "code"), codes[i]) == 0;
    }
    if (elsewhere > 1 || at != (size_t)(said[0] + said[1] + said[2] + elsewhere))
        found("doubts: there is one of no known kind");
    for (int i = 0; i < 3; i++)
        if (said[i] != are[i])
            found("doubts: %s is said %lld times; it is so %lld times", codes[i], said[i], are[i]);
}

static bool read_claims(void)
{
    json_t *said;
    size_t at;
    num losses = 0;
    json_array_foreach (json_object_get(st.root, "claims"), at, said) {
        const char *id = text_of(said, "claim");
        if (st.claim_count == CLAIMS)
            return found("more than %d claims", CLAIMS), false;
        if (at > 0 && strcmp(text_of(st.claims[at - 1].said, "claim"), id) >= 0)
            found("claim %s stands in the wrong place", id);
        st.claims[st.claim_count++] =
            (struct claim){.said = said, .loss = amount_of(said, "loss", id)};
        losses += st.claims[at].loss;
    }
    return losses <= sum_most;
}

static bool read_entries(void)
{
    json_t *said, *ids = json_object();
    size_t at;
    num sum = st.opening;
    json_array_foreach (json_object_get(st.root, "entries"), at, said)
        read_entry(said, ids);
    for (int i = 0; i < st.entry_count && sum <= sum_most; i++)
        sum += st.entries[i].amount;
    json_decref(ids);
    return sum <= sum_most && at <= ENTRIES;
}

/* Every booked entry of the bank's until the freeze is one of the statement's, and no other is. */
static void check_record(const json_t *record)
{
    static const char *const words[] = {"id", "direction", "claim"};
    size_t at, count = 0;
    json_t *theirs;
    expect("the bank's record", record, "opening", st.opening);
    expect_text("the bank's record", record, "account", text_of(st.root, "account"));
    json_array_foreach (json_object_get(record, "entries"), at, theirs) {
        const char *id = text_of(theirs, "id");
        num ms = time_of(theirs, "time", id);
        if (left_out(theirs, ms) != NULL)
            continue;
        int i = 0;
        while (i < st.entry_count && strcmp(st.entries[i].id, id) != 0)
            i++;
        if (i == st.entry_count) {
            found("entry %s is in the bank's record only", id);
            continue;
        }
        count++;
        for (int k = 0; k < 3; k++)
            expect_text(id, theirs, words[k], text_of(st.entries[i].said, words[k]));
        expect(id, theirs, "amount", st.entries[i].amount);
        expect(id, theirs, "seq", st.entries[i].seq);
        if (ms != st.entries[i].ms)
            found("entry %s: another time in the bank's record", id);
    }
    if (count != (size_t)st.entry_count)
        found("the statement counts %d entries, of which the bank's record has %zu", st.entry_count,
              count);
}

static json_t *load(const char *path)
{
    json_error_t e;
    bool is_stdin = strcmp(path, "-") == 0;
    json_t *read = is_stdin ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &e)
                            : json_load_file(path, JSON_REJECT_DUPLICATES, &e);
    if (!json_is_object(read)) {
        fprintf(stderr, "yumen-check-refund: cannot read %s\n", path);
        exit(2);
    }
    return read;
}

static void check(json_t *document, const json_t *record)
{
    const json_t *answer = NULL;
    st.root = document;
    if (json_object_get(document, "statement") != NULL)
        answer = document, st.root = json_object_get(document, "statement");
    const json_t *frozen_said = json_object_get(st.root, "frozen");
    expect_text("the statement", st.root, "form", "yumen-refund 1");
    st.frozen = amount_of(frozen_said, "amount", "frozen");
    st.frozen_ms = time_of(frozen_said, "time", "frozen");
    st.opening = amount_of(st.root, "opening", "the statement");
    if (!read_claims() || !read_entries()) {
        found("the sums are beyond what can be counted");
        return;
    }
    order_entries();
    if (record != NULL)
        check_record(record);
    num before = finding_count;
    check_balances();
    if (finding_count > before)
        return; /* all that follows would differ too */
    check_bounds();
    check_doubts();
    check_amounts();
    if (answer != NULL)
        check_answer(answer);
}

int main(int argc, char **argv)
{
    const char *path = NULL, *record = NULL;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--record") == 0 && i + 1 < argc)
            record = argv[++i];
        else if (path == NULL && (argv[i][0] != '-' || argv[i][1] == 0))
            path = argv[i];
        else
            return fputs(usage, strcmp(argv[i], "--help") == 0 ? stdout : stderr),
                   strcmp(argv[i], "--help") == 0 ? 0 : 2;
    json_t *document = load(path == NULL ? "-" : path);
    json_t *theirs = record == NULL ? NULL : load(record);
    check(document, theirs);
    printf("%s: %d entries, %d claims, %lld findings\n",
           finding_count == 0 ? "all is as it says" : "NOT AS IT SAYS", st.entry_count,
           st.claim_count, finding_count);
    json_decref(document);
    json_decref(theirs);
    return finding_count != 0;
}
