/* SPDX-License-Identifier: Apache-2.0 */
/* Goal: what stands on a supervisor's page and what an outlet's line says. Method: by example. */
import { describe, expect, it } from 'vitest';
import { newestAlarm, type Order, silentOf } from '../../src/base/orders.ts';
import { heldOf, stateOf } from '../../src/base/reports.ts';
import { byName, scaleOf, type TallyLine } from '../../src/base/tallies.ts';

const late = (provider: string, alarmed_at: string, alarm = 'late') =>
  ({ provider, alarmed_at, alarm }) as Order;

describe('silence', () => {
  it('is a line a provider: the loud first, then who is silent longest', () => {
    const found = silentOf([
      late('a', '2026-11-23T10:05:00+08:00'),
      late('b', '2026-11-23T10:01:00+08:00'),
      late('a', '2026-11-23T10:02:00+08:00'),
      late('c', '2026-11-23T10:09:00+08:00', 'loud'),
      late('d', '', 'none'),
    ]);
    expect(found.map((s) => [s.provider, s.n, s.isLoud])).toEqual([
      ['c', 1, true],
      ['b', 1, false],
      ['a', 2, false],
    ]);
    expect(found[2]?.since).toBe('2026-11-23T10:02:00+08:00');
  });
});

describe('what one has seen', () => {
  it('ends with the newest alarm on the page', () => {
    const shown = [late('a', '2026-11-23T10:05:00+08:00'), late('a', '2026-11-23T10:09:00+08:00')];
    expect(newestAlarm(shown)).toBe('2026-11-23T10:09:00+08:00');
    expect(newestAlarm([])).toBe('');
  });
});

describe('reports', () => {
  it('open on what nobody has taken, and count no more of a stop than was asked for', () => {
    expect(['', 'x', 'taken', 'all'].map(stateOf)).toEqual(['filed', 'filed', 'taken', 'all']);
    expect(heldOf([{ held: 900, amount: 500 }, { amount: 7 }] as Order[])).toBe(500);
  });
});

const line = (bank: string, outlet: string, year: number, share?: number): TallyLine => ({
  bank,
  outlet,
  is_pooled: !outlet,
  year,
  outlets: 1,
  issued: 500,
  is_few: share === undefined,
  ...(share === undefined ? {} : { share_percent: share, high_percent: share * 2 }),
});

describe('tallies', () => {
  it('stand by name, whatever their share', () => {
    const lines = [
      line('乙银行', '2', 2025, 9),
      line('', '', 2026, 1),
      line('甲银行', '', 2026),
      line('甲银行', '10', 2026, 8),
      line('甲银行', '9', 2025, 1),
      line('甲银行', '9', 2026, 7),
    ];
    const named = [...lines].sort(byName).map((l) => `${l.bank}/${l.outlet}/${l.year}`);
    expect(named).toEqual([
      '甲银行/9/2026',
      '甲银行/9/2025',
      '甲银行/10/2026',
      '甲银行//2026',
      '乙银行/2/2025',
      '//2026',
    ]);
  });
  it('end at a round number beyond the widest interval', () => {
    expect(scaleOf([line('a', '1', 2026, 2.2)])).toBe(5);
    expect(scaleOf([line('a', '1', 2026)])).toBe(1);
    expect(scaleOf([line('a', '1', 2026, 60)])).toBe(100);
  });
});
