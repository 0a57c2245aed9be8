/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_files.h"

#include "drill/shelf.h"
#include "env/file.h"
#include "fact/account.h"
#include "kit/csvline.h"
#include "kit/strmap.h"

#include <assert.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 1 << 16, TURN_BYTES = 1 << 22, COLUMNS_MOST = 16 };

/* An account of the province, here or elsewhere. */
struct roll {
    str key;
    str name;
    int64_t opening; /* as told, or as follows from a balance; -1: neither */
    int64_t frozen;  /* by a court; -1: not told */
    int64_t net;     /* of what was booked so far */
    int64_t need;    /* the most that was ever missing */
    bool is_here;
    bool is_told; /* the opening: nothing is reckoned */
};

struct load {
    const struct bank_files *files;
    struct arena *arena;
    struct arena turn; /* a row */
    struct strmap keys;
    struct strmap ids;
    struct shelf rolls;
    struct bank_transfer **all; /* index 1 to count */
    size_t count;
    size_t room;
};

struct file_shape {
    const char *path;
    const char *const *columns; /* ended by NULL */
    size_t required;            /* the first so many */
    err (*row)(struct load *l, const str *fields);
};

/* ---- reading ------------------------------------------------------------------------------ */

struct reading {
    const struct file_shape *shape;
    struct csvline *csv;
    size_t place[COLUMNS_MOST]; /* of a column in the row; SIZE_MAX: absent */
    bool has_header;
};

static err read_header(struct reading *r, const struct csvline_row *row)
{
    for (size_t i = 0; r->shape->columns[i] != NULL; i++) {
        size_t at = 0;
        while (at < row->field_count &&
               !str_equal(row->fields[at], str_from_c(r->shape->columns[i])))
            at++;
        r->place[i] = at < row->field_count ? at : SIZE_MAX;
        if (at == row->field_count && i < r->shape->required)
            return fail(ERR_MALFORMED, "drill.bank_column", (uint32_t)i);
    }
    r->has_header = true;
    return OK;
}

static err take_row(struct load *l, struct reading *r, const struct csvline_row *row)
{
    str fields[COLUMNS_MOST];
    TRY(row->fault);
    if (!r->has_header)
        return read_header(r, row);
    for (size_t i = 0; r->shape->columns[i] != NULL; i++)
        fields[i] = r->place[i] < row->field_count ? row->fields[r->place[i]] : STR("");
    arena_reset(&l->turn);
    err e = r->shape->row(l, fields);
    if (e.code == ERR_MALFORMED)
        return fail(ERR_MALFORMED, "drill.bank_row", (uint32_t)row->row);
    return e;
}

static err read_blocks(struct load *l, struct reading *r, int fd)
{
    char block[BLOCK_BYTES];
    struct csvline_row row;
    size_t size = 0;
    int64_t at = 0;
    do {
        TRY(file_read_at(fd, at, block, sizeof block, &size));
        str in = str_make(block, size);
        while (csvline_step(r->csv, &in, &row))
            TRY(take_row(l, r, &row));
        at += (int64_t)size;
    } while (size > 0);
    while (csvline_end(r->csv, &row))
        TRY(take_row(l, r, &row));
    return OK;
}

static err read_file(struct load *l, const struct file_shape *shape)
{
    struct arena buffers;
    struct reading r = {.shape = shape};
    SCOPED(fd_end) int fd = -1;
    TRY(file_open_read(shape->path, &fd));
    arena_init(&buffers, TURN_BYTES * 4);
    err e = csvline_init(&buffers, (struct csvline_limits){0}, &r.csv);
    if (!failed(e))
        e = read_blocks(l, &r, fd);
    csvline_done(r.csv);
    arena_done(&buffers);
    return e;
}

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static err keep(struct load *l, str s, str *ret_copy)
{
    *ret_copy = str_copy(l->arena, s);
    return ret_copy->at == NULL ? spent() : OK;
}

/* ---- accounts ----------------------------------------------------------------------------- */

enum { A_ACCOUNT, A_BANK, A_NAME, A_OPENING, A_FROZEN };
static const char *const account_columns[] = {"account", "bank", "name", "opening", "frozen", NULL};

static struct roll *roll_at(const struct load *l, uint32_t number)
{
    return shelf_at(&l->rolls, number);
}

static err account_row(struct load *l, const str *fields)
{
    struct roll new = {
        .opening = -1, .frozen = -1, .is_here = str_equal(fields[A_BANK], l->files->code)};
    uint32_t *slot = NULL;
    str key;
    TRY(account_key(fields[A_ACCOUNT], fields[A_BANK], &l->turn, &key));
    if (strmap_get(&l->keys, key) != 0)
        return OK;
    if (!str_is_empty(fields[A_OPENING]))
        TRY(str_parse_i64(fields[A_OPENING], &new.opening));
    if (!str_is_empty(fields[A_FROZEN]))
        TRY(str_parse_i64(fields[A_FROZEN], &new.frozen));
    new.is_told = new.opening >= 0;
    if (new.opening < -1 || new.frozen < -1)
        return fail(ERR_MALFORMED, "drill.bank_row", 0);
    TRY(keep(l, key, &new.key));
    TRY(keep(l, new.is_here ? fields[A_NAME] : STR(""), &new.name));
    TRY(strmap_at(&l->keys, new.key, &slot));
    TRY(shelf_take(&l->rolls, slot));
    *roll_at(l, *slot) = new;
    return OK;
}

/* ---- transfers ---------------------------------------------------------------------------- */

enum {
    T_ID,
    T_TIME,
    T_FROM,
    T_TO,
    T_AMOUNT,
    T_CURRENCY,
    T_FROM_BANK,
    T_TO_BANK,
    T_CHANNEL,
    T_STATUS,
    T_SEQ,
    T_BALANCE,
    T_EXIT,
    T_DEVICE,
    T_IP
};
enum { T_REQUIRED = T_AMOUNT + 1 };
static const char *const transfer_columns[] = {"id",      "time",     "from",      "to",
                                               "amount",  "currency", "from_bank", "to_bank",
                                               "channel", "status",   "seq",       "balance_after",
                                               "exit",    "device",   "ip",        NULL};

static bool is_here(const struct load *l, str key)
{
    uint32_t number = strmap_get(&l->keys, key);
    return number != 0 && roll_at(l, number)->is_here;
}

static err optional(str s, int64_t *ret_value, bool *ret_has)
{
    *ret_has = !str_is_empty(s);
    return *ret_has ? str_parse_i64(s, ret_value) : OK;
}

static err read_transfer(struct load *l, const str *f, struct transfer *t)
{
    instant at;
    TRY(instant_parse(f[T_TIME], &at));
    t->time_ms = at.us / US_PER_MS;
    TRY(str_parse_i64(f[T_AMOUNT], &t->amount_minor));
    TRY(optional(f[T_SEQ], &t->seq, &t->has_seq));
    TRY(optional(f[T_BALANCE], &t->balance_minor, &t->has_balance));
    TRY(account_key(f[T_FROM], f[T_FROM_BANK], &l->turn, &t->from));
    TRY(account_key(f[T_TO], f[T_TO_BANK], &l->turn, &t->to));
    unsigned status = TRANSFER_BOOKED;
    if (!str_is_empty(f[T_STATUS]))
        status = transfer_status_find(f[T_STATUS]);
    unsigned exit = transfer_exit_find(f[T_EXIT]);
    if (status == TRANSFER_STATUS_COUNT || exit == TRANSFER_EXIT_COUNT || t->amount_minor <= 0)
        return fail(ERR_MALFORMED, "drill.bank_row", 0);
    t->status = (uint8_t)status;
    t->exit = (uint8_t)exit;
    if (f[T_CURRENCY].size == CURRENCY_BYTES)
        memcpy(t->currency, f[T_CURRENCY].at, CURRENCY_BYTES);
    t->id = f[T_ID];
    t->from_bank = f[T_FROM_BANK];
    t->to_bank = f[T_TO_BANK];
    t->channel = f[T_CHANNEL];
    t->device = f[T_DEVICE];
    t->ip = f[T_IP];
    return OK;
}

static err keep_transfer(struct load *l, struct bank_transfer *t)
{
    str *const texts[] = {&t->is.id,      &t->is.from,    &t->is.to,     &t->is.from_bank,
                          &t->is.to_bank, &t->is.channel, &t->is.device, &t->is.ip};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        TRY(keep(l, *texts[i], texts[i]));
    return OK;
}

static err append(struct load *l, struct bank_transfer *t)
{
    if (l->count + 1 >= l->room) {
        size_t room = l->room == 0 ? 1024 : l->room * 2;
        l->all =
            arena_grow(l->arena, (void *)l->all, l->room * sizeof(void *), room * sizeof(void *));
        if (l->all == NULL)
            return spent();
        l->room = room;
    }
    l->all[++l->count] = t;
    return OK;
}

static err transfer_row(struct load *l, const str *fields)
{
    struct bank_transfer t = {.is_told = false};
    uint32_t *slot = NULL;
    TRY(read_transfer(l, fields, &t.is));
    bool is_ours = is_here(l, t.is.from);
    if (!is_ours && !is_here(l, t.is.to))
        return OK;
    uint32_t number = strmap_get(&l->ids, t.is.id);
    t.is_waiting = t.is.status == TRANSFER_PENDING;
    if (number != 0) {
        struct bank_transfer *was = l->all[number];
        was->is.status = (uint8_t)transfer_further(was->is.status, t.is.status);
        was->is_waiting = was->is_waiting || t.is_waiting;
        return OK;
    }
    t.is_told = is_ours || strmap_get(&l->keys, t.is.from) == 0;
    struct bank_transfer *kept = arena_make(l->arena, sizeof *kept);
    if (kept == NULL)
        return spent();
    TRY(keep_transfer(l, &t));
    *kept = t;
    TRY(append(l, kept));
    TRY(strmap_at(&l->ids, kept->is.id, &slot));
    *slot = (uint32_t)l->count;
    return OK;
}

/* ---- openings ----------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct bank_transfer *x = *(const struct bank_transfer *const *)a;
    const struct bank_transfer *y = *(const struct bank_transfer *const *)b;
    if (x->is.time_ms != y->is.time_ms)
        return x->is.time_ms < y->is.time_ms ? -1 : 1;
    return str_compare(x->is.id, y->is.id);
}

static void reckon(const struct load *l, const struct transfer *t)
{
    struct roll *from = is_here(l, t->from) ? roll_at(l, strmap_get(&l->keys, t->from)) : NULL;
    struct roll *to = is_here(l, t->to) ? roll_at(l, strmap_get(&l->keys, t->to)) : NULL;
    if (t->status != TRANSFER_BOOKED && t->status != TRANSFER_REVERSED)
        return;
    if (from != NULL) {
        from->net -= t->amount_minor;
        if (from->opening < 0 && t->has_balance && t->balance_minor >= from->net)
            from->opening = t->balance_minor - from->net;
        from->need = -from->net > from->need ? -from->net : from->need;
    }
    if (to != NULL)
        to->net += t->amount_minor;
}

/* By a court, before anybody knew of us. */
static err freeze(const struct load *l, struct bank_book *book, const struct roll *r,
                  struct dice *dice)
{
    const struct bank_frozen *f = &l->files->frozen;
    bool is_hit = dice_hits(dice, f->share);
    int64_t fen = r->frozen >= 0 ? r->frozen : is_hit ? dice_about(dice, f->fen, MICRO) : 0;
    struct text reference;
    text_init(&reference, l->arena);
    text_put_c(&reference, "court-");
    text_put(&reference, r->key);
    if (text_spent(&reference))
        return spent();
    struct bank_standing s = {.order = text_str(&reference),
                              .authority = STR("玉门市人民法院"),
                              .kind = BANK_FREEZE,
                              .fen = fen,
                              .until = instant_add_us(l->files->begun_at, 30 * US_PER_DAY)};
    return fen > 0 ? bank_book_freeze(book, r->key, &s) : OK;
}

static err open_accounts(const struct load *l, struct bank_book *book, int64_t *ret_count)
{
    int64_t count = 0;
    struct dice dice;
    dice_fork(&dice, l->files->frozen.seed, STR("frozen"));
    for (uint32_t i = 1; i <= l->rolls.count; i++) {
        const struct roll *r = roll_at(l, i);
        if (!r->is_here)
            continue;
        int64_t least = r->is_told ? 0 : r->need;
        TRY(bank_book_add(book, r->key, r->name, r->opening > least ? r->opening : least));
        TRY(freeze(l, book, r, &dice));
        count++;
    }
    *ret_count = count;
    return OK;
}

static err load_all(struct load *l, struct bank_book *book, struct bank_teller *teller,
                    struct bank_loaded *ret_loaded)
{
    const struct file_shape accounts = {l->files->accounts, account_columns, 2, account_row};
    const struct file_shape transfers = {l->files->transfers, transfer_columns, T_REQUIRED,
                                         transfer_row};
    TRY(read_file(l, &accounts));
    if (l->files->transfers != NULL)
        TRY(read_file(l, &transfers));
    if (l->count > 0)
        qsort((void *)(l->all + 1), l->count, sizeof *l->all, by_time);
    for (size_t i = 1; i <= l->count; i++)
        reckon(l, &l->all[i]->is);
    TRY(open_accounts(l, book, &ret_loaded->accounts));
    for (size_t i = 1; i <= l->count; i++)
        TRY(bank_teller_plan(teller, l->all[i]));
    ret_loaded->transfers = (int64_t)l->count;
    return OK;
}

err bank_files_load(const struct bank_files *f, struct bank_book *book, struct bank_teller *teller,
                    struct arena *a, struct bank_loaded *ret_loaded)
{
    static const uint8_t key[SIPHASH_KEY_BYTES] = "a drill's files";
    struct load l = {.files = f, .arena = a};
    arena_init(&l.turn, TURN_BYTES);
    strmap_init(&l.keys, key, a);
    strmap_init(&l.ids, key, a);
    shelf_init(&l.rolls, a, sizeof(struct roll));
    err e = load_all(&l, book, teller, ret_loaded);
    arena_done(&l.turn);
    return e;
}
