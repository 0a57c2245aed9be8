/* SPDX-License-Identifier: Apache-2.0 */
/* order-pages - the orders of a tab, from the server. */
import { get, Problem, search } from './api.ts';
import type { Page } from './model.ts';
import {
  inTab,
  nextOf,
  OPEN,
  ORDER_STATES,
  type Order,
  type OrderState,
  type Tab,
} from './orders.ts';

const due = (o: Order): number => {
  const next = nextOf(o);
  return next ? Date.parse(next.at) : Number.MAX_SAFE_INTEGER;
};

const ENDED: readonly OrderState[] = ORDER_STATES.filter((s) => !OPEN.includes(s));

const PAGE = 500;
const MOST = 2000;

/* All of them, so that what is due first is among them; what is beyond is counted. */
async function allOf(asked: Record<string, string>, signal: AbortSignal): Promise<Page<Order>> {
  const items: Order[] = [];
  let page: Page<Order>;
  let cursor = '';
  do {
    page = await get<Page<Order>>(`/v1/orders${search({ ...asked, cursor, limit: PAGE })}`, {
      signal,
    });
    items.push(...page.items);
    cursor = page.next ?? '';
  } while (cursor && items.length < MOST);
  return { items, next: page.next ?? null, total: page.total };
}

/* Which questions find a tab's orders; one may be in the answers to two of them. */
const QUESTIONS: Record<Tab, Record<string, string>[]> = {
  open: OPEN.map((state) => ({ state })),
  waiting: ['countersign', 'approval', 'extension', 'unrelated'].map((waits) => ({ waits })),
  late: ['late', 'heed'].map((waits) => ({ waits })),
  ended: ENDED.map((state) => ({ state })),
};

/* The orders of a tab: what is due first on top; of the ended ones the newest. */
export async function loadOrders(
  tab: Tab,
  also: Record<string, string>,
  limit: number,
  signal: AbortSignal,
): Promise<Page<Order>> {
  const isEnded = tab === 'ended';
  const pages = await Promise.all(
    QUESTIONS[tab].map((asked) =>
      isEnded
        ? get<Page<Order>>(`/v1/orders${search({ ...also, ...asked, limit })}`, { signal })
        : allOf({ ...also, ...asked }, signal),
    ),
  );
  const found = pages.flatMap((p) => p.items).filter((o) => inTab(o, tab));
  const all = [...new Map(found.map((o) => [o.order, o])).values()];
  if (isEnded) all.sort((a, b) => Date.parse(b.ended_at ?? '') - Date.parse(a.ended_at ?? ''));
  else all.sort((a, b) => due(a) - due(b));
  const told = pages.reduce((sum, p) => sum + p.total, 0);
  const isWhole = pages.every((p) => !p.next);
  return {
    items: all.slice(0, limit),
    next: null,
    total: isWhole && !isEnded ? all.length : Math.max(told, all.length),
  };
}

/* These orders, but for those of another division: to this person they do not exist. */
export async function loadByIds(ids: string[], signal: AbortSignal): Promise<Order[]> {
  const found = await Promise.all(
    ids.map((id) =>
      get<Order>(`/v1/orders/${encodeURIComponent(id)}`, { signal }).catch((cause) => {
        if (cause instanceof Problem && cause.status === 404) return null;
        throw cause;
      }),
    ),
  );
  return found.filter((o) => o !== null);
}

export const LOOKED_AT = 50;
const LOOKED_MOST = 10 * LOOKED_AT;

const maySign = (o: Order): boolean => o.may.includes('approve');

/* One queue, oldest first, page by page: what one drafted oneself may fill the first of them. */
async function oldestOf(asked: Record<string, string>, wanted: number, signal: AbortSignal) {
  const items: Order[] = [];
  let page: Page<Order>;
  let cursor = '';
  do {
    const how = { ...asked, sort: 'oldest', cursor, limit: LOOKED_AT };
    page = await get<Page<Order>>(`/v1/orders${search(how)}`, { signal });
    items.push(...page.items);
    cursor = page.next ?? '';
  } while (cursor && items.filter(maySign).length < wanted && items.length < LOOKED_MOST);
  return { ...page, items };
}

/*
 * What waits for this person as the second, and has waited longest: what is due first on top. At least
 * `wanted` of each queue are among them, if it has so many.
 */
export async function loadToSign(wanted: number, signal: AbortSignal): Promise<Page<Order>> {
  const pages = await Promise.all(
    QUESTIONS.waiting.map((asked) => oldestOf(asked, wanted, signal)),
  );
  const all = new Map(pages.flatMap((p) => p.items).map((o) => [o.order, o]));
  return {
    items: [...all.values()].filter(maySign).sort((a, b) => due(a) - due(b)),
    next: pages.find((p) => p.next)?.next ?? null,
    total: pages.reduce((sum, p) => sum + p.total, 0),
  };
}
