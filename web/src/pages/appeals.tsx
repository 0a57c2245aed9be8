/* SPDX-License-Identifier: Apache-2.0 */
/* appeals - the queue with its clocks: the one due first on top, decided from where one stands. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Problem, post, sayProblem, search } from '../base/api.ts';
import { loadOpenAppeals } from '../base/appeals.ts';
import { count } from '../base/format.ts';
import { useForm, useKeys, useLive, useLoad, useTitle } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import { APPEAL_STATES, type Appeal, type ListingDetail, type Page } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { go, query, withQuery } from '../base/router.ts';
import { now } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import {
  ActionBadge,
  AppealBadge,
  Clock,
  Copy,
  Fact,
  Facts,
  Key,
  KindIcon,
  StateBadge,
  When,
} from '../parts/bits.tsx';
import { Choices, TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { Purpose } from '../parts/purpose.tsx';
import { Split, type SplitTab, ToList } from '../parts/split.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';

const DAY_MS = 24 * 3_600_000;
const LIMIT = 200;

const isOpen = (a: Appeal) => a.state === 'filed' || a.state === 'reviewing';

function useQueue() {
  const state = query('state');
  return useLoad<Page<Appeal>>(`appeals ${state}`, (signal) =>
    state
      ? get(`/v1/appeals${search({ state, limit: LIMIT })}`, { signal })
      : loadOpenAppeals(LIMIT, signal),
  );
}

function Row({ item }: { item: Appeal }) {
  return (
    <>
      <span class="row-line">
        <span class="row-value plain-text">{item.statement}</span>
        {isOpen(item) && <Clock due={item.due_at} soon_ms={DAY_MS} />}
      </span>
      <span class="row-line quiet">
        <AppealBadge state={item.state} />
        {item.round && <span>{t('ui.appeals.objection')}</span>}
        <span class="row-note">{item.reviewer ?? t('ui.appeals.unassigned')}</span>
        <When at={item.filed_at} />
      </span>
    </>
  );
}

/* Name and contact are personal: shown for a stated purpose, and the reading is recorded. */
function Person({ item }: { item: Appeal }) {
  const [seen, setSeen] = useState<Appeal | null>(null);
  const shown = seen ?? (item.name || item.contact ? item : null);
  if (shown)
    return (
      <Facts>
        <Fact name={t('ui.appeal.name')}>{shown.name ?? '—'}</Fact>
        <Fact name={t('ui.appeal.contact')}>{shown.contact ?? '—'}</Fact>
      </Facts>
    );
  const read = async (purpose: string) => {
    const asked = search({ appeal: item.appeal, state: item.state, purpose, limit: LIMIT });
    const page = await get<Page<Appeal>>(`/v1/appeals${asked}`);
    setSeen(page.items.find((a) => a.appeal === item.appeal) ?? item);
  };
  return (
    <Purpose draft={`purpose.${item.appeal}`} label={t('ui.appeals.show_person')} read={read} />
  );
}

function About({ id }: { id: string }) {
  const profile = useProfile();
  const address = `/v1/listings/${encodeURIComponent(id)}`;
  const { data, problem } = useLoad<ListingDetail>(address, (signal) => get(address, { signal }));
  if (problem) return <Broken problem={problem} />;
  if (!data) return <Waiting what={t('ui.slow.listing')} />;
  return (
    <section class="about-listing">
      <h3>{t('ui.appeals.listing')}</h3>
      <p class="badges">
        <KindIcon kind={data.kind} />
        <a href={`/lists?id=${encodeURIComponent(id)}`}>
          <code>{data.display}</code>
        </a>
        <ActionBadge action={data.action} />
        <StateBadge state={data.state} />
      </p>
      <Facts>
        <Fact name={t('ui.fact.reason')} wide>
          {wordOf(profile?.reasons, data.reason)}
        </Fact>
        {data.evidence && (
          <Fact name={t('ui.fact.evidence')} wide>
            {data.evidence}
          </Fact>
        )}
        <Fact name={t('ui.fact.basis')} wide>
          {wordOf(profile?.bases, data.basis)}
        </Fact>
        <Fact name={t('ui.fact.proposer')}>{data.proposer}</Fact>
        <Fact name={t('ui.fact.approver')}>{data.approver ?? '—'}</Fact>
      </Facts>
    </section>
  );
}

/* An objection to a refund, or an appeal of whoever an order touches. */
function AboutOther({ item }: { item: Appeal }) {
  const isRound = !!item.round;
  const href = isRound
    ? `/rounds/${encodeURIComponent(item.round ?? '')}`
    : `/orders?id=${encodeURIComponent(item.order ?? '')}`;
  return (
    <section class="about-listing">
      <h3>{t(isRound ? 'ui.appeals.round' : 'ui.appeals.order')}</h3>
      <p class="badges">
        {item.kind && <KindIcon kind={item.kind} />}
        <a href={href}>
          <code>{item.display ?? item.round ?? item.order}</code>
        </a>
      </p>
    </section>
  );
}

/* What a decision does: a listing or an order is lifted, a round is void. */
const subjectOf = (item: Appeal): string =>
  item.round ? 'round' : item.order ? 'order' : 'listing';

function Decide({ item, done }: { item: Appeal; done: () => void }) {
  const form = useForm(`decide.${item.appeal}`, { decision: '', answer: '' });
  const f = form.fields;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!f.decision) return form.fail('decision', t('ui.appeals.decision_missing'));
    if (!f.answer?.trim()) return form.fail('answer', t('ui.appeals.answer_missing'));
    const body = { decision: f.decision, answer: f.answer.trim() };
    const address = `/v1/appeals/${encodeURIComponent(item.appeal)}/decide`;
    if (await form.submit(body, (key) => post<Appeal>(address, body, { key }))) done();
    return undefined;
  };
  return (
    <form class="panel" onSubmit={(event) => void submit(event)}>
      <Choices
        name="decision"
        label={t('ui.appeals.decision')}
        value={f.decision ?? ''}
        pick={(value) => form.put('decision', value)}
        choices={[
          { value: 'granted', label: t(`ui.appeals.grant.${subjectOf(item)}`), icon: 'pass' },
          { value: 'rejected', label: t(`ui.appeals.reject.${subjectOf(item)}`), icon: 'cross' },
        ]}
        hint={f.decision && t(`ui.appeals.effect.${subjectOf(item)}.${f.decision}`)}
      />
      <TextField
        form={form}
        name="answer"
        label={t('ui.appeals.answer')}
        rows={3}
        hint={t('ui.appeals.answer_hint')}
      />
      <FormProblem problem={form.problem?.column === 'answer' ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : 'ui.appeals.confirm')}
        </button>
      </div>
    </form>
  );
}

function Review({ item, done }: { item: Appeal; done: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [key] = useState(newKey);
  const take = async () => {
    try {
      await post(`/v1/appeals/${encodeURIComponent(item.appeal)}/review`, {}, { key });
      done();
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
  };
  useKeys({ t: () => void take() });
  return (
    <>
      <FormProblem problem={problem} />
      <div class="acts">
        <button type="button" class="button primary" onClick={() => void take()}>
          <Icon name="tick" size={18} />
          {t('ui.appeals.take')}
          <Key>t</Key>
        </button>
      </div>
    </>
  );
}

const mayDecide = (item: Appeal): boolean =>
  ['decide', 'grant', 'reject'].some((a) => item.may?.includes(a)) ?? false;

function One({ item, reload }: { item: Appeal; reload: () => void }) {
  const box = useRef<HTMLElement>(null);
  return (
    <article id="detail" class="detail single" tabIndex={-1} ref={box}>
      <header class="detail-head" data-copied>
        <ToList href={withQuery({ id: '' })} name={t('ui.nav.appeals')} />
        <h2>
          <code data-text>{item.appeal}</code>
        </h2>
        <p class="badges">
          <AppealBadge state={item.state} />
          {isOpen(item) && <Clock due={item.due_at} soon_ms={DAY_MS} />}
          <Copy text={item.appeal} label={t('ui.copy')} />
        </p>
      </header>
      <blockquote class="answer">
        <p class="quiet">{t('ui.appeal.statement')}</p>
        <p class="prose">{item.statement}</p>
      </blockquote>
      {item.answer && (
        <blockquote class="answer">
          <p class="quiet">
            {t('ui.appeal.answer')} · {item.decider} · <When at={item.decided_at} />
          </p>
          <p class="prose">{item.answer}</p>
        </blockquote>
      )}
      {isOpen(item) && item.may?.includes('review') && <Review item={item} done={reload} />}
      {isOpen(item) && mayDecide(item) && <Decide item={item} done={reload} />}
      {isOpen(item) && !item.may?.length && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>{t(item.waits_for ?? 'ui.appeals.not_yours')}</span>
        </p>
      )}
      <Facts>
        <Fact name={t('ui.appeal.filed_at')}>
          <When at={item.filed_at} />
        </Fact>
        <Fact name={t('ui.appeal.due_at')}>
          <When at={item.due_at} />
        </Fact>
        <Fact name={t('ui.appeals.reviewer')}>{item.reviewer ?? t('ui.appeals.unassigned')}</Fact>
      </Facts>
      <Person item={item} />
      {item.listing && <About id={item.listing} />}
      {(item.round || item.order) && <AboutOther item={item} />}
    </article>
  );
}

const TABS = [
  { href: '/appeals', key: 'open' },
  { href: '/appeals?late=1', key: 'late' },
] as const;

function tabsOf(state: string, isLateOnly: boolean): SplitTab[] {
  const open = TABS.map(({ href, key }) => ({
    href,
    name: t(`ui.appeals.${key}`),
    isOn: key === 'late' ? isLateOnly : !state && !isLateOnly,
  }));
  const ended = APPEAL_STATES.slice(2).map((s) => ({
    href: `/appeals?state=${s}`,
    name: term('appeal_state', s),
    isOn: state === s,
  }));
  return [...open, ...ended];
}

export function Appeals() {
  useTitle(t('ui.nav.appeals'));
  const loaded = useQueue();
  const { data, reload } = loaded;
  const id = query('id');
  const isLateOnly = query('late') === '1';
  const all = data?.items ?? [];
  const items = isLateOnly ? all.filter((a) => Date.parse(a.due_at) <= now.value) : all;
  const item = all.find((a) => a.appeal === id);
  const state = query('state');
  useLive((live) => live.name === 'appeal' && reload());
  /* A link to one that is decided opens the list of its state. */
  const missing = id && data && !item && !state ? id : '';
  useEffect(() => {
    if (!missing) return;
    get<Appeal>(`/v1/appeals/${encodeURIComponent(missing)}`)
      .then((a) => go(withQuery({ state: a.state }), 'replace'))
      .catch(() => {});
  }, [missing]);
  return (
    <Split
      title={t('ui.nav.appeals')}
      say={data && t('ui.appeals.count', { n: count(items.length) })}
      tabs={tabsOf(state, isLateOnly)}
      loaded={loaded}
      items={items}
      id={item ? id : ''}
      idOf={(a) => a.appeal}
      hrefOf={(to) => withQuery({ id: to })}
      row={(a) => <Row item={a} />}
      empty={
        <Empty icon="tick" title={t('ui.appeals.empty')}>
          <p>{t('ui.appeals.empty_text')}</p>
        </Empty>
      }
      pick={<Empty icon="appeals" title={t('ui.appeals.pick')} />}
    >
      {item && <One key={item.appeal} item={item} reload={reload} />}
    </Split>
  );
}
