/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a bank is asked is done once, when this bank would do it, and answered in its manner;
 * its day meets what it holds: a payment for more than is usable is rejected, and money that comes
 * in fills what is to be held. Files are read by their columns, and refused by row. Method: small
 * days in small files; every receipt and row written down as a line, and the lines compared.
 */
#include "drill/bank_files.h"
#include "drill/drill_test.h"
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena arena;
static struct text lines;
static struct bank_manners manners;
static struct bank_book *book;
static struct bank_teller *teller;

static const char *const results[] = {"pending", "done", "partial", "refused"};

static err told_receipt(void *self, const struct bank_receipt *r)
{
    (void)self;
    text_printf(&lines, "%lld %.*s/%lld %s %lld of %lld %s #%llu\n",
                (long long)(r->at.us / US_PER_S), STR_ARGS(r->to.order), (long long)r->to.number,
                results[r->answer.result], (long long)r->answer.held, (long long)r->answer.balance,
                bank_why_words[r->answer.why], (unsigned long long)r->key);
    return OK;
}

static err told_transfer(void *self, const struct transfer *t)
{
    (void)self;
    text_printf(&lines, "%.*s %.*s %lld\n", STR_ARGS(t->id),
                STR_ARGS(transfer_status_name(t->status)),
                (long long)(t->has_balance ? t->balance_minor : -1));
    return OK;
}

static err told_paid(void *self, const struct bank_paid *p)
{
    (void)self;
    text_printf(&lines, "%.*s %s #%llu\n", STR_ARGS(p->share), bank_why_words[p->why],
                (unsigned long long)p->key);
    return OK;
}

static void has_told(const char *want)
{
    is_str(text_str(&lines), str_from_c(want));
    text_init(&lines, &arena);
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    text_init(&lines, &arena);
    works(bank_manners_find(STR("prompt"), &arena, &manners));
    works(bank_book_open(&arena, 1, 600, &book));
    struct bank_teller_settings s = {
        .manners = &manners,
        .book = book,
        .seed = 1,
        .port = {NULL, told_paid, told_receipt, told_transfer}
    };
    works(bank_teller_open(&s, &arena, &teller));
    works(bank_book_add(book, STR("A"), STR(""), 1000));
    works(bank_book_add(book, STR("B"), STR(""), 0));
    return 0;
}

static int finish(void **state)
{
    (void)state;
    assert_int_equal(bank_book_sum(book), 0);
    arena_done(&arena);
    return 0;
}

#define AT(s) instant_from_us((s)*US_PER_S)

static void take(enum bank_ask ask, const char *order, int64_t number, int64_t fen, int64_t at_s)
{
    struct bank_instruction i = {.order = str_from_c(order),
                                 .ask = ask,
                                 .number = number,
                                 .account = STR("A"),
                                 .fen = fen,
                                 .until = AT(5000)};
    works(bank_teller_take(teller, &i, AT(at_s)));
}

static void plan(const char *id, const char *from, const char *to, int64_t fen, int64_t at_s)
{
    struct bank_transfer *t = arena_make(&arena, sizeof *t);
    assert_non_null(t);
    *t = (struct bank_transfer){
        .is = {.id = str_from_c(id),
               .from = str_from_c(from),
               .to = str_from_c(to),
               .amount_minor = fen,
               .time_ms = at_s * 1000,
               .status = TRANSFER_BOOKED,
               .has_balance = true},
        .is_told = true
    };
    works(bank_teller_plan(teller, t));
}

static void does_once_what_is_asked(void **state)
{
    (void)state;
    take(BANK_PLACE, "o1", 1, 400, 10);
    take(BANK_PLACE, "o1", 1, 400, 11);
    works(bank_teller_step(teller, AT(20)));
    has_told("10 o1/1 done 400 of 1000  #1\n");
    take(BANK_PLACE, "o1", 1, 400, 21);
    take(BANK_TRIM, "o1", 2, 300, 22);
    take(BANK_LIFT, "o1", 3, 300, 23);
    take(BANK_TRIM, "o1", 2, 300, 24);
    works(bank_teller_step(teller, AT(30)));
    has_told("22 o1/2 done 300 of 1000  #2\n23 o1/3 done 0 of 1000  #3\n");
    assert_int_equal(bank_teller_next(teller).us, INSTANT_MAX_US);
}

static void give_back(const char *share, const char *to, int64_t fen, int64_t at_s)
{
    struct bank_return r = {.share = str_from_c(share),
                            .account = STR("A"),
                            .to = str_from_c(to),
                            .fen = fen,
                            .orders = {STR("o1")},
                            .order_count = 1};
    works(bank_teller_return(teller, &r, AT(at_s)));
}

/* Out of what is held, once, and never more than that. */
static void gives_back_what_is_held(void **state)
{
    (void)state;
    take(BANK_PLACE, "o1", 1, 400, 10);
    give_back("s1", "B", 300, 20);
    give_back("s1", "B", 300, 21);
    works(bank_teller_step(teller, AT(30)));
    has_told("10 o1/1 done 400 of 1000  #1\ns1  #1\n");
    assert_int_equal(bank_book_look(book, STR("B")).balance, 300);
    assert_int_equal(bank_book_look(book, STR("A")).held, 100);
    give_back("s2", "B", 101, 31);
    give_back("s3", "", 50, 32);
    manners.unpaid = MICRO;
    works(bank_teller_step(teller, AT(30)));
    give_back("s4", "B", 50, 33);
    works(bank_teller_step(teller, AT(40)));
    has_told("s2 the payment came back #2\ns3 the payment came back #3\n"
             "s4 the payment came back #4\n");
    manners.unpaid = 0;
    give_back("s5", "B", 101, 41);
    give_back("s6", "", 50, 42);
    give_back("s7", "beyond", 100, 43);
    works(bank_teller_step(teller, AT(50)));
    has_told("s5 not held under these orders #5\ns6 no such account #6\ns7  #7\n");
    take(BANK_TRIM, "o1", 2, 300, 51); /* nothing of it stands any more */
    take(BANK_LIFT, "o1", 3, 0, 52);
    works(bank_teller_step(teller, AT(60)));
    has_told("51 o1/2 refused 0 of 600 order has ended #2\n52 o1/3 done 0 of 600  #3\n");
}

static void answers_in_its_manner(void **state)
{
    (void)state;
    manners.acks = manners.doubles = manners.strangers = MICRO;
    take(BANK_PLACE, "o1", 1, 400, 10);
    works(bank_teller_step(teller, AT(10)));
    has_told("10 o1/1 pending 0 of 1000  #1\n10 o1/1 pending 0 of 1000  #1\n"
             "10 NOBODYGAVETHISORDER0000001/1 pending 0 of 1000  #2\n"
             "10 o1/1 done 400 of 1000  #3\n10 o1/1 done 400 of 1000  #3\n"
             "10 NOBODYGAVETHISORDER0000003/1 done 400 of 1000  #4\n");
    manners.doubles = manners.strangers = 0;
    manners.disorders = MICRO;
    manners.answer_s = 60;
    take(BANK_LIFT, "o1", 2, 400, 20);
    works(bank_teller_step(teller, AT(79)));
    has_told("");
    works(bank_teller_step(teller, AT(82)));
    has_told("80 o1/2 done 0 of 1000  #5\n20 o1/2 pending 0 of 1000  #6\n");
    manners.can = 1U << BANK_STOP;
    take(BANK_PLACE, "o2", 1, 400, 90);
    manners.can = 1U << BANK_HOLD;
    manners.deaf = MICRO;
    take(BANK_LIFT, "o1", 3, 400, 90);
    manners.refuses = MICRO;
    manners.acks = 0;
    take(BANK_PLACE, "o3", 1, 400, 90);
    works(bank_teller_step(teller, AT(1000)));
    has_told("150 o2/1 done 400 of 1000  #7\n150 o3/1 refused 0 of 1000 refused #8\n"
             "90 o2/1 pending 0 of 1000  #9\n");
}

static void holds_what_leaves(void **state)
{
    (void)state;
    plan("t1", "A", "B", 700, 100);
    plan("t2", "A", "B", 300, 101);
    plan("t3", "out", "A", 150, 102);
    plan("t4", "B", "A", 100, 103);
    plan("t5", "A", "B", 1, 6000);
    take(BANK_PLACE, "o1", 1, 900, 50);
    works(bank_teller_step(teller, AT(100)));
    has_told("50 o1/1 done 900 of 1000  #1\nt1 rejected 1000\n");
    take(BANK_TRIM, "o1", 2, 500, 100);
    works(bank_teller_step(teller, AT(101)));
    has_told("100 o1/2 done 500 of 1000  #2\nt2 booked 700\n");
    take(BANK_PLACE, "o2", 1, 400, 101);
    works(bank_teller_step(teller, AT(200)));
    has_told("101 o2/1 partial 200 of 700  #3\n"
             "t3 booked -1\n102 o2/1 partial 350 of 850  #4\n"
             "t4 booked 200\n103 o2/1 done 400 of 950  #5\n");
    works(bank_teller_step(teller, AT(7000)));
    has_told("t5 booked 949\n");
}

static void waits_before_it_books(void **state)
{
    (void)state;
    manners.booking_s = 30;
    plan("t1", "A", "B", 700, 100);
    works(bank_teller_step(teller, AT(100)));
    has_told("t1 pending 1000\n");
    take(BANK_PLACE, "o1", 1, 0, 100);
    works(bank_teller_step(teller, AT(900)));
    has_told("100 o1/1 done 1000 of 1000  #1\nt1 rejected 1000\n");
}

/* ---- files -------------------------------------------------------------------------------- */

static char folder[] = "/tmp/yumen-bank-XXXXXX";
static char accounts_path[64];
static char transfers_path[64];

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static err load(const char *accounts, const char *transfers, struct bank_loaded *ret_loaded)
{
    struct bank_files f = {
        .accounts = accounts_path, .transfers = transfers_path, .code = STR("DRILLYI")};
    write_file(accounts_path, accounts);
    write_file(transfers_path, transfers);
    return bank_files_load(&f, book, teller, &arena, ret_loaded);
}

static void files_are_read(void **state)
{
    (void)state;
    struct bank_loaded loaded = {0};
    works(load("bank,account,name,opening\nDRILLYI,m1,\"Wang, Fang\",90\nDRILLYI,m2,,\n"
               "DRILLER,n1,,\nDRILLYI,m1,again,9\n",
               "id,time,from,to,amount,status,from_bank,to_bank,balance_after\n"
               "t1,100000,m2,n1,40,pending,DRILLYI,DRILLER,60\n"
               "t1,100000,m2,n1,40,booked,DRILLYI,DRILLER,60\n"
               "t2,200000,n1,m1,10,booked,DRILLER,DRILLYI,\n"
               "t3,150000,m1,x,90,,DRILLYI,,\n"
               "t4,300000,x,m1,5,booked,,DRILLYI,\n"
               "t5,300000,n1,x,5,booked,DRILLER,,\n"
               "t6,400000,m2,m1,7,rejected,DRILLYI,DRILLYI,\n",
               &loaded));
    assert_int_equal(loaded.accounts, 2);
    assert_int_equal(loaded.transfers, 5);
    assert_int_equal(bank_book_look(book, STR("m1")).balance, 90);
    assert_int_equal(bank_book_look(book, STR("m2")).balance, 100);
    works(bank_teller_step(teller, AT(1000)));
    has_told("t1 pending 100\nt1 booked 60\nt3 booked -1\nt4 booked -1\nt6 rejected -1\n");
    assert_int_equal(bank_book_look(book, STR("m1")).balance, 15);
    struct bank_answer answer;
    struct bank_instruction i = {
        .order = STR("o"),
        .kind = BANK_QUERY,
        .account = STR("m1"),
        .name = STR("Wang, Fang"),
        .has_payment = true,
        .payment = {.from = STR("n1"), .fen = 10, .at = AT(230)}
    };
    works(bank_book_do(book, &i, 0, &answer));
    assert_int_equal(answer.why, BANK_FINE);
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    static const char accounts[] = "bank,account\nDRILLYI,m1\n";
    static const char negative[] = "bank,account,opening\nDRILLYI,m1,-5\n";
    static const char head[] = "id,time,from,to,amount,status\n";
    static const struct {
        const char *accounts, *row, *why;
    } cases[] = {
        {"bank,holder\n", "",                             "drill.bank_column"},
        {negative,        "",                             "drill.bank_row"   },
        {accounts,        "t1,yesterday,m1,x,5,booked\n", "drill.bank_row"   },
        {accounts,        "t1,5,m1,x,five,booked\n",      "drill.bank_row"   },
        {accounts,        "t1,5,m1,x,0,booked\n",         "drill.bank_row"   },
        {accounts,        "t1,5,m1,x,5,gone\n",           "drill.bank_row"   },
        {accounts,        "t1,5,\"m1\n",                  "csv.quote_open"   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text t;
        struct bank_loaded loaded;
        text_init(&t, &arena);
        text_put_c(&t, head);
        text_put_c(&t, cases[i].row);
        fails(load(cases[i].accounts, t.at, &loaded), cases[i].why);
    }
    struct bank_files none = {.accounts = "/nowhere/accounts.csv", .code = STR("A")};
    assert_int_equal(bank_files_load(&none, book, teller, &arena, NULL).code, ERR_ABSENT);
}

static int group_begin(void **state)
{
    (void)state;
    works(kit_boot());
    assert_non_null(mkdtemp(folder));
    (void)snprintf(accounts_path, sizeof accounts_path, "%s/accounts.csv", folder);
    (void)snprintf(transfers_path, sizeof transfers_path, "%s/transfers.csv", folder);
    return 0;
}

static int group_end(void **state)
{
    (void)state;
    kit_done();
    (void)unlink(accounts_path);
    (void)unlink(transfers_path);
    (void)rmdir(folder);
    return 0;
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, finish)
    const struct CMUnitTest tests[] = {
        STORY(does_once_what_is_asked), STORY(answers_in_its_manner),
        STORY(gives_back_what_is_held), STORY(holds_what_leaves),
        STORY(waits_before_it_books),   STORY(files_are_read),
        STORY(wrong_files_are_refused),
    };
#undef STORY
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
