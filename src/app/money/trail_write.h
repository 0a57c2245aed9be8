/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_write - a trail's document as others read it: JSON as the interface says, CSV one row an
 * edge.
 *
 * Shape     struct trail_doc --> text
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     The text is spent.
 * Bounds    -
 */
#ifndef YUMEN_APP_MONEY_TRAIL_WRITE_H
#define YUMEN_APP_MONEY_TRAIL_WRITE_H

#include "app/money/trail_doc.h"
#include "kit/json.h"

struct trail_form {
    str incident; /* empty: none */
    int zone_min; /* of the law profile */
    /* The sentence of a doubt's reason. */
    str (*say)(void *self, const char *key);
    void *self;
};

void trail_write_json(const struct trail_doc *d, const struct trail_form *form, struct text *t);
void trail_write_csv(const struct trail_doc *d, const struct trail_form *form, struct text *t);
/* The fields of a node, into an object that is open. */
void trail_write_node(const struct trail_doc *d, const struct trail_form *form,
                      const struct trail_node *node, struct json *j);

#endif
