/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keep/backup_form.h"

#include "kit/digest.h"

#include <assert.h>

#define FIRST_LINE STR("yumen-backup 1")

static err malformed(void)
{
    return fail(ERR_MALFORMED, "backup.malformed", 0);
}

void manifest_put(struct text *t, const struct backup_manifest *m)
{
    text_put(t, FIRST_LINE);
    text_printf(t, "\nstore %.*s\nleaves %lld\nroot %.*s\nat %lld\nschema %lld\nprogram %.*s\n",
                STR_ARGS(m->store), (long long)m->leaves, STR_ARGS(m->root), (long long)m->at.us,
                (long long)m->schema, STR_ARGS(m->program));
}

/* "label value" and the end of the line; the value is one word. */
static err take_line(str *rest, str label, str *ret_value)
{
    size_t end = str_find_char(*rest, '\n');
    str line = str_until(*rest, end);
    if (end == rest->size || !str_starts(line, label) || line.size <= label.size + 1 ||
        line.at[label.size] != ' ')
        return malformed();
    str value = str_from(line, label.size + 1);
    if (str_find_char(value, ' ') < value.size)
        return malformed();
    *rest = str_from(*rest, end + 1);
    *ret_value = value;
    return OK;
}

static err take_number(str *rest, str label, int64_t *ret_number)
{
    str value = {0};
    int64_t number = 0;
    TRY(take_line(rest, label, &value));
    if (failed(str_parse_i64(value, &number)) || number < 0)
        return malformed();
    *ret_number = number;
    return OK;
}

err manifest_take(str *rest, struct backup_manifest *ret_manifest)
{
    struct backup_manifest m = {0};
    size_t end = str_find_char(*rest, '\n');
    if (end == rest->size || !str_equal(str_until(*rest, end), FIRST_LINE))
        return malformed();
    str left = str_from(*rest, end + 1);
    struct digest root;
    TRY(take_line(&left, STR("store"), &m.store));
    TRY(take_number(&left, STR("leaves"), &m.leaves));
    TRY(take_line(&left, STR("root"), &m.root));
    TRY(take_number(&left, STR("at"), &m.at.us));
    TRY(take_number(&left, STR("schema"), &m.schema));
    TRY(take_line(&left, STR("program"), &m.program));
    if (failed(hex_parse(m.root, root.bytes, sizeof root.bytes)))
        return malformed();
    *rest = left;
    *ret_manifest = m;
    return OK;
}

void sealed_put(struct text *t, const struct backup *b)
{
    manifest_put(t, &b->manifest);
    for (size_t i = 0; i < b->file_count; i++) {
        const struct backup_file *f = &b->files[i];
        text_printf(t, "file %.*s\nbytes %zu\n", STR_ARGS(f->name), f->bytes.size);
        text_put(t, f->bytes);
        text_put_char(t, '\n');
    }
}

bool backup_takes(str name)
{
    bool is_key = str_starts(name, STR("keys/"));
    str rest = is_key ? str_from(name, STR("keys/").size) : name;
    if (rest.size == 0 || rest.size > 64 || rest.at[0] == '.')
        return false;
    for (size_t i = 0; i < rest.size; i++) {
        char c = rest.at[i];
        bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
        if (!is_fine)
            return false;
    }
    return is_key || str_ends(rest, STR(".yaml"));
}

static err take_file(str *rest, struct backup_file *ret_file)
{
    struct backup_file f = {0};
    int64_t size = 0;
    TRY(take_line(rest, STR("file"), &f.name));
    TRY(take_number(rest, STR("bytes"), &size));
    bool fits = size <= BACKUP_FILE_BYTES && (size_t)size < rest->size;
    if (!fits || !backup_takes(f.name) || rest->at[size] != '\n')
        return malformed();
    f.bytes = str_until(*rest, (size_t)size);
    *rest = str_from(*rest, (size_t)size + 1);
    *ret_file = f;
    return OK;
}

err sealed_take(str plain, struct backup *ret_backup)
{
    ret_backup->file_count = 0;
    TRY(manifest_take(&plain, &ret_backup->manifest));
    while (plain.size > 0) {
        if (ret_backup->file_count == BACKUP_FILES_MAX)
            return malformed();
        TRY(take_file(&plain, &ret_backup->files[ret_backup->file_count]));
        ret_backup->file_count++;
    }
    return OK;
}
