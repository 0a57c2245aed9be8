/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/source.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

void source_keep(struct msghdr *head)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(head);
    bool is_v4 = c != NULL && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO;
    bool is_v6 = c != NULL && c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO;
    if (is_v4) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(c), sizeof info);
        info.ipi_ifindex = 0; /* the way back is the routing table's affair */
        memcpy(CMSG_DATA(c), &info, sizeof info);
        head->msg_controllen = CMSG_SPACE(sizeof info);
    } else if (is_v6) {
        head->msg_controllen = CMSG_SPACE(sizeof(struct in6_pktinfo));
    } else {
        head->msg_control = NULL;
        head->msg_controllen = 0;
    }
}
