/* SPDX-License-Identifier: Apache-2.0 */
/* home - for a citizen the check box; for the staff what waits for them, with its clock. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { get, post, sayProblem, search } from '../base/api.ts';
import { loadOpenAppeals } from '../base/appeals.ts';
import { count, money } from '../base/format.ts';
import { type Loaded, useKeys, useLive, useLoad, useTitle } from '../base/hooks.ts';
import type { Appeal, Centre, Listing, Page } from '../base/model.ts';
import { LOOKED_AT, loadToSign } from '../base/order-pages.ts';
import { type Order, silentOf } from '../base/orders.ts';
import { type Report, reportPage } from '../base/reports.ts';
import { go } from '../base/router.ts';
import { can, me, meProblem, openSession, user } from '../base/session.ts';
import { saySpan, spanOf } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { ActionBadge, AppealBadge, Badge, Clock, Key, KindIcon, When } from '../parts/bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { MoneySent } from '../parts/money-sent.tsx';
import { OrderBadge, OrderClock, sayAmount, sayTarget } from '../parts/order-bits.tsx';
import { ReportBadge } from '../parts/report-bits.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { CheckBox } from './check.tsx';

export function Home() {
  useTitle(t('ui.nav.home'));
  if (!me.value && !meProblem.value) return <Waiting what={t('ui.slow.session')} />;
  return user.value ? <StaffHome /> : <CitizenHome />;
}

function Way(props: { href: string; icon: IconName; title: string; text: string }) {
  return (
    <a class="way card" href={props.href}>
      <Icon name={props.icon} size={24} />
      <span>
        <strong>{props.title}</strong>
        <span class="quiet">{props.text}</span>
      </span>
    </a>
  );
}

function CitizenHome() {
  return (
    <div class="column">
      <h1 class="hello">{t('ui.home.citizen')}</h1>
      <CheckBox isLarge />
      <p class="hint">{t('ui.check.hint')}</p>
      {meProblem.value && (
        <Broken
          problem={meProblem.value}
          again={() => void openSession()}
          works={t('ui.broken.call')}
        />
      )}
      <MoneySent />
      <div class="ways">
        <Way
          href="/appeal"
          icon="appeals"
          title={t('ui.home.appeal')}
          text={t('ui.home.appeal_text')}
        />
        <Way href="/tip" icon="send" title={t('ui.tip.title')} text={t('ui.tip.home_text')} />
        <Way
          href="tel:96110"
          icon="number"
          title={t('ui.home.report')}
          text={t('ui.home.report_text')}
        />
        <Way
          href="/progress"
          icon="refund"
          title={t('ui.home.progress')}
          text={t('ui.home.progress_text')}
        />
        <Way
          href="/ledger"
          icon="ledger"
          title={t('ui.home.ledger')}
          text={t('ui.home.ledger_text')}
        />
        <Way
          href="/mistakes"
          icon="lift"
          title={t('ui.home.mistakes')}
          text={t('ui.home.mistakes_text')}
        />
      </div>
      <section class="about">
        <h2>{t('ui.home.what')}</h2>
        <p>{t('ui.home.what_text')}</p>
        <p>{t('ui.home.what_never')}</p>
      </section>
    </div>
  );
}

function Counter(props: {
  href: string;
  icon: IconName;
  n: number;
  name: string;
  isLate?: boolean;
}) {
  return (
    <a class={props.isLate && props.n > 0 ? 'counter late' : 'counter'} href={props.href}>
      <Icon name={props.icon} size={18} />
      <span class="counter-n">{count(props.n)}</span>
      <span class="counter-name">{props.name}</span>
    </a>
  );
}

function Counters({ centre }: { centre: Centre }) {
  const n = centre.counts;
  return (
    <div class="counters">
      <Counter
        href="/lists?state=in_force"
        icon="pass"
        n={n.in_force}
        name={t('ui.home.in_force')}
      />
      <Counter
        href="/lists?state=proposed"
        icon="hour"
        n={n.proposed}
        name={t('ui.home.proposed')}
      />
      <Counter
        href="/lists?state=in_force"
        icon="clock"
        n={n.expiring_24h}
        name={t('ui.home.expiring')}
      />
      <Counter href="/appeals" icon="appeals" n={n.appeals_open} name={t('ui.home.appeals_open')} />
      <Counter
        href="/appeals?late=1"
        icon="warn"
        n={n.appeals_late}
        name={t('ui.home.appeals_late')}
        isLate
      />
      {can('order.read') && (
        <>
          <Counter
            href="/orders?tab=waiting"
            icon="gate_closed"
            n={n.orders_countersign + n.orders_drafted}
            name={t('ui.home.orders_waiting')}
          />
          <Counter
            href="/orders?tab=late"
            icon="warn"
            n={n.orders_late}
            name={t('ui.home.orders_late')}
            isLate
          />
        </>
      )}
    </div>
  );
}

/* After a restore nothing leaves the building until somebody has looked. */
function Leapt({ to, by_s }: { to: string; by_s: number }) {
  const span = saySpan(spanOf(by_s * 1000));
  return (
    <div class="note ochre" role="status">
      <Icon name="hour" />
      <div>
        <p>
          <strong>{t(by_s > 0 ? 'ui.home.leapt_on' : 'ui.home.leapt_back', { span })}</strong>{' '}
          <When at={to} />
        </p>
        <p>{t(by_s > 0 ? 'ui.home.leapt_on_text' : 'ui.home.leapt_back_text')}</p>
      </div>
    </div>
  );
}

/* The book of calls: what is wrong with it, and what its detectors do. */
function CallBook({ centre }: { centre: Centre }) {
  const { calls, detection: d } = centre;
  const wrong = [
    calls?.trouble?.text,
    ...(calls?.damages ?? []).map((h) => `${h.file}: ${h.text}`),
  ];
  return (
    <>
      {calls && (
        <div class="note cinnabar" role="status">
          <Icon name="warn" />
          <div>
            <strong>{t('ui.home.calls')}</strong>
            {wrong.filter(Boolean).map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
        </div>
      )}
      <p class="quiet">
        <a href="/suspicions">{t('ui.nav.suspicions')}</a>{' '}
        {t('ui.home.detect', {
          callers: term('detect', d.callers),
          boxes: term('detect', d.boxes),
          n: count(d.said),
          m: count(d.beyond),
        })}
      </p>
    </>
  );
}

function Held({ again }: { again: () => void }) {
  const [problem, setProblem] = useState('');
  const release = async () => {
    try {
      await post('/v1/centre/reconcile', {});
      again();
    } catch (cause) {
      setProblem(sayProblem(cause).detail);
    }
  };
  return (
    <div class="note ochre" role="status">
      <Icon name="warn" />
      <div>
        <p>
          <strong>{t('ui.home.held')}</strong>
        </p>
        <p>{t('ui.home.held_text')}</p>
        {problem && <p>{problem}</p>}
      </div>
      {can('centre.reconcile') && (
        <button type="button" class="button" onClick={() => void release()}>
          {t('ui.home.reconcile')}
        </button>
      )}
    </div>
  );
}

function Waits<T>(props: {
  title: string;
  all: string;
  loaded: Loaded<unknown>;
  empty: ComponentChildren;
  row: (item: T) => ComponentChildren;
  shown: T[];
  n: number | undefined;
  foot?: ComponentChildren;
  hotkey?: string;
}) {
  const { data, problem, reload } = props.loaded;
  return (
    <section class="card waits">
      <header class="card-head">
        <h2>
          {props.title}
          {!!props.n && <span class="n">{count(props.n)}</span>}
        </h2>
        <a href={props.all}>
          {t('ui.home.all')} {props.hotkey && <Key>{props.hotkey}</Key>}
        </a>
      </header>
      {problem ? (
        <Broken problem={problem} again={reload} />
      ) : !data ? (
        <Waiting what={t('ui.slow.list')} />
      ) : props.shown.length ? (
        <ul class="plain">{props.shown.map(props.row)}</ul>
      ) : (
        props.empty
      )}
      {props.foot && <p class="quiet">{props.foot}</p>}
    </section>
  );
}

function ProposalRow({ item }: { item: Listing }) {
  return (
    <li>
      <a class="wait-row" href={`/lists?state=proposed&id=${encodeURIComponent(item.listing)}`}>
        <KindIcon kind={item.kind} />
        <code class="grow">{item.display}</code>
        <ActionBadge action={item.action} />
        <span class="quiet nowrap">
          {item.proposer} · <When at={item.proposed_at} />
        </span>
      </a>
    </li>
  );
}

const SOON_MS = 24 * 3_600_000;

function AppealRow({ item }: { item: Appeal }) {
  return (
    <li>
      <a class="wait-row" href={`/appeals?id=${encodeURIComponent(item.appeal)}`}>
        <AppealBadge state={item.state} />
        <span class="grow clip">{item.statement}</span>
        <Clock due={item.due_at} soon_ms={SOON_MS} />
      </a>
    </li>
  );
}

const SHOWN = 6;

/* What this person may decide comes first; one's own proposals wait for somebody else. */
function Proposals({ loaded }: { loaded: Loaded<Page<Listing>> }) {
  const items = loaded.data?.items ?? [];
  const mine = items.filter((l) => l.may?.includes('approve'));
  const others = items.filter((l) => !l.may?.includes('approve'));
  const isApprover = can('listing.approve');
  const shown = isApprover ? mine : others;
  const isWhole = items.length === loaded.data?.total;
  return (
    <Waits
      title={t(isApprover ? 'ui.home.to_approve' : 'ui.home.waiting_others')}
      all="/lists?state=proposed"
      hotkey="↵"
      loaded={loaded}
      shown={shown.slice(0, SHOWN)}
      n={isWhole ? shown.length : undefined}
      row={(item) => <ProposalRow key={item.listing} item={item} />}
      empty={<Empty icon="tick" title={t('ui.home.nothing')} />}
      foot={isApprover && others.length > 0 && t('ui.home.not_yours', { n: count(others.length) })}
    />
  );
}

/* Reports from the street, which send nothing before somebody takes them. */
function Untaken({ loaded }: { loaded: Loaded<Page<Report>> }) {
  return (
    <Waits
      title={t('ui.home.untaken')}
      all="/reports"
      loaded={loaded}
      shown={loaded.data?.items ?? []}
      n={loaded.data?.total}
      row={(r) => (
        <li key={r.report}>
          <a class="wait-row" href={`${reportPage(r.report)}?state=filed`}>
            <ReportBadge state={r.state} />
            <span class="grow">{term('report_channel', r.channel)}</span>
            <strong class="nowrap">{money(r.loss, r.currency)}</strong>
            <When at={r.filed_at} />
          </a>
        </li>
      )}
      empty={<Empty icon="tick" title={t('ui.reports.empty.filed')} />}
    />
  );
}

/* Orders that a second person has to sign: what lapses first on top. */
function Countersigns({ loaded }: { loaded: Loaded<Page<Order>> }) {
  const items = loaded.data?.items ?? [];
  const isWhole = !loaded.data?.next;
  return (
    <Waits
      title={t('ui.home.countersign')}
      all="/orders?tab=waiting"
      loaded={loaded}
      shown={items.slice(0, SHOWN)}
      n={isWhole ? items.length : undefined}
      foot={!isWhole && t('ui.home.waiting_more', { n: count(loaded.data?.total ?? 0) })}
      row={(o) => (
        <li key={o.order}>
          <a class="wait-row" href={`/orders?tab=waiting&id=${encodeURIComponent(o.order)}`}>
            <OrderBadge order={o} />
            <code class="grow">{sayTarget(o)}</code>
            <span class="nowrap">{sayAmount(o)}</span>
            <OrderClock order={o} />
          </a>
        </li>
      )}
      empty={isWhole && <Empty icon="tick" title={t('ui.home.no_countersign')} />}
    />
  );
}

/* Banks that are late and nobody above has said that they have seen it: a line a bank. */
function Silent({ loaded }: { loaded: Loaded<Page<Order>> }) {
  const groups = silentOf(loaded.data?.items ?? []);
  return (
    <Waits
      title={t('ui.home.silent')}
      all="/orders?tab=late"
      loaded={loaded}
      shown={groups.slice(0, SHOWN)}
      n={groups.length}
      row={(g) => (
        <li key={g.provider}>
          <a class="wait-row" href={`/providers/${encodeURIComponent(g.provider)}`}>
            <Badge icon="warn" colour={g.isLoud ? 'cinnabar' : 'ochre'}>
              {term('order_alarm', g.isLoud ? 'loud' : 'late')}
            </Badge>
            <span class="grow">{g.provider}</span>
            <span class="nowrap">{t('ui.home.silent_n', { n: count(g.n) })}</span>
            <When at={g.since} />
          </a>
        </li>
      )}
      empty={<Empty icon="tick" title={t('ui.home.no_silent')} />}
    />
  );
}

const NO_ORDERS: Page<Order> = { items: [], next: null, total: 0 };

function StaffHome() {
  const centre = useLoad<Centre>('/v1/centre', (signal) => get('/v1/centre', { signal }));
  const first = `/v1/listings${search({ state: 'proposed', limit: LOOKED_AT })}`;
  const proposed = useLoad<Page<Listing>>(first, (signal) => get(first, { signal }));
  const appeals = useLoad<Page<Appeal>>('appeals', (signal) => loadOpenAppeals(6, signal));
  const signs = useLoad<Page<Order>>('countersign', (signal) =>
    can('order.approve') ? loadToSign(SHOWN, signal) : Promise.resolve(NO_ORDERS),
  );
  const silent = useLoad<Page<Order>>('silent', (signal) =>
    can('order.heed')
      ? get(`/v1/orders${search({ waits: 'heed', limit: LOOKED_AT * 4 })}`, { signal })
      : Promise.resolve(NO_ORDERS),
  );
  const untaken = useLoad<Page<Report>>(can('report.take') ? 'untaken' : '', (signal) =>
    get(`/v1/reports${search({ state: 'filed', limit: SHOWN })}`, { signal }),
  );
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLive(() => {
    /* Counters follow what happens, at most once a second. */
    timer.current ??= setTimeout(() => {
      timer.current = null;
      centre.reload();
      proposed.reload();
      appeals.reload();
      signs.reload();
      untaken.reload();
      silent.reload();
    }, 1000);
  });
  useKeys({
    Enter: () => go('/lists?state=proposed'),
    n: () => go('/lists?new=1'),
    c: () => can('report.take') && go('/reports/new'),
  });
  const roles = user.value?.roles.map((r) => term('role', r)).join(t('ui.comma'));
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.home.staff', { name: user.value?.name ?? '' })}</h1>
          <p class="quiet">{roles}</p>
        </div>
        <div class="acts">
          {can('report.take') && (
            <a class="button primary" href="/reports/new">
              <Icon name="number" />
              {t('ui.nav.report')}
              <Key>c</Key>
            </a>
          )}
          {can('listing.propose') && (
            <a class={can('report.take') ? 'button' : 'button primary'} href="/lists?new=1">
              <Icon name="plus" />
              {t('ui.lists.new')}
              <Key>n</Key>
            </a>
          )}
        </div>
      </header>
      {centre.data?.outbox_held && <Held again={centre.reload} />}
      {centre.data?.clock_leap && <Leapt {...centre.data.clock_leap} />}
      {centre.data ? (
        <>
          <Counters centre={centre.data} />
          <CallBook centre={centre.data} />
        </>
      ) : (
        centre.problem && <Broken problem={centre.problem} again={centre.reload} />
      )}
      {(can('order.approve') || can('order.heed') || can('report.take')) && (
        <div class="pair">
          {can('report.take') && <Untaken loaded={untaken} />}
          {can('order.approve') && <Countersigns loaded={signs} />}
          {can('order.heed') && <Silent loaded={silent} />}
        </div>
      )}
      <div class="pair">
        <Proposals loaded={proposed} />
        <Waits
          title={t('ui.home.appeals')}
          all="/appeals"
          loaded={appeals}
          shown={appeals.data?.items ?? []}
          n={appeals.data?.total}
          row={(item) => <AppealRow key={item.appeal} item={item} />}
          empty={<Empty icon="tick" title={t('ui.home.no_appeals')} />}
        />
      </div>
    </div>
  );
}
