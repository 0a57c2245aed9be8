/* SPDX-License-Identifier: Apache-2.0 */
/* rounds - refund rounds: what lies frozen goes back to whose it is, step by step, by several people. */
import { get } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useCalmly, useLive, useLoad, useTitle } from '../base/hooks.ts';
import { pageOf } from '../base/incidents.ts';
import type { Page } from '../base/model.ts';
import { loadRounds, roundAddress } from '../base/round-pages.ts';
import {
  isOpenRound,
  ROUND_TABS,
  type Round,
  type RoundDetail,
  roundTabOf,
  type Share,
  type ShareWord,
  stepAt,
  stepsOf,
} from '../base/rounds.ts';
import { here, query, segments, withQuery } from '../base/router.ts';
import { now } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { AppealBadge, Clock, Copy, Fact, Facts, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { LateBadge, RoundBadge, RoundClock, ruleName, ShareBadge } from '../parts/round-bits.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { Holding } from './freeze.tsx';
import { RoundActs } from './round-acts.tsx';
import { Statement } from './round-statement.tsx';

const LIMIT = 200;
const DAY_MS = 24 * 3_600_000;

/* The list stays as it is filtered while one round after another is looked at. */
const hrefOf = (id: string): string =>
  `${id ? `/rounds/${encodeURIComponent(id)}` : '/rounds'}${here.value.search}`;

function Row({ item }: { item: Round }) {
  return (
    <>
      <span class="row-line">
        <code class="row-value">{item.display}</code>
        <strong class="order-sum">{money(item.shared, item.currency)}</strong>
      </span>
      <span class="row-line quiet">
        <RoundBadge state={item.state} />
        <LateBadge round={item} />
        <span class="row-note">{item.bank ?? item.provider}</span>
        <RoundClock round={item} />
      </span>
    </>
  );
}

/* Frozen = to give back + unclaimed; to give back = paid + failed + still due; to the fen. */
function Sums({ item }: { item: Round }) {
  const due = item.shared - item.returned - item.failed;
  const parts: [string, number][] = [
    ['returned', item.returned],
    ['due', due],
    ['failed', item.failed],
    ['unclaimed', item.unclaimed],
  ];
  return (
    <section class="card" aria-labelledby="sums">
      <h3 id="sums">{t('ui.rounds.sums', { sum: money(item.frozen, item.currency) })}</h3>
      <div class="money-bar" aria-hidden="true">
        {parts
          .filter(([, sum]) => sum > 0)
          .map(([name, sum]) => (
            <span key={name} class={name} style={{ flexGrow: sum }} />
          ))}
      </div>
      <dl class="tallies">
        {parts.map(([name, sum]) => (
          <div key={name}>
            <dt>
              <span class={`money-dot ${name}`} />
              {t(`ui.rounds.sum.${name}`)}
            </dt>
            <dd>{money(sum, item.currency)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Steps({ item }: { item: Round }) {
  const steps = stepsOf(item);
  const next = stepAt(item, now.value);
  return (
    <ol class="steps" aria-label={t('ui.rounds.steps')}>
      {steps.map((s, i) => (
        <li
          key={s.name}
          class={s.at && i !== next ? 'done' : undefined}
          aria-current={i === next ? 'step' : undefined}
        >
          <Icon name={s.at && i !== next ? 'tick' : 'hour'} size={14} />
          <strong>{t(`ui.rounds.step.${s.name}`)}</strong>
          {s.at && (
            <span class="quiet">
              {s.who} <When at={s.at} />
            </span>
          )}
          {s.until && (
            <span class="quiet">
              {t('ui.rounds.until')} <When at={s.until} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function ShareRow({ share, currency }: { share: Share; currency: string }) {
  return (
    <tr>
      <td data-name={t('ui.rounds.claim')}>
        <code>{share.claim}</code>
        {share.to && (
          <p class="quiet">
            {t('ui.rounds.goes_to')} <code>{share.to}</code>
          </p>
        )}
      </td>
      <td data-name={t('ui.rounds.basis')}>{term('refund_basis', share.basis)}</td>
      <td class="num" data-name={t('ui.rounds.loss')}>
        {money(share.loss, currency)}
      </td>
      <td class="num" data-name={t('ui.rounds.gets')}>
        <strong>{money(share.amount, currency)}</strong>
      </td>
      <td data-name={t('ui.filter.state')}>
        <ShareBadge state={share.state} />
        {share.settled_at && (
          <p class="quiet">
            <When at={share.settled_at} /> {share.reference && <code>{share.reference}</code>}
          </p>
        )}
        {share.why && <p class="ochre-text">{share.why}</p>}
        <ShareWords words={share.receipts ?? []} />
      </td>
    </tr>
  );
}

/* One word is what the state says already; from the second on all of them are shown. */
function ShareWords({ words }: { words: ShareWord[] }) {
  const isOdd = words.some((w) => w.fate === 'contradicting');
  if (words.length < 2 && !isOdd) return null;
  return (
    <details open={isOdd}>
      <summary>{t('ui.rounds.words', { n: count(words.length) })}</summary>
      <ol class="timeline">
        {[...words].reverse().map((w) => (
          <li key={w.receipt}>
            <p>
              <strong>{term('receipt_result', w.result)}</strong>{' '}
              {w.reference && <code>{w.reference}</code>}
            </p>
            {w.reason && <p class="timeline-why">{w.reason}</p>}
            {w.fate !== 'taken' && <p class="ochre-text">{term('receipt_fate', w.fate)}</p>}
            <p class="quiet">
              <When at={w.at} />
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Shares({ item }: { item: RoundDetail }) {
  const loss = item.shares.reduce((sum, s) => sum + s.loss, 0);
  const shared = item.shares.reduce((sum, s) => sum + s.amount, 0);
  return (
    <section>
      <h3>{t('ui.rounds.shares', { n: count(item.shares.length) })}</h3>
      {!!item.contradictions && (
        <p class="ochre-text">{t('ui.rounds.contradictions', { n: count(item.contradictions) })}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */}
      <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.rounds.shares_label')}>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">{t('ui.rounds.claim')}</th>
              <th scope="col">{t('ui.rounds.basis')}</th>
              <th scope="col" class="num">
                {t('ui.rounds.loss')}
              </th>
              <th scope="col" class="num">
                {t('ui.rounds.gets')}
              </th>
              <th scope="col">{t('ui.filter.state')}</th>
            </tr>
          </thead>
          <tbody>
            {item.shares.map((s) => (
              <ShareRow key={s.share} share={s} currency={item.currency} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td data-name="" />
              <td data-name={t('ui.rounds.total')}>{t('ui.rounds.total')}</td>
              <td class="num" data-name={t('ui.rounds.loss')}>
                {money(loss, item.currency)}
              </td>
              <td class="num" data-name={t('ui.rounds.gets')}>
                <strong>{money(shared, item.currency)}</strong>
              </td>
              <td data-name="" />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function Objections({ item }: { item: RoundDetail }) {
  if (!item.appeals.length)
    return item.needs_notice ? <p class="quiet">{t('ui.rounds.no_objections')}</p> : null;
  return (
    <section>
      <h3>{t('ui.rounds.objections', { n: count(item.appeals.length) })}</h3>
      <ul class="plain waits">
        {item.appeals.map((a) => {
          const isOpen = a.state === 'filed' || a.state === 'reviewing';
          return (
            <li key={a.appeal}>
              <a class="wait-row" href={`/appeals?id=${encodeURIComponent(a.appeal)}`}>
                <AppealBadge state={a.state} />
                <code class="grow">{a.appeal}</code>
                <When at={a.filed_at} />
                {isOpen && <Clock due={a.due_at} soon_ms={DAY_MS} />}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function About({ item }: { item: Round }) {
  return (
    <Facts>
      <Fact name={t('ui.incident.title')}>
        <a href={pageOf(item.incident)}>
          <code>{item.incident}</code>
        </a>
      </Fact>
      <Fact name={t('ui.orders.provider')}>
        <a href={`/providers/${encodeURIComponent(item.provider)}`}>{item.provider}</a>
      </Fact>
      <Fact name={t('ui.rounds.rule')}>{ruleName(item.rule)}</Fact>
      <Fact name={t('ui.rounds.frozen_at')}>
        <When at={item.frozen_at} />
      </Fact>
      <Fact name={t('ui.rounds.number')}>{item.number}</Fact>
      <Fact name={t('ui.nav.orders')}>
        {item.orders.map((o, i) => (
          <a key={o} class="comma" href={`/orders?id=${encodeURIComponent(o)}`}>
            {t('ui.rounds.order', { n: i + 1 })}
          </a>
        ))}
      </Fact>
      {item.needs_notice && (
        <Fact name={t('ui.rounds.public')}>
          {item.noticed_at ? (
            <a href={`/notices/${encodeURIComponent(item.round)}`}>{t('ui.rounds.see_notice')}</a>
          ) : (
            t('ui.rounds.notice_days', { n: item.notice_days })
          )}
        </Fact>
      )}
      {item.ended_why && (
        <Fact name={t('ui.fact.ended_why')} wide>
          {item.ended_why}
        </Fact>
      )}
      <Fact name={t('ui.rounds.digest')} wide>
        <code class="digest">{item.digest}</code>
      </Fact>
    </Facts>
  );
}

function One({ id, changed }: { id: string; changed: () => void }) {
  const address = roundAddress(id);
  const { data, problem, reload } = useLoad<RoundDetail>(address, (signal) =>
    get(address, { signal }),
  );
  useLive((live) => live.round === id && reload());
  const back = <ToList href={hrefOf('')} name={t('ui.nav.rounds')} />;
  if (!data)
    return (
      <div class="detail single">
        {back}
        {problem ? (
          <Broken problem={problem} again={reload} />
        ) : (
          <Waiting what={t('ui.slow.round')} />
        )}
      </div>
    );
  const done = () => {
    reload();
    changed();
  };
  return (
    <article id="detail" class="detail single round" tabIndex={-1}>
      <header class="detail-head" data-copied>
        {back}
        <h2>{t('ui.rounds.title', { sum: money(data.shared, data.currency) })}</h2>
        <p>
          <code data-text>{data.display}</code>
          {data.bank && <span> · {data.bank}</span>}
        </p>
        <p class="badges">
          <RoundBadge state={data.state} />
          <LateBadge round={data} />
          <RoundClock round={data} />
          <Copy text={data.account} label={t('ui.copy')} />
        </p>
      </header>
      {data.is_stale && (
        <p class="note ochre">
          <Icon name="warn" size={18} />
          <span>{t('ui.rounds.stale')}</span>
        </p>
      )}
      {!!data.doubts && (
        <p class="note ochre">
          <Icon name="info" size={18} />
          <span>{t('ui.rounds.doubts', { n: count(data.doubts) })}</span>
        </p>
      )}
      <RoundActs
        key={`${data.round} ${data.state} ${data.first_approver}`}
        round={data}
        done={done}
      />
      {isOpenRound(data) && <Holding round={data} changed={reload} />}
      <Sums item={data} />
      <Steps item={data} />
      <Shares item={data} />
      <Objections item={data} />
      <Statement round={data} />
      <About item={data} />
      {data.history && (
        <section>
          <h3>{t('ui.listing.history')}</h3>
          <Timeline steps={data.history} />
        </section>
      )}
    </article>
  );
}

export function Rounds() {
  useTitle(t('ui.nav.rounds'));
  const id = segments.value[1] ?? '';
  const tab = roundTabOf(query('tab'));
  const also = { incident: query('incident'), provider: query('provider') };
  const loaded = useLoad<Page<Round>>(`rounds ${tab} ${also.incident} ${also.provider}`, (signal) =>
    loadRounds(tab, also, LIMIT, signal),
  );
  useCalmly((live) => live.name === 'round' || live.name === 'share', loaded.reload);
  return (
    <Split
      title={t('ui.nav.rounds')}
      say={loaded.data && t('ui.rounds.count', { n: count(loaded.data.total) })}
      tabs={ROUND_TABS.map((s) => ({
        href: withQuery({ tab: s === 'open' ? '' : s }),
        name: t(`ui.rounds.tab.${s}`),
        isOn: tab === s,
      }))}
      loaded={loaded}
      items={loaded.data?.items ?? []}
      id={id}
      idOf={(r) => r.round}
      hrefOf={hrefOf}
      row={(r) => <Row item={r} />}
      empty={
        <Empty icon="tick" title={t(`ui.rounds.empty.${tab}`)}>
          <p>{t('ui.rounds.empty_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={<Empty icon="refund" title={t('ui.rounds.pick')} />}
    >
      {id && <One key={id} id={id} changed={loaded.reload} />}
    </Split>
  );
}
