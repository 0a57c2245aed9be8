/* SPDX-License-Identifier: Apache-2.0 */
/* suspicions - numbers that a detector found: why, and a person's word on each of them. */
import { useState } from 'preact/hooks';
import { get, Problem, post, search } from '../base/api.ts';
import { type Choice, DECIDE_MOST, turned } from '../base/conflicts.ts';
import { count } from '../base/format.ts';
import { type Measured, SUSPICION_STATES, type Suspicion } from '../base/found.ts';
import { useCalmly, useGrowing, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import type { Decided, Page } from '../base/model.ts';
import { go, query, segments } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { Ask, type Question } from '../parts/ask.tsx';
import { Clock, Copy, Fact, Facts, Key, When } from '../parts/bits.tsx';
import { DecidedNote } from '../parts/decided.tsx';
import { FoundBadge, Why } from '../parts/found-bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';

const LIMIT = 200;
const SOON_MS = 24 * 3_600_000;
const isNews = (live: { name: string }) => live.name.startsWith('suspicion');

function hrefOf(id: string): string {
  const kept = search({ state: query('state') });
  return `/suspicions${id && `/${encodeURIComponent(id)}`}${kept}`;
}

function Row({ item }: { item: Suspicion }) {
  return (
    <>
      <span class="row-line">
        <code class="row-value">{item.display}</code>
        <FoundBadge state={item.state} />
      </span>
      <span class="row-line quiet">
        <span class="row-note">{term('detector', item.detector)}</span>
        {item.state === 'open' ? (
          <Clock due={item.until} soon_ms={SOON_MS} isPlain key_left="ui.time.lapses" />
        ) : (
          <When at={item.decided_at ?? item.found_at} />
        )}
      </span>
    </>
  );
}

type Act = 'list' | 'dismiss';
const KEYS: Record<Act, string> = { list: 'l', dismiss: 'd' };
const HONEST = ['courier', 'centre', 'alarm'] as const;
const FRAUD = ['pattern', 'reports'] as const;

function questionOf(act: Act, items: Suspicion[]): Question<Decided> {
  const ids = items.map((s) => s.suspicion);
  const isMany = ids.length > 1;
  const words =
    act === 'list'
      ? FRAUD.map((w) => t(`ui.found.fraud.${w}`))
      : HONEST.map((w) => t(`ui.found.honest.${w}`));
  return {
    draft: `suspicion.${isMany ? 'many' : ids[0]}.${act}`,
    about: ids,
    label: t(`ui.found.act.${act}`),
    effect: isMany
      ? t(`ui.found.effect_n.${act}`, { n: count(ids.length) })
      : t(`ui.found.effect.${act}`, { number: items[0]?.display ?? '' }),
    confirm: t(`ui.found.act.${act}`),
    why: t('ui.found.why'),
    reasons: words,
    send: async (body, key) => {
      const said = { ...body, decision: act, suspicions: ids };
      const answer = await post<Decided>('/v1/suspicions/decide', said, { key });
      const refused = answer.refusals[0];
      if (refused && !isMany) throw new Problem(409, refused.code, refused.reason);
      return answer;
    },
  };
}

/* On one, or on all that were chosen; whoever lists many goes by the score, hence not always. */
function Acts({ items, done }: { items: Suspicion[]; done: (answer: Decided) => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const may = (a: Act) => {
    const word = a === 'list' && items.length > 1 ? 'list_together' : a;
    return items.every((s) => s.may.includes(word));
  };
  const open = (a: Act) => () => may(a) && setAct(a);
  useKeys(act ? {} : { l: open('list'), d: open('dismiss') });
  if (act) return <Ask question={questionOf(act, items)} close={() => setAct(null)} done={done} />;
  if (!may('dismiss')) return null;
  return (
    <div class="acts">
      {(['list', 'dismiss'] as const).filter(may).map((a) => (
        <button
          type="button"
          key={a}
          class={a === 'list' ? 'button primary' : 'button'}
          onClick={open(a)}
        >
          <Icon name={a === 'list' ? 'lists' : 'cross'} size={18} />
          {t(`ui.found.act.${a}`)}
          <Key>{KEYS[a]}</Key>
        </button>
      ))}
      {!may('list') && <span class="quiet">{t('ui.found.one_by_one')}</span>}
    </div>
  );
}

function About({ item }: { item: Suspicion }) {
  return (
    <Facts>
      <Fact name={t('ui.found.found_at')}>
        <When at={item.found_at} />
      </Fact>
      <Fact name={t('ui.found.until')}>
        <When at={item.until} />
      </Fact>
      {item.listing && (
        <Fact name={t('ui.fact.listing')}>
          <a href={`/lists?id=${encodeURIComponent(item.listing)}`}>
            <code>{item.listing}</code>
          </a>
        </Fact>
      )}
      {item.decider && (
        <Fact name={t('ui.found.decided')} wide>
          {item.decider} · <When at={item.decided_at} /> · {item.decided_why}
        </Fact>
      )}
    </Facts>
  );
}

/* `isPart`: others were chosen, and it is them that are decided. */
function One(props: { id: string; isPart: boolean; changed: () => void }) {
  const { id, isPart, changed } = props;
  const address = `/v1/suspicions/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Suspicion>(address, (signal) =>
    get(address, { signal }),
  );
  useCalmly(isNews, reload);
  if (!data)
    return problem ? (
      <div class="detail single">
        <ToList href={hrefOf('')} name={t('ui.nav.suspicions')} />
        <Broken problem={problem} again={reload} />
      </div>
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  return (
    <article id="detail" class="detail" tabIndex={-1}>
      <div class="detail-main">
        <header class="detail-head" data-copied>
          <ToList href={hrefOf('')} name={t('ui.nav.suspicions')} />
          <h2>
            <code data-text>{data.display}</code>
          </h2>
          <p class="badges">
            <FoundBadge state={data.state} />
            <Copy text={data.number} label={t('ui.copy')} />
          </p>
        </header>
        {!isPart && (
          <Acts
            key={data.state}
            items={[data]}
            done={() => {
              reload();
              changed();
            }}
          />
        )}
        <section>
          <h3>{t('ui.found.evidence')}</h3>
          <Why item={data} />
        </section>
        <About item={data} />
      </div>
      <aside class="detail-aside" aria-label={t('ui.listing.history')}>
        <h3>{t('ui.listing.history')}</h3>
        <Timeline steps={data.history ?? []} />
      </aside>
    </article>
  );
}

/* What people here decided, and what that says of the next one. */
function Past({ lines }: { lines: Measured[] }) {
  return lines
    .filter((m) => m.low_percent !== undefined)
    .map((m) => (
      <p class="quiet" key={m.detector}>
        {t('ui.found.measured', {
          detector: term('detector', m.detector),
          right: count(m.right),
          of: count(m.right + m.wrong),
          low: count(m.low_percent ?? 0),
          high: count(m.high_percent ?? 0),
        })}
      </p>
    ));
}

type Listed = Page<Suspicion> & { measured: Measured[] };

export function Suspicions() {
  useTitle(t('ui.nav.suspicions'));
  const id = segments.value[1] ?? '';
  const state = query('state') || 'open';
  const [past, setPast] = useState<Measured[]>([]);
  const [chosen, setChosen] = useState<Choice>(new Set());
  const [answer, setAnswer] = useState<Decided | null>(null);
  const { rows, more, reload } = useGrowing<Suspicion>(
    `suspicions ${state}`,
    async (cursor, signal) => {
      const asked = search({ state, limit: LIMIT, ...(cursor && { cursor }) });
      const page = await get<Listed>(`/v1/suspicions${asked}`, { signal });
      setPast(page.measured);
      return page;
    },
    (s) => s.suspicion,
  );
  useCalmly(isNews, reload);
  const choose = (next: Choice) => {
    setAnswer(null);
    setChosen(next);
  };
  const open = rows.items.filter((s) => s.may.includes('dismiss'));
  const picked = open.filter((s) => chosen.has(s.suspicion));
  const all = () => choose(new Set(open.slice(0, DECIDE_MOST).map((s) => s.suspicion)));
  useKeys({
    ' ': () => open.some((s) => s.suspicion === id) && choose(turned(chosen, id)),
    x: () => (picked.length ? choose(new Set()) : all()),
  });
  const doneMany = (said: Decided) => {
    choose(new Set());
    setAnswer(said);
    go(hrefOf(''));
    reload();
  };
  const isThere = rows.items.length > 0 || (!rows.isLoading && !rows.problem);
  const page = { items: rows.items, total: rows.total, next: rows.next };
  return (
    <Split
      title={t('ui.nav.suspicions')}
      say={isThere ? t('ui.found.numbers', { n: count(rows.total) }) : null}
      tabs={SUSPICION_STATES.map((s) => ({
        href: `/suspicions${search({ state: s === 'open' ? '' : s })}`,
        name: term('found_state', s),
        isOn: s === state,
      }))}
      loaded={{ data: isThere ? page : null, ...rows, reload }}
      items={rows.items}
      id={id}
      idOf={(s) => s.suspicion}
      hrefOf={hrefOf}
      row={(s) => <Row item={s} />}
      mark={(s) =>
        s.may.includes('dismiss') && (
          <input
            type="checkbox"
            class="pick"
            checked={chosen.has(s.suspicion)}
            aria-label={t('ui.conflicts.select', { value: s.display })}
            onChange={() => choose(turned(chosen, s.suspicion))}
          />
        )
      }
      more={rows.next ? more : undefined}
      empty={
        <Empty icon="number" title={t('ui.found.none')}>
          <p>{t('ui.found.none_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={
        <Empty icon="number" title={t('ui.found.pick')}>
          {answer && <DecidedNote answer={answer} />}
          <p>{t('ui.found.pick_text', { n: count(2) })}</p>
          <Past lines={past} />
        </Empty>
      }
    >
      {(picked.length > 0 || id) && (
        <>
          {picked.length > 0 && (
            <div class="detail single">
              <h2>{t('ui.conflicts.chosen', { n: count(picked.length) })}</h2>
              <Acts items={picked} done={doneMany} />
              <Past lines={past} />
            </div>
          )}
          {id && <One key={id} id={id} isPart={picked.length > 0} changed={reload} />}
        </>
      )}
    </Split>
  );
}
