/* SPDX-License-Identifier: Apache-2.0 */
/*
 * online_row - a row of the feed "visits" becomes the visit, one of "messages" the message with
 * links, that it reports.
 *
 * Shape     Whom it is about must be a telephone number: somebody is to be reached under it. A
 *           sender that is none (a bank's name) stays as it was written.
 *           Links stand in one field, with blanks between them. A row is refused for its links only
 *           where none of them can be read: a broken one beside a good one must hide nothing.
 *           `text` is there with `consent` alone, which is empty, 0, no or false where nobody gave
 *           any; of it only the links in it are ever looked at.
 * Owns      Nothing: texts are the row's or lie in the turn arena.
 * Lives     As long as both.
 * Fails     A catalogue key, and the column it is about: "time.*", "online.future",
 *           "online.too_old", "message.urls", "message.consent", and those of number and domain.
 *           ERR_LIMIT when the arena is spent.
 * Threads   Any, after kit_boot().
 * Bounds    MESSAGE_LINKS of a message; what comes after is counted, and not looked at. At most
 *           ONLINE_AHEAD_US later than now: clocks differ, and one that is a day ahead refuses its
 *           rows instead of warning anybody tomorrow.
 */
#ifndef YUMEN_FEED_ONLINE_ROW_H
#define YUMEN_FEED_ONLINE_ROW_H

#include "base/instant.h"
#include "feed/reader.h"

#define ONLINE_AHEAD_US (5 * US_PER_MIN)

enum { MESSAGE_LINKS = 16 };

struct online_rules {
    instant now;
    str region; /* how a number without a country code is read */
};

struct visit {
    str subscriber; /* canonical */
    str domain;     /* canonical */
    str resolver;
    uint32_t time_s;
};

struct link_message {
    str sender; /* canonical where it is a number */
    str subscriber;
    str links[MESSAGE_LINKS]; /* canonical urls */
    size_t link_count;
    size_t beyond; /* links that were not looked at, and those that nobody can read */
    uint32_t time_s;
    bool is_sender_number;
    bool has_text;
};

/* ret_column is written also, and only, on failure. */
err visit_row_read(const struct feed_row *row, const struct online_rules *rules, struct arena *turn,
                   struct visit *ret_visit, str *ret_column);
err message_row_read(const struct feed_row *row, const struct online_rules *rules,
                     struct arena *turn, struct link_message *ret_message, str *ret_column);

#endif
