/* SPDX-License-Identifier: Apache-2.0 */
/* conflicts - the analyst's queue: looked at one by one, decided one or many, by keyboard. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get, post } from '../base/api.ts';
import {
  type Choice,
  DECIDE_MOST,
  loadQueue,
  mayAll,
  NO_QUEUE,
  nextAfter,
  type Queue,
  type QueueFilter,
  turned,
} from '../base/conflicts.ts';
import { count } from '../base/format.ts';
import { useKeys, useLoad, useSlow, useTitle } from '../base/hooks.ts';
import {
  CONFLICT_RULES,
  CONFLICT_STATES,
  type Conflict,
  type Decided,
  type Page,
  type Source,
} from '../base/model.ts';
import { go, query, withQuery } from '../base/router.ts';
import { can } from '../base/session.ts';
import { lang, t, term } from '../base/words.ts';
import { Ask, type Question } from '../parts/ask.tsx';
import { ActionBadge, Key, KindIcon, When } from '../parts/bits.tsx';
import { DecidedNote } from '../parts/decided.tsx';
import { Icon } from '../parts/icon.tsx';
import { VirtualList } from '../parts/list.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { BothSides, ConflictBadge, RuleBadge } from './conflict.tsx';

type Act = 'dismiss' | 'list';

const REASONS: Record<Act, string[]> = {
  dismiss: ['official', 'checked', 'freed'],
  list: ['verified', 'again', 'hacked'],
};

const filterNow = (): QueueFilter => ({
  state: query('state') || 'open',
  rule: query('rule'),
  source: query('source'),
  value: query('value'),
});

function useQueue() {
  const filter = filterNow();
  const address = JSON.stringify(filter);
  const [queue, setQueue] = useState<Queue>(NO_QUEUE);
  const [turn, setTurn] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const latest = useRef(queue);
  latest.current = queue;
  useEffect(() => {
    const asked = new AbortController();
    stop.current = asked;
    setQueue((old) => ({ ...old, isLoading: true, problem: null }));
    void loadQueue(filter, null, asked.signal).then((loaded) => {
      if (!asked.signal.aborted) setQueue(loaded);
    });
    return () => asked.abort();
  }, [address, turn, lang.value]);
  const more = useCallback(() => {
    const old = latest.current;
    const asked = stop.current;
    if (!old.next || old.isLoading || !asked) return;
    latest.current = { ...old, isLoading: true };
    setQueue(latest.current);
    void loadQueue(filter, old, asked.signal).then((loaded) => {
      if (!asked.signal.aborted) setQueue(loaded);
    });
  }, [address]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { queue, more, reload, address };
}

function Filters() {
  const asked = '/v1/sources?role=enforces&limit=500';
  const sources = useLoad<Page<Source>>(asked, (signal) => get(asked, { signal }));
  const state = query('state') || 'open';
  const source = query('source');
  const names = [...new Set([...(sources.data?.items ?? []).map((s) => s.name), source])]
    .filter(Boolean)
    .sort();
  const pick = (name: string) => (event: Event) =>
    go(withQuery({ [name]: (event.currentTarget as HTMLSelectElement).value, id: '' }));
  return (
    <div class="filters">
      <nav class="tabs" aria-label={t('ui.filter.state')}>
        {[...CONFLICT_STATES, 'all'].map((s) => (
          <a
            key={s}
            href={withQuery({ state: s === 'open' ? '' : s, id: '' })}
            aria-current={state === s ? 'true' : undefined}
          >
            {s === 'all' ? t('ui.filter.all') : term('state', s)}
          </a>
        ))}
      </nav>
      <div class="filter-row">
        <select
          class="select small"
          aria-label={t('ui.conflicts.rule')}
          value={query('rule')}
          onChange={pick('rule')}
        >
          <option value="">{t('ui.conflicts.rule.all')}</option>
          {CONFLICT_RULES.map((r) => (
            <option key={r} value={r}>
              {term('rule', r)}
            </option>
          ))}
        </select>
        <select
          class="select small"
          aria-label={t('ui.fact.source')}
          value={source}
          onChange={pick('source')}
        >
          <option value="">{t('ui.conflicts.source.all')}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {query('value') && (
          <a class="chip" href={withQuery({ value: '', id: '' })}>
            {query('value')}
            <Icon name="cross" size={14} />
            <span class="unseen">{t('ui.filter.drop')}</span>
          </a>
        )}
      </div>
    </div>
  );
}

function Row(props: { item: Conflict; isOn: boolean; isChosen: boolean; turn: () => void }) {
  const { item } = props;
  return (
    <div class="row" data-on={props.isOn || undefined}>
      {item.may.includes('dismiss') && (
        <input
          type="checkbox"
          class="pick"
          checked={props.isChosen}
          aria-label={t('ui.conflicts.select', { value: item.value })}
          onChange={props.turn}
        />
      )}
      <a
        class="row-body"
        href={withQuery({ id: item.conflict })}
        aria-current={props.isOn ? 'true' : undefined}
      >
        <span class="row-line">
          <KindIcon kind={item.kind} size={18} />
          <code class="row-value">{item.value}</code>
          <ActionBadge action={item.action} />
        </span>
        <span class="row-line quiet">
          <span class="row-note">{item.source}</span>
          {item.state === 'open' ? (
            <RuleBadge rule={item.rule} />
          ) : (
            <ConflictBadge state={item.state} />
          )}
          <When at={item.decided_at ?? item.found_at} />
        </span>
      </a>
    </div>
  );
}

function None() {
  const f = filterNow();
  if (f.rule || f.source || f.value || f.state !== 'open')
    return (
      <Empty icon="search" title={t('ui.conflicts.none_match')}>
        <a class="button" href="/conflicts">
          {t('ui.lists.clear')}
        </a>
      </Empty>
    );
  return (
    <Empty icon="pass" title={t('ui.conflicts.empty')}>
      <p>{t('ui.conflicts.empty_text')}</p>
    </Empty>
  );
}

function ListSide(props: {
  queue: Queue;
  at: number;
  chosen: Choice;
  choose: (chosen: Choice) => void;
  more: () => void;
  reload: () => void;
}) {
  const { queue, chosen } = props;
  const isSlow = useSlow(queue.isLoading);
  return (
    <section class="list-side" aria-label={t('ui.nav.conflicts')}>
      <header class="list-head">
        <p class="list-title" aria-hidden="true">
          {t('ui.nav.conflicts')}
        </p>
        <span class="quiet" role="status">
          {queue.isLoading && isSlow
            ? t('ui.slow.list')
            : !queue.isLoading &&
              !queue.problem &&
              t('ui.conflicts.count', { n: count(queue.total) })}
        </span>
      </header>
      <Filters />
      {queue.problem && !queue.items.length ? (
        <Broken problem={queue.problem} again={props.reload} works={t('ui.conflicts.broken')} />
      ) : queue.items.length ? (
        <VirtualList
          items={queue.items}
          keyOf={(c) => c.conflict}
          row={(c, i) => (
            <Row
              item={c}
              isOn={i === props.at}
              isChosen={chosen.has(c.conflict)}
              turn={() => props.choose(turned(chosen, c.conflict))}
            />
          )}
          row_rem={4.25}
          total={queue.total}
          label={t('ui.nav.conflicts')}
          selected={props.at}
          onEnd={props.more}
        />
      ) : queue.isLoading ? (
        <Waiting what={t('ui.slow.list')} />
      ) : (
        <None />
      )}
    </section>
  );
}

function NothingOpen() {
  const keys = [
    ['j k', 'ui.keys.j'],
    ['Space', 'ui.keys.space'],
    ['x', 'ui.keys.x'],
    ['d', 'ui.keys.d'],
    ['l', 'ui.keys.list'],
  ] as const;
  return (
    <div class="detail-none">
      <Empty icon="conflict" title={t('ui.conflicts.pick')}>
        <p>{t('ui.conflicts.what')}</p>
        <dl class="keys">
          {keys.map(([key, name]) => (
            <div key={key}>
              <dt>
                {key.split(' ').map((one) => (
                  <Key key={one}>{one}</Key>
                ))}
              </dt>
              <dd>{t(name)}</dd>
            </div>
          ))}
        </dl>
      </Empty>
    </div>
  );
}

function questionOf(act: Act, items: Conflict[]): Question<Decided> {
  const ids = items.map((c) => c.conflict);
  return {
    draft: `conflicts.${act}.${ids.length > 1 ? 'many' : ids[0]}`,
    about: ids,
    label: t(`ui.conflicts.${act}`),
    effect: t(`ui.conflicts.${act}.effect`, { n: count(ids.length) }),
    confirm: t(`ui.conflicts.${act}.confirm`),
    why: t(`ui.conflicts.${act}.why`),
    reasons: REASONS[act].map((r) => t(`ui.conflicts.${act}.${r}`)),
    send: ({ why }, key) =>
      post<Decided>('/v1/conflicts/decide', { decision: act, why, conflicts: ids }, { key }),
  };
}

/* Acts on what is selected, or on the one that is looked at. */
function Deeds(props: {
  subjects: Conflict[];
  chosen: Choice;
  queue: Queue;
  choose: (chosen: Choice) => void;
  open: (act: Act) => void;
}) {
  const { subjects, chosen, queue } = props;
  const n = chosen.size;
  const many = (act: Act) =>
    n > 0 ? t(`ui.conflicts.${act}_n`, { n: count(n) }) : t(`ui.conflicts.${act}`);
  if (!can('conflict.dismiss'))
    return subjects.some((c) => c.state === 'open') ? (
      <p class="quiet">{t('ui.conflicts.nobody')}</p>
    ) : null;
  if (!mayAll(subjects, 'dismiss')) return null;
  const most = Math.min(queue.items.length, DECIDE_MOST);
  return (
    <div class="acts">
      <button type="button" class="button primary" onClick={() => props.open('dismiss')}>
        <Icon name="cross" size={18} />
        {many('dismiss')}
        <Key>d</Key>
      </button>
      {mayAll(subjects, 'list') ? (
        <button type="button" class="button" onClick={() => props.open('list')}>
          <Icon name="plus" size={18} />
          {many('list')}
          <Key>l</Key>
        </button>
      ) : (
        <span class="quiet">{t('ui.conflicts.own_cannot')}</span>
      )}
      {n > 0 ? (
        <button type="button" class="button ghost" onClick={() => props.choose(new Set())}>
          {t('ui.conflicts.clear')}
          <Key>Esc</Key>
        </button>
      ) : (
        queue.items.length > 1 && (
          <button
            type="button"
            class="button ghost"
            onClick={() => props.choose(allOf(queue.items))}
          >
            {t('ui.conflicts.select_all', { n: count(most) })}
            <Key>x</Key>
          </button>
        )
      )}
      <span class="quiet" role="status">
        {n > 0 && t('ui.conflicts.chosen', { n: count(n) })}{' '}
        {n >= DECIDE_MOST && t('ui.conflicts.chosen_most')}
      </span>
    </div>
  );
}

const allOf = (items: Conflict[]): Choice =>
  new Set(
    items
      .filter((c) => c.may.includes('dismiss'))
      .slice(0, DECIDE_MOST)
      .map((c) => c.conflict),
  );

export function Conflicts() {
  useTitle(t('ui.nav.conflicts'));
  const { queue, more, reload, address } = useQueue();
  const [chosen, setChosen] = useState<Choice>(new Set());
  const [act, setAct] = useState<Act | null>(null);
  const [answer, setAnswer] = useState<Decided | null>(null);
  const id = query('id');
  const at = queue.items.findIndex((c) => c.conflict === id);
  const item = queue.items[at];
  const picked = queue.items.filter((c) => chosen.has(c.conflict));
  const subjects = picked.length ? picked : item ? [item] : [];
  useEffect(() => {
    setChosen(new Set());
    setAct(null);
  }, [address]);
  const step = (by: number) => {
    const next = queue.items[Math.max(0, Math.min(queue.items.length - 1, at + by))];
    if (!next) return;
    setAct(null);
    go(withQuery({ id: next.conflict }), id ? 'replace' : 'push');
  };
  const open = (a: Act) => {
    if (!mayAll(subjects, a)) return;
    setAnswer(null);
    setAct(a);
  };
  const leave = () => {
    if (chosen.size) setChosen(new Set());
    else if (id) go(withQuery({ id: '' }));
  };
  useKeys({
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(at < 0 ? 1 : -1),
    ArrowUp: () => step(at < 0 ? 1 : -1),
    ' ': () => item?.may.includes('dismiss') && setChosen(turned(chosen, item.conflict)),
    x: () => setChosen(allOf(queue.items)),
    d: () => open('dismiss'),
    l: () => open('list'),
    Escape: leave,
  });
  const done = (told: Decided) => {
    const gone = new Set(subjects.map((c) => c.conflict));
    setAnswer(told);
    setAct(null);
    setChosen(new Set());
    if (filterNow().state === 'open')
      go(withQuery({ id: nextAfter(queue.items, gone, id) }), 'replace');
    reload();
  };
  return (
    <div class={id || picked.length ? 'split open' : 'split'}>
      <h1 class="unseen">{t('ui.nav.conflicts')}</h1>
      <ListSide
        queue={queue}
        at={at}
        chosen={chosen}
        choose={setChosen}
        more={more}
        reload={reload}
      />
      <section class="detail-side" aria-label={t('ui.lists.detail')}>
        {item || subjects.length || answer ? (
          <article class="detail single" aria-busy={queue.isLoading}>
            <div class="detail-main">
              {answer && <DecidedNote answer={answer} />}
              {act ? (
                <Ask
                  key={act}
                  question={questionOf(act, subjects)}
                  done={done}
                  close={() => setAct(null)}
                />
              ) : (
                <Deeds
                  subjects={subjects}
                  chosen={chosen}
                  queue={queue}
                  choose={setChosen}
                  open={open}
                />
              )}
              {item && <BothSides key={item.conflict} item={item} />}
            </div>
          </article>
        ) : (
          !queue.isLoading && <NothingOpen />
        )}
      </section>
    </div>
  );
}
