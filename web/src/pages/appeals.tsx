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

function Row({ item, isOn }: { item: Appeal; isOn: boolean }) {
  return (
    <li>
      <a class="row" href={withQuery({ id: item.appeal })} aria-current={isOn ? 'true' : undefined}>
        <span class="row-body">
          <span class="row-line">
            <span class="row-value plain-text">{item.statement}</span>
            {isOpen(item) && <Clock due={item.due_at} soon_ms={DAY_MS} />}
          </span>
          <span class="row-line quiet">
            <AppealBadge state={item.state} />
            <span class="row-note">{item.reviewer ?? t('ui.appeals.unassigned')}</span>
            <When at={item.filed_at} />
          </span>
        </span>
      </a>
    </li>
  );
}

/* Name and contact are personal: shown for a stated purpose, and the reading is recorded. */
function Person({ item }: { item: Appeal }) {
  const [isAsking, setAsking] = useState(false);
  const [seen, setSeen] = useState<Appeal | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm(`purpose.${item.appeal}`, { purpose: '' });
  const shown = seen ?? (item.name || item.contact ? item : null);
  const read = async (event: Event) => {
    event.preventDefault();
    const purpose = form.fields.purpose?.trim();
    if (!purpose) return form.fail('purpose', t('ui.appeals.purpose_missing'));
    try {
      const asked = search({ appeal: item.appeal, state: item.state, purpose, limit: LIMIT });
      const page = await get<Page<Appeal>>(`/v1/appeals${asked}`);
      setSeen(page.items.find((a) => a.appeal === item.appeal) ?? item);
      form.clear();
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
    return undefined;
  };
  if (shown)
    return (
      <Facts>
        <Fact name={t('ui.appeal.name')}>{shown.name ?? '—'}</Fact>
        <Fact name={t('ui.appeal.contact')}>{shown.contact ?? '—'}</Fact>
      </Facts>
    );
  if (!isAsking)
    return (
      <div class="acts">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          <Icon name="person" size={18} />
          {t('ui.appeals.show_person')}
        </button>
      </div>
    );
  return (
    <form class="panel" onSubmit={(event) => void read(event)}>
      <TextField
        form={form}
        name="purpose"
        label={t('ui.appeals.purpose')}
        hint={t('ui.appeals.purpose_hint')}
        isFirst
      />
      <FormProblem problem={problem} />
      <div class="acts">
        <button type="submit" class="button">
          {t('ui.appeals.read')}
        </button>
      </div>
    </form>
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
          { value: 'granted', label: t('ui.appeals.grant'), icon: 'pass' },
          { value: 'rejected', label: t('ui.appeals.reject'), icon: 'cross' },
        ]}
        hint={f.decision && t(`ui.appeals.effect.${f.decision}`)}
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
        <a class="button ghost small only-narrow" href={withQuery({ id: '' })}>
          <Icon name="back" size={18} />
          {t('ui.nav.appeals')}
        </a>
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
      <About id={item.listing} />
    </article>
  );
}

function useStep(items: Appeal[], id: string) {
  const at = items.findIndex((a) => a.appeal === id);
  const step = (by: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (next) go(withQuery({ id: next.appeal }), id ? 'replace' : 'push');
  };
  useKeys({
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(at < 0 ? 1 : -1),
    ArrowUp: () => step(at < 0 ? 1 : -1),
    Enter: () => document.getElementById('detail')?.focus(),
    Escape: () => id && go(withQuery({ id: '' })),
  });
}

export function Appeals() {
  useTitle(t('ui.nav.appeals'));
  const { data, problem, isLoading, reload } = useQueue();
  const id = query('id');
  const isLateOnly = query('late') === '1';
  const all = data?.items ?? [];
  const items = isLateOnly ? all.filter((a) => Date.parse(a.due_at) <= now.value) : all;
  const item = all.find((a) => a.appeal === id);
  const state = query('state');
  useStep(items, id);
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
    <div class={item ? 'split open' : 'split'}>
      <h1 class="unseen">{t('ui.nav.appeals')}</h1>
      <section class="list-side" aria-label={t('ui.nav.appeals')}>
        <header class="list-head">
          <p class="list-title" aria-hidden="true">
            {t('ui.nav.appeals')}
          </p>
          <span class="quiet" role="status">
            {data && t('ui.appeals.count', { n: count(items.length) })}
          </span>
        </header>
        <div class="filters">
          <nav class="tabs" aria-label={t('ui.filter.state')}>
            <a href="/appeals" aria-current={!state && !isLateOnly ? 'true' : undefined}>
              {t('ui.appeals.open')}
            </a>
            <a href="/appeals?late=1" aria-current={isLateOnly ? 'true' : undefined}>
              {t('ui.appeals.late')}
            </a>
            {APPEAL_STATES.slice(2).map((s) => (
              <a
                key={s}
                href={`/appeals?state=${s}`}
                aria-current={state === s ? 'true' : undefined}
              >
                {term('appeal_state', s)}
              </a>
            ))}
          </nav>
        </div>
        {problem && !data ? (
          <Broken problem={problem} again={reload} />
        ) : !data ? (
          <Waiting what={t('ui.slow.list')} />
        ) : items.length ? (
          <div class="pane" aria-busy={isLoading}>
            <ul class="plain">
              {items.map((a) => (
                <Row key={a.appeal} item={a} isOn={a.appeal === id} />
              ))}
            </ul>
          </div>
        ) : (
          <Empty icon="tick" title={t('ui.appeals.empty')}>
            <p>{t('ui.appeals.empty_text')}</p>
          </Empty>
        )}
      </section>
      <section class="detail-side" aria-label={t('ui.lists.detail')}>
        {item ? (
          <One key={item.appeal} item={item} reload={reload} />
        ) : (
          <div class="detail-none">
            <Empty icon="appeals" title={t('ui.appeals.pick')} />
          </div>
        )}
      </section>
    </div>
  );
}
