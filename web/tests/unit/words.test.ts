/* SPDX-License-Identifier: Apache-2.0 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillWords } from '../../src/base/words.ts';
import { CATALOGUE, readCatalogue, SHOWN } from '../../tools/words.ts';

const words = readCatalogue(readFileSync(CATALOGUE, 'utf8'));
const keys = new Set(words.map((w) => w.key));
const shown = words.filter((w) => SHOWN.some((p) => w.key.startsWith(p)));

const src = new URL('../../src/', import.meta.url).pathname;
const source = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && /\.tsx?$/.test(f.name))
  .map((f) => readFileSync(join(f.parentPath, f.name), 'utf8'))
  .join('\n');
const notice = readFileSync(new URL('../../notice.html', import.meta.url), 'utf8');

/* Goal: no page shows a key instead of a sentence. Method: every key in the source is looked up. */
describe('catalogue', () => {
  it('has every key the pages name', () => {
    const named = [...source.matchAll(/'(ui\.[\w.]+\w)'/g)].map((m) => m[1] as string);
    expect(named.length).toBeGreaterThan(200);
    expect(named.filter((k) => !keys.has(k))).toEqual([]);
  });
  it('has a key for every pattern the pages build', () => {
    const built = [...source.matchAll(/`(ui\.[^`]*\$\{[^`]*)`/g)].map((m) => m[1] as string);
    for (const pattern of new Set(built)) {
      const shape = pattern
        .replace(/\$\{[^}]*\}/g, '\u0000')
        .replace(/\./g, '\\.')
        .replaceAll('\u0000', '\\w+(\\.\\w+)?');
      expect(
        [...keys].some((k) => new RegExp(`^${shape}$`).test(k)),
        pattern,
      ).toBe(true);
    }
  });
  it('says one of everything that it counts', () => {
    const counted = shown.filter((w) => /^\{n\} \w+s\b/.test(w.en)).map((w) => w.key);
    expect(counted.length).toBeGreaterThan(3);
    expect(counted.filter((k) => !keys.has(`${k}.one`))).toEqual([]);
  });
  it('holds no sentence of ours that nobody shows', () => {
    const patterns = [...source.matchAll(/`(ui\.[^`]*\$\{[^`]*)`/g)]
      .map((m) => m[1] as string)
      .map(
        (p) =>
          new RegExp(
            `^${p
              .replace(/\$\{[^}]*\}/g, '\u0000')
              .replace(/\./g, '\\.')
              .replaceAll('\u0000', '[\\w.]+')}$`,
          ),
      );
    const families = [...source.matchAll(/(?:term\(|family=)['"](\w+)['"]/g)].map(
      (m) => `ui.${m[1]}.`,
    );
    const idle = shown
      .map((w) => w.key)
      .filter((k) => !source.includes(`'${k}'`) && !notice.includes(k))
      .filter((k) => !patterns.some((p) => p.test(k)) && !families.some((f) => k.startsWith(f)))
      .filter((k) => !k.startsWith('ui.waits.'));
    expect(idle).toEqual([]);
  });
  it('fills the same places in both languages', () => {
    const places = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
    for (const w of shown) expect(places(w.en), w.key).toEqual(places(w.zh));
  });
});

describe('fillWords', () => {
  it('fills what it is given and leaves the rest to be seen', () => {
    expect(fillWords('{n} of {m}', { n: 3 })).toBe('3 of {m}');
  });
});
