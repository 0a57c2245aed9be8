/* SPDX-License-Identifier: Apache-2.0 */
/* stream-worker - the shared half of stream.ts: one feed for every tab that asks. */
import { type Feed, openFeed, type Told } from './stream-feed.ts';

const ports = new Set<MessagePort>();
let feed: Feed | null = null;
let state: Told = { state: 'opening' };

function tell(told: Told): void {
  if ('state' in told) state = told;
  for (const port of ports) port.postMessage(told);
}

function open(port: MessagePort): void {
  ports.add(port);
  if (feed) port.postMessage(state);
  else feed = openFeed(tell);
}

function close(port: MessagePort): void {
  ports.delete(port);
  if (ports.size > 0) return;
  feed?.close();
  feed = null;
}

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  port.onmessage = (said: MessageEvent<string>) =>
    said.data === 'open' ? open(port) : close(port);
  port.start();
});
