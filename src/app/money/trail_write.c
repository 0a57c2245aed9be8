/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_write.h"

#include "base/instant.h"

static str time_text(int64_t ms, const struct trail_form *form, char room[INSTANT_TEXT_BYTES])
{
    return instant_format(instant_from_us(ms * US_PER_MS), form->zone_min, room);
}

static void put_time(struct json *j, str key, int64_t ms, const struct trail_form *form)
{
    char room[INSTANT_TEXT_BYTES];
    json_put_str(j, key, time_text(ms, form, room));
}

static bool is_reach(const struct trail_doc *d)
{
    return d->method == METHOD_REACH;
}

static void put_transfer(struct json *j, const struct transfer *t, const struct trail_form *form)
{
    json_put_str(j, STR("transfer"), t->id);
    json_put_str(j, STR("from"), t->from);
    json_put_str(j, STR("to"), t->to);
    json_put_i64(j, STR("amount"), t->amount_minor);
    put_time(j, STR("time"), t->time_ms, form);
}

static void put_sources(const struct trail_doc *d, const struct trail_form *form, struct json *j)
{
    json_key(j, STR("sources"));
    json_array(j);
    for (size_t i = 0; i < d->source_count; i++) {
        json_object(j);
        put_transfer(j, &d->sources[i].transfer, form);
        json_put_str(j, STR("status"), transfer_status_name(d->sources[i].transfer.status));
        json_end(j);
    }
    json_end(j);
}

void trail_write_node(const struct trail_doc *d, const struct trail_form *form,
                      const struct trail_node *node, struct json *j)
{
    json_put_str(j, STR("account"), node->key);
    json_put_str(j, STR("display"), node->display);
    json_put_str_if_any(j, STR("bank"), node->bank);
    json_put_i64(j, STR("layer"), node->layer);
    json_put_i64(j, STR("received"), node->received);
    if (!is_reach(d)) {
        json_put_i64(j, STR("attributed"), node->attributed);
        json_put_i64(j, STR("present"), node->present);
        json_put_i64(j, STR("held"), node->held);
        json_put_i64(j, STR("exited"), node->exited);
        json_put_i64(j, STR("unknown"), node->unknown);
    }
    json_put_str_if_any(j, STR("listing"), node->listing);
    put_time(j, STR("first"), node->first_ms, form);
    put_time(j, STR("last"), node->last_ms, form);
}

static void put_nodes(const struct trail_doc *d, const struct trail_form *form, struct json *j)
{
    json_key(j, STR("nodes"));
    json_array(j);
    for (size_t i = 0; i < d->node_count; i++) {
        json_object(j);
        trail_write_node(d, form, &d->nodes[i], j);
        json_end(j);
    }
    json_end(j);
}

static void put_edges(const struct trail_doc *d, const struct trail_form *form, struct json *j)
{
    json_key(j, STR("edges"));
    json_array(j);
    for (size_t i = 0; i < d->edge_count; i++) {
        const struct trail_edge *e = &d->edges[i];
        json_object(j);
        put_transfer(j, &e->transfer, form);
        if (!is_reach(d))
            json_put_i64(j, STR("attributed"), e->attributed);
        json_put_i64(j, STR("layer"), e->layer);
        json_put_str(j, STR("status"), transfer_status_name(e->transfer.status));
        json_put_str_if_any(j, STR("exit"), transfer_exit_name(e->transfer.exit));
        json_end(j);
    }
    json_end(j);
}

static void put_exits(const struct trail_doc *d, struct json *j)
{
    json_key(j, STR("exits"));
    json_array(j);
    for (size_t i = 0; i < d->exit_count; i++) {
        json_object(j);
        json_put_str(j, STR("account"), d->exits[i].account);
        json_put_str(j, STR("kind"), transfer_exit_name(d->exits[i].kind));
        json_put_i64(j, STR("amount"), d->exits[i].amount);
        json_end(j);
    }
    json_end(j);
}

static void put_doubts(const struct trail_doc *d, const struct trail_form *form, struct json *j)
{
    json_key(j, STR("ambiguities"));
    json_array(j);
    for (size_t i = 0; i < d->doubt_count; i++) {
        const struct trail_doubt *doubt = &d->doubts[i];
        json_object(j);
        json_put_str(j, STR("account"), doubt->account);
        json_key(j, STR("transfers"));
        json_array(j);
        for (size_t k = 0; k < doubt->transfer_count; k++)
            json_str(j, doubt->transfers[k]);
        json_end(j);
        json_put_str(j, STR("reason"), form->say(form->self, doubt->reason));
        json_put_str(j, STR("code"), str_from_c(doubt->reason));
        if (doubt->has_range) {
            json_key(j, STR("present"));
            json_object(j);
            json_put_i64(j, STR("low"), doubt->low);
            json_put_i64(j, STR("high"), doubt->high);
            json_end(j);
        }
        json_end(j);
    }
    json_end(j);
}

static void put_totals(const struct trail_doc *d, struct json *j)
{
    json_key(j, STR("totals"));
    json_object(j);
    json_put_i64(j, STR("stolen"), d->stolen);
    if (!is_reach(d)) {
        json_put_i64(j, STR("present"), d->present);
        json_put_i64(j, STR("held"), d->held);
        json_put_i64(j, STR("exited"), d->exited);
        json_put_i64(j, STR("unknown"), d->unknown);
    }
    json_end(j);
}

static void put_elsewhere(const struct trail_doc *d, struct json *j)
{
    if (d->elsewhere_count == 0)
        return;
    json_key(j, STR("held_elsewhere"));
    json_array(j);
    for (size_t i = 0; i < d->elsewhere_count; i++) {
        json_object(j);
        json_put_str(j, STR("account"), d->elsewhere[i].account);
        json_put_i64(j, STR("held"), d->elsewhere[i].held);
        json_end(j);
    }
    json_end(j);
}

void trail_write_json(const struct trail_doc *d, const struct trail_form *form, struct text *t)
{
    struct json j;
    json_init(&j, t);
    json_object(&j);
    json_put_str(&j, STR("incident"), form->incident);
    json_put_str(&j, STR("method"), trail_method_name(d->method));
    put_time(&j, STR("as_of"), d->as_of_ms, form);
    json_put_str(&j, STR("currency"), d->currency);
    put_sources(d, form, &j);
    put_nodes(d, form, &j);
    put_edges(d, form, &j);
    put_exits(d, &j);
    put_doubts(d, form, &j);
    put_totals(d, &j);
    put_elsewhere(d, &j);
    json_end(&j);
}

/* RFC 4180; a first character that a spreadsheet would compute with is made a text. */
static void put_field(struct text *t, str value)
{
    bool is_formula = value.size > 0 && str_find_char(STR("=+-@"), value.at[0]) < 4;
    bool is_quoted = is_formula || str_find_char(value, ',') < value.size ||
                     str_find_char(value, '"') < value.size;
    if (!is_quoted) {
        text_put(t, value);
        return;
    }
    text_put_char(t, '"');
    if (is_formula)
        text_put_char(t, '\'');
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == '"')
            text_put_char(t, '"');
        text_put_char(t, value.at[i]);
    }
    text_put_char(t, '"');
}

void trail_write_csv(const struct trail_doc *d, const struct trail_form *form, struct text *t)
{
    char room[INSTANT_TEXT_BYTES];
    text_put_c(t, is_reach(d) ? "layer,transfer,from,to,time,amount,currency,status,exit\n"
                              : "layer,transfer,from,to,time,amount,currency,status,exit,"
                                "attributed\n");
    for (size_t i = 0; i < d->edge_count; i++) {
        const struct trail_edge *e = &d->edges[i];
        text_printf(t, "%u,", (unsigned)e->layer);
        put_field(t, e->transfer.id);
        text_put_char(t, ',');
        put_field(t, e->transfer.from);
        text_put_char(t, ',');
        put_field(t, e->transfer.to);
        text_put_char(t, ',');
        text_put(t, time_text(e->transfer.time_ms, form, room));
        text_printf(t, ",%lld,%s,", (long long)e->transfer.amount_minor, e->transfer.currency);
        text_put(t, transfer_status_name(e->transfer.status));
        text_put_char(t, ',');
        text_put(t, transfer_exit_name(e->transfer.exit));
        if (!is_reach(d))
            text_printf(t, ",%lld", (long long)e->attributed);
        text_put_char(t, '\n');
    }
}
