/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/wire.h"

#include <assert.h>
#include <stdio.h>

/* The byte behind a '%'; 0, which is never allowed, when there is none. */
static char percent_byte(str behind)
{
    unsigned char byte = 0;
    if (failed(hex_parse(str_until(behind, 2), &byte, 1)))
        return '\0';
    return (char)byte;
}

static err decode(struct arena *a, str encoded, char plus, str *ret_text)
{
    char *to = arena_make(a, encoded.size + 1);
    size_t size = 0;
    if (to == NULL)
        return fail(ERR_LIMIT, "http: no memory to decode", 0);
    for (size_t i = 0; i < encoded.size; i++) {
        char c = encoded.at[i];
        if (c == '+')
            c = plus;
        if (c == '%') {
            c = percent_byte(str_from(encoded, i + 1));
            i += 2;
        }
        if (c == '\0')
            return fail(ERR_MALFORMED, "http.encoding", (uint32_t)i);
        to[size++] = c;
    }
    if (!str_is_utf8(str_make(to, size)))
        return fail(ERR_MALFORMED, "http.encoding", 0);
    *ret_text = str_make(to, size);
    return OK;
}

err http_decode(struct arena *a, str encoded, str *ret_text)
{
    return decode(a, encoded, '+', ret_text);
}

void http_encode_put(struct text *t, str plain)
{
    for (size_t i = 0; i < plain.size; i++) {
        unsigned char c = (unsigned char)plain.at[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain) {
            text_put_char(t, (char)c);
            continue;
        }
        text_put_char(t, '%');
        text_put_hex(t, &c, 1);
    }
}

err http_query_find(struct arena *a, str query, str name, str *ret_value)
{
    str pair;
    while (str_split(&query, '&', &pair)) {
        size_t equals = str_find_char(pair, '=');
        str got;
        TRY(decode(a, str_until(pair, equals), ' ', &got));
        if (str_equal(got, name))
            return decode(a, str_from(pair, equals + 1), ' ', ret_value);
    }
    *ret_value = STR("");
    return OK;
}

str http_cookie_find(str cookies, str name)
{
    str pair;
    while (str_split(&cookies, ';', &pair)) {
        pair = str_trim(pair);
        size_t equals = str_find_char(pair, '=');
        if (str_equal(str_until(pair, equals), name))
            return str_from(pair, equals + 1);
    }
    return STR("");
}

str http_date(instant at, char room[HTTP_DATE_ROOM])
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = instant_civil(at, 0);
    int64_t second = at.us / US_PER_S % 86400;
    assert(c.weekday >= 0 && c.weekday < 7 && c.month >= 1 && c.month <= 12);
    int size = snprintf(room, HTTP_DATE_ROOM, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                        days[c.weekday], c.day, months[c.month - 1], c.year, (int)(second / 3600),
                        (int)(second / 60 % 60), (int)(second % 60));
    assert(size > 0 && size < HTTP_DATE_ROOM);
    return str_make(room, (size_t)size);
}

bool http_etag_matches(str if_none_match, str etag)
{
    str tag;
    while (str_split(&if_none_match, ',', &tag)) {
        tag = str_trim(tag);
        if (str_starts(tag, STR("W/")))
            tag = str_from(tag, 2);
        if (str_equal(tag, STR("*")) || str_equal(tag, etag))
            return true;
    }
    return false;
}

/* The weight of "gzip;q=0.5" in thousandths; leaves "gzip" in *item. */
static int take_weight(str *item)
{
    size_t semicolon = str_find_char(*item, ';');
    str q = str_trim(str_from(*item, semicolon + 1));
    *item = str_trim(str_until(*item, semicolon));
    if (!str_starts(q, STR("q=")))
        return 1000;
    int weight = 0;
    int place = 1000;
    for (size_t i = 2; i < q.size && place > 0; i++) {
        if (q.at[i] == '.')
            continue;
        if (q.at[i] < '0' || q.at[i] > '9')
            return 0;
        weight += (q.at[i] - '0') * place;
        place /= 10;
    }
    return weight;
}

str http_language_first(str accept_language)
{
    str best = STR("");
    int best_weight = 0;
    str item;
    while (str_split(&accept_language, ',', &item)) {
        int weight = take_weight(&item);
        if (weight > best_weight && !str_equal(item, STR("*"))) {
            best = str_until(item, str_find_char(item, '-'));
            best_weight = weight;
        }
    }
    return best;
}

bool http_accepts(str list, str word)
{
    str item;
    while (str_split(&list, ',', &item)) {
        int weight = take_weight(&item);
        if (str_equal_nocase(item, word))
            return weight > 0;
    }
    return false;
}

const char *http_status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } rows[] = {
        {200, "OK"                             },
        {201, "Created"                        },
        {202, "Accepted"                       },
        {204, "No Content"                     },
        {301, "Moved Permanently"              },
        {302, "Found"                          },
        {303, "See Other"                      },
        {304, "Not Modified"                   },
        {307, "Temporary Redirect"             },
        {308, "Permanent Redirect"             },
        {400, "Bad Request"                    },
        {401, "Unauthorized"                   },
        {403, "Forbidden"                      },
        {404, "Not Found"                      },
        {405, "Method Not Allowed"             },
        {406, "Not Acceptable"                 },
        {408, "Request Timeout"                },
        {409, "Conflict"                       },
        {410, "Gone"                           },
        {412, "Precondition Failed"            },
        {413, "Content Too Large"              },
        {414, "URI Too Long"                   },
        {415, "Unsupported Media Type"         },
        {417, "Expectation Failed"             },
        {421, "Misdirected Request"            },
        {422, "Unprocessable Content"          },
        {428, "Precondition Required"          },
        {429, "Too Many Requests"              },
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"          },
        {501, "Not Implemented"                },
        {503, "Service Unavailable"            },
        {505, "HTTP Version Not Supported"     },
        {507, "Insufficient Storage"           },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].status == status)
            return rows[i].text;
    return "Status";
}
