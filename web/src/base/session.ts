/* SPDX-License-Identifier: Apache-2.0 */
/* session - who is signed in, what they may do, and which centre this is. */
import { computed, signal } from '@preact/signals';
import { call, get, type Problem, post, sayProblem, whenSignedOut } from './api.ts';
import type { Me } from './model.ts';
import { go, here } from './router.ts';
import { closeStream, openStream } from './stream.ts';
import { holdTime } from './time.ts';

export const me = signal<Me | null>(null);
export const meProblem = signal<Problem | null>(null);
export const user = computed(() => me.value?.user ?? null);

export function can(act: string): boolean {
  return me.value?.may.includes(act) ?? false;
}

export async function openSession(): Promise<void> {
  try {
    me.value = await get<Me>('/v1/me');
    meProblem.value = null;
    if (me.value.centre.clock_manual && me.value.now) holdTime(me.value.now);
    if (me.value.user) openStream(me.value.user.name, me.value.event ?? 0);
    else closeStream();
  } catch (cause) {
    meProblem.value = sayProblem(cause);
  }
}

/* Only this server's own addresses: a sign-in must never lead elsewhere. */
export function safeNext(next: string): string {
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

export async function signIn(name: string, password: string, next: string): Promise<void> {
  await post('/v1/sessions', { name, password }, { quiet: true });
  await openSession();
  go(safeNext(next), 'replace');
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/v1/sessions', undefined, { quiet: true });
  await openSession();
  go('/');
}

/* Typed words are kept as drafts, so leaving the page for the sign-in loses nothing. */
whenSignedOut(() => {
  if (me.value?.user) me.value = { ...me.value, user: null, may: [] };
  closeStream();
  if (here.value.pathname === '/sign-in') return;
  const back = here.value.pathname + here.value.search;
  go(`/sign-in?expired=1&next=${encodeURIComponent(back)}`, 'replace');
});
