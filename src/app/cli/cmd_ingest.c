/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yumen ingest: files of a feed, each a batch. The centre reads the file itself, so that its size
 * does not matter; what comes through a pipe is first kept in a private file beside the store.
 */
#include "app/cli/cli.h"
#include "app/cli/progress.h"
#include "app/house/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_MOST = 20, POLL_BYTES = 1 << 20 };

static int run(const struct command_line *line);

const struct command_entry cmd_ingest = {
    .name = "ingest",
    .usage = "FEED FILE...",
    .help = "cli.help.ingest",
    .options = {{"source", "NAME", "cli.option.ingest_source"},
                {"carrier", "ID", "cli.option.ingest_carrier"},
                {"under", "SOURCE", "cli.option.ingest_under"}},
    .run = run,
};

struct ingest {
    const struct command_line *line;
    struct local local;
    const char *feed;
    int worst;
};

/* Where the centre finds the bytes: the file itself, or a copy of what is no plain file. */
static err find_bytes(const struct command_line *line, const char *file, char ret_path[PATH_MAX])
{
    bool is_stdin = strcmp(file, "-") == 0;
    struct stat info;
    SCOPED(fd_end) int fd = is_stdin ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0)
        return fail(ERR_OS, "cli.file.unreadable", (uint32_t)errno);
    if (S_ISDIR(info.st_mode))
        return fail(ERR_OS, "cli.file.folder", 0);
    const char *path = file;
    if (is_stdin || !S_ISREG(info.st_mode))
        TRY(spool_take(line->data, fd, &path));
    return realpath(path, ret_path) == NULL ? fail(ERR_OS, "cli.file.unreadable", (uint32_t)errno)
                                            : OK;
}

/* --- how far it is --- */

struct watch {
    const struct ingest *in;
    int64_t total_bytes;
};

/* A running server is asked over a connection of its own; in this process it is read. */
static int64_t position(void *self)
{
    const struct watch *w = self;
    if (w->in->local.house != NULL)
        return (int64_t)env_counter_read(&w->in->local.house->feed_read_bytes);
    struct arena turn;
    arena_init(&turn, POLL_BYTES);
    struct command_line line = *w->in->line;
    line.arena = &turn;
    struct local local = w->in->local;
    local.line = &line;
    struct local_request request = {.method = HTTP_GET, .target = STR("/v1/feeds")};
    struct local_reply reply = {0};
    struct json_doc doc = {0};
    int64_t read_bytes = -1;
    int64_t size_bytes = -1;
    if (!failed(local_call(&local, &request, &reply)) && !failed(local_json(&reply, &doc))) {
        json_value reading = json_get(doc.root, "reading");
        bool is_known = !failed(json_read_i64(json_get(reading, "size_bytes"), &size_bytes)) &&
                        !failed(json_read_i64(json_get(reading, "read_bytes"), &read_bytes));
        bool is_ours = is_known && size_bytes == w->total_bytes;
        read_bytes = is_ours ? read_bytes : -1;
    }
    json_doc_done(&doc);
    arena_done(&turn);
    return read_bytes;
}

/* --- the answer --- */

static void put_refusals(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.row",    true },
        {"cli.column.column", true },
        {"cli.column.code",   true },
        {"cli.column.reason", false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value refusals = json_get(root, "refusals");
    size_t count = json_count(refusals);
    for (size_t i = 0; i < count && i < SHOWN_MOST; i++) {
        json_value refusal = json_item(refusals, i);
        table_put(&t, json_text(line, refusal, "row"));
        table_put(&t, json_text(line, refusal, "column"));
        table_put_tone(&t, json_text(line, refusal, "code"), TONE_ALARM);
        table_put(&t, json_text(line, refusal, "reason"));
    }
    if (count > 0)
        table_print(&t, stdout);
}

static void put_summary(const struct command_line *line, str name, json_value root)
{
    int64_t accepted = 0;
    int64_t refused = 0;
    int64_t late = 0;
    (void)!failed(json_read_i64(json_get(root, "accepted"), &accepted));
    (void)!failed(json_read_i64(json_get(root, "late"), &late));
    (void)!failed(json_read_i64(json_get(root, "refused"), &refused));
    struct text t;
    text_init(&t, line->arena);
    text_put(&t, say_with(line, "cli.ingest.accepted", name, say_number(line, accepted)));
    if (late > 0)
        text_put(&t, say_with(line, "cli.ingest.late", say_number(line, late), STR("")));
    text_put(&t, say_with(line, "cli.ingest.others", json_text(line, root, "duplicate"),
                          say_number(line, refused)));
    put_line(line, stdout, text_str(&t));
    put_refusals(line, root);
    str batch = json_text(line, root, "batch");
    if (refused > SHOWN_MOST)
        put_line(line, stdout,
                 say_with(line, "cli.ingest.all_refused", say_number(line, refused), batch));
    bool is_list = command_value(line, &cmd_ingest, "under") != NULL;
    if (is_list)
        (void)cli_put_list(line, root);
    else if (accepted > 0 && strcmp(line->words[0], "listings") == 0)
        put_line(line, stdout, say_with(line, "cli.ingest.next", batch, STR("")));
}

static int take_answer(struct ingest *in, str name, const struct local_reply *reply)
{
    const struct command_line *line = in->line;
    if (reply->status >= 300)
        return cli_refusal(line, reply);
    struct json_doc doc = {0};
    err e = local_json(reply, &doc);
    if (failed(e))
        return command_fail(line, e);
    int64_t refused = 0;
    (void)!failed(json_read_i64(json_get(doc.root, "refused"), &refused));
    bool waits = str_equal(json_text(line, doc.root, "state"), STR("waiting"));
    if (line->wants_json)
        printf("%.*s\n", STR_ARGS(reply->body));
    else
        put_summary(line, name, doc.root);
    json_doc_done(&doc);
    return refused > 0 || waits ? EXIT_REFUSED : EXIT_DONE;
}

static str name_of(const struct command_line *line, const char *file)
{
    const char *given = command_value(line, &cmd_ingest, "source");
    if (given != NULL)
        return str_from_c(given);
    if (strcmp(file, "-") == 0)
        return STR("stdin");
    const char *slash = strrchr(file, '/');
    return str_from_c(slash == NULL ? file : slash + 1);
}

static int ingest_file(struct ingest *in, const char *file)
{
    const struct command_line *line = in->line;
    static char path[PATH_MAX];
    err e = find_bytes(line, file, path);
    if (failed(e)) {
        fprintf(stderr, "yumen: %s: ", file);
        put_line(line, stderr, say(line, e.why));
        spool_drop();
        return EXIT_SYSTEM;
    }
    struct text target;
    text_init(&target, line->arena);
    const char *under = command_value(line, &cmd_ingest, "under");
    const char *carrier = command_value(line, &cmd_ingest, "carrier");
    if (under != NULL)
        text_put(&target, cli_path(line, "/v1/sources/", under, "/lists"));
    else {
        text_put(&target, cli_path(line, "/v1/feeds/", in->feed, "?source="));
        text_put(&target, local_encode(line, name_of(line, file)));
        if (carrier != NULL) {
            text_put_c(&target, "&carrier=");
            text_put(&target, local_encode(line, str_from_c(carrier)));
        }
    }
    struct local_request request = {
        .method = HTTP_POST, .target = text_str(&target), .file = str_from_c(path)};
    struct watch watch = {.in = in};
    struct progress_work work = {.name = name_of(line, file), .done = position, .self = &watch};
    e = file_size(path, &watch.total_bytes);
    work.total = failed(e) ? 0 : watch.total_bytes;
    struct local_reply reply = {0};
    struct progress progress;
    progress_begin(&progress, line, &work);
    e = local_call(&in->local, &request, &reply);
    progress_end(&progress);
    spool_drop();
    return failed(e) ? command_fail(line, e) : take_answer(in, name_of(line, file), &reply);
}

static int run(const struct command_line *line)
{
    if (line->word_count < 2)
        return command_usage(&cmd_ingest, "cli.usage.too_few");
    struct ingest in = {.line = line, .feed = line->words[0]};
    err e = local_open(line, &in.local);
    if (failed(e))
        return command_fail(line, e);
    for (int i = 1; i < line->word_count; i++) {
        int code = ingest_file(&in, line->words[i]);
        in.worst = code > in.worst ? code : in.worst;
    }
    local_close(&in.local);
    return in.worst;
}
