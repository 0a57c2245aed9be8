/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yumen-print: a JSON document in, a PDF out. A program of its own, so that the server links
 * neither GLib nor a font (docs/decisions/0070-printing-is-another-program.md).
 */
#include "print/refund_paper.h"
#include "print/sanitize.h"
#include "print/statement.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum exit_code { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_SYSTEM = 4 };

#define ARENA_BYTES ((size_t)1 << 30)
enum { PIECE_BYTES = 64 << 10 };

struct job {
    str input;
    enum language language;
    struct arena *arena;
    char place[TRAIL_PLACE_BYTES]; /* where in the document, when it is refused */
};

static err print_trail(struct job *job, str *ret_pdf)
{
    struct trail trail;
    TRY(trail_read(job->input, job->arena, &trail, job->place));
    return statement_print(&trail, job->language, job->arena, ret_pdf);
}

static err print_refund(struct job *job, str *ret_pdf)
{
    struct refund_doc doc;
    TRY(refund_doc_read(job->input, job->arena, &doc, job->place));
    return refund_print(&doc, job->language, job->arena, ret_pdf);
}

/* What can be printed: one row a kind of document. */
static const struct {
    const char *name;
    const char *help;
    err (*print)(struct job *job, str *ret_pdf);
} kinds[] = {
    {"trail",  "print.help.trail",  print_trail },
    {"refund", "print.help.refund", print_refund},
};

static str say(const struct job *job, const char *key)
{
    return message(str_from_c(key), job->language);
}

static void put_usage(const struct job *job, FILE *out)
{
    fprintf(out, "%.*s yumen-print KIND [--lang zh|en] <document.json >document.pdf\n\n",
            STR_ARGS(say(job, "cli.usage")));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        fprintf(out, "  %-10s %.*s\n", kinds[i].name, STR_ARGS(say(job, kinds[i].help)));
    fprintf(out, "\n  %-24s %.*s\n", "--lang zh|en", STR_ARGS(say(job, "print.help.lang")));
}

static enum language language_of_terminal(void)
{
    const char *lang = getenv("LC_ALL"); // NOLINT(concurrency-mt-unsafe): one thread
    if (lang == NULL)
        lang = getenv("LANG"); // NOLINT(concurrency-mt-unsafe): one thread
    return lang != NULL && str_starts(str_from_c(lang), STR("zh")) ? LANGUAGE_ZH : LANGUAGE_EN;
}

/* "--lang zh", "--lang=zh"; how many words it took, 0 when it is none of these. */
static int read_language(char **words, int count, enum language *ret_language)
{
    str word = str_from_c(words[0]);
    bool is_one = str_starts(word, STR("--lang="));
    if (!is_one && (count < 2 || !str_equal(word, STR("--lang"))))
        return 0;
    str name = is_one ? str_from(word, 7) : str_from_c(words[1]);
    if (!str_equal(name, STR("zh")) && !str_equal(name, STR("en")))
        return 0;
    *ret_language = str_equal(name, STR("zh")) ? LANGUAGE_ZH : LANGUAGE_EN;
    return is_one ? 1 : 2;
}

static err read_input(struct arena *a, str *ret_input)
{
    struct text t;
    text_init(&t, a);
    char piece[PIECE_BYTES];
    size_t size = fread(piece, 1, sizeof piece, stdin);
    while (size > 0) {
        text_put(&t, str_make(piece, size));
        if (t.size > TRAIL_DOC_BYTES)
            return fail(ERR_LIMIT, "json.too_large", 0);
        size = fread(piece, 1, sizeof piece, stdin);
    }
    if (ferror(stdin) != 0)
        return fail(ERR_OS, "print.input", 0);
    *ret_input = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "memory.spent", 0) : OK;
}

static int refuse(const struct job *job, err e)
{
    str sentence = say(job, e.why);
    bool has_place = job->place[0] != '\0';
    fprintf(stderr, "yumen-print: %.*s%s%s (%s)\n", STR_ARGS(sentence), has_place ? " " : "",
            job->place, e.why);
    return e.code == ERR_OS ? EXIT_SYSTEM : EXIT_REFUSED;
}

static int run(struct job *job, size_t kind)
{
    str pdf = STR("");
    err e = read_input(job->arena, &job->input);
    if (!failed(e))
        e = kinds[kind].print(job, &pdf);
    if (failed(e))
        return refuse(job, e);
    bool is_written = fwrite(pdf.at, 1, pdf.size, stdout) == pdf.size && fflush(stdout) == 0;
    return is_written ? EXIT_DONE : refuse(job, fail(ERR_OS, "cli.output", 0));
}

/* Its place in the table; COUNT_OF(kinds) when there is none. */
static size_t find_kind(str word)
{
    size_t found = 0;
    while (found < COUNT_OF(kinds) && !str_equal(word, str_from_c(kinds[found].name)))
        found++;
    return found;
}

static int run_words(struct job *job, int count, char **words)
{
    size_t kind = COUNT_OF(kinds);
    for (int i = 0, taken = 0; i < count; i += taken) {
        str word = str_from_c(words[i]);
        if (str_equal(word, STR("--help")) || str_equal(word, STR("-h"))) {
            put_usage(job, stdout);
            return EXIT_DONE;
        }
        taken = read_language(words + i, count - i, &job->language);
        if (taken > 0)
            continue;
        taken = 1;
        if (kind < COUNT_OF(kinds) || find_kind(word) == COUNT_OF(kinds)) {
            fprintf(stderr, "yumen-print: %s\n", words[i]);
            put_usage(job, stderr);
            return EXIT_USAGE;
        }
        kind = find_kind(word);
    }
    if (kind < COUNT_OF(kinds))
        return run(job, kind);
    put_usage(job, stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    struct job job = {.arena = &arena, .language = language_of_terminal()};
    err e = messages_boot(&arena);
    int code = EXIT_SYSTEM;
    if (failed(e))
        fprintf(stderr, "yumen-print: %s\n", e.why);
    else
        code = run_words(&job, argc - 1, argv + 1);
    arena_done(&arena);
    return code;
}
