/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/kit.h"

#include "kit/boot.h"

#include <jansson.h>
#include <sodium.h>

static bool is_booted;

err kit_boot(void)
{
    if (is_booted)
        return OK;
    if (sodium_init() < 0)
        return fail(ERR_OS, "kit: libsodium cannot start", 0);
    json_object_seed(0); /* from the system's randomness: keys come from outside */
    TRY(idna_boot());
    TRY(suffix_boot());
    TRY(phone_boot());
    is_booted = true;
    return OK;
}

void kit_done(void)
{
    suffix_end();
    idna_end();
    is_booted = false;
}
