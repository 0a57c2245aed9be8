/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/conf.h"
#include "conf/options.h"

static void indent_put(struct text *t, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        text_put_c(t, "  ");
}

static bool needs_quotes(const struct conf_option *option)
{
    str preset = str_from_c(option->preset);
    return str_is_empty(preset) || str_find_char(preset, ':') < preset.size;
}

/* Opens the groups of `key` that `before` is not in; returns how deep the option stands. */
static size_t groups_put(struct text *t, str key, str before)
{
    size_t depth = 0;
    size_t shared = 0;
    bool is_shared = true;
    for (size_t dot = str_find_char(key, '.'); dot < key.size;
         dot = shared + str_find_char(str_from(key, shared), '.')) {
        is_shared = is_shared && str_starts(before, str_until(key, dot + 1));
        if (!is_shared) {
            text_put_char(t, '\n');
            indent_put(t, depth);
            text_put(t, str_make(key.at + shared, dot - shared));
            text_put_c(t, ":\n");
        }
        depth++;
        shared = dot + 1;
    }
    return depth;
}

static void option_put(struct text *t, const struct conf_option *option, str value, size_t depth)
{
    str key = str_from_c(option->key);
    for (size_t dot = 0; (dot = str_find_char(key, '.')) < key.size;)
        key = str_from(key, dot + 1);
    const char *const lines[] = {option->zh, option->en};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        indent_put(t, depth);
        text_put_c(t, "# ");
        text_put_c(t, lines[i]);
        text_put_char(t, '\n');
    }
    indent_put(t, depth);
    text_put(t, key);
    text_put_c(t, needs_quotes(option) ? ": \"" : ": ");
    text_put(t, value);
    text_put_c(t, needs_quotes(option) ? "\"\n" : "\n");
}

static str value_of(const struct conf_option *option, const struct conf_choice *choices,
                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(choices[i].key, option->key) == 0)
            return choices[i].value;
    return str_from_c(option->preset);
}

void conf_write_default(struct text *t, const struct conf_choice *choices, size_t count)
{
    text_put_c(
        t, "# 玉门配置 / Configuration of Yumen. 每一项都是默认值 / Every option at its default.\n"
           "# 写错的名称会被拒绝并指出行号 / A name with a slip is refused, with its line.\n\n");
    str before = STR("");
    for (size_t i = 0; i < conf_option_count; i++) {
        const struct conf_option *option = &conf_options[i];
        if (option->type == CONF_RESERVED)
            continue;
        str key = str_from_c(option->key);
        option_put(t, option, value_of(option, choices, count), groups_put(t, key, before));
        before = key;
    }
}
