/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lists/bundled.h"

#include "base/embedded.h"

#include <assert.h>
#include <stdio.h>

/* src/app/data/lists */
extern const struct embedded_file bundled_files[];
extern const size_t bundled_files_count;

enum { TERM = 90 };

#define BLOCKS(k) .role = "enforces", .kind = k, .action = "block", .term_days = TERM
#define WARNS(k)  .role = "enforces", .kind = k, .action = "warn", .term_days = TERM
#define GUARDS(k)                                                                                  \
    .role = "protects", .kind = k, .action = "allow", .reason = "verified", .basis = "protection", \
    .term_days = 365

/* Those that protect come first: whoever is protected is so before anybody is blocked. The one of
 * ours is the first of them, and stands as it was written: others may read and correct it. */
/* clang-format off */
const struct bundled bundled_lists[] = {
    {.name = "sign-in-hosts", .size = 236, GUARDS("domain"), .match = "suffix",
     .licence = "Apache-2.0",
     .origin = "Yumen: hosts where people sign in and pay, with what is below them; November 2026",
     .is_of_demonstration = true},
    {.name = "banks", .size = 2226, GUARDS("domain"), .match = "suffix", .licence = "CC0-1.0",
     .origin = "MISP warning list bank-website, version 9", .is_of_demonstration = true},
    {.name = "dynamic-dns", .size = 35467, GUARDS("domain"), .match = "exact", .licence = "CC0-1.0",
     .origin = "MISP warning list dynamic-dns, version 2: strangers live below these names",
     .is_of_demonstration = true},
    {.name = "link-shorteners", .size = 255, GUARDS("domain"), .match = "exact", .licence = "CC0-1.0",
     .origin = "MISP warning list url-shortener, version 27", .is_of_demonstration = true},
    {.name = "official-numbers", .size = 465, GUARDS("number"), .match = "exact", .licence = "MIT",
     .origin = "metowolf/vCards, commit b1a346c: numbers that banks and public services publish",
     .is_of_demonstration = true},
    {.name = "popular-sites", .size = 10000, GUARDS("domain"), .match = "exact",
     .licence = "public domain", .origin = "OpenDNS public domain lists, top 10,000 of 2014",
     .is_of_demonstration = true},
    {.name = "universities", .size = 10578, GUARDS("domain"), .match = "exact", .licence = "CC0-1.0",
     .origin = "MISP warning list university_domains, version 20260811"},
    {.name = "callers-es", .size = 11748, WARNS("number"), .match = "exact", .reason = "被举报的骚扰来电",
     .basis = "fraud_law_11", .licence = "Unlicense", .region = "ES",
     .origin = "mv12star/lista-telefonos-spam, 31 March 2026: callers that people in Spain reported",
     .is_of_demonstration = true},
    {.name = "game-accounts", .size = 37299, BLOCKS("domain"), .match = "exact", .reason = "gaming",
     .basis = "fraud_law_24", .licence = "Unlicense",
     .origin = "Dogino/Discord-Phishing-URLs, commit b6e0432: lures for game and chat accounts"},
    {.name = "investment-scams", .size = 69128, BLOCKS("domain"), .match = "suffix",
     .reason = "investment", .basis = "fraud_law_24", .licence = "BSD-3-Clause",
     .origin = "elliotwutingfeng/GlobalAntiScamOrg-blocklist, commit 2013916: reported by victims",
     .is_of_demonstration = true},
    {.name = "mistyped-names", .size = 36504, WARNS("domain"), .match = "exact", .reason = "phishing",
     .basis = "fraud_law_24", .licence = "Unlicense",
     .origin = "ShadowWhisperer/BlockLists, commit 2d65ab5, RAW/Typo: mistyped names of known sites"},
    {.name = "phishing", .size = 3326, BLOCKS("domain"), .match = "exact", .reason = "phishing",
     .basis = "fraud_law_24", .licence = "MIT",
     .origin = "Phishing-Database/Phishing.Database, commit e2b5c75: of those first seen in November"
               " 2025 what still stood in July 2026",
     .is_of_demonstration = true},
    {.name = "scam-shops", .size = 13243, BLOCKS("domain"), .match = "suffix", .reason = "fake_shop",
     .basis = "fraud_law_24", .licence = "MIT",
     .origin = "durablenapkin/scamblocklist, commit 8003c9c: fake shops and scams",
     .is_of_demonstration = true},
};
/* clang-format on */
const size_t bundled_count = COUNT_OF(bundled_lists);

const struct bundled *bundled_find(str name)
{
    for (size_t i = 0; i < bundled_count; i++)
        if (str_equal(name, str_from_c(bundled_lists[i].name)))
            return &bundled_lists[i];
    return NULL;
}

str bundled_bytes(const struct bundled *list)
{
    char name[96];
    int size = snprintf(name, sizeof name, "/%s.txt", list->name); /* .zst may follow */
    assert(size > 0 && (size_t)size < sizeof name);
    for (size_t i = 0; i < bundled_files_count; i++)
        if (str_has(str_from_c(bundled_files[i].path), str_make(name, (size_t)size)))
            return bundled_files[i].bytes;
    assert(false && "each of the table has its file");
    return STR("");
}
