/* SPDX-License-Identifier: Apache-2.0 */
/* notices - for anybody: which frozen money is about to be shared, until when one may object, how. */
import { get } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import { type Notice, type Notices, noticeRuns } from '../base/rounds.ts';
import { segments } from '../base/router.ts';
import { now } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { AppealForm } from '../parts/appeal-form.tsx';
import { Clock, Fact, Facts, When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { ruleName } from '../parts/round-bits.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';

const pageOf = (round: string): string => `/notices/${encodeURIComponent(round)}`;

const isRunning = (n: Notice): boolean => n.is_open !== false && noticeRuns(n, now.value);

function Until({ item }: { item: Notice }) {
  if (isRunning(item)) return <Clock due={item.notice_until} isPlain key_left="ui.notices.left" />;
  return <span class="quiet">{t('ui.notices.over')}</span>;
}

function Card({ item }: { item: Notice }) {
  return (
    <li>
      <a class="way card" href={pageOf(item.round)}>
        <Icon name="account" size={24} />
        <span class="grow">
          <strong>
            {item.bank} <code>{item.account}</code>
          </strong>
          <span class="quiet">
            {t('ui.notices.shared', {
              sum: money(item.shared, item.currency),
              n: count(item.claims.length),
            })}
          </span>
          <Until item={item} />
        </span>
        <Icon name="right" size={18} />
      </a>
    </li>
  );
}

export function NoticesPage() {
  useTitle(t('ui.nav.notices'));
  const { data, problem, reload } = useLoad<Notices>('/v1/notices', (signal) =>
    get('/v1/notices?limit=100', { signal }),
  );
  return (
    <div class="column">
      <h1>{t('ui.nav.notices')}</h1>
      <p class="lead">{t('ui.notices.lead')}</p>
      {problem && !data ? (
        <Broken problem={problem} again={reload} works={t('ui.mistakes.broken')} />
      ) : !data ? (
        <Waiting what={t('ui.slow.list')} />
      ) : data.items.length ? (
        <ul class="plain notices">
          {data.items.map((n) => (
            <Card key={n.round} item={n} />
          ))}
        </ul>
      ) : (
        <Empty icon="tick" title={t('ui.notices.empty')}>
          <p>{t('ui.notices.empty_text')}</p>
        </Empty>
      )}
    </div>
  );
}

function Claims({ item }: { item: Notice }) {
  return (
    <section class="card">
      <h2>{t('ui.notices.who', { n: count(item.claims.length) })}</h2>
      <p class="quiet">{t('ui.notices.who_text')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */}
      <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.notices.table')}>
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
            </tr>
          </thead>
          <tbody>
            {item.claims.map((c) => (
              <tr key={c.claim}>
                <td data-name={t('ui.rounds.claim')}>
                  <code>{c.claim}</code>
                </td>
                <td data-name={t('ui.rounds.basis')}>{term('refund_basis', c.basis)}</td>
                <td class="num" data-name={t('ui.rounds.loss')}>
                  {money(c.loss, item.currency)}
                </td>
                <td class="num" data-name={t('ui.rounds.gets')}>
                  <strong>{money(c.amount, item.currency)}</strong>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Objecting({ item }: { item: Notice }) {
  if (!isRunning(item)) return <p class="note">{t('ui.notices.over_text')}</p>;
  return (
    <section aria-labelledby="object" class="object">
      <h2 id="object">{t('ui.notices.object')}</h2>
      <p>{t('ui.notices.object_text')}</p>
      <AppealForm
        draft={`object.${item.round}`}
        about={() => ({ body: { round: item.round } })}
        label={t('ui.notices.statement')}
        hint={t('ui.notices.statement_hint')}
        missing={t('ui.notices.statement_missing')}
        submit={t('ui.notices.submit')}
      />
    </section>
  );
}

export function NoticePage() {
  useTitle(t('ui.notices.title'));
  const id = segments.value[1] ?? '';
  const address = `/v1/notices/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Notice>(address, (signal) => get(address, { signal }));
  const back = (
    <a class="button ghost small back no-print" href="/notices">
      <Icon name="back" size={18} />
      {t('ui.nav.notices')}
    </a>
  );
  if (!data)
    return (
      <div class="column">
        <header>
          {back}
          <h1>{t('ui.notices.title')}</h1>
        </header>
        {problem ? (
          <Broken problem={problem} again={reload} works={t('ui.notices.gone')} />
        ) : (
          <Waiting what={t('ui.slow.round')} />
        )}
      </div>
    );
  return (
    <article class="column notice-page">
      <header>
        {back}
        <h1>{t('ui.notices.title')}</h1>
        <p class="badges">
          <span>
            {data.bank} <code>{data.account}</code>
          </span>
          <Until item={data} />
        </p>
      </header>
      <p class="lead">
        {t('ui.notices.what', {
          frozen: money(data.frozen, data.currency),
          shared: money(data.shared, data.currency),
        })}
      </p>
      <section class="card">
        <Facts>
          <Fact name={t('ui.notices.frozen')}>{money(data.frozen, data.currency)}</Fact>
          <Fact name={t('ui.notices.to_share')}>{money(data.shared, data.currency)}</Fact>
          <Fact name={t('ui.rounds.sum.unclaimed')}>{money(data.unclaimed, data.currency)}</Fact>
          <Fact name={t('ui.notices.since')}>
            <When at={data.noticed_at} />
          </Fact>
          <Fact name={t('ui.notices.until')}>
            <When at={data.notice_until} />
          </Fact>
          <Fact name={t('ui.rounds.rule')}>{ruleName(data.rule)}</Fact>
        </Facts>
        <details class="more">
          <summary>
            <Icon name="right" size={16} />
            {t('ui.notices.rule')}
          </summary>
          <p>{data.rule_text}</p>
          <p class="quiet">
            {t('ui.rounds.digest')} <code class="digest">{data.digest}</code>
          </p>
        </details>
      </section>
      <Claims item={data} />
      <Objecting item={data} />
      <p class="note ochre">
        <Icon name="warn" size={18} />
        <span>{t('ui.progress.never')}</span>
      </p>
    </article>
  );
}
