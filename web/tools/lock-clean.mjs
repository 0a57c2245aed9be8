/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock-clean - the lock file names versions and digests, never the host they came from, so that
 * `npm ci` works against whatever registry its reader uses.
 *
 *   node tools/lock-clean.mjs [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const named = Object.entries(lock.packages).filter(([, p]) => p.resolved);
if (process.argv[2] === '--check') {
  for (const [name] of named)
    console.error(`web/package-lock.json: ${name} names its host; run node tools/lock-clean.mjs`);
  process.exit(named.length ? 1 : 0);
}
for (const [, p] of named) delete p.resolved;
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
