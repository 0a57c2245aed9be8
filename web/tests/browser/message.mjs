/* SPDX-License-Identifier: Apache-2.0 */
/* message - sentences by key, so that tests ask for what the catalogue says today. */
import { readFileSync } from 'node:fs';

const rows = readFileSync(new URL('../../../lang/messages.tsv', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split('\t'));
const table = new Map(rows.map(([key, en, zh]) => [key, { en, zh }]));

export function message(key, fill = {}, lang = 'zh') {
  const found = table.get(key);
  if (!found) throw new Error(`no message ${key}`);
  return found[lang].replace(/\{(\w+)\}/g, (all, name) => String(fill[name] ?? all));
}
