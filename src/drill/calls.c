/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/calls.h"

err phones_open(struct drill *d)
{
    if (d->port.call == NULL)
        return OK;
    assert(d->port.line != NULL && d->port.rack != NULL && d->port.dialled != NULL);
    d->calls = arena_make(d->arena, sizeof *d->calls);
    if (d->calls == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(lines_open(&d->world, &d->calls->lines));
    exchange_begin(d);
    TRY(racks_open(d));
    TRY(scam_calls_open(d));
    return drill_at(d, d->now_us, EVENT_CALLS_BEGIN, 0, 0);
}

void phones_close(struct drill *d)
{
    if (d->calls != NULL)
        lines_close(&d->calls->lines);
}

/* What the honest look-alikes are. */
static err tell_lines(struct drill *d)
{
    const struct lines *l = &d->calls->lines;
    for (uint32_t kind = 0; kind < d->params.calls.kind_count; kind++)
        for (uint32_t line = l->kind_first[kind]; line < l->kind_first[kind + 1]; line++) {
            bool is_abroad = d->params.calls.kinds[kind].abroad != 0;
            struct line_row row = {.line = line,
                                   .kind = kind,
                                   .cell = is_abroad ? CELL_NONE : line_base(l, line),
                                   .at_us = d->now_us};
            TRY(d->port.line(d->port.self, &row));
        }
    return OK;
}

err phones_begin(struct drill *d, const struct event *e)
{
    (void)e;
    TRY(tell_lines(d));
    TRY(talk_begin(d));
    TRY(scam_calls_begin(d));
    return racks_begin(d);
}
