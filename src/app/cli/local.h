/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local - how the command line speaks to a centre: through the running server's Unix socket, or,
 * when
 * none runs, with the same API inside this process.
 *
 * Shape     local_open finds out which; local_call looks the same either way.
 * Owns      The house, when it had to open one.
 * Lives     From local_open to local_close.
 * Fails     "house.absent", "file.locked"; what the server refused is a reply, not an error.
 * Threads   The main thread.
 * Bounds    As the API's.
 */
#ifndef YUMEN_APP_CLI_LOCAL_H
#define YUMEN_APP_CLI_LOCAL_H

#include "app/cli/command.h"

struct local {
    struct house *house; /* opened here; NULL: a server runs */
    char sock_path[PATH_BYTES + 16];
    const struct command_line *line;
};

struct local_request {
    enum http_method method;
    str target; /* path and query, encoded */
    str body;   /* JSON; empty: none */
    str file;   /* absolute path of what is to be read as the body */
    str content_type;
    str accept; /* media type; empty: whatever there is */
};

struct local_reply {
    int status;
    str body;
    str etag; /* without its quotes; empty: none */
};

err local_open(const struct command_line *line, struct local *ret_local);
void local_close(struct local *local);
err local_call(struct local *local, const struct local_request *request,
               struct local_reply *ret_reply);

/* Prints a problem's sentence; the exit code that goes with its status. */
int local_refusal(const struct local_reply *reply);
/* The reply as JSON, parsed; the caller ends it. */
err local_json(const struct local_reply *reply, struct json_doc *ret_doc);
/* GET, and the body printed as it is (--json), or handed to `show`. */
int local_show(const struct command_line *line, str target,
               int (*show)(const struct command_line *line, json_value root));
/* Percent-encodes into the line's arena. */
str local_encode(const struct command_line *line, str value);

#endif
