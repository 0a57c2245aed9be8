/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_files - one bank's part of a drill's files: its accounts, and the transfers of its day.
 *
 * Shape     accounts.csv   every account of the province; besides the feed's columns `name` (of the
 *                          holder), `opening` and `frozen` (fen, for 30 days, by a court, before
 *                          anybody else) are read where they are there
 *           transfers.csv  those that leave or reach this bank become plans, by time
 *
 *           An account whose opening nobody says begins with what its first known balance implies,
 *           and with no less than its booked payments need.
 *           A transfer is told by the payer's bank; of money from an account that no bank of the
 *           province has, by the payee's.
 * Owns      Nothing; everything is in the caller's arena.
 * Lives     As long as the arena.
 * Fails     ERR_ABSENT for a file that is not there, "drill.bank_column" when a column is missing,
 *           "drill.bank_row" with the row's number, "csv.*"; ERR_LIMIT "limit.memory".
 * Threads   One, after kit_boot().
 * Bounds    2^31 rows.
 */
#ifndef YUMEN_DRILL_BANK_FILES_H
#define YUMEN_DRILL_BANK_FILES_H

#include "drill/bank_teller.h"

struct bank_files {
    const char *accounts;  /* paths */
    const char *transfers; /* NULL: nothing happens but what is ordered */
    str code;              /* the bank's, in the files */
    /* Of accounts of which the file says nothing of it: who is frozen already, by somebody else. */
    struct bank_frozen {
        int64_t share, fen; /* as manners have them */
        uint64_t seed;
    } frozen;
    instant begun_at;
};

struct bank_loaded {
    int64_t accounts;
    int64_t transfers;
};

err bank_files_load(const struct bank_files *f, struct bank_book *book, struct bank_teller *teller,
                    struct arena *a, struct bank_loaded *ret_loaded);

#endif
