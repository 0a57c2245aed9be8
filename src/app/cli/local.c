/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/local.h"

#include "app/centre/house_open.h"

#include "gate/http/client.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum { REPLY_BYTES = 512 << 20, WAIT_MS = 3600 * 1000, BUSY_TRIES = 50, BUSY_MS = 100 };

static err open_house(const struct command_line *line, struct local *local)
{
    char holder[32];
    int size = snprintf(holder, sizeof holder, "%d\n", (int)getpid());
    struct house_options options = {
        .dir = line->data, .holder = str_make(holder, (size_t)size), .is_quiet = true};
    return house_open(&options, &local->house);
}

static err find_or_open(const struct command_line *line, struct local *local)
{
    struct local_request ping = {.method = HTTP_GET, .target = STR("/healthz")};
    struct local_reply reply = {0};
    if (!failed(local_call(local, &ping, &reply)))
        return OK;
    return open_house(line, local);
}

err local_open(const struct command_line *line, struct local *ret_local)
{
    *ret_local = (struct local){.line = line};
    int size =
        snprintf(ret_local->sock_path, sizeof ret_local->sock_path, "%s/yumen.sock", line->data);
    if (size < 0 || (size_t)size >= sizeof ret_local->sock_path)
        return fail(ERR_LIMIT, "house.path", 0);
    /* Another command at work, or a server that is only starting, is soon done. */
    err e = find_or_open(line, ret_local);
    for (int tried = 0; e.code == ERR_BUSY && tried < BUSY_TRIES; tried++) {
        (void)poll(NULL, 0, BUSY_MS);
        e = find_or_open(line, ret_local);
    }
    return e;
}

void local_close(struct local *local)
{
    house_close(local->house);
    local->house = NULL;
}

static str bearer(const struct command_line *line)
{
    if (line->token == NULL || line->token[0] == '\0')
        return STR("");
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, "Bearer ");
    text_put_c(&t, line->token);
    return text_str(&t);
}

static str unquoted(str etag)
{
    return etag.size < 2 ? STR("") : str_until(str_from(etag, 1), etag.size - 2);
}

static err over_socket(struct local *local, const struct local_request *r,
                       struct local_reply *ret_reply)
{
    const struct command_line *line = local->line;
    struct http_header headers[6];
    size_t count = 0;
    headers[count++] = (struct http_header){STR("Accept-Language"),
                                            line->language == LANGUAGE_EN ? STR("en") : STR("zh")};
    if (!str_is_empty(bearer(line)))
        headers[count++] = (struct http_header){STR("Authorization"), bearer(line)};
    if (!str_is_empty(r->content_type))
        headers[count++] = (struct http_header){STR("Content-Type"), r->content_type};
    if (!str_is_empty(r->accept))
        headers[count++] = (struct http_header){STR("Accept"), r->accept};
    if (!str_is_empty(r->file))
        headers[count++] = (struct http_header){STR("Yumen-File"), r->file};
    struct http_client_request request = {.socket_path = local->sock_path,
                                          .method = r->method,
                                          .target = r->target,
                                          .headers = headers,
                                          .header_count = count,
                                          .body = r->body,
                                          .timeout_ms = WAIT_MS,
                                          .most_bytes = REPLY_BYTES};
    struct http_client_reply reply = {0};
    TRY(http_client_call(&request, line->arena, &reply));
    *ret_reply = (struct local_reply){.status = reply.status,
                                      .body = reply.body,
                                      .etag = unquoted(http_client_header(&reply, STR("ETag")))};
    return OK;
}

struct answer {
    struct env_mutex mutex;
    struct env_cond ended;
    bool has_ended;
    struct arena *arena;
    struct local_reply reply;
};

static void keep_answer(struct call *call)
{
    struct answer *a = call->transport;
    env_mutex_lock(&a->mutex);
    a->reply.status = call->reply.status;
    a->reply.body = str_copy(a->arena, call->reply.body);
    a->reply.etag = STR("");
    for (size_t i = 0; i < call->reply.header_count; i++)
        if (str_equal(call->reply.headers[i].name, STR("ETag")))
            a->reply.etag = str_copy(a->arena, unquoted(call->reply.headers[i].value));
    a->has_ended = true;
    env_cond_wake(&a->ended);
    env_mutex_unlock(&a->mutex);
    api_call_free(call);
}

static err in_process(struct local *local, const struct local_request *r,
                      struct local_reply *ret_reply)
{
    struct answer answer = {.arena = local->line->arena};
    struct call *call = api_call_make(local->house);
    if (call == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    env_mutex_init(&answer.mutex);
    env_cond_init(&answer.ended);
    size_t mark = str_find_char(r->target, '?');
    call->request = (struct api_request){
        .method = r->method,
        .path = str_until(r->target, mark),
        .query = str_from(r->target, mark + 1),
        .body = r->body,
        .content_type = r->content_type,
        .accept = r->accept,
        .accept_language = local->line->language == LANGUAGE_EN ? STR("en") : STR("zh"),
        .authorization = bearer(local->line),
        .file = r->file,
        .is_local = true,
    };
    call->send = keep_answer;
    call->transport = &answer;
    api_call(call);
    env_mutex_lock(&answer.mutex);
    while (!answer.has_ended)
        env_cond_wait(&answer.ended, &answer.mutex);
    env_mutex_unlock(&answer.mutex);
    env_cond_done(&answer.ended);
    env_mutex_done(&answer.mutex);
    *ret_reply = answer.reply;
    return OK;
}

err local_call(struct local *local, const struct local_request *request,
               struct local_reply *ret_reply)
{
    return local->house == NULL ? over_socket(local, request, ret_reply)
                                : in_process(local, request, ret_reply);
}

err local_json(const struct local_reply *reply, struct json_doc *ret_doc)
{
    return json_doc_parse(reply->body, REPLY_BYTES, ret_doc);
}

int local_refusal(const struct local_reply *reply)
{
    struct json_doc doc = {0};
    str detail = STR("");
    str code = STR("");
    if (!failed(local_json(reply, &doc))) {
        (void)!failed(json_read_str(json_get(doc.root, "detail"), &detail));
        (void)!failed(json_read_str(json_get(doc.root, "code"), &code));
    }
    if (str_is_empty(code))
        fprintf(stderr, "yumen: HTTP %d\n", reply->status);
    else
        fprintf(stderr, "yumen: %.*s (%.*s)\n", STR_ARGS(detail), STR_ARGS(code));
    json_doc_done(&doc);
    if (reply->status == 404)
        return EXIT_NEGATIVE;
    return reply->status >= 500 ? EXIT_SYSTEM : EXIT_REFUSED;
}

int local_show(const struct command_line *line, str target,
               int (*show)(const struct command_line *line, json_value root))
{
    struct local local = {0};
    struct local_reply reply = {0};
    struct local_request request = {.method = HTTP_GET, .target = target};
    err e = local_open(line, &local);
    if (!failed(e))
        e = local_call(&local, &request, &reply);
    local_close(&local);
    if (failed(e))
        return command_fail(line, e);
    if (reply.status >= 300)
        return local_refusal(&reply);
    if (line->wants_json)
        printf("%.*s\n", STR_ARGS(reply.body));
    struct json_doc doc = {0};
    e = local_json(&reply, &doc);
    if (failed(e))
        return command_fail(line, e);
    int code = show(line, doc.root);
    json_doc_done(&doc);
    return code;
}

str local_encode(const struct command_line *line, str value)
{
    struct text t;
    text_init(&t, line->arena);
    for (size_t i = 0; i < value.size; i++) {
        unsigned char c = (unsigned char)value.at[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain)
            text_put_char(&t, (char)c);
        else
            text_printf(&t, "%%%02X", c);
    }
    return text_str(&t);
}
