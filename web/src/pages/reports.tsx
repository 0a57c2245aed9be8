/* SPDX-License-Identifier: Apache-2.0 */
/* reports - what victims told: who has to take it, what the bank knows otherwise, what was done. */
import { useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { count, group, money } from '../base/format.ts';
import { useCalmly, useGrowing, useLoad, useTitle } from '../base/hooks.ts';
import { pageOf } from '../base/incidents.ts';
import type { Page } from '../base/model.ts';
import type { Order } from '../base/orders.ts';
import {
  type Claim,
  heldOf,
  REPORT_STATES,
  type Report,
  type ReportDetail,
  reportPage,
  returnedOf,
  stateOf,
} from '../base/reports.ts';
import { query, segments, withQuery } from '../base/router.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Badge, type Colour, Copy, Fact, Facts, When } from '../parts/bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { OrderBadge, OrderClock, sayAmount, sayTarget } from '../parts/order-bits.tsx';
import { Purpose } from '../parts/purpose.tsx';
import { ReportBadge } from '../parts/report-bits.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { sayActor, Timeline } from '../parts/timeline.tsx';
import { ReportActs } from './report-acts.tsx';

const LIMIT = 100;
const addressOf = (id: string): string => `/v1/reports/${encodeURIComponent(id)}`;

const CLAIM_LOOK: Record<Claim['state'], [IconName, Colour]> = {
  told: ['hour', 'ink'],
  matched: ['tick', 'jade'],
  mismatched: ['warn', 'ochre'],
  withdrawn: ['back', 'ink'],
};

const sayFiler = (r: Report): string =>
  sayActor(r.filer === undefined || r.filer === 'public' ? '' : r.filer);

function Row({ item }: { item: Report }) {
  return (
    <>
      <span class="row-line">
        <strong class="order-sum">{money(item.loss, item.currency)}</strong>
        <span class="quiet row-note">{term('report_channel', item.channel)}</span>
      </span>
      <span class="row-line quiet">
        <ReportBadge state={item.state} />
        <span class="row-note">
          {item.taker ? t('ui.reports.taken_by', { name: item.taker }) : sayFiler(item)}
        </span>
        <When at={item.filed_at} />
      </span>
    </>
  );
}

/* Who they are and what they said: for a purpose, and the reading is recorded. */
function Victim({ item }: { item: ReportDetail }) {
  const [seen, setSeen] = useState<ReportDetail | null>(null);
  const shown = seen ?? (item.victim ? item : null);
  if (!shown)
    return (
      <Purpose
        draft={`purpose.${item.report}`}
        label={t('ui.reports.show_victim')}
        read={async (purpose) => {
          setSeen(await get<ReportDetail>(addressOf(item.report) + search({ purpose })));
        }}
      />
    );
  const names = shown.claims.filter((c) => c.name);
  return (
    <section>
      <h3>{t('ui.reports.victim')}</h3>
      <Facts>
        <Fact name={t('ui.report.victim')}>{shown.victim?.name ?? '—'}</Fact>
        <Fact name={t('ui.report.number')}>
          {shown.victim?.number ? group('number', shown.victim.number) : '—'}
        </Fact>
        {names.length > 0 && (
          <Fact name={t('ui.report.payee')} wide>
            {names.map((c) => `${c.to} ${c.name}`).join(t('ui.comma'))}
          </Fact>
        )}
      </Facts>
      {shown.said && (
        <blockquote class="answer">
          <p class="prose">{shown.said}</p>
        </blockquote>
      )}
    </section>
  );
}

function ClaimState({ claim }: { claim: Claim }) {
  const [icon, colour] = CLAIM_LOOK[claim.state];
  return (
    <Badge icon={icon} colour={colour}>
      {term('told_state', claim.state)}
    </Badge>
  );
}

function ClaimItem({ claim }: { claim: Claim }) {
  return (
    <li class="claim">
      <p class="row-line">
        <ClaimState claim={claim} />
        <code class="row-value">{group('account', claim.to)}</code>
        {claim.bank && <span class="quiet">{claim.bank}</span>}
        <strong class="order-sum">{money(claim.amount, claim.currency)}</strong>
      </p>
      {!!claim.mismatch?.length && (
        <p class="ochre-text">
          {t('ui.reports.differs', {
            what: claim.mismatch.map((w) => term('mismatch', w)).join(t('ui.comma')),
          })}
        </p>
      )}
      <p class="quiet">
        {claim.time ? <When at={claim.time} /> : t('ui.reports.no_time')}
        {claim.from && (
          <span>
            {' '}
            · {t('ui.reports.from')} <code>{group('account', claim.from)}</code>
          </span>
        )}
        {claim.transfer && (
          <span>
            {' '}
            · {t('ui.reports.transfer')} <code>{claim.transfer}</code>
          </span>
        )}
        {claim.returned > 0 && (
          <span> · {t('ui.reports.returned', { sum: money(claim.returned, claim.currency) })}</span>
        )}
      </p>
    </li>
  );
}

function Claims({ item }: { item: ReportDetail }) {
  return (
    <section>
      <h3>{t('ui.reports.claims', { n: count(item.claims.length) })}</h3>
      {item.claims.length ? (
        <ul class="plain claims">
          {item.claims.map((c) => (
            <ClaimItem key={c.claim} claim={c} />
          ))}
        </ul>
      ) : (
        <p class="quiet">{t('ui.reports.no_claims')}</p>
      )}
    </section>
  );
}

function OrderItem({ order: o }: { order: Order }) {
  return (
    <li>
      <a class="wait-row" href={`/orders?id=${encodeURIComponent(o.order)}`}>
        <OrderBadge order={o} />
        <code class="grow">{sayTarget(o)}</code>
        <span class="nowrap">
          {term('order_kind', o.kind)} {sayAmount(o)}
          {!!o.held && ` · ${t('ui.orders.held', { sum: money(o.held, o.currency) })}`}
        </span>
        <OrderClock order={o} />
      </a>
    </li>
  );
}

function Orders({ item }: { item: ReportDetail }) {
  return (
    <section>
      <h3>{t('ui.reports.orders', { n: count(item.orders.length) })}</h3>
      {item.orders.length ? (
        <ul class="plain waits">
          {item.orders.map((o) => (
            <OrderItem key={o.order} order={o} />
          ))}
        </ul>
      ) : (
        <p class="quiet">
          {t(item.state === 'filed' ? 'ui.reports.no_orders_yet' : 'ui.reports.no_orders')}
        </p>
      )}
    </section>
  );
}

function About({ item }: { item: ReportDetail }) {
  const sum = (minor: number) => money(minor, item.currency);
  return (
    <Facts>
      <Fact name={t('ui.report.loss')}>{sum(item.loss)}</Fact>
      <Fact name={t('ui.reports.pledged')}>{sum(item.pledged)}</Fact>
      <Fact name={t('ui.reports.held')}>{sum(heldOf(item.orders))}</Fact>
      <Fact name={t('ui.returns.returned')}>{sum(returnedOf(item.claims))}</Fact>
      <Fact name={t('ui.appeal.filed_at')}>
        <When at={item.filed_at} /> · {sayFiler(item)}
      </Fact>
      <Fact name={t('ui.reports.taken')}>
        {item.taker ? (
          <>
            <When at={item.taken_at} /> · {item.taker}
          </>
        ) : (
          t('ui.reports.nobody')
        )}
      </Fact>
      {item.incident && (
        <Fact name={t('ui.incident.title')} wide>
          <a href={pageOf(item.incident)}>
            <code>{item.incident}</code>
          </a>
        </Fact>
      )}
      {item.ended_why && (
        <Fact name={t('ui.fact.ended_why')} wide>
          {item.ended_why} · <When at={item.ended_at} />
        </Fact>
      )}
      <Fact name={t('ui.report.page')} wide>
        <a href={`/progress/${encodeURIComponent(item.report)}`}>{t('ui.reports.progress')}</a>
      </Fact>
    </Facts>
  );
}

function One({ id, changed }: { id: string; changed: () => void }) {
  const address = addressOf(id);
  const { data, problem, reload } = useLoad<ReportDetail>(address, (signal) =>
    get(address, { signal }),
  );
  useCalmly((live) => live.report === id || live.name === 'receipt', reload);
  const back = <ToList href={`/reports${location.search}`} name={t('ui.nav.reports')} />;
  if (!data)
    return (
      <div class="detail single">
        {back}
        {problem ? (
          <Broken problem={problem} again={reload} />
        ) : (
          <Waiting what={t('ui.slow.list')} />
        )}
      </div>
    );
  const done = () => {
    reload();
    changed();
  };
  return (
    <article id="detail" class="detail single" tabIndex={-1}>
      <header class="detail-head" data-copied>
        {back}
        <h2>{t('ui.reports.title', { sum: money(data.loss, data.currency) })}</h2>
        <p>
          <code data-text>{data.report}</code>
        </p>
        <p class="badges">
          <ReportBadge state={data.state} />
          <Badge icon="number" colour="ink">
            {term('report_channel', data.channel)}
          </Badge>
          <Copy text={data.report} label={t('ui.copy')} />
        </p>
      </header>
      <ReportActs key={`${data.report} ${data.state}`} report={data} done={done} />
      <About item={data} />
      <Claims item={data} />
      <Orders item={data} />
      <Victim item={data} />
      {data.history && (
        <section>
          <h3>{t('ui.listing.history')}</h3>
          <Timeline steps={data.history} />
        </section>
      )}
    </article>
  );
}

const TABS = [...REPORT_STATES, 'all'] as const;

export function Reports() {
  useTitle(t('ui.nav.reports'));
  const id = segments.value[1] ?? '';
  const state = stateOf(query('state') || (id ? 'all' : ''));
  const incident = query('incident');
  const asked = { ...(state !== 'all' && { state }), ...(incident && { incident }), limit: LIMIT };
  const { rows, more, reload } = useGrowing<Report>(
    `reports ${state} ${incident}`,
    (cursor, signal) =>
      get<Page<Report>>(`/v1/reports${search({ ...asked, ...(cursor && { cursor }) })}`, {
        signal,
      }),
    (r) => r.report,
  );
  useCalmly((live) => live.name === 'report', reload);
  const isThere = rows.items.length > 0 || (!rows.isLoading && !rows.problem);
  const hrefOf = (to: string) => reportPage(to) + search({ state, incident });
  return (
    <Split
      title={t('ui.nav.reports')}
      say={isThere ? t('ui.reports.count', { n: count(rows.total) }) : null}
      tabs={TABS.map((s) => ({
        href: withQuery({ state: s }),
        name: s === 'all' ? t('ui.reports.all') : term('report_state', s),
        isOn: state === s,
      }))}
      loaded={{
        data: isThere ? { items: rows.items, total: rows.total, next: rows.next } : null,
        problem: rows.problem,
        isLoading: rows.isLoading,
        reload,
      }}
      items={rows.items}
      id={id}
      idOf={(r) => r.report}
      hrefOf={hrefOf}
      row={(r) => <Row item={r} />}
      more={rows.next ? more : undefined}
      empty={
        <Empty icon="tick" title={t(`ui.reports.empty.${state}`)}>
          <p>{t('ui.reports.empty_text')}</p>
          {can('report.take') && (
            <p>
              <a class="button" href="/reports/new">
                <Icon name="plus" size={18} />
                {t('ui.nav.report')}
              </a>
            </p>
          )}
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={<Empty icon="number" title={t('ui.reports.pick')} />}
    >
      {id && <One key={id} id={id} changed={reload} />}
    </Split>
  );
}
