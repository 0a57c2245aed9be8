/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finding - one thing a verification found wrong, with the place it is in.
 *
 * Shape     kind says what; leaf, record, field or size say where. Each kind has a sentence of
 *           the message catalogue (finding_key); finding_format names the place and shows both
 *           sides:
 *
 *               leaf 17 (listing.lift of listing 01JD-7), field until: the field was changed: ...
 *
 *           Values of sealed fields are never shown.
 * Owns      Nothing.   Lives  During the call that reports it.   Fails  -   Threads  Any.
 * Bounds    -
 */
#ifndef YUMEN_LEDGER_FINDING_H
#define YUMEN_LEDGER_FINDING_H

#include "base/instant.h"
#include "base/str.h"

/* kind, catalogue key, the words between place and detail */
#define FINDING_LIST(X)                                                                            \
    X(FINDING_LEAF_LOST, "audit.leaf_lost", "the leaf is missing")                                 \
    X(FINDING_LEAF_CHANGED, "audit.leaf_changed", "the leaf was changed")                          \
    X(FINDING_LEAF_MALFORMED, "audit.leaf_malformed", "the leaf is not in canonical form")         \
    X(FINDING_OPENING_WRONG, "audit.opening_wrong", "salt and value do not open the commitment")   \
    X(FINDING_ROW_REMOVED, "audit.row_removed", "the record was removed")                          \
    X(FINDING_ROW_ADDED, "audit.row_added", "no leaf made this record")                            \
    X(FINDING_ROW_TWICE, "audit.row_twice", "the record is there twice")                           \
    X(FINDING_FIELD_CHANGED, "audit.field_changed", "the field was changed")                       \
    X(FINDING_FIELD_REMOVED, "audit.field_removed", "the field was removed")                       \
    X(FINDING_FIELD_ADDED, "audit.field_added", "the field was added")                             \
    X(FINDING_FIELD_UNPROVED, "audit.field_unproved", "nothing proves this sealed value")          \
    X(FINDING_KEY_CONFLICT, "audit.key_conflict", "the leaf gives a known key id to another key")  \
    X(FINDING_HEAD_KEY, "audit.head_key", "signed by a key that may not sign it")                  \
    X(FINDING_HEAD_SIGNATURE, "audit.head_signature", "the signature is wrong")                    \
    X(FINDING_HEAD_ROOT, "audit.head_root", "leaves were changed, removed or reordered")           \
    X(FINDING_HEAD_ABSENT, "audit.head_absent", "no signed head covers these leaves")              \
    X(FINDING_TAIL_CUT, "audit.tail_cut", "the tail was cut: the head covers more leaves")         \
    X(FINDING_LIMIT_FOREIGN, "audit.limit_foreign", "neither the profile nor a listing knows it")  \
    X(FINDING_COUNT_WRONG, "audit.count_wrong", "the kept count is not that of the records")       \
    X(FINDING_PAST_CHANGED, "audit.past_changed",                                                  \
      "the past was rewritten: a published head differs")

#define X(kind, key, text) kind,
enum finding_kind { FINDING_LIST(X) FINDING_KIND_COUNT };
#undef X

struct finding {
    enum finding_kind kind;
    bool has_leaf;
    uint64_t leaf;
    uint64_t leaf_end; /* HEAD_ROOT, HEAD_ABSENT: the first leaf after those in question */
    uint64_t size;     /* of the head in question; TAIL_CUT: leaf_end is how many there are */
    instant at;        /* of the head */
    str act;
    str kind_name; /* of the record */
    str record;
    str field;
    str said;  /* by the leaf */
    str found; /* in the row */
};

const char *finding_key(enum finding_kind kind);
const char *finding_text(enum finding_kind kind);
/* One English line without its end. */
void finding_format(const struct finding *f, struct text *line);

#endif
