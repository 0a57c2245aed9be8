/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/suffix.h"

#include "kit/boot.h"
#include "kit/idna.h"

#include <assert.h>
#include <libpsl.h>

static const psl_ctx_t *in_use;
static psl_ctx_t *loaded; /* NULL while libpsl's own list is in use */
static uint64_t lists;    /* how many have been in use, this one included */

err suffix_boot(void)
{
    in_use = psl_builtin();
    if (in_use == NULL)
        return fail(ERR_OS, "kit: libpsl was built without its list", 0);
    lists++;
    return OK;
}

void suffix_end(void)
{
    psl_free(loaded);
    loaded = NULL;
    in_use = NULL;
}

err suffix_load(const char *path)
{
    psl_ctx_t *list = psl_load_file(path);
    if (list == NULL)
        return fail(ERR_OS, "suffix: cannot read the list", 0);
    /* Any text file makes a list; one that does not know "com.cn" is not the one we need. */
    if (psl_suffix_count(list) < 1000 || !psl_is_public_suffix(list, "com.cn")) {
        psl_free(list);
        return fail(ERR_MALFORMED, "suffix: that is not the Public Suffix List", 0);
    }
    psl_free(loaded);
    loaded = list;
    in_use = list;
    lists++;
    return OK;
}

/* libpsl wants a C string. False for what cannot be a canonical name. */
static bool name_copy(str domain, char room[IDNA_NAME_BYTES + 1])
{
    if (domain.size == 0 || domain.size > IDNA_NAME_BYTES || memchr(domain.at, 0, domain.size))
        return false;
    memcpy(room, domain.at, domain.size);
    room[domain.size] = '\0';
    return true;
}

/* Whoever asks, asks for the same names again and again, and libpsl takes 0.4 us for each. */
enum { RECENT_SETS = 4096, RECENT_WAYS = 2, RECENT_BYTES = 54 };

/* What a name is; an ICANN suffix is also a public one, and most names are neither. */
struct kind {
    bool is_public;
    bool is_icann;
};

/* One line. */
struct recent {
    _Alignas(64) uint64_t list; /* which list had answered */
    uint8_t size;
    struct kind kind;
    char name[RECENT_BYTES - 1];
};

/* Of each set, the first is the one that was asked last. */
static _Thread_local struct recent recent_names[RECENT_SETS][RECENT_WAYS];

static uint64_t stir(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

static struct recent *set_of(str domain)
{
    uint64_t hash = domain.size;
    uint64_t word = 0;
    size_t left = domain.size;
    for (; left > sizeof word; left -= sizeof word) {
        memcpy(&word, domain.at + domain.size - left, sizeof word);
        hash = stir(hash, word);
    }
    if (domain.size >= sizeof word) /* a few bytes twice, for a copy of no fixed size is a call */
        memcpy(&word, domain.at + domain.size - sizeof word, sizeof word);
    else
        memcpy(&word, domain.at, left);
    hash = stir(hash, word);
    return recent_names[hash % RECENT_SETS];
}

static struct kind ask(str domain)
{
    char name[IDNA_NAME_BYTES + 1];
    struct kind kind = {0};
    kind.is_public = name_copy(domain, name) && psl_is_public_suffix(in_use, name) == 1;
    kind.is_icann = kind.is_public && psl_is_public_suffix2(in_use, name, PSL_TYPE_ICANN) == 1;
    return kind;
}

static bool is_of(const struct recent *r, str domain)
{
    return r->list == lists && str_equal(str_make(r->name, r->size), domain);
}

static struct kind kind_of(str domain)
{
    assert(in_use != NULL); /* kit_boot() comes first */
    if (domain.size == 0 || domain.size >= RECENT_BYTES)
        return ask(domain);
    struct recent *set = set_of(domain);
    if (is_of(&set[0], domain))
        return set[0].kind;
    struct recent older = set[0];
    if (is_of(&set[1], domain)) {
        set[0] = set[1];
    } else {
        set[0] = (struct recent){.list = lists, .size = (uint8_t)domain.size, .kind = ask(domain)};
        memcpy(set[0].name, domain.at, domain.size);
    }
    set[1] = older;
    return set[0].kind;
}

bool suffix_is_public(str domain)
{
    return kind_of(domain).is_public;
}

bool suffix_is_icann(str domain)
{
    return kind_of(domain).is_icann;
}

str suffix_registrable(str domain)
{
    assert(in_use != NULL);
    char name[IDNA_NAME_BYTES + 1];
    if (!name_copy(domain, name))
        return str_until(domain, 0);
    const char *found = psl_registrable_domain(in_use, name);
    if (found == NULL)
        return str_until(domain, 0);
    return str_from(domain, (size_t)(found - name));
}
