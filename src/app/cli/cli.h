/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli - what the commands share: sentences, verbs behind a command's name, one question to the API.
 *
 * Shape     yumen listings show ID:   entry "listings", verb "show", words "ID"
 *           A verb puts a request together, cli_ask brings the answer or says the refusal, and the
 *           verb shows it: as the API's JSON (--json), or as a table.
 * Owns      Nothing; everything is in the arena of the command line.
 * Lives     A command.
 * Fails     By exit code (command.h); the sentence has been said.
 * Threads   The main thread.
 * Bounds    -
 */
#ifndef YUMEN_APP_CLI_CLI_H
#define YUMEN_APP_CLI_CLI_H

#include "app/cli/local.h"
#include "app/cli/table.h"

/* The catalogue's sentence in the terminal's language. */
str say(const struct command_line *line, const char *key);
/* With {1} and {2} filled in. */
str say_with(const struct command_line *line, const char *key, str one, str two);
/* A word of the wire as people read it: itself in English, "PREFIXword" of the catalogue else. */
str say_word(const struct command_line *line, const char *prefix, str word);
/* "2026-11-22 20:18" of an instant as the API gives it. */
str say_time(const struct command_line *line, str rfc3339);
str say_number(const struct command_line *line, int64_t value);
/* One line, harmless to a terminal. */
void put_line(const struct command_line *line, FILE *out, str sentence);

struct verb {
    const char *name;
    int least; /* words behind it */
    int most;
    int (*run)(const struct command_line *line); /* `words` are those behind it */
};

/* The first verb is meant where none is given. */
int cli_verbs(const struct command_line *line, const struct command_entry *entry,
              const struct verb *verbs, size_t count);

/* A value of an object as text, whatever it is; empty when absent. */
str json_text(const struct command_line *line, json_value object, const char *key);

/* Says a refusal, and how to become somebody who may; the exit code that goes with it. */
int cli_refusal(const struct command_line *line, const struct local_reply *reply);
/* Opens, asks, closes. EXIT_DONE: the reply is there. */
int cli_ask(const struct command_line *line, const struct local_request *request,
            struct local_reply *ret_reply);
/* Asks; then prints the reply as it is, or has it shown. */
int cli_show(const struct command_line *line, const struct local_request *request,
             int (*show)(const struct command_line *line, json_value root));

/* Posts each of these options that is given, under its own name, and has the answer shown. */
int cli_post(const struct command_line *line, const struct command_entry *entry, str target,
             const char *const *options,
             int (*show)(const struct command_line *line, json_value root));
/* What was refused of many, a line each: which (`what` names it, `column` heads it), code, reason.
 * EXIT_REFUSED when there is any. */
int cli_put_refusals(const struct command_line *line, json_value refusals, const char *what,
                     const char *column);
/* How many of a page's `total` were shown, for people only. */
void cli_put_shown(const struct command_line *line, json_value page);

/* "/v1/listings" with "?state=in_force&kind=domain" behind it: each of these options given. */
str cli_target(const struct command_line *line, const struct command_entry *entry, const char *path,
               const char *const *options);
/* "/v1/listings/" + encoded word + "/lift" */
str cli_path(const struct command_line *line, const char *before, const char *word,
             const char *after);

/* A file's bytes; "-" is standard input. ERR_OS "cli.file.unreadable", ERR_LIMIT beyond `most`. */
err cli_bytes(const char *path, size_t most, struct arena *a, str *ret_bytes);

/* A JSON body being put together. */
struct cli_body {
    struct text text;
    struct json json;
};
struct json *cli_body_begin(const struct command_line *line, struct cli_body *body);
str cli_body_end(struct cli_body *body);
/* Each of these options that is given, under its own name; of "until" also "90d" from now on. */
void cli_body_options(struct json *j, const struct command_line *line,
                      const struct command_entry *entry, const char *const *options);

/* Of a list of others: why a person has to look at it first; false when nobody has to. */
bool cli_put_waiting(const struct command_line *line, json_value list);
/* What it did; or why it waits, and then false. */
bool cli_put_list(const struct command_line *line, json_value list);

#endif
