/* SPDX-License-Identifier: Apache-2.0 */
/* orders - what was asked of banks and carriers: what waits for a second person, what is late. */
import { useRef } from 'preact/hooks';
import { get } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useCalmly, useLive, useLoad, useTitle } from '../base/hooks.ts';
import { pageOf } from '../base/incidents.ts';
import type { Page } from '../base/model.ts';
import { loadOrders } from '../base/order-pages.ts';
import { isOrderNews, type Order, TABS, tabOf } from '../base/orders.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { reportPage } from '../base/reports.ts';
import { query, withQuery } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { Copy, Fact, Facts, KindIcon, When } from '../parts/bits.tsx';
import {
  OrderBadge,
  OrderClock,
  Receipts,
  sayAmount,
  sayTarget,
  sayWhy,
} from '../parts/order-bits.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { OrderActs } from './order-acts.tsx';

const LIMIT = 200;

function Row({ item }: { item: Order }) {
  return (
    <>
      <span class="row-line">
        <KindIcon kind={item.target.kind} size={16} />
        <code class="row-value">{sayTarget(item)}</code>
        <strong class="order-sum">{sayAmount(item)}</strong>
      </span>
      <span class="row-line quiet">
        <OrderBadge order={item} />
        <span class="row-note">
          {term('order_kind', item.kind)} · {item.provider}
        </span>
        <OrderClock order={item} />
      </span>
    </>
  );
}

export function Whys({ order }: { order: Order }) {
  if (!order.why?.length) return null;
  return (
    <section>
      <h3>{t('ui.orders.rank', { n: order.rank })}</h3>
      <ul class="whys">
        {order.why.map((w) => (
          <li key={sayWhy(w)}>{sayWhy(w)}</li>
        ))}
      </ul>
    </section>
  );
}

function About({ item }: { item: Order }) {
  const profile = useProfile();
  return (
    <Facts>
      <Fact name={t('ui.orders.provider')}>
        <a href={`/providers/${encodeURIComponent(item.provider)}`}>{item.provider}</a>
      </Fact>
      <Fact name={t('ui.orders.layer')}>{item.layer || '—'}</Fact>
      <Fact name={t('ui.fact.from')}>
        <When at={item.from} />
      </Fact>
      <Fact name={t('ui.fact.until')}>
        <When at={item.until} />
      </Fact>
      <Fact name={t('ui.fact.proposer')}>{item.proposer ?? '—'}</Fact>
      <Fact name={t('ui.fact.approver')}>
        {item.approver ?? t(item.emergency ? 'ui.orders.uncountersigned' : 'ui.orders.unapproved')}
      </Fact>
      {(item.ahead ?? item.usable) !== undefined && (
        <>
          <Fact name={t('ui.orders.ahead')}>
            {item.ahead === undefined
              ? t('ui.orders.freeze_all')
              : money(item.ahead, item.currency)}
          </Fact>
          <Fact name={t('ui.orders.usable')}>
            {item.usable === undefined ? '—' : money(item.usable, item.currency)}
          </Fact>
        </>
      )}
      {(['takes', 'taker', 'drafted_taker'] as const).map(
        (which) =>
          item[which] && (
            <Fact key={which} name={t(`ui.orders.${which}`)}>
              <a href={withQuery({ id: item[which] })}>
                <code>{item[which]}</code>
              </a>
            </Fact>
          ),
      )}
      {item.heeder && (
        <Fact name={t('ui.orders.heeder')}>
          {item.heeder} · <When at={item.heeded_at} />
        </Fact>
      )}
      {item.keeper && <Fact name={t('ui.orders.keeper')}>{item.keeper}</Fact>}
      {item.report && (
        <Fact name={t('ui.orders.report')}>
          <a href={reportPage(item.report)}>
            <code>{item.report}</code>
          </a>
        </Fact>
      )}
      {item.incident && (
        <Fact name={t('ui.incident.title')}>
          <a href={pageOf(item.incident)}>
            <code>{item.incident}</code>
          </a>
        </Fact>
      )}
      <Fact name={t('ui.fact.basis')} wide>
        {wordOf(profile?.bases, item.basis)}
      </Fact>
      {item.reason && (
        <Fact name={t('ui.fact.reason')} wide>
          {wordOf(profile?.reasons, item.reason)}
        </Fact>
      )}
      {item.notice && (
        <Fact name={t('ui.fact.notice')} wide>
          {item.notice}
        </Fact>
      )}
      {item.ended_why && (
        <Fact name={t('ui.orders.ended_why')} wide>
          {term('order_end', item.ended_why)}
        </Fact>
      )}
    </Facts>
  );
}

function One({ id, changed }: { id: string; changed: () => void }) {
  const address = `/v1/orders/${encodeURIComponent(id)}`;
  const box = useRef<HTMLElement>(null);
  const { data, problem, reload } = useLoad<Order>(address, (signal) => get(address, { signal }));
  useLive((live) => live.order === id && reload());
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} />
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  const done = () => {
    reload();
    changed();
  };
  return (
    <article id="detail" class="detail single" tabIndex={-1} ref={box}>
      <header class="detail-head" data-copied>
        <ToList href={withQuery({ id: '' })} name={t('ui.nav.orders')} />
        <h2>
          {term('order_kind', data.kind)} {sayAmount(data)}
        </h2>
        <p>
          <code data-text>{sayTarget(data)}</code>
          {data.target.name && <span> · {data.target.name}</span>}
        </p>
        <p class="badges">
          <OrderBadge order={data} />
          {data.emergency && !data.approver && (
            <span class="badge ochre">{t('ui.orders.emergency')}</span>
          )}
          <OrderClock order={data} />
          <Copy text={data.target.value} label={t('ui.copy')} />
        </p>
      </header>
      <OrderActs
        key={[data.order, data.state, data.approver, data.alarmed_at, data.drafted_taker].join(' ')}
        order={data}
        done={done}
      />
      <Whys order={data} />
      <About item={data} />
      <section>
        <h3>{t('ui.orders.receipts')}</h3>
        <Receipts order={data} />
      </section>
      {data.history && (
        <section>
          <h3>{t('ui.listing.history')}</h3>
          <Timeline steps={data.history} />
        </section>
      )}
    </article>
  );
}

export function Orders() {
  useTitle(t('ui.nav.orders'));
  const tab = tabOf(query('tab'));
  const also = { provider: query('provider'), incident: query('incident') };
  const loaded = useLoad<Page<Order>>(`orders ${tab} ${also.provider} ${also.incident}`, (signal) =>
    loadOrders(tab, also, LIMIT, signal),
  );
  const id = query('id');
  useCalmly(isOrderNews, loaded.reload);
  return (
    <Split
      title={t('ui.nav.orders')}
      say={loaded.data && t('ui.orders.count', { n: count(loaded.data.total) })}
      tabs={TABS.map((s) => ({
        href: withQuery({ tab: s === 'open' ? '' : s, id: '' }),
        name: t(`ui.orders.tab.${s}`),
        isOn: tab === s,
      }))}
      loaded={loaded}
      items={loaded.data?.items ?? []}
      id={id}
      idOf={(o) => o.order}
      hrefOf={(to) => withQuery({ id: to })}
      row={(o) => <Row item={o} />}
      empty={
        <Empty icon="tick" title={t(`ui.orders.empty.${tab}`)}>
          <p>{t('ui.orders.empty_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={<Empty icon="gate_closed" title={t('ui.orders.pick')} />}
    >
      {id && <One key={id} id={id} changed={loaded.reload} />}
    </Split>
  );
}
