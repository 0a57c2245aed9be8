/* SPDX-License-Identifier: Apache-2.0 */
/* conflicts - the queue as one growing array, and what is selected of it. */
import { get, type Problem, sayProblem, search } from './api.ts';
import type { Conflict, Page } from './model.ts';

export type Queue = {
  items: Conflict[];
  total: number;
  next: string | null;
  problem: Problem | null;
  isLoading: boolean;
};

export const NO_QUEUE: Queue = { items: [], total: 0, next: null, problem: null, isLoading: true };

/* What the server decides at once. */
export const DECIDE_MOST = 500;
const PAGE = 100;

export type QueueFilter = { state: string; rule: string; source: string; value: string };

export async function loadQueue(
  filter: QueueFilter,
  old: Queue | null,
  signal: AbortSignal,
): Promise<Queue> {
  try {
    const cursor = old?.next ?? undefined;
    const state = filter.state === 'all' ? '' : filter.state;
    const asked = `/v1/conflicts${search({ ...filter, state, limit: PAGE, cursor })}`;
    const page = await get<Page<Conflict>>(asked, { signal });
    const seen = new Set(old?.items.map((c) => c.conflict));
    return {
      items: [...(old?.items ?? []), ...page.items.filter((c) => !seen.has(c.conflict))],
      total: page.total,
      next: page.next ?? null,
      problem: null,
      isLoading: false,
    };
  } catch (cause) {
    return { ...(old ?? NO_QUEUE), problem: sayProblem(cause), isLoading: false };
  }
}

export type Choice = ReadonlySet<string>;

export function turned(chosen: Choice, id: string): Choice {
  const next = new Set(chosen);
  if (!next.delete(id) && next.size < DECIDE_MOST) next.add(id);
  return next;
}

/* What one may do with all of these; the server still looks at each. */
export function mayAll(items: readonly Conflict[], act: string): boolean {
  return items.length > 0 && items.every((c) => c.may.includes(act));
}

/* Which one is looked at after some have gone: the next that stays, else the one before. */
export function nextAfter(items: readonly Conflict[], gone: Choice, id: string): string {
  const at = items.findIndex((c) => c.conflict === id);
  const stays = (c: Conflict) => !gone.has(c.conflict);
  const after = items.slice(at + 1).find(stays) ?? items.slice(0, Math.max(0, at)).findLast(stays);
  return after?.conflict ?? '';
}
