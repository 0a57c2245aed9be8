/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { fromLocalInput, leftOf, spanOf, toLocalInput } from '../../src/base/time.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/* Goal: what is left is never shown longer than it is. Method: the borders of each unit, both sides. */
describe('spanOf', () => {
  it('counts minutes and seconds below an hour', () => {
    expect(spanOf(37 * MIN + 12_999)).toEqual({ unit: 'clock', minutes: 37, seconds: 12 });
    expect(spanOf(HOUR - 1)).toEqual({ unit: 'clock', minutes: 59, seconds: 59 });
    expect(spanOf(0)).toEqual({ unit: 'clock', minutes: 0, seconds: 0 });
  });
  it('counts hours and minutes below two days', () => {
    expect(spanOf(HOUR)).toEqual({ unit: 'hours', hours: 1, minutes: 0 });
    expect(spanOf(2 * DAY - 1)).toEqual({ unit: 'hours', hours: 47, minutes: 59 });
  });
  it('counts days and hours beyond', () => {
    expect(spanOf(2 * DAY)).toEqual({ unit: 'days', days: 2, hours: 0 });
    expect(spanOf(9 * DAY + 5 * HOUR)).toEqual({ unit: 'days', days: 9, hours: 5 });
  });
  it('says how late as well as how early', () => {
    expect(spanOf(-5 * MIN)).toEqual(spanOf(5 * MIN));
  });
});

describe('leftOf', () => {
  it('turns red when it is about to be late, and is late at zero', () => {
    expect(leftOf(HOUR + 1, 0, HOUR).tone).toBe('calm');
    expect(leftOf(HOUR, 0, HOUR).tone).toBe('soon');
    expect(leftOf(1, 0, HOUR).tone).toBe('soon');
    expect(leftOf(0, 0, HOUR).tone).toBe('late');
    expect(leftOf(0, 1, HOUR).tone).toBe('late');
  });
});

describe('datetime-local', () => {
  it('comes back as the same minute, with an offset', () => {
    const at = Date.parse('2026-11-22T20:18:00+08:00');
    const sent = fromLocalInput(toLocalInput(at));
    expect(Date.parse(sent)).toBe(at);
    expect(sent).toMatch(/[+-]\d\d:\d\d$/);
  });
  it('is nothing when it is nothing', () => {
    expect(fromLocalInput('')).toBe('');
    expect(fromLocalInput('soon')).toBe('');
  });
});
