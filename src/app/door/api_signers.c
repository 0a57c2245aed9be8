/* SPDX-License-Identifier: Apache-2.0 */
/* Whose signatures of calls can be checked, and whose cannot: their certificates are not here. */
#include "app/call/api_help.h"
#include "app/call/api_routes.h"
#include "app/screen/signers.h"
#include "app/screen/sip_screen.h"
#include "gate/sip/sip.h"

struct telling {
    struct call *call;
    struct json *j;
};

static void put_file(void *self, const struct signers_file *file)
{
    const struct telling *t = self;
    int zone = t->call->house->law.zone_min;
    json_object(t->j);
    json_put_str(t->j, STR("file"), file->name);
    json_key(t->j, STR("x5u"));
    json_array(t->j);
    for (size_t i = 0; i < file->url_count; i++)
        json_str(t->j, file->urls[i]);
    json_end(t->j);
    json_put_bool(t->j, STR("taken"), file->why == NULL);
    if (file->why == NULL) {
        json_put_instant(t->j, STR("from"), file->from, zone);
        json_put_instant(t->j, STR("until"), file->until, zone);
    } else {
        json_put_str(t->j, STR("code"), str_from_c(file->why));
        json_put_str(t->j, STR("reason"), message(str_from_c(file->why), t->call->language));
    }
    json_end(t->j);
}

static void put_unknown(struct json *j, const struct sip_unknown *u, int zone)
{
    json_object(j);
    json_put_str(j, STR("x5u"), str_make(u->url, u->url_size));
    json_put_i64(j, STR("count"), (int64_t)u->count);
    json_put_instant(j, STR("first"), u->first, zone);
    json_put_instant(j, STR("last"), u->last, zone);
    json_end(j);
}

err signers_get(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_AUDIT));
    const struct sip_gate *gate = sip_screen_gate(call->house);
    struct sip_notary *notary = gate == NULL ? NULL : sip_gate_notary(gate);
    struct sip_unknown unknown[SIP_UNKNOWN];
    struct api_json made;
    struct json *j = api_json(call, &made);
    struct telling telling = {call, j};
    json_put_bool(j, STR("checks"), notary != NULL);
    json_key(j, STR("items"));
    json_array(j);
    if (notary != NULL)
        signers_each(sip_screen_signers(call->house), put_file, &telling);
    json_end(j);
    size_t count = notary == NULL ? 0 : sip_notary_unknown(notary, unknown);
    json_key(j, STR("unknown"));
    json_array(j);
    for (size_t i = 0; i < count; i++)
        put_unknown(j, &unknown[i], call->house->law.zone_min);
    json_end(j);
    return api_json_done(call, &made, 200);
}
