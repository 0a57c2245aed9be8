/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch/duty.h"

#include <assert.h>

err duty_make(struct duty *d, const struct neighbours *near,
              const char (*divisions)[DIVISION_BYTES], uint8_t pool_digits, struct arena *a)
{
    *d = (struct duty){.near = near, .divisions = divisions, .pool_digits = pool_digits};
    d->first = arena_make_array(a, near->beat_count, sizeof *d->first);
    d->digits = arena_make_array(a, near->beat_count, sizeof *d->digits);
    d->is_told = arena_make_array(a, near->beat_count, sizeof *d->is_told);
    if (d->first == NULL || d->digits == NULL || d->is_told == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < near->beat_count; i++)
        d->first[i] = OFFICER_NONE;
    return OK;
}

static void hang(struct duty *d, uint32_t officer, uint32_t beat)
{
    struct officer *o = &d->officers[officer];
    o->beat = beat;
    o->next = d->first[beat];
    d->first[beat] = officer;
}

static bool shares(const char *a, const char *b, size_t digits)
{
    return str_equal(str_until(str_from_c(a), digits), str_until(str_from_c(b), digits));
}

static bool has_station(const struct duty *d, const char *division, size_t digits)
{
    for (uint32_t i = 0; i < d->officer_count; i++)
        if (shares(d->officers[i].division, division, digits))
            return true;
    return false;
}

/* Of neighbours in the table often the same code: asked once. */
static void serve(struct duty *d, uint32_t beat)
{
    static const uint8_t levels[] = {DUTY_COUNTY_DIGITS, 4, 2, 0};
    const char *own = d->divisions[beat];
    if (beat > 0 && shares(d->divisions[beat - 1], own, DUTY_COUNTY_DIGITS)) {
        d->digits[beat] = d->digits[beat - 1];
        d->is_told[beat] = d->is_told[beat - 1];
        return;
    }
    size_t i = 0;
    while (levels[i] > 0 && !has_station(d, own, levels[i]))
        i++;
    d->is_told[beat] = i > 0;
    d->digits[beat] = levels[i] < d->pool_digits ? levels[i] : d->pool_digits;
}

void duty_staff(struct duty *d, struct officer *officers, uint32_t count)
{
    assert(count <= OFFICERS_MOST);
    d->officers = officers;
    d->officer_count = count;
    for (uint32_t i = 0; i < d->near->beat_count; i++)
        d->first[i] = OFFICER_NONE;
    for (uint32_t i = count; i > 0; i--) {
        assert(officers[i - 1].home < d->near->beat_count);
        officers[i - 1].busy = officers[i - 1].asked = WORK_NONE;
        hang(d, i - 1, officers[i - 1].home);
    }
    for (uint32_t beat = 0; beat < d->near->beat_count; beat++)
        serve(d, beat);
}

void duty_move(struct duty *d, uint32_t officer, uint32_t beat)
{
    struct officer *o = &d->officers[officer];
    if (o->beat == beat)
        return;
    uint32_t *at = &d->first[o->beat];
    while (*at != officer)
        at = &d->officers[*at].next;
    *at = o->next;
    hang(d, officer, beat);
}

void duty_return(struct duty *d, uint32_t now_s)
{
    for (uint32_t i = 0; i < d->officer_count; i++) {
        const struct officer *o = &d->officers[i];
        if (o->busy == WORK_NONE && o->beat != o->home && now_s >= o->back_s)
            duty_move(d, i, o->home);
    }
}

bool duty_serves(const struct duty *d, uint32_t officer, uint32_t beat)
{
    return shares(d->officers[officer].division, d->divisions[beat], d->digits[beat]);
}
