/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/xfer.h"

#include <assert.h>

/* Where in the message each label of the last owner begins, so that the next owner, its neighbour
 * in the zone's order, is written as what differs and one pointer. */
struct trail {
    uint8_t pack[RPZ_PACK_MAX];
    uint8_t ends[DNS_LABELS_MAX]; /* of its labels */
    size_t count;
    uint16_t label_at[DNS_LABELS_MAX + 1];
};

enum { POINTER = 0xC000, POINTER_REACH = 0x3FFF, ANSWER_COUNT_AT = 6 };

static void xfer_set(struct xfer *x, const struct rpz_forms *forms, struct rpz_view *view)
{
    *x = (struct xfer){.forms = forms, .view = view, .is_first = true};
    rpz_view_keep(view);
}

void xfer_begin(struct xfer *x, const struct rpz_forms *forms, struct rpz_view *view,
                struct rpz_diff *from)
{
    xfer_set(x, forms, view);
    x->kind = from == NULL ? XFER_WHOLE : XFER_DIFFS;
    if (from == NULL)
        return;
    rpz_diff_keep(from);
    x->held = from;
    x->diff = from;
}

void xfer_begin_newest(struct xfer *x, const struct rpz_forms *forms, struct rpz_view *view)
{
    xfer_set(x, forms, view);
    x->kind = XFER_NEWEST;
    x->at = XFER_CLOSE;
}

void xfer_ask(struct xfer *x, const struct dns_request *request, const struct tsig_session *session)
{
    assert(request->question_size <= sizeof x->question);
    x->id = request->id;
    x->flags = (uint16_t)(DNS_QR | DNS_AA | (request->flags & DNS_RD));
    x->has_edns = request->has_edns;
    x->edns_flags = request->edns_flags;
    x->question_size = request->question_size;
    memcpy(x->question, request->question, request->question_size);
    x->session = *session;
}

void xfer_done(struct xfer *x)
{
    rpz_view_drop(x->view);
    rpz_diff_drop(x->held);
    *x = (struct xfer){0};
}

/* --- records --- */

void rpz_soa_put(struct sheet *s, const struct rpz_forms *forms, uint16_t owner_at, uint32_t serial)
{
    sheet_u16(s, (uint16_t)(POINTER | owner_at));
    size_t serial_at = s->size + forms->soa_serial_at;
    sheet_bytes(s, forms->soa.at, forms->soa.size);
    if (s->is_full)
        return;
    sheet_set_u16(s, serial_at, (uint16_t)(serial >> 16));
    sheet_set_u16(s, serial_at + 2, (uint16_t)serial);
}

/* How many leading labels the name shares with the last one. */
static size_t labels_shared(const struct trail *trail, const uint8_t *pack)
{
    const uint8_t *a = pack_key(trail->pack);
    const uint8_t *b = pack_key(pack);
    size_t labels = 0;
    size_t at = 0;
    while (labels < trail->count) {
        size_t end = trail->ends[labels];
        if (end > pack[1] || memcmp(a + at, b + at, end - at) != 0)
            break;
        at = end;
        labels++;
    }
    return labels;
}

static void label_put(struct sheet *s, const uint8_t *key, size_t begin, size_t end)
{
    sheet_u8(s, (uint8_t)(end - begin - 1)); /* less its dot */
    sheet_bytes(s, key + begin, end - begin - 1);
}

static void owner_put(struct sheet *s, struct trail *trail, const uint8_t *pack)
{
    size_t shared = labels_shared(trail, pack);
    size_t count = pack_labels(pack, trail->ends);
    for (size_t i = count; i > shared; i--) {
        trail->label_at[i] = (uint16_t)s->size;
        label_put(s, pack_key(pack), i > 1 ? trail->ends[i - 2] : 0, trail->ends[i - 1]);
    }
    sheet_u16(s, (uint16_t)(POINTER | trail->label_at[shared]));
    memcpy(trail->pack, pack, pack_bytes(pack));
    trail->count = count;
}

/* All records of one name, or none. */
static size_t name_put(struct sheet *s, struct trail *trail, const struct rpz_forms *forms,
                       const uint8_t *pack)
{
    const struct rpz_policy_form *form = &forms->policy[pack_policy(pack)];
    assert(form->count > 0);
    size_t owner_at = s->size;
    owner_put(s, trail, pack);
    sheet_bytes(s, form->record[0].at, form->record[0].size);
    for (size_t i = 1; i < form->count; i++) {
        sheet_u16(s, (uint16_t)(POINTER | owner_at));
        sheet_bytes(s, form->record[i].at, form->record[i].size);
    }
    return form->count;
}

/* --- the sequence --- */

/* The next stop after a run of names has been sent. */
static enum xfer_at run_end(struct xfer *x)
{
    switch (x->at) {
    case XFER_NAMES:
        if (x->chunk == rpz_view_chunks(x->view))
            return XFER_CLOSE;
        run_open(&x->names, rpz_view_chunk(x->view, x->chunk++));
        return XFER_NAMES;
    case XFER_REMOVED:
        return XFER_TO;
    case XFER_ADDED:
        if (rpz_diff_to(x->diff) == rpz_view_serial(x->view))
            return XFER_CLOSE;
        x->diff = rpz_diff_next(x->diff);
        assert(x->diff != NULL);
        return XFER_FROM;
    case XFER_OPEN:
    case XFER_NS:
    case XFER_FROM:
    case XFER_TO:
    case XFER_CLOSE:
    case XFER_END:
        break;
    }
    assert(false && "only runs end");
    return XFER_END;
}

/* The next stop after one of the records between the runs. */
static enum xfer_at record_next(struct xfer *x)
{
    switch (x->at) {
    case XFER_OPEN:
        return x->kind == XFER_WHOLE ? XFER_NS : XFER_FROM;
    case XFER_NS:
        return XFER_NAMES;
    case XFER_FROM:
        run_open(&x->names, rpz_diff_removed(x->diff));
        return XFER_REMOVED;
    case XFER_TO:
        run_open(&x->names, rpz_diff_added(x->diff));
        return XFER_ADDED;
    case XFER_NAMES:
    case XFER_REMOVED:
    case XFER_ADDED:
    case XFER_CLOSE:
    case XFER_END:
        break;
    }
    return XFER_END;
}

static void record_put(struct xfer *x, struct sheet *s)
{
    uint32_t serial = x->at == XFER_FROM ? rpz_diff_from(x->diff)
                      : x->at == XFER_TO ? rpz_diff_to(x->diff)
                                         : rpz_view_serial(x->view);
    if (x->at != XFER_NS) {
        rpz_soa_put(s, x->forms, DNS_HEADER_BYTES, serial);
        return;
    }
    sheet_u16(s, POINTER | DNS_HEADER_BYTES);
    sheet_bytes(s, x->forms->ns.at, x->forms->ns.size);
}

static bool is_in_run(const struct xfer *x)
{
    return x->at == XFER_NAMES || x->at == XFER_REMOVED || x->at == XFER_ADDED;
}

/* One step of the sequence; how many records it wrote, none when it only turned a page. */
static size_t step(struct xfer *x, struct sheet *s, struct trail *trail)
{
    bool is_name = is_in_run(x);
    if (is_name && !x->has_pack)
        x->has_pack = run_next(&x->names) != NULL;
    if (is_name && !x->has_pack) {
        x->at = run_end(x);
        return 0;
    }
    size_t begin = s->size;
    size_t count = 1;
    if (is_name)
        count = name_put(s, trail, x->forms, x->names.pack);
    else
        record_put(x, s);
    if (s->is_full) {
        s->size = begin; /* stays full: the message ends here */
        return 0;
    }
    x->has_pack = false;
    if (!is_name)
        x->at = record_next(x);
    return count;
}

bool xfer_fill(struct xfer *x, struct sheet *message, uint64_t now_s)
{
    if (x->at == XFER_END)
        return false;
    assert(message->size == 0 && message->room >= XFER_ROOM_MIN);
    size_t room = message->room < XFER_MESSAGE_BYTES ? message->room : XFER_MESSAGE_BYTES;
    struct sheet s = {.at = message->at, .room = room - tsig_room(&x->session) - DNS_OPT_BYTES};
    struct trail trail = {.label_at = {DNS_HEADER_BYTES}};
    bool has_opt = x->has_edns && x->is_first;
    sheet_u16(&s, x->id);
    sheet_u16(&s, x->flags);
    sheet_u16(&s, 1);
    sheet_u16(&s, 0);
    sheet_u16(&s, 0);
    sheet_u16(&s, has_opt ? 1 : 0);
    sheet_bytes(&s, x->question, x->question_size);

    size_t count = 0;
    while (x->at != XFER_END && !s.is_full)
        count += step(x, &s, &trail);
    assert(count > 0 && count <= UINT16_MAX);
    sheet_set_u16(&s, ANSWER_COUNT_AT, (uint16_t)count);

    s.room = message->room;
    sheet_cut(&s, s.size);
    if (has_opt)
        dns_opt_put(&s, DNS_NOERROR, x->edns_flags);
    tsig_sign(&x->session, &s, now_s);
    message->size = s.size;
    x->is_first = false;
    x->records += count;
    x->bytes += s.size;
    return true;
}
