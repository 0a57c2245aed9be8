/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what an officer did is sent once, by whoever did it, with the centre's time, and is never
 * lost. Method: a telephone's store and a line that answers, fails or loses the answer.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.stubGlobal('navigator', { onLine: true });
vi.stubGlobal('addEventListener', () => {});
vi.stubGlobal('location', { href: 'http://localhost/duty', origin: 'http://localhost' });
const { keepSaid, readSaid, sendSaid } = await import('../../src/base/alerts.ts');
const { whenSignedOut } = await import('../../src/base/api.ts');
const { setServerTime } = await import('../../src/base/time.ts');

type Sent = { path: string; key: string | null; body: { at: number; outcome?: string } };
let sent: Sent[] = [];
let answers: (() => Response)[] = [];
const done = () => new Response('{}', { status: 200 });
const refused = (status: number) =>
  new Response(JSON.stringify({ code: 'x', detail: 'said why' }), { status });
const cut = (): Response => {
  throw new TypeError('no line');
};

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
    removeItem: (k: string) => void kept.delete(k),
  });
  sent = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const headers = init.headers as Headers;
    sent.push({
      path,
      key: headers.get('Idempotency-Key'),
      body: JSON.parse(String(init.body)),
    });
    return (answers.shift() ?? done)();
  });
});

describe('what an officer did', () => {
  it('goes in order, and ends where the line does', async () => {
    keepSaid('hou', 'A', 'outreach', { means: 'visit' });
    keepSaid('hou', 'A', 'outcome', { outcome: 'refuted' });
    answers = [done, cut];
    expect(await sendSaid('hou')).toBe(false);
    expect(readSaid('hou').map((s) => s.act)).toEqual(['outcome']);
    const before = sent[1];
    expect(await sendSaid('hou')).toBe(true);
    expect(readSaid('hou')).toEqual([]);
    expect(sent.map((s) => s.path)).toEqual([
      '/v1/alerts/A/outreach',
      '/v1/alerts/A/outcome',
      '/v1/alerts/A/outcome',
    ]);
    expect(sent[2]).toEqual(before); /* the same words under the same key */
  });
  it('is nobody else’s, also on one telephone', async () => {
    keepSaid('hou', 'A', 'outcome', { outcome: 'refuted' });
    expect(readSaid('lin')).toEqual([]);
    expect(await sendSaid('lin')).toBe(true);
    expect(sent).toEqual([]);
    await sendSaid('hou');
    expect(sent.length).toBe(1);
  });
  it('is kept with the reason when it is refused, and leads to the sign-in when nobody is', async () => {
    let out = 0;
    whenSignedOut(() => {
      out++;
    });
    keepSaid('hou', 'A', 'take', {});
    keepSaid('hou', 'B', 'take', {});
    answers = [() => refused(409), () => refused(401)];
    expect(await sendSaid('hou')).toBe(false);
    expect(readSaid('hou').map((s) => s.refused)).toEqual(['said why', undefined]);
    expect(out).toBe(1);
  });
  it('has the centre’s time where the telephone’s clock is a day ahead', () => {
    const there = Date.now() - 86_400_000;
    setServerTime(new Date(there).toUTCString());
    keepSaid('hou', 'A', 'outcome', { outcome: 'refuted' });
    const said = readSaid('hou')[0]?.body as { at: number };
    expect(Math.abs(said.at - there)).toBeLessThan(60_000);
    setServerTime(new Date().toUTCString());
  });
});
