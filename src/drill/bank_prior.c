/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_prior.h"

void bank_priors_look(const struct bank_book *b, const struct bank_instruction *i,
                      struct bank_priors *ret_priors)
{
    struct bank_standing s;
    ret_priors->count = 0;
    for (size_t n = 0; bank_book_standing(b, i->account, n, &s); n++) {
        bool is_ours = str_equal(s.authority, STR("yumen"));
        if (str_equal(s.order, i->order) || ret_priors->count == BANK_PRIORS)
            return;
        if (!is_ours)
            ret_priors->at[ret_priors->count++] =
                (struct bank_prior){s.authority, s.order, s.fen, s.until};
    }
}
