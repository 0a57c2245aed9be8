/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream-feed - one EventSource with its states; opens again by itself, slower each time, after the
 * last event that it heard.
 */

export type News = {
  event: number;
  live: { id: string; name: string } & Record<string, string>;
};
export type Told = { state: 'opening' | 'open' | 'lost' } | News;

export type Feed = { close(): void };

const NAMES = [
  'listing',
  'appeal',
  'user',
  'batch',
  'tally',
  'incident',
  'report',
  'order',
  'receipt',
  'round',
  'share',
  'suspicion',
  'box',
  'alert',
  'outreach',
];
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;

/* after: the last event before what the page has loaded. */
export function openFeed(after: number, tell: (told: Told) => void): Feed {
  let heard = after;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait_ms = FIRST_WAIT_MS;
  let isClosed = false;

  function hear(event: MessageEvent<string>): void {
    try {
      const said = JSON.parse(event.data);
      /* A leaf's index is what the ledger calls this; the event's own id is for resuming. */
      const id = String(said.leaf ?? event.lastEventId);
      heard = Number(event.lastEventId);
      tell({ event: heard, live: { ...said, name: event.type, id } });
    } catch {
      /* one unreadable event is no reason to lose the next */
    }
  }

  function open(): void {
    tell({ state: 'opening' });
    source = new EventSource(`/v1/stream?after=${heard}`);
    source.onopen = () => {
      wait_ms = FIRST_WAIT_MS;
      tell({ state: 'open' });
    };
    source.onerror = () => {
      tell({ state: 'lost' });
      if (source?.readyState !== EventSource.CLOSED || isClosed) return;
      timer = setTimeout(open, wait_ms);
      wait_ms = Math.min(2 * wait_ms, LONGEST_WAIT_MS);
    };
    for (const name of NAMES) source.addEventListener(name, hear);
  }

  open();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
