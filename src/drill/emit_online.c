/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/emit_online.h"

#include "drill/names.h"
#include "drill/stolen.h"

const char emit_visits_head[] = "time,subscriber,domain,resolver\n";
const char emit_messages_head[] = "time,sender,subscriber,urls\n";
const char emit_episodes_head[] =
    "subscriber,account,scam,ring,incident,site,site_listed_at,begun_at,message_at,call_at,"
    "visit_at,asked_at,transfer,transfer_at,amount,noticed_at,reported_at,takes_calls,"
    "heeds_call,heeds_visit,heeds_text\n";

err emit_visit_line(const struct world *w, struct sheet *s, const struct visit_row *row)
{
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_time(at, row->at_us));
    at = sheet_comma(name_telephone(w, at, row->line));
    at = sheet_comma(name_site(w, at, row->site));
    return sheet_end(s, sheet_put_str(at, w->params->calls.carriers[row->carrier].code));
}

err emit_message_line(const struct world *w, struct sheet *s, const struct message_row *row)
{
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_time(at, row->at_us));
    at = sheet_comma(name_telephone(w, at, row->sender));
    at = sheet_comma(name_telephone(w, at, row->line));
    at = name_site(w, sheet_put(at, "https://"), row->site);
    return sheet_end(s, sheet_put(at, "/"));
}

static char *put_moment(char *at, int64_t at_us)
{
    return sheet_comma(at_us == 0 ? at : name_time(at, at_us));
}

/* The first payment, and all of them together. */
static char *put_payment(const struct drill *d, char *at, const struct told_row *i)
{
    const struct taking *first = stolen_taking(d, i->takings);
    while (first != NULL && first->next != 0)
        first = stolen_taking(d, first->next);
    if (first == NULL)
        return sheet_put(at, ",,,");
    at = sheet_comma(name_transfer(drill_world(d), at, first->bank, first->number));
    at = sheet_comma(name_time(at, first->at_us));
    return sheet_comma(sheet_put_u64(at, (uint64_t)i->fen));
}

err emit_episode_line(const struct drill *d, struct sheet *s, const struct episode_row *row)
{
    const struct world *w = drill_world(d);
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_telephone(w, at, row->line));
    at = sheet_comma(name_account(w, at, row->line));
    at = sheet_comma(sheet_put_str(at, w->params->scams[row->scam].name));
    at = sheet_comma(sheet_put_u64(at, row->ring));
    at = sheet_comma(row->incident == 0 ? at : name_number(sheet_put(at, "D"), row->incident, 8));
    at = sheet_comma(name_site(w, at, row->site));
    at = put_moment(at, row->listed_us);
    at = put_moment(at, row->begun_us);
    at = put_moment(at, row->message_us);
    at = put_moment(at, row->call_us);
    at = put_moment(at, row->visit_us);
    at = put_moment(at, row->asked_us);
    at = row->incident == 0 ? sheet_put(at, ",,,")
                            : put_payment(d, at, stolen_incident(d, row->incident));
    at = put_moment(at, row->noticed_us);
    at = put_moment(at, row->reported_us);
    at = sheet_comma(sheet_put_u64(at, row->takes_calls));
    at = sheet_comma(sheet_put_u64(at, row->heeds_call));
    at = sheet_comma(sheet_put_u64(at, row->heeds_visit));
    return sheet_end(s, sheet_put_u64(at, row->heeds_text));
}
