/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank.h"

#include "env/atomic.h"
#include "env/clock.h"
#include "env/file.h"
#include "kit/json.h"

#include <assert.h>
#include <poll.h>
#include <string.h>

enum {
    WAIT_S = 20,  /* of a long poll */
    NAP_MS = 100, /* of a turn: how late a bank may notice the time, and that it is to stop */
    MANUAL_NAP_MS = 20,
    PUSHED_MS = 10000, /* for a pushed order to come in whole */
    TURN_BYTES = 256 << 20,
    FEED_PIECE_BYTES = 1 << 20
};
#define BANK_MEMORY_BYTES (UINT64_C(16) << 30)

/* A receipt that is to be sent, or was. */
struct sending {
    struct bank_letter letter;
    struct sending *next;
};

struct bank_process {
    struct bank_settings is;
    struct arena arena; /* for as long as it runs */
    struct arena turn;
    struct arena feed_arena;
    struct text feed; /* rows that are to be sent */
    struct bank_book *book;
    struct bank_teller *teller;
    struct bank_loaded loaded;
    struct bank_counts counts;
    struct sending *first;
    struct sending **last;
    struct env_thread thread;
    struct env_flag is_stopping;
    instant now;
    str authorization;
    struct bank_signer signer;
    char cursor[256]; /* behind what was heard; empty: from the beginning */
    struct bank_refund refund;
    int asked_fd;
    int listen_fd;
    bool is_put_off; /* the centre was away in this turn */
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* ---- what the teller says ----------------------------------------------------------------- */

static err keep_receipt(void *self, const struct bank_receipt *r)
{
    struct bank_process *b = self;
    struct sending *new = arena_make(&b->arena, sizeof *new);
    if (new == NULL)
        return spent();
    const struct bank_form *form = r->to.is_json ? &bank_form_json : b->is.form;
    TRY(form->write(&b->is.speaker, r, &b->arena, &new->letter));
    *b->last = new;
    b->last = &new->next;
    return OK;
}

static err keep_paid(void *self, const struct bank_paid *paid)
{
    struct bank_process *b = self;
    struct sending *new = arena_make(&b->arena, sizeof *new);
    if (new == NULL)
        return spent();
    new->next = NULL;
    TRY(bank_refund_letter(&b->is.speaker, paid, &b->arena, &new->letter));
    *b->last = new;
    b->last = &new->next;
    b->counts.paid += paid->why == BANK_FINE;
    return OK;
}

static void put_row(struct json *j, const struct transfer *t)
{
    json_object(j);
    json_put_str(j, STR("id"), t->id);
    json_put_i64(j, STR("time"), t->time_ms);
    json_put_str(j, STR("from"), t->from);
    json_put_str(j, STR("to"), t->to);
    json_put_i64(j, STR("amount"), t->amount_minor);
    json_put_str_if_any(j, STR("currency"), str_from_c(t->currency));
    json_put_str_if_any(j, STR("from_bank"), t->from_bank);
    json_put_str_if_any(j, STR("to_bank"), t->to_bank);
    json_put_str_if_any(j, STR("channel"), t->channel);
    json_put_str(j, STR("status"), transfer_status_name(t->status));
    if (t->has_seq)
        json_put_i64(j, STR("seq"), t->seq);
    if (t->has_balance)
        json_put_i64(j, STR("balance_after"), t->balance_minor);
    json_put_str_if_any(j, STR("exit"), transfer_exit_name(t->exit));
    json_put_str_if_any(j, STR("device"), t->device);
    json_put_str_if_any(j, STR("ip"), t->ip);
    json_end(j);
}

static err keep_row(void *self, const struct transfer *t)
{
    struct bank_process *b = self;
    struct json j;
    json_init(&j, &b->feed);
    put_row(&j, t);
    text_put_char(&b->feed, '\n');
    b->counts.rows++;
    return text_spent(&b->feed) ? spent() : OK;
}

/* ---- the centre --------------------------------------------------------------------------- */

static void begin_request(const struct bank_process *b, struct door_message *m, const char *method)
{
    *m = (struct door_message){.method = str_from_c(method)};
    door_put_header(m, STR("Authorization"), b->authorization);
    door_put_header(m, STR("Accept-Language"), STR("en"));
}

/* True when the centre has it, or never will; false: again later. */
static bool post(struct bank_process *b, const struct bank_letter *l, int *ret_status)
{
    struct door_message request;
    struct door_message answer;
    begin_request(b, &request, "POST");
    request.target = l->target;
    request.body = l->body;
    door_put_header(&request, STR("Content-Type"), l->content_type);
    err e = OK;
    if (b->is.is_signed)
        e = bank_sign(&b->signer, &request, b->now, &b->turn);
    if (!failed(e))
        e = door_call(&b->is.centre, &request, &b->turn, &answer);
    *ret_status = failed(e) ? 0 : answer.status;
    bool is_away = failed(e) || answer.status >= 500 || answer.status == 429;
    b->is_put_off = b->is_put_off || is_away;
    return !is_away;
}

static void send_receipts(struct bank_process *b)
{
    int status = 0;
    while (b->first != NULL && !b->is_put_off && post(b, &b->first->letter, &status)) {
        b->counts.receipts += status < 300;
        b->counts.refused += status >= 300;
        b->first = b->first->next;
    }
    if (b->first == NULL)
        b->last = &b->first;
}

/* Whole rows, as many as go into one piece. */
static str piece_of(str rows)
{
    size_t size = rows.size;
    if (size > FEED_PIECE_BYTES) {
        const char *end = memrchr(rows.at, '\n', FEED_PIECE_BYTES);
        assert(end != NULL);
        size = (size_t)(end - rows.at) + 1;
    }
    return str_until(rows, size);
}

static void send_rows(struct bank_process *b)
{
    int status = 0;
    str rows = text_str(&b->feed);
    struct bank_letter letter = {.target = STR("/v1/feeds/transfers"),
                                 .content_type = STR("application/x-ndjson")};
    while (rows.size > 0 && !b->is_put_off) {
        letter.body = piece_of(rows);
        if (!post(b, &letter, &status))
            return; /* all of it again: what was taken is known by its ids */
        b->counts.strange += status >= 300;
        rows = str_from(rows, letter.body.size);
    }
    if (b->feed.size > 0 && !b->is_put_off) {
        arena_reset(&b->feed_arena);
        text_init(&b->feed, &b->feed_arena);
    }
}

static err read_now(json_value root, instant *ret_now)
{
    str now;
    TRY(json_read_str(json_get(root, "now"), &now));
    return instant_parse(now, ret_now);
}

static err ask_time(struct bank_process *b, instant *ret_now)
{
    struct door_message request;
    struct door_message answer;
    struct json_doc doc;
    begin_request(b, &request, "GET");
    request.target = STR("/v1/me");
    TRY(door_call(&b->is.centre, &request, &b->turn, &answer));
    TRY(json_doc_parse(answer.body, answer.body.size, &doc));
    err e = read_now(doc.root, ret_now);
    json_doc_done(&doc);
    return e;
}

/* A bank that cannot ask goes on in the time it knows. Time never goes back. */
static void look_at_clock(struct bank_process *b)
{
    instant now = b->now;
    if (!b->is.is_manual)
        now = env_now();
    else if (failed(ask_time(b, &now)))
        b->is_put_off = true;
    b->now = now.us > b->now.us ? now : b->now;
}

/* ---- orders ------------------------------------------------------------------------------- */

static err ask_orders(struct bank_process *b)
{
    struct door_message request;
    struct text target;
    text_init(&target, &b->turn);
    text_printf(&target, "/v1/providers/%.*s/orders?wait=%d", STR_ARGS(b->is.speaker.id), WAIT_S);
    if (b->cursor[0] != '\0')
        text_printf(&target, "&after=%s", b->cursor);
    begin_request(b, &request, "GET");
    request.target = text_str(&target);
    door_put_header(&request, STR("Accept"), str_from_c(b->is.form->accept));
    return door_ask(&b->is.centre, &request, &b->turn, &b->asked_fd);
}

/* Only what a query may hold; a cursor that is longer or stranger is not ours to repair. */
static void keep_cursor(struct bank_process *b, str next)
{
    if (next.size == 0 || next.size >= sizeof b->cursor)
        return;
    memcpy(b->cursor, next.at, next.size);
    b->cursor[next.size] = '\0';
}

static err hear(struct bank_process *b, const struct door_message *m)
{
    struct bank_orders *orders = arena_make(&b->turn, sizeof *orders);
    if (orders == NULL)
        return spent();
    TRY(b->is.form->read(m->body, door_header(m, STR("Content-Type")), &b->turn, orders));
    for (size_t i = 0; i < orders->count; i++)
        TRY(bank_teller_take(b->teller, &orders->at[i], b->now));
    b->counts.orders += (int64_t)orders->count;
    b->counts.strange += (int64_t)orders->strange;
    keep_cursor(b, str_is_empty(orders->next) ? door_header(m, STR("Yumen-Next")) : orders->next);
    return OK;
}

/* What cannot be read is counted; that the bank's own memory ends is not survived. */
static err count_strange(struct bank_process *b, err e)
{
    if (e.code == ERR_LIMIT)
        return e;
    b->counts.strange += failed(e);
    return OK;
}

static err fetch_orders(struct bank_process *b)
{
    struct door_message answer;
    err e = door_fetch(b->asked_fd, &b->turn, &answer);
    fd_end(&b->asked_fd);
    b->asked_fd = -1;
    b->is_put_off = failed(e) || answer.status != 200;
    if (failed(e))
        return OK;
    if (answer.status != 200) {
        b->counts.strange += answer.status < 500 && answer.status != 429;
        return OK;
    }
    return count_strange(b, hear(b, &answer));
}

/* Is it the centre that asks? Whoever it is, an order that cannot be read is none. */
static err hear_pushed(struct bank_process *b, const struct door_message *request)
{
    if (b->is.has_centre_key)
        TRY(bank_check(request, &b->is.centre_key, b->now, &b->turn));
    int64_t strange = b->counts.strange;
    TRY(hear(b, request));
    return b->counts.strange > strange ? fail(ERR_CONFLICT, "strange order", 0) : OK;
}

static err accept_order(struct bank_process *b, bool is_out)
{
    SCOPED(fd_end) int fd = -1;
    struct door_message request;
    struct door_message answer = {.status = 202};
    err e = door_accept(b->listen_fd, PUSHED_MS, &b->turn, &fd, &request);
    if (failed(e) || is_out)
        return OK;
    if (b->is.is_manual) /* it may have been moved since this turn began */
        look_at_clock(b);
    e = hear_pushed(b, &request);
    if (failed(e)) {
        answer.status = e.code == ERR_LIMIT ? 503 : 400;
        answer.body = str_from_c(e.why);
        door_put_header(&answer, STR("Content-Type"), STR("text/plain"));
    }
    if (e.code != ERR_CONFLICT) /* is counted */
        TRY(count_strange(b, e));
    e = door_answer(fd, &answer, &b->turn);
    b->counts.strange += failed(e);
    return OK;
}

/* ---- turns -------------------------------------------------------------------------------- */

static void hang_up(struct bank_process *b)
{
    fd_end(&b->asked_fd);
    b->asked_fd = -1;
    bank_refund_hang_up(&b->refund);
}

static int nap_ms(const struct bank_process *b)
{
    int64_t due_ms = (bank_teller_next(b->teller).us - b->now.us) / US_PER_MS;
    if (b->is.is_manual)
        return MANUAL_NAP_MS;
    return due_ms < 1 ? 1 : due_ms < NAP_MS ? (int)due_ms : NAP_MS;
}

static err fetch_rounds(struct bank_process *b)
{
    int64_t strange = 0;
    err e = bank_refund_fetch(&b->refund, b->now, &b->turn, &strange);
    b->counts.strange += strange;
    b->is_put_off = b->is_put_off || e.code == ERR_BUSY;
    return e.code == ERR_BUSY ? OK : count_strange(b, e);
}

static err listen_a_while(struct bank_process *b, bool is_out)
{
    struct pollfd ears[] = {
        {.fd = b->asked_fd,        .events = POLLIN},
        {.fd = b->listen_fd,       .events = POLLIN},
        {.fd = b->refund.asked_fd, .events = POLLIN}
    };
    if (poll(ears, COUNT_OF(ears), b->is_put_off ? NAP_MS : nap_ms(b)) <= 0)
        return OK;
    if (ears[0].revents != 0)
        TRY(fetch_orders(b));
    if (ears[2].revents != 0)
        TRY(fetch_rounds(b));
    if (b->is_put_off)
        env_nap_us(NAP_MS * US_PER_MS);
    return ears[1].revents != 0 ? accept_order(b, is_out) : OK;
}

static err turn(struct bank_process *b)
{
    arena_reset(&b->turn);
    b->is_put_off = false;
    look_at_clock(b);
    bool is_out = bank_teller_is_out(b->teller, b->now);
    TRY(bank_teller_step(b->teller, b->now));
    if (is_out)
        hang_up(b);
    if (!is_out) {
        send_rows(b);
        send_receipts(b);
    }
    if (!is_out && b->is.way == BANK_PULL && b->asked_fd < 0 && !b->is_put_off)
        b->is_put_off = failed(ask_orders(b));
    if (!is_out && b->refund.asked_fd < 0 && !b->is_put_off)
        b->is_put_off = failed(bank_refund_ask(&b->refund, &b->turn));
    return listen_a_while(b, is_out);
}

static void run(void *self)
{
    struct bank_process *b = self;
    err e = OK;
    while (!env_flag_is_up(&b->is_stopping) && !failed(e))
        e = turn(b);
    hang_up(b);
}

/* ---- life --------------------------------------------------------------------------------- */

static err open_parts(struct bank_process *b)
{
    struct text t;
    text_init(&t, &b->arena);
    text_put_c(&t, "Bearer ");
    text_put(&t, b->is.token);
    b->authorization = text_str(&t);
    bank_refund_begin(&b->refund, &b->is.centre, &b->is.speaker, b->authorization);
    b->signer = (struct bank_signer){
        .secret = b->is.key, .keyid = b->is.speaker.id, .nonce = b->is.speaker.nonce};
    look_at_clock(b);
    if (b->is_put_off)
        return fail(ERR_BUSY, "drill.no_centre", 0);
    TRY(bank_book_open(&b->arena, b->is.seed, b->is.manners.memory_s, &b->book));
    struct bank_teller_settings s = {
        .manners = &b->is.manners,
        .book = b->book,
        .seed = b->is.seed,
        .begun_at = b->now,
        .port = {b, keep_paid, keep_receipt, keep_row}
    };
    TRY(bank_teller_open(&s, &b->arena, &b->teller));
    b->refund.teller = b->teller;
    b->is.files.begun_at = b->now;
    b->is.files.frozen =
        (struct bank_frozen){b->is.manners.frozen, b->is.manners.frozen_fen, b->is.seed};
    TRY(bank_files_load(&b->is.files, b->book, b->teller, &b->arena, &b->loaded));
    return b->is.way == BANK_PUSH ? door_listen(&b->is.listen, &b->listen_fd) : OK;
}

err bank_open(const struct bank_settings *s, struct bank_process **ret_bank)
{
    struct arena own;
    arena_init(&own, BANK_MEMORY_BYTES);
    struct bank_process *b = arena_make(&own, sizeof *b);
    if (b == NULL)
        return spent();
    *b = (struct bank_process){.is = *s, .arena = own, .asked_fd = -1, .listen_fd = -1};
    b->refund.asked_fd = -1;
    b->last = &b->first;
    arena_init(&b->turn, TURN_BYTES);
    arena_init(&b->feed_arena, BANK_MEMORY_BYTES);
    text_init(&b->feed, &b->feed_arena);
    err e = open_parts(b);
    if (failed(e)) {
        bank_close(b);
        return e;
    }
    *ret_bank = b;
    return OK;
}

void bank_close(struct bank_process *b)
{
    if (b == NULL)
        return;
    bank_stop(b);
    fd_end(&b->listen_fd);
    arena_done(&b->turn);
    arena_done(&b->feed_arena);
    struct arena own = b->arena; /* b lies in it */
    arena_done(&own);
}

struct bank_loaded bank_loaded(const struct bank_process *b)
{
    return b->loaded;
}

uint16_t bank_port(const struct bank_process *b)
{
    return b->listen_fd < 0 ? 0 : b->is.listen.port;
}

err bank_start(struct bank_process *b)
{
    return env_thread_start(&b->thread, "bank", run, b);
}

void bank_stop(struct bank_process *b)
{
    env_flag_raise(&b->is_stopping);
    env_thread_join(&b->thread);
}

struct bank_counts bank_counted(const struct bank_process *b)
{
    return b->counts;
}
