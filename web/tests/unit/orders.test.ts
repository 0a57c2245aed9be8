/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an amount that is typed is the amount that is sent, to the fen, or nothing; an order waits
 * for whom and for what it says.
 * Method: spellings by hand and many at random, against integers; orders with one thing changed.
 */
import { describe, expect, it } from 'vitest';
import { inTab, nextOf, type Order, readYuan, waitsForSecond } from '../../src/base/orders.ts';

const ORDER: Order = {
  order: 'o1',
  kind: 'hold',
  state: 'sent',
  emergency: true,
  target: { kind: 'account', value: 'BKA:1' },
  amount: 100,
  currency: 'CNY',
  basis: 'b',
  from: '2026-11-22T18:00:00+08:00',
  until: '2026-11-24T18:00:00+08:00',
  countersign_by: '2026-11-22T18:30:00+08:00',
  due_at: '2026-11-22T18:05:00+08:00',
  asked: 'place',
  provider: 'bank-a',
  layer: 1,
  rank: 1,
  why: [],
  receipts: [],
  proposed_at: '2026-11-22T18:00:00+08:00',
  may: [],
};

describe('amounts', () => {
  it('reads what people write', () => {
    const said: [string, number | null][] = [
      ['50000', 5_000_000],
      ['50,000.00', 5_000_000],
      ['5万', 5_000_000],
      ['5w', 5_000_000],
      ['¥ 1.5 万元', 1_500_000],
      ['3k', 300_000],
      ['0.01', 1],
      ['0.001', null],
      ['0', null],
      ['-5', null],
      ['5万5', null],
      ['1e9', null],
      ['', null],
      ['99999999999999999', null],
    ];
    for (const [text, fen] of said) expect([text, readYuan(text)]).toEqual([text, fen]);
  });

  it('is exact where a floating point number is not', () => {
    for (let fen = 1; fen < 200_000; fen += 37)
      expect(readYuan(`${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`)).toBe(fen);
  });
});

describe('orders', () => {
  it('waits for a second person until there is one', () => {
    expect(waitsForSecond(ORDER)).toBe(true);
    expect(waitsForSecond({ ...ORDER, approver: 'bob' })).toBe(false);
    expect(waitsForSecond({ ...ORDER, state: 'lifting' })).toBe(false);
    expect(waitsForSecond({ ...ORDER, approver: 'bob', wanted_until: ORDER.until })).toBe(true);
  });

  it('says what is due next', () => {
    expect(nextOf(ORDER)?.at).toBe(ORDER.countersign_by);
    expect(nextOf({ ...ORDER, approver: 'bob' })?.at).toBe(ORDER.due_at);
    expect(nextOf({ ...ORDER, approver: 'bob', asked: 'nothing' })?.at).toBe(ORDER.until);
    expect(nextOf({ ...ORDER, state: 'lifted', asked: 'nothing' })).toBe(null);
  });

  it('stands in its tabs', () => {
    expect(inTab(ORDER, 'open')).toBe(true);
    expect(inTab({ ...ORDER, is_late: 1 }, 'late')).toBe(true);
    expect(inTab({ ...ORDER, state: 'lapsed' }, 'ended')).toBe(true);
    expect(inTab({ ...ORDER, state: 'lapsed' }, 'open')).toBe(false);
  });
});
