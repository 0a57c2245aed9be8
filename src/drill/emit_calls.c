/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/emit_calls.h"

#include "drill/lines.h"
#include "drill/names.h"

const char emit_calls_head[] = "id,time,caller,callee,phase,kind,answered,duration_s,caller_imsi,"
                               "caller_imei,caller_cell,ingress,trunk\n";
const char emit_numbers_head[] = "number,scam,kind,rack,cell,time\n";
const char emit_racks_head[] = "rack,type,imei,ports,cards,cell,time\n";
const char emit_scam_calls_head[] = "call,time,caller,callee,way,aim,rack,port,incident\n";

static const char *const phases[PHASE_COUNT] = {"", "setup", "answer", "end"};
static const char *const ways[WAY_COUNT] = {"handset", "rack", "abroad", "bypass"};
static const char *const aims[AIM_COUNT] = {"cold", "victim", "friend", "mimic", "carried"};
static const char *const policies[IMEI_COUNT] = {"fixed", "slot", "random", "device"};

static char *put_answered(char *at, const struct call_row *row)
{
    bool is_told = !row->is_text && row->phase != PHASE_SETUP && row->phase != PHASE_ANSWER;
    bool has_end = is_told && row->is_answered;
    at = sheet_comma(is_told ? sheet_put_u64(at, row->is_answered) : at);
    return sheet_comma(has_end ? sheet_put_u64(at, row->duration_s) : at);
}

err emit_call_line(const struct world *w, struct sheet *s, const struct call_row *row)
{
    bool is_abroad = row->trunk != 0;
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_call(w, at, row->carrier, row->number));
    at = sheet_comma(name_time(at, row->at_us));
    at = sheet_comma(name_telephone(w, at, row->caller));
    at = sheet_comma(name_telephone(w, at, row->callee));
    at = sheet_comma(sheet_put(at, phases[row->phase]));
    at = sheet_comma(sheet_put(at, row->is_text ? "sms" : "voice"));
    at = put_answered(at, row);
    at = sheet_comma(is_abroad ? at : name_imsi(w, at, row->caller));
    at = sheet_comma(row->imei == 0 ? at : name_device(at, row->imei));
    at = sheet_comma(row->cell == CELL_NONE ? at : name_cell(at, row->cell));
    at = sheet_comma(sheet_put(at, is_abroad ? "international" : "domestic"));
    at = is_abroad ? name_trunk(at, row->trunk) : at;
    return sheet_end(s, at);
}

static char *put_rack(char *at, uint32_t rack)
{
    return rack == 0 ? at : name_number(sheet_put(at, "R"), rack, 5);
}

err emit_number_line(const struct world *w, struct sheet *s, const struct line_row *row)
{
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_telephone(w, at, row->line));
    at = sheet_comma(sheet_put_u64(at, row->is_scam));
    at = row->is_scam ? sheet_put(at, ways[row->kind])
                      : sheet_put_str(at, w->params->calls.kinds[row->kind].name);
    at = put_rack(sheet_comma(at), row->rack);
    at = sheet_comma(at);
    at = sheet_comma(row->cell == CELL_NONE ? at : name_cell(at, row->cell));
    return sheet_end(s, name_time(at, row->at_us));
}

err emit_rack_line(const struct world *w, struct sheet *s, const struct rack_row *row)
{
    const struct rack_params *type = &w->params->calls.racks[row->type];
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(put_rack(at, row->rack));
    at = sheet_comma(sheet_put_str(at, type->name));
    at = sheet_comma(sheet_put(at, policies[type->imei]));
    at = sheet_comma(sheet_put_u64(at, (uint64_t)type->ports));
    at = sheet_comma(sheet_put_u64(at, (uint64_t)(type->ports * type->sims)));
    at = sheet_comma(name_cell(at, row->cell));
    return sheet_end(s, name_time(at, row->at_us));
}

err emit_dialled_line(const struct world *w, struct sheet *s, const struct dialled_row *row)
{
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_call(w, at, row->carrier, row->number));
    at = sheet_comma(name_time(at, row->at_us));
    at = sheet_comma(name_telephone(w, at, row->caller));
    at = sheet_comma(name_telephone(w, at, row->callee));
    at = sheet_comma(sheet_put(at, ways[row->way]));
    at = sheet_comma(sheet_put(at, aims[row->aim]));
    at = sheet_comma(put_rack(at, row->rack));
    at = sheet_comma(row->port == 0 ? at : sheet_put_u64(at, row->port));
    at = row->incident == 0 ? at : name_number(sheet_put(at, "D"), row->incident, 8);
    return sheet_end(s, at);
}
