/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/emit.h"

#include "drill/emit_calls.h"
#include "drill/emit_online.h"
#include "drill/names.h"
#include "drill/sheet.h"
#include "drill/stolen.h"

#include <stdio.h>

enum { LABEL_BYTES = 1024, PATH_BYTES = 1024 };

enum output {
    OUT_ACCOUNTS,
    OUT_TRANSFERS,
    OUT_ASKS,
    OUT_INCIDENTS,
    OUT_MOVES,
    OUT_MULES,
    OUT_CALLS, /* from here on: not where nobody has a telephone */
    OUT_NUMBERS,
    OUT_RACKS,
    OUT_SCAM_CALLS,
    OUT_VISITS,
    OUT_MESSAGES,
    OUT_EPISODES,
    OUT_COUNT
};

static const char transfers_head[] =
    "id,time,from,to,amount,currency,from_bank,to_bank,channel,status,seq,balance_after,exit,"
    "device,ip\n";

/* clang-format off */
static const struct {
    const char *name;
    const char *head;
} outputs[OUT_COUNT] = {
    [OUT_ACCOUNTS]  = {"accounts.csv", "account,bank,outlet,holder_kind,holder_ref,opened,device,"
                                       "contact,address,ip,company\n"},
    [OUT_TRANSFERS] = {"transfers.csv", transfers_head},
    [OUT_ASKS]      = {"asks.csv", transfers_head},
    [OUT_INCIDENTS] = {"truth/incidents.ndjson", ""},
    [OUT_MOVES]     = {"truth/moves.csv", "transfer,incident,from,to,layer,amount,exit\n"},
    [OUT_MULES]     = {"truth/mules.csv", "account,ring,layer,time\n"},
    [OUT_CALLS]     = {"calls.csv", emit_calls_head},
    [OUT_NUMBERS]   = {"truth/numbers.csv", emit_numbers_head},
    [OUT_RACKS]     = {"truth/racks.csv", emit_racks_head},
    [OUT_SCAM_CALLS] = {"truth/scam_calls.csv", emit_scam_calls_head},
    [OUT_VISITS]    = {"visits.csv", emit_visits_head},
    [OUT_MESSAGES]  = {"messages.csv", emit_messages_head},
    [OUT_EPISODES]  = {"truth/episodes.csv", emit_episodes_head},
};
/* clang-format on */

struct emit {
    const struct drill *drill;
    const struct world *world;
    struct drill_settings settings;
    size_t output_count;
    char folder[PATH_BYTES];
    struct sheet sheets[OUT_COUNT];
};

/* --- files --- */

static err path_of(const struct emit *e, const char *name, char ret_path[FILE_PATH_BYTES])
{
    int size = snprintf(ret_path, FILE_PATH_BYTES, "%s/%s", e->folder, name);
    return size < FILE_PATH_BYTES ? OK : fail(ERR_LIMIT, "cli.file.unreadable", 0);
}

static char *put_time_only(char *at, const char *time)
{
    memcpy(at, time, 10);
    return at + 10;
}

/* --- rows --- */

static char *put_holder(char *at, uint64_t bits)
{
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 12; i++, bits >>= 4)
        *at++ = hex[bits & 15];
    return at;
}

/* Opened between one and fifteen years before the drill. */
static char *put_opened(const struct world *w, char *at, uint32_t account)
{
    char time[NAME_BYTES];
    int64_t days = 365 + (int64_t)dice_scale(world_trait(w, account, TRAIT_OPENED), 14 * 365);
    (void)name_time(time, w->params->begin_us - days * DAY_US);
    return put_time_only(at, time);
}

static char *put_place(const struct world *w, char *at, uint32_t account)
{
    uint64_t home = world_trait(w, account, TRAIT_SWITCH);
    at = sheet_put(at, "演练省第");
    at = sheet_put_u64(at, home % 97 + 1);
    at = sheet_put(at, "镇");
    at = sheet_put_u64(at, home / 97 % 9999 + 1);
    return sheet_put(at, "号");
}

static err emit_account(void *self, uint32_t account)
{
    struct emit *e = self;
    const struct world *w = e->world;
    bool is_company = name_is_company(w, account);
    char *at = NULL;
    TRY(sheet_begin(&e->sheets[OUT_ACCOUNTS], &at));
    at = sheet_comma(name_account(w, at, account));
    at = sheet_comma(name_bank(w, at, account));
    at = name_bank(w, at, account);
    *at++ = '-';
    at = sheet_comma(name_number(at, world_trait(w, account, TRAIT_OUTLET) % 400 + 1, 3));
    at = sheet_comma(sheet_put(at, is_company ? "company" : "person"));
    at = sheet_comma(put_holder(at, world_trait(w, account, TRAIT_HOLDER)));
    at = sheet_comma(put_opened(w, at, account));
    at = sheet_comma(is_company ? at : name_device(at, world_device(w, account)));
    at = sheet_comma(name_telephone(w, at, account));
    at = sheet_comma(put_place(w, at, account));
    at = sheet_comma(is_company ? at : name_address(at, world_device(w, account)));
    at = is_company ? name_company(w, at, account) : at;
    return sheet_end(&e->sheets[OUT_ACCOUNTS], at);
}

static err put_transfer(const struct world *w, struct sheet *s, const struct transfer_row *row)
{
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = sheet_comma(name_transfer(w, at, row->bank, row->number));
    at = sheet_comma(name_time(at, row->at_us));
    at = sheet_comma(name_account(w, at, row->from));
    at = sheet_comma(name_account(w, at, row->to));
    at = sheet_put(sheet_put_u64(at, (uint64_t)row->fen), ",CNY,");
    at = sheet_comma(name_bank(w, at, row->from));
    at = sheet_comma(name_bank(w, at, row->to));
    at = sheet_comma(sheet_put(at, channel_words[row->channel]));
    at = sheet_comma(sheet_put_str(at, transfer_status_name(row->status)));
    at = sheet_comma(row->seq == 0 ? at : sheet_put_u64(at, row->seq));
    at = sheet_comma(row->balance_after < 0 ? at : sheet_put_u64(at, (uint64_t)row->balance_after));
    at = sheet_comma(sheet_put_str(at, name_exit(row->to)));
    at = sheet_comma(row->device == 0 ? at : name_device(at, row->device));
    at = row->device == 0 ? at : name_address(at, row->device);
    return sheet_end(s, at);
}

static err emit_transfer(void *self, const struct transfer_row *row)
{
    struct emit *e = self;
    return put_transfer(e->world, &e->sheets[OUT_TRANSFERS], row);
}

static err emit_ask(void *self, const struct transfer_row *row)
{
    struct emit *e = self;
    return put_transfer(e->world, &e->sheets[OUT_ASKS], row);
}

static char *put_incident(char *at, uint32_t incident)
{
    *at++ = 'D';
    return name_number(at, incident, 8);
}

static err emit_moved(void *self, const struct moved_row *row)
{
    struct emit *e = self;
    const struct world *w = e->world;
    char *at = NULL;
    TRY(sheet_begin(&e->sheets[OUT_MOVES], &at));
    at = sheet_comma(name_transfer(w, at, row->bank, row->number));
    at = sheet_comma(put_incident(at, row->incident));
    at = sheet_comma(name_account(w, at, row->from));
    at = sheet_comma(name_account(w, at, row->to));
    at = sheet_comma(sheet_put_u64(at, row->layer));
    at = sheet_comma(sheet_put_u64(at, (uint64_t)row->fen));
    at = sheet_put_str(at, name_exit(row->to));
    return sheet_end(&e->sheets[OUT_MOVES], at);
}

static err emit_mule(void *self, const struct mule_row *row)
{
    struct emit *e = self;
    char *at = NULL;
    TRY(sheet_begin(&e->sheets[OUT_MULES], &at));
    at = sheet_comma(name_account(e->world, at, row->account));
    at = sheet_comma(sheet_put_u64(at, row->ring));
    at = sheet_comma(sheet_put_u64(at, row->layer));
    at = name_time(at, row->at_us);
    return sheet_end(&e->sheets[OUT_MULES], at);
}

/* --- incidents --- */

static char *put_taking(const struct world *w, char *at, const struct taking *t)
{
    at = name_transfer(w, sheet_put(at, "{\"transfer\":\""), t->bank, t->number);
    at = name_account(w, sheet_put(at, "\",\"from\":\""), t->from);
    at = name_account(w, sheet_put(at, "\",\"to\":\""), t->to);
    at = sheet_put_u64(sheet_put(at, "\",\"amount\":"), (uint64_t)t->fen);
    at = name_time(sheet_put(at, ",\"time\":\""), t->at_us);
    return sheet_put(at, "\"}");
}

static char *put_fate(const struct world *w, char *at, const struct fate *f)
{
    str kind = name_exit(f->account);
    at = name_account(w, sheet_put(at, "{\"account\":\""), f->account);
    at = sheet_put_u64(sheet_put(at, "\",\"amount\":"), (uint64_t)f->fen);
    if (f->number != 0) {
        at = name_transfer(w, sheet_put(at, ",\"transfer\":\""), f->bank, f->number);
        at = sheet_put(at, "\",\"kind\":\"");
        at = sheet_put(sheet_put_str(at, str_is_empty(kind) ? STR("outside") : kind), "\"");
    }
    return sheet_put(at, "}");
}

/* One of the two lists: what lies in accounts, or what left. */
static err put_fates(struct emit *e, char **at, const struct told_row *i, bool has_left)
{
    struct sheet *s = &e->sheets[OUT_INCIDENTS];
    const char *before = "";
    const struct fate *f = stolen_fate(e->drill, i->fates);
    for (; f != NULL; f = stolen_fate(e->drill, f->next)) {
        if ((f->number != 0) != has_left)
            continue;
        *at = put_fate(e->world, sheet_put(*at, before), f);
        before = ",";
        TRY(sheet_go_on(s, at));
    }
    return OK;
}

static err put_takings(struct emit *e, char **at, const struct told_row *i)
{
    struct sheet *s = &e->sheets[OUT_INCIDENTS];
    const char *before = "";
    const struct taking *t = stolen_taking(e->drill, i->takings);
    for (; t != NULL; t = stolen_taking(e->drill, t->next)) {
        *at = put_taking(e->world, sheet_put(*at, before), t);
        before = ",";
        TRY(sheet_go_on(s, at));
    }
    return OK;
}

static err emit_told(void *self, const struct told_row *i)
{
    struct emit *e = self;
    struct sheet *s = &e->sheets[OUT_INCIDENTS];
    const struct world *w = e->world;
    str scam = w->params->scams[i->scam].name;
    char *at = NULL;
    TRY(sheet_begin(s, &at));
    at = put_incident(sheet_put(at, "{\"incident\":\""), i->incident);
    at = sheet_put(at, "\",\"scam\":\"");
    at = sheet_put_str(at, scam);
    at = name_account(w, sheet_put(at, "\",\"victim\":\""), i->victim);
    at = sheet_put_u64(sheet_put(at, "\",\"ring\":"), i->ring);
    at = name_time(sheet_put(at, ",\"begun_at\":\""), i->begun_us);
    at = name_time(sheet_put(at, "\",\"reported_at\":\""), i->told_us);
    at = sheet_put_u64(sheet_put(at, "\",\"currency\":\"CNY\",\"stolen\":"), (uint64_t)i->fen);
    at = sheet_put(at, ",\"transfers\":[");
    TRY(put_takings(e, &at, i));
    at = sheet_put(at, "],\"present\":[");
    TRY(put_fates(e, &at, i, false));
    at = sheet_put(at, "],\"exits\":[");
    TRY(put_fates(e, &at, i, true));
    return sheet_end(s, sheet_put(at, "]}"));
}

/* --- calls --- */

static err emit_call(void *self, const struct call_row *row)
{
    struct emit *e = self;
    return emit_call_line(e->world, &e->sheets[OUT_CALLS], row);
}

static err emit_line(void *self, const struct line_row *row)
{
    struct emit *e = self;
    return emit_number_line(e->world, &e->sheets[OUT_NUMBERS], row);
}

static err emit_rack(void *self, const struct rack_row *row)
{
    struct emit *e = self;
    return emit_rack_line(e->world, &e->sheets[OUT_RACKS], row);
}

static err emit_dialled(void *self, const struct dialled_row *row)
{
    struct emit *e = self;
    return emit_dialled_line(e->world, &e->sheets[OUT_SCAM_CALLS], row);
}

/* --- sites --- */

static err emit_visit(void *self, const struct visit_row *row)
{
    struct emit *e = self;
    return emit_visit_line(e->world, &e->sheets[OUT_VISITS], row);
}

static err emit_message(void *self, const struct message_row *row)
{
    struct emit *e = self;
    return emit_message_line(e->world, &e->sheets[OUT_MESSAGES], row);
}

static err emit_episode(void *self, const struct episode_row *row)
{
    struct emit *e = self;
    return emit_episode_line(e->drill, &e->sheets[OUT_EPISODES], row);
}

struct drill_port emit_port(struct emit *e)
{
    struct drill_port port = {.self = e,
                              .account = emit_account,
                              .transfer = emit_transfer,
                              .moved = emit_moved,
                              .mule = emit_mule,
                              .told = emit_told,
                              .ask = emit_ask};
    if (e->output_count < OUT_COUNT)
        return port;
    port.call = emit_call;
    port.line = emit_line;
    port.rack = emit_rack;
    port.dialled = emit_dialled;
    port.visit = emit_visit;
    port.message = emit_message;
    port.episode = emit_episode;
    return port;
}

void emit_attach(struct emit *e, const struct drill *d)
{
    e->drill = d;
    e->world = drill_world(d);
}

/* --- the folder --- */

static err put_whole(const struct emit *e, const char *name, str bytes)
{
    char path[FILE_PATH_BYTES];
    TRY(path_of(e, name, path));
    return file_write(path, bytes);
}

/* What this folder is; `state` "unfinished" until everything is in place. */
static err write_label(const struct emit *e, const char *state)
{
    struct drill_counts c = {0};
    char text[LABEL_BYTES];
    if (e->drill != NULL)
        c = drill_counted(e->drill);
    int size = snprintf(
        text, sizeof text,
        "{\"yumen_drill\":1,\"state\":\"%s\",\"seed\":%llu,\"scale\":%u,\"days\":%u,"
        "\"rows\":%lld,\"transfers\":%lld,\"rejected\":%lld,\"reversed\":%lld,\"again\":%lld,"
        "\"incidents\":%lld,\"stolen\":%lld,\"mules\":%lld,\"calls\":%lld,\"call_rows\":%lld,"
        "\"calls_again\":%lld,\"scam_calls\":%lld,\"scam_numbers\":%lld,\"racks\":%lld,"
        "\"visits\":%lld,\"messages\":%lld,\"episodes\":%lld,\"asks\":%lld}\n",
        state, (unsigned long long)e->settings.seed, e->settings.scale, e->settings.days,
        (long long)c.rows, (long long)c.transfers, (long long)c.rejected, (long long)c.reversed,
        (long long)c.again, (long long)c.incidents, (long long)c.stolen_fen, (long long)c.mules,
        (long long)c.calls, (long long)c.call_rows, (long long)c.calls_again,
        (long long)c.scam_calls, (long long)c.scam_numbers, (long long)c.racks, (long long)c.visits,
        (long long)c.messages, (long long)c.episodes, (long long)c.asks);
    assert(size > 0 && (size_t)size < sizeof text);
    return put_whole(e, "drill.json", str_make(text, (size_t)size));
}

/* Absent, empty, or a drill's. */
static err check_folder(const struct emit *e, struct arena *a)
{
    struct file_names names = {0};
    char label[FILE_PATH_BYTES];
    str bytes = {0};
    TRY(file_make_folder(e->folder));
    TRY(file_list(e->folder, a, &names));
    if (names.count == 0)
        return OK;
    TRY(path_of(e, "drill.json", label));
    bool is_ours = !failed(file_read(label, LABEL_BYTES, a, &bytes)) &&
                   str_starts(bytes, STR("{\"yumen_drill\":1,"));
    return is_ours ? OK : fail(ERR_CONFLICT, "drill.folder", 0);
}

static err open_sheet(struct emit *e, enum output which, struct arena *a)
{
    char path[FILE_PATH_BYTES];
    TRY(path_of(e, outputs[which].name, path));
    return sheet_open(path, outputs[which].head, a, &e->sheets[which]);
}

/* What an earlier drill left here and this one does not write. */
static err drop_others(const struct emit *e)
{
    char path[FILE_PATH_BYTES];
    for (size_t i = e->output_count; i < OUT_COUNT; i++) {
        TRY(path_of(e, outputs[i].name, path));
        TRY(file_drop(path));
    }
    return OK;
}

static err open_all(struct emit *e, str yaml, struct arena *a)
{
    char truth[FILE_PATH_BYTES];
    TRY(check_folder(e, a));
    TRY(write_label(e, "unfinished"));
    TRY(put_whole(e, "world.yaml", yaml));
    TRY(path_of(e, "truth", truth));
    TRY(file_make_folder(truth));
    TRY(drop_others(e));
    for (size_t i = 0; i < e->output_count; i++)
        TRY(open_sheet(e, (enum output)i, a));
    return OK;
}

err emit_open(const char *folder, const struct drill_settings *s, str yaml, struct arena *a,
              struct emit **ret_emit)
{
    struct emit *e = arena_make(a, sizeof *e);
    if (e == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (strlen(folder) >= sizeof e->folder)
        return fail(ERR_LIMIT, "cli.file.unreadable", 0);
    (void)sheet_put(e->folder, folder);
    e->settings = *s;
    e->output_count = s->is_silent ? OUT_CALLS : OUT_COUNT;
    err failure = open_all(e, yaml, a);
    if (failed(failure)) {
        emit_close(e);
        return failure;
    }
    *ret_emit = e;
    return OK;
}

err emit_seal(struct emit *e)
{
    for (size_t i = 0; i < e->output_count; i++)
        TRY(sheet_seal(&e->sheets[i]));
    return write_label(e, "complete");
}

void emit_close(struct emit *e)
{
    if (e == NULL)
        return;
    for (size_t i = 0; i < e->output_count; i++)
        sheet_close(&e->sheets[i]);
}
