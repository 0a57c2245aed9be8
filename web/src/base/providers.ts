/* SPDX-License-Identifier: Apache-2.0 */
/* providers - who carries orders out: what each can do, how much is open, how fast it answers. */
import type { OrderKind } from './orders.ts';

export type Provider = {
  provider: string;
  name: string;
  kind: string;
  can: OrderKind[];
  way: string;
  form: string;
  answer_s: number /* within so long it has to answer */;
  counts: { open: number; late: number; lifting: number };
  answer_ms?: { median: number; p90: number };
  last_heard?: string;
};

/* The late ones first, then by what is open; names decide the rest. */
export function inTrouble(a: Provider, b: Provider): number {
  return (
    b.counts.late - a.counts.late ||
    b.counts.open - a.counts.open ||
    a.name.localeCompare(b.name, 'zh')
  );
}

/* "0.4 s", "12 s", "3 min": of short spans the part that matters. */
export function spanParts(ms: number): { unit: 's' | 'min' | 'h'; n: number } {
  if (ms < 10_000) return { unit: 's', n: Math.max(1, Math.round(ms / 100)) / 10 };
  if (ms < 60_000) return { unit: 's', n: Math.round(ms / 1000) };
  if (ms < 3_600_000) return { unit: 'min', n: Math.round(ms / 60_000) };
  return { unit: 'h', n: Math.round(ms / 360_000) / 10 };
}
