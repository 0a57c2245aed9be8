/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no bytes harm the guard, and how they are cut up never changes what they mean.
 * Method: the first byte chooses the size of the pieces; the same request is read whole and in
 * pieces, and both readings must agree on the head, the payload and where the next request begins.
 */
#include "gate/http/guard.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 16 };

struct reading {
    char payload[ROOM];
    size_t payload_size;
    size_t used;
    uint32_t status; /* 0: needs more; 1: refused by the scan; 200: whole */
};

static bool read_body(const struct http_head *head, str bytes, size_t step, struct reading *r)
{
    struct guard_body b;
    guard_body_init(&b, head);
    size_t have = r->used;
    while (!b.is_done) {
        size_t used = 0;
        str payload;
        have = have < bytes.size ? have + step : have;
        str now = str_from(str_until(bytes, have < bytes.size ? have : bytes.size), r->used);
        err e = guard_body_step(&b, now, &used, &payload);
        if (failed(e)) {
            r->status = e.at;
            return false;
        }
        memcpy(r->payload + r->payload_size, payload.at, payload.size);
        r->payload_size += payload.size;
        r->used += used;
        if (used == 0 && have >= bytes.size)
            return false;
    }
    return true;
}

static void read_request(str bytes, size_t step, struct reading *r)
{
    static struct http_header room[GUARD_HEADERS];
    struct guard_scan scan = {0};
    struct http_head head;
    enum guard_found found = GUARD_NEEDS_MORE;
    *r = (struct reading){0};
    for (size_t have = step; found == GUARD_NEEDS_MORE && scan.seen < bytes.size; have += step)
        found = guard_scan_step(&scan, str_until(bytes, have < bytes.size ? have : bytes.size));
    if (found != GUARD_FOUND_END) {
        r->status = found == GUARD_FOUND_EVIL;
        return;
    }
    err e = guard_head(str_until(bytes, scan.seen), room, &head);
    r->status = e.at;
    if (failed(e))
        return;
    if (head.path.size == 0 || head.path.at[0] != '/')
        abort();
    r->used = scan.seen;
    if (read_body(&head, bytes, step, r))
        r->status = 200;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct reading whole;
    static struct reading pieces;
    if (size < 2 || size > ROOM)
        return 0;
    str bytes = str_make((const char *)data + 1, size - 1);
    read_request(bytes, ROOM, &whole);
    read_request(bytes, 1 + data[0] % 16, &pieces);
    if (whole.status != pieces.status)
        abort();
    if (whole.status == 200 &&
        (whole.used != pieces.used || whole.payload_size != pieces.payload_size ||
         memcmp(whole.payload, pieces.payload, whole.payload_size) != 0))
        abort();
    return 0;
}
