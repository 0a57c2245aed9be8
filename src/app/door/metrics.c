/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/metrics.h"

#include "app/bank/post.h"
#include "app/bank/waiting.h"
#include "app/calls/call_feeds.h"
#include "app/house/warned.h"
#include "app/screen/dns_list.h"
#include "app/screen/redress.h"
#include "app/screen/screening.h"
#include "app/screen/signers.h"
#include "app/screen/sip_screen.h"
#include "gate/dns/dns.h"
#include "gate/dnsbl/dnsbl.h"
#include "gate/http/gate.h"
#include "gate/sip/sip.h"
#include "store/counts.h"
#include "store/zone.h"

static void put(struct text *t, const char *name, const char *kind, const char *help, int64_t value)
{
    text_printf(t, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name,
                (long long)value);
}

static err put_listings(struct call *call, struct text *t)
{
    text_put_c(t, "# HELP yumen_listings Listings by state.\n# TYPE yumen_listings gauge\n");
    for (unsigned state = 0; state < LISTING_STATE_COUNT; state++) {
        int64_t count = 0;
        TRY(counts_of_state(call->reader, (enum listing_state)state, STR(""), &count));
        if (count > 0)
            text_printf(t, "yumen_listings{state=\"%s\"} %lld\n", listing_state_words[state],
                        (long long)count);
    }
    return OK;
}

static err scalar(struct call *call, const char *literal, int64_t *ret_value)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(call->reader), literal, &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_value = failed(e) || !has_row ? 0 : sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* One line a word that stands in a column: few words, each counted by its index. */
struct words {
    const char *name;
    const char *label;
    const char *help;
    const char *literal;
};

static err put_words(struct call *call, struct text *t, const struct words *w)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(reader_sql(call->reader), w->literal, &row));
    text_printf(t, "# HELP %s %s\n# TYPE %s gauge\n", w->name, w->help, w->name);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str word = sql_peek(row, 0);
        text_printf(t, "%s{%s=\"%.*s\"} %lld\n", w->name, w->label, STR_ARGS(word),
                    (long long)sql_i64(row, 1));
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err put_orders(struct call *call, struct text *t)
{
    static const struct words all[] = {
        {"yumen_orders",       "state",    "Orders by state.",
         "SELECT \"state\", count(*) FROM \"order\" GROUP BY \"state\" ORDER BY \"state\""},
        {"yumen_orders_late",  "provider", "Orders that a provider has not answered in time.",
         "SELECT \"provider\", count(*) FROM \"order\" WHERE \"asked\" <> 'nothing'"
         " AND \"is_late\" = 1 GROUP BY \"provider\" ORDER BY \"provider\""               },
        {"yumen_rounds",       "state",    "Refund rounds by state.",
         "SELECT \"state\", count(*) FROM round GROUP BY \"state\" ORDER BY \"state\""    },
        {"yumen_receipts_odd", "fate",     "Receipts that were not simply taken, by fate.",
         "SELECT \"fate\", count(*) FROM receipt WHERE \"fate\" <> 'taken' GROUP BY \"fate\""
         " ORDER BY \"fate\""                                                             },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        TRY(put_words(call, t, &all[i]));
    int64_t late = 0;
    int64_t returned = 0;
    TRY(scalar(call, "SELECT count(*) FROM round WHERE \"is_late\" = 1 AND \"ended_at\" IS NULL",
               &late));
    TRY(scalar(call, "SELECT coalesce(sum(\"returned\"), 0) FROM round", &returned));
    put(t, "yumen_rounds_late", "gauge", "Refund rounds whose next step is late.", late);
    put(t, "yumen_returned_minor_total", "counter", "Money paid back, in minor units.", returned);
    put(t, "yumen_polls_waiting", "gauge", "Calls of providers that wait for orders.",
        (int64_t)waiting_count(call->house));
    return OK;
}

static void put_http(struct text *t, const struct http_gate *gate)
{
    struct http_metrics m = http_gate_metrics(gate);
#define X(name, kind, help)                                                                        \
    put(t, "yumen_http_" #name, strcmp(kind, "sum") == 0 ? "counter" : "gauge", help,              \
        (int64_t)m.name);
    HTTP_METRICS(X)
#undef X
}

/* In the order of the options: an address may be a person's. */
static void put_dns(struct text *t, struct dns_gate *gate)
{
    struct dns_secondary_state secondaries[CONF_LIST_MAX];
    struct dns_file_state files[DNS_FILES_MAX];
    size_t count = dns_gate_secondaries(gate, secondaries, COUNT_OF(secondaries));
    text_put_c(t,
               "# HELP yumen_rpz_secondary_serial What a resolver last fetched; 0: nothing yet.\n"
               "# TYPE yumen_rpz_secondary_serial gauge\n");
    for (size_t i = 0; i < count; i++)
        text_printf(t, "yumen_rpz_secondary_serial{secondary=\"%zu\"} %u\n", i,
                    secondaries[i].served_at.us == 0 ? 0 : secondaries[i].serial);
    count = dns_gate_files(gate, files, COUNT_OF(files));
    text_put_c(t, "# HELP yumen_rpz_file_serial What a file of the zone holds; 0: nothing yet.\n"
                  "# TYPE yumen_rpz_file_serial gauge\n");
    for (size_t i = 0; i < count; i++)
        text_printf(t, "yumen_rpz_file_serial{file=\"%zu\"} %u\n", i, files[i].serial);
    text_put_c(t, "# HELP yumen_rpz_file_failing 1: the last writing failed.\n"
                  "# TYPE yumen_rpz_file_failing gauge\n");
    for (size_t i = 0; i < count; i++)
        text_printf(t, "yumen_rpz_file_failing{file=\"%zu\"} %d\n", i, files[i].trouble != NULL);
}

static void put_dns_list(struct text *t, struct house *house)
{
    static const char *const names[DNSBL_COUNT_COUNT] = {
#define X(name, help) [DNSBL_COUNT_##name] = #name,
        DNSBL_COUNTS(X)
#undef X
    };
    struct dnsbl_counts counts;
    if (!dns_list_counts(house, &counts))
        return;
    text_put_c(t, "# HELP yumen_dns_list_questions_total Questions to the DNS list, by answer.\n"
                  "# TYPE yumen_dns_list_questions_total counter\n");
    for (int i = 0; i < DNSBL_COUNT_COUNT; i++)
        text_printf(t, "yumen_dns_list_questions_total{answer=\"%s\"} %llu\n", names[i],
                    (unsigned long long)counts.asked[i]);
    put(t, "yumen_dns_list_turns_total", "counter", "Times that questions over UDP were judged.",
        (int64_t)counts.turns);
    put(t, "yumen_dns_list_connections_total", "counter", "Connections over TCP.",
        (int64_t)counts.connections);
    put(t, "yumen_dns_list_turned_away_total", "counter", "Connections that were closed at once.",
        (int64_t)counts.turned_away);
}

static void put_trunk(struct text *t, const struct sip_gate *gate, size_t trunk, str name)
{
    static const char *const reasons[SIP_REASON_COUNT] = {
#define X(name, help) [SIP_REASON_##name] = #name,
        SIP_REASONS(X)
#undef X
    };
    static const char *const sayings[SIP_SAID_COUNT] = {
#define X(name, help) [SIP_SAID_##name] = #name,
        SIP_SAYINGS(X)
#undef X
    };
    struct sip_trunk_counts counts = sip_gate_counts(gate, trunk);
    for (int i = 0; i < SIP_REASON_COUNT; i++)
        text_printf(t, "yumen_sip_requests_total{trunk=\"%.*s\",reason=\"%s\"} %llu\n",
                    STR_ARGS(name), reasons[i],
                    (unsigned long long)sip_count_of_reason(&counts, (enum sip_reason)i));
    for (int i = 0; i < SIP_SAID_COUNT; i++)
        text_printf(t, "yumen_sip_answers_total{trunk=\"%.*s\",said=\"%s\"} %llu\n", STR_ARGS(name),
                    sayings[i], (unsigned long long)sip_count_of_said(&counts, (enum sip_said)i));
}

static void put_signed(struct text *t, struct house *house, const struct sip_notary *notary)
{
    static const char *const findings[SIP_FINDING_COUNT] = {
#define X(name, help) [SIP_FOUND_##name] = #name,
        SIP_FINDINGS(X)
#undef X
    };
    const struct conf_trunks *trunks = &house->conf.sip_trunks;
    struct signers_figures figures = signers_figures(sip_screen_signers(house));
    text_put_c(t, "# HELP yumen_sip_passports_total What networks signed of calls, and what was "
                  "found of it.\n# TYPE yumen_sip_passports_total counter\n");
    for (size_t i = 0; i < trunks->count; i++)
        for (int k = 0; k < SIP_FINDING_COUNT; k++)
            text_printf(t, "yumen_sip_passports_total{trunk=\"%.*s\",finding=\"%s\"} %llu\n",
                        STR_ARGS(trunks->at[i].name), findings[k],
                        (unsigned long long)sip_notary_count(notary, i, (enum sip_finding)k));
    put(t, "yumen_sip_signers", "gauge", "Certificates of those who sign calls.",
        (int64_t)figures.taken);
    put(t, "yumen_sip_signers_refused", "gauge", "Files that hold no certificate to be trusted.",
        (int64_t)figures.refused);
    put(t, "yumen_sip_signers_until_seconds", "gauge", "When the first of the certificates ends.",
        figures.until.us / US_PER_S);
}

static void put_sip(struct text *t, struct house *house)
{
    const struct sip_gate *gate = sip_screen_gate(house);
    const struct conf_trunks *trunks = &house->conf.sip_trunks;
    if (gate == NULL)
        return;
    text_put_c(t, "# TYPE yumen_sip_requests_total counter\n"
                  "# TYPE yumen_sip_answers_total counter\n");
    for (size_t i = 0; i < trunks->count; i++)
        put_trunk(t, gate, i, trunks->at[i].name);
    struct sip_door_counts door = sip_gate_door_counts(gate);
    put(t, "yumen_sip_strangers_total", "counter", "Requests of no trunk.",
        (int64_t)door.strangers);
    put(t, "yumen_sip_strays_total", "counter", "Datagrams that were no request.",
        (int64_t)door.strays);
    put(t, "yumen_sip_turns_total", "counter", "Times that requests over UDP were judged.",
        (int64_t)door.turns);
    put(t, "yumen_sip_connections_total", "counter", "Connections over TCP.",
        (int64_t)door.connections);
    put(t, "yumen_sip_turned_away_total", "counter", "Connections that were closed at once.",
        (int64_t)door.turned_away);
    if (sip_gate_notary(gate) != NULL)
        put_signed(t, house, sip_gate_notary(gate));
    put(t, "yumen_redress_until_seconds", "gauge",
        "When the certificate of the card for rejected callers ends.",
        redress_until(house).us / US_PER_S);
}

static void put_heard(struct text *t, const char *name, str carrier, instant at)
{
    text_printf(t, "%s{carrier=\"%.*s\"} %lld\n", name, STR_ARGS(carrier),
                (long long)(at.us / US_PER_S));
}

/* Empty is the centre's own. A feed that stops is one whose time stands still. */
static err put_call_feeds(struct call *call, struct text *t)
{
    struct call_feeds *feeds = arena_make(&call->arena, sizeof *feeds);
    if (feeds == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(call_feeds_read(reader_sql(call->reader), &call->arena, feeds));
    text_put_c(t, "# HELP yumen_call_rows_total Rows of call records, by carrier and fate.\n"
                  "# TYPE yumen_call_rows_total counter\n");
    for (size_t i = 0; i < feeds->count; i++) {
        const struct call_feed *f = &feeds->at[i];
        const struct {
            const char *fate;
            int64_t count;
        } fates[] = {
            {"counted",   f->accepted - f->late},
            {"late",      f->late              },
            {"duplicate", f->duplicate         },
            {"refused",   f->refused           },
        };
        for (size_t k = 0; k < COUNT_OF(fates); k++)
            text_printf(t, "yumen_call_rows_total{carrier=\"%.*s\",fate=\"%s\"} %lld\n",
                        STR_ARGS(f->carrier), fates[k].fate, (long long)fates[k].count);
    }
    text_put_c(t, "# HELP yumen_call_matches_total Calls of listed numbers, by carrier.\n"
                  "# TYPE yumen_call_matches_total counter\n");
    for (size_t i = 0; i < feeds->count; i++)
        text_printf(t, "yumen_call_matches_total{carrier=\"%.*s\"} %lld\n",
                    STR_ARGS(feeds->at[i].carrier), (long long)feeds->at[i].matched);
    text_put_c(t, "# HELP yumen_call_feed_heard_seconds When a carrier last sent a row that could "
                  "be read.\n# TYPE yumen_call_feed_heard_seconds gauge\n");
    for (size_t i = 0; i < feeds->count; i++)
        put_heard(t, "yumen_call_feed_heard_seconds", feeds->at[i].carrier, feeds->at[i].heard_at);
    text_put_c(t, "# HELP yumen_call_feed_newest_seconds The newest call that a carrier told of.\n"
                  "# TYPE yumen_call_feed_newest_seconds gauge\n");
    for (size_t i = 0; i < feeds->count; i++)
        put_heard(t, "yumen_call_feed_newest_seconds", feeds->at[i].carrier,
                  feeds->at[i].newest_at);
    return OK;
}

/* Of what is on the disk, since it began; nothing before the first call comes. */
static void put_call_book(struct text *t, struct house *house)
{
    struct calls_counts c;
    if (!calls_thread_counts(&house->calls.thread, &c))
        return;
    put(t, "yumen_calls_taken_total", "counter", "Call records that were counted or known.",
        (int64_t)(c.told.taken - c.told.late));
    put(t, "yumen_calls_again_total", "counter", "Of these, with nothing new.",
        (int64_t)c.told.again);
    put(t, "yumen_calls_late_total", "counter", "Call records older than the window.",
        (int64_t)c.told.late);
    put(t, "yumen_calls_forgotten_total", "counter", "Calls whose repeats may count again.",
        (int64_t)c.forgotten);
    put(t, "yumen_calls_numbers", "gauge", "Numbers whose conduct is known.", c.held);
    put(t, "yumen_calls_numbers_dropped_total", "counter", "Numbers that made room for others.",
        (int64_t)c.told.dropped);
    put(t, "yumen_calls_memory_bytes", "gauge", "Memory of the book of conduct.",
        (int64_t)c.room_bytes);
    put(t, "yumen_calls_journal_bytes", "gauge", "Journal since the newest file of the book.",
        (int64_t)c.journal_bytes);
    put(t, "yumen_calls_damages", "gauge", "Damages found when the book was opened.",
        c.damage_count);
}

/* Of signals since the start; nothing of any number. */
static void put_warned(struct text *t, struct house *house)
{
    struct warned_counts c;
    if (!warned_show(house, &c))
        return;
    const struct {
        const char *fate;
        uint64_t count;
    } fates[] = {
        {"new",     c.live.news - c.live.dropped},
        {"again",   c.live.again                },
        {"weaker",  c.live.weaker               },
        {"late",    c.live.late                 },
        {"ahead",   c.live.ahead                },
        {"crowded", c.live.dropped              }, /* the table was full of stronger ones */
        {"dropped", c.dropped                   }, /* the ring was full */
    };
    static const char *const feeds[] = {[WARNED_VISITS] = "visits", [WARNED_MESSAGES] = "messages"};
    text_put_c(t, "# HELP yumen_online_rows_total Rows judged, by whether they named what is "
                  "listed.\n# TYPE yumen_online_rows_total counter\n");
    for (size_t i = 0; i < COUNT_OF(feeds); i++)
        text_printf(t,
                    "yumen_online_rows_total{feed=\"%s\",fate=\"matched\"} %llu\n"
                    "yumen_online_rows_total{feed=\"%s\",fate=\"unmatched\"} %llu\n",
                    feeds[i], (unsigned long long)c.matched[i], feeds[i],
                    (unsigned long long)c.unmatched[i]);
    text_put_c(t, "# HELP yumen_signals_total Signals about numbers, by what became of them.\n"
                  "# TYPE yumen_signals_total counter\n");
    for (size_t i = 0; i < COUNT_OF(fates); i++)
        text_printf(t, "yumen_signals_total{fate=\"%s\"} %llu\n", fates[i].fate,
                    (unsigned long long)fates[i].count);
    put(t, "yumen_episodes", "gauge", "Numbers about which signals have not faded.",
        (int64_t)c.held);
    put(t, "yumen_episodes_ended_total", "counter", "Episodes that faded to nothing.",
        (int64_t)c.live.ended);
    put(t, "yumen_episodes_pushed_total", "counter", "Episodes that made room for stronger ones.",
        (int64_t)c.live.pushed);
    put(t, "yumen_warned_turns_total", "counter", "Times that an episode's tier changed.",
        (int64_t)c.turns);
    put(t, "yumen_warned_untold_total", "counter", "Of these, not written, and tried again.",
        (int64_t)c.untold);
    put(t, "yumen_warned_snapshot_seconds", "gauge", "When live episodes were last written down.",
        c.snapshot_at.us / US_PER_S);
    put(t, "yumen_warned_skew_seconds", "gauge", "The furthest that a source's clock was ahead.",
        c.skew_most_s);
}

static void put_screen(struct text *t, struct house *house)
{
    static const char *const classes[SHARD_CLASS_COUNT] = {
        [SHARD_NUMBERS] = "number", [SHARD_NAMES] = "domain", [SHARD_BYTES] = "other"};
    struct screening_figures f = screening_figures(house);
    text_put_c(t, "# HELP yumen_screen_values Values in the screening tables.\n"
                  "# TYPE yumen_screen_values gauge\n");
    for (int i = 0; i < SHARD_CLASS_COUNT; i++)
        text_printf(t, "yumen_screen_values{kind=\"%s\"} %llu\n", classes[i],
                    (unsigned long long)f.screen.values[i]);
    text_put_c(t, "# HELP yumen_screen_bytes Memory of the screening tables, sealed.\n"
                  "# TYPE yumen_screen_bytes gauge\n");
    for (int i = 0; i < SHARD_CLASS_COUNT; i++)
        text_printf(t, "yumen_screen_bytes{kind=\"%s\"} %llu\n", classes[i],
                    (unsigned long long)f.screen.bytes[i]);
    put(t, "yumen_screen_ready", "gauge", "1 when the tables answer, 0 when the store does.",
        f.is_ready);
    put(t, "yumen_screen_waiting", "gauge", "Changed values that are not sealed yet.",
        (int64_t)f.screen.waiting);
    put(t, "yumen_screen_generation", "gauge", "How often the tables were replaced.",
        (int64_t)f.screen.generation);
    put(t, "yumen_screen_behind_leaves", "gauge", "Ledger leaves the tables have not taken in.",
        f.committed > f.screen.mark ? (int64_t)(f.committed - f.screen.mark) : 0);
    put(t, "yumen_screen_age_ms", "gauge", "Time since the tables were last seen up to date.",
        f.age_us / US_PER_MS);
    put(t, "yumen_screen_builds_total", "counter", "Times the tables were built from the store.",
        (int64_t)f.builds);
    put(t, "yumen_screen_saves_total", "counter", "Times the tables were written to their file.",
        (int64_t)f.saves);
    put(t, "yumen_screen_asked_tables_total", "counter", "Questions answered from the tables.",
        (int64_t)f.asked_tables);
    put(t, "yumen_screen_asked_store_total", "counter", "Questions answered from the store.",
        (int64_t)f.asked_store);
}

static void put_push(struct text *t, const struct house *house)
{
    struct push_metrics m;
    if (!post_metrics(house, &m))
        return;
    text_printf(t,
                "# HELP yumen_push_letters_total Orders brought to providers, by what came of it.\n"
                "# TYPE yumen_push_letters_total counter\n"
                "yumen_push_letters_total{fate=\"taken\"} %llu\n"
                "yumen_push_letters_total{fate=\"refused\"} %llu\n"
                "yumen_push_letters_total{fate=\"later\"} %llu\n",
                (unsigned long long)m.taken, (unsigned long long)m.refused,
                (unsigned long long)m.later);
    put(t, "yumen_push_under_way", "gauge", "Letters under way to providers.",
        (int64_t)m.under_way);
}

/* Counted so far and no further: nobody waits for a million. */
#define AT_MOST(table) "SELECT count(*) FROM (SELECT 1 FROM " table " LIMIT 10000) AS some"

err metrics_put(struct call *call, struct text *t)
{
    int64_t leaves = 0;
    int64_t waiting = 0;
    int64_t timers = 0;
    uint32_t serial = 0;
    TRY(put_listings(call, t));
    TRY(scalar(call, "SELECT coalesce(max(\"idx\") + 1, 0) FROM ledger_leaf", &leaves));
    TRY(scalar(call, AT_MOST("outbox"), &waiting));
    TRY(scalar(call, AT_MOST("timer"), &timers));
    TRY(zone_serial(reader_sql(call->reader), &serial));
    struct house *house = call->house;
    TRY(put_orders(call, t));
    put(t, "yumen_ledger_leaves_total", "counter", "Leaves in the ledger.", leaves);
    put(t, "yumen_outbox_waiting", "gauge",
        "Effects committed and not yet delivered; counted up to 10000.", waiting);
    put(t, "yumen_timers_armed", "gauge", "Timers armed; counted up to 10000.", timers);
    put(t, "yumen_rpz_serial", "gauge", "Serial of the policy zone.", serial);
    put(t, "yumen_store_jobs_waiting", "gauge", "Jobs before the store thread.",
        (int64_t)ring_used(&house->worker.ring));
    put(t, "yumen_log_lines_lost_total", "counter", "Log lines that could not be written.",
        (int64_t)log_lost(&house->log));
    put(t, "yumen_clock_leaps_total", "counter",
        "Times this machine's clock jumped by more than ten minutes.",
        (int64_t)env_counter_read(&house->clock_leaps));
    put(t, "yumen_up_seconds", "gauge", "Seconds since start.",
        (env_now().us - house->started_at.us) / US_PER_S);
    if (house->dns != NULL)
        put_dns(t, house->dns);
    put_dns_list(t, house);
    put_sip(t, house);
    TRY(put_call_feeds(call, t));
    put_call_book(t, house);
    put_warned(t, house);
    put_screen(t, house);
    put_push(t, house);
    if (house->http != NULL)
        put_http(t, house->http);
    return OK;
}
