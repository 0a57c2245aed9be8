/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a round says whose turn it is; a comparison of rules shows every claim of each of them; what
 * is made up for other tests adds up. Method: rounds of every state with one thing changed.
 */
import { describe, expect, it } from 'vitest';
import {
  type Round,
  type Share,
  sideBySide,
  statesOf,
  stepAt,
  stepsOf,
  waitsOf,
} from '../../src/base/rounds.ts';
import { refundOf, roundOf, STATES } from '../rounds.mjs';

const NOW = Date.now();
const round = (state: string, more = {}): Round => ({
  ...roundOf(2, { state, claims: 3 }),
  ...more,
});

describe('rounds', () => {
  it('says whose turn it is', () => {
    expect(waitsOf(round('computed'), NOW)).toBe('computed');
    expect(waitsOf(round('reviewed'), NOW)).toBe('notice');
    expect(waitsOf(round('reviewed', { needs_notice: false }), NOW)).toBe('first');
    const once = { needs_notice: false, first_approver: 'li' };
    expect(waitsOf(round('reviewed', once), NOW)).toBe('second');
    const over = new Date(NOW - 1).toISOString();
    expect(waitsOf(round('noticed'), NOW)).toBe('objections');
    expect(waitsOf(round('noticed', { notice_until: over }), NOW)).toBe('first');
    expect(waitsOf(round('objected'), NOW)).toBe('objected');
    expect(waitsOf(round('sent'), NOW)).toBe('sent');
    expect(waitsOf(round('paid'), NOW)).toBe('paid');
  });

  it('has no step done behind one that is not', () => {
    for (const state of STATES.filter((s) => s !== 'void')) {
      const done = stepsOf(round(state)).map((s) => !!s.at);
      expect([state, done]).toEqual([state, [...done].sort((a, b) => Number(b) - Number(a))]);
    }
  });

  it('waits at its notice while that runs', () => {
    const at = (r: Round) => stepsOf(r)[stepAt(r, NOW)]?.name;
    expect(at(round('reviewed'))).toBe('noticed');
    expect(at(round('noticed'))).toBe('noticed');
    expect(at(round('objected'))).toBe('noticed');
    expect(at(round('noticed', { notice_until: new Date(NOW - 1).toISOString() }))).toBe('first');
    expect(at(round('sent'))).toBe('paid');
    expect(at(round('closed'))).toBe(undefined);
  });

  it('stands in its tab', () => {
    expect(statesOf('noticed')).toEqual(['noticed', 'objected']);
    expect(statesOf('open')).toHaveLength(7);
    expect(statesOf('void')).toEqual(['void']);
  });
});

describe('rules side by side', () => {
  it('has each claim once, and nothing where a rule could not be computed', () => {
    const made = roundOf(7, { claims: 3 });
    const first = refundOf(made, 'cn-2016');
    const other = refundOf(made, 'fifo');
    other.claims.push({ claim: 'new', loss: 5, basis: 'direct', amount: 5 });
    const rows = sideBySide([first, other, undefined]);
    expect(rows).toHaveLength(4);
    expect(rows[3]).toEqual({
      claim: 'new',
      loss: 5,
      basis: undefined,
      amounts: [0, 5, undefined],
    });
    expect(rows[0]?.amounts[0]).toBe(first.claims[0]?.amount);
  });
});

describe('what is made up', () => {
  it('adds up to the fen', () => {
    for (let i = 0; i < 200; i++) {
      const r = roundOf(i, { state: STATES[i % 9] ?? '', claims: (i % 5) + 1 });
      const sum = (of: (s: Share) => number) => r.shares.reduce((all, s) => all + of(s), 0);
      expect(r.shared + r.unclaimed).toBe(r.frozen);
      expect(sum((s) => s.amount)).toBe(r.shared);
      expect(sum((s) => (s.state === 'paid' ? s.amount : 0))).toBe(r.returned);
      for (const s of r.shares) expect(s.amount).toBeLessThanOrEqual(s.loss);
      for (const rule of ['cn-2016', 'fifo', 'proportional']) {
        const f = refundOf(r, rule);
        const all = f.claims.reduce((n, c) => n + c.amount, 0);
        expect(all + f.unclaimed).toBe(f.frozen);
      }
    }
  });
});
