/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/sighting.h"

#include "sense/conduct.h"

#include <assert.h>

static_assert(sizeof(struct sighting) == 48, "what a queue and a batch hold of a call");

static uint64_t keyed(const struct sight_keys *keys, enum sight_key which, str bytes)
{
    return digest_siphash(keys->of[which], bytes);
}

static uint64_t keyed_two(const struct sight_keys *keys, enum sight_key which, uint64_t one,
                          uint64_t other)
{
    uint64_t both[2] = {one, other};
    return keyed(keys, which, str_make((const char *)both, sizeof both));
}

static uint64_t number_key(const struct sight_keys *keys, str number)
{
    uint64_t key = keyed(keys, SIGHT_NUMBER, number);
    return key == 0 ? 1 : key; /* 0 is nobody */
}

/* The owner goes in, so that one handset has another place with each number it is used with. */
static uint8_t place(const struct sight_keys *keys, uint64_t owner, str thing, unsigned places)
{
    assert(places > 0 && places < PLACE_NONE);
    if (str_is_empty(thing))
        return PLACE_NONE;
    uint64_t h = keyed_two(keys, SIGHT_THING, owner, keyed(keys, SIGHT_THING, thing));
    return (uint8_t)(h % places);
}

static uint32_t handset_key(const struct sight_keys *keys, str imei)
{
    uint32_t key = (uint32_t)keyed(keys, SIGHT_THING, imei);
    if (str_is_empty(imei))
        return 0;
    return key == 0 ? 1 : key;
}

void sight_keys_make(const uint8_t secret[SIGHT_SECRET_BYTES], struct sight_keys *ret_keys)
{
    assert(secret != NULL && ret_keys != NULL);
    for (unsigned i = 0; i < SIGHT_KEY_COUNT; i++) {
        struct digest_stream s;
        char purpose = (char)('1' + i);
        digest_init(&s);
        digest_put(&s, STR("yumen calls "));
        digest_put(&s, str_make(&purpose, 1));
        digest_put(&s, str_make((const char *)secret, SIGHT_SECRET_BYTES));
        struct digest d = digest_done(&s);
        memcpy(ret_keys->of[i], d.bytes, SIPHASH_KEY_BYTES);
    }
}

void sight(const struct sight_keys *keys, str carrier, const struct phone_call *call,
           struct sighting *ret_sighting)
{
    assert(keys != NULL && call != NULL && ret_sighting != NULL && call->parts != 0);
    uint64_t caller = number_key(keys, call->caller);
    uint64_t callee = number_key(keys, call->callee);
    bool is_in_order = caller < callee;
    *ret_sighting = (struct sighting){
        .caller = caller,
        .callee = callee,
        .pair = (uint32_t)keyed_two(keys, SIGHT_PAIR, is_in_order ? caller : callee,
                                    is_in_order ? callee : caller),
        .handset = handset_key(keys, call->imei),
        .id = keyed_two(keys, SIGHT_ID, keyed(keys, SIGHT_ID, carrier),
                        keyed(keys, SIGHT_ID, call->id)),
        .time_s = call->time_s,
        .duration_s = call->duration_s,
        .parts = call->parts,
        .is_text = call->is_text,
        .is_from_abroad = call->is_from_abroad,
        .imei = place(keys, caller, call->imei, CONDUCT_IMEI_PLACES),
        .imsi = place(keys, caller, call->imsi, CONDUCT_IMSI_PLACES),
        .cell = place(keys, caller, call->cell, CONDUCT_CELL_PLACES),
    };
}
