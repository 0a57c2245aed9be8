/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_paper - a refund statement on paper: for a bank's desk, a court, and whoever objects.
 *
 * Shape     First page   account, rule and what it says, what was frozen; what is in doubt; to whom
 *                        how much goes
 *           then         every step of the computation; every entry in the order used
 *
 *           refund_doc --> refund_print --> flow --> paper --> PDF
 * Owns      Nothing; the PDF is in the caller's arena.
 * Lives     The call.
 * Fails     As paper.h says; ERR_LIMIT "print.too_many".
 * Threads   One at a time in a process.
 * Bounds    What refund_doc.h lets in.
 */
#ifndef YUMEN_PRINT_REFUND_PAPER_H
#define YUMEN_PRINT_REFUND_PAPER_H

#include "print/flow.h"
#include "print/refund_doc.h"

err refund_print(const struct refund_doc *doc, enum language language, struct arena *a,
                 str *ret_pdf);

#endif
