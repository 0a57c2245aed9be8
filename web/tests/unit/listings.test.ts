/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('navigator', { onLine: true });
vi.stubGlobal('addEventListener', () => {});
const { hearRows, NO_ROWS, putRow } = await import('../../src/base/listings.ts');
type Rows = typeof NO_ROWS;

const row = (listing: string) =>
  ({
    listing,
    kind: 'domain',
    action: 'block',
    state: 'proposed',
    may: ['approve'],
  }) as Rows['items'][number];
const rows = (...ids: string[]): Rows => ({ ...NO_ROWS, items: ids.map(row), isLoading: false });
const news = (listing: string, more = {}) => ({
  id: '1',
  name: 'listing',
  listing,
  kind: 'domain',
  action: 'block',
  state: 'proposed',
  ...more,
});

/* Goal: news never moves what is being read. Method: news of rows seen, new, and not asked for. */
describe('hearRows', () => {
  it('changes a row where it stands, and takes away acts that may be gone', () => {
    const after = hearRows(rows('a', 'b'), news('b', { state: 'in_force' }), {});
    expect(after.items.map((l) => l.listing)).toEqual(['a', 'b']);
    expect(after.items[1]).toMatchObject({ state: 'in_force' });
    expect(after.items[1]?.may).toBeUndefined();
  });
  it('counts what is new, once', () => {
    let after = hearRows(rows('a'), news('c'), {});
    after = hearRows(after, news('c', { state: 'in_force' }), {});
    expect(after.items).toHaveLength(1);
    expect([...after.fresh]).toEqual(['c']);
  });
  it('forgets what is new when it has left the filter', () => {
    const filter = { state: 'proposed' };
    const before = hearRows(rows('a'), news('c', { state: 'proposed' }), filter);
    expect(before.fresh.size).toBe(1);
    expect(hearRows(before, news('c', { state: 'in_force' }), filter).fresh.size).toBe(0);
  });
  it('ends the same when it hears again what the list knew', () => {
    const heard = [
      news('a'),
      news('a', { state: 'in_force' }),
      news('c'),
      news('c', { state: 'refused' }),
    ];
    const filter = { state: 'proposed' };
    const after = heard.reduce((all, live) => hearRows(all, live, filter), rows('a'));
    expect(after.items.map((l) => l.state)).toEqual(['in_force']);
    expect(after.fresh.size).toBe(0);
  });
  it('does not count what the filter would hide', () => {
    expect(hearRows(rows('a'), news('c'), { state: 'in_force' }).fresh.size).toBe(0);
    expect(hearRows(rows('a'), news('c'), { kind: 'number' }).fresh.size).toBe(0);
    expect(hearRows(rows('a'), news('c'), { q: 'c' }).fresh.size).toBe(0);
    expect(hearRows(rows('a'), news('c', { name: 'appeal' }), {}).fresh.size).toBe(0);
  });
});

describe('putRow', () => {
  it('replaces in place and never adds', () => {
    const after = putRow(rows('a'), { ...row('a'), state: 'refused' });
    expect(after.items[0]?.state).toBe('refused');
    expect(putRow(rows('a'), row('z')).items).toHaveLength(1);
  });
});
