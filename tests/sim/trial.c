/* SPDX-License-Identifier: Apache-2.0 */
#include "trial.h"

#include "env/file.h"
#include "kit/kit.h"
#include "store/part.h"
#include "store/row.h"
#include "store/snapshot.h"
#include "store/zone.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BOOT_BYTES = 96 << 20, TURN_BYTES = 96 << 20, FILE_BYTES = 64 << 20 };

const struct actor trial_centre = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};
const struct actor trial_public = {
    .user = {.at = "public", .size = 6},
      .kind = ACTOR_PUBLIC
};

static const char *const people[][2] = {
    {"centre", "operator"          },
    {"ann",    "analyst"           },
    {"fay",    "feeder"            },
    {"bob",    "approver"          },
    {"cat",    "approver,commander"},
    {"dan",    "approver"          },
    {"sue",    "commander"         },
};

struct actor trial_staff(const char *name)
{
    role_set roles = 0;
    for (size_t i = 0; i < COUNT_OF(people); i++)
        if (strcmp(people[i][0], name) == 0 &&
            failed(role_set_parse(str_from_c(people[i][1]), &roles)))
            abort();
    return (struct actor){.user = str_from_c(name), .roles = roles, .kind = ACTOR_STAFF};
}

static void must(err e, const char *what)
{
    if (!failed(e))
        return;
    fprintf(stderr, "trial: %s: %s (%u)\n", what, e.why, e.at);
    abort();
}

/* --- the store --- */

/* One for the process, so that a copied file can be signed on. */
static struct sign_secret process_key(void)
{
    static struct sign_secret secret;
    static bool is_made;
    struct sign_public public_part;
    if (!is_made)
        sign_key_make(&secret, &public_part);
    is_made = true;
    return secret;
}

void trial_init(struct trial *t, const char *name, uint64_t seed)
{
    must(kit_boot(), "kit");
    *t = (struct trial){.at = {TRIAL_T0}, .seed = seed, .centre_kind = CENTRE_DRILL};
    arena_init(&t->boot, BOOT_BYTES);
    arena_init(&t->turn, TURN_BYTES);
    t->law = (struct law_profile){.name = STR("cn"),
                                  .zone_min = 480,
                                  .appeal_working_days = 5,
                                  .appeal_retention_days = 30,
                                  .listing_retention_days = 90,
                                  .session_hours = 8,
                                  .token_days = 30,
                                  .working_weekdays = 0x3e};
    for (unsigned k = 0; k < INDICATOR_KIND_COUNT; k++)
        for (unsigned a = 0; a < ACTION_COUNT; a++)
            t->law.listing_max_term_us[k][a] = 365 * US_PER_DAY;
    t->secret = process_key();
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(t->path, sizeof t->path, "%s/yumen-%s-%d.db", folder, name, (int)getpid());
    trial_remove(t);
}

void trial_remove(struct trial *t)
{
    static const char *const sides[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        char path[TRIAL_PATH + 16];
        snprintf(path, sizeof path, "%s%s", t->path, sides[i]);
        unlink(path);
    }
}

void trial_done(struct trial *t)
{
    trial_close(t);
    trial_remove(t);
    arena_done(&t->boot);
    arena_done(&t->turn);
}

void trial_copy(const struct trial *from, const struct trial *to)
{
    struct arena a;
    str bytes = {0};
    arena_init(&a, FILE_BYTES);
    must(file_read(from->path, FILE_BYTES, &a, &bytes), "read");
    FILE *out = fopen(to->path, "we");
    bool is_written = out != NULL && fwrite(bytes.at, 1, bytes.size, out) == bytes.size;
    if (!is_written || fclose(out) != 0)
        abort();
    arena_done(&a);
}

static err add_user(struct trial *t, size_t i)
{
    struct command cmd = {
        .act = ACT_USER_PROPOSE, .actor = trial_centre, .record = str_from_c(people[i][0])};
    cmd.body.user =
        (struct user_account){.name = str_from_c(people[i][0]), .roles = str_from_c(people[i][1])};
    return store_apply(t->store, &cmd, t->at, &t->turn, NULL);
}

static err add_first_rows(struct trial *t)
{
    struct text hex;
    text_init(&hex, &t->turn);
    text_put_hex(&hex, t->secret.bytes + 32, SIGN_PUBLIC_BYTES);
    struct command open = {.act = ACT_CENTRE_OPEN, .actor = trial_centre, .record = STR("c1")};
    open.body.centre = (struct centre){.name = STR("trial"), .kind = t->centre_kind};
    struct command key = {.act = ACT_KEY_ADD, .actor = trial_centre, .record = STR("k1")};
    key.body.key = (struct signing_key){.kind = KEY_LEDGER, .public_part = text_str(&hex)};
    TRY(store_apply(t->store, &open, t->at, &t->turn, NULL));
    TRY(store_apply(t->store, &key, t->at, &t->turn, NULL));
    for (size_t i = 0; i < COUNT_OF(people); i++)
        TRY(add_user(t, i));
    return OK;
}

static err found(struct trial *t)
{
    TRY(store_begin(t->store));
    err e = add_first_rows(t);
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

err trial_open(struct trial *t)
{
    arena_reset(&t->turn);
    random_init_seeded(&t->random, t->seed);
    id_source_init(&t->ids, &t->random);
    struct store_options options = {.path = t->path,
                                    .layer = t->layer,
                                    .law = &t->law,
                                    .providers = t->providers,
                                    .ids = &t->ids,
                                    .random = &t->random};
    arena_reset(&t->boot);
    TRY(store_open(&t->boot, &options, &t->store));
    store_sign_with(t->store, STR("k1"), &t->secret);
    err e = store_centre(t->store) == NULL ? found(t) : OK;
    if (failed(e))
        trial_close(t);
    return e;
}

void trial_close(struct trial *t)
{
    store_close(t->store);
    t->store = NULL;
}

/* --- acts --- */

err trial_apply(struct trial *t, const struct command *cmd)
{
    TRY(store_begin(t->store));
    err e = store_apply(t->store, cmd, t->at, &t->turn, NULL);
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

struct command trial_proposal(const struct trial *t, const char *id, const char *domain)
{
    struct command cmd = {
        .act = ACT_LISTING_PROPOSE, .actor = trial_staff("ann"), .record = str_from_c(id)};
    cmd.body.listing = (struct listing){.kind = INDICATOR_DOMAIN,
                                        .value = str_from_c(domain),
                                        .display = str_from_c(domain),
                                        .action = ACTION_BLOCK,
                                        .reason = STR("phishing"),
                                        .evidence = STR("two reports"),
                                        .basis = STR("fraud_law_24"),
                                        .source = STR("trial"),
                                        .notice = STR("This was used to deceive people."),
                                        .until = instant_add_us(t->at, 10 * US_PER_DAY)};
    return cmd;
}

err trial_act(struct trial *t, enum act act, const char *id, const char *who)
{
    struct command cmd = {.act = act,
                          .actor = trial_staff(who),
                          .record = str_from_c(id),
                          .why = act == ACT_LISTING_APPROVE ? STR("") : STR("because")};
    return trial_apply(t, &cmd);
}

err trial_fire(struct trial *t, instant at, int *ret_fired)
{
    TRY(store_begin(t->store));
    struct timers_fired fired = {0};
    err e = store_timers_fire(t->store, at, true, 1000, &fired);
    *ret_fired = fired.count;
    if (!failed(e))
        return store_commit(t->store, at);
    store_rollback(t->store);
    return e;
}

static err deliver_in(struct trial *t)
{
    struct zone_changes changes = {0};
    for (unsigned topic = 0; topic < EFFECT_TOPIC_COUNT; topic++) {
        struct outbox_entries entries = {0};
        struct outbox_listings told = {0};
        TRY(outbox_take(t->store, (enum effect_topic)topic, t->at, &t->turn, &entries));
        if (topic == EFFECT_RPZ || topic == EFFECT_RPZ_MANY) {
            TRY(outbox_listings(t->store, &entries, SIZE_MAX, &t->turn, &told));
            TRY(zone_update(t->store, (struct zone_listings){told.at, told.count},
                            (struct zone_ask){.now = t->at, .turn = &t->turn}, &changes));
        }
        TRY(outbox_drop(t->store, &entries, t->at));
    }
    return OK;
}

err trial_deliver(struct trial *t)
{
    TRY(store_begin(t->store));
    err e = deliver_in(t);
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

bool trial_listing(struct trial *t, const char *id, struct listing *ret_listing)
{
    union record r;
    err e = row_find(store_sql(t->store), RECORD_LISTING, str_from_c(id), &t->turn, &r);
    if (e.code == ERR_ABSENT)
        return false;
    must(e, id);
    *ret_listing = r.listing;
    return true;
}

/* --- a digest of everything --- */

/* "quote(a) || ',' || quote(b)" of a table's columns, and the order by all of them. */
static str select_all(struct trial *t, str table)
{
    struct text columns;
    struct text order;
    struct text query;
    text_init(&columns, &t->turn);
    text_init(&order, &t->turn);
    text_init(&query, &t->turn);
    struct sql_row *row = NULL;
    must(sql_ask(store_sql(t->store), "SELECT name FROM pragma_table_info($1)", &row), "columns");
    sql_bind_str(row, 1, table);
    bool has_row = true;
    for (int n = 1; has_row; n++) {
        must(sql_next(row, &has_row), "columns");
        if (!has_row)
            break;
        text_printf(&columns, "%squote(\"%.*s\")", n == 1 ? "" : " || ',' || ",
                    STR_ARGS(sql_peek(row, 0)));
        text_printf(&order, "%s\"%.*s\"", n == 1 ? "" : ", ", STR_ARGS(sql_peek(row, 0)));
    }
    sql_done(&row);
    text_printf(&query, "SELECT %.*s FROM \"%.*s\" ORDER BY %.*s", STR_ARGS(text_str(&columns)),
                STR_ARGS(table), STR_ARGS(text_str(&order)));
    assert(!text_spent(&query));
    return text_str(&query);
}

static void digest_table(struct trial *t, str table, struct digest_stream *s)
{
    struct sql_row *row = NULL;
    digest_put(s, table);
    must(sql_ask_text(store_sql(t->store), select_all(t, table), &row), "table");
    bool has_row = true;
    while (has_row) {
        must(sql_next(row, &has_row), "table");
        if (!has_row)
            break;
        digest_put(s, sql_peek(row, 0));
        digest_put(s, STR("\n"));
    }
    sql_done(&row);
}

struct digest trial_fingerprint(struct trial *t)
{
    struct digest_stream s;
    str tables[64];
    size_t count = 0;
    struct sql_row *row = NULL;
    must(sql_ask(store_sql(t->store),
                 "SELECT name FROM sqlite_schema WHERE type = 'table'"
                 " AND name NOT LIKE 'sqlite_%' ORDER BY name",
                 &row),
         "tables");
    bool has_row = true;
    while (has_row && count < COUNT_OF(tables)) {
        must(sql_next(row, &has_row), "tables");
        if (has_row)
            tables[count++] = sql_str(row, 0, &t->turn);
    }
    sql_done(&row);
    digest_init(&s);
    for (size_t i = 0; i < count; i++)
        digest_table(t, tables[i], &s);
    return digest_done(&s);
}
