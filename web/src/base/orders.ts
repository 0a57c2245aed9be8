/* SPDX-License-Identifier: Apache-2.0 */
/* orders - what is asked of providers, as the server says it, and what of it waits for whom. */
import type { Kind, Live, Step } from './model.ts';

export const ORDER_STATES = [
  'drafted',
  'approved',
  'sent',
  'acknowledged',
  'executed',
  'partial',
  'refused',
  'lapsed',
  'expired',
  'lifting',
  'lifted',
  'failed',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];
export type OrderKind = 'hold' | 'stop' | 'freeze' | 'disconnect' | 'block' | 'query';
export type OrderAct =
  | 'approve'
  | 'refuse'
  | 'lift'
  | 'extend'
  | 'trim'
  | 'fail'
  | 'heed'
  | 'keep'
  | 'freeze';

export type PriorFreeze = {
  rank?: number;
  authority: string;
  reference?: string;
  amount?: number;
  currency?: string;
  until?: string;
};

export type Receipt = {
  receipt?: string;
  at: string;
  result: 'pending' | 'done' | 'partial' | 'refused';
  fate?: 'taken' | 'stale' | 'over' | 'contradicting' | 'unknown';
  held?: number;
  balance?: number;
  freezes?: PriorFreeze[];
  freezes_said?: number;
  wrong?: 'amount' | 'currency' | 'rank' | 'many';
  reason?: string;
};

export type Why = string | { text?: string; code: string; number?: number };

export type Order = {
  order: string;
  incident?: string;
  report?: string;
  kind: OrderKind;
  state: OrderState;
  emergency: boolean;
  target: { kind: Kind; value: string; bank?: string; name?: string; display?: string };
  amount: number;
  currency: string;
  basis: string;
  reason?: string;
  notice?: string;
  from: string;
  until: string;
  countersign_by?: string;
  provider: string;
  layer: number;
  rank: number;
  why: Why[];
  receipts: Receipt[];
  asked?: 'nothing' | 'place' | 'trim' | 'extend' | 'lift';
  asked_at?: string;
  due_at?: string;
  is_late?: boolean | number;
  held?: number;
  balance?: number;
  ahead?: number;
  usable?: number;
  proposer?: string;
  approver?: string;
  proposed_at: string;
  decided_at?: string;
  executed_at?: string;
  ended_at?: string;
  ended_why?: string;
  released_at?: string;
  takes?: string /* of a freeze: the hold whose money it takes over */;
  taker?: string /* of a hold: the freeze that takes it over */;
  drafted_taker?: string /* of a hold: the freeze that waits for the second person */;
  freeze?: { amount: number; until: string; basis: string; reason: string } /* filled in */;
  alarm?: 'none' | 'late' | 'loud' /* until somebody above has seen that its provider is late */;
  alarmed_at?: string;
  heeder?: string;
  heeded_at?: string;
  unrelated_since?: string /* nothing stolen is known to have come to its account */;
  release_by?: string /* it is lifted then, unless somebody keeps it */;
  keeper?: string;
  wanted_until?: string;
  may: OrderAct[];
  history?: Step[];
};

export const isOrderNews = (live: Live): boolean =>
  live.name === 'order' || live.name === 'receipt';

const LIVE: readonly OrderState[] = ['sent', 'acknowledged', 'executed', 'partial'];
export const OPEN: readonly OrderState[] = ['drafted', 'approved', ...LIVE, 'lifting'];

export const isLive = (o: Order): boolean => LIVE.includes(o.state);
export const isOpen = (o: Order): boolean => OPEN.includes(o.state);
export const isLate = (o: Order): boolean => !!o.is_late;
export const freezable = (o: Order): boolean => !!o.may?.includes('freeze');
export const orderPage = (id: string): string => `/orders?id=${encodeURIComponent(id)}`;
export const isAlarmed = (o: Order): boolean => !!o.alarm && o.alarm !== 'none';

/* Nothing is waited for: what its provider said of itself is what somebody has to see. */
export const isUnasked = (o: Order): boolean => isLate(o) && o.asked === 'nothing';

/* On one person's word so far: it lapses unless somebody else countersigns. */
export const waitsForSecond = (o: Order): boolean =>
  o.state === 'drafted' || !!o.wanted_until || (o.emergency && !o.approver && isLive(o));

/* Will be lifted by itself, unless somebody keeps it. */
export const waitsToBeKept = (o: Order): boolean => !!o.release_by && isLive(o);

/* What is due next, and what happens then. */
export function nextOf(o: Order): { at: string; key: string } | null {
  if (o.emergency && !o.approver && isLive(o) && o.countersign_by)
    return { at: o.countersign_by, key: 'ui.orders.lapses' };
  if (o.asked && o.asked !== 'nothing' && o.due_at)
    return { at: o.due_at, key: 'ui.orders.answers' };
  if (waitsToBeKept(o) && o.release_by) return { at: o.release_by, key: 'ui.orders.released' };
  return isOpen(o) ? { at: o.until, key: 'ui.orders.ends' } : null;
}

export const TABS = ['open', 'waiting', 'late', 'ended'] as const;
export type Tab = (typeof TABS)[number];

export const tabOf = (said: string): Tab => TABS.find((s) => s === said) ?? 'open';

export function inTab(o: Order, tab: Tab): boolean {
  if (tab === 'ended') return !isOpen(o);
  if (tab === 'waiting') return waitsForSecond(o) || waitsToBeKept(o);
  if (tab === 'late') return isLate(o) || isAlarmed(o);
  return isOpen(o);
}

/* One line of a report as it is typed: "5万", "5w", "50,000" and "50000.00" are all 5,000,000 fen. */
export function readYuan(text: string): number | null {
  const said = text.replace(/[,，\s¥￥元]/g, '').toLowerCase();
  const read = /^(\d+(?:\.\d{1,6})?)(万|w|k|千)?$/.exec(said);
  if (!read) return null;
  const unit = read[2] === '万' || read[2] === 'w' ? 10_000 : read[2] ? 1000 : 1;
  const [whole = '0', part = ''] = (read[1] ?? '0').split('.');
  const fen =
    BigInt(whole) * BigInt(unit * 100) +
    (BigInt(part.padEnd(6, '0')) * BigInt(unit * 100)) / 1_000_000n;
  const isExact = (BigInt(part.padEnd(6, '0')) * BigInt(unit * 100)) % 1_000_000n === 0n;
  return isExact && fen > 0n && fen < 1n << 47n ? Number(fen) : null;
}

export const ACCOUNT_LEAST = 4;

/* In one zone all of them, so that they sort as they are written. */
export const newestAlarm = (orders: Order[]): string =>
  orders
    .map((o) => o.alarmed_at ?? '')
    .sort()
    .at(-1) ?? '';

export type Silence = { provider: string; n: number; since: string; isLoud: boolean };

/* Late orders that nobody above has seen, by provider: the loud first, then who is silent longest. */
export function silentOf(orders: Order[]): Silence[] {
  const all = new Map<string, Silence>();
  for (const o of orders.filter(isAlarmed)) {
    const since = o.alarmed_at ?? '';
    const s = all.get(o.provider) ?? { provider: o.provider, n: 0, since, isLoud: false };
    s.n++;
    if (since < s.since) s.since = since;
    s.isLoud ||= o.alarm === 'loud';
    all.set(o.provider, s);
  }
  return [...all.values()].sort(
    (a, b) => Number(b.isLoud) - Number(a.isLoud) || a.since.localeCompare(b.since),
  );
}
