/* SPDX-License-Identifier: Apache-2.0 */
/* No exception crosses into C: whatever calls the library is noexcept, so the program ends there.
 */
extern "C" {
#include "kit/phone.h"
#include "kit/boot.h"
}

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace
{

PhoneNumberUtil &util()
{
    return *PhoneNumberUtil::GetInstance();
}

err wrong(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

err error_of(PhoneNumberUtil::ErrorType type)
{
    switch (type) {
    case PhoneNumberUtil::NO_PARSING_ERROR:
        return OK;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
        return wrong("number.country");
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
        return wrong("number.too_short");
    case PhoneNumberUtil::TOO_LONG_NSN:
        return wrong("number.too_long");
    case PhoneNumberUtil::NOT_A_NUMBER:
        break;
    }
    return wrong("number.malformed");
}

err check(const PhoneNumber &number) noexcept
{
    switch (util().IsPossibleNumberWithReason(number)) {
    case PhoneNumberUtil::TOO_SHORT:
        return wrong("number.too_short");
    case PhoneNumberUtil::TOO_LONG:
        return wrong("number.too_long");
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
        return wrong("number.country");
    case PhoneNumberUtil::INVALID_LENGTH:
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
    case PhoneNumberUtil::IS_POSSIBLE:
        break;
    }
    return util().IsValidNumber(number) ? OK : wrong("number.unassigned");
}

err parse(str text, str region, PhoneNumber *ret_number) noexcept
{
    if (text.size > PHONE_TEXT_BYTES)
        return wrong("number.too_long");
    if (!str_is_utf8(text))
        return wrong("number.malformed");
    /* "ZZ" is the library's word for no region: the number must bring its country code. */
    std::string home = region.size == 0 ? "ZZ" : std::string(region.at, region.size);
    return error_of(util().Parse(std::string(text.at, text.size), home, ret_number));
}

err give(const PhoneNumber &number, PhoneNumberUtil::PhoneNumberFormat format, struct arena *a,
         str *ret_text) noexcept
{
    std::string out;
    util().Format(number, format, &out);
    str copy = str_copy(a, str_make(out.data(), out.size()));
    if (copy.at == nullptr)
        return fail(ERR_LIMIT, "phone: the arena is spent", 0);
    *ret_text = copy;
    return OK;
}

std::string region_of(const PhoneNumber &number) noexcept
{
    std::string region;
    util().GetRegionCodeForNumber(number, &region);
    return region;
}

/* --- which numbers there can be --- */

constexpr size_t CODES = 1000;
constexpr size_t E164_DIGITS = 15;

/* By country's code: bit n: of n digits; 0: there is no such country. */
using plan = std::array<uint16_t, CODES>;

uint16_t lengths_of(int country)
{
    uint16_t lengths = 0;
    uint64_t digits = 1;
    for (size_t n = 1; n < E164_DIGITS; n++, digits = digits * 10 + 1) {
        PhoneNumber number;
        number.set_country_code(country);
        number.set_national_number(digits);
        bool is_one = util().IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE;
        lengths = static_cast<uint16_t>(lengths | (is_one ? 1U << n : 0));
    }
    return lengths;
}

plan make_plan() noexcept
{
    plan p{};
    std::set<int> countries;
    util().GetSupportedCallingCodes(&countries);
    for (int country : countries)
        p.at(static_cast<size_t>(country)) = lengths_of(country);
    return p;
}

const plan &the_plan() noexcept
{
    static const plan made = make_plan();
    return made;
}

/* No country's code begins another's; of digits that begin with none, 0. */
size_t country_of(const plan &p, str digits, size_t *ret_size)
{
    size_t code = 0;
    for (size_t i = 0; i < std::min<size_t>(3, digits.size); i++) {
        code = code * 10 + static_cast<size_t>(digits.at[i] - '0');
        *ret_size = i + 1;
        if (code != 0 && p[code] != 0)
            return code;
    }
    return 0;
}

} // namespace

err phone_boot(void)
{
    PhoneNumber number;
    return parse(STR("+16502530000"), STR(""), &number); /* builds the tables */
}

err phone_parse_foreign(str text, str region, struct arena *a, str *ret_e164)
{
    PhoneNumber number;
    TRY(parse(text, region, &number));
    if (number.has_extension())
        return wrong("number.malformed"); /* E.164 has no extensions: two numbers would be one */
    TRY(check(number));
    return give(number, PhoneNumberUtil::E164, a, ret_e164);
}

err phone_display(str e164, struct arena *a, str *ret_text)
{
    PhoneNumber number;
    TRY(parse(e164, STR(""), &number));
    return give(number, PhoneNumberUtil::INTERNATIONAL, a, ret_text);
}

str phone_region(str e164, char room[PHONE_REGION_BYTES])
{
    PhoneNumber number;
    if (failed(parse(e164, STR(""), &number)))
        return str_make(room, 0);
    const std::string region = region_of(number);
    if (region == "ZZ" || region.size() >= PHONE_REGION_BYTES)
        return str_make(room, 0);
    memcpy(room, region.data(), region.size());
    room[region.size()] = '\0';
    return str_make(room, region.size());
}

bool phone_is_possible(str e164)
{
    const plan &p = the_plan();
    str digits = str_from(e164, 1);
    size_t size = 0;
    for (size_t i = 0; i < digits.size; i++)
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
    size_t country = country_of(p, digits, &size);
    size_t rest = digits.size - size;
    return country != 0 && e164.at[0] == '+' && rest < E164_DIGITS && (p[country] >> rest & 1) != 0;
}
