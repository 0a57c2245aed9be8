/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sql - the port to the database: one connection, its statements, and nothing a second driver could
 * not do as well. Text stays within the SQL that SQLite and PostgreSQL share.
 *
 * Shape     sql_ask prepares (or finds prepared) a statement by the address of its literal, binds
 *           `$1..$n`, and is stepped row by row. A statement is given back with sql_done.
 *
 *               struct sql_row *r; sql_ask(db, "SELECT ... $1", &r); sql_bind_str(r, 1, id);
 *               while (sql_next(r, &has_row) is OK && has_row) sql_str(r, 0, turn)
 *
 * Owns      The connection owns its prepared statements.
 * Lives     From sql_open to sql_close; a row until the next sql_next or sql_done.
 * Fails     ERR_CONFLICT a constraint ("store.constraint"); ERR_BUSY locked; ERR_OS disk, full,
 *           I/O ("store.disk_full", "store.io"); ERR_CORRUPT damaged file.
 * Threads   One connection, one thread.
 * Bounds    SQL_STATEMENTS_MAX different statements a connection.
 */
#ifndef YUMEN_STORE_SQL_H
#define YUMEN_STORE_SQL_H

#include "base/str.h"

struct sql;
struct sql_row;

enum sql_mode {
    SQL_WRITE, /* the one writing connection: also the only one that checkpoints */
    SQL_READ,  /* sees only what was committed */
    SQL_ALONE, /* one file, nobody else's, with no log beside it: a backup in the making */
};

/* `layer` names the file layer beneath (env/vfs.h, for tests); NULL: the usual one. */
/* Once, before the first sql_open. */
void sql_boot(void);
err sql_open(const char *path, enum sql_mode mode, const char *layer, struct sql **ret_db);
/* Accepts NULL. */
void sql_close(struct sql *db);

/* Statements without parameters or rows. */
err sql_run(struct sql *db, const char *literal);
/* Several statements in one text, as in schema/. */
err sql_run_script(struct sql *db, str script);

err sql_ask(struct sql *db, const char *literal, struct sql_row **ret_row);
/* For text put together at run time (lists with filters): prepared each time. */
err sql_ask_text(struct sql *db, str text, struct sql_row **ret_row);
void sql_done(struct sql_row **row);

/* The bytes must stay until sql_done. */
void sql_bind_str(struct sql_row *row, int n, str value);
void sql_bind_i64(struct sql_row *row, int n, int64_t value);
void sql_bind_bytes(struct sql_row *row, int n, const void *bytes, size_t size);
void sql_bind_null(struct sql_row *row, int n);

err sql_next(struct sql_row *row, bool *ret_has_row);
/* Gives back what is remembered of pages: after a large reading that comes only once. */
void sql_rest(struct sql *db);
/* For statements that give no rows: steps to the end and is done. */
err sql_finish(struct sql_row **row);

/* Columns from 0. The str is a copy in `turn` (`.at` NULL when it is spent), "" for NULL. */
str sql_str(struct sql_row *row, int column, struct arena *turn);
/* Valid until the next step. */
str sql_peek(struct sql_row *row, int column);
int64_t sql_i64(struct sql_row *row, int column);
bool sql_is_null(struct sql_row *row, int column);
int64_t sql_changes(struct sql *db);
/* False also when the database has ended a transaction by itself, as a full disk makes it do. */
bool sql_in_transaction(struct sql *db);

/* What a code of the database's means here: for the few files that call it themselves. */
err sql_trouble(int code);
/* A constraint of the schema refused it: not the desk, and not the disk. */
bool sql_is_constraint(err e);

/* What the database said about the last failure: for the log, never for a peer. */
const char *sql_last_message(struct sql *db);

#endif
