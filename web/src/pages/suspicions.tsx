/* SPDX-License-Identifier: Apache-2.0 */
/* suspicions - numbers that a detector found: why, and a person's word on each of them. */
import { useState } from 'preact/hooks';
import { get, Problem, post, search } from '../base/api.ts';
import { count, countOf } from '../base/format.ts';
import { SUSPICION_STATES, type Suspicion } from '../base/found.ts';
import { useCalmly, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import type { Page, Refusal } from '../base/model.ts';
import { query, segments } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { Clock, Copy, Fact, Facts, Key, When } from '../parts/bits.tsx';
import { FoundBadge, Why } from '../parts/found-bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';

const LIMIT = 200;
const SOON_MS = 24 * 3_600_000;
const isNews = (live: { name: string }) => live.name.startsWith('suspicion');

function hrefOf(id: string): string {
  const kept = search({ state: query('state') });
  return `/suspicions${id && `/${encodeURIComponent(id)}`}${kept}`;
}

function Row({ item }: { item: Suspicion }) {
  return (
    <>
      <span class="row-line">
        <code class="row-value">{item.display}</code>
        <FoundBadge state={item.state} />
      </span>
      <span class="row-line quiet">
        <span class="row-note">{term('detector', item.detector)}</span>
        {item.state === 'open' ? (
          <Clock due={item.until} soon_ms={SOON_MS} isPlain key_left="ui.time.lapses" />
        ) : (
          <When at={item.decided_at ?? item.found_at} />
        )}
      </span>
    </>
  );
}

type Act = 'list' | 'dismiss';
const KEYS: Record<Act, string> = { list: 'l', dismiss: 'd' };
const HONEST = ['courier', 'centre', 'alarm'] as const;
const FRAUD = ['pattern', 'reports'] as const;

function Acts({ item, done }: { item: Suspicion; done: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const open = (a: Act) => () => item.may.includes(a) && setAct(a);
  useKeys(act ? {} : { l: open('list'), d: open('dismiss') });
  if (act) {
    const words =
      act === 'list'
        ? FRAUD.map((w) => t(`ui.found.fraud.${w}`))
        : HONEST.map((w) => t(`ui.found.honest.${w}`));
    const question = {
      draft: `suspicion.${item.suspicion}.${act}`,
      label: t(`ui.found.act.${act}`),
      effect: t(`ui.found.effect.${act}`, { number: item.display }),
      confirm: t(`ui.found.act.${act}`),
      why: t('ui.found.why'),
      reasons: words,
      send: async (body: { why?: string }, key: string) => {
        const said = { ...body, decision: act, suspicions: [item.suspicion] };
        const answer = await post<{ refusals: Refusal[] }>('/v1/suspicions/decide', said, { key });
        const refused = answer.refusals[0];
        if (refused) throw new Problem(409, refused.code, refused.reason);
        return answer;
      },
    };
    return <Ask question={question} close={() => setAct(null)} done={done} />;
  }
  if (!item.may.length) return null;
  return (
    <div class="acts">
      {item.may.map((a) => (
        <button
          type="button"
          key={a}
          class={a === 'list' ? 'button primary' : 'button'}
          onClick={open(a)}
        >
          <Icon name={a === 'list' ? 'lists' : 'cross'} size={18} />
          {t(`ui.found.act.${a}`)}
          <Key>{KEYS[a]}</Key>
        </button>
      ))}
    </div>
  );
}

function About({ item }: { item: Suspicion }) {
  return (
    <Facts>
      <Fact name={t('ui.found.found_at')}>
        <When at={item.found_at} />
      </Fact>
      <Fact name={t('ui.found.until')}>
        <When at={item.until} />
      </Fact>
      {item.listing && (
        <Fact name={t('ui.fact.listing')}>
          <a href={`/lists?id=${encodeURIComponent(item.listing)}`}>
            <code>{item.listing}</code>
          </a>
        </Fact>
      )}
      {item.decider && (
        <Fact name={t('ui.found.decided')} wide>
          {item.decider} · <When at={item.decided_at} /> · {item.decided_why}
        </Fact>
      )}
    </Facts>
  );
}

function One({ id, changed }: { id: string; changed: () => void }) {
  const address = `/v1/suspicions/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Suspicion>(address, (signal) =>
    get(address, { signal }),
  );
  useCalmly(isNews, reload);
  if (!data)
    return problem ? (
      <div class="detail single">
        <ToList href={hrefOf('')} name={t('ui.nav.suspicions')} />
        <Broken problem={problem} again={reload} />
      </div>
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  return (
    <article id="detail" class="detail" tabIndex={-1}>
      <div class="detail-main">
        <header class="detail-head" data-copied>
          <ToList href={hrefOf('')} name={t('ui.nav.suspicions')} />
          <h2>
            <code data-text>{data.display}</code>
          </h2>
          <p class="badges">
            <FoundBadge state={data.state} />
            <Copy text={data.number} label={t('ui.copy')} />
          </p>
        </header>
        <Acts
          key={data.state}
          item={data}
          done={() => {
            reload();
            changed();
          }}
        />
        <section>
          <h3>{t('ui.found.evidence')}</h3>
          <Why item={data} />
        </section>
        <About item={data} />
      </div>
      <aside class="detail-aside" aria-label={t('ui.listing.history')}>
        <h3>{t('ui.listing.history')}</h3>
        <Timeline steps={data.history ?? []} />
      </aside>
    </article>
  );
}

export function Suspicions() {
  useTitle(t('ui.nav.suspicions'));
  const id = segments.value[1] ?? '';
  const state = query('state') || 'open';
  const asked = `/v1/suspicions${search({ state, limit: LIMIT })}`;
  const loaded = useLoad<Page<Suspicion>>(asked, (signal) => get(asked, { signal }));
  useCalmly(isNews, loaded.reload);
  return (
    <Split
      title={t('ui.nav.suspicions')}
      say={loaded.data && t('ui.found.numbers', { n: countOf(loaded.data) })}
      tabs={SUSPICION_STATES.map((s) => ({
        href: `/suspicions${search({ state: s === 'open' ? '' : s })}`,
        name: term('found_state', s),
        isOn: s === state,
      }))}
      loaded={loaded}
      items={loaded.data?.items ?? []}
      id={id}
      idOf={(s) => s.suspicion}
      hrefOf={hrefOf}
      row={(s) => <Row item={s} />}
      empty={
        <Empty icon="number" title={t('ui.found.none')}>
          <p>{t('ui.found.none_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={
        <Empty icon="number" title={t('ui.found.pick')}>
          <p>{t('ui.found.pick_text', { n: count(2) })}</p>
        </Empty>
      }
    >
      {id && <One key={id} id={id} changed={loaded.reload} />}
    </Split>
  );
}
