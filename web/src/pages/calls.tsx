/* SPDX-License-Identifier: Apache-2.0 */
/* calls - what became of the calls that carriers had screened, and when their records last came. */
import { useEffect } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import {
  addDays,
  allOf,
  type CallDay,
  type CallFeed,
  type Calls,
  everyDay,
  OUTCOMES,
  type Outcome,
  spanOfDays,
  sumOf,
} from '../base/calls.ts';
import { count } from '../base/format.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import type { Page } from '../base/model.ts';
import type { Provider } from '../base/providers.ts';
import { go, query, withQuery } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { Badge, type Colour, When } from '../parts/bits.tsx';
import { Stacks } from '../parts/chart.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';

const LOOK: Record<Outcome, [IconName, Colour]> = {
  passed: ['pass', 'jade'],
  announced: ['warn', 'ochre'],
  blocked: ['block', 'cinnabar'],
  refused: ['cross', 'ink'],
  unanswered: ['off', 'ink'],
};

const AGAIN_MS = 60_000; /* as often as the server counts */

function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const [icon, colour] = LOOK[outcome];
  return (
    <Badge icon={icon} colour={colour}>
      {term('call_outcome', outcome)}
    </Badge>
  );
}

function Sums({ data }: { data: Calls }) {
  const sums = sumOf(data.days);
  return (
    <dl class="card tallies">
      <div>
        <dt>{t('ui.calls.all')}</dt>
        <dd>{count(allOf(sums))}</dd>
      </div>
      {OUTCOMES.map((o) => (
        <div key={o}>
          <dt>{term('call_outcome', o)}</dt>
          <dd>{count(sums[o])}</dd>
        </div>
      ))}
    </dl>
  );
}

const cell = (o: Outcome) => ({ 'data-name': term('call_outcome', o), class: 'num' });

function DayTable({ days }: { days: CallDay[] }) {
  return (
    <table class="cards">
      <caption class="unseen">{t('ui.calls.by_day')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('ui.calls.day')}</th>
          {OUTCOMES.map((o) => (
            <th key={o} scope="col" class="num">
              {term('call_outcome', o)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...days].reverse().map((d) => (
          <tr key={d.day}>
            <td data-name={t('ui.calls.day')} class="nowrap">
              {d.day}
            </td>
            {OUTCOMES.map((o) => (
              <td key={o} {...cell(o)}>
                {count(d[o])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/* What passed is not drawn: it is a hundred times as much, and the question is about the rest. */
function Days({ data }: { data: Calls }) {
  const days = everyDay(data);
  const sayDay = (d: CallDay) =>
    t('ui.calls.day_say', {
      day: d.day,
      blocked: count(d.blocked),
      announced: count(d.announced),
      passed: count(d.passed),
    });
  return (
    <section class="card">
      <h2>{t('ui.calls.question')}</h2>
      <p class="hint">
        <span class="swatch lower" />
        {term('call_outcome', 'blocked')} <span class="swatch upper" />
        {term('call_outcome', 'announced')} · {t('ui.calls.not_drawn')}
      </p>
      <Stacks
        say={t('ui.calls.question')}
        stacks={days.map((d) => ({
          label: d.day,
          lower: d.blocked,
          upper: d.announced,
          say: sayDay(d),
        }))}
      />
      <details>
        <summary>{t('ui.calls.by_day')}</summary>
        <DayTable days={days} />
      </details>
    </section>
  );
}

type Names = (id: string | undefined) => string;

function Reasons({ data, nameOf }: { data: Calls; nameOf: Names }) {
  return (
    <section class="card">
      <h2>{t('ui.calls.by_reason')}</h2>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">{t('ui.calls.trunk')}</th>
            <th scope="col">{t('ui.calls.reason')}</th>
            <th scope="col">{t('ui.calls.outcome')}</th>
            <th scope="col" class="num">
              {t('ui.calls.calls')}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((l) => (
            <tr key={`${l.carrier}/${l.trunk}/${l.reason}/${l.outcome}`}>
              <td data-name={t('ui.calls.trunk')}>
                <code>{l.trunk}</code> <span class="quiet">{nameOf(l.carrier)}</span>
              </td>
              <td data-name={t('ui.calls.reason')}>{term('call_reason', l.reason)}</td>
              <td data-name={t('ui.calls.outcome')}>
                <OutcomeBadge outcome={l.outcome} />
              </td>
              <td data-name={t('ui.calls.calls')} class="num">
                {count(l.calls)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const FEED_COUNTS = ['accepted', 'late', 'duplicate', 'refused', 'matched'] as const;

function Feed({ feed, nameOf }: { feed: CallFeed; nameOf: Names }) {
  const carrier = feed.carrier ? nameOf(feed.carrier) : t('ui.calls.own');
  return (
    <tr>
      <td data-name={t('ui.calls.carrier')}>{carrier}</td>
      <td data-name={t('ui.calls.heard')}>
        {feed.heard_at ? <When at={feed.heard_at} /> : t('ui.providers.never')}
      </td>
      <td data-name={t('ui.calls.newest')}>
        <When at={feed.newest_at} />
      </td>
      {FEED_COUNTS.map((c) => (
        <td key={c} data-name={t(`ui.calls.feed.${c}`)} class="num">
          {count(feed[c])}
        </td>
      ))}
    </tr>
  );
}

/* A feed that stops is one whose times stand still. */
function Records({ data, nameOf }: { data: Calls; nameOf: Names }) {
  return (
    <section class="card">
      <h2>{t('ui.calls.records')}</h2>
      {data.carriers.length ? (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">{t('ui.calls.carrier')}</th>
              <th scope="col">{t('ui.calls.heard')}</th>
              <th scope="col">{t('ui.calls.newest')}</th>
              {FEED_COUNTS.map((c) => (
                <th key={c} scope="col" class="num">
                  {t(`ui.calls.feed.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.carriers.map((f) => (
              <Feed key={f.carrier} feed={f} nameOf={nameOf} />
            ))}
          </tbody>
        </table>
      ) : (
        <p class="quiet">{t('ui.calls.no_records')}</p>
      )}
      {data.carriers.length > 0 && <p class="hint">{t('ui.calls.records_hint')}</p>}
    </section>
  );
}

const SPANS = [7, 30, 90, 365] as const;
const USUAL = 30;

function Span({ data }: { data: Calls }) {
  const span = spanOfDays(data.from, data.to);
  return (
    <select
      class="select small"
      aria-label={t('ui.calls.span')}
      value={String(span)}
      onChange={(event) => {
        const n = Number(event.currentTarget.value);
        go(withQuery({ from: n === USUAL ? '' : addDays(data.to, 1 - n) }), 'replace');
      }}
    >
      {[...new Set([...SPANS, span])]
        .sort((a, b) => a - b)
        .map((n) => (
          <option key={n} value={String(n)}>
            {t('ui.calls.days', { n })}
          </option>
        ))}
    </select>
  );
}

function Nothing({ data }: { data: Calls }) {
  return (
    <Empty icon="number" title={t(data.until ? 'ui.calls.empty' : 'ui.calls.closed')}>
      <p>{t(data.until ? 'ui.calls.empty_text' : 'ui.calls.closed_text')}</p>
    </Empty>
  );
}

function Shown({ data, nameOf }: { data: Calls; nameOf: Names }) {
  return (
    <>
      {data.days.length ? (
        <>
          <Sums data={data} />
          <Days data={data} />
          <Reasons data={data} nameOf={nameOf} />
        </>
      ) : (
        <Nothing data={data} />
      )}
      <Records data={data} nameOf={nameOf} />
    </>
  );
}

export function CallsPage() {
  const carrier = query('carrier');
  const address = `/v1/calls${search({ carrier, from: query('from'), to: query('to') })}`;
  const { data, problem, isLoading, reload } = useLoad<Calls>(address, (signal) =>
    get(address, { signal }),
  );
  const named = useLoad<Page<Provider>>('/v1/providers', (signal) =>
    get('/v1/providers', { signal }),
  );
  const nameOf: Names = (id) =>
    named.data?.items.find((p) => p.provider === id)?.name ?? id ?? t('ui.calls.nobodys');
  const title = carrier ? t('ui.calls.of', { carrier: nameOf(carrier) }) : t('ui.calls.title');
  useTitle(title);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="column broad" aria-busy={isLoading && !data}>
      <header class="page-head">
        <div>
          {carrier && (
            <a href={`/providers/${encodeURIComponent(carrier)}`}>
              <Icon name="back" size={16} /> {nameOf(carrier)}
            </a>
          )}
          <h1>{title}</h1>
          <p class="quiet">
            {t('ui.calls.text')}
            {data?.until && (
              <>
                {' '}
                {t('ui.calls.until')} <When at={data.until} />
              </>
            )}
          </p>
        </div>
        {data && <Span data={data} />}
      </header>
      {problem && <Broken problem={problem} again={reload} />}
      {data ? (
        <Shown data={data} nameOf={nameOf} />
      ) : (
        !problem && <Waiting what={t('ui.slow.list')} />
      )}
    </div>
  );
}
