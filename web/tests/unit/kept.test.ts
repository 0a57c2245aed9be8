/* SPDX-License-Identifier: Apache-2.0 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dropDraft, keyOf, readDraft, writeDraft } from '../../src/base/kept.ts';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
    removeItem: (k: string) => void kept.delete(k),
  });
});

/* Goal: typed words survive, and are never sent twice. Method: drafts over a page's death. */
describe('drafts', () => {
  it('come back with the fields they had', () => {
    const draft = readDraft('appeal', { statement: '', name: '' });
    draft.fields.statement = 'mine';
    writeDraft('appeal', draft);
    expect(readDraft('appeal', { statement: '', name: '' }).fields).toEqual({
      statement: 'mine',
      name: '',
    });
    dropDraft('appeal');
    expect(readDraft('appeal', { statement: '' }).fields.statement).toBe('');
  });
  it('are forgotten after a week', () => {
    writeDraft('old', { fields: { a: 'b' }, key: '', keyFor: '', at: 0 });
    vi.useFakeTimers({ now: Date.now() + 8 * 86_400_000 });
    expect(readDraft('old', { a: '' }).fields.a).toBe('');
    vi.useRealTimers();
  });
  it('work when the browser keeps nothing', () => {
    vi.stubGlobal('localStorage', undefined);
    expect(readDraft('x', { a: '1' }).fields.a).toBe('1');
    expect(() => writeDraft('x', readDraft('x', {}))).not.toThrow();
  });
});

describe('keyOf', () => {
  it('stays for the same words and changes with them', () => {
    const draft = readDraft('x', {});
    const first = keyOf(draft, 'body');
    expect(keyOf(draft, 'body')).toBe(first);
    expect(keyOf(draft, 'other body')).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
  });
});
