/* SPDX-License-Identifier: Apache-2.0 */
/* check-dist - builds the console again and says whether the committed web/dist is what comes out,
 * and what it weighs for somebody who opens every page: all files, of the languages the larger. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'vite';

const ROOM = 200 * 1024;
const root = new URL('..', import.meta.url).pathname;
const made = mkdtempSync(join(tmpdir(), 'yumen-dist-'));

function digests(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((n) => n.isFile())
      .map((n) => join(n.parentPath, n.name))
      .map((f) => [
        relative(folder, f),
        createHash('sha256').update(readFileSync(f)).digest('hex'),
      ]),
  );
}

try {
  await build({ root, logLevel: 'error', build: { outDir: made, emptyOutDir: true } });
  const [fresh, kept] = [digests(made), digests(join(root, 'dist'))];
  const names = [...new Set([...fresh.keys(), ...kept.keys()])].sort();
  const other = names.filter((n) => fresh.get(n) !== kept.get(n));
  for (const n of other) console.error(`web/dist/${n} is not what its source builds`);
  const { gzipSync } = await import('node:zlib');
  const weigh = (names) => names.map((n) => gzipSync(readFileSync(join(root, 'dist', n))).length);
  const isWords = (n) => /^assets\/(zh|en)-/.test(n);
  const all = [...kept.keys()];
  const total =
    weigh(all.filter((n) => !isWords(n))).reduce((a, b) => a + b, 0) +
    Math.max(...weigh(all.filter(isWords)));
  console.log(`${kept.size} files, ${total} bytes gzipped of ${ROOM}`);
  if (total > ROOM) console.error('web/dist is larger than its budget');
  if (other.length) console.error('Run: npm ci && npm run build');
  process.exitCode = other.length || total > ROOM ? 1 : 0;
} finally {
  rmSync(made, { recursive: true });
}
