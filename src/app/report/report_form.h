/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_form - what somebody tells on the telephone or on the page, read as far as it can be.
 *
 * Shape     {"channel","victim":{…},"said","transfers":[{…}…],"currency"} --> form
 *
 *           A line of payments that cannot be used is refused by its place and column; the others
 *           stand. What stood in such a line, or where no list of payments and no victim could be
 *           read, goes to the end of what was said, as JSON: a form that is half filled in is
 *           never lost. So with a line in another currency than the centre's, which is followed by
 *           nobody. Where there is no room for all of it, that is refused too ("report.cut").
 * Owns      Nothing: in the arena; texts are the body's, which must outlive it.
 * Lives     A call.
 * Fails     "word.unknown" (channel), "currency.unknown", "report.said", "limit.memory". A line
 *           never.
 * Threads   Any.   Bounds    REPORT_CLAIMS lines, REPORT_REFUSALS refusals, of them
 *           REPORT_LINE_REFUSALS by reading lines.
 */
#ifndef YUMEN_APP_REPORT_REPORT_FORM_H
#define YUMEN_APP_REPORT_REPORT_FORM_H

#include "fact/law.h"
#include "fact/transfer.h"
#include "kit/json_read.h"

enum { REPORT_REFUSALS = 256, REPORT_LINE_REFUSALS = 160 };

/* Why a line, or an account, was left aside: in the answer, never silent. */
struct report_refusal {
    int64_t line; /* its place in the request; -1: of none */
    str column;
    const char *code;
    str account;  /* what was not held */
    str order;    /* drafted for two people instead */
    str incident; /* where the same may have been told before */
};

struct report_line {
    int64_t index; /* in the request; -1: told earlier */
    str claim;     /* its record, when it was told earlier */
    str typed;     /* the line as JSON, when it is told now */
    str transfer;  /* its id at the victim's bank */
    str from;      /* account keys */
    str to;
    str bank; /* of the payee */
    str name;
    int64_t amount; /* 0: not told, the bank will know */
    instant at;     /* 0: likewise */
    bool is_known;  /* the bank's transfer was found: */
    bool is_shared; /* its id names another too */
    struct transfer known;
    str mismatch;    /* what differs, a line each */
    str before;      /* the claim that told of it already, in a report that was taken */
    str incident;    /* of that claim */
    bool is_found;   /* before is a claim that only has to be matched now */
    bool is_perhaps; /* somebody else told of a payment that may be this one, */
    str perhaps;     /* under this incident; empty: one that the actor may not see */
};

struct report_form {
    struct report said; /* channel, victim, words, currency */
    struct report_line lines[REPORT_CLAIMS];
    size_t line_count;
    struct report_refusal refusals[REPORT_REFUSALS];
    size_t refusal_count;
    bool is_cut; /* not all that was typed had room in what was said */
};

/* A claim as it was told, to be looked for again. */
struct report_line report_line_of(const struct claim *c, int64_t index);

/* `is_public`: nobody is signed in; then each line has to say whom and how much. */
struct report_reading {
    const struct law_profile *law;
    instant now;
    bool is_public;
    struct arena *arena;
};

err report_form_read(const struct report_reading *r, json_value body, struct report_form *form);
/* A line that turned out to be of no use: what was typed goes to the end of what was said. */
err report_form_keep(struct report_form *form, const struct report_line *line, struct arena *a);
/* One refusal more; those beyond the bound are left out. */
struct report_refusal *report_refuse(struct report_form *form, int64_t line, const char *column,
                                     const char *code);

#endif
