/* SPDX-License-Identifier: Apache-2.0 */
/* freeze - the freeze that takes over what a hold holds: drafted and seen where the hold is. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { post } from '../base/api.ts';
import { money } from '../base/format.ts';
import { type Form, useCalmly, useForm, useKeys, useLoad } from '../base/hooks.ts';
import { loadByIds } from '../base/order-pages.ts';
import { freezable, isOrderNews, type Order, orderPage, readYuan } from '../base/orders.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import type { RoundDetail } from '../base/rounds.ts';
import { can } from '../base/session.ts';
import { fromLocalInput, now, sayWhen, toLocalInput } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Key } from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { OrderBadge, OrderClock, sayRead } from '../parts/order-bits.tsx';
import { Reasons } from '../parts/reasons.tsx';
import { Broken, FormProblem, Waiting } from '../parts/states.tsx';

const WHY = ['reason', 'basis'];
const FIELDS = ['amount', 'until', ...WHY];

const sayTime = (at: string): string => sayWhen(Date.parse(at), now.value);

/* As the server fills it in; what is typed over it is the person's. */
function filledIn(order: Order): Record<string, string> {
  const f = order.freeze;
  return {
    amount: f ? (f.amount / 100).toFixed(2) : '',
    until: f ? toLocalInput(Date.parse(f.until)) : '',
    reason: f?.reason ?? '',
    basis: f?.basis ?? '',
  };
}

/* The first thing that is missing, in the order of the form. */
function missing(form: Form): [string, string] | null {
  const f = form.fields;
  if (readYuan(f.amount ?? '') === null) return ['amount', t('ui.report.amount_wrong')];
  if (!fromLocalInput(f.until ?? '')) return ['until', t('ui.freeze.until_missing')];
  if (!f.reason?.trim()) return ['reason', t('ui.proposal.reason_missing')];
  if (!f.basis?.trim()) return ['basis', t('ui.proposal.basis_missing')];
  return null;
}

/* As the hold has it; open where somebody wants it otherwise, or it is wrong. */
function Why({ form, isWrong }: { form: Form; isWrong: boolean }) {
  const profile = useProfile();
  const { reason = '', basis = '' } = form.fields;
  return (
    <details class="more" open={isWrong}>
      <summary>
        <Icon name="right" size={16} />
        <span>
          {t('ui.fact.reason')}
          {t('ui.colon')}
          {wordOf(profile?.reasons, reason) || '—'} · {wordOf(profile?.bases, basis) || '—'}
        </span>
      </summary>
      <Reasons form={form} />
    </details>
  );
}

export function FreezeForm(props: { order: Order; done: () => void; close: () => void }) {
  const { order } = props;
  const form = useForm(`freeze.${order.order}`, filledIn(order));
  const f = form.fields;
  const panel = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), []);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    const gap = missing(form);
    if (gap) return form.fail(...gap);
    const body = {
      kind: 'freeze',
      takes: order.order,
      amount: readYuan(f.amount ?? ''),
      until: fromLocalInput(f.until ?? ''),
      reason: f.reason?.trim(),
      basis: f.basis?.trim(),
    };
    if (await form.submit(body, (key) => post<Order>('/v1/orders', body, { key }))) props.done();
    return undefined;
  };
  const isPlaced = FIELDS.includes(form.problem?.column ?? '');
  return (
    <form
      class="panel form"
      ref={panel}
      aria-label={t('ui.orders.act.freeze')}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.close();
      }}
    >
      <p>{t('ui.orders.act.freeze.effect', { until: sayTime(order.until) })}</p>
      <TextField
        form={form}
        name="amount"
        label={t('ui.freeze.amount')}
        isFirst
        attrs={{ inputMode: 'decimal' }}
        hint={t('ui.freeze.amount_hint', {
          read: sayRead(f.amount ?? '', order.currency),
          held: money(order.held ?? 0, order.currency),
        })}
      />
      <TextField
        form={form}
        name="until"
        label={t('ui.fact.until')}
        attrs={{ type: 'datetime-local' }}
        hint={order.freeze && t('ui.freeze.until_hint', { until: sayTime(order.freeze.until) })}
      />
      <Why form={form} isWrong={WHY.includes(form.problem?.column ?? '')} />
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : 'ui.freeze.submit')}
          <Key>Ctrl ↵</Key>
        </button>
        <button type="button" class="button" onClick={props.close}>
          {t('ui.form.cancel')}
          <Key>Esc</Key>
        </button>
      </div>
    </form>
  );
}

/* Of a hold that is being taken over: by which freeze, and how far that is. */
export function Handover({ order }: { order: Order }) {
  const freeze = order.taker ?? order.drafted_taker;
  if (!freeze || order.ended_at) return null;
  return (
    <p class="note">
      <Icon name="gate_closed" size={18} />
      <span>
        {t(order.taker ? 'ui.freeze.taken' : 'ui.freeze.drafted')}{' '}
        <a href={orderPage(freeze)}>{t('ui.freeze.to')}</a>
      </span>
    </p>
  );
}

export function FreezeButton(props: { hasKey: boolean; open: () => void }) {
  return (
    <button type="button" class="button small" onClick={props.open}>
      <Icon name="gate_closed" size={16} />
      {t('ui.orders.act.freeze')}
      {props.hasKey && <Key>f</Key>}
    </button>
  );
}

/* Which of several holds is being frozen: one alone is frozen by its key. */
export function useFreezing(orders: Order[]): {
  freezing: Order | undefined;
  only: Order | undefined;
  open: (id: string) => void;
} {
  const [id, open] = useState('');
  const may = orders.filter(freezable);
  const only = may.length === 1 ? may[0] : undefined;
  const freezing = may.find((o) => o.order === id);
  useKeys(only && !freezing ? { f: () => open(only.order) } : {});
  return { freezing, only, open };
}

function Holder(props: { order: Order; hasKey: boolean; open: () => void }) {
  const { order } = props;
  return (
    <li>
      <p class="badges">
        <a href={orderPage(order.order)}>
          {term('order_kind', order.kind)} · {order.provider}
        </a>
        <strong>{money(order.held ?? 0, order.currency)}</strong>
        <OrderBadge order={order} />
        <OrderClock order={order} />
        {freezable(order) && <FreezeButton hasKey={props.hasKey} open={props.open} />}
      </p>
      <Handover order={order} />
    </li>
  );
}

const NEEDS_TERM = ['round.term', 'round.pay_term'];

function Holders(props: { round: RoundDetail; orders: Order[]; done: () => void }) {
  const { round, orders } = props;
  const { freezing, only, open } = useFreezing(orders);
  const others = round.orders.length - orders.length;
  const isUnderWay = orders.some((o) => freezable(o) || o.taker || o.drafted_taker);
  const isShort = NEEDS_TERM.includes(round.hindered?.code ?? '');
  return (
    <>
      <ul class="plain holders">
        {orders.map((o) => (
          <Holder key={o.order} order={o} hasKey={o === only} open={() => open(o.order)} />
        ))}
      </ul>
      {others > 0 && <p class="quiet">{t('ui.rounds.holding_above', { n: others })}</p>}
      {isShort && !isUnderWay && !can('order.draft') && (
        <p class="quiet">{t('ui.rounds.who_drafts')}</p>
      )}
      {freezing && (
        <FreezeForm
          key={freezing.order}
          order={freezing}
          close={() => open('')}
          done={() => {
            open('');
            props.done();
          }}
        />
      )}
    </>
  );
}

/* What holds a round's money and until when; a hold that ends too soon is frozen from here. */
export function Holding({ round, changed }: { round: RoundDetail; changed: () => void }) {
  const ids = round.orders;
  const { data, problem, reload } = useLoad<Order[]>(`holding ${ids.join(' ')}`, (signal) =>
    loadByIds(ids, signal),
  );
  const again = () => {
    reload();
    changed();
  };
  useCalmly((live) => isOrderNews(live) && ids.includes(live.order ?? ''), again);
  return (
    <section aria-labelledby="holding">
      <h3 id="holding">{t('ui.rounds.holding')}</h3>
      {round.hindered && (
        <p class="note ochre">
          <Icon name="warn" size={18} />
          <span>{round.hindered.reason}</span>
        </p>
      )}
      {data ? (
        <Holders round={round} orders={data} done={again} />
      ) : problem ? (
        <Broken problem={problem} again={reload} />
      ) : (
        <Waiting what={t('ui.slow.list')} />
      )}
    </section>
  );
}
