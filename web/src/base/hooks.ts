/* SPDX-License-Identifier: Apache-2.0 */
/* hooks - what pages share: loading with its four states, keys, drafts, the title. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Problem, sayProblem } from './api.ts';
import { type Growing, grown, NOTHING } from './incidents.ts';
import { type Draft, dropDraft, type Fields, keyOf, readDraft, writeDraft } from './kept.ts';
import { KINDS, type Live, type Page } from './model.ts';
import { onLive } from './stream.ts';
import { lang, t } from './words.ts';

export type Loaded<T> = {
  data: T | null;
  problem: Problem | null;
  isLoading: boolean;
  reload: () => void;
};

/* Loads again whenever `address` or the language changes; keeps showing the old answer meanwhile. */
export function useLoad<T>(address: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; problem: Problem | null; for: string }>({
    data: null,
    problem: null,
    for: '',
  });
  const [isLoading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const spoken = lang.value;

  useEffect(() => {
    if (!address) {
      setState({ data: null, problem: null, for: '' });
      setLoading(false);
      return undefined;
    }
    const asked = new AbortController();
    setLoading(true);
    load(asked.signal)
      .then((data) => {
        if (!asked.signal.aborted) setState({ data, problem: null, for: address });
      })
      .catch((cause) => {
        if (asked.signal.aborted) return;
        setState((old) => ({
          data: old.for === address ? old.data : null,
          problem: sayProblem(cause),
          for: address,
        }));
      })
      .finally(() => {
        if (!asked.signal.aborted) setLoading(false);
      });
    return () => asked.abort();
  }, [address, turn, spoken]);

  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { data: state.data, problem: state.problem, isLoading, reload };
}

/* True once something has taken long enough that a person wonders. */
export function useSlow(isWaiting: boolean, after_ms = 400): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setSlow(true), after_ms);
    return () => clearTimeout(timer);
  }, [isWaiting, after_ms]);
  return isSlow;
}

export type Keys = Record<string, (event: KeyboardEvent) => void>;

const isTypingIn = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));

/*
 * Single keys act only while nobody is typing and no dialog is open. A key acts as soon as what it
 * acts on is seen: hence before the paint.
 */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.isComposing || document.querySelector('dialog[open]')) return;
      if (isTypingIn(event.target) && event.key !== 'Escape') return;
      const act = latest.current[event.key];
      if (!act) return;
      /* Enter and Space belong to a focused button or link. */
      if (event.key === 'Enter' && (event.target as Element).closest('button, a, summary')) return;
      if (event.key === ' ' && (event.target as Element).closest('button, summary, input')) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

export function useLive(listener: (live: Live) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => onLive((live) => latest.current(live)), []);
}

/* News that is meant, heard at most once a second: many come together. */
export function useCalmly(isMeant: (live: Live) => boolean, act: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLive((live) => {
    if (!isMeant(live)) return;
    timer.current ??= setTimeout(() => {
      timer.current = null;
      act();
    }, 1000);
  });
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${t('ui.brand')}`;
  }, [title]);
}

/* A problem without a column says by its code which field it is about: "until.past", "domain.label". */
function placed(problem: Problem, fields: Fields): Problem {
  const about = problem.code.split('.')[0] ?? '';
  const field =
    about in fields ? about : (KINDS as readonly string[]).includes(about) ? 'value' : '';
  if (problem.column || !(field in fields)) return problem;
  return new Problem(problem.status, problem.code, problem.detail, field, problem.request);
}

export type Form = {
  fields: Fields;
  put: (name: string, value: string) => void;
  problem: Problem | null;
  isSending: boolean;
  /* Sends once; keeps the words when it fails and drops the draft when it worked. */
  submit: <T>(body: unknown, send: (key: string) => Promise<T>) => Promise<T | null>;
  clear: () => void;
  fail: (column: string, detail: string) => void;
};

export function useForm(name: string, empty: Fields): Form {
  const draft = useRef<Draft | null>(null);
  const opened = useRef('');
  if (!draft.current || opened.current !== name) {
    draft.current = readDraft(name, empty);
    opened.current = name;
  }
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const busy = useRef(false);

  return useMemo(() => {
    const held = () => draft.current as Draft;
    const turn = () => redraw((n) => n + 1);
    return {
      get fields() {
        return held().fields;
      },
      problem,
      isSending,
      put(field: string, value: string) {
        held().fields = { ...held().fields, [field]: value };
        writeDraft(name, held());
        if (problem) setProblem(null);
        turn();
      },
      async submit<T>(body: unknown, send: (key: string) => Promise<T>): Promise<T | null> {
        if (busy.current) return null;
        busy.current = true;
        setSending(true);
        setProblem(null);
        const key = keyOf(held(), JSON.stringify(body));
        writeDraft(name, held());
        try {
          const answer = await send(key);
          dropDraft(name);
          draft.current = { fields: { ...empty }, key: '', keyFor: '', at: Date.now() };
          return answer;
        } catch (cause) {
          setProblem(placed(sayProblem(cause), empty));
          return null;
        } finally {
          busy.current = false;
          setSending(false);
        }
      },
      clear() {
        dropDraft(name);
        draft.current = { fields: { ...empty }, key: '', keyFor: '', at: Date.now() };
        setProblem(null);
        turn();
      },
      fail(column: string, detail: string) {
        setProblem(new Problem(0, 'form', detail, column));
      },
    };
  }, [name, problem, isSending]);
}

/* True while the window is at most so wide. */
export function useNarrow(px: number): boolean {
  const asked = useMemo(() => matchMedia(`(max-width: ${px}px)`), [px]);
  const [isNarrow, setNarrow] = useState(asked.matches);
  useEffect(() => {
    const hear = () => setNarrow(asked.matches);
    asked.addEventListener('change', hear);
    return () => asked.removeEventListener('change', hear);
  }, [asked]);
  return isNarrow;
}

/* Pages of records that grow while somebody scrolls; `address` says which records. */
export function useGrowing<T>(
  address: string,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  idOf: (item: T) => string,
): { rows: Growing<T>; more: () => void; reload: () => void } {
  const [rows, setRows] = useState<Growing<T>>(NOTHING);
  const [turn, setTurn] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const latest = useRef(rows);
  latest.current = rows;
  const ask = (old: Growing<T> | null, asked: AbortController) => {
    latest.current = { ...latest.current, isLoading: true, problem: null };
    setRows(latest.current);
    void grown(old, (cursor) => load(cursor, asked.signal), idOf).then((loaded) => {
      if (!asked.signal.aborted) setRows(loaded);
    });
  };
  useEffect(() => {
    const asked = new AbortController();
    stop.current = asked;
    ask(null, asked);
    return () => asked.abort();
  }, [address, turn, lang.value]);
  const more = useCallback(() => {
    const old = latest.current;
    if (old.next && !old.isLoading && stop.current) ask(old, stop.current);
  }, [address]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { rows, more, reload };
}
