/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever is sent as payments becomes lines of JSON objects, or is refused; no amount is
 * whole minor units unless it is one of its currency.
 * Method: the first byte chooses the zone; the rest is the document.
 */
#include "fact/currency.h"
#include "gate/bank/payments.h"
#include "kit/json.h"

#include "kit_fuzz.h"

static void check_row(str line)
{
    struct json_doc doc = {0};
    must(!failed(json_doc_parse(line, PAYMENTS_BYTES, &doc)));
    must(json_kind_of(doc.root) == JSON_KIND_OBJECT);
    json_value amount = json_get(doc.root, "amount");
    str currency = STR("");
    if (json_kind_of(amount) == JSON_KIND_I64) {
        must(!failed(json_read_str(json_get(doc.root, "currency"), &currency)));
        must(currency_digits(currency) >= 0);
    }
    json_doc_done(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    str rows = {0};
    str line = {0};
    str in = str_make((const char *)data, size);
    int zone_min = take_byte(&in) & 64 ? 480 : 0;
    arena_init(&a, PAYMENTS_ROOM);
    if (!failed(payments_read(in, zone_min, &a, &rows))) {
        must(str_ends(rows, STR("}\n")));
        while (str_split(&rows, '\n', &line))
            if (!str_is_empty(line))
                check_row(line);
    }
    arena_done(&a);
    return 0;
}
