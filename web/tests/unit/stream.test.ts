/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no tab misses what happened after it read and before it was heard; none hears it twice.
 * Method: the shared worker with an EventSource and ports of our own.
 */
import { beforeEach, expect, test, vi } from 'vitest';

type Port = { heard: unknown[]; ask: (what: unknown) => void };

class Source {
  static all: Source[] = [];
  static readonly CLOSED = 2;
  readyState = 0;
  onopen = () => {};
  onerror = () => {};
  readonly hearers = new Map<string, (event: unknown) => void>();
  constructor(readonly address: string) {
    Source.all.push(this);
  }
  addEventListener(name: string, hear: (event: unknown) => void): void {
    this.hearers.set(name, hear);
  }
  close(): void {
    this.readyState = Source.CLOSED;
  }
  say(event: number): void {
    const data = JSON.stringify({ order: 'o', leaf: event - 1 });
    this.hearers.get('order')?.({ type: 'order', lastEventId: String(event), data });
  }
}

let connect: (event: unknown) => void = () => {};

function tab(): Port {
  const port = {
    heard: [] as unknown[],
    onmessage: (_: unknown) => {},
    start() {},
    postMessage(told: { event?: number }) {
      if (told.event) this.heard.push(told.event);
    },
    ask(what: unknown) {
      port.onmessage({ data: what });
    },
  };
  connect({ ports: [port] });
  return port;
}

beforeEach(async () => {
  Source.all = [];
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('addEventListener', (_: string, act: typeof connect) => {
    connect = act;
  });
  await import('../../src/base/stream-worker.ts');
});

test('the first tab begins after what it read', () => {
  tab().ask({ who: 'ann', after: 7 });
  expect(Source.all.map((s) => s.address)).toEqual(['/v1/stream?after=7']);
});

test('a tab that comes later is told what it has not read, and no more', () => {
  tab().ask({ who: 'ann', after: 7 });
  for (const event of [8, 9, 10]) Source.all[0]?.say(event);
  const second = tab();
  second.ask({ who: 'ann', after: 8 });
  Source.all[0]?.say(11);
  expect(Source.all.length).toBe(1);
  expect(second.heard).toEqual([9, 10, 11]);
});

test('a stream that was closed goes on after the last event heard', () => {
  const first = tab();
  first.ask({ who: 'ann', after: 7 });
  const source = Source.all[0];
  source?.say(12);
  source?.close();
  source?.onerror();
  vi.advanceTimersByTime(60_000);
  expect(Source.all[1]?.address).toBe('/v1/stream?after=12');
});

test('the last tab closes it; a page shown again asks after what it heard', () => {
  const first = tab();
  first.ask({ who: 'ann', after: 7 });
  Source.all[0]?.say(8);
  first.ask('close');
  expect(Source.all[0]?.readyState).toBe(Source.CLOSED);
  first.ask({ who: 'ann', after: 8 });
  expect(Source.all[1]?.address).toBe('/v1/stream?after=8');
});

test('another user signs in: a stream of their own, nothing of the first', () => {
  tab().ask({ who: 'ann', after: 7 });
  Source.all[0]?.say(9);
  const second = tab();
  second.ask({ who: 'bo', after: 8 });
  expect(Source.all[0]?.readyState).toBe(Source.CLOSED);
  expect(Source.all[1]?.address).toBe('/v1/stream?after=8');
  expect(second.heard).toEqual([]);
});

test('a tab that was away for longer than what is kept has it told anew', () => {
  tab().ask({ who: 'ann', after: 100 });
  tab().ask({ who: 'ann', after: 50 });
  expect(Source.all.map((s) => s.address)).toEqual(['/v1/stream?after=100', '/v1/stream?after=50']);
  for (let event = 101; event <= 700; event++) Source.all[1]?.say(event);
  tab().ask({ who: 'ann', after: 150 });
  expect(Source.all[2]?.address).toBe('/v1/stream?after=150');
});
