/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes of a case that stands, with the words that the race and its orders want of them: only
 * those that the last settling went through are written anew. */
#include "app/money/trail_doc_inside.h"
#include "app/money/trail_standing.h"
#include "fact/account.h"

#include <assert.h>
#include <string.h>

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- room --- */

static void *wider(struct arena *a, const void *old, size_t old_bytes, size_t bytes)
{
    char *at = arena_make(a, bytes);
    if (at != NULL && old_bytes > 0)
        memcpy(at, old, old_bytes);
    return at;
}

static err make_room(struct trail_standing *s, uint32_t count)
{
    uint32_t was = s->room;
    uint32_t room = was == 0 ? 64 : was;
    while (room < count)
        room *= 2;
    if (room == was)
        return OK;
    struct arena *a = &s->arena;
    s->prints = wider(a, s->prints, was * sizeof *s->prints, room * sizeof *s->prints);
    s->nodes = wider(a, s->nodes, was * sizeof *s->nodes, room * sizeof *s->nodes);
    s->is_named = wider(a, s->is_named, was, room);
    s->changed = wider(a, s->changed, was * sizeof *s->changed, room * sizeof *s->changed);
    s->is_changed = wider(a, s->is_changed, was, room);
    s->room = room;
    bool has_all = s->prints != NULL && s->nodes != NULL && s->is_named != NULL &&
                   s->changed != NULL && s->is_changed != NULL;
    return has_all ? OK : spent();
}

/* --- words --- */

static err keep_bank(struct trail_standing *s, struct trail_node *node, str bank)
{
    if (str_equal(node->bank, bank))
        return OK;
    node->bank = str_copy(&s->arena, bank);
    return node->bank.at == NULL ? spent() : OK;
}

/* As its first payer wrote it, where one did; else its number may say it. */
static err bank_by_payers(struct trail_standing *s, uint32_t number, str *ret_bank)
{
    struct account account = {0};
    uint32_t cursor = 0;
    uint32_t ordinal = 0;
    str key = s->nodes[number].key;
    while (case_nodes_arrival(s->c, number, &cursor, &ordinal)) {
        struct transfer t = {0};
        arena_reset(&s->scratch);
        TRY(runs_reader_details(s->reader, ordinal, &s->scratch, &t));
        *ret_bank = t.to_bank;
        if (!str_is_empty(t.to_bank))
            return OK;
    }
    bool is_known =
        !failed(account_parse(key, &s->scratch, &account)) && str_equal(account.value, key);
    *ret_bank = is_known ? account.bank.code : STR("");
    return OK;
}

/* Its bank's own word goes before that of whoever paid. */
static err hear_bank(struct trail_standing *s, uint32_t number)
{
    struct trail_node *node = &s->nodes[number];
    struct account_facts facts = {0};
    arena_reset(&s->scratch);
    err e = runs_ask_facts(s->runs, node->account, &s->scratch, &facts);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    node->is_company = !failed(e) && str_equal(facts.holder_kind, STR("company"));
    s->is_named[number] = !failed(e) && !str_is_empty(facts.bank);
    return s->is_named[number] ? keep_bank(s, node, facts.bank) : OK;
}

/* --- one node --- */

static void count_money(struct trail_node *node, const struct case_node *kept)
{
    node->account = kept->account;
    node->layer = kept->layer;
    node->received = kept->received;
    node->attributed = kept->attributed;
    node->present = kept->present;
    node->exited = kept->exited;
    node->unknown = kept->unknown;
    node->first_ms = kept->first_ms;
    node->last_ms = kept->last_ms;
}

static err write_node(struct trail_standing *s, uint32_t number, bool has_bank_spoken)
{
    struct trail_node *node = &s->nodes[number];
    str bank = {0};
    count_money(node, &s->kept.at[number].node);
    if (node->attributed == 0) { /* should money come again, its words are asked for again */
        node->key = node->bank = STR("");
        s->is_named[number] = false;
        return OK;
    }
    bool is_new = str_is_empty(node->key);
    if (is_new)
        TRY(runs_ask_account_key(s->runs, node->account, &s->arena, &node->key));
    if (is_new || has_bank_spoken)
        TRY(hear_bank(s, number));
    if (s->is_named[number])
        return OK;
    TRY(bank_by_payers(s, number, &bank));
    return keep_bank(s, node, bank);
}

/* --- all that changed --- */

static void note(struct trail_standing *s, uint32_t number)
{
    if (!s->is_changed[number])
        s->changed[s->changed_count++] = number;
    s->is_changed[number] = true;
}

static void begin_anew(struct trail_standing *s)
{
    memset(s->nodes, 0, s->room * sizeof *s->nodes);
    memset(s->is_named, 0, s->room);
    memset(s->is_changed, 0, s->room);
    s->changed_count = 0;
    s->are_all_changed = true;
}

err standing_nodes(struct making *m)
{
    struct trail_standing *s = m->standing;
    bool has_spoken = s->said != m->seat.view->said; /* some bank, of some account */
    TRY(case_nodes_look(&s->kept, s->c, &s->arena));
    TRY(make_room(s, s->kept.count));
    if (s->kept.is_anew)
        begin_anew(s);
    s->node_count = s->kept.count;
    for (uint32_t i = 0; !has_spoken && i < s->kept.changed_count; i++) {
        TRY(write_node(s, s->kept.changed[i], false));
        note(s, s->kept.changed[i]);
    }
    for (uint32_t i = 0; has_spoken && i < s->node_count; i++) {
        TRY(write_node(s, i, true));
        note(s, i);
    }
    return OK;
}

/* --- for whoever asks --- */

const struct trail_node *trail_standing_find(const struct trail_standing *s, uint32_t account)
{
    uint32_t number = s->c == NULL ? UINT32_MAX : case_account_number(s->c, account);
    bool is_node = number < s->node_count && s->nodes[number].attributed > 0;
    return is_node ? &s->nodes[number] : NULL;
}

int64_t trail_standing_left_ms(const struct trail_standing *s, const struct trail_node *node)
{
    assert(node >= s->nodes && node < s->nodes + s->node_count);
    return s->kept.at[node - s->nodes].left_ms;
}

void trail_standing_taken(struct trail_standing *s)
{
    for (uint32_t i = 0; i < s->changed_count; i++)
        s->is_changed[s->changed[i]] = false;
    s->changed_count = 0;
    s->are_all_changed = false;
}
