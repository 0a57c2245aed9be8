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
 *                 calls/       how numbers behave on the telephone
 *                 warned/      what is known of episodes just now, sealed
 *                 erasures.journal  what was erased
 *
 * Owns      All of it. The boot arena lives until house_drop.
 * Lives     From house_prepare to house_drop; what runs in it: house_open.h.
 * Fails     conf.*, law.*, "house.path".
 * Threads   prepare and drop: the main thread; the parts say theirs.
 * Bounds    READERS_MAX readers at once.
 */
#ifndef YUMEN_APP_HOUSE_HOUSE_H
#define YUMEN_APP_HOUSE_HOUSE_H

#include "app/house/call_book.h"
#include "app/house/clerk.h"
#include "app/house/trail_thread.h"
#include "conf/conf.h"
#include "env/file.h"
#include "env/log.h"
#include "gate/bank/replay.h"
#include "gate/http/limit.h"
#include "kit/password.h"
#include "kit/seal.h"
#include "store/reader.h"
#include "store/worker.h"

enum { READERS_MAX = 16, BOOT_BYTES = 512 << 20, PATH_BYTES = 1024 };

/* How often an address may do what anybody may do. */
enum house_limit {
    HOUSE_LIMIT_APPEAL,
    HOUSE_LIMIT_SIGN_IN,
    HOUSE_LIMIT_PUBLIC,
    HOUSE_LIMIT_REPORT,
    HOUSE_LIMIT_TIP,
    HOUSE_LIMIT_KEY, /* that does not fit */
};

struct detector;
struct sip_screen;
struct cells;
struct dns_gate;
struct dns_list;
struct post;
struct race_rank;
struct race_thread;
struct screening;
struct told;
struct waiting;
struct warned;
struct watch;
struct http_gate;

/* Connections for reading, handed out one a call. */
struct reader_pool {
    struct env_mutex mutex;
    struct env_cond freed;
    struct arena arena; /* theirs: threads make readers while the house is still being opened */
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
    struct clerk phases;                /* calls as they happen: they do not wait for a file */
    struct clerk papers;                /* exports, whole batches approved */
    struct clerk screens;               /* long questions */
    struct clerk reports;               /* a victim waits on the telephone */
    struct runs_reader *report_blocks;  /* of the journal, kept by that clerk alone */
    struct env_counter feed_read_bytes; /* of the file being taken in: for progress */
    struct env_counter feed_size_bytes;
    struct trail_thread trail;
    struct call_book calls;
    struct seal seal;          /* of fields about people; read only */
    struct detector *detector; /* of call records; NULL: not open yet */
    const struct cells *cells; /* where cells stand; NULL: nobody has said */
    struct warned *warned;     /* live episodes; NULL: not open */
    struct watch *watch;       /* what makes signals of calls and transfers; NULL: nothing */
    struct send *send;         /* officers to doors; NULL: nobody is sent */
    struct env_flag has_new_stations;
    struct waiting *waiting;  /* calls of providers for whom there is nothing yet */
    struct post *post;        /* NULL: nothing is brought; the store thread's while that runs */
    struct race_thread *race; /* NULL: nobody follows the money by himself */
    struct race_rank *rank;   /* what its thread has learnt of banks; NULL: nothing */
    struct http_limit limits;
    struct replay replay; /* what providers signed lately */
    enum password_cost password_cost;

    struct screening *screening; /* NULL: questions go to the store */
    struct told *told;           /* beside it, for what it says */
    struct dns_gate *dns;        /* NULL: closed */
    struct env_thread dns_thread;
    struct dns_list *dns_list;      /* NULL: closed */
    struct sip_screen *sip;         /* NULL: closed */
    struct redress *redress;        /* of those whom it rejects; NULL: closed */
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

/* Only options, law and paths: enough to make a store or to ask a running server. */
err house_prepare(const char *dir, struct house **ret_house);
/* Whatever of it was opened; nothing runs any more. */
void house_drop(struct house *house);
err house_path(const struct house *house, const char *name, char room[PATH_BYTES + 64]);

/* The way to the transfers; opens them when nobody has yet. */
err house_trail(struct house *house, struct trail_thread **ret_trail);

struct reader *house_reader_take(struct house *house);
void house_reader_give(struct house *house, struct reader *reader);

#endif
