/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alerts_read - the part of a law profile that says how people are reached about alerts.
 *
 * Shape     `alerts`: quiet hours, budgets, terms, and a ladder for each tier.
 * Owns      Nothing; what is read goes into the profile.
 * Lives     A reading.
 * Fails     As node; "law.hour", "law.ladder".
 * Threads   Any.
 * Bounds    LADDER_STEPS a ladder.
 */
#ifndef YUMEN_CONF_ALERTS_READ_H
#define YUMEN_CONF_ALERTS_READ_H

#include "conf/node.h"
#include "fact/law.h"

err alerts_read(struct conf_reading *r, const struct yaml_node *root, struct law_profile *law);

#endif
