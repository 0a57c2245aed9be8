/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/bank.h"
#include "gate/bank/push_inside.h"

#include <assert.h>
#include <event2/dns.h>

/* The letter, what it is signed with, and its copies. */
enum { ATTEMPT_BYTES = BANK_BYTES + 256 * 1024 };

struct push_options push_options_default(void)
{
    return (struct push_options){.providers = 64, .per_provider = 8, .timeout_ms = 20000};
}

/* Without name servers (no resolv.conf) addresses still work, and names of the hosts file. */
static err open_names(struct push *p)
{
    p->dns = evdns_base_new(p->loop.base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (p->dns == NULL)
        return fail(ERR_OS, "push: names cannot be asked for", 0);
    (void)evdns_base_resolv_conf_parse(p->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
    return OK;
}

static err open_parts(struct push *p, struct arena *a)
{
    size_t count = p->options.providers * p->options.per_provider;
    env_mutex_init(&p->mutex);
    p->places = arena_make_array(a, p->options.providers, sizeof *p->places);
    if (p->places == NULL)
        return fail(ERR_LIMIT, "push: no memory left", 0);
    TRY(pool_open(&p->pool, a, sizeof(struct push_attempt), count));
    TRY(push_tls_open(&p->options, &p->tls));
    TRY(loop_open(&p->loop));
    return open_names(p);
}

err push_open(struct arena *a, const struct push_options *options, const struct push_port *port,
              struct push **ret_push)
{
    assert(options->providers > 0 && options->per_provider > 0 && options->timeout_ms > 0);
    struct push *p = arena_make(a, sizeof *p);
    if (p == NULL)
        return fail(ERR_LIMIT, "push: no memory left", 0);
    p->options = *options;
    p->port = *port;
    err e = open_parts(p, a);
    if (failed(e)) {
        push_close(p);
        return e;
    }
    *ret_push = p;
    return OK;
}

static void run(void *self)
{
    struct push *p = self;
    err e = loop_run(&p->loop);
    if (failed(e) && p->options.log != NULL)
        LOG(p->options.log, LOG_ERROR, "push.stopped", LOG_WHY(e), LOG_INT("at", e.at));
}

err push_start(struct push *p)
{
    TRY(env_thread_start(&p->thread, "push", run, p));
    p->is_started = true;
    return OK;
}

void push_stop(struct push *p)
{
    if (!p->is_started)
        return;
    loop_stop(&p->loop);
    env_thread_join(&p->thread);
    p->is_started = false;
}

void push_close(struct push *p)
{
    push_stop(p);
    while (p->attempts != NULL)
        attempt_end(p->attempts);
    if (p->dns != NULL)
        evdns_base_free(p->dns, 0);
    loop_close(&p->loop);
    push_tls_close(p->tls);
    pool_close(&p->pool);
    env_mutex_done(&p->mutex);
    *p = (struct push){.options = p->options};
}

/* --- places ---- */

/* A provider's place, new or known; NULL when more came than were announced. */
static struct push_place *find_place(struct push *p, str provider)
{
    assert(p->places != NULL && provider.size <= PUSH_NAME_BYTES);
    for (size_t i = 0; i < p->place_count; i++)
        if (str_equal(str_from_c(p->places[i].name), provider))
            return &p->places[i];
    if (p->place_count == p->options.providers || str_is_empty(provider))
        return NULL;
    struct push_place *place = &p->places[p->place_count++];
    memcpy(place->name, provider.at, provider.size);
    return place;
}

static err take_place(struct push *p, str provider, struct push_attempt *a)
{
    struct push_place *place = find_place(p, provider);
    if (place == NULL)
        return fail(ERR_LIMIT, "push: more providers than announced", 0);
    if (place->used == p->options.per_provider)
        return fail(ERR_BUSY, "push.busy", 0);
    place->used++;
    a->place = place;
    a->next = p->attempts;
    if (p->attempts != NULL)
        p->attempts->previous = a;
    p->attempts = a;
    return OK;
}

static void leave_place(struct push *p, struct push_attempt *a)
{
    if (a->place == NULL)
        return;
    a->place->used--;
    if (a->next != NULL)
        a->next->previous = a->previous;
    if (a->previous != NULL)
        a->previous->next = a->next;
    else
        p->attempts = a->next;
    env_counter_drop(&p->under_way, 1);
}

void attempt_end(void *attempt)
{
    struct push_attempt *a = attempt;
    struct push *p = a->push;
    attempt_cut(a);
    arena_done(&a->arena);
    env_mutex_lock(&p->mutex);
    leave_place(p, a);
    env_mutex_unlock(&p->mutex);
    pool_drop(&p->pool, a);
}

/* --- letters ---- */

static err fill(struct push *p, const struct push_letter *letter, struct push_attempt *a)
{
    TRY(push_address(letter, &a->arena, a));
    env_mutex_lock(&p->mutex);
    err e = take_place(p, letter->provider, a);
    env_mutex_unlock(&p->mutex);
    TRY(e);
    env_counter_add(&p->under_way, 1);
    return OK;
}

err push_put(struct push *p, const struct push_letter *letter)
{
    if (letter->provider.size > PUSH_NAME_BYTES)
        return fail(ERR_LIMIT, "push.too_large", PUSH_NAME_BYTES);
    struct push_attempt *a = pool_take(&p->pool);
    if (a == NULL)
        return fail(ERR_BUSY, "push.busy", 0);
    a->push = p;
    a->id = letter->id;
    arena_init(&a->arena, ATTEMPT_BYTES);
    err e = fill(p, letter, a);
    if (failed(e)) {
        attempt_end(a);
        return e;
    }
    a->post = (struct loop_post){.run = attempt_start, .self = a};
    loop_post(&p->loop, &a->post);
    return OK;
}

struct push_metrics push_metrics(const struct push *p)
{
    return (struct push_metrics){
#define X(name, kind, text) .name = env_counter_read(&p->name),
        PUSH_METRICS(X)
#undef X
    };
}
