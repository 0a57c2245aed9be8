/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/law_read.h"

#include "conf/alerts_read.h"

#include <assert.h>

static bool is_code(str s, str also, size_t max_bytes)
{
    for (size_t i = 0; i < s.size; i++) {
        bool is_plain = (s.at[i] >= 'a' && s.at[i] <= 'z') || (s.at[i] >= '0' && s.at[i] <= '9');
        if (!is_plain && str_find_char(also, s.at[i]) == also.size)
            return false;
    }
    return s.size >= 1 && s.size <= max_bytes;
}

static bool is_capitals(str s, size_t count)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] < 'A' || s.at[i] > 'Z')
            return false;
    return s.size == count;
}

static err read_checked(struct conf_reading *r, const struct yaml_node *root, const char *key,
                        str *ret_text)
{
    str text = {0};
    TRY(node_child_text(r, root, key, &text));
    const struct yaml_node *node = yaml_find(root, key);
    str name = str_from_c(key);
    if (str_equal(name, STR("name")) && !is_code(text, STR("-"), 16))
        return node_fail(r, node, name, "law.name");
    if (str_equal(name, STR("currency")) && !is_capitals(text, 3))
        return node_fail(r, node, name, "law.currency");
    if (str_equal(name, STR("phone_region")) && !is_capitals(text, 2))
        return node_fail(r, node, name, "law.region");
    *ret_text = text;
    return OK;
}

static bool two_digits(str s, size_t at, int *ret_value)
{
    if (at + 2 > s.size || s.at[at] < '0' || s.at[at] > '9' || s.at[at + 1] < '0' ||
        s.at[at + 1] > '9')
        return false;
    *ret_value = (s.at[at] - '0') * 10 + (s.at[at + 1] - '0');
    return true;
}

/* "+08:00" */
static err read_zone(struct conf_reading *r, const struct yaml_node *root, int *ret_min)
{
    str text = {0};
    int hour = 0;
    int minute = 0;
    TRY(node_child_text(r, root, "zone", &text));
    bool is_sound = text.size == 6 && (text.at[0] == '+' || text.at[0] == '-') &&
                    text.at[3] == ':' && two_digits(text, 1, &hour) &&
                    two_digits(text, 4, &minute) && hour <= 14 && minute <= 59;
    if (!is_sound)
        return node_fail(r, yaml_find(root, "zone"), STR("zone"), "law.zone");
    int away = hour * 60 + minute;
    *ret_min = text.at[0] == '-' ? -away : away;
    return OK;
}

static err read_terms(struct conf_reading *r, const struct yaml_node *root, struct law_profile *law)
{
    const struct yaml_node *kinds = NULL;
    TRY(node_child(r, root, "listing_max_days", &kinds));
    TRY(node_check_keys(r, kinds, indicator_kind_words, INDICATOR_KIND_COUNT));
    for (size_t kind = 0; kind < INDICATOR_KIND_COUNT; kind++) {
        const struct yaml_node *actions = NULL;
        TRY(node_child(r, kinds, indicator_kind_words[kind], &actions));
        TRY(node_check_keys(r, actions, listing_action_words, ACTION_COUNT));
        for (size_t action = 0; action < ACTION_COUNT; action++) {
            const struct yaml_node *term = NULL;
            int64_t days = 0;
            TRY(node_child(r, actions, listing_action_words[action], &term));
            TRY(node_i64(r, term, (struct node_bounds){0, LAW_TERM_DAYS_MAX}, &days));
            law->listing_max_term_us[kind][action] = days * US_PER_DAY;
        }
    }
    return OK;
}

/* An order's longest term and how often it may be extended by as much. */
static err read_orders(struct conf_reading *r, const struct yaml_node *root,
                       struct law_profile *law)
{
    static const char *const known[] = {"max_hours", "repeats"};
    const struct yaml_node *kinds = NULL;
    TRY(node_child(r, root, "orders", &kinds));
    TRY(node_check_keys(r, kinds, order_kind_words, ORDER_KIND_COUNT));
    for (size_t kind = 0; kind < ORDER_KIND_COUNT; kind++) {
        const struct yaml_node *one = NULL;
        const struct yaml_node *node = NULL;
        int64_t hours = 0;
        TRY(node_child(r, kinds, order_kind_words[kind], &one));
        TRY(node_check_keys(r, one, known, COUNT_OF(known)));
        TRY(node_child(r, one, "max_hours", &node));
        TRY(node_i64(r, node, (struct node_bounds){0, LAW_TERM_DAYS_MAX * 24}, &hours));
        TRY(node_child(r, one, "repeats", &node));
        TRY(node_i64(r, node, (struct node_bounds){0, 1000}, &law->order_max_repeats[kind]));
        law->order_max_term_us[kind] = hours * 60 * US_PER_MIN;
    }
    return OK;
}

/* Whole numbers of the file: where, between what, into what. */
/* clang-format off */
static const struct {
    const char *group; /* NULL: the top */
    const char *key;
    struct node_bounds bounds;
    size_t offset;
} numbers[] = {
    {NULL, "appeal_working_days", {1, 250}, offsetof(struct law_profile, appeal_working_days)},
    {NULL, "emergency_min", {1, 1440}, offsetof(struct law_profile, emergency_min)},
    {NULL, "escalate_min", {1, 10080}, offsetof(struct law_profile, escalate_min)},
    {NULL, "unrelated_days", {1, 30}, offsetof(struct law_profile, unrelated_days)},
    {NULL, "session_hours", {1, 720}, offsetof(struct law_profile, session_hours)},
    {NULL, "token_days", {1, 3650}, offsetof(struct law_profile, token_days)},
    {"retention", "appeal_days", {1, 36500}, offsetof(struct law_profile, appeal_retention_days)},
    {"retention", "listing_days", {1, 36500}, offsetof(struct law_profile, listing_retention_days)},
    {"retention", "reject_days", {1, 3650}, offsetof(struct law_profile, reject_retention_days)},
    {"retention", "report_days", {1, 36500}, offsetof(struct law_profile, report_retention_days)},
    {"refund", "notice_days", {1, 365}, offsetof(struct law_profile, refund_notice_days)},
    {"refund", "review_working_days", {1, 250}, offsetof(struct law_profile, refund_review_days)},
    {"refund", "approve_working_days", {1, 250}, offsetof(struct law_profile, refund_approve_days)},
    {"refund", "pay_working_days", {1, 250}, offsetof(struct law_profile, refund_pay_days)},
    {"refund", "close_working_days", {1, 250}, offsetof(struct law_profile, refund_close_days)},
};
/* clang-format on */

static err read_refund_rule(struct conf_reading *r, const struct yaml_node *refund,
                            struct law_profile *law)
{
    const struct yaml_node *node = NULL;
    unsigned rule = 0;
    TRY(node_child(r, refund, "rule", &node));
    if (!word_parse(refund_rule_words, yaml_text(node), &rule))
        return node_fail(r, node, STR("rule"), "refund.rule");
    law->refund_rule = rule;
    return OK;
}

static err read_numbers(struct conf_reading *r, const struct yaml_node *root,
                        struct law_profile *law)
{
    static const char *const retention_keys[] = {"appeal_days", "listing_days", "reject_days",
                                                 "report_days"};
    static const char *const refund_keys[] = {"rule",
                                              "notice_days",
                                              "review_working_days",
                                              "approve_working_days",
                                              "pay_working_days",
                                              "close_working_days"};
    const struct yaml_node *retention = NULL;
    const struct yaml_node *refund = NULL;
    TRY(node_child(r, root, "retention", &retention));
    TRY(node_check_keys(r, retention, retention_keys, COUNT_OF(retention_keys)));
    TRY(node_child(r, root, "refund", &refund));
    TRY(node_check_keys(r, refund, refund_keys, COUNT_OF(refund_keys)));
    TRY(read_refund_rule(r, refund, law));
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const struct yaml_node *node = NULL;
        int64_t *at = (int64_t *)(void *)((char *)law + numbers[i].offset);
        const char *group = numbers[i].group;
        const struct yaml_node *in = root;
        if (group != NULL)
            in = strcmp(group, "refund") == 0 ? refund : retention;
        TRY(node_child(r, in, numbers[i].key, &node));
        TRY(node_i64(r, node, numbers[i].bounds, at));
    }
    return OK;
}

static err read_week(struct conf_reading *r, const struct yaml_node *root, uint32_t *ret_days)
{
    static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};
    const struct yaml_node *list = NULL;
    TRY(node_child(r, root, "working_week", &list));
    TRY(node_check_list(r, list, 7));
    uint32_t days = 0;
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        unsigned day = 0;
        bool is_new = word_parse(weekdays, yaml_text(item), &day) && (days >> day & 1U) == 0;
        if (!is_new)
            return node_fail(r, item, STR("working_week"), "law.weekday");
        days |= 1U << day;
    }
    if (days == 0)
        return node_fail(r, list, STR("working_week"), "law.weekday");
    *ret_days = days;
    return OK;
}

/* "2026-10-01", a day that exists. */
static bool date_parse(str s, struct law_day *day)
{
    int century = 0;
    int year = 0;
    bool is_shaped = s.size == 10 && s.at[4] == '-' && s.at[7] == '-' &&
                     two_digits(s, 0, &century) && two_digits(s, 2, &year) &&
                     two_digits(s, 5, &day->month) && two_digits(s, 8, &day->day);
    day->year = century * 100 + year;
    if (!is_shaped || day->year < 1970 || day->month < 1 || day->month > 12 || day->day < 1 ||
        day->day > 31)
        return false;
    struct civil c = instant_civil(instant_from_civil(day->year, day->month, day->day, 0), 0);
    return c.month == day->month && c.day == day->day;
}

static bool day_is_listed(const struct law_profile *law, const struct law_day *day)
{
    for (size_t i = 0; i < law->day_count; i++)
        if (law->days[i].day == day->day && law->days[i].month == day->month &&
            law->days[i].year == day->year)
            return true;
    return false;
}

/* Appends to law->days, of which `room` is the memory. */
static err read_days(struct conf_reading *r, const struct yaml_node *list, bool is_working,
                     struct law_day *room, struct law_profile *law)
{
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        struct law_day day = {.is_working = is_working};
        if (!date_parse(yaml_text(item), &day))
            return node_fail(r, item, list->key, "law.date");
        if (day_is_listed(law, &day))
            return node_fail(r, item, list->key, "law.day_repeated");
        room[law->day_count++] = day;
    }
    return OK;
}

static err read_calendar(struct conf_reading *r, const struct yaml_node *root,
                         struct law_profile *law)
{
    static const char *const known[] = {"holidays", "working_days"};
    const struct yaml_node *calendar = NULL;
    const struct yaml_node *holidays = NULL;
    const struct yaml_node *working = NULL;
    TRY(node_child(r, root, "calendar", &calendar));
    TRY(node_check_keys(r, calendar, known, COUNT_OF(known)));
    TRY(node_child(r, calendar, "holidays", &holidays));
    TRY(node_child(r, calendar, "working_days", &working));
    TRY(node_check_list(r, holidays, LAW_DAYS_MAX));
    TRY(node_check_list(r, working, LAW_DAYS_MAX));
    struct law_day *days =
        arena_make_array(r->arena, holidays->count + working->count + 1, sizeof(*days));
    if (days == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    law->days = days;
    TRY(read_days(r, holidays, false, days, law));
    return read_days(r, working, true, days, law);
}

static err read_word(struct conf_reading *r, const struct yaml_node *item, struct law_word *word)
{
    static const char *const known[] = {"code", "zh", "en"};
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child_text(r, item, "code", &word->code));
    TRY(node_child_text(r, item, "zh", &word->zh));
    TRY(node_child_text(r, item, "en", &word->en));
    return is_code(word->code, STR("_"), 64)
               ? OK
               : node_fail(r, yaml_find(item, "code"), word->code, "law.code");
}

static err read_words(struct conf_reading *r, const struct yaml_node *root, const char *key,
                      const struct law_word **ret_words, size_t *ret_count)
{
    const struct yaml_node *list = NULL;
    TRY(node_child(r, root, key, &list));
    TRY(node_check_list(r, list, LAW_WORDS_MAX));
    struct law_word *words = arena_make_array(r->arena, list->count + 1, sizeof(*words));
    if (words == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    size_t count = 0;
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        TRY(read_word(r, item, &words[count]));
        for (size_t i = 0; i < count; i++)
            if (str_equal(words[i].code, words[count].code))
                return node_fail(r, item, words[count].code, "law.code_repeated");
        count++;
    }
    if (count == 0)
        return node_fail(r, list, str_from_c(key), "conf.required");
    *ret_words = words;
    *ret_count = count;
    return OK;
}

/* A group of a Chinese and an English text. */
static err read_pair(struct conf_reading *r, const struct yaml_node *root, const char *key,
                     struct law_word *ret_pair)
{
    static const char *const known[] = {"zh", "en"};
    const struct yaml_node *pair = NULL;
    TRY(node_child(r, root, key, &pair));
    TRY(node_check_keys(r, pair, known, COUNT_OF(known)));
    TRY(node_child_text(r, pair, "zh", &ret_pair->zh));
    return node_child_text(r, pair, "en", &ret_pair->en);
}

struct notice {
    str both; /* one text: who is affected may read either */
    str zh;
    str en;
};

static err read_notice(struct conf_reading *r, const struct yaml_node *root, const char *key,
                       struct notice *ret_notice)
{
    struct law_word pair = {0};
    struct text t;
    TRY(read_pair(r, root, key, &pair));
    text_init(&t, r->arena);
    text_put(&t, pair.zh);
    text_put_char(&t, '\n');
    text_put(&t, pair.en);
    str both = text_str(&t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    *ret_notice =
        (struct notice){both, str_until(both, pair.zh.size), str_from(both, pair.zh.size + 1)};
    return OK;
}

static err read_notices(struct conf_reading *r, const struct yaml_node *root,
                        struct law_profile *law)
{
    struct notice n = {0};
    TRY(read_notice(r, root, "notice", &n));
    law->notice = n.both;
    law->notice_zh = n.zh;
    law->notice_en = n.en;
    TRY(read_notice(r, root, "order_notice", &n));
    law->order_notice = n.both;
    law->order_notice_zh = n.zh;
    law->order_notice_en = n.en;
    struct law_word papers = {0};
    TRY(read_pair(r, root, "order_papers", &papers));
    law->order_papers_zh = papers.zh;
    law->order_papers_en = papers.en;
    return OK;
}

/* As one dials it: 2 to 15 digits, of no area and no country. */
static bool is_dialled(str s)
{
    bool has_digits_only = true;
    for (size_t i = 0; i < s.size; i++)
        has_digits_only = has_digits_only && s.at[i] >= '0' && s.at[i] <= '9';
    return has_digits_only && s.size >= 2 && s.size <= 15 && s.at[0] != '0';
}

static err read_calls(struct conf_reading *r, const struct yaml_node *root, struct law_profile *law)
{
    static const char *const known[] = {"never_screened", "together_percent"};
    const struct yaml_node *calls = NULL;
    const struct yaml_node *list = NULL;
    TRY(node_child(r, root, "calls", &calls));
    TRY(node_check_keys(r, calls, known, COUNT_OF(known)));
    TRY(node_child(r, calls, known[1], &list));
    TRY(node_i64(r, list, (struct node_bounds){0, 99}, &law->together_percent));
    TRY(node_child(r, calls, known[0], &list));
    TRY(node_check_list(r, list, LAW_CALLS_MAX));
    str *made = arena_make_array(r->arena, list->count + 1, sizeof *made);
    if (made == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    size_t count = 0;
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        made[count] = yaml_text(item);
        if (!is_dialled(made[count++]))
            return node_fail(r, item, list->key, "law.call");
    }
    if (count == 0)
        return node_fail(r, list, list->key, "conf.required");
    law->never_screened = made;
    law->never_screened_count = count;
    return OK;
}

/* Not there: a bank that asks is never told to hold. */
static err read_ask_hold(struct conf_reading *r, const struct yaml_node *root,
                         struct law_profile *law)
{
    static const char *const known[] = {"minutes", "basis"};
    const struct yaml_node *node = NULL;
    const struct yaml_node *hold = yaml_find(root, "ask_hold");
    law->ask_hold_basis = STR("");
    if (hold == NULL)
        return OK;
    TRY(node_check_keys(r, hold, known, COUNT_OF(known)));
    TRY(node_child(r, hold, "minutes", &node));
    TRY(node_i64(r, node, (struct node_bounds){1, 4 * 1440}, &law->ask_hold_min));
    TRY(node_child(r, hold, "basis", &node));
    law->ask_hold_basis = yaml_text(node);
    for (size_t i = 0; i < law->basis_count; i++)
        if (str_equal(law->bases[i].code, law->ask_hold_basis))
            return OK;
    return node_fail(r, node, STR("basis"), "law.basis");
}

static err profile_read(struct conf_reading *r, const struct yaml_node *root,
                        struct law_profile *law)
{
    static const char *const known[] = {
        "name",           "title",        "zone",
        "currency",       "phone_region", "notice",
        "order_notice",   "orders",       "calls",
        "refund",         "token_days",   "calendar",
        "bases",          "reasons",      "listing_max_days",
        "emergency_min",  "escalate_min", "retention",
        "session_hours",  "working_week", "appeal_working_days",
        "unrelated_days", "order_papers", "alerts",
        "ask_hold",
    };
    struct law_word title = {0};
    TRY(node_check_keys(r, root, known, COUNT_OF(known)));
    TRY(read_checked(r, root, "name", &law->name));
    TRY(read_checked(r, root, "currency", &law->currency));
    TRY(read_checked(r, root, "phone_region", &law->phone_region));
    TRY(read_pair(r, root, "title", &title));
    law->title_zh = title.zh;
    law->title_en = title.en;
    TRY(read_notices(r, root, law));
    TRY(read_zone(r, root, &law->zone_min));
    TRY(read_terms(r, root, law));
    TRY(read_orders(r, root, law));
    TRY(read_numbers(r, root, law));
    TRY(read_calls(r, root, law));
    TRY(alerts_read(r, root, law));
    TRY(read_week(r, root, &law->working_weekdays));
    TRY(read_calendar(r, root, law));
    TRY(read_words(r, root, "bases", &law->bases, &law->basis_count));
    TRY(read_ask_hold(r, root, law));
    return read_words(r, root, "reasons", &law->reasons, &law->reason_count);
}

err law_profile_read(str yaml, struct arena *boot, struct law_profile *ret_law,
                     struct conf_fault *ret_fault)
{
    assert(boot != NULL && ret_law != NULL && ret_fault != NULL);
    struct conf_reading r = {.arena = boot, .fault = {.key = STR("")}};
    struct law_profile law = {0};
    const struct yaml_node *root = NULL;
    err e = yaml_parse(yaml, boot, &root);
    r.fault.line = failed(e) ? e.at : 0;
    if (!failed(e))
        e = profile_read(&r, root, &law);
    if (failed(e)) {
        *ret_fault = r.fault;
        return e;
    }
    *ret_law = law;
    return OK;
}
