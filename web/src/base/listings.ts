/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listings - the pages of a list as one growing array that never moves under the reader's eye.
 *
 * What is loaded stays where it is; a change by somebody else is put into its own row; what is new
 * is only counted, until the reader asks for it. An answer that was on its way while news came is
 * older than they are, or newer: nobody knows. They are heard again when it is there, which changes
 * nothing where it knew them.
 */
import { get, type Problem, sayProblem, search } from './api.ts';
import type { Listing, Live, Page } from './model.ts';

export const FILTERS = ['state', 'kind', 'action', 'q', 'source', 'batch', 'division'] as const;
export type Filter = Partial<Record<(typeof FILTERS)[number], string>>;

export type Rows = {
  items: Listing[];
  total: number;
  total_is_least?: boolean;
  next: string | null;
  problem: Problem | null;
  isLoading: boolean;
  fresh: ReadonlySet<string> /* ids of listings that arrived since */;
};

export const NO_ROWS: Rows = {
  items: [],
  total: 0,
  next: null,
  problem: null,
  isLoading: true,
  fresh: new Set(),
};

const PAGE = 100;
const PIECES = 20;

/* So many were looked at and none fitted: the server says where to go on. */
async function loadPage(filter: Filter, from: string | undefined, signal: AbortSignal) {
  let cursor = from;
  for (let piece = 1; ; piece++) {
    const asked = `/v1/listings${search({ ...filter, limit: PAGE, cursor })}`;
    const page = await get<Page<Listing>>(asked, { signal });
    if (page.items.length || !page.next || piece === PIECES) return page;
    cursor = page.next;
  }
}

export async function loadRows(
  filter: Filter,
  old: Rows | null,
  signal: AbortSignal,
): Promise<Rows> {
  const cursor = old?.next ?? undefined;
  try {
    const page = await loadPage(filter, cursor, signal);
    const seen = new Set(old?.items.map((l) => l.listing));
    const items = [...(old?.items ?? []), ...page.items.filter((l) => !seen.has(l.listing))];
    return {
      items,
      total: page.total,
      total_is_least: page.total_is_least === true,
      next: page.next ?? null,
      problem: null,
      isLoading: false,
      fresh: old?.fresh ?? new Set(),
    };
  } catch (cause) {
    return { ...(old ?? NO_ROWS), problem: sayProblem(cause), isLoading: false };
  }
}

/* Would this news be in the list the reader is looking at? Unknown fields count as yes. */
function belongs(live: Live, filter: Filter): boolean {
  if (filter.q || filter.batch || filter.source || filter.division) return false;
  if (filter.state && live.state !== filter.state) return false;
  if (filter.kind && live.kind !== filter.kind) return false;
  return !filter.action || live.action === filter.action;
}

export function hearRows(rows: Rows, live: Live, filter: Filter): Rows {
  const id = live.listing;
  if (live.name !== 'listing' || !id) return rows;
  const at = rows.items.findIndex((l) => l.listing === id);
  if (at >= 0) {
    const items = [...rows.items];
    const row = items[at] as Listing;
    const { may: _, waits_for: __, ...rest } = row;
    items[at] = { ...rest, state: (live.state as Listing['state']) ?? row.state };
    return { ...rows, items };
  }
  if (rows.fresh.has(id) === belongs(live, filter)) return rows;
  const fresh = new Set(rows.fresh);
  if (!fresh.delete(id)) fresh.add(id);
  return { ...rows, fresh };
}

export function putRow(rows: Rows, listing: Listing): Rows {
  const at = rows.items.findIndex((l) => l.listing === listing.listing);
  if (at < 0) return rows;
  const items = [...rows.items];
  items[at] = { ...items[at], ...listing };
  return { ...rows, items };
}
