/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/sample_test.h"

#include <assert.h>
#include <string.h>

const str sample_store = {.at = "01STORE", .size = 7};

static str text_of(struct sample *s, const char *c)
{
    return str_copy(s->arena, str_from_c(c));
}

static struct sample_row *row_of(struct sample *s, str kind, str id)
{
    for (size_t i = 0; i < s->row_count; i++)
        if (str_equal(s->rows[i].row.kind, kind) && str_equal(s->rows[i].row.id, id))
            return &s->rows[i];
    assert(s->row_count < SAMPLE_ROWS);
    struct sample_row *fresh = &s->rows[s->row_count++];
    fresh->row = (struct row){.kind = kind, .id = id, .values = fresh->values};
    return fresh;
}

/* A salt that looks random and is the same every time. */
static void make_salt(const struct sample *s, str name, uint8_t ret_salt[SALT_BYTES])
{
    uint8_t seed[SALT_BYTES] = {(uint8_t)s->leaf_count, 0x5a};
    leaf_salt(seed, name, ret_salt);
}

static struct leaf_field make_field(struct sample *s, struct entry *entry,
                                    const struct sample_value *v)
{
    str name = text_of(s, v->name);
    str value = text_of(s, v->value);
    if (v->form == LEAF_PLAIN)
        return leaf_plain(name, value);
    struct opening *o = &s->openings[s->leaf_count][entry->opening_count++];
    *o = (struct opening){.field = name, .value = value};
    make_salt(s, name, o->salt);
    return leaf_sealed(v->form, name, value, o->salt);
}

/* The record is now what was done to it last. */
static void put_row(struct sample *s, const struct leaf *leaf, const struct sample_act *act)
{
    struct sample_row *row = row_of(s, leaf->kind, leaf->record);
    row->row.value_count = leaf->field_count;
    for (size_t i = 0; i < leaf->field_count; i++) {
        row->values[i] = (struct row_value){leaf->fields[i].name, text_of(s, act->values[i].value)};
        row->forms[i] = act->values[i].form;
    }
}

void sample_append(struct sample *s, const struct sample_act *act)
{
    assert(s->leaf_count < SAMPLE_LEAVES);
    struct entry *entry = &s->entries[s->leaf_count];
    *entry = (struct entry){.index = s->leaf_count, .openings = s->openings[s->leaf_count]};
    struct leaf_field fields[SAMPLE_VALUES];
    bool is_why_hidden = act->why[0] == '#';
    struct sample_value why = {"why", act->why + is_why_hidden,
                               is_why_hidden ? LEAF_PERSONAL : LEAF_PLAIN};
    struct leaf leaf = {
        .at = instant_from_us(1795349880000000 + (int64_t)s->leaf_count * US_PER_MIN),
        .act = text_of(s, act->act),
        .actor = STR("01NAN"),
        .kind = text_of(s, act->kind),
        .record = text_of(s, act->record),
        .why = make_field(s, entry, &why),
        .fields = fields,
    };
    for (; leaf.field_count < SAMPLE_VALUES && act->values[leaf.field_count].name != NULL;
         leaf.field_count++)
        fields[leaf.field_count] = make_field(s, entry, &act->values[leaf.field_count]);
    if (leaf.field_count > 0)
        put_row(s, &leaf, act);
    struct text body;
    text_init(&body, s->arena);
    err e = leaf_encode(&leaf, &body);
    assert(!failed(e));
    entry->body = text_str(&body);
    entry->hash = tree_leaf_hash(entry->body);
    peaks_put(&s->peaks, &entry->hash);
    s->leaf_count++;
}

void sample_sign(struct sample *s, unsigned key)
{
    assert(s->head_count < SAMPLE_HEADS);
    struct head *head = &s->heads[s->head_count++];
    *head = (struct head){
        .store = sample_store,
        .key = key == 0 ? STR("key-1") : STR("key-2"),
        .size = s->peaks.size,
        .root = peaks_root(&s->peaks),
        .at = instant_from_us(1795349890000000 + (int64_t)s->peaks.size * US_PER_MIN),
    };
    err e = head_sign(head, &s->secrets[key], s->arena);
    assert(!failed(e));
}

static void add_key(struct sample *s, unsigned key, const char *id)
{
    struct text hex;
    text_init(&hex, s->arena);
    text_put_hex(&hex, s->publics[key].bytes, SIGN_PUBLIC_BYTES);
    struct sample_act add = {
        "key.add",
        "signing_key",
        id,
        "",
        {{"kind", "ledger", LEAF_PLAIN},
          {"state", "current", LEAF_PLAIN},
          {"public_part", text_str(&hex).at, LEAF_PLAIN}}
    };
    sample_append(s, &add);
}

static void retire_first_key(struct sample *s)
{
    struct text hex;
    text_init(&hex, s->arena);
    text_put_hex(&hex, s->publics[0].bytes, SIGN_PUBLIC_BYTES);
    struct sample_act retire = {
        "key.retire",
        "signing_key",
        "key-1",
        "",
        {{"kind", "ledger", LEAF_PLAIN},
          {"state", "retired", LEAF_PLAIN},
          {"public_part", text_str(&hex).at, LEAF_PLAIN}}
    };
    sample_append(s, &retire);
}

/* clang-format off */
#define LISTING(act, id, why, value, state)                                                        \
    {act, "listing", id, why,                                                                      \
     {{"kind", "number", LEAF_PLAIN}, {"value", value, LEAF_PERSONAL},                             \
      {"evidence", "三人举报\n同一下午 \\ \"x\"", LEAF_PERSONAL}, {"state", state, LEAF_PLAIN},    \
      {"basis", "反电信网络诈骗法 32\n\t\\", LEAF_PLAIN}}}

static const struct sample_act first_acts[] = {
    {"centre.open", "centre", "01CENTRE", "", {{"name", "Yumen", LEAF_PLAIN}}},
    {"user.propose", "user_account", "01NAN", "",
     {{"name", "nan", LEAF_PERSONAL}, {"password", "$argon2id$x", LEAF_SECRET},
      {"state", "proposed", LEAF_PLAIN}}},
    {"user.approve", "user_account", "01NAN", "known\nto us",
     {{"name", "nan", LEAF_PERSONAL}, {"password", "$argon2id$x", LEAF_SECRET},
      {"state", "active", LEAF_PLAIN}}},
    LISTING("listing.propose", "01L1", "", "+8613800138000", "proposed"),
    LISTING("listing.approve", "01L1", "#three people said so", "+8613800138000", "in_force"),
    LISTING("listing.propose", "01L2", "", "+8613800138001", "proposed"),
    {"appeal.file", "appeal", "01A1", "",
     {{"listing", "01L1", LEAF_PLAIN}, {"name", "王芳", LEAF_PERSONAL},
      {"statement", "it is mine", LEAF_PERSONAL}, {"state", "filed", LEAF_PLAIN}}},
};

static const struct sample_act later_acts[] = {
    {"listing.read", "listing", "01L1", "#asked by a bank", {{NULL}}},
    LISTING("listing.refuse", "01L2", "no evidence", "+8613800138001", "refused"),
    LISTING("listing.lift", "01L1", "appeal 01A1", "+8613800138000", "lifted"),
    {"appeal.grant", "appeal", "01A1", "",
     {{"listing", "01L1", LEAF_PLAIN}, {"name", "王芳", LEAF_PERSONAL},
      {"statement", "it is mine", LEAF_PERSONAL}, {"state", "granted", LEAF_PLAIN}}},
    {"appeal.erase", "appeal", "01A1", "",
     {{"listing", "01L1", LEAF_PLAIN}, {"name", "erased", LEAF_PERSONAL},
      {"statement", "", LEAF_PERSONAL}, {"state", "granted", LEAF_PLAIN}}},
};
/* clang-format on */

/* The openings of a record's leaves go, as the store deletes its salt before the erasing leaf. */
static void erase(struct sample *s, str record)
{
    struct text line;
    text_init(&line, s->arena);
    text_put(&line, STR("\nrecord "));
    text_put(&line, record);
    text_put(&line, STR("\n"));
    for (size_t i = 0; i < s->leaf_count; i++)
        if (str_has(s->entries[i].body, text_str(&line)))
            s->entries[i].opening_count = 0;
}

void sample_make(struct sample *s, struct arena *arena, unsigned variant)
{
    struct sample fresh = {.arena = arena};
    for (unsigned key = 0; key < 2; key++) {
        if (variant == 0)
            sign_key_make(&s->secrets[key], &s->publics[key]);
        fresh.secrets[key] = s->secrets[key];
        fresh.publics[key] = s->publics[key];
    }
    *s = fresh;
    add_key(s, 0, "key-1");
    sample_sign(s, 0);
    for (size_t i = 0; i < COUNT_OF(first_acts); i++) {
        struct sample_act act = first_acts[i];
        if (variant > 0 && i == 3)
            act.why = "another past";
        sample_append(s, &act);
        if (i % 3 == 2)
            sample_sign(s, 0);
    }
    add_key(s, 1, "key-2");
    sample_sign(s, 0);
    sample_sign(s, 1);
    for (size_t i = 0; i < COUNT_OF(later_acts); i++) {
        if (strcmp(later_acts[i].act, "appeal.erase") == 0)
            erase(s, STR("01A1"));
        sample_append(s, &later_acts[i]);
        if (i % 2 == 0)
            sample_sign(s, 1);
    }
    retire_first_key(s);
    sample_sign(s, 1);
}
