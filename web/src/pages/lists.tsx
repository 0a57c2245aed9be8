/* SPDX-License-Identifier: Apache-2.0 */
/* lists - every listing: found on the left, understood and decided on the right, by keyboard. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { count, countOf } from '../base/format.ts';
import { useKeys, useLive, useSlow, useTitle } from '../base/hooks.ts';
import {
  FILTERS,
  type Filter,
  hearRows,
  loadRows,
  NO_ROWS,
  putRow,
  type Rows,
} from '../base/listings.ts';
import { ACTIONS, KINDS, LISTING_STATES, type Listing, type Live } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { go, here, query, withQuery } from '../base/router.ts';
import { can } from '../base/session.ts';
import { lang, t, term } from '../base/words.ts';
import { ActionBadge, Clock, Key, KindIcon, StateBadge, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { VirtualList } from '../parts/list.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { BatchHead } from './batch.tsx';
import { ListingDetail } from './listing.tsx';
import { Proposal } from './proposal.tsx';

function filterOf(url: URL): Filter {
  const filter: Filter = {};
  for (const name of FILTERS) {
    const value = url.searchParams.get(name);
    if (value) filter[name] = value;
  }
  return filter;
}

const SOON_MS = 24 * 3_600_000;

function RowTime({ item }: { item: Listing }) {
  if (item.state === 'in_force')
    return <Clock due={item.until} soon_ms={SOON_MS} isPlain key_left="ui.time.lapses" />;
  return <When at={item.ended_at ?? item.decided_at ?? item.proposed_at} />;
}

function Row({ item, isOn }: { item: Listing; isOn: boolean }) {
  const profile = useProfile();
  return (
    <a
      class="row"
      href={withQuery({ id: item.listing, new: '' })}
      aria-current={isOn ? 'true' : undefined}
    >
      <KindIcon kind={item.kind} />
      <span class="row-body">
        <span class="row-line">
          <code class="row-value">{item.display}</code>
          <ActionBadge action={item.action} />
        </span>
        <span class="row-line quiet">
          <span class="row-note">{wordOf(profile?.reasons, item.reason)}</span>
          <StateBadge state={item.state} />
          <RowTime item={item} />
        </span>
      </span>
    </a>
  );
}

function Select(props: { name: 'kind' | 'action'; words: readonly string[]; family: string }) {
  return (
    <select
      class="select small"
      aria-label={t(`ui.filter.${props.name}`)}
      value={query(props.name)}
      onChange={(event) => go(withQuery({ [props.name]: event.currentTarget.value, id: '' }))}
    >
      <option value="">{t(`ui.filter.${props.name}.all`)}</option>
      {props.words.map((w) => (
        <option key={w} value={w}>
          {term(props.family, w)}
        </option>
      ))}
    </select>
  );
}

function SearchField() {
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const asked = query('q');
  useEffect(() => {
    if (box.current && document.activeElement !== box.current) box.current.value = asked;
  }, [asked]);
  useKeys({
    '/': () => {
      box.current?.focus();
      box.current?.select();
    },
  });
  const ask = (value: string) => go(withQuery({ q: value.trim(), id: '' }), 'replace');
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        clearTimeout(timer.current);
        ask(box.current?.value ?? '');
        box.current?.blur();
      }}
    >
      <Icon name="search" size={18} />
      <input
        ref={box}
        type="search"
        defaultValue={asked}
        aria-label={t('ui.filter.q')}
        placeholder={t('ui.filter.q')}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          const value = event.currentTarget.value;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => ask(value), 250);
        }}
      />
      <Key>/</Key>
    </form>
  );
}

function Filters() {
  const state = query('state');
  const source = query('source');
  return (
    <div class="filters">
      <SearchField />
      {query('q') && <p class="hint">{t('ui.filter.q_hint')}</p>}
      <nav class="tabs" aria-label={t('ui.filter.state')}>
        {['', ...LISTING_STATES].map((s) => (
          <a
            key={s}
            href={withQuery({ state: s, id: '' })}
            aria-current={state === s ? 'true' : undefined}
          >
            {s ? term('state', s) : t('ui.filter.all')}
          </a>
        ))}
      </nav>
      <div class="filter-row">
        <Select name="kind" words={KINDS} family="kind" />
        <Select name="action" words={ACTIONS} family="action" />
        {source && (
          <a class="chip" href={withQuery({ source: '', id: '' })}>
            {t('ui.fact.source')}: {source}
            <Icon name="cross" size={14} />
            <span class="unseen">{t('ui.filter.drop')}</span>
          </a>
        )}
      </div>
    </div>
  );
}

/* The rows of the present filter, kept live; see base/listings.ts. */
function useRows(): {
  rows: Rows;
  more: () => void;
  reload: () => void;
  put: (l: Listing) => void;
} {
  const filter = filterOf(here.value);
  const address = JSON.stringify(filter);
  const [rows, setRows] = useState<Rows>(NO_ROWS);
  const [turn, setTurn] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const latest = useRef(rows);
  latest.current = rows;
  /* News since the question that has no answer yet. */
  const meanwhile = useRef<Live[] | null>(null);
  const ask = (old: Rows | null, asked: AbortController) => {
    const news: Live[] = [];
    meanwhile.current = news;
    void loadRows(filter, old, asked.signal).then((loaded) => {
      if (asked.signal.aborted) return;
      meanwhile.current = null;
      setRows(news.reduce((all, live) => hearRows(all, live, filter), loaded));
    });
  };
  useEffect(() => {
    const asked = new AbortController();
    stop.current = asked;
    setRows((old) => ({ ...old, isLoading: true, problem: null }));
    ask(null, asked);
    return () => asked.abort();
  }, [address, turn, lang.value]);
  useLive((live) => {
    meanwhile.current?.push(live);
    setRows((old) => hearRows(old, live, filter));
  });
  const more = useCallback(() => {
    const old = latest.current;
    const asked = stop.current;
    if (!old.next || old.isLoading || !asked) return;
    latest.current = { ...old, isLoading: true };
    setRows(latest.current);
    ask(old, asked);
  }, [address]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const put = useCallback((l: Listing) => setRows((old) => putRow(old, l)), []);
  return { rows, more, reload, put };
}

function NoRows({ hasFilter }: { hasFilter: boolean }) {
  if (hasFilter)
    return (
      <Empty icon="search" title={t('ui.lists.none_match')}>
        <a class="button" href="/lists">
          {t('ui.lists.clear')}
        </a>
      </Empty>
    );
  return (
    <Empty icon="lists" title={t('ui.lists.empty')}>
      <p>{t('ui.lists.empty_text')}</p>
      {can('listing.propose') && (
        <a class="button primary" href="/lists?new=1">
          <Icon name="plus" />
          {t('ui.lists.new')}
          <Key>n</Key>
        </a>
      )}
    </Empty>
  );
}

function Fresh({ rows, show }: { rows: Rows; show: () => void }) {
  const n = rows.fresh.size;
  return (
    <div class="fresh" aria-live="polite">
      {n > 0 && (
        <button type="button" onClick={show}>
          <Icon name="up" size={16} />
          {t('ui.lists.fresh', { n: count(n) })}
        </button>
      )}
    </div>
  );
}

function ListSide(props: {
  rows: Rows;
  at: number;
  toTop: number;
  more: () => void;
  reload: () => void;
  showFresh: () => void;
}) {
  const { rows } = props;
  const isSlow = useSlow(rows.isLoading);
  const hasFilter = Object.keys(filterOf(here.value)).length > 0;
  return (
    <section class="list-side" aria-label={t('ui.nav.lists')}>
      <header class="list-head">
        <p class="list-title" aria-hidden="true">
          {t('ui.nav.lists')}
        </p>
        <span class="quiet" role="status">
          {rows.isLoading && isSlow
            ? t('ui.slow.list')
            : !rows.isLoading && !rows.problem && t('ui.lists.count', { n: countOf(rows) })}
        </span>
        {can('listing.propose') && (
          <a class="button primary small" href={withQuery({ new: '1', id: '' })}>
            <Icon name="plus" size={16} />
            {t('ui.lists.new_short')}
            <Key>n</Key>
          </a>
        )}
      </header>
      <Filters />
      <Fresh rows={rows} show={props.showFresh} />
      {rows.problem && !rows.items.length ? (
        <Broken problem={rows.problem} again={props.reload} works={t('ui.lists.broken')} />
      ) : rows.items.length ? (
        <VirtualList
          items={rows.items}
          keyOf={(l) => l.listing}
          row={(l, i) => <Row item={l} isOn={i === props.at} />}
          row_rem={4.25}
          total={rows.total}
          label={t('ui.nav.lists')}
          selected={props.at}
          onEnd={props.more}
          toTop={props.toTop}
        />
      ) : rows.isLoading ? (
        <Waiting what={t('ui.slow.list')} />
      ) : (
        <NoRows hasFilter={hasFilter} />
      )}
    </section>
  );
}

function NothingOpen() {
  return (
    <div class="detail-none">
      <Empty icon="lists" title={t('ui.lists.pick')}>
        <dl class="keys">
          {(['j k', 'Enter', 'a', 'r', 'l', 'n', '/'] as const).map((k) => (
            <div key={k}>
              <dt>
                {k.split(' ').map((one) => (
                  <Key key={one}>{one}</Key>
                ))}
              </dt>
              <dd>{t(`ui.keys.${k === '/' ? 'search' : k.split(' ')[0]?.toLowerCase()}`)}</dd>
            </div>
          ))}
        </dl>
      </Empty>
    </div>
  );
}

export function Lists() {
  useTitle(t('ui.nav.lists'));
  const { rows, more, reload, put } = useRows();
  const [toTop, setToTop] = useState(0);
  const id = query('id');
  const isNew = query('new') === '1';
  const batch = query('batch');
  const at = rows.items.findIndex((l) => l.listing === id);
  const step = (by: number) => {
    const next = rows.items[Math.max(0, Math.min(rows.items.length - 1, at + by))];
    if (next) go(withQuery({ id: next.listing, new: '' }), id ? 'replace' : 'push');
  };
  useKeys({
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(at < 0 ? 1 : -1),
    ArrowUp: () => step(at < 0 ? 1 : -1),
    n: () => can('listing.propose') && go(withQuery({ new: '1', id: '' })),
    Enter: () => document.getElementById('detail')?.focus(),
    Escape: () => id && go(withQuery({ id: '', new: '' })),
  });
  const showFresh = () => {
    reload();
    setToTop((n) => n + 1);
  };
  return (
    <div class={id || isNew ? 'split open' : 'split'}>
      <h1 class="unseen">{t('ui.nav.lists')}</h1>
      <ListSide
        rows={rows}
        at={at}
        toTop={toTop}
        more={more}
        reload={reload}
        showFresh={showFresh}
      />
      <section class="detail-side" aria-label={t('ui.lists.detail')}>
        {batch && !isNew && <BatchHead batch={batch} rows={rows} reload={reload} />}
        {isNew ? (
          <Proposal
            done={(l) => {
              reload();
              go(withQuery({ new: '', id: l.listing, value: '', kind: query('kind') }), 'replace');
            }}
          />
        ) : id ? (
          <ListingDetail key={id} id={id} row={rows.items[at]} changed={put} />
        ) : (
          !batch && <NothingOpen />
        )}
      </section>
    </div>
  );
}
