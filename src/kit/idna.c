/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/idna.h"

#include "kit/boot.h"

#include <assert.h>
#include <unicode/uidna.h>

/* Room for any name ICU makes of IDNA_INPUT_BYTES; what is too long is measured afterwards. */
enum { WORK_BYTES = 4 * IDNA_INPUT_BYTES };

static UIDNA *rules;

err idna_boot(void)
{
    UErrorCode status = U_ZERO_ERROR;
    rules = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                            &status);
    if (U_FAILURE(status))
        return fail(ERR_OS, "kit: ICU cannot load its IDNA data", 0);
    return OK;
}

void idna_end(void)
{
    if (rules != NULL)
        uidna_close(rules);
    rules = NULL;
}

static err wrong(const char *why, size_t at)
{
    return fail(ERR_MALFORMED, why, (uint32_t)at);
}

static bool is_ace(str label)
{
    return label.size >= 4 && str_equal_nocase(str_until(label, 4), STR("xn--"));
}

bool idna_has_ace(str name)
{
    size_t at = str_find_char(name, '-'); /* most names have none */
    for (; at < name.size; at += 1 + str_find_char(str_from(name, at + 1), '-')) {
        bool begins = at >= 2 && (at == 2 || name.at[at - 3] == '.');
        if (begins && is_ace(str_from(name, at - 2)))
            return true;
    }
    return false;
}

/* The name's own letters, after mapping; '.' parts them. */
static const bool is_name_char[256] = {
    ['a' ... 'z'] = true, ['0' ... '9'] = true, ['-'] = true, ['_'] = true, ['.'] = true};

/* What every name must satisfy in the end, whichever way it came. */
static err name_check(str name)
{
    if (name.size == 0)
        return wrong("domain.empty", 0);
    size_t begin = 0;
    for (size_t i = 0; i <= name.size; i++) {
        if (i < name.size && name.at[i] != '.') {
            if (!is_name_char[(unsigned char)name.at[i]])
                return wrong("domain.character", i);
            continue;
        }
        if (i == begin)
            return wrong("domain.label_empty", i);
        if (i - begin > IDNA_LABEL_BYTES)
            return wrong("domain.label_too_long", begin);
        begin = i + 1;
    }
    if (name.size > IDNA_NAME_BYTES)
        return wrong("domain.too_long", IDNA_NAME_BYTES);
    return OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Where hyphens stand is nobody's harm: content networks and scammers put them everywhere. */
enum {
    HARMLESS = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4
};

static err icu_error(uint32_t errors)
{
    errors &= ~(uint32_t)HARMLESS;
    if (errors == 0)
        return OK;
    if ((errors & UIDNA_ERROR_DISALLOWED) != 0)
        return wrong("domain.character", 0);
    if ((errors & UIDNA_ERROR_EMPTY_LABEL) != 0)
        return wrong("domain.label_empty", 0);
    if ((errors & UIDNA_ERROR_LABEL_TOO_LONG) != 0)
        return wrong("domain.label_too_long", 0);
    if ((errors & UIDNA_ERROR_DOMAIN_NAME_TOO_LONG) != 0)
        return wrong("domain.too_long", 0);
    return wrong("domain.malformed", 0);
}

static err map_by_icu(str domain, char work[WORK_BYTES], size_t *ret_size)
{
    assert(rules != NULL); /* kit_boot() comes first */
    if (!str_is_utf8(domain))
        return wrong("domain.malformed", 0);
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = uidna_nameToASCII_UTF8(rules, domain.at, (int32_t)domain.size, work, WORK_BYTES,
                                          &info, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR)
        return wrong("domain.too_long", 0);
    if (U_FAILURE(status))
        return wrong("domain.malformed", 0);
    TRY(icu_error(info.errors));
    *ret_size = (size_t)size;
    return OK;
}

static str without_root(str name)
{
    bool has_root = name.size > 1 && name.at[name.size - 1] == '.';
    return str_until(name, name.size - has_root);
}

static err to_ascii_by_icu(str domain, struct arena *a, str *ret_ascii)
{
    char work[WORK_BYTES];
    size_t size = 0;
    TRY(map_by_icu(domain, work, &size));
    str name = without_root(str_make(work, size));
    err e = name_check(name);
    if (failed(e))
        return wrong(e.why, 0);
    str ascii = str_copy(a, name);
    if (ascii.at == NULL)
        return fail(ERR_LIMIT, "idna: the arena is spent", 0);
    *ret_ascii = ascii;
    return OK;
}

err idna_to_ascii(str domain, struct arena *a, str *ret_ascii)
{
    if (domain.size == 0)
        return wrong("domain.empty", 0);
    if (domain.size > IDNA_INPUT_BYTES)
        return wrong("domain.too_long", IDNA_NAME_BYTES);

    if (!str_is_ascii(domain) || idna_has_ace(domain))
        return to_ascii_by_icu(domain, a, ret_ascii);
    char *name = arena_make_array(a, domain.size + 1, 1);
    if (name == NULL)
        return fail(ERR_LIMIT, "idna: the arena is spent", 0);
    for (size_t i = 0; i < domain.size; i++)
        name[i] = lower(domain.at[i]);
    str ascii = without_root(str_make(name, domain.size));
    TRY(name_check(ascii));
    name[ascii.size] = '\0';
    *ret_ascii = ascii;
    return OK;
}

static void put_label(struct text *t, str label)
{
    assert(rules != NULL);
    char work[WORK_BYTES];
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    int32_t size = 0;
    if (is_ace(label) && label.size <= IDNA_LABEL_BYTES)
        size = uidna_labelToUnicodeUTF8(rules, label.at, (int32_t)label.size, work, WORK_BYTES,
                                        &info, &status);
    bool is_shown = size > 0 && U_SUCCESS(status) && (info.errors & ~(uint32_t)HARMLESS) == 0;
    text_put(t, is_shown ? str_make(work, (size_t)size) : label);
}

err idna_to_unicode(str ascii, struct arena *a, str *ret_unicode)
{
    struct text t;
    text_init(&t, a);
    str label;
    for (bool is_first = true; str_split(&ascii, '.', &label); is_first = false) {
        if (!is_first)
            text_put_char(&t, '.');
        put_label(&t, label);
    }
    if (text_spent(&t))
        return fail(ERR_LIMIT, "idna: the arena is spent", 0);
    *ret_unicode = text_str(&t);
    return OK;
}
