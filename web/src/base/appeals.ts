/* SPDX-License-Identifier: Apache-2.0 */
/* appeals - the open ones of both states, the one due first on top. */
import { get, search } from './api.ts';
import type { Appeal, Page } from './model.ts';

export async function loadOpenAppeals(limit: number, signal: AbortSignal): Promise<Page<Appeal>> {
  const [filed, reviewing] = await Promise.all(
    ['filed', 'reviewing'].map((state) =>
      get<Page<Appeal>>(`/v1/appeals${search({ state, limit })}`, { signal }),
    ),
  );
  const items = [...(filed?.items ?? []), ...(reviewing?.items ?? [])];
  items.sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at));
  return {
    items: items.slice(0, limit),
    next: filed?.next ?? reviewing?.next ?? null,
    total: (filed?.total ?? 0) + (reviewing?.total ?? 0),
  };
}
