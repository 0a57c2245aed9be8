/* SPDX-License-Identifier: Apache-2.0 */
/* yumen user: who works here. A token is printed once, alone, on standard output. */
#include "app/cli/cli.h"
#include "app/cli/cli_secret.h"

#include <stdio.h>
#include <unistd.h>

static int run(const struct command_line *line);

const struct command_entry cmd_user = {
    .name = "user",
    .usage = "add NAME --role ROLE[,ROLE...] [--division CODE] [--provider ID] [--token]\n"
             "       yumen user list\n"
             "       yumen user disable NAME [--why TEXT]\n"
             "       yumen user password NAME [--password-file FILE|-]\n"
             "       yumen user approve|refuse NAME [--why TEXT]",
    .help = "cli.help.user",
    .options = {{"role", "ROLE,...", "cli.option.role"},
                {"division", "CODE", "cli.option.user_division"},
                {"provider", "ID", "cli.option.provider"},
                {"token", NULL, "cli.option.token"},
                {"password-file", "FILE", "cli.option.password_file"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

/* --- passwords --- */

static bool is_given(const struct command_line *line, const char *option)
{
    return command_value(line, &cmd_user, option) != NULL;
}

static err find_password(const struct command_line *line, str *ret_password)
{
    *ret_password = STR("");
    const char *file = command_value(line, &cmd_user, "password-file");
    if (file != NULL)
        return secret_from_file(line, file, ret_password);
    bool is_asked =
        isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0 && !is_given(line, "token");
    return is_asked ? secret_from_person(line, "cli.password.ask", ret_password) : OK;
}

/* --- add --- */

static str roles_shown(const struct command_line *line, json_value user)
{
    struct text t;
    text_init(&t, line->arena);
    json_value roles = json_get(user, "roles");
    for (size_t i = 0; i < json_count(roles); i++) {
        str role = STR("");
        (void)!failed(json_read_str(json_item(roles, i), &role));
        text_put_c(&t, i == 0 ? "" : line->language == LANGUAGE_ZH ? "、" : ", ");
        text_put(&t, say_word(line, "ui.role.", role));
    }
    return text_str(&t);
}

static int say_added(const struct command_line *line, json_value user, bool has_password)
{
    str name = json_text(line, user, "name");
    str token = json_text(line, user, "token");
    bool wants_token = is_given(line, "token");
    put_line(line, stderr, say_with(line, "cli.user.added", name, roles_shown(line, user)));
    if (str_equal(json_text(line, user, "state"), STR("proposed")))
        put_line(line, stderr, say_with(line, "cli.user.proposed", name, STR("")));
    if (!has_password && !wants_token)
        put_line(line, stderr, say_with(line, "cli.user.no_password", name, STR("")));
    if (!str_is_empty(token)) {
        put_line(line, stderr, say(line, "cli.user.token"));
        printf("%.*s\n", STR_ARGS(token));
    }
    return EXIT_DONE;
}

static int send_newcomer(const struct command_line *line, str password)
{
    static const char *const fields[] = {"division", "provider", NULL};
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("name"), str_from_c(line->words[0]));
    json_put_str(j, STR("roles"), str_from_c(command_value(line, &cmd_user, "role")));
    cli_body_options(j, line, &cmd_user, fields);
    json_put_str_if_any(j, STR("password"), password);
    if (is_given(line, "token"))
        json_put_bool(j, STR("token"), true);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/users"), .body = cli_body_end(&body)};
    struct local_reply reply = {0};
    struct json_doc doc = {0};
    int code = cli_ask(line, &request, &reply);
    if (code != EXIT_DONE)
        return code;
    if (line->wants_json) {
        printf("%.*s\n", STR_ARGS(reply.body));
        return EXIT_DONE;
    }
    err e = local_json(&reply, &doc);
    if (failed(e))
        return command_fail(line, e);
    code = say_added(line, doc.root, !str_is_empty(password));
    json_doc_done(&doc);
    return code;
}

static int add(const struct command_line *line)
{
    if (!is_given(line, "role"))
        return command_usage(&cmd_user, "cli.usage.role");
    bool has_token = line->token != NULL && line->token[0] != '\0';
    if (is_given(line, "token") && has_token)
        return command_usage(&cmd_user, "cli.usage.token");
    str password = {0};
    err e = find_password(line, &password);
    return failed(e) ? command_fail(line, e) : send_newcomer(line, password);
}

/* --- the others --- */

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.name",     true },
        {"cli.column.state",    true },
        {"cli.column.roles",    false},
        {"cli.column.division", true },
        {"cli.column.proposer", true },
        {"cli.column.approver", true },
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value user = json_item(items, i);
        table_put(&t, json_text(line, user, "name"));
        table_put(&t, say_word(line, "cli.user_state.", json_text(line, user, "state")));
        table_put(&t, roles_shown(line, user));
        table_put(&t, json_text(line, user, "division"));
        table_put(&t, json_text(line, user, "proposer"));
        table_put(&t, json_text(line, user, "approver"));
    }
    table_print(&t, stdout);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_GET, .target = STR("/v1/users?limit=500")};
    return cli_show(line, &request, show_list);
}

static int show_user(const struct command_line *line, json_value user)
{
    put_line(line, stdout,
             say_with(line, "cli.user.now", json_text(line, user, "name"),
                      say_word(line, "cli.user_state.", json_text(line, user, "state"))));
    return EXIT_DONE;
}

static int act(const struct command_line *line, const char *act)
{
    static const char *const why[] = {"why", NULL};
    return cli_post(line, &cmd_user, cli_path(line, "/v1/users/", line->words[0], act), why,
                    show_user);
}

static int disable(const struct command_line *line)
{
    return act(line, "/disable");
}

static int approve(const struct command_line *line)
{
    return act(line, "/approve");
}

static int refuse(const struct command_line *line)
{
    return act(line, "/refuse");
}

static int show_password(const struct command_line *line, json_value user)
{
    put_line(line, stderr,
             say_with(line, "cli.user.password_set", json_text(line, user, "name"), STR("")));
    if (str_equal(json_text(line, user, "state"), STR("proposed")))
        put_line(line, stderr,
                 say_with(line, "cli.user.proposed", json_text(line, user, "name"), STR("")));
    return EXIT_DONE;
}

static int password(const struct command_line *line)
{
    str given = {0};
    err e = find_password(line, &given);
    if (failed(e))
        return command_fail(line, e);
    if (str_is_empty(given))
        return command_usage(&cmd_user, "cli.usage.password");
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("password"), given);
    struct local_request request = {.method = HTTP_POST,
                                    .target =
                                        cli_path(line, "/v1/users/", line->words[0], "/password"),
                                    .body = cli_body_end(&body)};
    return cli_show(line, &request, show_password);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",     0, 0, list    },
        {"add",      1, 1, add     },
        {"disable",  1, 1, disable },
        {"password", 1, 1, password},
        {"approve",  1, 1, approve },
        {"refuse",   1, 1, refuse  },
    };
    return cli_verbs(line, &cmd_user, verbs, COUNT_OF(verbs));
}
