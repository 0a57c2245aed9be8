/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figure - a number of a drill's YAML files: a whole one, or a decimal kept in millionths.
 *
 * Shape     A figure says its value, its unit and where it comes from:
 *           {value: 0.42, unit: share, source: "assumed"}
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     figure_parse: false. figure_explained: NULL or a catalogue key.
 * Bounds    15 digits.
 */
#ifndef YUMEN_DRILL_FIGURE_H
#define YUMEN_DRILL_FIGURE_H

#include "kit/yaml.h"

/* "-12", "0.35": into so many of `one`; no digit is lost. */
bool figure_parse(str s, int64_t one, int64_t *ret_value);
/* What is wrong with the explanation: "drill.unit", "drill.source"; NULL when nothing is. */
const char *figure_explained(const struct yaml_node *map, str unit);

#endif
