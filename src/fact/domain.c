/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/domain.h"

#include "fact/address.h"
#include "fact/digits.h"
#include "kit/idna.h"
#include "kit/suffix.h"

#include <assert.h>

/* A sign no domain has, and what its presence says. The first that is found decides. */
struct sign {
    const char *sign;
    const char *why;
};

static const struct sign signs[] = {
    {"://", "domain.is_url"  },
    {"/",   "domain.is_url"  },
    {"?",   "domain.is_url"  },
    {"#",   "domain.is_url"  },
    {"@",   "domain.is_mail" },
    {"*",   "domain.wildcard"},
    {" ",   "domain.space"   },
    {"\t",  "domain.space"   },
};

/* Each of them has one of these, and most names have none. */
static bool may_have_signs(str s)
{
    static const bool is_of_sign[256] = {
        [':'] = true, ['/'] = true, ['?'] = true, ['#'] = true,
        ['@'] = true, ['*'] = true, [' '] = true, ['\t'] = true,
    };
    bool may = false;
    for (size_t i = 0; i < s.size; i++)
        may = may || is_of_sign[(unsigned char)s.at[i]];
    return may;
}

static err check_signs(str s)
{
    if (!may_have_signs(s))
        return OK;
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (str_has(s, str_from_c(signs[i].sign)))
            return fail(ERR_MALFORMED, signs[i].why, 0);
    size_t colon = str_find_char(s, ':');
    if (colon == s.size)
        return OK;
    bool is_ip6 = s.at[0] == '[' || str_find_char(str_from(s, colon + 1), ':') < s.size - colon - 1;
    return fail(ERR_MALFORMED, is_ip6 ? "domain.is_ip" : "domain.port", (uint32_t)colon);
}

static str last_label(str domain)
{
    size_t start = domain.size;
    while (start > 0 && domain.at[start - 1] != '.')
        start--;
    return str_from(domain, start);
}

err domain_parse(str text, struct arena *turn, str *ret_domain)
{
    assert(turn != NULL && ret_domain != NULL);
    str trimmed = str_trim(text);
    TRY(check_signs(trimmed));
    str domain;
    TRY(idna_to_ascii(trimmed, turn, &domain));
    if (address_is_number(last_label(domain)))
        return fail(ERR_MALFORMED, "domain.is_ip", 0);
    if (suffix_is_icann(domain))
        return fail(ERR_MALFORMED, "domain.is_suffix", 0);
    *ret_domain = domain;
    return OK;
}

err domain_display(str domain, struct arena *turn, str *ret_display)
{
    if (!idna_has_ace(domain)) {
        *ret_display = domain;
        return OK;
    }
    str unicode;
    TRY(idna_to_unicode(domain, turn, &unicode));
    struct text t;
    text_init(&t, turn);
    text_put(&t, unicode);
    if (!str_equal(unicode, domain)) {
        text_put_c(&t, " (");
        text_put(&t, domain);
        text_put_c(&t, ")");
    }
    if (text_spent(&t))
        return digits_spent();
    *ret_display = text_str(&t);
    return OK;
}

err domain_check_suffix(str domain)
{
    if (suffix_is_public(domain))
        return fail(ERR_MALFORMED, "domain.suffix_too_wide", 0);
    return OK;
}

str domain_reverse(str domain, struct arena *turn)
{
    char *at = arena_make(turn, domain.size + 2);
    if (at == NULL)
        return (str){0};
    size_t size = 0;
    for (size_t end = domain.size; end > 0;) {
        size_t start = end;
        while (start > 0 && domain.at[start - 1] != '.')
            start--;
        memcpy(at + size, domain.at + start, end - start);
        size += end - start;
        at[size++] = '.';
        end = start > 0 ? start - 1 : 0;
    }
    return str_make(at, size);
}
