/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/trunk.h"

size_t sip_trunk_find(const struct sip_trunks *t, const struct net_host *host)
{
    for (size_t i = 0; i < t->count; i++)
        if (nets_has(&t->at[i].from, host))
            return i;
    return SIP_NO_TRUNK;
}
