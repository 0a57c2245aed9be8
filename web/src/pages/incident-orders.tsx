/* SPDX-License-Identifier: Apache-2.0 */
/* incident-orders - the orders of an incident by rank, with their clocks; one act signs them all. */
import { useState } from 'preact/hooks';
import { get, Problem, post, sayProblem, search } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useCalmly, useKeys, useLoad } from '../base/hooks.ts';
import { newKey } from '../base/kept.ts';
import type { Page } from '../base/model.ts';
import {
  freezable,
  isLive,
  isOpen,
  isOrderNews,
  type Order,
  orderPage,
  waitsForSecond,
} from '../base/orders.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Key } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { OrderBadge, OrderClock, sayAmount, sayTarget, sayWhy } from '../parts/order-bits.tsx';
import { FormProblem } from '../parts/states.tsx';
import { FreezeButton, FreezeForm, useFreezing } from './freeze.tsx';

const LIMIT = 500;

function Countersign(props: { incident: string; n: number; done: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const sign = async () => {
    if (isSending) return;
    setSending(true);
    try {
      const address = `/v1/incidents/${encodeURIComponent(props.incident)}/countersign`;
      const answer = await post<{ refusals?: { reason: string }[] }>(
        address,
        {},
        { key: newKey() },
      );
      const first = answer.refusals?.[0];
      setProblem(first ? new Problem(409, 'order', first.reason) : null);
      props.done();
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setSending(false);
    }
  };
  useKeys({ a: () => void sign() });
  return (
    <>
      <FormProblem problem={problem} />
      <button
        type="button"
        class="button primary"
        aria-disabled={isSending}
        onClick={() => void sign()}
      >
        <Icon name="tick" size={18} />
        {t('ui.orders.countersign_all', { n: count(props.n) })}
        <Key>a</Key>
      </button>
    </>
  );
}

/* Which freeze takes a hold over, or which hold this one takes over. */
function Linked({ order }: { order: Order }) {
  const other = order.takes ?? order.taker ?? order.drafted_taker;
  if (!other) return null;
  const which = order.takes ? 'takes' : order.taker ? 'taker' : 'drafted_taker';
  return (
    <a class="linked" href={orderPage(other)}>
      {t(`ui.orders.${which}`)} →
    </a>
  );
}

function OrderRow(props: { order: Order; hasKey: boolean; freeze: () => void }) {
  const { order } = props;
  return (
    <tr>
      <td class="num" data-name={t('ui.orders.rank_short')}>
        {order.rank || '—'}
      </td>
      <td data-name={t('ui.orders.target')}>
        <a href={orderPage(order.order)}>
          <code>{sayTarget(order)}</code>
        </a>
        {order.why?.length > 0 && <p class="quiet why-line">{sayWhy(order.why[0] ?? '')}</p>}
      </td>
      <td data-name={t('ui.orders.what')}>
        {term('order_kind', order.kind)} ·{' '}
        <a href={`/providers/${encodeURIComponent(order.provider)}`}>{order.provider}</a>
      </td>
      <td class="num" data-name={t('ui.trail.amount')}>
        {sayAmount(order)}
      </td>
      <td class="num" data-name={t('ui.orders.held_column')}>
        {order.held ? money(order.held, order.currency) : '—'}
      </td>
      <td data-name={t('ui.filter.state')}>
        <span class="badges">
          <OrderBadge order={order} />
          <OrderClock order={order} />
          <Linked order={order} />
          {freezable(order) && <FreezeButton hasKey={props.hasKey} open={props.freeze} />}
        </span>
      </td>
    </tr>
  );
}

export function IncidentOrders({ incident }: { incident: string }) {
  const address = `/v1/orders${search({ incident, limit: LIMIT })}`;
  const { data, reload } = useLoad<Page<Order>>(can('order.read') ? address : '', (signal) =>
    get(address, { signal }),
  );
  useCalmly(isOrderNews, reload);
  const orders = [...(data?.items ?? [])].sort((a, b) => a.rank - b.rank);
  const { freezing, only, open } = useFreezing(orders);
  if (!orders.length) return null;
  const waiting = orders.filter(
    (o) => waitsForSecond(o) && isLive(o) && o.may?.includes('approve'),
  );
  const held = orders.reduce((sum, o) => sum + (isOpen(o) ? (o.held ?? 0) : 0), 0);
  return (
    <section class="card" id="orders">
      <div class="card-head">
        <h2>
          {t('ui.orders.of_incident', { n: count(orders.length) })}{' '}
          <span class="quiet">
            {t('ui.orders.held', { sum: money(held, orders[0]?.currency) })}
          </span>
        </h2>
        {waiting.length > 0 && <Countersign incident={incident} n={waiting.length} done={reload} />}
      </div>
      {freezing && (
        <FreezeForm
          key={freezing.order}
          order={freezing}
          close={() => open('')}
          done={() => {
            open('');
            reload();
          }}
        />
      )}
      <div class="table-room">
        <table class="cards">
          <thead>
            <tr>
              <th scope="col" class="num">
                {t('ui.orders.rank_short')}
              </th>
              <th scope="col">{t('ui.orders.target')}</th>
              <th scope="col">{t('ui.orders.what')}</th>
              <th scope="col" class="num">
                {t('ui.trail.amount')}
              </th>
              <th scope="col" class="num">
                {t('ui.orders.held_column')}
              </th>
              <th scope="col">{t('ui.filter.state')}</th>
            </tr>
          </thead>
          <tbody>
            {orders.map((o) => (
              <OrderRow key={o.order} order={o} hasKey={o === only} freeze={() => open(o.order)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
