/* SPDX-License-Identifier: Apache-2.0 */
#include "show/messages.h"

#include "base/embedded.h"

/* lang/messages.tsv: key, English, Chinese; sorted by key */
extern const struct embedded_file message_files[];

struct line {
    str key;
    str en;
    str zh;
};

static struct {
    struct line *at;
    size_t count;
} catalogue;

err messages_boot(struct arena *boot)
{
    struct line *lines = arena_make_array(boot, MESSAGES_MAX, sizeof *lines);
    if (lines == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    size_t count = 0;
    str rest = message_files[0].bytes;
    str line = {0};
    while (str_split(&rest, '\n', &line)) {
        if (str_is_empty(line))
            continue;
        struct line *made = &lines[count];
        bool is_whole = count < MESSAGES_MAX && str_split(&line, '\t', &made->key) &&
                        str_split(&line, '\t', &made->en) && str_split(&line, '\t', &made->zh);
        if (!is_whole || (count > 0 && str_compare(lines[count - 1].key, made->key) >= 0))
            return fail(ERR_CORRUPT, "messages: the catalogue is not sorted in three columns",
                        (uint32_t)count + 1);
        count++;
    }
    catalogue.at = lines;
    catalogue.count = count;
    return OK;
}

static const struct line *find(str key)
{
    size_t low = 0;
    size_t high = catalogue.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(catalogue.at[middle].key, key);
        if (order == 0)
            return &catalogue.at[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

str message(str key, enum language language)
{
    const struct line *line = find(key);
    if (line == NULL)
        return key;
    return language == LANGUAGE_EN ? line->en : line->zh;
}

bool message_exists(str key)
{
    return find(key) != NULL;
}

/* The weight of one item, in thousandths; 1000 when it has none. */
static int weight(str item)
{
    str part = {0};
    str_split(&item, ';', &part);
    while (str_split(&item, ';', &part)) {
        part = str_trim(part);
        if (!str_starts(part, STR("q=")))
            continue;
        int value = part.size > 2 && part.at[2] == '1' ? 1000 : 0;
        int scale = 100;
        for (size_t i = 4; i < part.size && i < 7; i++, scale /= 10)
            value += (part.at[i] - '0') * scale;
        return value;
    }
    return 1000;
}

enum language language_of(str accept_language)
{
    enum language best = LANGUAGE_ZH;
    int best_weight = 0;
    str item = {0};
    while (str_split(&accept_language, ',', &item)) {
        item = str_trim(item);
        int w = weight(item);
        bool is_en = str_equal_nocase(str_until(item, 2), STR("en"));
        bool is_zh = str_equal_nocase(str_until(item, 2), STR("zh"));
        if ((is_en || is_zh) && w > best_weight) {
            best = is_en ? LANGUAGE_EN : LANGUAGE_ZH;
            best_weight = w;
        }
    }
    return best;
}
