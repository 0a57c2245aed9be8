/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli_secret.h"

#include "app/cli/cli.h"
#include "app/keep/backup.h"
#include "kit/secret.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

enum { SECRET_FILE_BYTES = 4096 };

/* One line of a file without its end. */
static err read_line(const struct command_line *line, FILE *in, str *ret_line)
{
    char room[SECRET_FILE_BYTES];
    if (fgets(room, sizeof room, in) == NULL)
        return fail(ERR_OS, "cli.password.unreadable", 0);
    str text = str_from_c(room);
    text = str_until(text, str_find_char(text, '\n'));
    text = str_ends(text, STR("\r")) ? str_until(text, text.size - 1) : text;
    *ret_line = str_copy(line->arena, text);
    secret_wipe(room, sizeof room);
    return OK;
}

err secret_from_file(const struct command_line *line, const char *path, str *ret_secret)
{
    if (strcmp(path, "-") == 0)
        return read_line(line, stdin, ret_secret);
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return fail(ERR_OS, "cli.password.unreadable", 0);
    err e = read_line(line, in, ret_secret);
    (void)fclose(in);
    return e;
}

static err ask_once(const struct command_line *line, const char *question, str *ret_secret)
{
    struct termios before;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return fail(ERR_OS, "cli.password.unreadable", 0);
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%.*s", STR_ARGS(say(line, question)));
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    err e = read_line(line, stdin, ret_secret);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fprintf(stderr, "\n");
    return e;
}

err secret_from_person(const struct command_line *line, const char *question, str *ret_secret)
{
    str first = {0};
    str second = {0};
    TRY(ask_once(line, question, &first));
    TRY(ask_once(line, "cli.password.again", &second));
    if (!str_equal(first, second))
        return fail(ERR_MALFORMED, "cli.password.differ", 0);
    *ret_secret = first;
    return OK;
}

err secret_passphrase(const struct command_line *line, const char *file, str *ret_secret)
{
    bool is_there = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
    if (file == NULL && !is_there)
        return fail(ERR_MALFORMED, "passphrase.missing", 0);
    TRY(file == NULL ? secret_from_person(line, "cli.passphrase.ask", ret_secret)
                     : secret_from_file(line, file, ret_secret));
    if (ret_secret->size < BACKUP_PASSPHRASE_LEAST)
        return fail(ERR_MALFORMED, "passphrase.short", 0);
    return OK;
}
