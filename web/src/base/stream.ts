/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream - what happens, as it happens. Browsers open six connections a host, so that all tabs of
 * one browser share one EventSource through a SharedWorker; without one, a tab opens its own.
 */
import { signal } from '@preact/signals';
import type { Live } from './model.ts';
import { type Feed, type News, openFeed } from './stream-feed.ts';
import type { Asked, Wanted } from './stream-worker.ts';

export type StreamState = 'closed' | 'opening' | 'open' | 'lost';
export const streamState = signal<StreamState>('closed');

type Told = { state: StreamState } | News;
type Listener = (live: Live) => void;

const listeners = new Set<Listener>();
let port: MessagePort | null = null;
let feed: Feed | null = null;
/* Whose page this is, and the last event before what it has loaded, or heard since. */
let wanted: Wanted = { who: '', after: 0 };
/* A feed that is opened anew for another tab may tell some twice. */
const KEPT = 1000;
const heard = new Set<string>();

/* Also for whoever looks at the page from outside: from when on news is heard. */
function turn(state: StreamState): void {
  streamState.value = state;
  document.documentElement.dataset.live = state;
}

function hear(told: Told): void {
  if ('state' in told) {
    turn(told.state);
    return;
  }
  wanted.after = told.event;
  /* Not by number alone: a centre that was restored gives numbers again. */
  const name = `${told.event} ${told.live.at} ${told.live.act}`;
  if (heard.has(name)) return;
  heard.add(name);
  for (const oldest of heard) {
    if (heard.size <= KEPT) break;
    heard.delete(oldest);
  }
  for (const listener of listeners) listener(told.live);
}

function ask(asked: Asked): void {
  port?.postMessage(asked);
}

function openShared(): MessagePort | null {
  if (typeof SharedWorker === 'undefined') return null;
  try {
    const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), {
      type: 'module',
      name: 'yumen-stream',
    });
    const { port: shared } = worker;
    shared.onmessage = (event: MessageEvent<Told>) => hear(event.data);
    shared.start();
    /* A page that is kept for "back" listens again when it is shown. */
    addEventListener('pagehide', () => ask('close'));
    addEventListener('pageshow', (event) => event.persisted && ask(wanted));
    return shared;
  } catch {
    return null;
  }
}

/* after: the last event before what the page is going to load (`event` of /v1/me). */
export function openStream(who: string, after: number): void {
  if (feed && wanted.who === who) return;
  feed?.close();
  wanted = { who, after };
  if (!port) {
    turn('opening');
    port = openShared();
  }
  if (port) ask(wanted);
  else feed = openFeed(after, hear);
}

export function closeStream(): void {
  ask('close');
  feed?.close();
  feed = null;
  turn('closed');
}

/* Returns how to stop listening. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
