/* SPDX-License-Identifier: Apache-2.0 */
/* alerts - who is to be reached, most urgent first; one of them, and what may be done about it. */
import { useState } from 'preact/hooks';
import {
  ALERT_STATES,
  type Alert,
  type AlertAct,
  addressOf,
  MEANS,
  OUTCOMES,
  RESULTS,
  TIERS,
} from '../base/alerts.ts';
import { get, post, search } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useCalmly, useForm, useGrowing, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import { readYuan } from '../base/orders.ts';
import { query, segments } from '../base/router.ts';
import { t, term } from '../base/words.ts';
import { AlertBadge, Due, TierBadge } from '../parts/alert-bits.tsx';
import { Copy, Fact, Facts, Key, When } from '../parts/bits.tsx';
import { Choices, TextField } from '../parts/fields.tsx';
import { Purpose } from '../parts/purpose.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';

const LIMIT = 100;
const isNews = (live: { name: string }) => live.name === 'alert' || live.name === 'outreach';

function hrefOf(id: string): string {
  const kept = search({ state: query('state'), tier: query('tier') });
  return `/alerts${id && `/${encodeURIComponent(id)}`}${kept}`;
}

function Row({ item }: { item: Alert }) {
  return (
    <>
      <span class="row-line">
        <TierBadge tier={item.tier} />
        <span class="row-note">{item.scam_text ?? t('ui.alert.unknown_scam')}</span>
        <AlertBadge state={item.state} />
      </span>
      <span class="row-line quiet">
        <span class="row-note">
          {item.division}
          {item.officer && ` · ${item.officer}`}
          {item.means !== 'none' && ` · ${term('means', item.means)}`}
        </span>
        <Due item={item} />
      </span>
    </>
  );
}

/* --- what may be done --- */

type Line = 'why' | 'note' | 'officer' | 'paid' | 'saved';
type Pick = 'means' | 'result' | 'outcome' | 'checked';
const PICKS: Record<Pick, readonly string[]> = {
  means: MEANS,
  result: RESULTS,
  outcome: OUTCOMES,
  checked: ['agreed', 'differed'],
};
const ACTS: Record<AlertAct, { key: string; picks?: Pick[]; lines?: Line[] }> = {
  take: { key: 't' },
  assign: { key: 'a', lines: ['officer'] },
  outreach: { key: 'o', picks: ['means', 'result'], lines: ['note'] },
  outcome: { key: 'e', picks: ['outcome'], lines: ['saved', 'paid', 'note'] },
  handover: { key: 'h', lines: ['officer', 'why'] },
  refuse: { key: 'r', lines: ['why'] },
  whereabouts: { key: 'w', lines: ['why'] },
  checkback: { key: 'b', picks: ['checked'], lines: ['note'] },
  hush: { key: 'u' },
};
const ORDER = Object.keys(ACTS) as AlertAct[];
const OWED: Line[] = ['why', 'officer'];

/* "checked" is the door's "result", of its own vocabulary. */
function bodyOf(act: AlertAct, fields: Record<string, string>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const pick of ACTS[act].picks ?? [])
    body[pick === 'checked' ? 'result' : pick] = fields[pick];
  for (const line of ACTS[act].lines ?? []) {
    const said = fields[line]?.trim() ?? '';
    if (!said) continue;
    body[line] = line === 'paid' || line === 'saved' ? readYuan(said) : said;
  }
  return body;
}

function Act(props: { item: Alert; act: AlertAct; close: () => void; done: () => void }) {
  const { item, act, close, done } = props;
  const { picks = [], lines = [] } = ACTS[act];
  const empty = { means: 'call', result: 'reached', outcome: 'confirmed', checked: 'agreed' };
  const form = useForm(`alert.${item.alert}.${act}`, {
    ...empty,
    ...Object.fromEntries(lines.map((l) => [l, ''])),
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    const gap = OWED.find((l) => lines.includes(l) && !form.fields[l]?.trim());
    if (gap) return form.fail(gap, t(`ui.alert.missing.${gap}`));
    const body = bodyOf(act, form.fields);
    const answer = await form.submit([item.alert, act, body], (key) =>
      post<Alert>(addressOf(item.alert, act), body, { key }),
    );
    if (answer) done();
    return undefined;
  };
  return (
    <form
      class="panel"
      aria-label={t(`ui.alert.act.${act}`)}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      <h3>{t(`ui.alert.act.${act}`)}</h3>
      <p>{t(`ui.alert.effect.${act}`)}</p>
      {picks.map((p) => (
        <Choices
          key={p}
          name={p}
          label={t(p === 'checked' ? 'ui.alert.checked_pick' : `ui.alert.${p}`)}
          choices={PICKS[p].map((value) => ({
            value,
            label: term(p === 'outcome' ? 'alert_outcome' : p, value),
          }))}
          value={form.fields[p] ?? ''}
          pick={(value) => form.put(p, value)}
        />
      ))}
      {lines.map((l, i) => (
        <TextField
          key={l}
          form={form}
          name={l}
          label={t(`ui.alert.line.${l}`)}
          optional={!OWED.includes(l)}
          isFirst={i === 0 && !picks.length}
        />
      ))}
      <FormProblem problem={form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : `ui.alert.act.${act}`)}
        </button>
        <button type="button" class="button" onClick={close}>
          {t('ui.form.cancel')}
        </button>
      </div>
    </form>
  );
}

function Acts({ item, done }: { item: Alert; done: () => void }) {
  const [act, setAct] = useState<AlertAct | null>(null);
  const may = ORDER.filter((a) => item.may.includes(a));
  useKeys(act ? {} : Object.fromEntries(may.map((a) => [ACTS[a].key, () => setAct(a)])));
  if (act)
    return (
      <Act
        key={act}
        item={item}
        act={act}
        close={() => setAct(null)}
        done={() => {
          setAct(null);
          done();
        }}
      />
    );
  return (
    <div class="acts">
      {may.map((a, i) => (
        <button
          type="button"
          key={a}
          class={i ? 'button' : 'button primary'}
          onClick={() => setAct(a)}
        >
          {t(`ui.alert.act.${a}`)}
          <Key>{ACTS[a].key}</Key>
        </button>
      ))}
    </div>
  );
}

/* --- one --- */

/* Whose number it is, and what was seen: for a purpose, and the reading is a leaf. */
function Person({ item }: { item: Alert }) {
  const [read, setRead] = useState<Alert | null>(null);
  if (!read?.number)
    return (
      <Purpose
        draft={`alert.${item.alert}.purpose`}
        label={t('ui.alert.read')}
        read={async (purpose) =>
          setRead(await get<Alert>(addressOf(item.alert) + search({ purpose })))
        }
      />
    );
  return (
    <>
      <p data-copied>
        <a class="button" href={`tel:${read.number}`}>
          <code data-text>{read.number}</code>
        </a>{' '}
        <Copy text={read.number} label={t('ui.copy')} />
      </p>
      {(read.parts ?? [])
        .filter((rise) => rise.parts.length > 0)
        .map((rise) => (
          <table class="cards" key={rise.at}>
            <caption>
              {term('alert_tier', rise.tier)} · <When at={rise.at} />
            </caption>
            <tbody>
              {rise.parts.map((part) => (
                <tr key={`${part.kind ?? part.pair}${part.source}${part.evidence}`}>
                  <td>{term('signal', part.kind ?? part.pair ?? '')}</td>
                  <td class="num">
                    {part.given > 0 ? '+' : '−'}
                    {(Math.abs(part.given) / 1000).toFixed(2)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
    </>
  );
}

function About({ item }: { item: Alert }) {
  return (
    <Facts>
      {item.micro > 0 && (
        <Fact name={t('ui.alert.probability')}>{(item.micro / 10_000).toFixed(1)} %</Fact>
      )}
      <Fact name={t('ui.alert.highest')}>{term('alert_tier', item.highest)}</Fact>
      {item.due_at && (
        <Fact name={t('ui.alert.due')}>
          <Due item={item} />
        </Fact>
      )}
      {item.officer && (
        <Fact name={t('ui.alert.officer')}>
          {item.officer}
          {!item.taken_at && ` (${t('ui.alert.not_taken')})`}
        </Fact>
      )}
      {item.means !== 'none' && (
        <Fact name={t('ui.alert.next')}>
          {term('means', item.means)} · <When at={item.step_due} />
        </Fact>
      )}
      {item.unsent !== 'none' && item.state !== 'closed' && (
        <Fact name={t('ui.alert.unsent')}>{term('unsent', item.unsent)}</Fact>
      )}
      {item.withheld !== 'none' && (
        <Fact name={t('ui.alert.withheld')}>{term('withheld', item.withheld)}</Fact>
      )}
      {item.outcome !== 'none' && (
        <Fact name={t('ui.alert.outcome')} wide>
          {term('alert_outcome', item.outcome)} · {item.outcome_by}
          {item.saved > 0 && ` · ${t('ui.alert.saved')} ${money(item.saved)}`}
          {item.paid > 0 && ` · ${t('ui.alert.paid')} ${money(item.paid)}`}
        </Fact>
      )}
      {item.checking !== 'none' && (
        <Fact name={t('ui.alert.checked')}>{term('checked', item.checking)}</Fact>
      )}
      {item.is_missed > 0 && <Fact name={t('ui.alert.missed')}>{t('ui.alert.missed_text')}</Fact>}
    </Facts>
  );
}

function Attempts({ item }: { item: Alert }) {
  if (!item.outreach?.length) return <p class="quiet">{t('ui.alert.no_attempt')}</p>;
  return (
    <ul>
      {item.outreach.map((o) => (
        <li key={o.outreach}>
          {term('means', o.means)} · {term('result', o.result)} · {o.by} · <When at={o.done_at} />
        </li>
      ))}
    </ul>
  );
}

function One({ id, changed }: { id: string; changed: () => void }) {
  const address = addressOf(id);
  const { data, problem, reload } = useLoad<Alert>(address, (signal) => get(address, { signal }));
  useCalmly(isNews, reload);
  if (!data)
    return problem ? (
      <div class="detail single">
        <ToList href={hrefOf('')} name={t('ui.nav.alerts')} />
        <Broken problem={problem} again={reload} />
      </div>
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  return (
    <article id="detail" class="detail" tabIndex={-1}>
      <div class="detail-main">
        <header class="detail-head">
          <ToList href={hrefOf('')} name={t('ui.nav.alerts')} />
          <h2>{data.scam_text ?? t('ui.alert.unknown_scam')}</h2>
          <p class="badges">
            <TierBadge tier={data.tier} />
            <AlertBadge state={data.state} />
            <Due item={data} />
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
        <About item={data} />
        <section>
          <h3>{t('ui.alert.person')}</h3>
          <Person item={data} />
        </section>
        <section>
          <h3>{t('ui.alert.attempts')}</h3>
          <Attempts item={data} />
        </section>
      </div>
      <aside class="detail-aside" aria-label={t('ui.listing.history')}>
        <h3>{t('ui.listing.history')}</h3>
        <Timeline steps={data.history ?? []} />
      </aside>
    </article>
  );
}

export function Alerts() {
  useTitle(t('ui.nav.alerts'));
  const id = segments.value[1] ?? '';
  const state = query('state') || 'open';
  const tier = query('tier');
  const { rows, more, reload } = useGrowing<Alert>(
    `alerts ${state} ${tier}`,
    (cursor, signal) =>
      get(`/v1/alerts${search({ state, tier, limit: LIMIT, ...(cursor && { cursor }) })}`, {
        signal,
      }),
    (a) => a.alert,
  );
  useCalmly(isNews, reload);
  const isThere = rows.items.length > 0 || (!rows.isLoading && !rows.problem);
  const page = { items: rows.items, total: rows.total, next: rows.next };
  const tab = (s: string, which: string) => ({
    href: `/alerts${search({ state: s === 'open' ? '' : s, tier: which })}`,
    name: which ? term('alert_tier', which) : term('alert_state', s),
    isOn: s === state && which === tier,
  });
  return (
    <Split
      title={t('ui.nav.alerts')}
      say={isThere ? t('ui.alert.n', { n: count(rows.total) }) : null}
      tabs={[
        ...ALERT_STATES.map((s) => tab(s, '')),
        ...TIERS.slice(0, 2).map((which) => tab('open', which)),
      ]}
      loaded={{ data: isThere ? page : null, ...rows, reload }}
      items={rows.items}
      id={id}
      idOf={(a) => a.alert}
      hrefOf={hrefOf}
      row={(a) => <Row item={a} />}
      more={rows.next ? more : undefined}
      empty={
        <Empty icon="warn" title={t('ui.alert.none')}>
          <p>{t('ui.alert.none_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={
        <Empty icon="warn" title={t('ui.alert.pick')}>
          <p>{t('ui.alert.pick_text')}</p>
        </Empty>
      }
    >
      {id && <One key={id} id={id} changed={reload} />}
    </Split>
  );
}
