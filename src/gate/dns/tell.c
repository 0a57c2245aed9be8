/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"
#include "gate/dns/server.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>

static int64_t now_ms(void)
{
    return env_monotonic_us() / US_PER_MS;
}

/* Sets the one timer to the earliest NOTIFY that is due. */
static void timer_set(struct dns_gate *g)
{
    int64_t due_ms = INT64_MAX;
    for (size_t i = 0; i < g->peers.count; i++) {
        const struct notify *n = &g->secondary[i].notify;
        if (n->state != NOTIFY_QUIET && n->due_ms < due_ms)
            due_ms = n->due_ms;
    }
    if (due_ms == INT64_MAX)
        return;
    int64_t wait_ms = due_ms - now_ms();
    wait_ms = wait_ms < 0 ? 0 : wait_ms;
    struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
    event_add(g->tell_event, &wait);
}

/* NOTIFY leaves from where we listen: secondaries know us by that address. */
static struct listener *listener_for(struct dns_gate *g, const struct sockaddr_storage *to)
{
    for (size_t i = 0; i < g->listener_count; i++)
        if (g->listener[i].address.ss_family == to->ss_family)
            return &g->listener[i];
    return NULL;
}

void tell_trouble(struct dns_gate *g, size_t secondary, const char *why)
{
    if (secondary >= g->peers.count)
        return;
    env_mutex_lock(&g->mutex);
    g->secondary[secondary].state.trouble = why;
    g->secondary[secondary].state.trouble_at = env_now();
    env_mutex_unlock(&g->mutex);
}

static void unreached(struct dns_gate *g, size_t secondary, const char *why)
{
    tell_trouble(g, secondary, why);
    gate_note(g, DNS_UNREACHED,
              (struct dns_news){.secondary = secondary,
                                .serial = g->secondary[secondary].notify.serial,
                                .why = why});
}

static void tell_one(struct dns_gate *g, size_t secondary)
{
    struct notify *n = &g->secondary[secondary].notify;
    const struct peer *peer = &g->peers.at[secondary];
    struct listener *l = listener_for(g, &peer->address);
    struct sheet message = {.at = g->udp_out, .room = sizeof g->udp_out};
    struct notify_send send = {
        .forms = &g->forms,
        .key = peer->key == PEER_NO_KEY ? NULL : &g->keys.at[peer->key],
        .id = (uint16_t)random_u64(&g->random),
        .now_ms = now_ms(),
        .now_s = gate_now_s(),
    };
    if (!notify_step(n, &send, &message)) {
        unreached(g, secondary, "dns: no answer to NOTIFY");
        return;
    }
    if (l == NULL) {
        n->state = NOTIFY_QUIET;
        unreached(g, secondary, "dns: no listening address of the secondary's kind");
        return;
    }
    if (failed(udp_send(l, &peer->address, &message))) {
        unreached(g, secondary, "dns: a NOTIFY cannot be sent"); /* and is tried again */
        return;
    }
    gate_note(g, DNS_NOTIFIED, (struct dns_news){.secondary = secondary, .serial = n->serial});
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct dns_gate *g = arg;
    (void)fd;
    (void)what;
    for (size_t i = 0; i < g->peers.count; i++)
        if (notify_is_due(&g->secondary[i].notify, now_ms()))
            tell_one(g, i);
    timer_set(g);
}

err tell_start(struct dns_gate *g)
{
    g->tell_event = event_new(g->loop.base, -1, 0, on_timer, g);
    if (g->tell_event == NULL)
        return fail(ERR_OS, "dns: no timer", 0);
    return OK;
}

void tell_stop(struct dns_gate *g)
{
    if (g->tell_event != NULL)
        event_free(g->tell_event);
    g->tell_event = NULL;
}

void tell_all(struct dns_gate *g)
{
    uint32_t serial = rpz_view_serial(g->zone.now);
    if (g->answerer.is_held)
        return;
    for (size_t i = 0; i < g->peers.count; i++)
        if (!g->peers.at[i].polls)
            notify_want(&g->secondary[i].notify, serial, now_ms());
    timer_set(g);
}

static bool is_from(const struct peer *peer, const struct sockaddr_storage *sender)
{
    const struct sockaddr *a = (const struct sockaddr *)&peer->address;
    const struct sockaddr *b = (const struct sockaddr *)sender;
    return net_address_is_same_host(a, b) && net_address_port(a) == net_address_port(b);
}

static void heard(struct dns_gate *g, size_t secondary)
{
    struct secondary *s = &g->secondary[secondary];
    env_mutex_lock(&g->mutex);
    s->state.acknowledged = s->notify.serial;
    s->state.acknowledged_at = env_now();
    env_mutex_unlock(&g->mutex);
    gate_note(g, DNS_ACKNOWLEDGED,
              (struct dns_news){.secondary = secondary, .serial = s->notify.serial});
}

void tell_hear(struct dns_gate *g, const struct sockaddr_storage *sender, const uint8_t *packet,
               size_t size)
{
    struct dns_request response;
    enum notify_heard result = NOTIFY_STRAY;
    size_t i = 0;
    if (request_parse(packet, size, &response) == REQUEST_OK) {
        for (; i < g->peers.count && result == NOTIFY_STRAY; i++)
            if (is_from(&g->peers.at[i], sender))
                result = notify_hear(&g->secondary[i].notify, packet, &response, gate_now_s());
    }
    switch (result) {
    case NOTIFY_HEARD:
        heard(g, i - 1);
        break;
    case NOTIFY_REFUSED:
        tell_trouble(g, i - 1, "dns: the secondary refused NOTIFY");
        break;
    case NOTIFY_FORGED:
        tell_trouble(g, i - 1, "dns: an answer to NOTIFY was not signed as agreed");
        break;
    case NOTIFY_STRAY:
        gate_note(g, DNS_DROPPED, (struct dns_news){.secondary = DNS_NOBODY});
        break;
    }
}

void tell_served(struct dns_gate *g, size_t secondary, const struct xfer *x)
{
    static const enum dns_note notes[] = {[XFER_WHOLE] = DNS_SENT_WHOLE,
                                          [XFER_DIFFS] = DNS_SENT_DIFFS,
                                          [XFER_NEWEST] = DNS_SENT_NEWEST};
    uint32_t serial = rpz_view_serial(x->view);
    if (secondary < g->peers.count) {
        struct dns_secondary_state *state = &g->secondary[secondary].state;
        env_mutex_lock(&g->mutex);
        state->serial = serial;
        state->served_at = env_now();
        state->whole_count += x->kind == XFER_WHOLE;
        state->diffs_count += x->kind == XFER_DIFFS;
        env_mutex_unlock(&g->mutex);
    }
    gate_note(g, notes[x->kind],
              (struct dns_news){.secondary = secondary < g->peers.count ? secondary : DNS_NOBODY,
                                .serial = serial,
                                .count = x->records,
                                .bytes = x->bytes});
}
