/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figure_draw - draws what figure.h has laid out, so that a copier without colours keeps it all.
 *
 * Shape     In a box, from below: black is present, hatched has left by an exit, dotted is unknown,
 *           white was passed on. A band is grey; one that runs back is a dashed line. A label is
 *           the account's number in the table of accounts, its money and its last letters.
 * Owns      Nothing.   Lives  The call.   Fails  It cannot.   Threads  One.
 * Bounds    The room it is given.
 */
#ifndef YUMEN_PRINT_FIGURE_DRAW_H
#define YUMEN_PRINT_FIGURE_DRAW_H

#include "print/figure.h"
#include "print/paper.h"

#define FIGURE_HEAD_HEIGHT 12.0 /* the layers' names, above the room */
#define FIGURE_KEY_HEIGHT  25.0 /* what the patterns mean, below it */

struct figure_words {
    const struct trail *trail;
    const size_t *numbers; /* of each node, in the table of accounts */
    enum language language;
    struct arena *arena;
};

void figure_draw(const struct figure *f, const struct figure_room *room,
                 const struct figure_words *words, struct paper *paper);

#endif
