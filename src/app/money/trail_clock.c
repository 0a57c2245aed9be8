/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money that seems to have left before it came: where two banks' clocks disagree by minutes, the
 * payee's bank may have passed on what the payer's says was sent later. No time is corrected, for
 * nobody knows whose is wrong; it is said that what counts as present may be gone. A balance says
 * it better, and by itself.
 */
#include "app/money/trail_doc_inside.h"

/* A mule passes on what came, or that less a fee. */
enum { LIKE_PERCENT = 95, LOOK_ROWS = 64, LOOK_EDGES = 4096, SAID_MOST = 64 };
#define APART_MS ((int64_t)10 * 60 * 1000)

static bool is_like(const struct making *m, const struct trail_run *run, uint32_t place,
                    int64_t came)
{
    const struct trail_row *row = &run->rows[place];
    int64_t left = row_amount(row);
    return left <= came && left * 100 >= came * LIKE_PERCENT &&
           (row->when & ROW_HAS_BALANCE) == 0 &&
           trail_status(&m->seat.view->amends, run, place) == (unsigned)TRANSFER_BOOKED;
}

/* What went on in time is explained. */
static bool is_followed(const struct trail_doc *d, uint32_t ordinal)
{
    for (size_t i = 0; i < d->edge_count; i++)
        if (d->edges[i].ordinal == ordinal)
            return true;
    return false;
}

static bool find_earlier(const struct making *m, const struct trail_edge *came, uint32_t *ret)
{
    int64_t at_ms = came->transfer.time_ms;
    for (uint32_t i = 0; i < m->seat.view->run_count; i++) {
        const struct trail_run *run = m->seat.view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, came->to_account);
        uint32_t k = trail_run_after(run, out, at_ms - APART_MS - 1);
        for (uint32_t seen = 0; k < out.end && seen < LOOK_ROWS; k++, seen++) {
            if (row_time_ms(&run->rows[k]) >= at_ms)
                break;
            *ret = run->ordinals[k];
            if (is_like(m, run, k, came->transfer.amount_minor) && !is_followed(m->doc, *ret))
                return true;
        }
    }
    return false;
}

static const struct trail_node *find_present(const struct trail_doc *d, uint32_t account)
{
    for (size_t i = 0; i < d->node_count; i++)
        if (d->nodes[i].account == account)
            return d->nodes[i].present > 0 ? &d->nodes[i] : NULL;
    return NULL;
}

static err look(struct making *m, const struct trail_edge *came, size_t *left)
{
    uint32_t ordinal = 0;
    struct transfer earlier = {0};
    bool is_one = *left > 0 && came->attributed > 0 && find_earlier(m, came, &ordinal);
    const struct trail_node *node = is_one ? find_present(m->doc, came->to_account) : NULL;
    if (node == NULL)
        return OK;
    TRY(runs_reader_details(m->reader, ordinal, m->arena, &earlier));
    if (!str_equal(str_from_c(earlier.currency), m->doc->currency))
        return OK;
    struct trail_doubt doubt = {.account = node->key, .reason = "trail.doubt.clock"};
    doubt.transfers = arena_make_array(m->arena, 2, sizeof *doubt.transfers);
    if (doubt.transfers == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    doubt.transfers[doubt.transfer_count++] = came->transfer.id;
    doubt.transfers[doubt.transfer_count++] = earlier.id;
    (*left)--;
    return making_doubt(m, &doubt);
}

err attribution_clocks(struct making *m)
{
    const struct trail_doc *d = m->doc;
    size_t left = SAID_MOST;
    for (size_t i = 0; i < d->edge_count && i < LOOK_EDGES; i++)
        TRY(look(m, &d->edges[i], &left));
    return OK;
}
