/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes yumen.yaml(5) for scdoc from the one table of options, so that page, program and the file
 * that init writes cannot disagree.
 */
#include "conf/options.h"

#include <stdio.h>

static const char head[] = "yumen.yaml(5)\n\n"
                           "# NAME\n\nyumen.yaml - options of a centre\n\n"
                           "# DESCRIPTION\n\n"
                           "_DIR/yumen.yaml_ in the data folder. *yumen init* writes it with every "
                           "option, its default and "
                           "an explanation; what is left out has its default. An unknown key, or a "
                           "value out of bounds, is "
                           "refused with its line. Keys below are paths: _dns.listen_ is _listen_ "
                           "inside the group _dns_.\n\n"
                           "# OPTIONS\n\n";
static const char tail[] = "# SEE ALSO\n\n*yumen*(1), *yumen-init*(1), *yumen-serve*(1)\n";

/* scdoc gives some characters a meaning. */
static void put_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\*_`#[]|", *text) != NULL)
            putchar('\\');
        putchar(*text);
    }
}

static void put_option(const struct conf_option *o)
{
    if (o->type == CONF_RESERVED)
        return;
    printf("*");
    put_plain(o->key);
    printf("*\n\t");
    put_plain(o->en);
    printf("++\n");
    put_plain(o->zh);
    if (o->type == CONF_INT)
        printf("++\nFrom %lld to %lld.", (long long)o->low, (long long)o->high);
    if (o->preset != NULL && o->preset[0] != '\0') {
        printf("++\nDefault: _");
        put_plain(o->preset);
        printf("_");
    }
    printf("\n\n");
}

int main(void)
{
    fputs(head, stdout);
    for (size_t i = 0; i < conf_option_count; i++)
        put_option(&conf_options[i]);
    fputs(tail, stdout);
    return ferror(stdout) ? 1 : 0;
}
