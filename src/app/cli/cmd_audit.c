/* SPDX-License-Identifier: Apache-2.0 */
/* yumen audit: the ledger verified, shown, exported. */
#include "app/cli/audit_verify.h"
#include "app/cli/cli.h"

#include <limits.h>
#include <stdlib.h>

static int run(const struct command_line *line);

const struct command_entry cmd_audit = {
    .name = "audit",
    .usage = "verify [--head FILE]... [--key HEX]\n"
             "       yumen audit head\n"
             "       yumen audit key\n"
             "       yumen audit export FILE|- [--purpose TEXT]",
    .help = "cli.help.audit",
    .options = {{"head", "FILE", "cli.option.head", .may_repeat = true},
                {"key", "HEX", "cli.option.key"},
                {"purpose", "TEXT", "cli.option.purpose"}},
    .run = run,
};

static int verify(const struct command_line *line)
{
    struct audit_question q = {.line = line, .key = command_value(line, &cmd_audit, "key")};
    const char *head = command_value(line, &cmd_audit, "head");
    if (head != NULL)
        q.head_files[q.head_file_count++] = head;
    for (int i = 0; i < line->more_count; i++)
        q.head_files[q.head_file_count++] = line->more[i];
    return audit_verify(&q);
}

/* The newest head as one line of an export (docs/formats/ledger.md 4): what yumen-verify reads. */
static int head(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_GET, .target = STR("/v1/audit/head")};
    struct local_reply reply = {0};
    struct json_doc doc = {0};
    int code = cli_ask(line, &request, &reply);
    if (code != EXIT_DONE)
        return code;
    err e = local_json(&reply, &doc);
    if (failed(e))
        return command_fail(line, e);
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    int64_t size = 0;
    int64_t at_us = 0;
    (void)!failed(json_read_i64(json_get(doc.root, "size"), &size));
    (void)!failed(json_read_i64(json_get(doc.root, "at_us"), &at_us));
    json_put_str(j, STR("type"), STR("head"));
    json_put_str(j, STR("store"), json_text(line, doc.root, "store"));
    json_put_i64(j, STR("size"), size);
    json_put_str(j, STR("root"), json_text(line, doc.root, "root"));
    json_put_i64(j, STR("at"), at_us);
    json_put_str(j, STR("key"), json_text(line, doc.root, "key"));
    json_put_str(j, STR("signature"), json_text(line, doc.root, "signature"));
    printf("%s\n", cli_body_end(&body).at);
    json_doc_done(&doc);
    return EXIT_DONE;
}

/* --- export --- */

/* The server writes the file: its path has to mean the same there. */
static err absolute(const struct command_line *line, const char *file, str *ret_path)
{
    char folder[PATH_MAX];
    char real[PATH_MAX];
    const char *slash = strrchr(file, '/');
    const char *name = slash == NULL ? file : slash + 1;
    int size = slash == NULL ? snprintf(folder, sizeof folder, ".")
                             : snprintf(folder, sizeof folder, "%.*s/", (int)(slash - file), file);
    if (size < 0 || (size_t)size >= sizeof folder || name[0] == '\0')
        return fail(ERR_MALFORMED, "cli.file.name", 0);
    if (realpath(folder, real) == NULL)
        return fail(ERR_OS, "cli.file.no_folder", 0);
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, real);
    text_put_c(&t, strcmp(real, "/") == 0 ? "" : "/");
    text_put_c(&t, name);
    *ret_path = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static int export(const struct command_line *line)
{
    const char *purpose = command_value(line, &cmd_audit, "purpose");
    str why = purpose == NULL ? say(line, "cli.audit.purpose") : str_from_c(purpose);
    bool is_stdout = strcmp(line->words[0], "-") == 0;
    struct text target;
    text_init(&target, line->arena);
    text_put_c(&target, "/v1/audit/export?purpose=");
    text_put(&target, local_encode(line, why));
    struct local_request request = {.method = HTTP_GET, .target = text_str(&target)};
    err e = is_stdout ? OK : absolute(line, line->words[0], &request.file);
    if (failed(e))
        return command_fail(line, e);
    struct local_reply reply = {0};
    int code = cli_ask(line, &request, &reply);
    if (code != EXIT_DONE)
        return code;
    if (is_stdout)
        (void)fwrite(reply.body.at, 1, reply.body.size, stdout);
    else
        put_line(line, stderr, say_with(line, "cli.audit.exported", request.file, STR("")));
    return EXIT_DONE;
}

static int key(const struct command_line *line)
{
    return audit_key(line);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"verify", 0, 0, verify},
        {"head",   0, 0, head  },
        {"key",    0, 0, key   },
        {"export", 1, 1, export},
    };
    if (line->word_count == 0)
        return command_usage(&cmd_audit, "cli.usage.no_verb");
    return cli_verbs(line, &cmd_audit, verbs, COUNT_OF(verbs));
}
