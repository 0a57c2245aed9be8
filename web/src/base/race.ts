/* SPDX-License-Identifier: Apache-2.0 */
/* race - which account of an incident is acted on next, as the server ranks them, and why. */
import type { Why } from './orders.ts';

export type Ranked = {
  account: string;
  display: string;
  bank?: string;
  layer: number;
  present: number;
  stands: number /* asked for or held */;
  amount: number /* to be held now; of a trim, what may stay */;
  gain: number;
  action: 'none' | 'hold' | 'stop' | 'trim';
  order?: string;
  why: Why[];
};

export type Race = {
  incident: string;
  as_of: string;
  currency: string;
  budget: number;
  ranked: Ranked[];
};

/* The same accounts in the same order: what changed are figures, which may change in place. */
export function isSameRanking(a: Race, b: Race): boolean {
  return (
    a.ranked.length === b.ranked.length &&
    a.ranked.every((r, i) => r.account === b.ranked[i]?.account)
  );
}
