/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/post.h"
#include "app/centre/house_open.h"
#include "app/cli/command.h"
#include "app/door/web.h"
#include "app/house/cells.h"
#include "app/race/race_thread.h"
#include "app/screen/dns_list.h"
#include "app/screen/redress.h"
#include "app/screen/screening.h"
#include "app/screen/sip_screen.h"
#include "app/screen/zone_feed.h"
#include "env/service.h"
#include "gate/http/gate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int run(const struct command_line *line);

const struct command_entry cmd_serve = {
    .name = "serve",
    .usage = "[--data DIR] [--listen ADDR:PORT] [--clock manual]",
    .help = "cli.help.serve",
    .options = {{"listen", "ADDR:PORT", "cli.option.listen"},
                {"clock", "manual", "cli.option.clock"}},
    .run = run,
};

static void log_start(struct house *house)
{
    LOG(&house->log, LOG_INFO, "started", LOG_INT("pid", getpid()),
        LOG_INT("port", http_gate_port(house->http, 0)));
    service_tell("READY=1");
    env_flag_raise(&house->is_ready);
}

/* A demonstration goes on without its zone when something else has that port; a centre does not. */
static err open_zone(const struct command_line *line, struct house *house)
{
    err e = zone_feed_open(house);
    if (!failed(e) || store_centre(house->store)->kind != CENTRE_DEMONSTRATION)
        return e;
    str sentence = message(STR("cli.serve.no_zone"), line->language);
    fprintf(stderr, "yumen: %.*s (%.*s)\n", STR_ARGS(sentence), STR_ARGS(house->conf.dns_listen));
    return OK;
}

static err open_doors(const struct command_line *line, struct house *house, const char *listen)
{
    TRY(web_check(house, listen));
    TRY(cells_open(house));
    TRY(dns_list_prepare(house));
    TRY(sip_screen_prepare(house));
    TRY(redress_open(house));
    TRY(screening_open(house));
    TRY(race_thread_open(house));
    TRY(post_open(house));
    TRY(open_zone(line, house));
    TRY(web_open(house, listen));
    TRY(dns_list_open(house));
    TRY(sip_screen_open(house));
    log_start(house);
    return OK;
}

/* First who asks, then who writes, then what was written to. */
static void close_doors(struct house *house)
{
    env_flag_lower(&house->is_ready);
    env_flag_raise(&house->is_stopping);
    web_stop(house);
    race_thread_stop(house);
    post_stop(house);
    dns_list_close(house);
    sip_screen_stop(house);
    house_stop(house);
    sip_screen_close(house);
    post_close(house);
    race_thread_close(house);
    screening_close(house);
    zone_feed_close(house);
    web_close(house);
    redress_close(house);
}

static int run(const struct command_line *line)
{
    const char *listen = command_value(line, &cmd_serve, "listen");
    const char *clock = command_value(line, &cmd_serve, "clock");
    bool is_manual = clock != NULL && strcmp(clock, "manual") == 0;
    if (line->word_count > 0 || (clock != NULL && !is_manual && strcmp(clock, "real") != 0))
        return command_usage(&cmd_serve, "cli.usage.serve");
    service_hold_signals();
    char holder[128];
    int size =
        snprintf(holder, sizeof holder, "%d %s\n", (int)getpid(), listen == NULL ? "" : listen);
    struct house_options options = {
        .dir = line->data, .holder = str_make(holder, (size_t)size), .is_clock_manual = is_manual};
    struct house *house = NULL;
    err e = house_open(&options, &house);
    if (failed(e))
        return command_fail(line, e);
    const char *where = listen == NULL ? str_to_c(&house->boot, house->conf.listen) : listen;
    e = open_doors(line, house, where);
    if (!failed(e)) {
        fprintf(stderr, "yumen: serving %s on %.*s\n", line->data, STR_ARGS(house->public_url));
        e = service_wait_stop();
        service_tell("STOPPING=1");
    }
    close_doors(house);
    house_close(house);
    return failed(e) ? command_fail(line, e) : EXIT_DONE;
}
