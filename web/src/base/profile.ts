/* SPDX-License-Identifier: Apache-2.0 */
/* profile - the law profile's words and longest terms, fetched once; absent on an older server. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from './api.ts';
import type { Profile } from './model.ts';
import { lang } from './words.ts';

const known = signal<Profile | null>(null);
let isAsked = false;

export function useProfile(): Profile | null {
  useEffect(() => {
    if (isAsked) return;
    isAsked = true;
    get<Profile>('/v1/profile', { quiet: true })
      .then((profile) => {
        known.value = profile;
      })
      .catch(() => {
        /* without it people type the words themselves */
        isAsked = false;
      });
  }, []);
  return known.value;
}

export type ProfileWord = { code: string; zh: string; en: string };

/* A code as the profile words it; what is no code is shown as it was written. */
export function wordOf(words: ProfileWord[] | undefined, code: string): string {
  const word = words?.find((w) => w.code === code);
  return word ? word[lang.value] : code;
}
