/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset - the console's files, embedded in the program, on their way to a browser.
 *
 * Shape     app hands in a table sorted by path; a call for one of them is answered whole, gzipped
 *           where the browser takes it, or with 304 when it has it already. Files whose names carry
 *           a hash of their content never change and may be kept for ever; others are asked again.
 * Owns      Nothing: bytes are static.
 * Lives     The table: until the gate is closed.
 * Fails     http_asset_find: NULL.
 * Threads   Any.
 * Bounds    -
 */
#ifndef YUMEN_GATE_HTTP_ASSET_H
#define YUMEN_GATE_HTTP_ASSET_H

#include "gate/http/http.h"

struct http_asset {
    str path;         /* "/assets/index-4f3a2b1c.js" */
    str content_type; /* "text/javascript; charset=utf-8" */
    str bytes;
    str gzip;          /* the same, compressed; empty: there is none */
    str etag;          /* with its quotes */
    bool is_immutable; /* its name carries a hash */
};

struct http_assets {
    const struct http_asset *at; /* sorted by path, bytewise */
    size_t count;
};

const struct http_asset *http_asset_find(struct http_assets assets, str path);
/* GET or HEAD; the caller has seen to other methods. */
void http_asset_send(struct http_call *call, const struct http_asset *asset);

#endif
