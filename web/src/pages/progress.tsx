/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress - for a victim: where their money is. Opened with the report's reference and its secret,
 * which is typed into a form, kept in memory only, and never part of an address.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get, type Problem, search } from '../base/api.ts';
import { money } from '../base/format.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import { readKey } from '../base/own-key.ts';
import { FATES, type Fate, nextOf, type Progress, partsOf, stepOf } from '../base/progress.ts';
import { go, segments } from '../base/router.ts';
import { me } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import { Badge, type Colour, Fact, Facts, When } from '../parts/bits.tsx';
import { Field } from '../parts/fields.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { KeyField } from '../parts/key-field.tsx';
import { MoneySent } from '../parts/money-sent.tsx';
import { OrderStateBadge } from '../parts/order-bits.tsx';
import { FormProblem } from '../parts/states.tsx';

type Asked = { report: string; secret: string };

const addressOf = ({ report, secret }: Asked): string =>
  `/v1/reports/${encodeURIComponent(report)}/progress${search({ secret })}`;

const pageOf = (report: string): string => `/progress/${encodeURIComponent(report)}`;

function Ask(props: { problem: Problem | null; isSending: boolean; ask: (asked: Asked) => void }) {
  const report = useRef<HTMLInputElement>(null);
  const secret = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<'' | 'report' | 'secret'>('');
  const given = segments.value[1] ?? '';
  useLayoutEffect(() => (given ? secret : report).current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    if (props.problem) secret.current?.focus();
  }, [props.problem]);
  const submit = (event: Event) => {
    event.preventDefault();
    const asked = {
      report: report.current?.value.trim() ?? '',
      secret: readKey(secret.current?.value ?? ''),
    };
    const gap = asked.report ? (asked.secret ? '' : 'secret') : 'report';
    setWrong(gap);
    if (gap) (gap === 'report' ? report : secret).current?.focus();
    else props.ask(asked);
  };
  return (
    <form class="card form" onSubmit={submit} autocomplete="off">
      <Field
        id="report"
        label={t('ui.progress.report')}
        problem={wrong === 'report' ? t('ui.progress.report_missing') : undefined}
      >
        <input
          id="report"
          ref={report}
          class="mono"
          defaultValue={given}
          maxLength={64}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-required="true"
          aria-invalid={wrong === 'report' ? 'true' : undefined}
          aria-describedby={wrong === 'report' ? 'report-problem' : undefined}
        />
      </Field>
      <KeyField box={secret} isWrong={wrong === 'secret'} />
      <FormProblem problem={props.problem} />
      <div class="acts">
        <button type="submit" class="button primary big" aria-disabled={props.isSending}>
          <Icon name="search" />
          {t(props.isSending ? 'ui.form.sending' : 'ui.progress.open')}
        </button>
      </div>
      <p class="hint">{t('ui.progress.privacy')}</p>
    </form>
  );
}

const LOOK: Record<Fate, [IconName, Colour]> = {
  returned: ['pass', 'jade'],
  held: ['gate_closed', 'jade'],
  asked: ['send', 'ochre'],
  sought: ['search', 'ink'],
};

/* The loss as a bar, and the same in words: amounts that add up to it. */
function Where({ item }: { item: Progress }) {
  const parts = partsOf(item);
  return (
    <section class="card" aria-labelledby="where">
      <h2 id="where">{t('ui.progress.where', { sum: money(item.loss, item.currency) })}</h2>
      <div class="money-bar" aria-hidden="true">
        {FATES.filter((fate) => parts[fate] > 0).map((fate) => (
          <span key={fate} class={fate} style={{ flexGrow: parts[fate] }} />
        ))}
      </div>
      <ul class="plain money-parts">
        {FATES.map((fate) => (
          <li key={fate} class={parts[fate] ? undefined : 'none'}>
            <span class={`money-mark ${fate}`}>
              <Icon name={LOOK[fate][0]} size={18} />
            </span>
            <span class="grow">
              <strong>{t(`ui.progress.fate.${fate}`)}</strong>
              <span class="quiet">{t(`ui.progress.fate_text.${fate}`)}</span>
            </span>
            <span class="money-sum">{money(parts[fate], item.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Payments({ item }: { item: Progress }) {
  return (
    <section class="card">
      <h2>{t('ui.progress.payments')}</h2>
      <ul class="plain money-rows">
        {item.claims.map((c, i) => (
          <li key={i}>
            <span class="grow">
              {c.time ? <When at={c.time} /> : t('ui.progress.no_time')}
              <span class="quiet"> · {term('claim_state', c.state)}</span>
              {c.returned > 0 && (
                <span class="quiet">
                  {' '}
                  · {t('ui.progress.returned', { sum: money(c.returned, item.currency) })}
                </span>
              )}
            </span>
            <span class="money-sum">{money(c.amount, item.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Measures({ item }: { item: Progress }) {
  const newestFirst = [...item.orders].sort(
    (a, b) => Date.parse(b.asked_at ?? '') - Date.parse(a.asked_at ?? ''),
  );
  return (
    <section class="card">
      <h2>{t('ui.progress.measures')}</h2>
      {newestFirst.length ? (
        <ul class="plain money-rows">
          {newestFirst.map((o, i) => (
            <li key={i}>
              <span class="grow">
                <When at={o.asked_at} /> <OrderStateBadge state={o.state} />
                <span class="quiet">
                  {o.held > 0 && t('ui.progress.held_until', { sum: money(o.held, item.currency) })}
                  {o.held > 0 && o.until && <When at={o.until} />}
                </span>
              </span>
              <span class="money-sum">
                {term('order_kind', o.kind)} {o.amount > 0 && money(o.amount, item.currency)}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet">{t('ui.progress.no_measures')}</p>
      )}
    </section>
  );
}

function Comings({ item }: { item: Progress }) {
  if (!item.rounds?.length) return null;
  return (
    <section class="card">
      <h2>{t('ui.progress.coming')}</h2>
      <ul class="plain money-rows">
        {item.rounds.map((r) => {
          const step = stepOf(r);
          const isPublic = r.noticed_at && !r.approved_at;
          return (
            <li key={`${r.round} ${r.claim} ${r.amount}`}>
              <span class="grow">
                {t(`ui.progress.step.${step.name}`)} <When at={step.at} />
                {isPublic && (
                  <span class="quiet">
                    {' · '}
                    <a href={`/notices/${encodeURIComponent(r.round)}`}>
                      {t('ui.rounds.see_notice')}
                    </a>{' '}
                    {t('ui.rounds.until')} <When at={r.notice_until} />
                  </span>
                )}
              </span>
              <span class="money-sum">{money(r.amount, item.currency)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const STATE_LOOK: Record<Progress['state'], [IconName, Colour]> = {
  filed: ['hour', 'ochre'],
  taken: ['tick', 'jade'],
  refused: ['cross', 'ink'],
  withdrawn: ['back', 'ink'],
};

function Shown(props: { item: Progress; reload: () => void; close: () => void }) {
  const { item } = props;
  const [icon, colour] = STATE_LOOK[item.state] ?? ['info', 'ink'];
  return (
    <article class="column progress">
      <header class="page-head stack">
        <div>
          <h1>{t('ui.progress.title')}</h1>
          <p class="badges">
            <code>{item.report}</code>
            <Badge icon={icon} colour={colour}>
              {term('report_state', item.state)}
            </Badge>
          </p>
        </div>
        <div class="acts no-print">
          <button type="button" class="button" onClick={props.reload}>
            {t('ui.progress.again')}
          </button>
          <button type="button" class="button" onClick={() => print()}>
            <Icon name="file" size={18} />
            {t('ui.progress.print')}
          </button>
          <button type="button" class="button ghost" onClick={props.close}>
            <Icon name="leave" size={18} />
            {t('ui.progress.close')}
          </button>
        </div>
      </header>
      <Where item={item} />
      <p class="note">
        <Icon name="info" size={18} />
        <span>{t(`ui.progress.next.${nextOf(item)}`)}</span>
      </p>
      <p class="note ochre">
        <Icon name="warn" size={18} />
        <span>{t('ui.progress.never')}</span>
      </p>
      <Comings item={item} />
      {item.claims.length > 0 && <Payments item={item} />}
      <Measures item={item} />
      <Facts>
        <Fact name={t('ui.progress.filed_at')}>
          <When at={item.filed_at} />
        </Fact>
        {item.taken_at && (
          <Fact name={t('ui.progress.taken_at')}>
            <When at={item.taken_at} />
          </Fact>
        )}
        {item.ended_at && (
          <Fact name={t('ui.progress.ended_at')}>
            <When at={item.ended_at} />
          </Fact>
        )}
        <Fact name={t('ui.fact.who')}>{me.value?.centre.name ?? '—'}</Fact>
      </Facts>
      <p class="hint no-print">
        <a href="/notices">{t('ui.progress.notices')}</a>
      </p>
    </article>
  );
}

export function ProgressPage() {
  useTitle(t('ui.nav.progress'));
  const [asked, setAsked] = useState<Asked | null>(null);
  const { data, problem, isLoading, reload } = useLoad<Progress>(
    asked ? `${asked.report} ${asked.secret}` : '',
    (signal) => get(addressOf(asked as Asked), { signal, quiet: true }),
  );
  const ask = (to: Asked) => {
    const isSame = asked?.report === to.report && asked.secret === to.secret;
    go(pageOf(to.report), 'replace');
    if (isSame) reload();
    else setAsked(to);
  };
  if (asked && data)
    return (
      <>
        <FormProblem problem={problem} />
        <Shown item={data} reload={reload} close={() => setAsked(null)} />
      </>
    );
  return (
    <div class="column">
      <h1>{t('ui.nav.progress')}</h1>
      <p class="lead">{t('ui.progress.lead')}</p>
      <Ask problem={problem} isSending={!!asked && isLoading} ask={ask} />
      <MoneySent />
    </div>
  );
}
