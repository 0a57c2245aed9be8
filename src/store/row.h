/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row - records to and from the database, whatever their kind: the field tables say how.
 *
 * Shape     SELECT, INSERT and UPDATE texts are put together once a kind, from record_shapes.
 * Owns      Nothing; what is read is copied into the turn arena.
 * Lives     The texts, as long as the process.
 * Fails     As sql; "limit.memory" when the arena is spent; ERR_ABSENT "record.absent".
 * Threads   row_boot once; then any, each with its own connection.
 * Bounds    RECORD_FIELDS_MAX columns.
 */
#ifndef YUMEN_STORE_ROW_H
#define YUMEN_STORE_ROW_H

#include "fact/nouns.h"
#include "store/sql.h"

/* Makes the statement texts, which live as long as the arena. */
err row_boot(struct arena *boot);

/* "id", "kind", ... as they stand in the SELECT of this kind: with what a listing leaves to its
 * source to say. */
const char *row_columns(enum record_kind kind);
/* Likewise, for lists: a round comes without its statement. */
const char *row_columns_listed(enum record_kind kind);
/* Only what the row itself says, as its leaf does. */
const char *row_columns_stored(enum record_kind kind);

/* Reads the columns of the current row, from column `first`. */
err row_read(struct sql_row *row, int first, enum record_kind kind, struct arena *turn,
             union record *ret_record);

/* ERR_ABSENT when there is none. */
err row_find(struct sql *db, enum record_kind kind, str id, struct arena *turn,
             union record *ret_record);
err row_find_stored(struct sql *db, enum record_kind kind, str id, struct arena *turn,
                    union record *ret_record);
err row_insert(struct sql *db, enum record_kind kind, const union record *record);
/* `before` as row_find_stored gave it. Writes no more than its end, where no more changes. */
err row_update_stored(struct sql *db, enum record_kind kind, const union record *before,
                      const union record *after);
void row_bind_field(struct sql_row *row, int n, const struct field *f, const union record *record);
err row_update(struct sql *db, enum record_kind kind, const union record *record);

#endif
