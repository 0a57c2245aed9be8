/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_xml.h"

#include <string.h>

enum { XML_NODES = 4096 };

static err not_an_order(void)
{
    return fail(ERR_MALFORMED, "drill.order", 0);
}

static err read_one(str bytes, bank_xml_reader read, struct arena *a,
                    struct bank_instruction *ret_instruction)
{
    const struct xml_node *root = NULL;
    if (str_starts(bytes, STR("{")))
        return bank_json_order(bytes, a, ret_instruction);
    TRY(xml_parse(bytes, (struct xml_limits){bytes.size, XML_NODES}, a, &root));
    return read(root, a, ret_instruction);
}

static err take_document(str bytes, bank_xml_reader read, struct arena *a,
                         struct bank_orders *orders)
{
    struct bank_instruction i = {.number = 0};
    if (orders->count == FORM_ORDERS)
        return fail(ERR_LIMIT, "drill.order", 0);
    err e = read_one(bytes, read, a, &i);
    if (e.code == ERR_LIMIT)
        return e;
    orders->strange += failed(e);
    if (!failed(e))
        orders->at[orders->count++] = i;
    return OK;
}

static size_t find(str s, str part)
{
    const char *at = memmem(s.at, s.size, part.at, part.size);
    return at == NULL ? s.size : (size_t)(at - s.at);
}

/* "multipart/mixed; boundary=abc" -> "--abc"; RFC 2046 5.1 */
static err boundary_of(str content_type, struct arena *a, str *ret_boundary)
{
    struct text t;
    str mark = STR("boundary=");
    str value = str_from(content_type, find(content_type, mark) + mark.size);
    value = str_trim(str_until(value, str_find_char(value, ';')));
    if (value.size > 2 && value.at[0] == '"')
        value = str_until(str_from(value, 1), value.size - 2);
    if (str_is_empty(value))
        return not_an_order();
    text_init(&t, a);
    text_put_c(&t, "--");
    text_put(&t, value);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_boundary = text_str(&t);
    return OK;
}

static err take_parts(const struct bank_xml_mail *mail, bank_xml_reader read, struct arena *a,
                      struct bank_orders *orders)
{
    str boundary;
    TRY(boundary_of(mail->content_type, a, &boundary));
    str rest = str_from(mail->bytes, find(mail->bytes, boundary) + boundary.size);
    while (rest.size > 0 && !str_starts(rest, STR("--"))) {
        size_t end = find(rest, boundary);
        str part = str_until(rest, end);
        size_t head = find(part, STR("\r\n\r\n"));
        TRY(take_document(str_trim(str_from(part, head + 4)), read, a, orders));
        rest = str_from(rest, end + boundary.size);
    }
    return OK;
}

err bank_xml_read(const struct bank_xml_mail *mail, bank_xml_reader read, struct arena *a,
                  struct bank_orders *ret_orders)
{
    *ret_orders = (struct bank_orders){.next = STR("")};
    if (str_starts(mail->content_type, STR("multipart/")))
        return take_parts(mail, read, a, ret_orders);
    return str_is_empty(mail->bytes) ? OK : take_document(mail->bytes, read, a, ret_orders);
}

err bank_case_parse(str text, str *ret_order, int64_t *ret_ask)
{
    const char *dash = text.size == 0 ? NULL : memrchr(text.at, '-', text.size);
    if (dash == NULL)
        return not_an_order();
    size_t size = (size_t)(dash - text.at);
    if (size == 0 || failed(str_parse_i64(str_from(text, size + 1), ret_ask)) || *ret_ask <= 0)
        return not_an_order();
    *ret_order = str_until(text, size);
    return OK;
}

str bank_case(const struct bank_receipt *r, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put(&t, r->to.order);
    text_put_char(&t, '-');
    text_put_i64(&t, r->to.number);
    return text_spent(&t) ? STR("") : text_str(&t);
}

err bank_xml_letter(const struct bank_speaker *s, str body, struct arena *a,
                    struct bank_letter *ret_letter)
{
    struct text target;
    text_init(&target, a);
    text_put_c(&target, "/v1/providers/");
    text_put(&target, s->id);
    text_put_c(&target, "/messages");
    if (text_spent(&target))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_letter = (struct bank_letter){.target = text_str(&target),
                                       .content_type = STR("application/xml; charset=utf-8"),
                                       .body = body};
    return OK;
}
