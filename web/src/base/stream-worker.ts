/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream-worker - the shared half of stream.ts: one feed for every tab that asks. What it heard last
 * is kept, for a tab that has loaded its page before it came here.
 */
import { type Feed, type News, openFeed, type Told } from './stream-feed.ts';

/* What a tab asks: whose news, after which. */
export type Wanted = { who: string; after: number };
export type Asked = Wanted | 'close';

const KEPT = 500;
const ports = new Set<MessagePort>();
let feed: Feed | null = null;
let state: Told = { state: 'opening' };
/* All news of this one after that event. */
let latest: News[] = [];
let known: Wanted = { who: '', after: 0 };

function tell(told: Told): void {
  if ('state' in told) state = told;
  else latest.push(told);
  if (latest.length > KEPT) known.after = latest.shift()?.event ?? known.after;
  for (const port of ports) port.postMessage(told);
}

/* Tabs that hear something a second time then know it. */
function openAnew(wanted: Wanted): void {
  feed?.close();
  latest = [];
  known = { ...wanted };
  feed = openFeed(wanted.after, tell);
}

function open(port: MessagePort, wanted: Wanted): void {
  ports.add(port);
  if (!feed || wanted.who !== known.who || wanted.after < known.after) {
    openAnew(wanted);
    return;
  }
  port.postMessage(state);
  for (const news of latest) if (news.event > wanted.after) port.postMessage(news);
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
    said.data === 'close' ? close(port) : open(port, said.data);
  port.start();
});
