/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a bank's book makes and loses no fen, never lets an account go below what is held on it,
 * serves freezes in the order in which they came, compares before it acts, and ends everything at
 * its term. Method: the queue of the header with its numbers; each mismatch by itself; a long
 * seeded mixture of payments and instructions against a plain second reckoning.
 */
#include "drill/bank_book.h"
#include "drill/dice.h"
#include "drill/drill_test.h"

#define DAY(n) instant_from_us((n)*US_PER_DAY)

static struct arena arena;
static struct bank_book *book;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    works(bank_book_open(&arena, 1, 600, &book));
    works(bank_book_add(book, STR("A"), STR("Li Lei"), 90000));
    works(bank_book_add(book, STR("B"), STR(""), 0));
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static enum bank_why pays(const char *from, const char *to, int64_t fen)
{
    struct bank_payment p = {.from = str_from_c(from), .to = str_from_c(to), .fen = fen};
    return bank_book_pay(book, &p);
}

static struct bank_answer does(enum bank_ask ask, enum bank_kind kind, const char *order,
                               int64_t fen)
{
    struct bank_answer answer = {.balance = -2};
    struct bank_instruction i = {.order = str_from_c(order),
                                 .kind = kind,
                                 .ask = ask,
                                 .account = STR("A"),
                                 .fen = fen,
                                 .until = DAY(2)};
    works(bank_book_do(book, &i, 0, &answer));
    return answer;
}

static void is(struct bank_answer answer, enum bank_result result, int64_t held)
{
    assert_int_equal(answer.result, result);
    assert_int_equal(answer.held, held);
}

static int64_t held_by(const char *order)
{
    struct bank_standing s = {.held = -1};
    (void)bank_book_find(book, str_from_c(order), &s);
    return s.held;
}

static void first_come_first_served(void **state)
{
    (void)state;
    struct bank_standing court = {.order = STR("c1"),
                                  .authority = STR("court"),
                                  .kind = BANK_FREEZE,
                                  .fen = 50000,
                                  .until = DAY(9)};
    struct bank_standing other = {.order = STR("c2"),
                                  .authority = STR("tax"),
                                  .kind = BANK_FREEZE,
                                  .fen = 10000,
                                  .until = DAY(9)};
    struct bank_standing third;
    works(bank_book_freeze(book, STR("A"), &court));
    is(does(BANK_PLACE, BANK_HOLD, "h1", 60000), BANK_PARTIAL, 40000);
    works(bank_book_freeze(book, STR("A"), &other));
    assert_int_equal(held_by("c2"), 0);
    assert_int_equal(bank_book_look(book, STR("A")).usable, 0);
    assert_int_equal(pays("A", "B", 1), BANK_NO_MONEY);
    assert_int_equal(pays("out", "A", 25000), BANK_FINE);
    assert_int_equal(held_by("h1"), 60000);
    assert_int_equal(held_by("c2"), 5000);
    assert_true(bank_book_standing(book, STR("A"), 2, &third));
    is_str(third.authority, STR("tax"));
    assert_false(bank_book_standing(book, STR("A"), 3, &third));
    is(does(BANK_TRIM, BANK_HOLD, "h1", 20000), BANK_DONE, 20000);
    assert_int_equal(held_by("c2"), 10000);
    assert_int_equal(bank_book_look(book, STR("A")).usable, 35000);
    is(does(BANK_LIFT, BANK_HOLD, "h1", 0), BANK_DONE, 0);
    assert_int_equal(bank_book_look(book, STR("A")).usable, 55000);
    assert_int_equal(bank_book_lapse(book, DAY(9)), 2);
    assert_int_equal(bank_book_look(book, STR("A")).usable, 115000);
    assert_int_equal(bank_book_sum(book), 0);
}

/* A freeze that takes a hold over is never behind it, or behind whoever came later. */
static void takes_over(void **state)
{
    (void)state;
    struct bank_standing court = {.order = STR("c1"),
                                  .authority = STR("court"),
                                  .kind = BANK_FREEZE,
                                  .fen = 100000,
                                  .until = DAY(9)};
    is(does(BANK_PLACE, BANK_HOLD, "h1", 60000), BANK_DONE, 60000);
    works(bank_book_freeze(book, STR("A"), &court));
    assert_int_equal(held_by("c1"), 30000);
    struct bank_answer answer = {.balance = -2};
    struct bank_instruction i = {.order = STR("f1"),
                                 .takes = STR("h1"),
                                 .kind = BANK_FREEZE,
                                 .ask = BANK_PLACE,
                                 .account = STR("A"),
                                 .fen = 50000,
                                 .until = DAY(5)};
    works(bank_book_do(book, &i, 0, &answer));
    is(answer, BANK_DONE, 50000);
    assert_int_equal(held_by("h1"), 10000); /* what is beyond the freeze */
    assert_int_equal(held_by("c1"), 30000);
    is(does(BANK_LIFT, BANK_HOLD, "h1", 0), BANK_DONE, 0);
    assert_int_equal(held_by("f1"), 50000);
    assert_int_equal(held_by("c1"), 40000);
    is(does(BANK_PLACE, BANK_HOLD, "h2", 5000), BANK_PARTIAL, 0);
    i.order = STR("f2");
    i.takes = STR("h2"); /* which holds too little: behind all others */
    works(bank_book_do(book, &i, 0, &answer));
    is(answer, BANK_PARTIAL, 0);
    i.order = STR("f3");
    i.takes = STR("never seen");
    works(bank_book_do(book, &i, 0, &answer));
    is(answer, BANK_PARTIAL, 0);
}

static void ends_by_itself(void **state)
{
    (void)state;
    is(does(BANK_PLACE, BANK_HOLD, "h1", 90000), BANK_DONE, 90000);
    assert_int_equal(bank_book_lapse(book, instant_from_us(DAY(2).us - 1)), 0);
    assert_int_equal(pays("A", "B", 1), BANK_NO_MONEY);
    struct bank_instruction longer = {.order = STR("h1"),
                                      .kind = BANK_HOLD,
                                      .ask = BANK_EXTEND,
                                      .account = STR("A"),
                                      .fen = 90000,
                                      .until = DAY(4)};
    struct bank_answer answer;
    works(bank_book_do(book, &longer, 0, &answer));
    is(answer, BANK_DONE, 90000);
    assert_int_equal(bank_book_lapse(book, DAY(3)), 0);
    assert_int_equal(bank_book_lapse(book, DAY(4)), 1);
    assert_int_equal(pays("A", "B", 90000), BANK_FINE);
    works(bank_book_do(book, &longer, 0, &answer));
    assert_int_equal(answer.result, BANK_REFUSED);
    assert_int_equal(answer.why, BANK_ENDED);
    is(does(BANK_LIFT, BANK_HOLD, "h1", 0), BANK_DONE, 0);
}

static void stops_and_closes(void **state)
{
    (void)state;
    is(does(BANK_PLACE, BANK_STOP, "s1", 0), BANK_DONE, 90000);
    is(does(BANK_PLACE, BANK_HOLD, "h1", 500), BANK_DONE, 500);
    assert_int_equal(pays("A", "B", 1), BANK_STOPPED);
    assert_int_equal(pays("B", "A", 0 + 1), BANK_NO_MONEY);
    assert_int_equal(pays("out", "A", 10), BANK_FINE);
    is(does(BANK_LIFT, BANK_STOP, "s1", 0), BANK_DONE, 0);
    assert_int_equal(pays("A", "B", 89510), BANK_FINE);
    assert_int_equal(pays("A", "B", 1), BANK_NO_MONEY);
    is(does(BANK_PLACE, BANK_DISCONNECT, "d1", 0), BANK_DONE, 0);
    assert_int_equal(pays("out", "A", 10), BANK_CLOSED);
    struct bank_answer closed = does(BANK_PLACE, BANK_HOLD, "h2", 5);
    assert_int_equal(closed.why, BANK_CLOSED);
    is(does(BANK_PLACE, BANK_FREEZE, "f", 0), BANK_REFUSED, 0);
}

static void takes_all_for_all(void **state)
{
    (void)state;
    is(does(BANK_PLACE, BANK_FREEZE, "f1", 0), BANK_DONE, 90000);
    assert_int_equal(pays("out", "A", 10), BANK_FINE);
    assert_int_equal(held_by("f1"), 90010);
    is(does(BANK_PLACE, BANK_QUERY, "q1", 0), BANK_DONE, 0);
    assert_int_equal(does(BANK_PLACE, BANK_QUERY, "q1", 0).balance, 90010);
    assert_int_equal(does(BANK_PLACE, BANK_BLOCK, "b1", 0).why, BANK_CANNOT);
    assert_int_equal(does(BANK_TRIM, BANK_HOLD, "none", 1).why, BANK_NO_ORDER);
}

static void compares_first(void **state)
{
    (void)state;
    static const struct {
        const char *account, *name, *id, *from;
        int64_t fen, off_s;
        enum bank_why why;
    } cases[] = {
        {"A", "li lei ",    "",   "V",    500, 600,  BANK_FINE        },
        {"A", "",           "t1", "",     0,   0,    BANK_FINE        },
        {"C", "",           "t1", "V",    500, 0,    BANK_NO_ACCOUNT  },
        {"A", "Han Meimei", "t1", "V",    500, 0,    BANK_OTHER_NAME  },
        {"A", "",           "t1", "V",    501, 0,    BANK_OTHER_AMOUNT},
        {"A", "",           "t1", "V",    501, 9000, BANK_OTHER_AMOUNT},
        {"A", "",           "",   "BK:V", 500, 601,  BANK_OTHER_TIME  },
        {"A", "",           "",   "W",    500, 0,    BANK_NO_PAYMENT  },
        {"A", "",           "",   "V",    7,   9000, BANK_NO_PAYMENT  },
        {"B", "",           "",   "V",    500, 0,    BANK_NO_PAYMENT  },
    };
    struct bank_payment known = {
        .id = STR("t1"), .from = STR("BK:V"), .to = STR("A"), .fen = 500, .at = DAY(1)};
    works(bank_book_expect(book, &known));
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        struct bank_answer answer;
        struct bank_instruction i = {
            .order = STR("x"),
            .kind = BANK_QUERY,
            .account = str_from_c(cases[n].account),
            .name = str_from_c(cases[n].name),
            .has_payment = true,
            .payment = {.id = str_from_c(cases[n].id),
                        .from = str_from_c(cases[n].from),
                        .fen = cases[n].fen,
                        .at = instant_add_us(DAY(1), cases[n].off_s * US_PER_S)}
        };
        works(bank_book_do(book, &i, 0, &answer));
        if (answer.why != cases[n].why)
            fail_msg("case %zu: \"%s\"", n, bank_why_words[answer.why]);
    }
}

/* ---- a long mixture ----------------------------------------------------------------------- */

enum { ACCOUNTS = 12, ORDERS = 80, STEPS = 60000 };

static str named(char room[16], const char *what, uint64_t number)
{
    struct text t;
    struct arena a;
    arena_init(&a, 1 << 16);
    text_init(&t, &a);
    text_put_c(&t, what);
    text_put_u64(&t, number);
    memcpy(room, t.at, t.size);
    str made = str_make(room, t.size);
    arena_done(&a);
    return made;
}

/* Held is what its measures hold, and no more than there is; no measure holds more than its own. */
static void check_account(str key)
{
    struct bank_view v = bank_book_look(book, key);
    struct bank_standing s;
    int64_t held = 0;
    for (size_t i = 0; bank_book_standing(book, key, i, &s); i++) {
        if (s.kind != BANK_HOLD && s.kind != BANK_FREEZE)
            continue;
        assert_true(s.held >= 0 && (s.fen == 0 || s.held <= s.fen));
        assert_true(s.held == s.fen ||
                    held + s.held == v.balance); /* less only for want of money */
        held += s.held;
    }
    assert_int_equal(held, v.held);
    assert_true(v.balance >= v.held && v.usable >= 0);
}

static void random_payment(struct dice *d)
{
    char from[16];
    char to[16];
    struct bank_payment p = {.from = named(from, "a", dice_below(d, ACCOUNTS + 2))};
    p.to = named(to, "a", dice_below(d, ACCOUNTS + 2));
    p.fen = 1 + (int64_t)dice_below(d, 3000);
    struct bank_view before = bank_book_look(book, p.from);
    enum bank_why why = bank_book_pay(book, &p);
    if (before.balance >= 0 && !before.is_closed && !before.is_stopped)
        assert_true(why == BANK_CLOSED || (why == BANK_NO_MONEY) == (p.fen > before.usable));
}

static void random_instruction(struct dice *d, instant now)
{
    char order[16];
    char account[16];
    struct bank_answer answer;
    uint64_t number = dice_below(d, ORDERS);
    struct bank_instruction i = {.order = named(order, "o", number),
                                 .account = named(account, "a", number % ACCOUNTS)};
    i.kind = number < ORDERS / 4 ? BANK_FREEZE : number == ORDERS / 2 ? BANK_STOP : BANK_HOLD;
    i.ask = (enum bank_ask)dice_below(d, BANK_ASK_COUNT);
    i.fen = 1 + (int64_t)dice_below(d, 4000);
    i.until = instant_add_us(now, (int64_t)dice_below(d, 300) * US_PER_S);
    works(bank_book_do(book, &i, 0, &answer));
    if (i.ask == BANK_LIFT)
        is(answer, BANK_DONE, 0);
}

static void conserves(void **state)
{
    (void)state;
    struct dice d;
    char room[16];
    dice_fork(&d, 5, STR("book"));
    for (uint64_t i = 0; i < ACCOUNTS; i++)
        works(bank_book_add(book, named(room, "a", i), STR(""), (int64_t)i * 700));
    for (int64_t step = 0; step < STEPS; step++) {
        instant now = instant_from_us(step * US_PER_S);
        if (dice_below(&d, 3) == 0)
            random_instruction(&d, now);
        else
            random_payment(&d);
        (void)bank_book_lapse(book, now);
        check_account(named(room, "a", dice_below(&d, ACCOUNTS)));
        assert_int_equal(bank_book_sum(book), 0);
    }
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, finish)
    const struct CMUnitTest tests[] = {
        STORY(first_come_first_served),
        STORY(takes_over),
        STORY(ends_by_itself),
        STORY(stops_and_closes),
        STORY(takes_all_for_all),
        STORY(compares_first),
        STORY(conserves),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
