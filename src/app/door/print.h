/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print - documents as PDF, made by yumen-print: a program of its own, so that the server links no
 * fonts (docs/decisions/0070-printing-is-another-program.md).
 *
 * Shape     JSON --pipe--> yumen-print KIND --lang LANG --pipe--> PDF
 *           It is looked for beside the running program, then along PATH; no shell is asked.
 * Owns      Nothing; the PDF is in the caller's arena.
 * Lives     The call.
 * Fails     ERR_BUSY "print.busy"; ERR_MALFORMED "print.refused" (the document); ERR_LIMIT
 *           "print.timeout", "print.too_large", "memory.spent"; ERR_OS "print.unavailable",
 *           "print.failed".
 * Threads   A clerk's: the caller waits for up to PRINT_SECONDS. Never the store's or the web's.
 * Bounds    PRINT_AT_ONCE at once, PRINT_SECONDS, PRINT_PDF_BYTES. The arena wants room for twice
 *           the PDF.
 */
#ifndef YUMEN_APP_DOOR_PRINT_H
#define YUMEN_APP_DOOR_PRINT_H

#include "base/str.h"

enum { PRINT_AT_ONCE = 2, PRINT_SECONDS = 10, PRINT_PDF_BYTES = 32 << 20 };

/* `kind` is a sub-command of yumen-print ("trail"), `lang` "zh" or "en"; both are ours. */
err print_pdf(str kind, str json, str lang, struct arena *a, str *ret_pdf);

#endif
