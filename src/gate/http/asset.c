/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/asset.h"

#include "gate/http/wire.h"

const struct http_asset *http_asset_find(struct http_assets assets, str path)
{
    size_t low = 0;
    size_t high = assets.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(assets.at[middle].path, path);
        if (order == 0)
            return assets.at + middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void http_asset_send(struct http_call *call, const struct http_asset *asset)
{
    const struct http_request *r = http_call_request(call);
    bool takes_gzip = http_accepts(http_request_header(r, STR("Accept-Encoding")), STR("gzip"));
    bool is_gzip = takes_gzip && asset->gzip.size > 0;
    bool is_known = http_etag_matches(http_request_header(r, STR("If-None-Match")), asset->etag);
    str keep = STR("no-cache"); /* keep it, but ask */
    if (asset->is_immutable)
        keep = STR("public, max-age=31536000, immutable");
    const struct http_header headers[] = {
        {STR("ETag"),             asset->etag           },
        {STR("Cache-Control"),    keep                  },
        {STR("Vary"),             STR("Accept-Encoding")},
        {STR("Content-Encoding"), STR("gzip")           },
    };
    size_t with_encoding = COUNT_OF(headers);
    http_reply_send(call,
                    &(struct http_reply){
                        .status = is_known ? 304 : 200,
                        .content_type = is_known ? STR("") : asset->content_type,
                        .headers = headers,
                        .header_count = is_gzip && !is_known ? with_encoding : with_encoding - 1,
                        .body = is_gzip ? asset->gzip : asset->bytes,
                        .is_body_static = true,
                    });
}
