/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/tcp_frame.h"

#include <assert.h>

enum frame_found dns_frame_find(str came, size_t most_bytes, struct link_frame *ret_frame)
{
    if (came.size < DNS_LENGTH_BYTES)
        return FRAME_PART;
    size_t size = (size_t)((uint8_t)came.at[0] << 8 | (uint8_t)came.at[1]);
    if (size < DNS_HEADER_BYTES || size > most_bytes)
        return FRAME_BAD;
    *ret_frame = (struct link_frame){.begin = DNS_LENGTH_BYTES, .size = size};
    return came.size < DNS_LENGTH_BYTES + size ? FRAME_PART : FRAME_WHOLE;
}

bool dns_link_send(struct tcp_link *l, const struct sheet *message)
{
    uint8_t length[DNS_LENGTH_BYTES] = {(uint8_t)(message->size >> 8), (uint8_t)message->size};
    assert(message->size <= UINT16_MAX);
    return tcp_link_send(l, length, sizeof length) && tcp_link_send(l, message->at, message->size);
}
