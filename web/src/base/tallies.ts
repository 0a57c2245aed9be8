/* SPDX-License-Identifier: Apache-2.0 */
/* tallies - of the accounts that outlets opened in a year, how many turned bad; never a ranking. */

export type TallyLine = {
  bank?: string;
  outlet?: string;
  is_pooled: boolean;
  year: number;
  outlets: number;
  issued: number;
  is_few: boolean /* too few turned bad to say a share of */;
  bad?: number;
  share_percent?: number;
  low_percent?: number;
  high_percent?: number;
};

export type Tallies = {
  from: number;
  to: number;
  items: TallyLine[];
  withheld: { outlets: number; issued: number };
  unplaced: number;
  least: { issued: number; staff: number; bad: number };
};

/* By name and year, and those counted together after those that stand alone: never by share. */
export function byName(a: TallyLine, b: TallyLine): number {
  return (
    Number(!a.bank) - Number(!b.bank) ||
    (a.bank ?? '').localeCompare(b.bank ?? '', 'zh') ||
    Number(a.is_pooled) - Number(b.is_pooled) ||
    (a.outlet ?? '').localeCompare(b.outlet ?? '', 'zh', { numeric: true }) ||
    b.year - a.year
  );
}

/* Where the drawing ends, in percent: a round number beyond the widest interval. */
export function scaleOf(items: TallyLine[]): number {
  const most = Math.max(0, ...items.map((l) => l.high_percent ?? 0));
  const step = [1, 2, 5, 10, 20, 50, 100].find((s) => s >= most);
  return step ?? 100;
}
