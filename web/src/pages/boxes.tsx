/* SPDX-License-Identifier: Apache-2.0 */
/* boxes - devices full of cards: how many channels, whose turns betray them, where to look. */
import { useState } from 'preact/hooks';
import { get, post, search } from '../base/api.ts';
import { count, group } from '../base/format.ts';
import { BOX_STATES, type Box, barsOf, type Card } from '../base/found.ts';
import { useCalmly, useGrowing, useKeys, useLoad, useTitle } from '../base/hooks.ts';
import { query, segments } from '../base/router.ts';
import { sayExact } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Ask } from '../parts/ask.tsx';
import { Copy, Fact, Facts, Key, When } from '../parts/bits.tsx';
import { useWidth } from '../parts/chart.tsx';
import { FoundBadge } from '../parts/found-bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { Purpose } from '../parts/purpose.tsx';
import { Split, ToList } from '../parts/split.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';

const LIMIT = 200;
const isNews = (live: { name: string }) => live.name.startsWith('box');

function hrefOf(id: string): string {
  const kept = search({ state: query('state') });
  return `/boxes${id && `/${encodeURIComponent(id)}`}${kept}`;
}

function Row({ item }: { item: Box }) {
  return (
    <>
      <span class="row-line">
        <span class="row-value">
          {t('ui.boxes.row', { channels: count(item.channels), cards: count(item.card_count) })}
        </span>
        <FoundBadge state={item.state} />
      </span>
      <span class="row-line quiet">
        <span class="row-note">{item.carrier ?? t('ui.calls.own')}</span>
        <When at={item.seen_at} />
      </span>
    </>
  );
}

const ROW = 18;
const NAME = 116;
const sayAt = (s: number): string => sayExact(s * 1000);
const Moment = ({ s }: { s: number }) => <When at={new Date(s * 1000).toISOString()} />;

/* Rows are cards, bars are turns: in a device one card's turn ends where another's begins. */
function Turns({ cards }: { cards: Card[] }) {
  const { box, width } = useWidth();
  const { from, to, rows } = barsOf(cards, width - NAME);
  const high = ROW * rows.length;
  if (!to) return <p class="quiet">{t('ui.boxes.no_turns')}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard */}
      <div class="turns" ref={box} tabIndex={0} role="group" aria-label={t('ui.boxes.question')}>
        {width > NAME && (
          <svg width={width} height={high} role="img" aria-label={t('ui.boxes.question')}>
            {rows.map((bars, i) => (
              <g key={cards[i]?.number} transform={`translate(0 ${i * ROW})`}>
                <text x={0} y={ROW - 5}>
                  {group('number', cards[i]?.number ?? '')}
                </text>
                <path class="chart-base" d={`M${NAME} ${ROW - 1}H${width}`} />
                {bars.map((b) => (
                  <rect
                    key={b.from}
                    class="chart-bar"
                    x={NAME + b.x}
                    y={3}
                    width={b.wide}
                    height={ROW - 6}
                  >
                    <title>{`${sayAt(b.from)} – ${sayAt(b.to)}`}</title>
                  </rect>
                ))}
              </g>
            ))}
          </svg>
        )}
      </div>
      <p class="turns-foot quiet">
        <Moment s={from} />
        <Moment s={to} />
      </p>
    </>
  );
}

const share = (part: number, all: number): string =>
  all ? `${count(Math.round((1000 * part) / all) / 10)} %` : '—';

function Cards({ cards }: { cards: Card[] }) {
  const columns = ['card', 'turns', 'first', 'last', 'handed', 'chance', 'evidence'] as const;
  const ends = (c: Card) => c.spans.flat();
  return (
    <table class="cards">
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col">
              {t(`ui.boxes.col.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cards.map((c) => (
          <tr key={c.number}>
            <td data-name={t('ui.boxes.col.card')} class="nowrap">
              {c.suspicion ? (
                <a href={`/suspicions/${encodeURIComponent(c.suspicion)}`}>
                  <code>{group('number', c.number)}</code>
                </a>
              ) : (
                <code>{group('number', c.number)}</code>
              )}
            </td>
            <td data-name={t('ui.boxes.col.turns')}>{count(c.turns)}</td>
            <td data-name={t('ui.boxes.col.first')}>
              {c.spans.length ? <Moment s={Math.min(...ends(c))} /> : '—'}
            </td>
            <td data-name={t('ui.boxes.col.last')}>
              {c.spans.length ? <Moment s={Math.max(...ends(c))} /> : '—'}
            </td>
            <td data-name={t('ui.boxes.col.handed')}>{share(c.handed, c.ends)}</td>
            <td data-name={t('ui.boxes.col.chance')}>{share(c.chance, 1000)}</td>
            <td data-name={t('ui.boxes.col.evidence')}>{c.evidence.toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Where({ item }: { item: Box }) {
  const { place } = item;
  const point = place && `${place.lat.toFixed(6)}, ${place.lon.toFixed(6)}`;
  return (
    <section>
      <h3>{t('ui.boxes.where')}</h3>
      <Facts>
        <Fact name={t('ui.boxes.cell')}>
          {item.cell ? <code>{item.cell}</code> : <span class="quiet">{t('ui.found.erased')}</span>}
        </Fact>
        <Fact name={t('ui.boxes.point')}>
          {point ? (
            <span data-copied>
              {place.name} <code data-text>{point}</code> <Copy text={point} label={t('ui.copy')} />
            </span>
          ) : (
            <span class="quiet">{t('ui.boxes.no_point')}</span>
          )}
        </Fact>
      </Facts>
    </section>
  );
}

/* Where it is and when which card called is read for a purpose, and that is recorded. */
function Told({ item }: { item: Box }) {
  const [told, setTold] = useState<Box | null>(null);
  if (!told)
    return (
      <section>
        <h3>{t('ui.boxes.told')}</h3>
        <p class="quiet">{t('ui.boxes.told_text')}</p>
        <Purpose
          draft={`box.${item.box}.read`}
          label={t('ui.boxes.read')}
          read={async (purpose) =>
            setTold(
              await get<Box>(`/v1/boxes/${encodeURIComponent(item.box)}${search({ purpose })}`),
            )
          }
        />
      </section>
    );
  const cards = told.cards ?? [];
  return (
    <>
      <Where item={told} />
      <section>
        <h3>{t('ui.boxes.question')}</h3>
        <Turns cards={cards} />
        <details>
          <summary>{t('ui.boxes.table')}</summary>
          <Cards cards={cards} />
        </details>
      </section>
    </>
  );
}

type Act = 'confirm' | 'dismiss';
const KEYS: Record<Act, string> = { confirm: 'c', dismiss: 'd' };
const OUTCOMES: Record<Act, string[]> = {
  confirm: ['seized', 'seen'],
  dismiss: ['honest', 'nothing'],
};

function Acts({ item, done }: { item: Box; done: () => void }) {
  const [act, setAct] = useState<Act | null>(null);
  const open = (a: Act) => () => item.may.includes(a) && setAct(a);
  useKeys(act ? {} : { c: open('confirm'), d: open('dismiss') });
  if (act) {
    const question = {
      draft: `box.${item.box}.${act}`,
      label: t(`ui.boxes.act.${act}`),
      effect: t(`ui.boxes.effect.${act}`),
      confirm: t(`ui.boxes.act.${act}`),
      why: t('ui.boxes.why'),
      reasons: OUTCOMES[act].map((o) => t(`ui.boxes.outcome.${o}`)),
      send: (body: { why?: string }, key: string) =>
        post(`/v1/boxes/${encodeURIComponent(item.box)}/${act}`, body, { key }),
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
          class={a === 'confirm' ? 'button primary' : 'button'}
          onClick={open(a)}
        >
          <Icon name={a === 'confirm' ? 'tick' : 'cross'} size={18} />
          {t(`ui.boxes.act.${a}`)}
          <Key>{KEYS[a]}</Key>
        </button>
      ))}
    </div>
  );
}

function About({ item }: { item: Box }) {
  return (
    <Facts>
      <Fact name={t('ui.boxes.channels')}>{count(item.channels)}</Fact>
      <Fact name={t('ui.boxes.cards')}>{count(item.card_count)}</Fact>
      <Fact name={t('ui.boxes.calls')} wide>
        {t('ui.boxes.calls_text', { starts: count(item.starts), refused: count(item.refused) })}
      </Fact>
      <Fact name={t('ui.boxes.first')}>
        <When at={item.first_at} />
      </Fact>
      <Fact name={t('ui.boxes.last')}>
        <When at={item.last_at} />
      </Fact>
      <Fact name={t('ui.calls.carrier')}>{item.carrier ?? t('ui.calls.own')}</Fact>
      <Fact name={t('ui.found.until')}>
        <When at={item.until} />
      </Fact>
      {item.decider && (
        <Fact name={t('ui.boxes.decided')} wide>
          {item.decider} · <When at={item.decided_at} /> · {item.decided_why}
        </Fact>
      )}
    </Facts>
  );
}

function One({ id, changed }: { id: string; changed: () => void }) {
  const address = `/v1/boxes/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Box>(address, (signal) => get(address, { signal }));
  useCalmly(isNews, reload);
  if (!data)
    return problem ? (
      <div class="detail single">
        <ToList href={hrefOf('')} name={t('ui.nav.boxes')} />
        <Broken problem={problem} again={reload} />
      </div>
    ) : (
      <Waiting what={t('ui.slow.list')} />
    );
  return (
    <article id="detail" class="detail single" tabIndex={-1}>
      <header class="detail-head">
        <ToList href={hrefOf('')} name={t('ui.nav.boxes')} />
        <h2>
          {t('ui.boxes.row', { channels: count(data.channels), cards: count(data.card_count) })}
        </h2>
        <p class="badges">
          <FoundBadge state={data.state} /> <code>{data.box}</code>
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
      <Told item={data} />
      {data.history?.length ? (
        <section>
          <h3>{t('ui.listing.history')}</h3>
          <Timeline steps={data.history} />
        </section>
      ) : null}
    </article>
  );
}

export function Boxes() {
  useTitle(t('ui.nav.boxes'));
  const id = segments.value[1] ?? '';
  const state = query('state') || 'found';
  const { rows, more, reload } = useGrowing<Box>(
    `boxes ${state}`,
    (cursor, signal) =>
      get(`/v1/boxes${search({ state, limit: LIMIT, ...(cursor && { cursor }) })}`, { signal }),
    (b) => b.box,
  );
  useCalmly(isNews, reload);
  const isThere = rows.items.length > 0 || (!rows.isLoading && !rows.problem);
  const page = { items: rows.items, total: rows.total, next: rows.next };
  return (
    <Split
      title={t('ui.nav.boxes')}
      say={isThere ? t('ui.boxes.count', { n: count(rows.total) }) : null}
      tabs={BOX_STATES.map((s) => ({
        href: `/boxes${search({ state: s === 'found' ? '' : s })}`,
        name: term('found_state', s),
        isOn: s === state,
      }))}
      loaded={{ data: isThere ? page : null, ...rows, reload }}
      items={rows.items}
      id={id}
      idOf={(b) => b.box}
      hrefOf={hrefOf}
      row={(b) => <Row item={b} />}
      more={rows.next ? more : undefined}
      empty={
        <Empty icon="device" title={t('ui.boxes.none')}>
          <p>{t('ui.boxes.none_text')}</p>
        </Empty>
      }
      works={t('ui.orders.broken')}
      pick={
        <Empty icon="device" title={t('ui.boxes.pick')}>
          <p>{t('ui.boxes.pick_text')}</p>
        </Empty>
      }
    >
      {id && <One key={id} id={id} changed={reload} />}
    </Split>
  );
}
