/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/iso.h"

#include "gate/bank/notation.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The namespace of a message, whichever its version: "…:xsd:camt.029.001." and two digits. */
static bool is_message(str space, const char *message)
{
    str rest = str_from(space, sizeof ISO_SPACE - 1);
    str name = str_from_c(message);
    return str_starts(space, STR(ISO_SPACE)) && str_starts(rest, name) &&
           rest.size == name.size + 2 && is_digit(rest.at[name.size]) &&
           is_digit(rest.at[name.size + 1]);
}

/* In an envelope, of whatever make, it is the only child of that name. */
static const struct xml_node *find_document(const struct xml_node *root)
{
    const struct xml_node *found = NULL;
    if (str_equal(root->name, STR("Document")))
        return root;
    for (const struct xml_node *n = root->child; n != NULL; n = n->next) {
        if (!str_equal(n->name, STR("Document")))
            continue;
        if (found != NULL)
            return NULL;
        found = n;
    }
    return found;
}

err iso_document(const struct xml_node *root, const char *message, const struct xml_node **ret_doc)
{
    const struct xml_node *doc = find_document(root);
    if (doc == NULL || !is_message(doc->space, message))
        return fail(ERR_MALFORMED, "bank.document", root->at);
    *ret_doc = doc;
    return OK;
}

const struct xml_node *iso_ours(const struct xml_node *from, const char *name, str key)
{
    const struct xml_node *data = xml_child(from, "SplmtryData");
    for (; data != NULL; data = xml_again(data)) {
        const struct xml_node *ours = xml_child_of(xml_child(data, "Envlp"), STR(ISO_OURS), name);
        bool is_it = ours != NULL && (str_is_empty(key) || str_equal(xml_text(ours->child), key));
        if (is_it)
            return ours;
    }
    return NULL;
}

void iso_put_amount(struct xml *x, const char *name, int64_t minor, str currency)
{
    xml_begin(x, name);
    xml_attribute(x, "Ccy", currency);
    xml_words(x, money_format(x->text->arena, minor, currency));
    xml_end(x);
}

void iso_put_when(struct xml *x, const char *name, instant at, int zone_min)
{
    char room[INSTANT_TEXT_BYTES];
    if (at.us != 0)
        xml_put(x, name, instant_format(at, zone_min, room));
}

void iso_put_party(struct xml *x, const char *name, str party)
{
    xml_begin(x, name);
    xml_begin(x, "Pty");
    xml_put_if_any(x, "Nm", cut_to(party, ISO_NAME));
    xml_end(x);
    xml_end(x);
}

void iso_put_agent(struct xml *x, const char *name, str code)
{
    xml_begin(x, name);
    xml_begin(x, "FinInstnId");
    xml_begin(x, "Othr");
    xml_put(x, "Id", cut_to(code, ISO_ID));
    xml_end(x);
    xml_end(x);
    xml_end(x);
}

void iso_begin_ours(struct xml *x, const char *name)
{
    xml_begin(x, "SplmtryData");
    xml_begin(x, "Envlp");
    xml_begin(x, name);
    xml_attribute(x, "xmlns", STR(ISO_OURS));
}

void iso_end_ours(struct xml *x)
{
    xml_end(x);
    xml_end(x);
    xml_end(x);
}
