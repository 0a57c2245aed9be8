/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/currency.h"

#include <assert.h>

/* By the digits of the minor unit. */
static const char *const codes[] = {
    [0] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    [2] = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
          "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
          "GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
          "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB "
          "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
          "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW "
          "ZWG",
    [3] = "BHD IQD JOD KWD LYD OMR TND",
    [4] = "UYW",
};

static bool is_code(str code)
{
    bool is_fit = code.size == 3;
    for (size_t i = 0; is_fit && i < code.size; i++)
        is_fit = code.at[i] >= 'A' && code.at[i] <= 'Z';
    return is_fit;
}

int currency_digits(str code)
{
    if (!is_code(code))
        return -1;
    for (size_t digits = 0; digits < COUNT_OF(codes); digits++)
        if (codes[digits] != NULL && str_has(str_from_c(codes[digits]), code))
            return (int)digits;
    return -1;
}

static void put_groups(struct text *t, uint64_t whole)
{
    uint64_t weight = 1;
    while (whole / weight >= 1000)
        weight *= 1000;
    text_put_u64(t, whole / weight);
    for (weight /= 1000; weight > 0; weight /= 1000)
        text_printf(t, ",%03u", (unsigned)(whole / weight % 1000));
}

void currency_put(struct text *t, int64_t minor, str code)
{
    int digits = currency_digits(code);
    uint64_t away = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    uint64_t unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    if (minor < 0)
        text_put_char(t, '-');
    put_groups(t, away / unit);
    if (digits > 0)
        text_printf(t, ".%0*llu", digits, (unsigned long long)(away % unit));
}
