/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream - what happens, as it happens. Browsers open six connections a host, so that all tabs of
 * one browser share one EventSource through a SharedWorker; without one, a tab opens its own.
 */
import { signal } from '@preact/signals';
import type { Live } from './model.ts';
import { type Feed, openFeed } from './stream-feed.ts';

export type StreamState = 'closed' | 'opening' | 'open' | 'lost';
export const streamState = signal<StreamState>('closed');

type Told = { state: StreamState } | { live: Live };
type Listener = (live: Live) => void;

const listeners = new Set<Listener>();
let port: MessagePort | null = null;
let feed: Feed | null = null;

/* Also for whoever looks at the page from outside: from when on news is heard. */
function turn(state: StreamState): void {
  streamState.value = state;
  document.documentElement.dataset.live = state;
}

function hear(told: Told): void {
  if ('state' in told) turn(told.state);
  else for (const listener of listeners) listener(told.live);
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
    addEventListener('pagehide', () => shared.postMessage('close'));
    addEventListener('pageshow', (event) => event.persisted && shared.postMessage('open'));
    return shared;
  } catch {
    return null;
  }
}

export function openStream(): void {
  if (port) {
    port.postMessage('open');
    return;
  }
  if (feed) return;
  turn('opening');
  port = openShared();
  if (port) port.postMessage('open');
  else feed = openFeed(hear);
}

export function closeStream(): void {
  port?.postMessage('close');
  feed?.close();
  feed = null;
  turn('closed');
}

/* Returns how to stop listening. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
