/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record - how every record that has a life is laid out, said once.
 *
 * Shape     A record is a flat C struct of spans, integers, instants and words, described by a
 * table of fields. From that one table come its SQL columns, its ledger leaf, its export and the
 *           comparison of a row with its leaf. A field's name is its SQL column, its leaf name and,
 *           unless it is secret, its JSON name.
 *
 *               struct listing --fields--> row (store), leaf (ledger), JSON (show), export
 *
 * Owns      Nothing: spans point into the turn arena that the loader was given.
 * Lives     A record, one turn. The tables, for ever.
 * Fails     -
 * Threads   Any; the tables are constant.
 * Bounds    RECORD_FIELDS_MAX fields a kind.
 */
#ifndef YUMEN_FACT_RECORD_H
#define YUMEN_FACT_RECORD_H

#include "base/instant.h"
#include "base/str.h"

enum { RECORD_FIELDS_MAX = 64 };

enum field_type {
    FIELD_STR,     /* str */
    FIELD_INT,     /* int64_t */
    FIELD_INSTANT, /* instant; 0 is "not yet" */
    FIELD_WORD,    /* unsigned, an index into words */
};

enum field_flags {
    FIELD_KEY = 1,      /* the record's id; always the first field */
    FIELD_OPTIONAL = 2, /* an empty str or a zero instant is NULL in SQL, absent in JSON */
    FIELD_PERSONAL = 4, /* in the leaf only as a salted commitment; erasable */
    FIELD_SECRET = 8,   /* personal, and never shown or exported: password hashes, token hashes */
};

struct field {
    const char *name;
    const char *const *words; /* FIELD_WORD: its vocabulary, ended by NULL */
    uint16_t offset;
    uint8_t type;
    uint8_t flags;
};

struct record_shape {
    const char *name; /* the SQL table and the leaf's record kind */
    const struct field *fields;
    size_t field_count;
    size_t size;
};

#define RECORD_KIND_LIST(X)                                                                        \
    X(RECORD_LISTING, listing)                                                                     \
    X(RECORD_APPEAL, appeal)                                                                       \
    X(RECORD_USER, user_account)                                                                   \
    X(RECORD_SESSION, session)                                                                     \
    X(RECORD_BATCH, batch)                                                                         \
    X(RECORD_SOURCE, source)                                                                       \
    X(RECORD_CONFLICT, conflict)                                                                   \
    X(RECORD_SUSPICION, suspicion)                                                                 \
    X(RECORD_BOX, sim_box)                                                                         \
    X(RECORD_GUARDIAN, guardian)                                                                   \
    X(RECORD_ALERT, alert)                                                                         \
    X(RECORD_OUTREACH, outreach)                                                                   \
    X(RECORD_HUSH, hush)                                                                           \
    X(RECORD_WHEREABOUTS, whereabouts)                                                             \
    X(RECORD_TIP, tip)                                                                             \
    X(RECORD_INCIDENT, incident)                                                                   \
    X(RECORD_REPORT, report)                                                                       \
    X(RECORD_CLAIM, claim)                                                                         \
    X(RECORD_ORDER, order)                                                                         \
    X(RECORD_RECEIPT, receipt)                                                                     \
    X(RECORD_ROUND, round)                                                                         \
    X(RECORD_SHARE, share)                                                                         \
    X(RECORD_KEY, signing_key)                                                                     \
    X(RECORD_CENTRE, centre)

#define X(kind, name) kind,
enum record_kind { RECORD_KIND_LIST(X) RECORD_KIND_COUNT };
#undef X

extern const struct record_shape record_shapes[RECORD_KIND_COUNT];

/* RECORD_KIND_COUNT when there is no such kind. */
enum record_kind record_kind_find(str name);

/* Every record carries a division: who may see it (division.h). */
str record_division(enum record_kind kind, const void *record);

/* Reading and writing one field of a record through its description. */
str field_get_str(const struct field *f, const void *record);
int64_t field_get_int(const struct field *f, const void *record); /* INT, INSTANT (us), WORD */
void field_put_str(const struct field *f, void *record, str value);
void field_put_int(const struct field *f, void *record, int64_t value);
bool field_is_absent(const struct field *f, const void *record); /* OPTIONAL and empty */
const char *field_word(const struct field *f, const void *record);
/* Index of the word in f->words; ERR_MALFORMED "word.unknown". */
err field_word_parse(const struct field *f, str word, unsigned *ret_index);
/* Index in a NULL-ended vocabulary; false when it is not there. */
bool word_parse(const char *const *words, str word, unsigned *ret_index);

#endif
