/* SPDX-License-Identifier: Apache-2.0 */
/* words - every sentence the console shows, by key, in the language the reader chose. */

import keys from 'virtual:words/keys';
import { signal } from '@preact/signals';

export type Lang = 'zh' | 'en';

const KEPT_AS = 'yumen.lang';
let table: Record<string, string> = {};
export const lang = signal<Lang>('zh');

async function load(which: Lang): Promise<Record<string, string>> {
  const words = which === 'en' ? import('virtual:words/en') : import('virtual:words/zh');
  const sentences = (await words).default.split('\n');
  return Object.fromEntries(keys.split('\n').map((key, i) => [key, sentences[i] ?? key]));
}

/* Chinese unless the reader has chosen English on this device. */
export async function openWords(): Promise<void> {
  await chooseLang(kept() ?? 'zh');
}

export async function chooseLang(which: Lang): Promise<void> {
  table = await load(which);
  lang.value = which;
  document.documentElement.lang = which === 'zh' ? 'zh-CN' : 'en';
  try {
    localStorage.setItem(KEPT_AS, which);
  } catch {
    /* a browser that keeps nothing still shows the page */
  }
}

function kept(): Lang | null {
  try {
    const value = localStorage.getItem(KEPT_AS);
    return value === 'en' || value === 'zh' ? value : null;
  } catch {
    return null;
  }
}

export type Fill = Record<string, string | number>;

/* Puts the words of `fill` where a sentence says {name}. */
export function fillWords(sentence: string, fill: Fill = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (all, name: string) =>
    name in fill ? String(fill[name]) : all,
  );
}

/* Where `n` is 1, the sentence `key.one` goes first. Reading `lang` here is what makes every component follow the switch. */
export function t(key: string, fill?: Fill): string {
  lang.value;
  const one = String(fill?.n) === '1' ? table[`${key}.one`] : undefined;
  const sentence = one ?? table[key];
  return sentence === undefined ? key : fillWords(sentence, fill);
}

/* For words that come from a closed vocabulary of the wire: the word itself when we know no better. */
export function term(family: string, word: string): string {
  lang.value;
  return table[`ui.${family}.${word}`] ?? word;
}
