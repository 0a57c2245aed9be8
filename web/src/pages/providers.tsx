/* SPDX-License-Identifier: Apache-2.0 */
/* providers - banks and carriers: what each can do, what is open and late there, how fast it is. */
import { useState } from 'preact/hooks';
import { get, post, search } from '../base/api.ts';
import { count } from '../base/format.ts';
import { useCalmly, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import type { Page } from '../base/model.ts';
import { loadOrders } from '../base/order-pages.ts';
import { isOrderNews, newestAlarm, type Order, type Receipt } from '../base/orders.ts';
import { inTrouble, type Provider, spanParts } from '../base/providers.ts';
import { go, segments } from '../base/router.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { Badge, Fact, Facts, Key, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { OrderBadge, OrderClock, sayAmount, sayTarget } from '../parts/order-bits.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { HEEDED } from './order-acts.tsx';

const SHOWN = 50;

const hrefOf = (id: string): string => (id ? `/providers/${encodeURIComponent(id)}` : '/providers');

const callsOf = (id: string): string => `/calls?carrier=${encodeURIComponent(id)}`;

function saySpanOf(ms: number): string {
  const { unit, n } = spanParts(ms);
  return t(`ui.providers.span_${unit}`, { n });
}

function Counts({ item }: { item: Provider }) {
  const { open, late, lifting } = item.counts;
  return (
    <span class="badges">
      {late > 0 && (
        <Badge icon="warn" colour="cinnabar">
          {t('ui.providers.late', { n: count(late) })}
        </Badge>
      )}
      {lifting > 0 && (
        <Badge icon="lift" colour="ochre">
          {t('ui.providers.lifting', { n: count(lifting) })}
        </Badge>
      )}
      <Badge icon={open ? 'gate_closed' : 'tick'} colour={open ? 'ochre' : 'ink'}>
        {t('ui.providers.open', { n: count(open) })}
      </Badge>
    </span>
  );
}

function Row({ item }: { item: Provider }) {
  return (
    <>
      <span class="row-line">
        <span class="row-value">{item.name}</span>
        {item.answer_ms && (
          <span class="quiet">
            {t('ui.providers.median', { span: saySpanOf(item.answer_ms.median) })}
          </span>
        )}
      </span>
      <span class="row-line quiet">
        <span class="row-note">
          {term('provider_kind', item.kind)} · <code>{item.provider}</code>
        </span>
        <Counts item={item} />
      </span>
    </>
  );
}

function Orders({ provider }: { provider: string }) {
  const { data, problem, reload } = useLoad<Page<Order>>(`orders of ${provider}`, (signal) =>
    loadOrders('open', { provider }, SHOWN, signal),
  );
  useCalmly(isOrderNews, reload);
  const all = `/orders?provider=${encodeURIComponent(provider)}`;
  return (
    <section>
      <div class="card-head">
        <h3>{data ? t('ui.providers.orders', { n: count(data.total) }) : t('ui.nav.orders')}</h3>
        <a href={all}>{t('ui.home.all')}</a>
      </div>
      {problem && !data ? (
        <Broken problem={problem} again={reload} />
      ) : !data ? (
        <Waiting what={t('ui.slow.list')} />
      ) : data.items.length ? (
        <ul class="plain waits">
          {data.items.map((o) => (
            <li key={o.order}>
              <a class="wait-row" href={`/orders?id=${encodeURIComponent(o.order)}`}>
                <OrderBadge order={o} />
                <code class="grow">{sayTarget(o)}</code>
                <span class="nowrap">
                  {term('order_kind', o.kind)} {sayAmount(o)}
                </span>
                <OrderClock order={o} />
              </a>
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet">{t('ui.providers.no_orders')}</p>
      )}
    </section>
  );
}

/* Orders whose lateness nobody above has said that they have seen: all of this provider's at once. */
function Alarms({ item, done }: { item: Provider; done: () => void }) {
  const [seen, setSeen] = useState(''); /* the newest alarm shown when they began to say so */
  const isAsking = seen !== '';
  const mine = `/v1/orders${search({ waits: 'heed', provider: item.provider, limit: SHOWN })}`;
  const { data, reload } = useLoad<Page<Order>>(mine, (signal) => get(mine, { signal }));
  useCalmly(isOrderNews, reload);
  const n = data?.total ?? 0;
  const look = () => setSeen(newestAlarm(data?.items ?? []));
  useKeys(n > 0 && !isAsking && can('order.heed') ? { s: look } : {});
  if (!n) return null;
  const isLoud = data?.items.some((o) => o.alarm === 'loud');
  const question = {
    draft: `heed.${item.provider}`,
    label: t('ui.orders.act.heed'),
    effect: t('ui.providers.heed', { n: count(n) }),
    confirm: t('ui.orders.act.heed'),
    why: t('ui.orders.heed_why'),
    reasons: HEEDED.map((r) => t(`ui.orders.heeded.${r}`)),
    send: (body: { why?: string }, key: string) =>
      post(
        `/v1/providers/${encodeURIComponent(item.provider)}/heed`,
        { ...body, alarmed_until: seen },
        { key },
      ),
  };
  return (
    <>
      <p class={isLoud ? 'note cinnabar' : 'note ochre'}>
        <Icon name="warn" size={18} />
        <span>{t(isLoud ? 'ui.providers.loud' : 'ui.providers.alarm', { n: count(n) })}</span>
      </p>
      {isAsking ? (
        <Ask
          question={question}
          close={() => setSeen('')}
          done={() => {
            setSeen('');
            reload();
            done();
          }}
        />
      ) : (
        can('order.heed') && (
          <div class="acts">
            <button type="button" class="button primary" onClick={look}>
              <Icon name="tick" size={18} />
              {t('ui.orders.act.heed')}
              <Key>s</Key>
            </button>
          </div>
        )
      )}
    </>
  );
}

/* What it said of orders and shares that nobody gave it: nothing follows, and somebody asks it. */
function Strays({ provider }: { provider: string }) {
  const mine = `/v1/receipts${search({ fate: 'unknown', provider, limit: SHOWN })}`;
  type Stray = Receipt & { order?: string; share?: string };
  const { data, reload } = useLoad<Page<Stray>>(mine, (signal) => get(mine, { signal }));
  useCalmly(isOrderNews, reload);
  if (!data?.total) return null;
  return (
    <section>
      <h3>{t('ui.providers.strays', { n: count(data.total) })}</h3>
      <p class="note ochre">
        <Icon name="warn" size={18} />
        <span>{t('ui.providers.strays_text')}</span>
      </p>
      <ol class="timeline">
        {data.items.map((r) => (
          <li key={r.receipt}>
            <p>
              <strong>{term('receipt_result', r.result)}</strong> <code>{r.order ?? r.share}</code>
            </p>
            {r.reason && <p class="timeline-why">{r.reason}</p>}
            <p class="quiet">
              <When at={r.at} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function About({ item }: { item: Provider }) {
  return (
    <Facts>
      <Fact name={t('ui.providers.can')} wide>
        {item.can.map((kind) => term('order_kind', kind)).join(t('ui.comma'))}
      </Fact>
      <Fact name={t('ui.providers.way')}>{term('provider_way', item.way)}</Fact>
      <Fact name={t('ui.providers.form')}>{term('provider_form', item.form)}</Fact>
      <Fact name={t('ui.providers.answer')}>{saySpanOf(item.answer_s * 1000)}</Fact>
      <Fact name={t('ui.providers.median_name')}>
        {item.answer_ms ? saySpanOf(item.answer_ms.median) : t('ui.providers.no_answer')}
      </Fact>
      <Fact name={t('ui.providers.p90')}>
        {item.answer_ms ? saySpanOf(item.answer_ms.p90) : '—'}
      </Fact>
      <Fact name={t('ui.providers.last_heard')}>
        {item.last_heard ? <When at={item.last_heard} /> : t('ui.providers.never')}
      </Fact>
    </Facts>
  );
}

function One({ id }: { id: string }) {
  const address = `/v1/providers/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Provider>(address, (signal) =>
    get(address, { signal }),
  );
  useCalmly(isOrderNews, reload);
  useKeys(data?.kind === 'carrier' ? { c: () => go(callsOf(id)) } : {});
  if (!data)
    return problem ? (
      <div class="detail single">
        <ToList href="/providers" name={t('ui.nav.providers')} />
        <Broken problem={problem} again={reload} />
      </div>
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  return (
    <article id="detail" class="detail single" tabIndex={-1}>
      <header class="detail-head">
        <ToList href="/providers" name={t('ui.nav.providers')} />
        <h2>{data.name}</h2>
        <p class="quiet">
          {term('provider_kind', data.kind)} · <code>{data.provider}</code>
        </p>
        <Counts item={data} />
        {data.kind === 'carrier' && (
          <a href={callsOf(id)}>
            {t('ui.providers.calls')} <Key>c</Key>
          </a>
        )}
        {can('round.read') && (
          <a href={`/rounds?provider=${encodeURIComponent(id)}`}>{t('ui.providers.rounds')}</a>
        )}
      </header>
      <Alarms item={data} done={reload} />
      <About item={data} />
      <Orders provider={id} />
      <Strays provider={id} />
    </article>
  );
}

export function Providers() {
  useTitle(t('ui.nav.providers'));
  const id = segments.value[1] ?? '';
  const loaded = useLoad<Page<Provider>>('/v1/providers', (signal) =>
    get('/v1/providers', { signal }),
  );
  const items = [...(loaded.data?.items ?? [])].sort(inTrouble);
  return (
    <Split
      title={t('ui.nav.providers')}
      say={loaded.data && t('ui.providers.count', { n: count(items.length) })}
      tabs={[]}
      loaded={loaded}
      items={items}
      id={id}
      idOf={(p) => p.provider}
      hrefOf={hrefOf}
      row={(p) => <Row item={p} />}
      empty={
        <Empty icon="company" title={t('ui.providers.empty')}>
          <p>{t('ui.providers.empty_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={<Empty icon="company" title={t('ui.providers.pick')} />}
    >
      {id && <One key={id} id={id} />}
    </Split>
  );
}
