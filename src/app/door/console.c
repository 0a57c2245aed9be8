/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/console.h"

#include "base/embedded.h"
#include "kit/digest.h"

#include <assert.h>
#include <stdlib.h>

/* web/dist */
extern const struct embedded_file web_files[];
extern const size_t web_files_count;

static struct http_assets assets;

static const struct {
    const char *ending;
    const char *type;
} types[] = {
    {".html",        "text/html; charset=utf-8"      },
    {".js",          "text/javascript; charset=utf-8"},
    {".css",         "text/css; charset=utf-8"       },
    {".svg",         "image/svg+xml"                 },
    {".png",         "image/png"                     },
    {".webmanifest", "application/manifest+json"     },
    {".txt",         "text/plain; charset=utf-8"     },
};

static str type_of(str path)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends(path, str_from_c(types[i].ending)))
            return str_from_c(types[i].type);
    return STR("application/octet-stream");
}

static int by_path(const void *a, const void *b)
{
    return str_compare(((const struct http_asset *)a)->path, ((const struct http_asset *)b)->path);
}

static err make(const struct embedded_file *file, struct arena *boot, struct http_asset *asset)
{
    struct digest digest = digest_of(file->bytes);
    struct text path;
    struct text etag;
    text_init(&path, boot);
    text_init(&etag, boot);
    text_put_char(&path, '/');
    text_put_c(&path, file->path);
    text_put_char(&etag, '"');
    text_put_hex(&etag, digest.bytes, 12);
    text_put_char(&etag, '"');
    if (text_spent(&path) || text_spent(&etag))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *asset = (struct http_asset){.path = text_str(&path),
                                 .content_type = type_of(text_str(&path)),
                                 .bytes = file->bytes,
                                 .etag = text_str(&etag),
                                 .is_immutable = str_starts(text_str(&path), STR("/assets/"))};
    return OK;
}

err console_boot(struct arena *boot)
{
    assert(web_files_count <= CONSOLE_FILES_MAX);
    struct http_asset *made = arena_make_array(boot, web_files_count, sizeof *made);
    if (made == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < web_files_count; i++)
        TRY(make(&web_files[i], boot, &made[i]));
    qsort(made, web_files_count, sizeof *made, by_path);
    assets = (struct http_assets){.at = made, .count = web_files_count};
    return OK;
}

const struct http_asset *console_find(str path)
{
    return http_asset_find(assets, path);
}

str console_file(str path)
{
    const struct http_asset *asset = console_find(path);
    assert(asset != NULL);
    return asset->bytes;
}
