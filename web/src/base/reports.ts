/* SPDX-License-Identifier: Apache-2.0 */
/* reports - what victims told, as the staff sees it. */
import type { Step } from './model.ts';
import type { Order } from './orders.ts';

export const REPORT_STATES = ['filed', 'taken', 'refused', 'withdrawn'] as const;
export type ReportState = (typeof REPORT_STATES)[number];
export type ReportAct = 'take' | 'refuse' | 'withdraw';

export type Claim = {
  claim: string;
  state: 'told' | 'matched' | 'mismatched' | 'withdrawn';
  transfer?: string;
  from?: string;
  to: string;
  bank?: string;
  name?: string;
  amount: number;
  currency: string;
  time?: string;
  mismatch?: string[] /* what the bank knows otherwise, in words of ui.mismatch */;
  returned: number;
};

export type Report = {
  report: string;
  state: ReportState;
  channel: string;
  incident?: string;
  victim?: { number?: string; name?: string } /* for a purpose only, as `said` */;
  said?: string;
  currency: string;
  loss: number;
  pledged: number;
  filer?: string;
  filed_at: string;
  taker?: string;
  taken_at?: string;
  ended_at?: string;
  ended_why?: string;
  division: string;
  may?: ReportAct[];
};

export type ReportDetail = Report & { claims: Claim[]; orders: Order[]; history?: Step[] };

export const reportPage = (id: string): string =>
  id ? `/reports/${encodeURIComponent(id)}` : '/reports';

/* Whoever opens the list looks for what nobody has taken yet. */
export const stateOf = (said: string): ReportState | 'all' =>
  said === 'all' ? 'all' : (REPORT_STATES.find((s) => s === said) ?? 'filed');

/* Of an account that stands still whole, the victim's part is what was asked for. */
export const heldOf = (orders: Order[]): number =>
  orders.reduce((sum, o) => sum + Math.min(o.held ?? 0, o.amount), 0);

export const returnedOf = (claims: Claim[]): number =>
  claims.reduce((sum, c) => sum + c.returned, 0);
