/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the parameters that is about banks that ask before they book. */
#include "drill/params_read.h"

#include "drill/dice.h"

#define AT(member) offsetof(struct asking_params, member)
static const struct figure figures[] = {
    {"from",       "fen",     1,     1, INT64_C(1000000000000), AT(from)      },
    {"wait_min",   "minutes", 1,     1, 10000,                  AT(wait_min)  },
    {"wait_sigma", "sigma",   MICRO, 0, 4 * MICRO,              AT(wait_sigma)},
    {"heeds_text", "share",   MICRO, 0, MICRO,                  AT(heeds_text)},
};

err params_asking(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const struct group group = {"asking", figures, COUNT_OF(figures)};
    return params_group(r, root, &group, &p->asking);
}
