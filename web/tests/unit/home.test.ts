/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what waits for this person stands on their page, however much of their own waits before it.
 * Method: a server of a few lines that pages as ours does; queues longer than a page.
 */
import { describe, expect, it, vi } from 'vitest';
import type { Order } from '../../src/base/orders.ts';

vi.stubGlobal('navigator', { onLine: true });
vi.stubGlobal('addEventListener', () => {});
const { LOOKED_AT, loadToSign } = await import('../../src/base/order-pages.ts');

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 23, 10, minute)).toISOString();

/* The n-th to wait lapses in that minute. */
const order = (n: number, isMine: boolean): Order =>
  ({
    order: `o${String(n).padStart(4, '0')}`,
    state: 'sent',
    emergency: true,
    countersign_by: at(n),
    may: isMine ? ['lift'] : ['approve', 'lift'],
  }) as unknown as Order;

/* Answers GET /v1/orders?waits=… of these queues; what was asked. */
function serve(queues: Record<string, Order[]>): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    const q = new URL(path, 'http://centre').searchParams;
    asked.push(q);
    const queue = queues[q.get('waits') ?? ''] ?? [];
    const from = Number(q.get('cursor') ?? 0);
    const end = from + Number(q.get('limit'));
    const next = end < queue.length ? String(end) : null;
    return Response.json({ items: queue.slice(from, end), next, total: queue.length });
  });
  return asked;
}

const signal = new AbortController().signal;

describe('what waits for a second person', () => {
  it("is found behind more of one's own than a page holds", async () => {
    const own = Array.from({ length: LOOKED_AT + 10 }, (_, i) => order(i, true));
    const others = Array.from({ length: 3 }, (_, i) => order(own.length + i, false));
    const asked = serve({ countersign: [...own, ...others] });
    const page = await loadToSign(6, signal);
    expect(page.items.map((o) => o.order)).toEqual(others.map((o) => o.order));
    expect([page.next, page.total]).toEqual([null, own.length + 3]);
    expect(asked.filter((q) => q.get('waits') === 'countersign')).toHaveLength(2);
    expect(asked.every((q) => q.get('sort') === 'oldest')).toBe(true);
  });

  it('asks for no more than is shown, and says that there is more', async () => {
    const many = Array.from({ length: 10 * LOOKED_AT }, (_, i) => order(i, false));
    const asked = serve({ countersign: many });
    const page = await loadToSign(6, signal);
    expect(page.items).toHaveLength(LOOKED_AT);
    expect(page.items[0]?.order).toBe('o0000');
    expect([page.next, page.total]).toEqual([String(LOOKED_AT), many.length]);
    expect(asked.filter((q) => q.get('waits') === 'countersign')).toHaveLength(1);
  });

  it("gives up on a queue of one's own, and says how many wait", async () => {
    const own = Array.from({ length: 30 * LOOKED_AT }, (_, i) => order(i, true));
    const asked = serve({ countersign: own });
    const page = await loadToSign(6, signal);
    expect([page.items.length, page.total]).toEqual([0, own.length]);
    expect(page.next).not.toBeNull();
    expect(asked.filter((q) => q.get('waits') === 'countersign')).toHaveLength(10);
  });

  it('is one line each, what lapses first on top, whichever queue it is in', async () => {
    const [a, b, c] = [order(30, false), order(10, false), order(20, false)];
    serve({ countersign: [a, b], approval: [b, c] });
    const page = await loadToSign(6, signal);
    expect(page.items.map((o) => o.order)).toEqual([b, c, a].map((o) => o.order));
  });
});
