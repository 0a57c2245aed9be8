/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api - one request in, one answer out: what the HTTP doors, the Unix socket and the command line
 * all speak.
 *
 * Shape     A call finds its route, its actor is established, and its handler either answers from a
 *           reader at once, or leaves a `write` to be run on the store thread. What fails becomes a
 *           problem document (RFC 9457) in the caller's language, naming code and column.
 *
 *               call --route--> actor --handler--+--> reply --> call->send
 *                                                +--> write (store thread) --> commit --> send
 *                                                +--> clerk (passwords, feeds) --> ...
 *
 * Owns      A call and everything in it live in the call's own arena, until send returns.
 * Lives     The api, from house_open to house_close.
 * Fails     api_call never: failure is an answer.
 * Threads   Handlers on the caller's thread; writes on the store thread; send on whichever of them
 *           finished the call.
 * Bounds    API_CALL_BYTES a call beside its body.
 */
#ifndef YUMEN_APP_CALL_API_H
#define YUMEN_APP_CALL_API_H

#include "app/house/house.h"
#include "gate/http/route.h"
#include "kit/json.h"
#include "show/messages.h"
#include "show/records.h"
#include "store/reader.h"
#include "store/worker.h"

enum { API_CALL_BYTES = 64 << 20, API_HEADERS_MAX = 8 };

struct api_request {
    enum http_method method;
    str path;  /* decoded by the router's parameters, not here */
    str query; /* after '?', still percent-encoded */
    str body;
    str content_type;
    str accept;
    str accept_language;
    str authorization;
    str cookie;
    str origin;
    str host;
    str idempotency_key;
    str if_none_match;
    str last_event_id;
    str signature; /* RFC 9421, 9530 */
    str signature_input;
    str content_digest;
    str file;      /* local callers only: a file of this machine to be read as the body */
    str peer;      /* address, for limits */
    bool is_local; /* the machine's own command line: over the Unix socket or in the process */
};

struct api_header {
    str name;
    str value;
};

struct api_reply {
    int status;
    str content_type;
    str body;
    struct api_header headers[API_HEADERS_MAX];
    size_t header_count;
};

struct call;
struct feed_shape;
struct http_stream_start;
typedef err api_handler(struct call *call);
/* On the store thread, inside the transaction; fills the reply. */
typedef err api_write(struct call *call, struct store *store, instant at);

struct call {
    struct job job; /* first: a job is its call */
    struct house *house;
    struct arena arena;
    struct api_request request;
    struct api_reply reply;
    struct route_match route;
    struct reader *reader; /* while the handler runs */
    struct actor actor;
    str user_name; /* of the actor; empty when nobody is signed in */
    str session;   /* id, when one is used */
    bool by_token; /* a program speaks, not somebody who signed in */
    bool by_cookie;
    enum language language;
    struct json_doc doc; /* the body, when it is JSON */
    bool has_doc;
    api_write *write;
    void *own;                      /* the handler's, for its write */
    const struct feed_shape *shape; /* of the feed a body belongs to */
    str column;                     /* of the refusal, where its code does not say */
    str about;                      /* of the refusal: whom it concerns, said before the sentence */
    str once;                       /* the answer with a secret in it: sent now, kept by nobody */
    bool is_secret;   /* request or answer holds a secret: Idempotency-Key does not keep it */
    bool is_answered; /* as an earlier request with the same Idempotency-Key */
    struct http_stream_start *stream;       /* events follow the answer */
    struct clerk *clerk;                    /* who is to go on with it, */
    void (*work)(struct call *call);        /* and how */
    void (*park)(struct call *call);        /* or: it waits for what is not there yet */
    void (*after_group)(struct call *call); /* on the store thread, between transactions */
    void (*send)(struct call *call);        /* the transport's; afterwards the call is gone */
    void *transport;
};

/* A call whose arena is its own memory; NULL when there is none left. */
struct call *api_call_make(struct house *house);
void api_call_free(struct call *call);
/* Answers through call->send, now or later. */
void api_call(struct call *call);

#endif
