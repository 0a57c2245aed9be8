/* SPDX-License-Identifier: Apache-2.0 */
/* incidents - addresses of an incident, and pages of records as one growing array. */
import { type Problem, sayProblem, search } from './api.ts';
import type { Live, Page } from './model.ts';
import { METHODS, type Method } from './trail.ts';

export const SETTINGS = { layers: [1, 20, 6], hours: [1, 720, 72], first: [1, 1000, 20] } as const;
export type Setting = keyof typeof SETTINGS;

export const methodOf = (said: string): Method =>
  METHODS.find((m) => m === said) ?? ('fifo' as const);

export const pageOf = (incident: string): string => `/incidents/${encodeURIComponent(incident)}`;

/* The page of an account; what the trail was asked for goes along, so that back leads to the same. */
export function accountPageOf(incident: string, account: string, kept: string): string {
  return `${pageOf(incident)}/accounts/${encodeURIComponent(account)}${kept}`;
}

/* What of the address decides which trail is shown; the rest is about how. */
export function trailQuery(of: (name: string) => string): Record<string, string> {
  const asked: Record<string, string> = { method: methodOf(of('method')) };
  for (const name of Object.keys(SETTINGS)) if (of(name)) asked[name] = of(name);
  return asked;
}

export const trailAddress = (incident: string, of: (name: string) => string): string =>
  `/v1/incidents/${encodeURIComponent(incident)}/trail${search(trailQuery(of))}`;

/* News of these kinds that is not known to be about another incident. */
export const isAbout = (live: Live, incident: string, names: readonly string[]): boolean =>
  names.includes(live.name) && (live.incident === undefined || live.incident === incident);

/* Ids as a person pastes them: a column of a table, a line with commas, each once. */
export function readIds(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；、]+/).filter(Boolean))];
}

export type Growing<T> = {
  items: T[];
  total: number;
  next: string | null;
  problem: Problem | null;
  isLoading: boolean;
};

export const NOTHING = { items: [], total: 0, next: null, problem: null, isLoading: true };

/* One more page behind what is there; each record once. */
export async function grown<T>(
  old: Growing<T> | null,
  load: (cursor: string | undefined) => Promise<Page<T>>,
  idOf: (item: T) => string,
): Promise<Growing<T>> {
  try {
    const page = await load(old?.next ?? undefined);
    const seen = new Set(old?.items.map(idOf));
    return {
      items: [...(old?.items ?? []), ...page.items.filter((i) => !seen.has(idOf(i)))],
      total: page.total,
      next: page.next ?? null,
      problem: null,
      isLoading: false,
    };
  } catch (cause) {
    return { ...(old ?? NOTHING), problem: sayProblem(cause), isLoading: false };
  }
}
