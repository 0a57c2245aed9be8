/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup_form - the text of a backup's manifest and of what is sealed with it, both ways.
 *
 * Shape     docs/formats/backup.md. Reading refuses whatever writing would not have written.
 * Owns      Nothing.   Lives  As long as the text and the arena.
 * Fails     ERR_MALFORMED "backup.malformed"; "limit.memory" by text_spent.
 * Threads   Any.   Bounds  As backup.h.
 */
#ifndef YUMEN_APP_KEEP_BACKUP_FORM_H
#define YUMEN_APP_KEEP_BACKUP_FORM_H

#include "app/keep/backup.h"

void manifest_put(struct text *t, const struct backup_manifest *manifest);
/* Takes it off the front of `rest`. */
err manifest_take(str *rest, struct backup_manifest *ret_manifest);

/* "NAME.yaml" and "keys/NAME": where it is unpacked, a name leads nowhere else. */
bool backup_takes(str name);

void sealed_put(struct text *t, const struct backup *backup);
err sealed_take(str plain, struct backup *ret_backup);

#endif
