/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: each message of RFC 4475 gets the answer that a stateless redirect server owes it, and none
 * of them anything else.
 * Method: the messages as tests/data has them, one a file, named by their section; what each must
 * get is written here. Skipped, and says so, when nobody says where they are.
 */
#include "env/file.h"
#include "gate/sip/house_test.h"

static const struct {
    const char *section;
    unsigned status; /* 0: no answer */
    const char *says;
} rows[] = {
  /* valid */
    {"3.1.1.1",  481, "\r\nTo: sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"},
    {"3.1.1.2",  405, ""                                                                      },
    {"3.1.1.3",  302, ""                                                                      },
    {"3.1.1.4",  405, ""                                                                      },
    {"3.1.1.5",  405, ""                                                                      },
    {"3.1.1.6",  200, ""                                                                      },
    {"3.1.1.7",  302, ""                                                                      },
    {"3.1.1.8",  405, "\r\nCSeq: 8 REGISTER\r\n" /* and not what lies behind it */            },
    {"3.1.1.9",  200, ""                                                                      },
    {"3.1.1.10", 200, ""                                                                      },
    {"3.1.1.12", 0,   ""                                                                      },
    {"3.1.1.13", 0,   ""                                                                      },
 /* invalid */
    {"3.1.2.1",  400, "Bad Via"                                                               },
    {"3.1.2.2",  400, "Bad Content-Length"                                                    },
    {"3.1.2.3",  400, "Bad Content-Length"                                                    },
    {"3.1.2.4",  400, ""                                                                      },
    {"3.1.2.5",  0,   ""                                                                      },
    {"3.1.2.6",  400, "Bad To"                                                                },
    {"3.1.2.7",  400, "Bad Request-URI"                                                       },
    {"3.1.2.8",  400, "Bad Request-Line"                                                      },
    {"3.1.2.9",  400, "Bad Request-Line"                                                      },
    {"3.1.2.10", 400, "Bad Request-Line"                                                      },
    {"3.1.2.11", 400, "Bad Request-URI"                                                       },
    {"3.1.2.12", 302, "" /* the Date: nothing hangs on it */                                  },
    {"3.1.2.13", 405, ""                                                                      },
    {"3.1.2.14", 400, "Bad To"                                                                },
    {"3.1.2.15", 400, "Bad From"                                                              },
    {"3.1.2.16", 505, ""                                                                      },
    {"3.1.2.17", 400, "Bad CSeq"                                                              },
    {"3.1.2.18", 400, "Bad CSeq"                                                              },
    {"3.1.2.19", 0,   ""                                                                      },
 /* transactions, applications, the past */
    {"3.2.1",    200, ""                                                                      },
    {"3.3.1",    400, ""                                                                      },
    {"3.3.2",    416, ""                                                                      },
    {"3.3.3",    416, ""                                                                      },
    {"3.3.4",    405, ""                                                                      },
    {"3.3.5",    420, "\r\nUnsupported: "                                                     },
    {"3.3.6",    302, "" /* whoever is called says whether he understands the body */         },
    {"3.3.7",    405, ""                                                                      },
    {"3.3.8",    400, "Header Given Twice"                                                    },
    {"3.3.9",    400, "Header Given Twice"                                                    },
    {"3.3.10",   0,   ""                                                                      },
    {"3.3.11",   200, ""                                                                      },
    {"3.3.12",   405, ""                                                                      },
    {"3.3.13",   405, ""                                                                      },
    {"3.3.14",   405, ""                                                                      },
    {"3.3.15",   302, ""                                                                      },
    {"3.4.1",    302, ""                                                                      },
};

static bool message_take(const char *section, struct arena *turn, str *ret_packet)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/sip_torture/%s.sip", getenv("YUMEN_TEST_DATA"), section);
    err e = file_read(path, 1 << 16, turn, ret_packet);
    return !failed(e);
}

static void each_message_gets_what_it_is_owed(void **state)
{
    struct arena turn;
    (void)state;
    arena_init(&turn, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str packet = {0};
        arena_reset(&turn);
        if (!message_take(rows[i].section, &turn, &packet))
            fail_msg("%s: there is no such file", rows[i].section);
        str reply = house_ask_bytes("192.0.2.1", packet);
        if (house_status(reply) != rows[i].status || !str_has(reply, str_from_c(rows[i].says)))
            fail_msg("%s: %.*s", rows[i].section, (int)reply.size, reply.at);
    }
    arena_done(&turn);
}

/* Whatever is missing at its end, nothing but an answer or silence. */
static void each_message_may_end_anywhere(void **state)
{
    struct arena turn;
    (void)state;
    arena_init(&turn, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str packet = {0};
        arena_reset(&turn);
        if (!message_take(rows[i].section, &turn, &packet))
            fail_msg("%s: there is no such file", rows[i].section);
        for (size_t size = 0; size < packet.size; size++) {
            str reply = house_ask_bytes("192.0.2.1", str_until(packet, size));
            unsigned status = house_status(reply);
            assert_true(status == 0 || (status >= 200 && status <= 699));
            assert_true(reply.size <= SIP_GAIN * size);
        }
    }
    arena_done(&turn);
}

int main(void)
{
    if (getenv("YUMEN_TEST_DATA") == NULL) {
        fprintf(stderr, "skipped: YUMEN_TEST_DATA does not say where tests/data is\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_gets_what_it_is_owed),
        cmocka_unit_test(each_message_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, house_open, house_close);
}
