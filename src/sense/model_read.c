/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/model_file.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { HEX_BYTES = 2 * DIGEST_BYTES };

static const char stamp_word[] = "sha256 ";

/* Where the reading stands. A line is looked at, then taken. */
struct lines {
    str rest; /* behind the line */
    str line; /* what of it is not read yet */
    uint32_t number;
    struct arena *arena;
};

static err wrong(const struct lines *l, const char *why)
{
    return fail(ERR_MALFORMED, why, l->number);
}

static err too_many(const struct lines *l)
{
    return fail(ERR_LIMIT, "model.too_many", l->number);
}

static void next_line(struct lines *l)
{
    size_t end = str_find_char(l->rest, '\n');
    l->line = str_until(l->rest, end);
    l->rest = str_from(l->rest, end + 1);
    l->number++;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* "point " at the front of the line is read over. */
static bool take_word(struct lines *l, str word)
{
    if (!str_starts(l->line, word))
        return false;
    l->line = str_from(l->line, word.size);
    return true;
}

/* Up to the next blank, which is read over too; empty when there is none left. */
static str take_piece(struct lines *l)
{
    size_t end = str_find_char(l->line, ' ');
    str piece = str_until(l->line, end);
    bool is_last = end == l->line.size;
    l->line = str_from(l->line, is_last ? end : end + 1);
    /* A blank with nothing behind it is a word too few. */
    return !is_last && str_is_empty(l->line) ? STR("") : piece;
}

static err end_line(const struct lines *l)
{
    return str_is_empty(l->line) ? OK : wrong(l, "model.line");
}

static bool is_name_char(char c, bool is_first)
{
    return (c >= 'a' && c <= 'z') || (!is_first && ((c >= '0' && c <= '9') || c == '_'));
}

bool model_name_is_good(str name)
{
    for (size_t i = 0; i < name.size; i++)
        if (!is_name_char(name.at[i], i == 0))
            return false;
    return name.size > 0 && name.size <= MODEL_NAME_BYTES;
}

static err read_name(struct lines *l, str *ret_name)
{
    str name = take_piece(l);
    if (!model_name_is_good(name))
        return wrong(l, "model.text");
    *ret_name = name;
    return OK;
}

/* What people read: to the end of the line, shown as it is. */
static err read_text(struct lines *l, str *ret_text)
{
    str text = l->line;
    bool is_bad = str_is_empty(text) || text.size > MODEL_TEXT_BYTES || !str_is_utf8(text) ||
                  !str_equal(text, str_trim(text));
    for (size_t i = 0; i < text.size; i++)
        is_bad = is_bad || (unsigned char)text.at[i] < ' ' || text.at[i] == 0x7F;
    if (is_bad)
        return wrong(l, "model.text");
    l->line = STR("");
    *ret_text = text;
    return OK;
}

static err read_count(struct lines *l, uint64_t *ret_count)
{
    int64_t value = 0;
    str piece = take_piece(l);
    bool is_long_way = piece.size > 1 && (piece.at[0] == '0' || piece.at[0] == '-');
    if (failed(str_parse_i64(piece, &value)) || is_long_way)
        return wrong(l, "model.number");
    *ret_count = (uint64_t)value;
    return OK;
}

/* Only as it would be written: a model has one file. */
static err read_number(struct lines *l, float *ret_value)
{
    char room[MODEL_NUMBER_BYTES];
    char again[MODEL_NUMBER_BYTES];
    str piece = take_piece(l);
    if (piece.size == 0 || piece.size >= sizeof room)
        return wrong(l, "model.number");
    memcpy(room, piece.at, piece.size);
    room[piece.size] = '\0';
    float value = strtof(room, NULL);
    if (!isfinite(value) || !str_equal(piece, model_number_format(value, again)))
        return wrong(l, "model.number");
    *ret_value = value;
    return OK;
}

/* A leaf, or the base. */
static err read_margin(struct lines *l, float *ret_value)
{
    TRY(read_number(l, ret_value));
    return fabsf(*ret_value) <= MODEL_LEAF_MOST ? OK : wrong(l, "model.number");
}

/* "0.918441000" */
static err read_billionths(struct lines *l, int32_t *ret_value)
{
    enum { SHARE_BYTES = 11 };
    int64_t value = 0;
    str piece = take_piece(l);
    bool is_bad = piece.size != SHARE_BYTES || piece.at[1] != '.';
    for (size_t i = 0; !is_bad && i < SHARE_BYTES; i++) {
        if (i == 1)
            continue;
        is_bad = piece.at[i] < '0' || piece.at[i] > '9';
        value = value * 10 + (piece.at[i] - '0');
    }
    if (is_bad || value > MODEL_WHOLE)
        return wrong(l, "model.share");
    *ret_value = (int32_t)value;
    return OK;
}

static err read_share(struct lines *l, struct model_share *ret_share)
{
    struct model_share s;
    TRY(read_billionths(l, &s.value));
    TRY(read_billionths(l, &s.low));
    TRY(read_billionths(l, &s.high));
    if (s.low > s.value || s.value > s.high)
        return wrong(l, "model.share");
    *ret_share = s;
    return OK;
}

/* ---- the head -------------------------------------------------------------------------------- */

static err read_time(struct lines *l, instant *ret_time)
{
    char room[INSTANT_TEXT_BYTES];
    instant time;
    if (failed(instant_parse(l->line, &time)) || time.us < 0 ||
        !str_equal(l->line, instant_format(time, 0, room)))
        return wrong(l, "model.time");
    l->line = STR("");
    *ret_time = time;
    return OK;
}

static err read_digest(struct lines *l, struct digest *ret_digest)
{
    char again[HEX_BYTES];
    str hex = take_piece(l);
    if (failed(hex_parse(hex, ret_digest->bytes, DIGEST_BYTES)))
        return wrong(l, "model.text");
    hex_put(again, ret_digest->bytes, DIGEST_BYTES);
    return str_equal(hex, str_make(again, HEX_BYTES)) ? OK : wrong(l, "model.text");
}

/* The line that must come next, up to its value. */
static err begin_line(struct lines *l, str word)
{
    next_line(l);
    return take_word(l, word) ? OK : wrong(l, "model.line");
}

static err read_texts(struct lines *l, struct model *m)
{
    TRY(begin_line(l, STR("name ")));
    TRY(read_text(l, &m->name));
    TRY(begin_line(l, STR("made ")));
    TRY(read_time(l, &m->made));
    TRY(begin_line(l, STR("trainer ")));
    TRY(read_text(l, &m->trainer));
    TRY(begin_line(l, STR("data ")));
    return read_text(l, &m->data);
}

static err read_data(struct lines *l, struct model *m)
{
    TRY(begin_line(l, STR("rows ")));
    TRY(read_count(l, &m->rows));
    TRY(end_line(l));
    TRY(begin_line(l, STR("positive ")));
    TRY(read_count(l, &m->positive));
    TRY(end_line(l));
    if (m->positive > m->rows)
        return wrong(l, "model.number");
    TRY(begin_line(l, STR("digest ")));
    TRY(read_digest(l, &m->data_digest));
    TRY(end_line(l));
    TRY(begin_line(l, STR("seed ")));
    TRY(read_count(l, &m->seed));
    return end_line(l);
}

/* ---- what there may be any number of --------------------------------------------------------- */

static err read_parameter(struct lines *l, struct model_parameter *ret_parameter)
{
    TRY(read_name(l, &ret_parameter->name));
    return read_text(l, &ret_parameter->value);
}

static err read_figure(struct lines *l, struct model_figure *ret_figure)
{
    TRY(read_name(l, &ret_figure->name));
    return read_share(l, &ret_figure->share);
}

static err read_point(struct lines *l, struct model_point *ret_point)
{
    TRY(read_number(l, &ret_point->margin));
    TRY(read_share(l, &ret_point->recall));
    TRY(read_share(l, &ret_point->alarms));
    for (size_t k = 0; k < COUNT_OF(ret_point->precision); k++)
        TRY(read_share(l, &ret_point->precision[k]));
    return OK;
}

/* Each of the following reads lines of its word as long as there are any, and leaves the line that
 * is another's as the present one. */
static err read_parameters(struct lines *l, struct model *m)
{
    struct model_parameter *room = arena_make_array(l->arena, MODEL_PARAMETERS, sizeof *room);
    if (room == NULL)
        return fail(ERR_LIMIT, "memory.spent", l->number);
    for (next_line(l); take_word(l, STR("parameter ")); next_line(l)) {
        if (m->parameter_count == MODEL_PARAMETERS)
            return too_many(l);
        TRY(read_parameter(l, &room[m->parameter_count++]));
        TRY(end_line(l));
    }
    m->parameters = room;
    return OK;
}

static err read_figures(struct lines *l, struct model *m)
{
    struct model_figure *room = arena_make_array(l->arena, MODEL_FIGURES, sizeof *room);
    if (room == NULL)
        return fail(ERR_LIMIT, "memory.spent", l->number);
    for (; take_word(l, STR("figure ")); next_line(l)) {
        if (m->figure_count == MODEL_FIGURES)
            return too_many(l);
        TRY(read_figure(l, &room[m->figure_count++]));
        TRY(end_line(l));
    }
    m->figures = room;
    return OK;
}

static err read_points(struct lines *l, struct model *m)
{
    struct model_point *room = arena_make_array(l->arena, MODEL_POINTS, sizeof *room);
    if (room == NULL)
        return fail(ERR_LIMIT, "memory.spent", l->number);
    for (; take_word(l, STR("point ")); next_line(l)) {
        uint32_t i = m->point_count;
        if (i == MODEL_POINTS)
            return too_many(l);
        TRY(read_point(l, &room[i]));
        TRY(end_line(l));
        if (i > 0 && !(room[i].margin < room[i - 1].margin))
            return wrong(l, "model.order");
        m->point_count++;
    }
    m->points = room;
    return OK;
}

static uint32_t find_feature(const struct model *m, str name)
{
    uint32_t i = 0;
    while (i < m->feature_count && !str_equal(m->features[i], name))
        i++;
    return i;
}

static err read_features(struct lines *l, struct model *m)
{
    str *room = arena_make_array(l->arena, MODEL_FEATURES, sizeof *room);
    if (room == NULL)
        return fail(ERR_LIMIT, "memory.spent", l->number);
    m->features = room;
    for (; take_word(l, STR("feature ")); next_line(l)) {
        str name = STR("");
        if (m->feature_count == MODEL_FEATURES)
            return too_many(l);
        TRY(read_name(l, &name));
        TRY(end_line(l));
        if (find_feature(m, name) < m->feature_count)
            return wrong(l, "model.repeated");
        room[m->feature_count++] = name;
    }
    return m->feature_count > 0 ? OK : wrong(l, "model.line");
}

/* ---- trees ----------------------------------------------------------------------------------- */

/* The arrays a model shows as constant, while they fill. */
struct growth {
    struct model *model;
    struct model_node *nodes;
    uint32_t *parents;
    float *shares;
    uint8_t *depths;
    uint32_t *roots;
    uint32_t room; /* for nodes */
};

static err read_split(struct lines *l, struct growth *g, uint32_t at)
{
    str name = take_piece(l);
    uint32_t feature = find_feature(g->model, name);
    if (feature == g->model->feature_count)
        return wrong(l, "model.feature");
    struct model_node *n = &g->nodes[at];
    n->feature = (uint16_t)feature;
    TRY(read_number(l, &n->value));
    n->misses_right = take_word(l, STR("right "));
    if (!n->misses_right && !take_word(l, STR("left ")))
        return wrong(l, "model.line");
    TRY(read_number(l, &g->shares[at]));
    if (!(g->shares[at] > 0 && g->shares[at] < 1))
        return wrong(l, "model.number");
    return end_line(l);
}

static err read_node(struct lines *l, struct growth *g, uint32_t at, bool *ret_is_split)
{
    *ret_is_split = take_word(l, STR("split "));
    if (*ret_is_split)
        return read_split(l, g, at);
    if (!take_word(l, STR("leaf ")))
        return wrong(l, "model.tree");
    TRY(read_margin(l, &g->nodes[at].value));
    return end_line(l);
}

/* Nodes that the file has no lines for, or a model no places. */
static err no_room(const struct lines *l, const struct growth *g)
{
    return g->room == MODEL_NODES ? too_many(l) : wrong(l, "model.tree");
}

/* The children of a tree's first split are its second and third node, those of its second split the
 * two after, and so on; it is whole when every split has its two. */
static err read_tree(struct lines *l, struct growth *g, uint32_t root)
{
    uint32_t next_child = root + 1;
    if (root == g->room)
        return no_room(l, g);
    g->parents[root] = root;
    for (uint32_t at = root; at < next_child; at++) {
        bool is_split = false;
        next_line(l);
        TRY(read_node(l, g, at, &is_split));
        g->model->node_count++;
        if (!is_split)
            continue;
        if (g->depths[at] == MODEL_DEPTH)
            return fail(ERR_LIMIT, "model.too_deep", l->number);
        if (g->room - next_child < 2)
            return no_room(l, g);
        g->nodes[at].left = next_child;
        for (int child = 0; child < 2; child++, next_child++) {
            g->parents[next_child] = at;
            g->depths[next_child] = (uint8_t)(g->depths[at] + 1);
        }
    }
    return OK;
}

static err growth_make(struct lines *l, struct model *m, struct growth *ret_growth)
{
    struct growth g = {.model = m};
    for (size_t i = 0; i < l->rest.size; i++) /* a node is a line */
        g.room += l->rest.at[i] == '\n' && g.room < MODEL_NODES;
    g.nodes = arena_make_array(l->arena, g.room, sizeof *g.nodes);
    g.parents = arena_make_array(l->arena, g.room, sizeof *g.parents);
    g.shares = arena_make_array(l->arena, g.room, sizeof *g.shares);
    g.depths = arena_make_array(l->arena, g.room, sizeof *g.depths);
    g.roots = arena_make_array(l->arena, m->tree_count, sizeof *g.roots);
    bool is_spent = g.nodes == NULL || g.parents == NULL || g.shares == NULL || g.depths == NULL ||
                    g.roots == NULL;
    *ret_growth = g;
    return is_spent ? fail(ERR_LIMIT, "memory.spent", l->number) : OK;
}

static err read_trees(struct lines *l, struct model *m)
{
    uint64_t count = 0;
    struct growth g;
    if (!take_word(l, STR("base ")))
        return wrong(l, "model.line");
    TRY(read_margin(l, &m->base));
    TRY(end_line(l));
    TRY(begin_line(l, STR("trees ")));
    TRY(read_count(l, &count));
    TRY(end_line(l));
    if (count == 0 || count > MODEL_TREES)
        return too_many(l);
    m->tree_count = (uint32_t)count;
    TRY(growth_make(l, m, &g));
    for (uint32_t i = 0; i < m->tree_count; i++) {
        TRY(begin_line(l, STR("tree")));
        TRY(end_line(l));
        g.roots[i] = m->node_count;
        TRY(read_tree(l, &g, m->node_count));
    }
    m->nodes = g.nodes;
    m->parents = g.parents;
    m->shares = g.shares;
    m->roots = g.roots;
    return OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Parts the file from its last line, which says whether the rest is as it was written. */
static err check_stamp(str bytes, str *ret_body, struct digest *ret_digest)
{
    size_t stamp_bytes = sizeof stamp_word - 1 + HEX_BYTES + 1;
    uint32_t line = 1;
    for (size_t i = 0; i < bytes.size; i++)
        line += bytes.at[i] == '\n' && i + 1 < bytes.size;
    if (bytes.size <= stamp_bytes)
        return fail(ERR_CORRUPT, "model.damaged", line);
    str body = str_until(bytes, bytes.size - stamp_bytes);
    struct digest d = digest_of(body);
    char stamp[sizeof stamp_word + HEX_BYTES];
    memcpy(stamp, stamp_word, sizeof stamp_word - 1);
    hex_put(stamp + sizeof stamp_word - 1, d.bytes, DIGEST_BYTES);
    stamp[sizeof stamp - 1] = '\n';
    if (!str_ends(body, STR("\n")) ||
        !str_equal(str_from(bytes, body.size), str_make(stamp, sizeof stamp)))
        return fail(ERR_CORRUPT, "model.damaged", line);
    *ret_body = body;
    *ret_digest = d;
    return OK;
}

err model_read(str bytes, struct arena *a, struct model *ret_model)
{
    struct model m = {.rows = 0};
    struct lines l = {.arena = a};
    assert(a != NULL && ret_model != NULL);
    if (bytes.size > MODEL_FILE_BYTES)
        return fail(ERR_LIMIT, "model.too_large", 0);
    if (!str_starts(bytes, STR("yumen-model 1\n")))
        return fail(ERR_MALFORMED, "model.version", 1);
    TRY(check_stamp(bytes, &l.rest, &m.digest));
    next_line(&l);
    TRY(read_texts(&l, &m));
    TRY(read_data(&l, &m));
    TRY(read_parameters(&l, &m));
    TRY(read_figures(&l, &m));
    TRY(read_points(&l, &m));
    TRY(read_features(&l, &m));
    TRY(read_trees(&l, &m));
    if (!str_is_empty(l.rest)) {
        next_line(&l);
        return wrong(&l, "model.line");
    }
    *ret_model = m;
    return OK;
}
