/* SPDX-License-Identifier: Apache-2.0 */
/* source - one source: its terms, its lists over time, what waits, what speaks against it. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { get, post, search } from '../base/api.ts';
import { count } from '../base/format.ts';
import { useKeys, useLoad } from '../base/hooks.ts';
import type { Batch, Conflict, ListAnswer, Page, Source } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { withQuery } from '../base/router.ts';
import { can, user } from '../base/session.ts';
import { now, sayExact, sayWhen } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Ask, type Question } from '../parts/ask.tsx';
import { Fact, Facts, Key, KindIcon, When } from '../parts/bits.tsx';
import { Steps } from '../parts/chart.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { RuleBadge } from './conflict.tsx';
import { SayAnswer, Upload } from './source-upload.tsx';
import { SourceBadges } from './sources.tsx';

const BATCHES = 100;
const PATIENCE_MS = 300_000;

type Act = 'approve' | 'refuse' | 'end' | 'take';

const ACTS: Record<Act, { icon: IconName; key: string; name: string }> = {
  approve: { icon: 'tick', key: 'a', name: 'ui.sources.approve' },
  refuse: { icon: 'cross', key: 'r', name: 'ui.sources.refuse' },
  take: { icon: 'upload', key: 'u', name: 'ui.sources.upload' },
  end: { icon: 'lift', key: 'e', name: 'ui.sources.end_now' },
};

function Said({ text }: { text: string }) {
  return (
    <div role="status" class="said">
      {text && (
        <p class="note jade">
          <Icon name="tick" size={18} />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

/* Its approval has run out: its entries end one by one. */
const isPast = (item: Source) => item.state === 'ended' && item.ended_why === 'until.past';

function questionOf(act: Exclude<Act, 'take'>, item: Source): Question<Source> {
  const address = `/v1/sources/${encodeURIComponent(item.id)}/${act}`;
  return {
    draft: `source.${act}.${item.id}`,
    label: t(ACTS[act].name),
    effect: t(isPast(item) ? 'ui.sources.end.effect_rest' : `ui.sources.${act}.effect`, {
      name: item.name,
      n: count(item.size),
    }),
    confirm: t(`ui.sources.${act}.confirm`),
    ...(act !== 'approve' && { why: t(`ui.sources.${act}.why`) }),
    send: (body, key) => post<Source>(address, body, { key, patience_ms: PATIENCE_MS }),
  };
}

function Acts({ item, reload }: { item: Source; reload: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const [said, setSaid] = useState('');
  const [answer, setAnswer] = useState<ListAnswer | null>(null);
  const open = (a: Act) => {
    if (item.may.includes(a)) setAct(a);
  };
  useKeys({
    a: () => open('approve'),
    r: () => open('refuse'),
    u: () => open('take'),
    e: () => open('end'),
    Escape: () => setAct(null),
  });
  const close = () => setAct(null);
  const finish = (text: string, taken: ListAnswer | null) => {
    setSaid(text);
    setAnswer(taken);
    close();
    reload();
  };
  const isOwn = item.proposer === user.value?.name;
  const shown = (Object.keys(ACTS) as Act[]).filter((a) => item.may.includes(a));
  return (
    <>
      <Said text={said} />
      {answer?.state === 'done' && <SayAnswer answer={answer} />}
      {act === 'take' ? (
        <Upload item={item} done={(taken) => finish('', taken)} close={close} />
      ) : act ? (
        <Ask
          key={act}
          question={questionOf(act, item)}
          done={() => finish(t(`ui.sources.${act}.done`), null)}
          close={close}
        />
      ) : (
        shown.length > 0 && (
          <div class="acts">
            {shown.map((a) => (
              <button
                type="button"
                key={a}
                class={a === 'approve' || a === 'take' ? 'button primary' : 'button'}
                onClick={() => open(a)}
              >
                <Icon name={ACTS[a].icon} size={18} />
                {t(ACTS[a].name)}
                <Key>{ACTS[a].key}</Key>
              </button>
            ))}
          </div>
        )
      )}
      {item.state === 'proposed' && !item.may.includes('approve') && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>{t(isOwn ? 'ui.sources.own' : 'ui.sources.waits')}</span>
        </p>
      )}
    </>
  );
}

function Past({ item }: { item: Source }) {
  if (!isPast(item)) return null;
  const last = Date.parse(item.taken_at ?? '') + item.term_days * 86_400_000;
  const isOver = !(last > now.value);
  return (
    <p class="note ochre">
      <Icon name="hour" size={18} />
      <span>
        {t(isOver ? 'ui.sources.past_over' : 'ui.sources.past', {
          when: sayExact(last).slice(0, 10),
        })}
      </span>
    </p>
  );
}

function Terms({ item }: { item: Source }) {
  const profile = useProfile();
  return (
    <Facts>
      <Fact name={t('ui.sources.origin')} wide>
        <span class="prose">{item.origin}</span>
      </Fact>
      <Fact name={t('ui.sources.size')}>{count(item.size)}</Fact>
      <Fact name={t('ui.sources.last')}>
        {item.taken_at ? <When at={item.taken_at} /> : t('ui.sources.never')}
      </Fact>
      <Fact name={t('ui.sources.end')}>
        <When at={item.until} />
      </Fact>
      <Fact name={t('ui.sources.term')}>{t('ui.sources.days', { n: item.term_days })}</Fact>
      <Fact name={t('ui.sources.bounds')}>
        {t('ui.sources.bounds_text', { shrink: item.shrink_percent, grow: item.grow_percent })}
      </Fact>
      {item.region && <Fact name={t('ui.sources.region')}>{item.region}</Fact>}
      {item.kind === 'domain' && <Fact name={t('ui.fact.match')}>{term('match', item.match)}</Fact>}
      <Fact name={t('ui.fact.reason')}>{wordOf(profile?.reasons, item.reason)}</Fact>
      <Fact name={t('ui.sources.licence')}>{item.licence}</Fact>
      <Fact name={t('ui.fact.basis')} wide>
        {wordOf(profile?.bases, item.basis)}
      </Fact>
      <Fact name={t('ui.fact.proposer')}>
        {item.proposer} · <When at={item.proposed_at} />
      </Fact>
      <Fact name={t(item.state === 'refused' ? 'ui.fact.refuser' : 'ui.fact.approver')}>
        {item.approver ? (
          <>
            {item.approver} · <When at={item.decided_at} />
          </>
        ) : (
          <span class="quiet">{t('ui.fact.nobody')}</span>
        )}
      </Fact>
      {item.ended_why && (
        <Fact name={t('ui.fact.ended_why')} wide>
          {isPast(item) ? t('ui.sources.past_why') : item.ended_why} · <When at={item.ended_at} />
        </Fact>
      )}
    </Facts>
  );
}

/* Per 10,000: what a reader can compare between a list of a thousand and one of a million. */
function Precision({ item }: { item: Source }) {
  const m = item.mistakes;
  if (!m || item.role === 'protects' || !m.entered) return null;
  const rate = ((m.count / m.entered) * 10_000).toLocaleString('en', { maximumFractionDigits: 1 });
  const fill = {
    n: count(m.count),
    appeals: count(m.on_appeal),
    entered: count(m.entered),
    rate,
  };
  return (
    <section class="card">
      <h2>{t('ui.sources.precision')}</h2>
      <p>
        {m.count
          ? t('ui.sources.precision_some', fill)
          : t('ui.sources.precision_none', { entered: fill.entered })}{' '}
        {m.low_percent !== undefined &&
          t('ui.sources.between', {
            low: m.low_percent.toFixed(2),
            high: (m.high_percent ?? 100).toFixed(2),
          })}
      </p>
    </section>
  );
}

function waitQuestion(act: 'accept' | 'dismiss', batch: Batch): Question<unknown> {
  const address = `/v1/batches/${encodeURIComponent(batch.batch)}/${act}`;
  return {
    draft: `batch.${act}.${batch.batch}`,
    label: t(`ui.sources.${act}`),
    effect: t(`ui.sources.${act}.effect`),
    confirm: t(`ui.sources.${act}.confirm`),
    ...(act === 'dismiss' && { why: t('ui.sources.dismiss.why') }),
    send: (body, key) => post(address, body, { key, patience_ms: PATIENCE_MS }),
  };
}

/* A file that is no list can only be dismissed. */
const isNoList = (why: string | undefined) => /^(feed|compressed)\./.test(why ?? '');

function WaitingList({ batch, reload }: { batch: Batch; reload: () => void }) {
  const [act, setAct] = useState<'accept' | 'dismiss' | null>(null);
  const acts = (['accept', 'dismiss'] as const).filter(
    (a) => can(`batch.${a}`) && !(a === 'accept' && isNoList(batch.waits_for)),
  );
  return (
    <section class="card waits-card">
      <h2>
        <Icon name="hour" /> {t('ui.sources.waiting')}
      </h2>
      <p>
        <strong>{term('waits_for', batch.waits_for ?? '')}</strong>{' '}
        {t('ui.sources.waiting_text', {
          when: sayWhen(Date.parse(batch.opened_at ?? ''), now.value),
        })}
      </p>
      {act ? (
        <Ask
          key={act}
          question={waitQuestion(act, batch)}
          done={() => {
            setAct(null);
            reload();
          }}
          close={() => setAct(null)}
        />
      ) : (
        <div class="acts">
          {acts.map((a) => (
            <button type="button" key={a} class="button" onClick={() => setAct(a)}>
              <Icon name={a === 'accept' ? 'tick' : 'cross'} size={18} />
              {t(`ui.sources.${a}`)}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

function BatchRow({ batch }: { batch: Batch }) {
  return (
    <tr>
      <td class="nowrap">
        <a href={`/feeds?batch=${encodeURIComponent(batch.batch)}`}>
          <When at={batch.opened_at} />
        </a>
      </td>
      <td class="nowrap">{term('state', batch.state ?? '')}</td>
      <td class="num">{count(batch.accepted)}</td>
      <td class="num">{count(batch.entered ?? 0)}</td>
      <td class="num">{count(batch.renewed ?? 0)}</td>
      <td class="num">{count(batch.vanished ?? 0)}</td>
      <td class="num">{count(batch.conflicts ?? 0)}</td>
      <td class="num">{count(batch.refused)}</td>
    </tr>
  );
}

const COLUMNS = ['on_list', 'entered', 'renewed', 'vanished', 'in_conflict', 'refused'] as const;

function BatchTable({ page }: { page: Page<Batch> }) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */}
      <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.sources.batches')}>
        <table>
          <thead>
            <tr>
              <th>{t('ui.sources.received')}</th>
              <th>{t('ui.sources.state')}</th>
              {COLUMNS.map((c) => (
                <th key={c} class="num">
                  {t(`ui.sources.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {page.items.map((b) => (
              <BatchRow key={b.batch} batch={b} />
            ))}
          </tbody>
        </table>
      </div>
      {page.total > page.items.length && (
        <p class="hint">
          {t('ui.sources.batches_first', { n: page.items.length, total: count(page.total) })}
        </p>
      )}
    </>
  );
}

/* How many entries the lists had that were taken in, the oldest first. */
function SizeChart({ batches }: { batches: Batch[] }) {
  const points = batches
    .filter((b) => b.state === 'done' && b.opened_at)
    .map((b) => {
      const at = Date.parse(b.opened_at ?? '');
      return { at, value: b.accepted, label: sayExact(at).slice(0, 10) };
    })
    .reverse();
  if (points.length < 2) return null;
  const say = t('ui.sources.chart_say', {
    first: count(points[0]?.value ?? 0),
    last: count(points.at(-1)?.value ?? 0),
    n: points.length,
    most: count(Math.max(...points.map((p) => p.value))),
  });
  return (
    <section class="card">
      <h2>{t('ui.sources.chart')}</h2>
      <Steps points={points} say={say} />
    </section>
  );
}

/* What waits comes first, then what the page says of the source, then its past. */
function Batches(props: {
  id: string;
  turn: number;
  reload: () => void;
  children: ComponentChildren;
}) {
  const { id, turn } = props;
  const asked = `/v1/batches${search({ source: id, limit: BATCHES })}`;
  const loaded = useLoad<Page<Batch>>(`${asked}#${turn}`, (signal) => get(asked, { signal }));
  const { data, problem } = loaded;
  if (!data)
    return (
      <>
        {props.children}
        {problem ? (
          <Broken problem={problem} again={loaded.reload} />
        ) : (
          <Waiting what={t('ui.slow.list')} />
        )}
      </>
    );
  const waiting = data.items.filter((b) => b.state === 'waiting');
  return (
    <>
      <div class="said" aria-live="polite">
        {waiting.map((b) => (
          <WaitingList key={b.batch} batch={b} reload={props.reload} />
        ))}
      </div>
      {props.children}
      <SizeChart batches={data.items} />
      <section class="card">
        <h2>{t('ui.sources.batches')}</h2>
        {data.items.length ? (
          <BatchTable page={data} />
        ) : (
          <Empty icon="feeds" title={t('ui.sources.batches_none')}>
            <p>{t('ui.sources.batches_text')}</p>
          </Empty>
        )}
      </section>
    </>
  );
}

function OpenConflicts({ item, turn }: { item: Source; turn: number }) {
  const asked = `/v1/conflicts${search({ source: item.id, state: 'open', limit: 10 })}`;
  const { data, problem, reload } = useLoad<Page<Conflict>>(`${asked}#${turn}`, (signal) =>
    get(asked, { signal }),
  );
  if (problem && !data) return <Broken problem={problem} again={reload} />;
  if (!data) return null;
  return (
    <section class="card">
      <header class="card-head">
        <h2>
          {t('ui.sources.open_conflicts')} <span class="n">{count(data.total)}</span>
        </h2>
        {data.total > 0 && (
          <a class="button small" href={`/conflicts?source=${encodeURIComponent(item.name)}`}>
            {t('ui.sources.all_conflicts', { n: count(data.total) })}
          </a>
        )}
      </header>
      {data.total === 0 && <p class="quiet">{t('ui.sources.no_conflicts')}</p>}
      <ul class="plain waits">
        {data.items.map((c) => (
          <li key={c.conflict}>
            <a
              class="wait-row"
              href={`/conflicts?${new URLSearchParams({
                source: item.name,
                value: c.value,
                id: c.conflict,
              })}`}
            >
              <KindIcon kind={c.kind} />
              <code class="grow">{c.value}</code>
              <RuleBadge rule={c.rule} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Head({ item, children }: { item: Source; children: ComponentChildren }) {
  return (
    <header class="page-head source-head">
      <div>
        <a class="button ghost small back" href={withQuery({ id: '' })}>
          <Icon name="back" size={18} />
          {t('ui.sources.back')}
        </a>
        <h1>
          <KindIcon kind={item.kind} /> {item.name}
        </h1>
        <p class="badges">
          <SourceBadges item={item} />
          <a class="quiet" href={`/lists?source=${encodeURIComponent(item.name)}`}>
            {t('ui.sources.look')}
          </a>
        </p>
      </div>
      {children}
    </header>
  );
}

export function SourceDetail({ id }: { id: string }) {
  const address = `/v1/sources/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Source>(address, (signal) => get(address, { signal }));
  const [turn, setTurn] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const again = () => {
    reload();
    setTurn((n) => n + 1);
    box.current?.focus({ preventScroll: true });
  };
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} works={t('ui.sources.broken')} />
    ) : (
      <Waiting what={t('ui.slow.source')} />
    );
  return (
    <div class="column broad source" ref={box} tabIndex={-1}>
      <Head item={data}>{null}</Head>
      <Acts item={data} reload={again} />
      <Batches id={data.id} turn={turn} reload={again}>
        <section class="card">
          <Past item={data} />
          <Terms item={data} />
        </section>
        <Precision item={data} />
      </Batches>
      {data.role === 'enforces' && <OpenConflicts item={data} turn={turn} />}
    </div>
  );
}
