/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is late stands on top; a span says what matters of it; a ranking is the same when the
 * same accounts stand in the same order. Method: by hand, on the edges.
 */
import { describe, expect, it } from 'vitest';
import { inTrouble, type Provider, spanParts } from '../../src/base/providers.ts';
import { isSameRanking, type Race } from '../../src/base/race.ts';

const provider = (name: string, open: number, late: number): Provider => ({
  provider: name,
  name,
  kind: 'bank',
  can: ['hold'],
  way: 'pull',
  form: 'json',
  answer_s: 300,
  counts: { open, late, lifting: 0 },
});

describe('providers', () => {
  it('has the late ones on top', () => {
    const all = [provider('a', 0, 0), provider('b', 9, 0), provider('c', 1, 1)];
    expect(all.sort(inTrouble).map((p) => p.name)).toEqual(['c', 'b', 'a']);
  });
  it('says spans', () => {
    const said: [number, string][] = [
      [0, '0.1 s'],
      [420, '0.4 s'],
      [9_960, '10 s'],
      [59_400, '59 s'],
      [60_000, '1 min'],
      [3_599_000, '60 min'],
      [5_400_000, '1.5 h'],
    ];
    for (const [ms, text] of said) {
      const { n, unit } = spanParts(ms);
      expect([ms, `${n} ${unit}`]).toEqual([ms, text]);
    }
  });
});

const race = (...accounts: string[]): Race => ({
  incident: 'i1',
  as_of: '2026-11-22T18:00:00+08:00',
  currency: 'CNY',
  budget: 0,
  ranked: accounts.map((account) => ({
    account,
    display: account,
    layer: 1,
    present: 1,
    stands: 0,
    amount: 1,
    gain: 1,
    action: 'hold',
    why: [],
  })),
});

describe('race', () => {
  it('is the same ranking while the same accounts stand in the same order', () => {
    expect(isSameRanking(race('a', 'b'), race('a', 'b'))).toBe(true);
    expect(isSameRanking(race('a', 'b'), race('b', 'a'))).toBe(false);
    expect(isSameRanking(race('a'), race('a', 'b'))).toBe(false);
    expect(isSameRanking(race('a', 'b'), race('a'))).toBe(false);
  });
});
