/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - one data directory, opened: options, law, keys, store, readers, the store thread.
 *
 * Shape     DIR/  yumen.yaml   options
 *                 yumen.db     the store
 *                 keys/        secrets, 0600: ledger-ID, tsig-NAME, pseudonym-ID
 *                 lock         who has it open
 *                 yumen.sock   the running server's door for this machine's command line
 *                 trail/       transfers: the journal and its index
 *                 erasures.journal  what was erased
 *
 * Owns      All of it. The boot arena lives until house_close.
 * Lives     From house_open to house_close.
 * Fails     "house.absent" no store there; "file.locked" somebody else has it; conf.*, law.*,
 *           store.*.
 * Threads   house_open and house_close on the main thread; the parts say theirs.
 * Bounds    READERS_MAX readers at once.
 */
#ifndef YUMEN_APP_HOUSE_H
#define YUMEN_APP_HOUSE_H

#include "app/clerk.h"
#include "app/trail_thread.h"
#include "conf/conf.h"
#include "env/file.h"
#include "env/log.h"
#include "gate/http/limit.h"
#include "kit/password.h"
#include "store/reader.h"
#include "store/worker.h"

enum { READERS_MAX = 16, BOOT_BYTES = 512 << 20, PATH_BYTES = 1024 };

/* How often an address may do what anybody may do. */
enum house_limit { HOUSE_LIMIT_APPEAL, HOUSE_LIMIT_SIGN_IN, HOUSE_LIMIT_PUBLIC };

struct dns_gate;
struct dns_list;
struct screening;
struct told;
struct http_gate;

/* Connections for reading, handed out one a call. */
struct reader_pool {
    struct env_mutex mutex;
    struct env_cond freed;
    struct reader *free[READERS_MAX];
    size_t free_count;
    size_t made_count;
};

struct house {
    struct arena boot;
    char dir[PATH_BYTES];
    char db_path[PATH_BYTES + 16];
    char sock_path[PATH_BYTES + 16];
    struct conf conf;
    struct law_profile law;
    str law_mark; /* name and digest of its text */
    struct clock clock;
    struct random_source random; /* the system's: any thread */
    struct id_source ids;        /* the store thread's */
    struct file_lock lock;
    struct log log;
    struct store *store;
    struct worker worker;
    struct reader_pool readers;
    struct clerk passwords;
    struct clerk feeds;                 /* files taken in: one at a time */
    struct clerk papers;                /* exports, whole batches approved */
    struct clerk screens;               /* long questions */
    struct env_counter feed_read_bytes; /* of the file being taken in: for progress */
    struct env_counter feed_size_bytes;
    struct trail_thread trail;
    struct http_limit limits;
    enum password_cost password_cost;

    struct screening *screening; /* NULL: questions go to the store */
    struct told *told;           /* beside it, for what it says */
    struct dns_gate *dns;        /* NULL: closed */
    struct env_thread dns_thread;
    struct dns_list *dns_list;      /* NULL: closed */
    struct env_flag is_taking;      /* a list: many listings change, group by group */
    bool has_more_zone;             /* the store thread's: the zone goes on after other jobs */
    struct env_flag is_zone_behind; /* the gate has missed a publish */
    int64_t zone_mend_us;           /* monotonic: not before */
    bool is_zone_held;              /* until a restored centre is reconciled; the store thread's */
    struct http_gate *http;         /* NULL: closed */
    str public_url; /* where appeals and checks are found, "http://127.0.0.1:9611" */
    instant started_at;
    struct env_counter clock_leaps; /* of the real clock, since the start, */
    struct env_word leapt_at_us;    /* and the last one: where to */
    struct env_word leapt_by_us;    /* an int64_t */
    struct env_flag is_ready;
    struct env_flag is_stopping; /* long work ends where it is, what waits is refused */
};

struct house_options {
    const char *dir;
    str holder;           /* for the lock: process and address */
    bool is_clock_manual; /* drill stores only */
    bool is_quiet;        /* the command line: only errors are logged */
};

/* Everything but the doors. */
err house_open(const struct house_options *options, struct house **ret_house);
/* Ends the threads that write, when nobody asks any more; what they use may be closed then. */
void house_stop(struct house *house);
/* Stops first, if need be. Accepts NULL. */
void house_close(struct house *house);

/* Only options, law and paths: enough to make a store or to ask a running server. */
err house_prepare(const char *dir, struct house **ret_house);
err house_path(const struct house *house, const char *name, char room[PATH_BYTES + 64]);

/* The way to the transfers; opens them when nobody has yet. */
err house_trail(struct house *house, struct trail_thread **ret_trail);

struct reader *house_reader_take(struct house *house);
void house_reader_give(struct house *house, struct reader *reader);

#endif
