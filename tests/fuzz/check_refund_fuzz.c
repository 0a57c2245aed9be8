/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no statement, however broken, harms yumen-check-refund, and one it passes adds up.
 * Method: the whole program is included here; its state is put back before each run.
 */
static int nothing(const char *line);
int checker_main(int argc, char **argv);
#define main checker_main
#define puts nothing
#include "../../tools/verifier/refund_check.c"
#include "../../tools/verifier/yumen-check-refund.c"
#undef main
#undef puts

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int nothing(const char *line)
{
    return (int)strlen(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *document = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    memset(&st, 0, sizeof st);
    finding_count = open_count = 0;
    if (json_is_object(document)) {
        check(document, document);
        num sum = int_of(st.root, "unclaimed");
        for (int i = 0; i < st.claim_count; i++)
            sum += st.claims[i].amount;
        if (finding_count == 0 && sum != st.frozen)
            abort();
    }
    json_decref(document);
    return 0;
}
