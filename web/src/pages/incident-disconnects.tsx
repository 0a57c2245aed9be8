/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident-disconnects - which numbers and accounts of an incident their issuers may be asked to cut
 * off, and drafts of those that a person picks. Looked for only when it is opened: it follows money.
 */
import { useState } from 'preact/hooks';
import { get, post } from '../base/api.ts';
import { count } from '../base/format.ts';
import { useForm, useLive, useLoad } from '../base/hooks.ts';
import type { Kind } from '../base/model.ts';
import type { Order, OrderState } from '../base/orders.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { can } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Suggestions, TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { OrderStateBadge } from '../parts/order-bits.tsx';
import { Broken, FormProblem, Waiting } from '../parts/states.tsx';

type Named = { order?: string; state: OrderState };
type Item = {
  kind: Kind;
  value: string;
  display: string;
  provider?: string;
  is_candidate: boolean;
  reason?: string;
  ground?: 'listing' | 'hold';
  listing?: string;
  hold?: string;
  standing?: Named;
};
type Found = { items: Item[]; is_cut: boolean };
type Answer = { drafted: number; orders: Order[]; refusals: { value: string; reason: string }[] };

const NEWS = new Set(['order', 'receipt', 'listing']);
const keyOf = (item: Item) => `${item.kind} ${item.value}`;

/* The record that speaks for it, or why none does. */
function Reason({ item }: { item: Item }) {
  const record = item.hold
    ? `/orders?id=${encodeURIComponent(item.hold)}`
    : `/lists?id=${encodeURIComponent(item.listing ?? '')}`;
  return (
    <>
      {item.ground && (
        <p>
          {item.hold || item.listing ? (
            <a href={record}>{t(`ui.disconnect.ground_${item.ground}`)}</a>
          ) : (
            t(`ui.disconnect.ground_${item.ground}`)
          )}
        </p>
      )}
      {item.reason && <p class="quiet">{item.reason}</p>}
      {item.standing && (
        <p class="badges">
          {item.standing.order && (
            <a href={`/orders?id=${encodeURIComponent(item.standing.order)}`}>
              {t('ui.disconnect.order')}
            </a>
          )}
          <OrderStateBadge state={item.standing.state} />
        </p>
      )}
    </>
  );
}

function Row(props: { item: Item; isPicked: boolean; turn: () => void }) {
  const { item } = props;
  return (
    <tr>
      <td data-name={t('ui.orders.target')}>
        <label class="pick-line">
          <input
            type="checkbox"
            class="pick"
            checked={props.isPicked}
            disabled={!item.is_candidate}
            onChange={props.turn}
          />
          <code>{item.display}</code>
        </label>
      </td>
      <td data-name={t('ui.fact.kind')}>{term('kind', item.kind)}</td>
      <td data-name={t('ui.disconnect.issuer')}>{item.provider ?? '—'}</td>
      <td data-name={t('ui.orders.why')}>
        <Reason item={item} />
      </td>
    </tr>
  );
}

function Table(props: { items: Item[]; picked: Set<string>; turn: (key: string) => void }) {
  return (
    <div class="table-room">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">{t('ui.orders.target')}</th>
            <th scope="col">{t('ui.fact.kind')}</th>
            <th scope="col">{t('ui.disconnect.issuer')}</th>
            <th scope="col">{t('ui.orders.why')}</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((item) => (
            <Row
              key={keyOf(item)}
              item={item}
              isPicked={item.is_candidate && props.picked.has(keyOf(item))}
              turn={() => props.turn(keyOf(item))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Draft(props: { address: string; found: Found; done: () => void }) {
  const [picked, setPicked] = useState<Set<string>>(new Set());
  const [said, setSaid] = useState<Answer | null>(null);
  const profile = useProfile();
  const form = useForm(`disconnect.${props.address}`, { basis: '' });
  const basis = form.fields.basis ?? '';
  const chosen = props.found.items.filter((i) => i.is_candidate && picked.has(keyOf(i)));
  const hasCandidate = props.found.items.some((i) => i.is_candidate);
  const turn = (key: string) => {
    const next = new Set(picked);
    if (!next.delete(key)) next.add(key);
    setPicked(next);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!chosen.length) return form.fail('targets', t('ui.disconnect.none'));
    if (!basis.trim()) return form.fail('basis', t('ui.proposal.basis_missing'));
    const body = {
      targets: chosen.map(({ kind, value }) => ({ kind, value })),
      basis: basis.trim(),
    };
    const answer = await form.submit(body, (key) => post<Answer>(props.address, body, { key }));
    if (!answer) return undefined;
    setSaid(answer);
    setPicked(new Set());
    props.done();
    return undefined;
  };
  return (
    <form class="draft" onSubmit={(event) => void submit(event)}>
      <Table items={props.found.items} picked={picked} turn={turn} />
      {props.found.is_cut && <p class="quiet">{t('ui.disconnect.cut')}</p>}
      {hasCandidate && (
        <>
          <TextField
            form={form}
            name="basis"
            label={t('ui.fact.basis')}
            hint={basis ? wordOf(profile?.bases, basis) : t('ui.proposal.basis_hint')}
          />
          <Suggestions
            label={t('ui.proposal.basis_pick')}
            words={(profile?.bases ?? []).map((b) => ({
              value: b.code,
              label: wordOf(profile?.bases, b.code),
            }))}
            chosen={basis}
            pick={(value) => form.put('basis', value)}
          />
        </>
      )}
      <FormProblem problem={form.problem?.column === 'basis' ? null : form.problem} />
      <div class="acts">
        {hasCandidate && (
          <button type="submit" class="button primary" aria-disabled={form.isSending}>
            {t('ui.disconnect.draft', { n: count(chosen.length) })}
          </button>
        )}
        <div aria-live="polite">
          {said && (
            <p>
              {t('ui.disconnect.drafted', { n: count(said.drafted) })}{' '}
              {said.refusals.map((r) => r.reason).join(' ')}
            </p>
          )}
        </div>
      </div>
    </form>
  );
}

function Body({ incident }: { incident: string }) {
  const address = `/v1/incidents/${encodeURIComponent(incident)}/disconnects`;
  const { data, problem, reload } = useLoad<Found>(address, (signal) =>
    get(address, { signal, patience_ms: 60_000 }),
  );
  useLive((live) => NEWS.has(live.name) && reload());
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} works={t('ui.orders.broken')} />
    ) : (
      <Waiting what={t('ui.slow.trail')} />
    );
  if (!data.items.length) return <p class="quiet">{t('ui.disconnect.empty')}</p>;
  return <Draft address={address} found={data} done={reload} />;
}

export function IncidentDisconnects({ incident }: { incident: string }) {
  const [isOpen, setOpen] = useState(false);
  if (!can('order.draft')) return null;
  return (
    <section class="card">
      <details class="more" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon name="right" size={16} />
          {t('ui.disconnect.title')}
        </summary>
        <p class="quiet">{t('ui.disconnect.says')}</p>
        {isOpen && <Body incident={incident} />}
      </details>
    </section>
  );
}
