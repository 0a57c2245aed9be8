/* SPDX-License-Identifier: Apache-2.0 */
/* round-pages - rounds and refunds from the server: of a tab, of an account by every rule. */
import { get, search } from './api.ts';
import type { Page } from './model.ts';
import { isLateRound, type Refund, type Round, type RoundTab, RULES, statesOf } from './rounds.ts';

export const roundHref = (id: string): string => `/rounds/${encodeURIComponent(id)}`;
export const roundAddress = (id: string): string => `/v1/rounds/${encodeURIComponent(id)}`;

const due = (r: Round): number => (r.due_at ? Date.parse(r.due_at) : Number.MAX_SAFE_INTEGER);

/* The rounds of a tab: what is due first on top; of those that ended the newest. */
export async function loadRounds(
  tab: RoundTab,
  also: Record<string, string>,
  limit: number,
  signal: AbortSignal,
): Promise<Page<Round>> {
  const pages = await Promise.all(
    statesOf(tab).map((state) =>
      get<Page<Round>>(`/v1/rounds${search({ ...also, state, limit })}`, { signal }),
    ),
  );
  const all = pages.flatMap((p) => p.items).filter((r) => tab !== 'late' || isLateRound(r));
  const isEnded = tab === 'closed' || tab === 'void';
  all.sort((a, b) =>
    isEnded ? Date.parse(b.ended_at ?? '') - Date.parse(a.ended_at ?? '') : due(a) - due(b),
  );
  return { items: all.slice(0, limit), next: null, total: all.length };
}

export type Compared = { first: Refund; others: (Refund | undefined)[] };

/* Each account by the profile's rule; beside it the others, as far as they can be computed. */
export async function loadRefunds(incident: string, signal: AbortSignal): Promise<Compared[]> {
  const address = `/v1/incidents/${encodeURIComponent(incident)}/refund`;
  const of = async (rule?: string) =>
    (await get<Page<Refund>>(`${address}${search({ rule })}`, { signal, patience_ms: 60_000 }))
      .items;
  const items = await of();
  const rules = RULES.filter((rule) => rule !== items[0]?.rule);
  const others = items.length
    ? await Promise.all(rules.map((rule) => of(rule).catch(() => [] as Refund[])))
    : [];
  return items.map((first) => ({
    first,
    others: others.map((list) => list.find((r) => r.account === first.account)),
  }));
}
