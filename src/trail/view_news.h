/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view_news - which transfers a view shows that the view before it did not.
 *
 * Shape     numbers of the runs that were seen, their rows, the end of ordinals
 *               --look at a view--> rows of runs not seen, numbered from that end on
 *
 *           Runs never change and are written anew when they are merged: so only runs with a new
 *           number are gone through. Where those have many rows, or rows have gone (they were
 *           forgotten), nobody says which are new: whoever asks looks at all that is his.
 * Owns      Its memory.
 * Lives     From a zeroed one to done.
 * Fails     ERR_LIMIT: then it has seen nothing.
 * Threads   One.
 * Bounds    O(runs), and VIEW_NEWS_MOST rows a look.
 */
#ifndef YUMEN_TRAIL_VIEW_NEWS_H
#define YUMEN_TRAIL_VIEW_NEWS_H

#include "trail/view.h"

enum { VIEW_NEWS_MOST = 1 << 16 };

struct view_news {
    const struct trail_ref *fresh; /* until the next look */
    uint32_t fresh_count;
    bool is_known; /* these are all, and none has gone */
    /* its own */
    struct arena arenas[2]; /* this look's, and the one's before */
    unsigned turn;
    const uint32_t *numbers; /* of runs, rising */
    uint32_t number_count;
    uint64_t rows;
    uint32_t end;
};

/* The first time nothing is known. */
err view_news_look(struct view_news *n, const struct trail_view *view);
void view_news_done(struct view_news *n);

#endif
