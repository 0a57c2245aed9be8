/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"
#include "gate/dns/server.h"

#include <assert.h>
#include <event2/event.h>

enum parcel_kind { PARCEL_CHANGES, PARCEL_WHOLE, PARCEL_RELEASE };

/* A publish on its way from the store's thread to ours: one piece, which carries its arena. */
struct parcel {
    struct arena arena;
    uint32_t serial;
    enum parcel_kind kind;
    struct rpz_list list; /* empty in a release */
};

void gate_note(struct dns_gate *g, enum dns_note note, struct dns_news news)
{
    if (g->port.note != NULL)
        g->port.note(g->port.self, note, &news);
}

void gate_note_answer(struct dns_gate *g, const struct answer *answer)
{
    size_t secondary = answer->peer < g->peers.count ? answer->peer : DNS_NOBODY;
    if (answer->tsig != TSIG_OK)
        gate_note(g, DNS_BAD_SIGNATURE,
                  (struct dns_news){.secondary = secondary, .count = (uint64_t)answer->tsig});
    else if (answer->kind == ANSWER_MESSAGE)
        gate_note(g, DNS_ANSWERED,
                  (struct dns_news){.secondary = secondary, .count = (uint64_t)answer->rcode});
    else if (answer->kind == ANSWER_NONE)
        gate_note(g, DNS_DROPPED, (struct dns_news){.secondary = DNS_NOBODY});
}

/* Signatures are made with the time of the world, also in a drill: the peer has no other. */
uint64_t gate_now_s(void)
{
    return (uint64_t)(env_now().us / US_PER_S);
}

struct dns_ask gate_ask(const uint8_t *packet, size_t size, const struct sockaddr_storage *sender)
{
    return (struct dns_ask){.packet = packet,
                            .size = size,
                            .sender = (const struct sockaddr *)sender,
                            .now_s = gate_now_s()};
}

/* --- publishing --- */

static void parcel_drop(struct parcel *p)
{
    struct arena arena = p->arena;
    rpz_list_done(&p->list);
    arena_done(&arena);
}

/* Takes the list over, whatever comes of it. */
static err hand_over(struct dns_gate *g, uint32_t serial, enum parcel_kind kind,
                     struct rpz_list *list)
{
    enum { PARCEL_BYTES = sizeof(struct parcel) + 64 };
    struct arena arena;
    arena_init(&arena, PARCEL_BYTES);
    struct parcel *p = arena_make(&arena, sizeof *p);
    if (p == NULL) {
        rpz_list_done(list);
        return fail(ERR_LIMIT, "dns: no memory for a publish", 0);
    }
    *p = (struct parcel){.arena = arena, .serial = serial, .kind = kind, .list = *list};
    *list = (struct rpz_list){0};
    if (ring_put(&g->parcels, &p))
        return OK;
    parcel_drop(p);
    return fail(ERR_BUSY, "dns: too many publishes wait", PUBLISH_RING);
}

void dns_gate_list(struct dns_gate *g, struct rpz_list *ret_list)
{
    rpz_list_init(ret_list, g->forms.zone.size);
}

err dns_gate_publish_list(struct dns_gate *g, uint32_t serial, struct rpz_list *list)
{
    return hand_over(g, serial, PARCEL_CHANGES, list);
}

err dns_gate_replace_list(struct dns_gate *g, uint32_t serial, struct rpz_list *list)
{
    return hand_over(g, serial, PARCEL_WHOLE, list);
}

err dns_gate_release(struct dns_gate *g)
{
    struct rpz_list nothing = {0};
    return hand_over(g, 0, PARCEL_RELEASE, &nothing);
}

static err hand_over_entries(struct dns_gate *g, enum parcel_kind kind, struct rpz_start what)
{
    struct rpz_list list;
    dns_gate_list(g, &list);
    err e = rpz_list_fill(&list, RPZ_LIST_CHANGES, what.entries, what.entry_count);
    if (!failed(e))
        return hand_over(g, what.serial, kind, &list);
    rpz_list_done(&list);
    return e;
}

err dns_gate_publish(struct dns_gate *g, uint32_t serial, const struct rpz_entry *changes,
                     size_t count)
{
    return hand_over_entries(g, PARCEL_CHANGES, (struct rpz_start){serial, changes, count});
}

err dns_gate_replace(struct dns_gate *g, uint32_t serial, const struct rpz_entry *entries,
                     size_t count)
{
    return hand_over_entries(g, PARCEL_WHOLE, (struct rpz_start){serial, entries, count});
}

static void note_step(struct dns_gate *g, const struct rpz_step *made)
{
    uint32_t serial = rpz_view_serial(g->zone.now);
    env_mutex_lock(&g->mutex);
    g->serial = serial;
    env_mutex_unlock(&g->mutex);
    gate_note(g, DNS_PUBLISHED,
              (struct dns_news){
                  .secondary = DNS_NOBODY, .serial = serial, .count = made->added + made->removed});
    if (made->unfit > 0)
        gate_note(
            g, DNS_UNFIT,
            (struct dns_news){.secondary = DNS_NOBODY, .serial = serial, .count = made->unfit});
}

static err parcel_apply(struct dns_gate *g, const struct parcel *p, struct rpz_step *ret_made)
{
    if (p->kind == PARCEL_WHOLE)
        return rpz_zone_take(&g->zone, p->serial, &p->list, RPZ_TAKE_WHOLE, ret_made);
    if (g->is_out_of_step)
        return fail(ERR_CONFLICT, "dns: an earlier publish is missing", 0);
    return rpz_zone_take(&g->zone, p->serial, &p->list, RPZ_TAKE_CHANGES, ret_made);
}

/* Whether the secondaries have something to hear. */
static bool take_publish(struct dns_gate *g, const struct parcel *p)
{
    struct rpz_step made = {0};
    err e = parcel_apply(g, p, &made);
    g->is_out_of_step = failed(e) || (g->is_out_of_step && p->kind != PARCEL_WHOLE);
    if (failed(e))
        gate_note(g, DNS_PUBLISH_FAILED,
                  (struct dns_news){.secondary = DNS_NOBODY, .serial = p->serial, .why = e.why});
    else
        note_step(g, &made);
    return !failed(e);
}

static bool take_release(struct dns_gate *g)
{
    g->answerer.is_held = false;
    return true;
}

static void on_parcels(evutil_socket_t fd, short what, void *arg)
{
    struct dns_gate *g = arg;
    struct parcel *p = NULL;
    bool has_moved = false;
    (void)fd;
    (void)what;
    ring_wake_clear(&g->parcels);
    while (ring_take(&g->parcels, &p)) {
        bool moves = p->kind == PARCEL_RELEASE ? take_release(g) : take_publish(g, p);
        has_moved = has_moved || moves;
        parcel_drop(p);
    }
    if (!has_moved)
        return;
    tell_all(g);
    copy_want(g);
}

/* --- start --- */

static err peers_start(struct dns_gate *g, const struct dns_options *options)
{
    for (size_t i = 0; i < options->key_count; i++) {
        const struct dns_key *k = &options->keys[i];
        TRY(tsig_keys_put(&g->keys, k->name, k->algorithm, k->secret));
    }
    for (size_t i = 0; i < options->secondary_count; i++) {
        const struct dns_secondary *s = &options->secondaries[i];
        struct sockaddr_storage address;
        size_t key = PEER_NO_KEY;
        TRY(net_address_parse(s->at.host, s->at.port, &address));
        if (!str_is_empty(s->key)) {
            struct dns_name name;
            TRY(dns_name_parse(s->key, &name));
            key = tsig_keys_find(&g->keys, &name);
            if (key == g->keys.count)
                return fail(ERR_ABSENT, "dns: a secondary's TSIG key is not declared", (uint32_t)i);
        }
        TRY(peers_put(&g->peers, &address, key));
        g->peers.at[i].polls = s->polls;
        g->secondary[i].state.is_signed = key != PEER_NO_KEY;
    }
    return OK;
}

static err forms_start(const struct dns_options *options, struct rpz_forms *ret_forms)
{
    str zone = str_is_empty(options->zone) ? DNS_ZONE : options->zone;
    struct dns_times times = options->times.ttl_s == 0 ? DNS_TIMES : options->times;
    return rpz_forms_make(zone, &options->notice, &times, ret_forms);
}

err dns_options_mark(const struct dns_options *options, uint64_t *ret_mark)
{
    struct rpz_forms forms;
    TRY(forms_start(options, &forms));
    *ret_mark = rpz_forms_mark(&forms);
    return OK;
}

err dns_options_list(const struct dns_options *options, struct rpz_list *ret_list)
{
    struct dns_name zone;
    TRY(dns_name_parse(str_is_empty(options->zone) ? DNS_ZONE : options->zone, &zone));
    rpz_list_init(ret_list, zone.size);
    return OK;
}

static err zone_start(struct dns_gate *g, const struct dns_options *options,
                      const struct rpz_start *start)
{
    TRY(forms_start(options, &g->forms));
    struct rpz_limits limits = options->limits.entries == 0 ? DNS_LIMITS : options->limits;
    limits.zone_name_bytes = g->forms.zone.size;
    rpz_zone_init(&g->zone, &limits);
    struct rpz_step made = {0};
    TRY(rpz_zone_load(&g->zone, start, &made));
    note_step(g, &made);
    return OK;
}

static err listeners_start(struct dns_gate *g, const struct dns_options *options)
{
    if (options->listen_count > DNS_LISTEN_MAX)
        return fail(ERR_LIMIT, "dns: too many addresses to listen on", DNS_LISTEN_MAX);
    for (size_t i = 0; i < options->listen_count; i++) {
        struct listener *l = &g->listener[i];
        TRY(net_address_parse(options->listen[i].host, options->listen[i].port, &l->address));
        l->gate = g;
        l->udp_fd = -1;
        g->listener_count = i + 1;
        TRY(tcp_start(l)); /* finds the port when it is free to choose; UDP takes the same */
        TRY(udp_start(l));
    }
    return OK;
}

static err parcels_start(struct dns_gate *g)
{
    TRY(ring_open_with_wake(&g->parcels, &g->boot, sizeof(struct parcel *), PUBLISH_RING));
    g->parcel_event =
        event_new(g->loop.base, ring_wake_fd(&g->parcels), EV_READ | EV_PERSIST, on_parcels, g);
    if (g->parcel_event == NULL || event_add(g->parcel_event, NULL) != 0)
        return fail(ERR_OS, "dns: cannot wait for publishes", 0);
    return OK;
}

static err gate_start(struct dns_gate *g, const struct dns_options *options,
                      const struct rpz_start *start)
{
    TRY(loop_open(&g->loop));
    TRY(parcels_start(g));
    TRY(peers_start(g, options));
    TRY(zone_start(g, options, start));
    TRY(tell_start(g));
    TRY(listeners_start(g, options));
    TRY(copy_start(g, options));
    tell_all(g); /* RFC 1996 3.2: whoever missed something while we were away shall ask */
    return OK;
}

err dns_gate_start(const struct dns_options *options, const struct dns_port *port,
                   const struct rpz_start *start, struct dns_gate **ret_gate)
{
    enum { BOOT_BYTES = 64 * 1024 };
    struct arena boot;
    arena_init(&boot, sizeof(struct dns_gate) + PUBLISH_RING * sizeof(void *) + BOOT_BYTES);
    struct dns_gate *g = arena_make(&boot, sizeof *g);
    if (g == NULL)
        return fail(ERR_LIMIT, "dns: no memory for the gate", 0);
    g->boot = boot;
    g->port = *port;
    env_mutex_init(&g->mutex);
    random_init_secure(&g->random);
    g->answerer = (struct answerer){&g->forms, &g->zone, &g->keys, &g->peers, options->is_held};
    err e = gate_start(g, options, start);
    if (failed(e)) {
        dns_gate_close(g);
        return e;
    }
    *ret_gate = g;
    return OK;
}

/* --- life --- */

err dns_gate_run(struct dns_gate *g)
{
    return loop_run(&g->loop);
}

void dns_gate_stop(struct dns_gate *g)
{
    loop_stop(&g->loop);
}

void dns_gate_close(struct dns_gate *g)
{
    if (g == NULL)
        return;
    tcp_stop_connections(g);
    for (size_t i = 0; i < g->listener_count; i++) {
        udp_stop(&g->listener[i]);
        tcp_stop(&g->listener[i]);
    }
    tell_stop(g);
    copy_stop(g);
    if (g->parcel_event != NULL)
        event_free(g->parcel_event);
    struct parcel *p = NULL;
    while (g->parcels.is_open && ring_take(&g->parcels, &p))
        parcel_drop(p);
    ring_close(&g->parcels);
    loop_close(&g->loop);
    rpz_zone_done(&g->zone);
    tsig_keys_done(&g->keys);
    env_mutex_done(&g->mutex);
    struct arena boot = g->boot;
    arena_done(&boot);
}

uint32_t dns_gate_serial(struct dns_gate *g)
{
    env_mutex_lock(&g->mutex);
    uint32_t serial = g->serial;
    env_mutex_unlock(&g->mutex);
    return serial;
}

size_t dns_gate_secondaries(struct dns_gate *g, struct dns_secondary_state *ret_states, size_t room)
{
    size_t count = g->peers.count < room ? g->peers.count : room;
    env_mutex_lock(&g->mutex);
    for (size_t i = 0; i < count; i++)
        ret_states[i] = g->secondary[i].state;
    env_mutex_unlock(&g->mutex);
    return count;
}

uint16_t dns_gate_port(const struct dns_gate *g, size_t listen_index)
{
    assert(listen_index < g->listener_count);
    return net_address_port((const struct sockaddr *)&g->listener[listen_index].address);
}
