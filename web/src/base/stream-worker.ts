/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream-worker - the shared half of stream.ts: one feed for every tab that asks. What it heard last
 * is kept, for a tab that has loaded its page before it came here.
 */
import { type Feed, type News, openFeed, type Told } from './stream-feed.ts';

/* What a tab asks. */
export type Asked = { after: number } | 'close';

const KEPT = 500;
const ports = new Set<MessagePort>();
let feed: Feed | null = null;
let state: Told = { state: 'opening' };
let latest: News[] = [];

function tell(told: Told): void {
  if ('state' in told) state = told;
  else latest = [...latest.slice(1 - KEPT), told];
  for (const port of ports) port.postMessage(told);
}

function open(port: MessagePort, after: number): void {
  ports.add(port);
  if (!feed) {
    latest = [];
    feed = openFeed(after, tell);
    return;
  }
  port.postMessage(state);
  for (const news of latest) if (news.event > after) port.postMessage(news);
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
  port.onmessage = (said: MessageEvent<Asked>) =>
    said.data === 'close' ? close(port) : open(port, said.data.after);
  port.start();
});
