/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a victim reads adds up to what they lost, whatever the server counts twice on the way;
 * a key is understood as people write it down. Method: cases by hand and many at random.
 */
import { describe, expect, it } from 'vitest';
import { readKey } from '../../src/base/own-key.ts';
import { nextOf, type Progress, partsOf } from '../../src/base/progress.ts';

const TOLD: Progress = {
  report: 'r1',
  state: 'taken',
  filed_at: '2026-11-22T18:00:00+08:00',
  currency: 'CNY',
  loss: 1000,
  held: 0,
  asked: 0,
  returned: 0,
  claims: [],
  orders: [],
};

describe('progress', () => {
  it('parts the loss', () => {
    const p = { ...TOLD, held: 300, asked: 200 };
    expect(partsOf(p)).toEqual({ returned: 0, held: 300, asked: 200, sought: 500 });
  });

  it('counts no fen twice that is returned while its order still stands', () => {
    const p = { ...TOLD, held: 300, returned: 250 };
    expect(partsOf(p)).toEqual({ returned: 250, held: 50, asked: 0, sought: 700 });
  });

  it('adds up to the loss, always', () => {
    let seed = 7;
    const roll = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 1500;
    };
    for (let i = 0; i < 2000; i++) {
      const p = { ...TOLD, loss: roll(), held: roll(), asked: roll(), returned: roll() };
      const parts = Object.values(partsOf(p));
      expect(parts.reduce((a, b) => a + b, 0)).toBe(p.loss);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    }
  });

  it('says what comes next', () => {
    expect(nextOf({ ...TOLD, state: 'filed' })).toBe('filed');
    expect(nextOf(TOLD)).toBe('sought');
    expect(nextOf({ ...TOLD, asked: 1 })).toBe('asked');
    expect(nextOf({ ...TOLD, asked: 1, held: 1 })).toBe('held');
    expect(nextOf({ ...TOLD, returned: 1000 })).toBe('whole');
  });
});

describe('keys', () => {
  it('reads what people write', () => {
    for (const typed of [
      'YM-7K3M-2Q9D-XW4R',
      ' ym-7k3m-2q9d-xw4r ',
      'ym 7k3m 2q9d xw4r',
      '7K3M2Q9DXW4R',
      'YM–7K3M–2Q9D–XW4R',
    ])
      expect([typed, readKey(typed)]).toEqual([typed, 'YM-7K3M-2Q9D-XW4R']);
  });
  it('and nothing else', () => {
    for (const typed of ['', 'YM', 'YM-7K3M-2Q9D', 'YM-7K3M-2Q9D-XW4R-1', '密钥'])
      expect([typed, readKey(typed)]).toEqual([typed, '']);
  });
});
