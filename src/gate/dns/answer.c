/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/answer.h"

#include <assert.h>

/* One question on its way to an answer. */
struct turn {
    const struct answerer *a;
    const struct dns_ask *ask;
    struct dns_request request;
    struct tsig_session session;
    struct sheet *message;
    struct xfer *xfer;
    struct answer answer;
    bool may_ask; /* a secondary, or this machine */
};

enum { ANSWER_COUNT_AT = 6, AUTHORITY_COUNT_AT = 8, ADDITIONAL_COUNT_AT = 10 };

/* --- the frame of a message --- */

static void header_put(struct turn *t, enum dns_rcode rcode, uint16_t flags, bool has_question)
{
    const struct dns_request *r = &t->request;
    struct sheet *s = t->message;
    t->answer.kind = ANSWER_MESSAGE;
    t->answer.rcode = rcode;
    sheet_cut(s, 0);
    unsigned echoed = (unsigned)r->opcode << 11 | (r->flags & DNS_RD);
    sheet_u16(s, r->id);
    sheet_u16(s, (uint16_t)(DNS_QR | flags | echoed | ((unsigned)rcode & 0xF)));
    sheet_u16(s, has_question ? 1 : 0);
    sheet_u16(s, 0);
    sheet_u16(s, 0);
    sheet_u16(s, 0);
    if (has_question)
        sheet_bytes(s, r->question, r->question_size);
}

static void tail_put(struct turn *t)
{
    if (t->request.has_edns) {
        dns_opt_put(t->message, t->answer.rcode, t->request.edns_flags);
        sheet_set_u16(t->message, ADDITIONAL_COUNT_AT, 1);
    }
    tsig_sign(&t->session, t->message, t->ask->now_s);
}

/* Nobody we do not know gets more bytes than he sent: his address may be somebody else's. */
static void no_gain(struct turn *t)
{
    if (t->may_ask || t->ask->is_tcp || t->message->size <= t->ask->size)
        return;
    header_put(t, t->answer.rcode, 0, false);
}

static void refuse(struct turn *t, enum dns_rcode rcode)
{
    header_put(t, rcode, 0, true);
    tail_put(t);
    no_gain(t);
}

/* Room for the records, so that what must follow them still fits. */
static size_t room_bytes(const struct turn *t)
{
    size_t room = t->message->room;
    if (!t->ask->is_tcp) {
        size_t udp =
            t->request.udp_bytes < DNS_PLAIN_UDP_BYTES ? DNS_PLAIN_UDP_BYTES : t->request.udp_bytes;
        udp = udp > DNS_SAFE_UDP_BYTES ? DNS_SAFE_UDP_BYTES : udp;
        room = udp < room ? udp : room;
    }
    return room - tsig_room(&t->session) - (t->request.has_edns ? DNS_OPT_BYTES : 0);
}

static void truncate(struct turn *t)
{
    header_put(t, DNS_NOERROR, DNS_AA | DNS_TC, true);
    tail_put(t);
}

/* --- what the zone says --- */

static void count_one(struct turn *t, size_t count_at)
{
    sheet_set_u16(t->message, count_at, (uint16_t)(sheet_get_u16(t->message, count_at) + 1));
}

/* The question's name is at offset 12, and the zone's is its end. */
static uint16_t zone_at(const struct turn *t)
{
    return (uint16_t)(DNS_HEADER_BYTES + t->request.name.size - t->a->forms->zone.size);
}

static void soa_put(struct turn *t, size_t count_at)
{
    rpz_soa_put(t->message, t->a->forms, zone_at(t), rpz_view_serial(t->a->zone->now));
    count_one(t, count_at);
}

static void form_put(struct turn *t, const struct rpz_form *form)
{
    sheet_u16(t->message, 0xC000 | DNS_HEADER_BYTES);
    sheet_bytes(t->message, form->at, form->size);
    count_one(t, ANSWER_COUNT_AT);
}

static bool is_wanted(const struct turn *t, const struct rpz_form *form)
{
    uint16_t type = rpz_form_type(form);
    return type == t->request.type || type == DNS_CNAME || t->request.type == DNS_ANY_TYPE;
}

/* What the closest wildcard says (RFC 4592). A name that exists, if only on the way to another,
 * hides the wildcards above it. */
static enum rpz_policy wildcard_find(const struct rpz_view *v, uint8_t pack[RPZ_PACK_MAX])
{
    uint8_t ends[DNS_LABELS_MAX];
    for (size_t depth = pack_labels(pack, ends); depth > 1; depth--) {
        pack[1] = ends[depth - 2];
        if (depth > 2 && !rpz_view_has_below(v, pack))
            continue;
        if (pack[1] + 2 > DNS_NAME_MAX)
            return RPZ_NONE;
        memcpy(pack + RPZ_PACK_HEAD + pack[1], "*.", 2);
        pack[1] = (uint8_t)(pack[1] + 2);
        return rpz_view_find(v, pack);
    }
    return RPZ_NONE;
}

static void name_answer(struct turn *t, size_t owner_bytes)
{
    uint8_t pack[RPZ_PACK_MAX];
    const struct rpz_view *v = t->a->zone->now;
    bool can_be = pack_from_wire(t->request.name.at, owner_bytes, pack);
    enum rpz_policy found = can_be ? rpz_view_find(v, pack) : RPZ_NONE;
    bool is_there = found != RPZ_NONE || (can_be && rpz_view_has_below(v, pack));
    if (can_be && !is_there)
        found = wildcard_find(v, pack);
    header_put(t, is_there || found != RPZ_NONE ? DNS_NOERROR : DNS_NXDOMAIN, DNS_AA, true);
    const struct rpz_policy_form *form = &t->a->forms->policy[found];
    for (size_t i = 0; i < form->count; i++)
        if (is_wanted(t, &form->record[i]))
            form_put(t, &form->record[i]);
}

static void apex_answer(struct turn *t)
{
    header_put(t, DNS_NOERROR, DNS_AA, true);
    bool is_any = t->request.type == DNS_ANY_TYPE;
    if (t->request.type == DNS_SOA || is_any)
        soa_put(t, ANSWER_COUNT_AT);
    if (t->request.type == DNS_NS || is_any)
        form_put(t, &t->a->forms->ns);
}

static void data_answer(struct turn *t, size_t owner_bytes)
{
    size_t whole = t->message->room;
    t->message->room = room_bytes(t);
    if (owner_bytes == 0)
        apex_answer(t);
    else
        name_answer(t, owner_bytes);
    if (sheet_get_u16(t->message, ANSWER_COUNT_AT) == 0)
        soa_put(t, AUTHORITY_COUNT_AT);
    bool is_full = t->message->is_full;
    t->message->room = whole;
    if (is_full)
        truncate(t);
    else
        tail_put(t);
}

/* --- transfers --- */

static void transfer_answer(struct turn *t)
{
    const struct dns_request *r = &t->request;
    struct rpz_zone *z = t->a->zone;
    bool is_ixfr = r->type == DNS_IXFR;
    if (is_ixfr && !r->has_soa) {
        refuse(t, DNS_FORMERR);
        return;
    }
    bool is_newest = is_ixfr && !serial_is_after(rpz_view_serial(z->now), r->soa_serial);
    struct rpz_diff *from = is_ixfr ? rpz_zone_find_diff(z, r->soa_serial) : NULL;
    bool is_whole = !is_newest && from == NULL;
    if (is_whole && !peers_take_whole(t->a->peers, t->answer.peer, t->ask->now_s)) {
        refuse(t, DNS_REFUSED); /* a loop of AXFR costs its maker, not the others */
        return;
    }
    if (is_newest)
        xfer_begin_newest(t->xfer, t->a->forms, z->now);
    else
        xfer_begin(t->xfer, t->a->forms, z->now, is_whole ? NULL : rpz_zone_condense(z, from));
    xfer_ask(t->xfer, r, &t->session);
    t->answer.kind = ANSWER_TRANSFER;
}

static void transfer_or_say(struct turn *t, size_t owner_bytes)
{
    bool is_ixfr = t->request.type == DNS_IXFR;
    if (owner_bytes != 0) {
        refuse(t, DNS_NOTAUTH);
    } else if (t->answer.peer == PEER_UNKNOWN) {
        refuse(t, DNS_REFUSED);
    } else if (t->ask->is_tcp) {
        transfer_answer(t);
    } else if (!is_ixfr) {
        refuse(t, DNS_FORMERR); /* RFC 5936 4.2: AXFR has no meaning over UDP */
    } else {
        /* RFC 1995 2: our serial alone sends the peer to TCP when it is behind. */
        header_put(t, DNS_NOERROR, DNS_AA, true);
        soa_put(t, ANSWER_COUNT_AT);
        tail_put(t);
    }
}

/* --- who asks, and may he --- */

static enum dns_rcode signature_check(struct turn *t)
{
    struct dns_request *r = &t->request;
    if (!r->has_tsig)
        return DNS_NOERROR;
    t->answer.tsig = tsig_check(t->a->keys, t->ask->packet, &r->tsig, t->ask->now_s, &t->session);
    if (t->answer.tsig == TSIG_MALFORMED) {
        t->session = (struct tsig_session){0};
        return DNS_FORMERR;
    }
    return t->answer.tsig == TSIG_OK ? DNS_NOERROR : DNS_NOTAUTH;
}

static void sender_find(struct turn *t)
{
    const struct tsig_key *signer = t->session.key;
    size_t key = signer != NULL ? (size_t)(signer - t->a->keys->at) : PEER_NO_KEY;
    t->answer.peer = peers_find(t->a->peers, t->ask->sender, key);
    t->may_ask = t->answer.peer != PEER_UNKNOWN || net_address_is_loopback(t->ask->sender);
}

static void question_answer(struct turn *t)
{
    const struct dns_request *r = &t->request;
    size_t owner_bytes = 0;
    enum dns_rcode rcode = signature_check(t);
    if (rcode == DNS_NOERROR || t->session.key != NULL)
        sender_find(t); /* who holds a key and has a wrong clock is known, too */
    if (rcode != DNS_NOERROR)
        refuse(t, rcode);
    else if (r->has_edns && r->edns_version != 0)
        refuse(t, DNS_BADVERS);
    else if (!t->may_ask || r->class != DNS_IN ||
             !dns_name_within(&r->name, &t->a->forms->zone, &owner_bytes))
        refuse(t, DNS_REFUSED);
    else if (t->a->is_held)
        refuse(t, DNS_SERVFAIL); /* not loaded: the secondary goes on with what it has */
    else if (r->type == DNS_AXFR || r->type == DNS_IXFR)
        transfer_or_say(t, owner_bytes);
    else
        data_answer(t, owner_bytes);
}

struct answer answer_make(const struct answerer *a, const struct dns_ask *ask,
                          struct sheet *message, struct xfer *ret_xfer)
{
    assert(message->size == 0 && message->room >= DNS_SAFE_UDP_BYTES);
    struct turn t = {
        .a = a, .ask = ask, .message = message, .xfer = ret_xfer, .answer = {.peer = PEER_UNKNOWN}};
    enum request_verdict verdict = request_parse(ask->packet, ask->size, &t.request);
    if (verdict == REQUEST_DROP || t.request.is_response)
        return t.answer;
    t.answer.type = t.request.type;
    if (verdict == REQUEST_MALFORMED)
        header_put(&t, DNS_FORMERR, 0, false);
    else if (verdict == REQUEST_NOT_IMPLEMENTED || t.request.opcode != DNS_QUERY)
        header_put(&t, DNS_NOTIMP, 0, false);
    else
        question_answer(&t);
    return t.answer;
}
