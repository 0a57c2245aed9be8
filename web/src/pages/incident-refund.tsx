/* SPDX-License-Identifier: Apache-2.0 */
/* incident-refund - of each account with frozen money: whose it is, by the law's rule and by others. */
import { useState } from 'preact/hooks';
import { type Problem, post, sayProblem } from '../base/api.ts';
import { count, group, money } from '../base/format.ts';
import { useCalmly, useKeys, useLoad } from '../base/hooks.ts';
import { accountPageOf, isAbout } from '../base/incidents.ts';
import { newKey } from '../base/kept.ts';
import { type Compared, loadRefunds, roundHref } from '../base/round-pages.ts';
import { type Refund, type Round, sideBySide } from '../base/rounds.ts';
import { go } from '../base/router.ts';
import { can } from '../base/session.ts';
import type { Elsewhere } from '../base/trail.ts';
import { lang, t, term } from '../base/words.ts';
import { Key } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { ruleName } from '../parts/round-bits.tsx';
import { Broken, FormProblem } from '../parts/states.tsx';

const NEWS = ['order', 'receipt', 'round', 'share'];

function Compute(props: { incident: string; account: string; isOnly: boolean }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const [key] = useState(newKey);
  const compute = async () => {
    if (isSending) return;
    setSending(true);
    try {
      const body = { incident: props.incident, account: props.account };
      const made = await post<Round>('/v1/rounds', body, { key });
      go(roundHref(made.round));
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setSending(false);
    }
  };
  useKeys(props.isOnly ? { c: () => void compute() } : {});
  return (
    <>
      <FormProblem problem={problem} />
      <div class="acts">
        <button
          type="button"
          class="button primary"
          aria-disabled={isSending}
          onClick={() => void compute()}
        >
          <Icon name="refund" size={18} />
          {t(isSending ? 'ui.form.sending' : 'ui.refund.compute')}
          {props.isOnly && <Key>c</Key>}
        </button>
        <span class="quiet">{t('ui.refund.compute_hint')}</span>
      </div>
    </>
  );
}

function Amount(props: { sum: number | undefined; first: number | undefined; currency: string }) {
  if (props.sum === undefined) return <>—</>;
  const isOther = props.first !== undefined && props.sum !== props.first;
  return <span class={isOther ? 'other-sum' : undefined}>{money(props.sum, props.currency)}</span>;
}

function Table({ of }: { of: Compared }) {
  const all: (Refund | undefined)[] = [of.first, ...of.others];
  const { currency } = of.first;
  const rows = sideBySide(all);
  const names = all.map((r, i) => (r ? ruleName(r.rule) : t('ui.refund.other_rule', { n: i })));
  const foot = all.map((r) => r?.unclaimed);
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */
    <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.refund.table')}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">{t('ui.rounds.claim')}</th>
            <th scope="col" class="num">
              {t('ui.rounds.loss')}
            </th>
            <th scope="col">{t('ui.rounds.basis')}</th>
            {names.map((name, i) => (
              <th key={name} scope="col" class="num">
                {i ? name : t('ui.refund.by_law', { rule: name })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.claim}>
              <td data-name={t('ui.rounds.claim')}>
                <code>{row.claim}</code>
              </td>
              <td class="num" data-name={t('ui.rounds.loss')}>
                {money(row.loss, currency)}
              </td>
              <td data-name={t('ui.rounds.basis')}>
                {row.basis ? term('refund_basis', row.basis) : '—'}
              </td>
              {row.amounts.map((sum, i) => (
                <td key={names[i]} class="num" data-name={names[i]}>
                  {i ? (
                    <Amount sum={sum} first={row.amounts[0]} currency={currency} />
                  ) : (
                    <strong>{money(sum ?? 0, currency)}</strong>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td data-name="">{t('ui.rounds.sum.unclaimed')}</td>
            <td data-name="" />
            <td data-name="">{t('ui.refund.stays')}</td>
            {foot.map((sum, i) => (
              <td
                key={names[i]}
                class="num"
                data-name={`${names[i]} · ${t('ui.rounds.sum.unclaimed')}`}
              >
                <Amount sum={sum} first={i ? foot[0] : undefined} currency={currency} />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Account(props: { incident: string; of: Compared; isOnly: boolean; beside: Elsewhere[] }) {
  const { first } = props.of;
  const aside = props.beside.find((e) => e.account === first.account);
  const doubts = first.statement?.doubts ?? [];
  return (
    <section class="refund-account">
      <h3>
        <a href={accountPageOf(props.incident, first.account, '')}>
          <code>{first.display ?? group('account', first.account)}</code>
        </a>{' '}
        <span class="quiet">
          {first.bank && `${first.bank} · `}
          {t('ui.refund.frozen', { sum: money(first.frozen, first.currency) })}
        </span>
      </h3>
      {aside && (
        <p class="note ochre">
          <Icon name="info" size={18} />
          <span>{t('ui.refund.elsewhere', { sum: money(aside.held, first.currency) })}</span>
        </p>
      )}
      {first.claims.length ? (
        <Table of={props.of} />
      ) : (
        <p class="quiet">{t('ui.refund.no_claims')}</p>
      )}
      {doubts.map((d, i) => {
        const said = lang.value === 'zh' ? d.zh : d.en;
        return (
          said && (
            <p key={`${d.doubt} ${i}`} class="note">
              <Icon name="info" size={18} />
              <span>{said}</span>
            </p>
          )
        );
      })}
      {first.round ? (
        <p>
          <a class="button small" href={roundHref(first.round)}>
            <Icon name="right" size={16} />
            {t('ui.refund.to_round')}
          </a>
        </p>
      ) : (
        can('round.compute') &&
        first.claims.some((c) => c.amount > 0) && (
          <Compute incident={props.incident} account={first.account} isOnly={props.isOnly} />
        )
      )}
    </section>
  );
}

export function IncidentRefund({ incident, beside }: { incident: string; beside: Elsewhere[] }) {
  const { data, problem, reload } = useLoad<Compared[]>(
    can('round.read') ? `refund ${incident}` : '',
    (signal) => loadRefunds(incident, signal),
  );
  useCalmly((live) => isAbout(live, incident, NEWS), reload);
  if (!data?.length)
    return problem ? (
      <section class="card">
        <Broken problem={problem} again={reload} works={t('ui.race.broken')} />
      </section>
    ) : null;
  const open = data.filter((d) => !d.first.round && d.first.claims.some((c) => c.amount > 0));
  return (
    <section class="card refund" id="refund">
      <div class="card-head">
        <h2>{t('ui.refund.title')}</h2>
        <a href={`/rounds?incident=${encodeURIComponent(incident)}`}>
          {t('ui.refund.rounds', { n: count(data.filter((d) => d.first.round).length) })}
        </a>
      </div>
      {data.map((d) => (
        <Account
          key={d.first.account}
          incident={incident}
          of={d}
          beside={beside}
          isOnly={open.length === 1}
        />
      ))}
    </section>
  );
}
