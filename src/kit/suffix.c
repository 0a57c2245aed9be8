/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/suffix.h"

#include "kit/boot.h"
#include "kit/idna.h"

#include <assert.h>
#include <libpsl.h>

static const psl_ctx_t *in_use;
static psl_ctx_t *loaded; /* NULL while libpsl's own list is in use */

err suffix_boot(void)
{
    in_use = psl_builtin();
    if (in_use == NULL)
        return fail(ERR_OS, "kit: libpsl was built without its list", 0);
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

bool suffix_is_public(str domain)
{
    assert(in_use != NULL); /* kit_boot() comes first */
    char name[IDNA_NAME_BYTES + 1];
    return name_copy(domain, name) && psl_is_public_suffix(in_use, name) == 1;
}

bool suffix_is_icann(str domain)
{
    assert(in_use != NULL);
    char name[IDNA_NAME_BYTES + 1];
    return name_copy(domain, name) && psl_is_public_suffix2(in_use, name, PSL_TYPE_ICANN) == 1;
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
