/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { addDays, allOf, everyDay, spanOfDays, sumOf } from '../../src/base/calls.ts';

const day = (at: string, blocked: number) => ({
  day: at,
  passed: 10,
  announced: 1,
  blocked,
  refused: 0,
  unanswered: 0,
});

/* Goal: a day without calls is shown as none, and the sums are those of the days. */
describe('calls', () => {
  it('fills the days between, over the ends of months and of leap years', () => {
    const days = everyDay({
      from: '2028-02-27',
      to: '2028-03-02',
      days: [day('2028-02-28', 3), day('2028-03-01', 4)],
    });
    expect(days.map((d) => [d.day, d.blocked])).toEqual([
      ['2028-02-27', 0],
      ['2028-02-28', 3],
      ['2028-02-29', 0],
      ['2028-03-01', 4],
      ['2028-03-02', 0],
    ]);
    const sums = sumOf(days);
    expect(sums).toEqual({ passed: 20, announced: 2, blocked: 7, refused: 0, unanswered: 0 });
    expect(allOf(sums)).toBe(29);
  });
  it('counts both ends', () => {
    expect(spanOfDays('2026-11-23', '2026-11-23')).toBe(1);
    expect(spanOfDays(addDays('2026-11-23', -29), '2026-11-23')).toBe(30);
    expect(sumOf([])).toEqual(sumOf(everyDay({ from: '2026-11-23', to: '2026-11-23', days: [] })));
  });
});
