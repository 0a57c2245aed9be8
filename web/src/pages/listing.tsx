/* SPDX-License-Identifier: Apache-2.0 */
/* listing - one listing: what, why, who, until when, what was done, and the next act. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, search } from '../base/api.ts';
import { count, group } from '../base/format.ts';
import type { Suspicion } from '../base/found.ts';
import { useKeys, useLive, useLoad } from '../base/hooks.ts';
import type { Conflict, ListingDetail as Detail, Listing, Page } from '../base/model.ts';
import { useProfile, wordOf } from '../base/profile.ts';
import { withQuery } from '../base/router.ts';
import { can, user } from '../base/session.ts';
import { t, term } from '../base/words.ts';
import {
  ActionBadge,
  AppealBadge,
  Clock,
  Copy,
  Fact,
  Facts,
  Key,
  KindIcon,
  StateBadge,
  When,
} from '../parts/bits.tsx';
import { Bars } from '../parts/chart.tsx';
import { FoundBadge, Why } from '../parts/found-bits.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Broken, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { type Act, ActPanel } from './act-panel.tsx';
import { ConflictBadge, RuleBadge } from './conflict.tsx';

const ACT_LOOK: Record<Act, { icon: IconName; key: string }> = {
  approve: { icon: 'tick', key: 'a' },
  refuse: { icon: 'cross', key: 'r' },
  lift: { icon: 'lift', key: 'l' },
};

/* Whom a proposal waits for, when it is not this person who may approve it. */
function Waits({ item }: { item: Listing }) {
  if (item.state !== 'proposed' || !item.may || item.may.includes('approve')) return null;
  const isOwn = item.proposer === user.value?.name;
  const text = isOwn ? t('ui.listing.own') : t(item.waits_for ?? 'ui.listing.waits');
  return (
    <p class="note ochre">
      <Icon name="hour" size={18} />
      <span>{text}</span>
    </p>
  );
}

function Acts(props: { item: Listing; open: (act: Act) => void }) {
  const acts = (['approve', 'refuse', 'lift'] as const).filter((a) => props.item.may?.includes(a));
  if (!acts.length) return null;
  return (
    <div class="acts">
      {acts.map((a) => (
        <button
          type="button"
          key={a}
          class={a === 'approve' ? 'button primary' : 'button'}
          onClick={() => props.open(a)}
        >
          <Icon name={ACT_LOOK[a].icon} size={18} />
          {t(`ui.act.${a}`)}
          <Key>{ACT_LOOK[a].key}</Key>
        </button>
      ))}
    </div>
  );
}

function Body({ item, isFromList }: { item: Listing; isFromList: boolean }) {
  const profile = useProfile();
  return (
    <Facts>
      <Fact name={t('ui.fact.reason')} wide>
        {wordOf(profile?.reasons, item.reason)}
      </Fact>
      {item.evidence && (
        <Fact name={t('ui.fact.evidence')} wide>
          <span class="prose">{item.evidence}</span>
        </Fact>
      )}
      <Fact name={t('ui.fact.basis')} wide>
        {wordOf(profile?.bases, item.basis)}
      </Fact>
      <Fact name={t('ui.fact.from')}>
        {item.from || item.state !== 'proposed' ? (
          <When at={item.from ?? item.decided_at} />
        ) : (
          t('ui.fact.from_approval')
        )}
      </Fact>
      <Fact name={t('ui.fact.until')}>
        <When at={item.until} />
      </Fact>
      <Fact name={t('ui.fact.proposer')}>
        {item.proposer} · <When at={item.proposed_at} />
      </Fact>
      <Fact name={t(item.state === 'refused' ? 'ui.fact.refuser' : 'ui.fact.approver')}>
        {item.approver ? (
          <>
            {item.approver} · <When at={item.decided_at} />
          </>
        ) : (
          <span class="quiet">{t('ui.fact.nobody')}</span>
        )}
      </Fact>
      <Fact name={t('ui.fact.source')}>
        {isFromList ? (
          <>
            <a href={`/sources?id=${encodeURIComponent(item.source)}`}>{item.source}</a>{' '}
            <span class="quiet">{t('ui.listing.from_list')}</span> ·{' '}
            <a href={withQuery({ source: item.source, id: '' })}>{t('ui.fact.all_of_source')}</a>
          </>
        ) : (
          <a href={withQuery({ source: item.source, id: '' })}>{item.source}</a>
        )}
      </Fact>
      {item.score !== undefined && <Fact name={t('ui.fact.score')}>{item.score} / 100</Fact>}
      {item.kind === 'domain' && (
        <Fact name={t('ui.fact.match')}>{term('match', item.match ?? 'exact')}</Fact>
      )}
      {item.kind === 'domain' && item.rpz && (
        <Fact name={t('ui.fact.rpz')}>{term('rpz', item.rpz)}</Fact>
      )}
      {item.division && <Fact name={t('ui.division')}>{item.division}</Fact>}
      {item.batch && (
        <Fact name={t('ui.fact.batch')}>
          <a href={`/lists?batch=${encodeURIComponent(item.batch)}`}>
            <code>{item.batch}</code>
          </a>
        </Fact>
      )}
      {item.ended_why && (
        <Fact name={t('ui.fact.ended_why')} wide>
          {item.ended_why}
        </Fact>
      )}
      {item.notice && (
        <Fact name={t('ui.fact.notice')} wide>
          <span class="prose">{item.notice}</span>
        </Fact>
      )}
    </Facts>
  );
}

function Appeals({ detail }: { detail: Detail }) {
  if (!detail.appeals.length) return null;
  return (
    <section>
      <h3>{t('ui.listing.appeals')}</h3>
      <ul class="plain">
        {detail.appeals.map((a) => (
          <li key={a.appeal}>
            <a class="wait-row" href={`/appeals?id=${encodeURIComponent(a.appeal)}`}>
              <AppealBadge state={a.state} />
              <code class="grow">{a.appeal}</code>
              {(a.state === 'filed' || a.state === 'reviewing') && (
                <Clock due={a.due_at} soon_ms={24 * 3_600_000} />
              )}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/* A number: what a detector said of it, in view of whoever decides. */
function Found({ item }: { item: Listing }) {
  const asked = `/v1/suspicions${search({ number: item.value, limit: 5 })}`;
  const { data } = useLoad<Page<Suspicion>>(asked, (signal) => get(asked, { signal }));
  if (!data?.items.length) return null;
  return (
    <section>
      <h3>{t('ui.found.evidence')}</h3>
      {data.items.map((s) => (
        <div key={s.suspicion}>
          <p class="badges">
            <FoundBadge state={s.state} />
            <a href={`/suspicions/${encodeURIComponent(s.suspicion)}`}>
              <When at={s.found_at} />
            </a>
          </p>
          <Why item={s} />
        </div>
      ))}
    </section>
  );
}

/* How many calls of it carriers told of: counts only, newest day first. */
function Matches({ days }: { days: NonNullable<Detail['matches']> }) {
  const oldestFirst = [...days].reverse();
  if (!days.length) return null;
  return (
    <section>
      <h3>{t('ui.listing.matches')}</h3>
      <Bars
        say={t('ui.listing.matches')}
        points={oldestFirst
          .slice(-14)
          .map((d) => ({ at: Date.parse(d.day), value: d.calls, label: d.day.slice(5) }))}
      />
      <details>
        <summary>{t('ui.calls.by_day')}</summary>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">{t('ui.calls.day')}</th>
              <th scope="col" class="num">
                {t('ui.calls.calls')}
              </th>
              <th scope="col" class="num">
                {t('ui.listing.texts')}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map((d) => (
              <tr key={d.day}>
                <td data-name={t('ui.calls.day')}>{d.day}</td>
                <td data-name={t('ui.calls.calls')} class="num">
                  {count(d.calls)}
                </td>
                <td data-name={t('ui.listing.texts')} class="num">
                  {count(d.texts)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/* Lists that named this value while something spoke against it. */
function Conflicts({ item }: { item: Listing }) {
  const asked = `/v1/conflicts${search({ value: item.value, limit: 20 })}`;
  const { data } = useLoad<Page<Conflict>>(asked, (signal) => get(asked, { signal }));
  const mine = (data?.items ?? []).filter((c) => c.kind === item.kind);
  if (!mine.length) return null;
  return (
    <section>
      <h3>{t('ui.listing.conflicts')}</h3>
      <ul class="plain">
        {mine.map((c) => (
          <li key={c.conflict}>
            <a
              class="wait-row"
              href={`/conflicts?${new URLSearchParams({
                state: c.state,
                value: c.value,
                id: c.conflict,
              })}`}
            >
              <ConflictBadge state={c.state} />
              <span class="grow">{c.source}</span>
              <RuleBadge rule={c.rule} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Head({ item }: { item: Listing }) {
  return (
    <header class="detail-head" data-copied>
      <a class="button ghost small only-narrow" href={withQuery({ id: '' })}>
        <Icon name="back" size={18} />
        {t('ui.nav.lists')}
      </a>
      <p class="detail-kind quiet">
        <KindIcon kind={item.kind} size={18} />
        <span aria-hidden="true">{term('kind', item.kind)}</span>
      </p>
      <h2>
        <code data-text>{item.display || group(item.kind, item.value)}</code>
      </h2>
      <p class="badges">
        <ActionBadge action={item.action} />
        <StateBadge state={item.state} />
        {item.state === 'in_force' && (
          <Clock due={item.until} soon_ms={24 * 3_600_000} isPlain key_left="ui.time.lapses" />
        )}
        <Copy text={item.value} label={t('ui.copy')} />
      </p>
    </header>
  );
}

export function ListingDetail(props: {
  id: string;
  row: Listing | undefined;
  changed: (item: Listing) => void;
}) {
  const address = `/v1/listings/${encodeURIComponent(props.id)}`;
  const { data, problem, isLoading, reload } = useLoad<Detail>(address, (signal) =>
    get(address, { signal }),
  );
  const [act, setAct] = useState<Act | null>(null);
  const [said, setSaid] = useState('');
  const box = useRef<HTMLElement>(null);
  const item = data ?? props.row ?? null;
  const open = (a: Act) => item?.may?.includes(a) && setAct(a);
  useKeys({ a: () => open('approve'), r: () => open('refuse'), l: () => open('lift') });
  useLive((live) => {
    if (live.listing === props.id) reload();
  });
  useEffect(() => {
    if (data) props.changed(data);
  }, [data]);
  const close = () => {
    setAct(null);
    box.current?.focus({ preventScroll: true });
  };
  const done = (changed: Listing) => {
    setSaid(t(`ui.act.${act}.done`, { state: term('state', changed.state) }));
    props.changed(changed);
    close();
    reload();
  };
  if (!item)
    return problem ? (
      <Broken problem={problem} again={reload} works={t('ui.lists.broken_one')} />
    ) : (
      <Waiting what={t('ui.slow.listing')} />
    );
  return (
    <article id="detail" class="detail" tabIndex={-1} ref={box} aria-busy={isLoading}>
      <div class="detail-main">
        <Head item={item} />
        <div role="status" class="said">
          {said && (
            <p class="note jade">
              <Icon name="tick" size={18} />
              <span>{said}</span>
            </p>
          )}
        </div>
        {act ? (
          <ActPanel act={act} item={item} done={done} close={close} />
        ) : (
          <>
            <Acts item={item} open={open} />
            <Waits item={item} />
          </>
        )}
        {item.kind === 'number' && can('box.read') && <Found item={item} />}
        <Body item={item} isFromList={data?.history[0]?.act === 'listing.enter'} />
        {data?.matches && <Matches days={data.matches} />}
        {data && <Appeals detail={data} />}
        {can('batch.read') && <Conflicts item={item} />}
      </div>
      <aside class="detail-aside" aria-label={t('ui.listing.history')}>
        <h3>{t('ui.listing.history')}</h3>
        {data ? (
          <Timeline steps={data.history} />
        ) : problem ? (
          <Broken problem={problem} again={reload} />
        ) : (
          <Waiting what={t('ui.slow.history')} />
        )}
      </aside>
    </article>
  );
}
