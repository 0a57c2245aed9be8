/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/alerts_read.h"

enum { DAYS_MOST = 36500, MINUTES_MOST = 43200, COUNT_MOST = 1000000000 };

/* clang-format off */
static const struct {
    const char *key;
    struct node_bounds bounds;
    size_t offset;
} terms[] = {
    {"a_number", {1, 1000}, offsetof(struct law_profile, alert_a_number)},
    {"fade_hours", {1, 720}, offsetof(struct law_profile, alert_fade_hours)},
    {"hush_days", {0, 3650}, offsetof(struct law_profile, alert_hush_days)},
    {"check_milli", {0, 1000}, offsetof(struct law_profile, alert_check_milli)},
    {"retention_days", {1, DAYS_MOST}, offsetof(struct law_profile, alert_retention_days)},
    {"whereabouts_hours", {0, 168}, offsetof(struct law_profile, whereabouts_hours)},
};
static const struct {
    const char *key;
    struct node_bounds bounds;
    size_t offset;
} limits[] = {
    {"due_min", {0, MINUTES_MOST}, offsetof(struct ladder, due_min)},
    {"escalate_min", {0, MINUTES_MOST}, offsetof(struct ladder, escalate_min)},
    {"a_day", {0, COUNT_MOST}, offsetof(struct ladder, a_day)},
};
/* clang-format on */

static bool two_digits(str s, size_t at, int64_t *ret_value)
{
    for (size_t i = at; i < at + 2; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    *ret_value = (s.at[at] - '0') * 10 + (s.at[at + 1] - '0');
    return true;
}

/* "22:00", as minutes of the day. */
static err read_hour(struct conf_reading *r, const struct yaml_node *in, const char *key,
                     int64_t *ret_min)
{
    str text = {0};
    int64_t hour = 0;
    int64_t minute = 0;
    TRY(node_child_text(r, in, key, &text));
    bool is_sound = text.size == 5 && text.at[2] == ':' && two_digits(text, 0, &hour) &&
                    two_digits(text, 3, &minute) && hour <= 23 && minute <= 59;
    if (!is_sound)
        return node_fail(r, yaml_find(in, key), str_from_c(key), "law.hour");
    *ret_min = hour * 60 + minute;
    return OK;
}

static err read_quiet(struct conf_reading *r, const struct yaml_node *alerts,
                      struct law_profile *law)
{
    static const char *const known[] = {"from", "until"};
    const struct yaml_node *quiet = NULL;
    TRY(node_child(r, alerts, "quiet", &quiet));
    TRY(node_check_keys(r, quiet, known, COUNT_OF(known)));
    TRY(read_hour(r, quiet, "from", &law->alert_quiet_from_min));
    return read_hour(r, quiet, "until", &law->alert_quiet_until_min);
}

/* One of two words: is it the second? */
static err read_choice(struct conf_reading *r, const struct yaml_node *in, const char *key,
                       const char *const words[3], int64_t *ret_is_second)
{
    const struct yaml_node *node = NULL;
    unsigned word = 0;
    TRY(node_child(r, in, key, &node));
    if (!word_parse(words, yaml_text(node), &word))
        return node_fail(r, node, str_from_c(key), "law.ladder");
    *ret_is_second = word;
    return OK;
}

/* By rising means: a ladder never goes back. */
static err read_step(struct conf_reading *r, const struct yaml_node *item, struct ladder *l)
{
    static const char *const known[] = {"means", "within_min"};
    const struct yaml_node *node = NULL;
    struct ladder_step step = {0};
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child(r, item, "means", &node));
    unsigned before = l->step_count == 0 ? MEANS_NONE : l->steps[l->step_count - 1].means;
    if (!word_parse(outreach_means_words, yaml_text(node), &step.means) || step.means <= before)
        return node_fail(r, node, yaml_text(node), "law.ladder");
    TRY(node_child(r, item, "within_min", &node));
    TRY(node_i64(r, node, (struct node_bounds){1, MINUTES_MOST}, &step.within_min));
    l->steps[l->step_count++] = step;
    return OK;
}

static err read_ladder(struct conf_reading *r, const struct yaml_node *in, struct ladder *l)
{
    static const char *const known[] = {"due_min", "escalate_min", "a_day",
                                        "quiet",   "reached",      "steps"};
    static const char *const quiet[] = {"ignores", "heeds", NULL};
    static const char *const reached[] = {"goes_on", "is_enough", NULL};
    const struct yaml_node *list = NULL;
    TRY(node_check_keys(r, in, known, COUNT_OF(known)));
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        const struct yaml_node *node = NULL;
        TRY(node_child(r, in, limits[i].key, &node));
        TRY(node_i64(r, node, limits[i].bounds, (int64_t *)(void *)((char *)l + limits[i].offset)));
    }
    TRY(read_choice(r, in, "quiet", quiet, &l->heeds_quiet));
    TRY(read_choice(r, in, "reached", reached, &l->reached_is_enough));
    TRY(node_child(r, in, "steps", &list));
    TRY(node_check_list(r, list, LADDER_STEPS));
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next)
        TRY(read_step(r, item, l));
    return OK;
}

err alerts_read(struct conf_reading *r, const struct yaml_node *root, struct law_profile *law)
{
    static const char *const known[] = {"quiet",     "a_number",         "fade_hours",
                                        "hush_days", "check_milli",      "retention_days",
                                        "ladders",   "whereabouts_hours"};
    const struct yaml_node *alerts = NULL;
    const struct yaml_node *ladders = NULL;
    TRY(node_child(r, root, "alerts", &alerts));
    TRY(node_check_keys(r, alerts, known, COUNT_OF(known)));
    TRY(read_quiet(r, alerts, law));
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        const struct yaml_node *node = NULL;
        TRY(node_child(r, alerts, terms[i].key, &node));
        TRY(node_i64(r, node, terms[i].bounds, (int64_t *)(void *)((char *)law + terms[i].offset)));
    }
    TRY(node_child(r, alerts, "ladders", &ladders));
    TRY(node_check_keys(r, ladders, alert_tier_words, ALERT_TIER_COUNT));
    for (size_t tier = 0; tier < ALERT_TIER_COUNT; tier++) {
        const struct yaml_node *one = NULL;
        TRY(node_child(r, ladders, alert_tier_words[tier], &one));
        TRY(read_ladder(r, one, &law->ladders[tier]));
    }
    return OK;
}
