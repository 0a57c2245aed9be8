/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/erasures.h"

#include "env/file.h"

/* A crash may have torn the last line: what follows must not be glued to it. */
static err is_torn(const char *path, bool *ret_torn)
{
    int64_t size = 0;
    char last = '\n';
    size_t count = 0;
    *ret_torn = false;
    if (!file_exists(path))
        return OK;
    SCOPED(fd_end) int fd = -1;
    TRY(file_size(path, &size));
    if (size == 0)
        return OK;
    TRY(file_open_private(path, &fd));
    TRY(file_read_at(fd, size - 1, &last, 1, &count));
    *ret_torn = last != '\n';
    return OK;
}

err erasures_append(const char *path, str lines)
{
    bool torn = false;
    TRY(is_torn(path, &torn));
    if (torn)
        TRY(file_append(path, STR("\n")));
    return file_append(path, lines);
}

static bool is_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

/* "ID MICROSECONDS" */
static bool is_whole(str line, str *ret_record)
{
    size_t space = str_find_char(line, ' ');
    int64_t at_us = 0;
    str id = str_until(line, space);
    for (size_t i = 0; i < id.size; i++)
        if (!is_id_char(id.at[i]))
            return false;
    if (id.size == 0 || space == line.size ||
        failed(str_parse_i64(str_from(line, space + 1), &at_us)))
        return false;
    *ret_record = id;
    return true;
}

bool erasures_next(str *lines, str *ret_record)
{
    str line = {0};
    while (str_split(lines, '\n', &line))
        if (is_whole(line, ret_record))
            return true;
    return false;
}

err erasures_read(const char *path, struct arena *a, str *ret_lines)
{
    str lines = {0};
    str id = {0};
    TRY(file_read(path, ERASURES_BYTES, a, &lines));
    str rest = lines;
    if (lines.size > 0 && !erasures_next(&rest, &id))
        return fail(ERR_MALFORMED, "erasures.malformed", 0);
    *ret_lines = lines;
    return OK;
}
