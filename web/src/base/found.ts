/* SPDX-License-Identifier: Apache-2.0 */
/* found - what detectors found in call records: numbers, and devices full of cards. No measure. */
import type { Step } from './model.ts';

export type Reason = { feature: string; value: number; part?: number };

export const SUSPICION_STATES = ['open', 'listed', 'dismissed', 'lapsed'] as const;
export const BOX_STATES = ['found', 'confirmed', 'dismissed', 'lapsed'] as const;

export type Suspicion = {
  suspicion: string;
  number: string;
  display: string;
  detector: 'callers' | 'boxes';
  state: (typeof SUSPICION_STATES)[number];
  model?: string;
  margin: number;
  at_call: number;
  reasons?: Reason[];
  box?: string;
  listing?: string;
  found_at: string;
  until: string;
  decider?: string;
  decided_at?: string;
  decided_why?: string;
  may: ('list' | 'dismiss' | 'list_together')[];
  history?: Step[];
};

/* How often a detector was right here, as people decided. */
export type Measured = {
  detector: Suspicion['detector'];
  right: number;
  wrong: number;
  share_percent?: number;
  low_percent?: number;
  high_percent?: number;
};

export type Card = {
  number: string;
  suspicion?: string;
  turns: number;
  ends: number;
  handed: number;
  chance: number;
  evidence: number;
  spans: [number, number][];
};

export type Box = {
  box: string;
  state: (typeof BOX_STATES)[number];
  carrier?: string;
  cell?: string;
  place?: { name?: string; lon: number; lat: number };
  channels: number;
  card_count: number;
  starts: number;
  refused: number;
  evidence: number;
  cards?: Card[];
  first_at: string;
  last_at: string;
  found_at: string;
  seen_at: string;
  until: string;
  decider?: string;
  decided_at?: string;
  decided_why?: string;
  may: ('confirm' | 'dismiss')[];
  history?: Step[];
};

export type Measure = { unit: 'percent' | 'seconds' | 'plain'; n: number };

/* A feature's name says its unit: shares are in thousandths, two of them in hundredths. */
export function measureOf(reason: Reason): Measure {
  if (reason.feature.endsWith('_share')) return { unit: 'percent', n: reason.value / 10 };
  if (reason.feature.endsWith('_s')) return { unit: 'seconds', n: reason.value };
  const isHundredths = ['calls_a_callee', 'dispersion'].includes(reason.feature);
  return { unit: 'plain', n: isHundredths ? reason.value / 100 : reason.value };
}

export type Bar = { x: number; wide: number; from: number; to: number };

const LEAST = 2; /* pixels: a short turn is seen, too */

/* The turns of each card as bars between 0 and `wide`, all of one scale. */
export function barsOf(cards: Pick<Card, 'spans'>[], wide: number) {
  const all = cards.flatMap((c) => c.spans);
  const from = Math.min(...all.map((s) => s[0]));
  const to = Math.max(...all.map((s) => s[1]));
  const scale = Math.max(0, wide - LEAST) / Math.max(1, to - from);
  const rows: Bar[][] = cards.map((c) =>
    c.spans.map((s) => ({
      x: (s[0] - from) * scale,
      wide: Math.max(LEAST, (s[1] - s[0]) * scale),
      from: s[0],
      to: s[1],
    })),
  );
  return all.length ? { from, to, rows } : { from: 0, to: 0, rows };
}
