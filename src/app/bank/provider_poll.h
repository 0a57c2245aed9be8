/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider_poll - a provider asks what it has to do, and may wait for it (?wait=) without holding a
 * thread.
 *
 * Shape     The handler's own state begins with a provider_poll. `look` answers, or says that it
 *           found nothing; then the call is parked until its provider is told of something, or its
 *           time is over.
 *
 *               provider_poll_begin --> provider_poll_run --> look --found--> answer
 *                                              ^               | nothing
 *                                              +--- waiting <--+
 *
 * Owns      Nothing; in the call's arena.   Lives  A call.
 * Fails     ERR_ABSENT "provider.absent", ERR_MALFORMED "limit.range"; ERR_BUSY when too many wait.
 * Threads   The call's, then waiting's.   Bounds  POLL_WAIT_MOST_S.
 */
#ifndef YUMEN_APP_BANK_PROVIDER_POLL_H
#define YUMEN_APP_BANK_PROVIDER_POLL_H

#include "app/call/api.h"

enum { POLL_WAIT_MOST_S = 60 };

struct provider_poll {
    const struct provider *provider;
    int64_t until_us; /* monotonic */
    uint64_t told;    /* when it was last looked */
    /* `may_wait`: leave *ret_waits true and answer nothing where there is nothing. */
    err (*look)(struct call *call, bool may_wait, bool *ret_waits);
};

/* A provider's people see their own house and no other. */
err provider_find_seen(struct call *call, const struct provider **ret_provider);
err provider_poll_begin(struct call *call, struct provider_poll *poll);
/* call->own is the poll. */
err provider_poll_run(struct call *call);
/* A centre that was restored and not reconciled lets nothing out. */
err provider_queue_held(struct call *call, bool *ret_held);

#endif
