/* SPDX-License-Identifier: Apache-2.0 */
/* order-bits - what an order is at, whom it waits for, what its provider said. */
import { group, money } from '../base/format.ts';
import {
  isLate,
  nextOf,
  type Order,
  type OrderState,
  type Receipt,
  readYuan,
  type Why,
} from '../base/orders.ts';
import { t, term } from '../base/words.ts';
import { Badge, Clock, type Colour, When } from './bits.tsx';
import type { IconName } from './icon.tsx';

const LOOK: Record<OrderState, [IconName, Colour]> = {
  drafted: ['hour', 'ochre'],
  approved: ['hour', 'ochre'],
  sent: ['send', 'ochre'],
  acknowledged: ['send', 'ochre'],
  executed: ['gate_closed', 'jade'],
  partial: ['gate_closed', 'ochre'],
  refused: ['cross', 'ink'],
  lapsed: ['clock', 'ink'],
  expired: ['clock', 'ink'],
  lifting: ['lift', 'ochre'],
  lifted: ['lift', 'ink'],
  failed: ['warn', 'cinnabar'],
};

export function OrderStateBadge({ state }: { state: OrderState }) {
  const [icon, colour] = LOOK[state] ?? ['info', 'ink'];
  return (
    <Badge icon={icon} colour={colour}>
      {term('order_state', state)}
    </Badge>
  );
}

export const OrderBadge = ({ order }: { order: Order }) => <OrderStateBadge state={order.state} />;

/* What happens next by itself, and when; red once it is late. */
export function OrderClock({ order }: { order: Order }) {
  const next = nextOf(order);
  if (!next) return null;
  const isTerm = next.key === 'ui.orders.ends';
  return (
    <Clock
      due={next.at}
      soon_ms={isTerm ? 2 * 3_600_000 : 10 * 60_000}
      key_left={next.key}
      key_late={isLate(order) ? 'ui.orders.late_by' : 'ui.time.late'}
    />
  );
}

export const sayTarget = (o: Order): string =>
  o.target.display ?? group(o.target.kind, o.target.value);

export function sayWhy(why: Why): string {
  if (typeof why === 'string') return why;
  return why.text ?? t(why.code, { n: why.number ?? 0 });
}

export const sayAmount = (o: Order): string =>
  o.amount > 0 ? money(o.amount, o.currency) : t('ui.orders.whole');

/* What is typed as an amount, as it was read. */
export function sayRead(text: string, currency: string): string {
  const read = readYuan(text);
  return read === null ? t('ui.report.amount_hint') : money(read, currency);
}

/* Whose freezes go before ours on the account. */
function Freezes({ receipt: r, currency }: { receipt: Receipt; currency: string }) {
  if (!r.freezes?.length) return null;
  const more = (r.freezes_said ?? r.freezes.length) - r.freezes.length;
  return (
    <div>
      <p class="quiet">{t('ui.orders.freezes')}</p>
      <ol>
        {r.freezes.map((f) => (
          <li key={`${f.rank} ${f.authority} ${f.reference}`}>
            {f.authority}{' '}
            {f.amount === undefined
              ? t('ui.orders.freeze_all')
              : money(f.amount, f.currency ?? currency)}{' '}
            {f.until && (
              <span class="quiet">
                {t('ui.orders.freeze_until')} <When at={f.until} />
              </span>
            )}
          </li>
        ))}
      </ol>
      {more > 0 && <p class="quiet">{t('ui.orders.freezes_more', { count: more })}</p>}
      {r.wrong && <p class="ochre-text">{term('prior_wrong', r.wrong)}</p>}
    </div>
  );
}

/* What the provider said, the newest first. */
export function Receipts({ order }: { order: Order }) {
  if (!order.receipts?.length) return <p class="quiet">{t('ui.orders.no_receipts')}</p>;
  const newestFirst = [...order.receipts].reverse();
  return (
    <ol class="timeline">
      {newestFirst.map((r) => (
        <ReceiptLine
          key={r.receipt ?? `${r.at} ${r.result}`}
          receipt={r}
          currency={order.currency}
        />
      ))}
    </ol>
  );
}

function ReceiptLine({ receipt: r, currency }: { receipt: Receipt; currency: string }) {
  const isOdd = r.fate !== undefined && r.fate !== 'taken';
  return (
    <li>
      <p>
        <strong>{term('receipt_result', r.result)}</strong>{' '}
        {r.held !== undefined && (
          <span>{t('ui.orders.held', { sum: money(r.held, currency) })}</span>
        )}{' '}
        {r.balance !== undefined && (
          <span class="quiet">{t('ui.orders.balance', { sum: money(r.balance, currency) })}</span>
        )}
      </p>
      <Freezes receipt={r} currency={currency} />
      {r.reason && <p class="timeline-why">{r.reason}</p>}
      {isOdd && <p class="ochre-text">{term('receipt_fate', r.fate ?? '')}</p>}
      <p class="quiet">
        <When at={r.at} />
      </p>
    </li>
  );
}
