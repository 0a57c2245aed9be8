/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/answer.h"

#include "kit/json_write.h"

#include <assert.h>

void feed_answer_put_refusal(struct feed_answer *a, struct arena *arena,
                             const struct feed_refusal *refusal)
{
    assert(refusal->code != NULL);
    a->refused++;
    if (a->refusal_count == FEED_INLINE_MAX)
        return;
    str column = str_copy(arena, refusal->column);
    if (column.at == NULL)
        return;
    a->refusals[a->refusal_count].row = refusal->number;
    a->refusals[a->refusal_count].column = column;
    a->refusals[a->refusal_count].code = refusal->code;
    a->refusal_count++;
}

void feed_answer_format(const struct feed_answer *a, str (*reason)(void *self, const char *code),
                        void *self, struct text *t)
{
    assert(a->refusal_count <= FEED_INLINE_MAX && reason != NULL);
    struct json j;
    json_init(&j, t);
    json_object(&j);
    json_put_str(&j, STR("batch"), a->batch);
    json_put_i64(&j, STR("accepted"), a->accepted);
    json_put_i64(&j, STR("duplicate"), a->duplicate);
    json_put_i64(&j, STR("refused"), a->refused);
    if (a->has_late)
        json_put_i64(&j, STR("late"), a->late);
    json_key(&j, STR("refusals"));
    json_array(&j);
    for (size_t i = 0; i < a->refusal_count; i++) {
        json_object(&j);
        json_put_i64(&j, STR("row"), a->refusals[i].row);
        json_put_str(&j, STR("column"), a->refusals[i].column);
        json_put_str(&j, STR("code"), str_from_c(a->refusals[i].code));
        json_put_str(&j, STR("reason"), reason(self, a->refusals[i].code));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}
