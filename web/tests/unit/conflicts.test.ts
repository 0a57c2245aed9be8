/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it, vi } from 'vitest';
import type { Conflict } from '../../src/base/model.ts';

vi.stubGlobal('navigator', { onLine: true });
vi.stubGlobal('addEventListener', () => {});
const { DECIDE_MOST, mayAll, nextAfter, turned } = await import('../../src/base/conflicts.ts');

const queue = ['a', 'b', 'c', 'd'].map((conflict) => ({ conflict, may: ['dismiss'] }) as Conflict);

/* Goal: deciding by keyboard never loses one's place. Method: the choices and the queue as values. */
describe('queue', () => {
  it('looks at the next that stays, else at the one before', () => {
    expect(nextAfter(queue, new Set(['b']), 'b')).toBe('c');
    expect(nextAfter(queue, new Set(['b', 'c']), 'b')).toBe('d');
    expect(nextAfter(queue, new Set(['c', 'd']), 'd')).toBe('b');
    expect(nextAfter(queue, new Set(['a', 'b', 'c', 'd']), 'a')).toBe('');
    expect(nextAfter(queue, new Set(['b']), 'elsewhere')).toBe('a');
  });
  it('selects and lets go, never more than are decided at once', () => {
    expect([...turned(new Set(['a']), 'b')]).toEqual(['a', 'b']);
    expect([...turned(new Set(['a', 'b']), 'a')]).toEqual(['b']);
    const full = new Set(Array.from({ length: DECIDE_MOST }, (_, i) => `${i}`));
    expect(turned(full, 'one more').size).toBe(DECIDE_MOST);
    expect(turned(full, '0').size).toBe(DECIDE_MOST - 1);
  });
  it('offers an act only when it is open for all of them', () => {
    expect(mayAll(queue, 'dismiss')).toBe(true);
    expect(mayAll(queue, 'list')).toBe(false);
    expect(mayAll([], 'dismiss')).toBe(false);
  });
});
