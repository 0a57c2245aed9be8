/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/demo.h"

#include "app/cli/cli.h"
#include "app/lists/bundled.h"
#include "base/embedded.h"
#include "env/clock.h"
#include "kit/secret.h"

enum { DAYS = 90, PERSON_COUNT = 3 };

/* src/app/data */
extern const struct embedded_file demo_files[];
extern const size_t demo_files_count;

/* --- what there is --- */

enum { LIN, CHEN, GUAN };

struct person {
    const char *name;
    const char *roles;
    const char *does; /* catalogue key */
};

/* Guan is the third person that an appeal needs: whoever decided before may not hear it. */
static const struct person people[PERSON_COUNT] = {
    [LIN] = {"lin",  "analyst,operator,feeder", "cli.demo.lin" },
    [CHEN] = {"chen", "approver,commander",      "cli.demo.chen"},
    [GUAN] = {"guan", "approver,auditor",        "cli.demo.guan"},
};

struct demo_list {
    const char *file;
    const char *head; /* of each row: kind, action, reason, basis, source */
};

static const struct demo_list lists[] = {
    {"official.csv", "number,allow,verified,protection,各单位公布"},
};

struct proposal {
    const char *kind;
    const char *value;
    const char *action;
    const char *reason;
    const char *basis;
    const char *evidence;
};

static const struct proposal in_force = {"number",       "139 1234 5678",
                                         "block",        "drill",
                                         "fraud_law_11", "演示条目：供试查使用的占位号码。"};

static const struct proposal appealed = {
    "domain",    "honest-shop.example", "block",
    "fake_shop", "fraud_law_24",        "演示条目：两名消费者报告付款后未收到商品。"};

static const char *const statement =
    "这是我们经营五年的网店，有营业执照和发货记录。被封堵后老客户打不开页面，请核实。";

/* clang-format off */
/* For the newcomer to decide. Names and numbers are reserved for examples. */
static const struct proposal waiting[] = {
    {"domain",  "taobao-kefu.example",               "block", "impersonation_service", "fraud_law_24",
     "同一天三人报告：自称客服，要求下载会议软件并共享屏幕。"},
    {"url",     "https://gongan-case.example/id/88", "block", "impersonation_police",  "fraud_law_24",
     "页面冒用公安机关名义，要求填写银行卡密码。"                  },
    {"number",  "+86 96110",                         "block", "spoofed_number",        "fraud_law_11",
     "境外来电显示反诈专线号码，属改号：专线本身不受影响。"   },
    {"number",  "+1 202 555 0143",                   "block", "investment",            "fraud_law_11",
     "群内“导师”号码，诱导下载虚假理财应用。"                     },
    {"account", "alipay:demo-runner@example.com",    "warn",  "mule_account",          "fraud_law_20",
     "一小时内收到七名受害人转账并立即转出。"                        },
    {"account", "ICBC:1234567890",                   "block", "mule_account",          "fraud_law_20",
     "受害人转账的一级账户。"                                                },
    {"device",  "490154203237518",                   "block", "sim_box",               "fraud_law_31",
     "同一设备两天内更换一百二十张电话卡。"                           },
    {"company", "91350100M000100Y43",                "warn",  "sham_company",          "joint_discipline_2024",
     "登记地址为空置房屋，开户后即有涉诈资金进出。"               },
    {"domain",  "jifen-duihuan.example",             "warn",  "impersonation_bank",    "fraud_law_24",
     "短信称积分即将清零，链接要求输入验证码。"                     },
    {"domain",  "zhengxin-xiufu.example",            "block", "credit_record",         "fraud_law_24",
     "以“注销校园贷、修复征信”为名索要转账。"                     },
    {"url",     "https://loan-fast.example/app.apk", "block", "loan",                  "fraud_law_23",
     "贷款应用，放款前反复收取“解冻费”。"                           },
    {"number",  "+44 20 7946 0456",                  "warn",  "brushing",              "fraud_law_11",
     "招募“点赞员”，先返小额，再要求垫付。"                        },
};
/* clang-format on */

/* --- one after the other --- */

struct demo {
    const struct command_line *line;
    struct local local;
    struct command_line lines[PERSON_COUNT]; /* each with the token of a person */
    str passwords[PERSON_COUNT];
    str until;
};

/* As this person, or as the machine itself (PERSON_COUNT). */
static err ask(struct demo *d, int who, const struct local_request *request,
               struct json_doc *ret_doc)
{
    struct local as = d->local;
    struct local_reply reply = {0};
    as.line = who == PERSON_COUNT ? d->line : &d->lines[who];
    TRY(local_call(&as, request, &reply));
    if (reply.status >= 300) {
        (void)local_refusal(&reply);
        return fail(ERR_CONFLICT, "cli.demo.refused", 0);
    }
    return ret_doc == NULL ? OK : local_json(&reply, ret_doc);
}

/* Four groups of two syllables: 50 bits, for a store on this machine that holds nothing secret. */
static str make_password(struct arena *arena)
{
    static const char consonants[] = "bdfghjklmnprstvz";
    static const char vowels[] = "aeiou";
    enum { GROUPS = 4, SYLLABLES = 2 };
    struct text t;
    text_init(&t, arena);
    for (int i = 0; i < GROUPS * SYLLABLES; i++) {
        uint8_t bytes[2];
        secret_random(bytes, sizeof bytes);
        if (i > 0 && i % SYLLABLES == 0)
            text_put_char(&t, '-');
        text_put_char(&t, consonants[bytes[0] % 16]);
        text_put_char(&t, vowels[bytes[1] % 5]);
    }
    return text_str(&t);
}

static err add_person(struct demo *d, int who)
{
    const struct person *p = &people[who];
    struct cli_body body;
    struct json_doc doc = {0};
    struct json *j = cli_body_begin(d->line, &body);
    d->passwords[who] = make_password(d->line->arena);
    json_put_str(j, STR("name"), str_from_c(p->name));
    json_put_str(j, STR("roles"), str_from_c(p->roles));
    json_put_str(j, STR("password"), d->passwords[who]);
    json_put_bool(j, STR("token"), true);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/users"), .body = cli_body_end(&body)};
    TRY(ask(d, PERSON_COUNT, &request, &doc));
    d->lines[who] = *d->line;
    d->lines[who].token = str_to_c(d->line->arena, json_text(d->line, doc.root, "token"));
    json_doc_done(&doc);
    return OK;
}

static err sign_out(struct demo *d, int who)
{
    struct local_request request = {.method = HTTP_DELETE, .target = STR("/v1/sessions")};
    return ask(d, who, &request, NULL);
}

/* --- lists --- */

static str find_file(const char *name)
{
    for (size_t i = 0; i < demo_files_count; i++)
        if (str_ends(str_from_c(demo_files[i].path), str_from_c(name)))
            return demo_files[i].bytes;
    return STR("");
}

/* "shop.example,2024-09-03" becomes a whole row. */
static str make_rows(struct demo *d, const struct demo_list *list)
{
    struct text t;
    text_init(&t, d->line->arena);
    text_put_c(&t, "value,evidence,kind,action,reason,basis,source,until\n");
    str rest = find_file(list->file);
    str row = {0};
    (void)str_split(&rest, '\n', &row); /* the header */
    while (str_split(&rest, '\n', &row)) {
        size_t comma = str_find_char(row, ',');
        if (comma == row.size)
            continue;
        text_put(&t, str_until(row, comma));
        text_put_c(&t, ",公开名单 / public list: ");
        text_put(&t, str_from(row, comma + 1));
        text_printf(&t, ",%s,%.*s\n", list->head, STR_ARGS(d->until));
    }
    return text_str(&t);
}

static err approve_batch(struct demo *d, str batch)
{
    struct local_request request = {
        .method = HTTP_POST,
        .target = cli_path(d->line, "/v1/batches/", str_to_c(d->line->arena, batch), "/approve"),
        .body = STR("{}")};
    return ask(d, CHEN, &request, NULL);
}

static err add_list(struct demo *d, const struct demo_list *list)
{
    struct json_doc doc = {0};
    struct local_request request = {
        .method = HTTP_POST,
        .target = cli_path(d->line, "/v1/feeds/listings?source=", list->file, ""),
        .body = make_rows(d, list),
        .content_type = STR("text/csv")};
    TRY(ask(d, LIN, &request, &doc));
    err e = approve_batch(d, json_text(d->line, doc.root, "batch"));
    json_doc_done(&doc);
    return e;
}

/* --- lists that come with the program, as everybody else would take them in --- */

static err add_source(struct demo *d, const struct bundled *b)
{
    struct cli_body body;
    struct json *j = cli_body_begin(d->line, &body);
    json_put_str(j, STR("name"), str_from_c(b->name));
    json_put_str(j, STR("role"), str_from_c(b->role));
    json_put_str(j, STR("kind"), str_from_c(b->kind));
    json_put_str(j, STR("action"), str_from_c(b->action));
    json_put_str(j, STR("match"), str_from_c(b->match));
    json_put_str(j, STR("reason"), str_from_c(b->reason));
    json_put_str(j, STR("basis"), str_from_c(b->basis));
    json_put_str(j, STR("licence"), str_from_c(b->licence));
    json_put_str(j, STR("origin"), str_from_c(b->origin));
    if (b->region != NULL)
        json_put_str(j, STR("region"), str_from_c(b->region));
    json_put_i64(j, STR("term_days"), b->term_days);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/sources"), .body = cli_body_end(&body)};
    TRY(ask(d, LIN, &request, NULL));
    request =
        (struct local_request){.method = HTTP_POST,
                               .target = cli_path(d->line, "/v1/sources/", b->name, "/approve"),
                               .body = STR("{}")};
    TRY(ask(d, CHEN, &request, NULL));
    request = (struct local_request){.method = HTTP_POST,
                                     .target = cli_path(d->line, "/v1/sources/", b->name, "/lists"),
                                     .body = bundled_bytes(b),
                                     .content_type = STR("application/octet-stream")};
    return ask(d, LIN, &request, NULL);
}

/* --- single listings --- */

static err propose(struct demo *d, const struct proposal *p, str *ret_listing)
{
    struct cli_body body;
    struct json_doc doc = {0};
    struct json *j = cli_body_begin(d->line, &body);
    json_put_str(j, STR("kind"), str_from_c(p->kind));
    json_put_str(j, STR("value"), str_from_c(p->value));
    json_put_str(j, STR("action"), str_from_c(p->action));
    json_put_str(j, STR("reason"), str_from_c(p->reason));
    json_put_str(j, STR("basis"), str_from_c(p->basis));
    json_put_str(j, STR("evidence"), str_from_c(p->evidence));
    json_put_str(j, STR("source"), STR("96110"));
    json_put_str(j, STR("until"), d->until);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/listings"), .body = cli_body_end(&body)};
    TRY(ask(d, LIN, &request, &doc));
    *ret_listing = str_copy(d->line->arena, json_text(d->line, doc.root, "listing"));
    json_doc_done(&doc);
    return OK;
}

static err add_in_force(struct demo *d, const struct proposal *p, int approver, str *ret_listing)
{
    TRY(propose(d, p, ret_listing));
    struct local_request request = {
        .method = HTTP_POST,
        .target =
            cli_path(d->line, "/v1/listings/", str_to_c(d->line->arena, *ret_listing), "/approve"),
        .body = STR("{}")};
    return ask(d, approver, &request, NULL);
}

/* Taken down by lin, on the telephone, as it were. */
static err add_appeal(struct demo *d)
{
    str listing = {0};
    struct cli_body body;
    TRY(add_in_force(d, &appealed, GUAN, &listing));
    struct json *j = cli_body_begin(d->line, &body);
    json_put_str(j, STR("listing"), listing);
    json_put_str(j, STR("statement"), str_from_c(statement));
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/appeals"), .body = cli_body_end(&body)};
    return ask(d, LIN, &request, NULL);
}

static err fill(struct demo *d)
{
    char room[INSTANT_TEXT_BYTES];
    instant today = instant_from_us(env_now().us / US_PER_DAY * US_PER_DAY);
    str listing = {0};
    d->until =
        str_copy(d->line->arena, instant_format(instant_add_us(today, DAYS * US_PER_DAY), 0, room));
    for (int who = 0; who < PERSON_COUNT; who++)
        TRY(add_person(d, who));
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        TRY(add_list(d, &lists[i]));
    for (size_t i = 0; i < bundled_count; i++)
        if (bundled_lists[i].is_of_demonstration)
            TRY(add_source(d, &bundled_lists[i]));
    TRY(add_in_force(d, &in_force, CHEN, &listing));
    TRY(add_appeal(d));
    for (size_t i = 0; i < COUNT_OF(waiting); i++)
        TRY(propose(d, &waiting[i], &listing));
    for (int who = 0; who < PERSON_COUNT; who++)
        TRY(sign_out(d, who));
    return OK;
}

static void welcome(const struct demo *d)
{
    put_line(d->line, stdout, say(d->line, "cli.demo.people"));
    for (int who = 0; who < PERSON_COUNT; who++)
        printf("  %-6s %.*s   %.*s\n", people[who].name, STR_ARGS(d->passwords[who]),
               STR_ARGS(say(d->line, people[who].does)));
}

int demo_fill(const struct command_line *line)
{
    struct command_line machine = *line;
    machine.token = NULL; /* a token of elsewhere means nothing here */
    struct demo d = {.line = &machine};
    err e = local_open(&machine, &d.local);
    if (!failed(e))
        e = fill(&d);
    local_close(&d.local);
    if (failed(e))
        return command_fail(line, e);
    welcome(&d);
    return EXIT_DONE;
}
