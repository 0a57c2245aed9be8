/* SPDX-License-Identifier: Apache-2.0 */
/* calls - how many calls were screened, by day and by reason; and who sends call records. */

export const OUTCOMES = ['passed', 'announced', 'blocked', 'refused', 'unanswered'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Sums = Record<Outcome, number>;
export type CallDay = { day: string } & Sums;

export type CallLine = {
  carrier?: string;
  trunk: string;
  reason: string;
  outcome: Outcome;
  calls: number;
};

export type CallFeed = {
  carrier: string;
  heard_at?: string;
  newest_at?: string;
  accepted: number;
  duplicate: number;
  late: number;
  refused: number;
  matched: number;
};

export type Calls = {
  from: string;
  to: string;
  until?: string;
  days: CallDay[];
  items: CallLine[];
  carriers: CallFeed[];
};

const DAY_MS = 86_400_000;
const NONE: Sums = { passed: 0, announced: 0, blocked: 0, refused: 0, unanswered: 0 };

export const addDays = (day: string, n: number): string =>
  new Date(Date.parse(day) + n * DAY_MS).toISOString().slice(0, 10);

export const spanOfDays = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

/* Every day of the span, also those on which nobody called: a gap is a number, too. */
export function everyDay(data: Pick<Calls, 'from' | 'to' | 'days'>): CallDay[] {
  const known = new Map(data.days.map((d) => [d.day, d]));
  return Array.from({ length: spanOfDays(data.from, data.to) }, (_, i) => {
    const day = addDays(data.from, i);
    return known.get(day) ?? { day, ...NONE };
  });
}

export function sumOf(days: Sums[]): Sums {
  const sums = { ...NONE };
  for (const d of days) for (const o of OUTCOMES) sums[o] += d[o];
  return sums;
}

export const allOf = (sums: Sums): number => OUTCOMES.reduce((n, o) => n + sums[o], 0);
