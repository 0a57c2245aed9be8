/* SPDX-License-Identifier: Apache-2.0 */
/* files - writes dist/files.txt, the list of everything built: what the server's build embeds. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

const LIST = 'files.txt';

export function filesPlugin(): Plugin {
  return {
    name: 'yumen-files',
    apply: 'build',
    writeBundle(options) {
      const folder = options.dir ?? 'dist';
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile() && f.name !== LIST)
        .map((f) => relative(folder, join(f.parentPath, f.name)).replaceAll('\\', '/'));
      writeFileSync(join(folder, LIST), `${names.sort().join('\n')}\n`);
    },
  };
}
