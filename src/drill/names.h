/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names - the words for the world's numbers: accounts, banks, telephones, devices, companies. All
 * of them invented: their ranges are assigned to nobody, their check digits are right.
 *
 * Shape     card         9990 bb nnnnnnnnn c     no bank issues 9990; bb: the drill's bank; Luhn
 *           company's    DRILLJIA:88nnnnnnnnnn
 *           outside      9991 00 nnnnnnnnn c     teller machine DRILLJIA:ATMnnnnnn
 *           abroad       ZZkk…                   an IBAN of a country that does not exist
 *           telephone    +86154nnnnnnnn          a range never assigned; no two lines have one
 *           IMSI         0010101nnnnnnnn         the network for tests, as is a cell's 001-01
 *           device       0010nnnnnnnnnnc         an IMEI of the range for tests
 *           address      198.18.0.0/15           a range for measurements (RFC 2544)
 *           site         xxxxxxxxxxxx.example   a top-level name that nobody can have (RFC 2606)
 *           company      99990100nnnnnnnnnc      a social credit code of no registrar
 *           An account's number is its index scattered, so that neighbours do not look alike.
 * Owns      Nothing.
 * Lives     Text is written at `at` and is not terminated; the end is returned.
 * Fails     Never.
 * Threads   Any.
 * Bounds    NAME_BYTES for each.
 */
#ifndef YUMEN_DRILL_NAMES_H
#define YUMEN_DRILL_NAMES_H

#include "drill/rows.h"
#include "drill/world.h"

enum { NAME_BYTES = 40 };

char *name_number(char *at, uint64_t value, int digits); /* with zeros in front */
char *name_account(const struct world *w, char *at, uint32_t account);
/* The code of the bank of an account, or of what lies beyond. */
char *name_bank(const struct world *w, char *at, uint32_t account);
/* "DRILLJIA-000000000123" */
char *name_transfer(const struct world *w, char *at, uint32_t bank, uint64_t number);
char *name_device(char *at, uint32_t device);
char *name_address(char *at, uint32_t device);
/* A line's: an account, or one of lines.h. */
char *name_telephone(const struct world *w, char *at, uint32_t line);
char *name_imsi(const struct world *w, char *at, uint32_t line);
char *name_cell(char *at, uint32_t cell);
char *name_trunk(char *at, uint32_t trunk);
/* "DRILLTONG-000000000123" */
char *name_call(const struct world *w, char *at, uint32_t carrier, uint64_t number);
/* "0f3a….example": RFC 2606 */
char *name_site(const struct world *w, char *at, uint64_t site);
char *name_company(const struct world *w, char *at, uint32_t account);
bool name_is_company(const struct world *w, uint32_t account);
/* "2026-10-12T09:00:00.000+08:00" */
char *name_time(char *at, int64_t at_us);

extern const char *const channel_words[CHANNEL_COUNT];
/* "atm", "crypto", "merchant", "abroad"; empty for accounts, here and outside. */
str name_exit(uint32_t account);

#endif
