/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - gives the console its share of the message catalogue, lang/messages.tsv, at build time.
 *
 * The server and the console read the same file. Only the keys a page can show go into the bundle,
 * so that a new message of the server does not change the built console.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

export const CATALOGUE = new URL('../../lang/messages.tsv', import.meta.url).pathname;

/* What the console shows. ui.waits.* are named by the server: whom a record waits for. */
export const SHOWN = ['ui.'];

export type Word = { key: string; en: string; zh: string };
const COLUMNS = ['en', 'zh'] as const;

export function readCatalogue(text: string): Word[] {
  const words: Word[] = [];
  for (const line of text.split('\n')) {
    const [key, en, zh] = line.split('\t');
    if (!key || key.startsWith('#') || en === undefined || zh === undefined) continue;
    words.push({ key, en, zh });
  }
  return words;
}

/*
 * `virtual:words/keys`, and the sentences of each language in their order, a line each: what both
 * share is sent once. And ((key zh)) in the notice page.
 */
export function wordsPlugin(): Plugin {
  const load = () => readCatalogue(readFileSync(CATALOGUE, 'utf8'));
  return {
    name: 'yumen-words',
    resolveId: (id) => (id.startsWith('virtual:words/') ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith('\0virtual:words/')) return undefined;
      this.addWatchFile(CATALOGUE);
      const column = COLUMNS.find((name) => id.endsWith(`/${name}`)) ?? 'key';
      const shown = load().filter((w) => SHOWN.some((p) => w.key.startsWith(p)));
      return `export default ${JSON.stringify(shown.map((w) => w[column]).join('\n'))}`;
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        const words = new Map(load().map((w) => [w.key, w]));
        return html.replace(/\(\(([\w.]+) (zh|en)\)\)/g, (_, key: string, lang: 'zh' | 'en') => {
          const word = words.get(key);
          if (!word) throw new Error(`notice.html: no message ${key}`);
          return word[lang];
        });
      },
    },
  };
}
