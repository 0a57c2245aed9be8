/* SPDX-License-Identifier: Apache-2.0 */
#include "train/calls.h"

#include "env/file.h"
#include "env/pages.h"
#include "kit/secret.h"
#include "sense/model_file.h"
#include "sense/model_row.h"

#include <assert.h>

/* The margin of whom the server does not ask its model about, or says nothing of. */
#define UNSAID (-1000.0F)

enum { LINE_BYTES = 4 << 10, KEEP_BITS = 16 };

/* Who has a slot of the book. */
struct holder {
    uint64_t key;
    uint32_t id; /* from 1 */
    float most;  /* of its margins */
};

struct making {
    const struct calls_order *order;
    struct sight_keys keys;
    struct known known;
    struct model_binding binding;
    struct file_draft draft;
    struct arena turn; /* of a line */
    struct pages pages;
    struct holder *holders; /* by slot */
    struct calls_counts *counts;
    uint32_t ids;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static err put_line(struct making *m, const struct text *line)
{
    return text_spent(line) ? spent() : file_draft_put(&m->draft, text_str(line));
}

static err put_header(struct making *m)
{
    struct text line;
    text_init(&line, &m->turn);
    text_put_c(&line, "id,part,label");
    for (enum feature f = 0; f < FEATURE_COUNT && m->order->model == NULL; f++) {
        text_put_char(&line, ',');
        text_put_c(&line, feature_name(f));
    }
    text_put_c(&line, m->order->model == NULL ? "\n" : ",out_calls,margin\n");
    return put_line(m, &line);
}

static err put_row(struct making *m, const struct holder *h, struct known_one one,
                   const uint32_t values[FEATURE_COUNT])
{
    struct text line;
    arena_reset(&m->turn);
    text_init(&line, &m->turn);
    text_put_u64(&line, h->id);
    text_put_char(&line, ',');
    text_put(&line, m->known.kinds[one.kind]);
    text_put_c(&line, one.is_bad ? ",1" : ",0");
    for (enum feature f = 0; f < FEATURE_COUNT && m->order->model == NULL; f++) {
        text_put_char(&line, ',');
        text_put_u64(&line, values[f]);
    }
    if (m->order->model != NULL) {
        text_put_char(&line, ',');
        text_put_u64(&line, values[FEATURE_OUT]);
        text_put_char(&line, ',');
        model_number_put(&line, h->most);
    }
    text_put_char(&line, '\n');
    m->counts->rows++;
    return put_line(m, &line);
}

/* Pseudonyms are as good as drawn: which of them are kept has nothing to do with who they are. */
static bool is_kept(const struct making *m, uint64_t key, struct known_one one)
{
    return one.is_bad || (key >> KEEP_BITS) % m->order->keep == 0;
}

static float score(const struct making *m, const uint32_t values[FEATURE_COUNT])
{
    float row[FEATURE_COUNT];
    model_row(&m->binding, values, row);
    return model_score(m->order->model, row);
}

static err on_due(void *self, const struct hear_due *due)
{
    struct making *m = self;
    struct holder *h = &m->holders[due->slot];
    struct known_one one = known_find(&m->known, due->key);
    if (!is_kept(m, due->key, one))
        return OK;
    bool is_new = h->key != due->key;
    if (is_new) {
        *h = (struct holder){.key = due->key, .id = ++m->ids};
        *(one.is_bad ? &m->counts->bad : &m->counts->good) += 1;
    }
    if (m->order->model != NULL) {
        bool is_said = due->is_asked && !due->is_borrowed;
        float margin = is_said ? score(m, due->values) : UNSAID;
        if (!is_new && !(margin > h->most))
            return OK;
        h->most = margin;
    }
    return put_row(m, h, one, due->values);
}

static void on_refused(void *self, const char *path, const struct feed_refusal *refusal)
{
    const struct making *m = self;
    m->order->refused(m->order->self, path, refusal);
}

static err write_table(struct making *m, const char **ret_path)
{
    const struct calls_order *o = m->order;
    struct hear_order order = {.paths = o->paths,
                               .path_count = o->path_count,
                               .keys = &m->keys,
                               .region = o->region,
                               .zone_s = o->zone_s,
                               .now = o->now,
                               .self = m,
                               .due = on_due,
                               .refused = on_refused};
    TRY(put_header(m));
    return hear(&order, &m->counts->heard, ret_path);
}

static err seal(struct making *m, err before)
{
    err e = failed(before) ? before : file_draft_seal(&m->draft);
    file_draft_close(&m->draft);
    return e;
}

static err run(struct making *m, struct arena *a, struct rows_fault *fault, const char **ret_path)
{
    const struct calls_order *o = m->order;
    struct known_order truth = {.path = o->truth, .keys = &m->keys, .region = o->region};
    *ret_path = o->truth;
    TRY(known_read(&truth, a, &m->known, fault));
    TRY(pages_make_sparse(HEAR_NUMBERS * sizeof *m->holders, &m->pages));
    m->holders = m->pages.at;
    *ret_path = o->out;
    TRY(file_draft_open(o->out, FILE_PUBLIC, &m->draft));
    return seal(m, write_table(m, ret_path));
}

err calls_table(const struct calls_order *order, struct arena *a, struct calls_counts *ret_counts,
                struct rows_fault *ret_fault, const char **ret_path)
{
    struct making m = {.order = order, .counts = ret_counts};
    assert(order->keep > 0 && order->out != NULL && order->truth != NULL);
    *ret_counts = (struct calls_counts){.rows = 0};
    *ret_fault = (struct rows_fault){.line = 0};
    *ret_path = order->truth;
    if (order->model != NULL)
        TRY(model_bind(order->model, &m.binding));
    sight_keys_make(order->secret, &m.keys);
    arena_init(&m.turn, LINE_BYTES);
    err e = run(&m, a, ret_fault, ret_path);
    pages_drop(&m.pages);
    arena_done(&m.turn);
    secret_wipe(&m.keys, sizeof m.keys);
    return e;
}
