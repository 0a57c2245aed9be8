/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api - one door to the server: JSON in and out, problems as values with a field and a sentence,
 * and signals that say whether the line is slow or gone.
 */
import { computed, signal } from '@preact/signals';
import { setServerTime } from './time.ts';
import { lang, t } from './words.ts';

export class Problem extends Error {
  constructor(
    readonly status: number /* 0: no answer at all */,
    readonly code: string,
    readonly detail: string,
    readonly column = '',
    readonly request = '',
  ) {
    super(detail);
  }
}

const SLOW_MS = 2500;
const TIMEOUT_MS = 30_000;
const slowCount = signal(0);
const isCut = signal(!navigator.onLine);

export const isSlow = computed(() => slowCount.value > 0);
export const isOffline = computed(() => isCut.value);

addEventListener('online', () => {
  isCut.value = false;
});
addEventListener('offline', () => {
  isCut.value = true;
});

/* Set by session.ts: what to do when the server no longer knows us. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

export type Sending = {
  key?: string;
  type?: string;
  signal?: AbortSignal;
  quiet?: boolean;
  patience_ms?: number /* a large file is read before there is an answer */;
  accept?: string;
};

type Method = 'GET' | 'POST' | 'DELETE';

function headersOf(body: unknown, how: Sending): Headers {
  const headers = new Headers({
    Accept: how.accept ?? 'application/json',
    'Accept-Language': lang.value,
  });
  if (body !== undefined) headers.set('Content-Type', how.type ?? 'application/json');
  if (how.key) headers.set('Idempotency-Key', how.key);
  return headers;
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Record<string, string>;
  const detail = body.detail || body.title || t('ui.broken.status', { status: answer.status });
  return new Problem(answer.status, body.code ?? '', detail, body.column ?? '', body.request ?? '');
}

async function send(method: Method, path: string, body: unknown, how: Sending): Promise<Response> {
  const asked = new AbortController();
  const giveUp = setTimeout(() => asked.abort(), how.patience_ms ?? TIMEOUT_MS);
  how.signal?.addEventListener('abort', () => asked.abort());
  try {
    const init: RequestInit = {
      method,
      headers: headersOf(body, how),
      credentials: 'same-origin',
      signal: asked.signal,
    };
    if (body !== undefined) init.body = how.type ? (body as BodyInit) : JSON.stringify(body);
    const answer = await fetch(path, init);
    isCut.value = false;
    return answer;
  } catch (cause) {
    if (how.signal?.aborted) throw cause;
    isCut.value = !asked.signal.aborted;
    throw new Problem(
      0,
      'offline',
      t(asked.signal.aborted ? 'ui.broken.timeout' : 'ui.broken.offline'),
    );
  } finally {
    clearTimeout(giveUp);
  }
}

async function ask<T>(
  method: Method,
  path: string,
  body: unknown,
  how: Sending,
  read: (answer: Response) => Promise<T>,
): Promise<T> {
  let counted = false;
  const slow = setTimeout(() => {
    counted = true;
    slowCount.value += 1;
  }, SLOW_MS);
  try {
    const answer = await send(method, path, body, how);
    setServerTime(answer.headers.get('Date'));
    if (!answer.ok) {
      if (answer.status === 401 && !how.quiet) onSignedOut();
      throw await problemOf(answer);
    }
    return await read(answer);
  } finally {
    clearTimeout(slow);
    if (counted) slowCount.value -= 1;
  }
}

export const call = <T>(method: Method, path: string, body?: unknown, how: Sending = {}) =>
  ask<T>(method, path, body, how, async (answer) =>
    answer.status === 204 ? (undefined as T) : await answer.json(),
  );

/* The same address in another form, such as CSV or PDF: the bytes, to be kept as a file. */
export const getFile = (path: string, accept: string, how: Sending = {}) =>
  ask('GET', path, undefined, { patience_ms: 120_000, ...how, accept }, (answer) => answer.blob());

export const get = <T>(path: string, how?: Sending) => call<T>('GET', path, undefined, how);
export const post = <T>(path: string, body: unknown, how?: Sending) =>
  call<T>('POST', path, body, how);

/* What a person reads when something did not work; never a stack trace. */
export function sayProblem(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem(-1, 'console', t('ui.broken.console'));
}

/* "?a=1&b=2" of what is not empty. */
export function search(values: Record<string, string | number | undefined>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') asked.set(name, String(value));
  const text = asked.toString();
  return text ? `?${text}` : '';
}
