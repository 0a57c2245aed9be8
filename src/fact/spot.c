/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/spot.h"

#include <assert.h>

/* The cosine of whole degrees, 1 is 32768. */
enum { COS_ONE = 32768, CM_A_DEGREE = 11119508 };
static const uint16_t cos_of[] = {
    32768, 32763, 32748, 32723, 32688, 32643, 32588, 32524, 32449, 32365, 32270, 32166, 32052,
    31928, 31795, 31651, 31499, 31336, 31164, 30983, 30792, 30592, 30382, 30163, 29935, 29698,
    29452, 29197, 28932, 28660, 28378, 28088, 27789, 27482, 27166, 26842, 26510, 26170, 25822,
    25466, 25102, 24730, 24351, 23965, 23571, 23170, 22763, 22348, 21926, 21498, 21063, 20622,
    20174, 19720, 19261, 18795, 18324, 17847, 17364, 16877, 16384, 15886, 15384, 14876, 14365,
    13848, 13328, 12803, 12275, 11743, 11207, 10668, 10126, 9580,  9032,  8481,  7927,  7371,
    6813,  6252,  5690,  5126,  4560,  3993,  3425,  2856,  2286,  1715,  1144,  572,   0,
};

static int64_t cosine(int64_t lat)
{
    int64_t away = lat < 0 ? -lat : lat;
    int64_t degree = away / SPOT_DEGREE;
    int64_t rest = away % SPOT_DEGREE;
    if (degree >= 90)
        return 0;
    return cos_of[degree] + ((int64_t)cos_of[degree + 1] - cos_of[degree]) * rest / SPOT_DEGREE;
}

static uint64_t root_of(uint64_t square)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 62; bit != 0; bit >>= 2) {
        bool has_bit = square >= root + bit;
        if (has_bit)
            square -= root + bit;
        root = (root >> 1) + (has_bit ? bit : 0);
    }
    return root;
}

uint32_t spot_distance_m(spot a, spot b)
{
    assert(spot_is_valid(a.lon, a.lat) && spot_is_valid(b.lon, b.lat));
    int64_t north = (int64_t)a.lat - b.lat;
    int64_t east = (int64_t)a.lon - b.lon;
    if (east > 180 * (int64_t)SPOT_DEGREE)
        east -= 360 * (int64_t)SPOT_DEGREE;
    if (east < -180 * (int64_t)SPOT_DEGREE)
        east += 360 * (int64_t)SPOT_DEGREE;
    int64_t y_cm = north * CM_A_DEGREE / SPOT_DEGREE;
    int64_t x_cm = east * CM_A_DEGREE / SPOT_DEGREE;
    x_cm = x_cm * cosine(((int64_t)a.lat + b.lat) / 2) / COS_ONE;
    return (uint32_t)(root_of((uint64_t)(x_cm * x_cm) + (uint64_t)(y_cm * y_cm)) / 100);
}

enum { DECIMALS = 6 };

static err read_degrees(str s, int64_t *ret_micro)
{
    bool is_below = str_starts(s, STR("-"));
    s = str_from(s, is_below);
    int64_t micro = 0;
    size_t whole = str_find_char(s, '.');
    if (whole == 0 || whole > 3 || whole + 1 == s.size)
        return fail(ERR_MALFORMED, "spot.number", 0);
    for (size_t i = 0; i < s.size; i++) {
        bool is_digit = s.at[i] >= '0' && s.at[i] <= '9';
        if (!is_digit && i != whole)
            return fail(ERR_MALFORMED, "spot.number", (uint32_t)i);
        if (is_digit && i <= whole + DECIMALS)
            micro = micro * 10 + (s.at[i] - '0');
    }
    size_t decimals = whole < s.size ? s.size - whole - 1 : 0;
    for (size_t i = decimals; i < DECIMALS; i++)
        micro *= 10;
    *ret_micro = is_below ? -micro : micro;
    return OK;
}

err spot_parse(str lon, str lat, spot *ret_spot)
{
    int64_t east = 0;
    int64_t north = 0;
    TRY(read_degrees(lon, &east));
    TRY(read_degrees(lat, &north));
    if (!spot_is_valid(east, north))
        return fail(ERR_MALFORMED, "spot.range", 0);
    *ret_spot = (spot){.lon = (int32_t)east, .lat = (int32_t)north};
    return OK;
}
