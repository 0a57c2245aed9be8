/* SPDX-License-Identifier: Apache-2.0 */
/* progress - where a victim's money is, in amounts, states and dates; no names. */
import type { OrderKind, OrderState } from './orders.ts';
import type { RoundState, ShareState } from './rounds.ts';

export type Progress = {
  report: string;
  state: 'filed' | 'taken' | 'refused' | 'withdrawn';
  filed_at: string;
  taken_at?: string;
  ended_at?: string;
  currency: string;
  loss: number;
  held: number;
  asked: number;
  returned: number;
  claims: {
    state: 'told' | 'matched' | 'mismatched' | 'withdrawn';
    amount: number;
    time?: string;
    returned: number;
  }[];
  orders: {
    state: OrderState;
    kind: OrderKind;
    amount: number;
    held: number;
    asked_at?: string;
    until?: string;
  }[];
  /* What of it is on its way back: one of each share. */
  rounds?: {
    round: string;
    claim?: string;
    state: RoundState;
    amount: number;
    share: ShareState;
    needs_notice: boolean;
    computed_at: string;
    noticed_at?: string;
    notice_until?: string;
    approved_at?: string;
    sent_at?: string;
    settled_at?: string;
  }[];
};

export type Coming = NonNullable<Progress['rounds']>[number];

/* The newest that happened to a share, and when. */
export function stepOf(r: Coming): { name: string; at: string | undefined } {
  if (r.share !== 'due') return { name: r.share, at: r.settled_at };
  if (r.sent_at) return { name: 'sent', at: r.sent_at };
  if (r.approved_at) return { name: 'approved', at: r.approved_at };
  if (r.noticed_at) return { name: 'noticed', at: r.noticed_at };
  return { name: 'computed', at: r.computed_at };
}

export const FATES = ['returned', 'held', 'asked', 'sought'] as const;
export type Fate = (typeof FATES)[number];

/*
 * The loss in four parts that add up to it. What was returned is no longer held, though the order
 * that held it may stand until its round is closed; the rest is being looked for.
 */
export function partsOf(p: Progress): Record<Fate, number> {
  let rest = p.loss;
  const take = (sum: number): number => {
    const part = Math.max(0, Math.min(sum, rest));
    rest -= part;
    return part;
  };
  const returned = take(p.returned);
  const held = take(Math.max(0, p.held - p.returned));
  const asked = take(p.asked);
  return { returned, held, asked, sought: rest };
}

/* Which sentence says what happens next. */
export function nextOf(p: Progress): string {
  if (p.state !== 'taken') return p.state;
  const parts = partsOf(p);
  if (parts.returned === p.loss) return 'whole';
  if (parts.held > 0) return 'held';
  return parts.asked > 0 ? 'asked' : 'sought';
}
