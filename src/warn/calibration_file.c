/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/calibration.h"

#include "kit/digest.h"

#include <assert.h>
#include <string.h>

enum { HEX_BYTES = 2 * DIGEST_BYTES };

static const char version_line[] = "yumen-calibration 1\n";
static const char stamp_word[] = "sha256 ";

static void put_stamp(struct text *t)
{
    struct digest d = digest_of(text_str(t));
    text_put_c(t, stamp_word);
    text_put_hex(t, d.bytes, DIGEST_BYTES);
    text_put_char(t, '\n');
}

void calibration_write(const struct calibration *c, struct text *t)
{
    assert(t->size == 0 && c->count > 0 && c->count <= CALIBRATION_POINTS);
    text_put_c(t, version_line);
    for (uint32_t i = 0; i < c->count; i++) {
        text_put_c(t, "point ");
        text_put_i64(t, c->points[i].evidence_mn);
        text_put_char(t, ' ');
        text_put_i64(t, c->points[i].micro);
        text_put_char(t, '\n');
    }
    if (!text_spent(t))
        put_stamp(t);
}

/* --- reading --- */

static err wrong(uint32_t line, const char *why)
{
    return fail(ERR_MALFORMED, why, line);
}

static bool has_stamp(str body, str stamp)
{
    char want[sizeof stamp_word + HEX_BYTES];
    struct digest d = digest_of(body);
    memcpy(want, stamp_word, sizeof stamp_word - 1);
    hex_put(want + sizeof stamp_word - 1, d.bytes, DIGEST_BYTES);
    want[sizeof want - 1] = '\n';
    return str_equal(stamp, str_make(want, sizeof want));
}

/* A whole number as it would be written, within these. */
static bool read_number(str text, int64_t low, int64_t high, int32_t *ret_value)
{
    int64_t value = 0;
    bool is_minus = str_starts(text, STR("-"));
    str digits = str_from(text, is_minus ? 1 : 0);
    bool is_long_way = str_is_empty(digits) || digits.at[0] < '0' || digits.at[0] > '9' ||
                       (digits.at[0] == '0' && (digits.size > 1 || is_minus));
    if (is_long_way || failed(str_parse_i64(text, &value)) || value < low || value > high)
        return false;
    *ret_value = (int32_t)value;
    return true;
}

static bool read_point(str line, struct calibration_point *ret_point)
{
    if (!str_starts(line, STR("point ")))
        return false;
    line = str_from(line, STR("point ").size);
    size_t blank = str_find_char(line, ' ');
    return read_number(str_until(line, blank), -CALIBRATION_MOST_MN, CALIBRATION_MOST_MN,
                       &ret_point->evidence_mn) &&
           read_number(str_from(line, blank + 1), 0, RULES_MICRO, &ret_point->micro);
}

static bool follows(const struct calibration *c, const struct calibration_point *p)
{
    if (c->count == 0)
        return true;
    const struct calibration_point *last = &c->points[c->count - 1];
    return p->evidence_mn > last->evidence_mn && p->micro >= last->micro;
}

static err read_points(str body, struct calibration *c)
{
    for (uint32_t line = 2; !str_is_empty(body); line++) {
        size_t end = str_find_char(body, '\n');
        struct calibration_point p;
        if (c->count == CALIBRATION_POINTS)
            return fail(ERR_LIMIT, "calibration.too_many", line);
        if (!read_point(str_until(body, end), &p))
            return wrong(line, "calibration.line");
        if (!follows(c, &p))
            return wrong(line, "calibration.order");
        c->points[c->count++] = p;
        body = str_from(body, end + 1);
    }
    return c->count > 0 ? OK : wrong(2, "calibration.line");
}

err calibration_read(str bytes, struct calibration *ret_calibration)
{
    enum { STAMP_BYTES = sizeof stamp_word + HEX_BYTES };
    struct calibration c = {0};
    if (bytes.size > CALIBRATION_BYTES)
        return fail(ERR_LIMIT, "calibration.too_many", 0);
    if (!str_starts(bytes, str_from_c(version_line)))
        return wrong(1, "calibration.version");
    if (bytes.size < sizeof version_line - 1 + STAMP_BYTES)
        return fail(ERR_CORRUPT, "calibration.damaged", 0);
    str body = str_until(bytes, bytes.size - STAMP_BYTES);
    if (!str_ends(body, STR("\n")) || !has_stamp(body, str_from(bytes, body.size)))
        return fail(ERR_CORRUPT, "calibration.damaged", 0);
    TRY(read_points(str_from(body, sizeof version_line - 1), &c));
    *ret_calibration = c;
    return OK;
}
