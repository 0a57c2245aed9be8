/* SPDX-License-Identifier: Apache-2.0 */
/* tips - what people told of, each thing once with how many did; an analyst's word on each. */
import { useState } from 'preact/hooks';
import { get, Problem, post, search } from '../base/api.ts';
import { type Choice, turned } from '../base/conflicts.ts';
import { count } from '../base/format.ts';
import { SUSPICION_STATES } from '../base/found.ts';
import { useCalmly, useGrowing, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import type { Decided, Kind, Page, Step } from '../base/model.ts';
import { useProfile } from '../base/profile.ts';
import { go, query, segments } from '../base/router.ts';
import { lang, t, term } from '../base/words.ts';
import { Ask, type Question } from '../parts/ask.tsx';
import { Copy, Fact, Facts, Key, KindIcon, When } from '../parts/bits.tsx';
import { DecidedNote } from '../parts/decided.tsx';
import { FoundBadge } from '../parts/found-bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';

type TipItem = {
  tip: string;
  kind: Kind;
  value: string;
  display: string;
  state: (typeof SUSPICION_STATES)[number];
  told: number;
  by_programs: number;
  listing?: string;
  first_at: string;
  last_at: string;
  until: string;
  decider?: string;
  decided_at?: string;
  decided_why?: string;
  may: ('list' | 'dismiss')[];
  history?: Step[];
};
type Today = {
  told: number;
  beyond: number;
  programs: { name: string; told: number; beyond: number }[];
};
type Worth = {
  name: string;
  right: number;
  wrong: number;
  low_percent?: number;
  high_percent?: number;
};
type Act = 'list' | 'dismiss';
type Words = { code: string; zh: string; en: string }[];

const LIMIT = 200;
const isNews = (live: { name: string }) => live.name === 'tip';
const hrefOf = (id: string) =>
  `/tips${id && `/${encodeURIComponent(id)}`}${search({ state: query('state'), told: query('told') })}`;
const sayTold = (item: TipItem) => t('ui.tip.told', { n: count(item.told) });

function Row({ item }: { item: TipItem }) {
  return (
    <>
      <span class="row-line">
        <KindIcon kind={item.kind} size={18} />
        <code class="row-value">{item.display}</code>
        <FoundBadge state={item.state} />
      </span>
      <span class="row-line quiet">
        <span class="row-note">{sayTold(item)}</span>
        <When at={item.last_at} />
      </span>
    </>
  );
}

function Pick(props: { label: string; words: Words; value: string; pick: (code: string) => void }) {
  return (
    <label class="field">
      {props.label}
      <select value={props.value} onChange={(event) => props.pick(event.currentTarget.value)}>
        {props.words.map((w) => (
          <option key={w.code} value={w.code}>
            {w[lang.value]}
          </option>
        ))}
      </select>
    </label>
  );
}

/* What the law says of it is chosen by who proposes; a number's is the profile's first. */
function Acts({ items, done }: { items: TipItem[]; done: (answer: Decided) => void }) {
  const profile = useProfile();
  const [act, setAct] = useState<Act | null>(null);
  const [said, setSaid] = useState<{ reason?: string; basis?: string }>({});
  const may = (a: Act) =>
    items.every((i) => i.may.includes(a)) && (a === 'dismiss' || items.length === 1);
  const open = (a: Act) => () => may(a) && setAct(a);
  useKeys(act ? {} : { l: open('list'), d: open('dismiss') });
  if (!may('dismiss')) return null;
  const ids = items.map((i) => i.tip);
  const basis = said.basis ?? profile?.bases[0]?.code ?? '';
  const reason = said.reason ?? profile?.reasons[0]?.code ?? '';
  const question: Question<Decided> = {
    draft: `tip.${ids.length > 1 ? 'many' : ids[0]}.${act}`,
    about: [ids, reason, basis],
    label: t(`ui.tip.act.${act}`),
    effect: (
      <>
        {t(`ui.tip.effect.${act}`, { value: items[0]?.display ?? '', n: count(ids.length) })}
        {act === 'list' && (
          <>
            <Pick
              label={t('ui.fact.reason')}
              words={profile?.reasons ?? []}
              value={reason}
              pick={(code) => setSaid({ ...said, reason: code })}
            />
            <Pick
              label={t('ui.fact.basis')}
              words={profile?.bases ?? []}
              value={basis}
              pick={(code) => setSaid({ ...said, basis: code })}
            />
          </>
        )}
      </>
    ),
    confirm: t(`ui.tip.act.${act}`),
    why: t('ui.found.why'),
    send: async (body, key) => {
      const law = act === 'list' ? { reason, basis } : {};
      const all = { ...body, ...law, decision: act, tips: ids };
      const answer = await post<Decided>('/v1/tips/decide', all, { key });
      const refused = answer.refusals[0];
      if (refused && ids.length === 1) throw new Problem(409, refused.code, refused.reason);
      return answer;
    },
  };
  if (act) return <Ask question={question} close={() => setAct(null)} done={done} />;
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
          {t(`ui.tip.act.${a}`)}
          <Key>{a === 'list' ? 'l' : 'd'}</Key>
        </button>
      ))}
    </div>
  );
}

function One(props: { id: string; isPart: boolean; changed: () => void }) {
  const address = `/v1/tips/${encodeURIComponent(props.id)}`;
  const { data, problem, reload } = useLoad<TipItem>(address, (signal) => get(address, { signal }));
  useCalmly(isNews, reload);
  if (!data)
    return problem ? (
      <div class="detail single">
        <ToList href={hrefOf('')} name={t('ui.nav.tips')} />
        <Broken problem={problem} again={reload} />
      </div>
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  const done = () => {
    reload();
    props.changed();
  };
  return (
    <article id="detail" class="detail" tabIndex={-1}>
      <div class="detail-main">
        <header class="detail-head" data-copied>
          <ToList href={hrefOf('')} name={t('ui.nav.tips')} />
          <h2>
            <code data-text>{data.display}</code>
          </h2>
          <p class="badges">
            <FoundBadge state={data.state} />
            <Copy text={data.value} label={t('ui.copy')} />
          </p>
        </header>
        {!props.isPart && <Acts key={data.state} items={[data]} done={done} />}
        <p>
          {sayTold(data)}
          {data.by_programs > 0 && ` ${t('ui.tip.by_programs', { n: count(data.by_programs) })}`}{' '}
          <a href={`/check${search({ q: data.value })}`}>{t('ui.nav.check')}</a>
        </p>
        <p class="hint">{t('ui.tip.no_measure')}</p>
        <Facts>
          <Fact name={t('ui.fact.kind')}>{term('kind', data.kind)}</Fact>
          <Fact name={t('ui.tip.first')}>
            <When at={data.first_at} />
          </Fact>
          <Fact name={t('ui.tip.last')}>
            <When at={data.last_at} />
          </Fact>
          <Fact name={t('ui.found.until')}>
            <When at={data.until} />
          </Fact>
          {data.listing && (
            <Fact name={t('ui.fact.listing')}>
              <a href={`/lists?id=${encodeURIComponent(data.listing)}`}>
                <code>{data.listing}</code>
              </a>
            </Fact>
          )}
          {data.decider && (
            <Fact name={t('ui.found.decided')} wide>
              {data.decider} · <When at={data.decided_at} /> · {data.decided_why}
            </Fact>
          )}
        </Facts>
      </div>
      <aside class="detail-aside" aria-label={t('ui.listing.history')}>
        <h3>{t('ui.listing.history')}</h3>
        <Timeline steps={data.history ?? []} />
      </aside>
    </article>
  );
}

type Around = { today: Today; sources: Worth[] };

/* What came in today, what was too much of it, and how often each program was right. */
function Flood({ around }: { around: Around | null }) {
  if (!around) return null;
  const { today, sources } = around;
  return (
    <>
      <p class="quiet">
        {t('ui.tip.today', { n: count(today.told), beyond: count(today.beyond) })}
      </p>
      {today.programs.map((p) => (
        <p key={p.name} class="note ochre">
          <Icon name="warn" size={18} />
          <span>{t('ui.tip.program', { name: p.name, n: count(p.beyond) })}</span>
        </p>
      ))}
      {sources
        .filter((s) => s.low_percent !== undefined)
        .map((s) => (
          <p key={s.name} class="quiet">
            {t('ui.found.measured', {
              detector: s.name,
              right: count(s.right),
              of: count(s.right + s.wrong),
              low: count(Math.round(s.low_percent ?? 0)),
              high: count(Math.round(s.high_percent ?? 0)),
            })}
          </p>
        ))}
    </>
  );
}

const WIDELY = 3;

export function Tips() {
  useTitle(t('ui.nav.tips'));
  const id = segments.value[1] ?? '';
  const state = query('state') || 'open';
  const told = query('told');
  const [around, setAround] = useState<Around | null>(null);
  const [chosen, setChosen] = useState<Choice>(new Set());
  const [answer, setAnswer] = useState<Decided | null>(null);
  const { rows, more, reload } = useGrowing<TipItem>(
    `tips ${state} ${told}`,
    async (cursor, signal) => {
      const asked = search({ state, told, limit: LIMIT, ...(cursor && { cursor }) });
      const page = await get<Page<TipItem> & Around>(`/v1/tips${asked}`, { signal });
      setAround(page);
      return page;
    },
    (item) => item.tip,
  );
  useCalmly(isNews, reload);
  const choose = (next: Choice) => {
    setAnswer(null);
    setChosen(next);
  };
  const open = rows.items.filter((i) => i.may.includes('dismiss'));
  const picked = open.filter((i) => chosen.has(i.tip));
  useKeys({ ' ': () => open.some((i) => i.tip === id) && choose(turned(chosen, id)) });
  const doneMany = (said: Decided) => {
    choose(new Set());
    setAnswer(said);
    go(hrefOf(''));
    reload();
  };
  const isThere = rows.items.length > 0 || (!rows.isLoading && !rows.problem);
  const page = { items: rows.items, total: rows.total, next: rows.next };
  const tabs = SUSPICION_STATES.map((s) => ({
    href: `/tips${search({ state: s === 'open' ? '' : s })}`,
    name: term('found_state', s),
    isOn: s === state && !told,
  }));
  tabs.splice(1, 0, {
    href: `/tips${search({ told: WIDELY })}`,
    name: t('ui.tip.widely', { n: count(WIDELY) }),
    isOn: !!told,
  });
  return (
    <Split
      title={t('ui.nav.tips')}
      say={isThere ? t('ui.tip.n', { n: count(rows.total) }) : null}
      tabs={tabs}
      loaded={{ data: isThere ? page : null, ...rows, reload }}
      items={rows.items}
      id={id}
      idOf={(i) => i.tip}
      hrefOf={hrefOf}
      row={(i) => <Row item={i} />}
      mark={(i) =>
        i.may.includes('dismiss') && (
          <input
            type="checkbox"
            class="pick"
            checked={chosen.has(i.tip)}
            aria-label={t('ui.conflicts.select', { value: i.display })}
            onChange={() => choose(turned(chosen, i.tip))}
          />
        )
      }
      more={rows.next ? more : undefined}
      empty={
        <Empty icon="info" title={t('ui.found.none')}>
          <p>{t('ui.tip.none_text')}</p>
          <Flood around={around} />
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={
        <Empty icon="info" title={t('ui.tip.pick')}>
          {answer && <DecidedNote answer={answer} />}
          <Flood around={around} />
        </Empty>
      }
    >
      {(picked.length > 0 || id) && (
        <>
          {picked.length > 0 && (
            <div class="detail single">
              <h2>{t('ui.conflicts.chosen', { n: count(picked.length) })}</h2>
              <Acts items={picked} done={doneMany} />
            </div>
          )}
          {id && <One key={id} id={id} isPart={picked.length > 0} changed={reload} />}
        </>
      )}
    </Split>
  );
}
