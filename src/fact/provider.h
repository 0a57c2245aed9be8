/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider - who carries orders out, and how it is spoken to: as yumen.yaml declares it.
 *
 * Shape     A table of few rows; what a provider cannot do is never asked of it.
 * Owns      Nothing.   Lives  As the configuration.   Fails  -
 * Threads   Any; constant while the program runs.   Bounds  -
 */
#ifndef YUMEN_FACT_PROVIDER_H
#define YUMEN_FACT_PROVIDER_H

#include "fact/order.h"

enum provider_kind {
    PROVIDER_BANK,
    PROVIDER_PAYMENT,
    PROVIDER_CARRIER,
    PROVIDER_RESOLVER,
    PROVIDER_REGISTRAR,
    PROVIDER_PLATFORM,
};
extern const char *const provider_kind_words[];
enum provider_way { PROVIDER_PULL, PROVIDER_PUSH }; /* it fetches its orders, or they are posted */
extern const char *const provider_way_words[];
enum provider_form { FORM_JSON, FORM_ISO20022, FORM_CN };
extern const char *const provider_form_words[];

/* Where instruments are issued; how many work there decides what may be shown of it. */
struct provider_outlet {
    str code; /* as the feed "accounts" names it */
    int64_t staff;
};

struct provider {
    str id; /* "bank-a": in users, orders and paths */
    str name;
    unsigned kind;
    unsigned can; /* bit i: enum order_kind */
    unsigned way;
    unsigned form;
    str url; /* of push */
    str key; /* hex of the Ed25519 key that signs what it sends; empty: the token is enough */
    const str *codes; /* how feeds and victims name its bank, beside its id; of a carrier, how its
                         numbers begin: "+86139" */
    size_t code_count;
    const struct provider_outlet *outlets; /* those whose staff is known */
    size_t outlet_count;
    int64_t answer_s; /* it has to answer within */
};

struct providers {
    const struct provider *at;
    size_t count;
};

/* NULL when there is none. */
const struct provider *provider_find(const struct providers *all, str id);
/* By a bank's code or the provider's own id. */
const struct provider *provider_of_bank(const struct providers *all, str code);
/* The carrier whose code is the longest beginning of the number (canonical); NULL: none, or two. */
const struct provider *provider_of_number(const struct providers *all, str number);
bool provider_can(const struct provider *p, unsigned kind);

#endif
