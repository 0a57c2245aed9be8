/* SPDX-License-Identifier: Apache-2.0 */
/* order-acts - what one may do with an order: sign it, set it free, ask for a longer term. */
import { useState } from 'preact/hooks';
import { post } from '../base/api.ts';
import { useForm, useKeys } from '../base/hooks.ts';
import {
  isAlarmed,
  isUnasked,
  type Order,
  type OrderAct,
  readYuan,
  waitsForSecond,
  waitsToBeKept,
} from '../base/orders.ts';
import { fromLocalInput, toLocalInput } from '../base/time.ts';
import { t } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { Key, When } from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { sayAmount, sayRead, sayTarget } from '../parts/order-bits.tsx';
import { FormProblem } from '../parts/states.tsx';
import { FreezeForm, Handover } from './freeze.tsx';

const ACTS: Record<OrderAct, { key: string; icon: IconName }> = {
  approve: { key: 'a', icon: 'tick' },
  refuse: { key: 'r', icon: 'cross' },
  lift: { key: 'l', icon: 'lift' },
  trim: { key: 'm', icon: 'minus' },
  extend: { key: 'e', icon: 'clock' },
  heed: { key: 's', icon: 'tick' },
  keep: { key: 'k', icon: 'hour' },
  fail: { key: 'f', icon: 'warn' },
  freeze: { key: 'f', icon: 'gate_closed' } /* never of the same order */,
};

export const HEEDED = ['called', 'down', 'onto'] as const;

const addressOf = (o: Order, act: OrderAct) => `/v1/orders/${encodeURIComponent(o.order)}/${act}`;

/* Approving a drafted order, countersigning an emergency and approving a longer term are one act. */
function nameOf(o: Order, act: OrderAct): string {
  if (act !== 'approve') return t(`ui.orders.act.${act}`);
  if (o.wanted_until) return t('ui.orders.act.approve_term');
  return t(o.state === 'drafted' ? 'ui.orders.act.approve' : 'ui.orders.act.countersign');
}

/* A new amount, or a new end, with its reason. */
function Change(props: {
  order: Order;
  act: 'trim' | 'extend';
  done: () => void;
  close: () => void;
}) {
  const { order, act } = props;
  const isTrim = act === 'trim';
  const empty = {
    value: isTrim ? '' : toLocalInput(Date.parse(order.until) + 48 * 3_600_000),
    why: '',
  };
  const form = useForm(`${act}.${order.order}`, empty);
  const f = form.fields;
  const submit = async (event?: Event) => {
    event?.preventDefault();
    const amount = isTrim ? readYuan(f.value ?? '') : null;
    const until = isTrim ? '' : fromLocalInput(f.value ?? '');
    if (isTrim ? amount === null : !until)
      return form.fail('value', t(isTrim ? 'ui.report.amount_wrong' : 'ui.proposal.until_missing'));
    if (!f.why?.trim()) return form.fail('why', t('ui.act.why_missing'));
    const body = { ...(isTrim ? { amount } : { until }), why: f.why.trim() };
    if (await form.submit(body, (key) => post<Order>(addressOf(order, act), body, { key })))
      props.done();
    return undefined;
  };
  const isPlaced = ['value', 'why'].includes(form.problem?.column ?? '');
  return (
    <form
      class="panel"
      aria-label={nameOf(order, act)}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.close();
      }}
    >
      <p>{t(`ui.orders.act.${act}.effect`, { amount: sayAmount(order) })}</p>
      <TextField
        form={form}
        name="value"
        label={t(isTrim ? 'ui.orders.new_amount' : 'ui.orders.new_until')}
        isFirst
        attrs={isTrim ? { inputMode: 'decimal' } : { type: 'datetime-local' }}
        hint={isTrim ? sayRead(f.value ?? '', order.currency) : undefined}
      />
      <TextField form={form} name="why" label={t('ui.orders.why')} rows={2} />
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {form.isSending ? t('ui.form.sending') : nameOf(order, act)}
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

function One(props: { order: Order; act: OrderAct; done: () => void; close: () => void }) {
  const { order, act } = props;
  if (act === 'freeze') return <FreezeForm order={order} done={props.done} close={props.close} />;
  if (act === 'trim' || act === 'extend')
    return <Change order={order} act={act} done={props.done} close={props.close} />;
  const question = {
    draft: `order.${act}.${order.order}`,
    label: nameOf(order, act),
    effect: t(`ui.orders.act.${act}.effect`, {
      amount: sayAmount(order),
      target: sayTarget(order),
    }),
    confirm: nameOf(order, act),
    ...(act !== 'approve' && { why: t(act === 'heed' ? 'ui.orders.heed_why' : 'ui.orders.why') }),
    ...(act === 'heed' && { reasons: HEEDED.map((r) => t(`ui.orders.heeded.${r}`)) }),
    send: (body: { why?: string }, key: string) =>
      post<Order>(
        addressOf(order, act),
        act === 'heed' ? { ...body, alarm: order.alarm, alarmed_at: order.alarmed_at } : body,
        { key },
      ),
  };
  return <Ask question={question} done={props.done} close={props.close} />;
}

export function OrderActs({ order, done }: { order: Order; done: () => void }) {
  const [act, setAct] = useState<OrderAct | null>(null);
  const may = (order.may ?? [])
    .filter((a) => a in ACTS)
    .sort((a, b) => Number(b === 'heed') - Number(a === 'heed'));
  const keys = Object.fromEntries(may.map((a) => [ACTS[a].key, () => setAct(a)]));
  useKeys(act ? {} : keys);
  if (act && may.includes(act))
    return (
      <One
        order={order}
        act={act}
        close={() => setAct(null)}
        done={() => {
          setAct(null);
          done();
        }}
      />
    );
  return (
    <>
      <Handover order={order} />
      {waitsForSecond(order) && !may.includes('approve') && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>{t('ui.orders.waits_for_second')}</span>
        </p>
      )}
      {isAlarmed(order) && (
        <p class={order.alarm === 'loud' ? 'note cinnabar' : 'note ochre'}>
          <Icon name="warn" size={18} />
          <span>
            {t(`ui.orders.alarm.${isUnasked(order) ? 'unasked' : order.alarm}`)}{' '}
            <When at={order.alarmed_at} />
          </span>
        </p>
      )}
      {waitsToBeKept(order) && (
        <p class="note ochre">
          <Icon name="hour" size={18} />
          <span>
            {t('ui.orders.unrelated')} <When at={order.release_by} />
          </span>
        </p>
      )}
      <div class="acts">
        {may.map((a) => (
          <button
            key={a}
            type="button"
            class={a === 'approve' || a === 'heed' ? 'button primary' : 'button'}
            onClick={() => setAct(a)}
          >
            <Icon name={ACTS[a].icon} size={18} />
            {nameOf(order, a)}
            <Key>{ACTS[a].key}</Key>
          </button>
        ))}
      </div>
    </>
  );
}
