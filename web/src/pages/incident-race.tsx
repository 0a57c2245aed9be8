/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident-race - which account is acted on next, why each stands where it does, what is ordered.
 * Figures follow the news in place; a new order of the rows waits until it is asked for.
 */
import { useEffect, useState } from 'preact/hooks';
import { get } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useCalmly, useLoad } from '../base/hooks.ts';
import { accountPageOf, isAbout } from '../base/incidents.ts';
import { isSameRanking, type Race, type Ranked } from '../base/race.ts';
import { t, term } from '../base/words.ts';
import { When } from '../parts/bits.tsx';
import { Icon } from '../parts/icon.tsx';
import { sayWhy } from '../parts/order-bits.tsx';
import { Broken } from '../parts/states.tsx';

const FIRST = 8;
const NEWS = ['order', 'receipt', 'incident', 'report'];

/* What is shown, and whether the server ranks otherwise by now. */
function useRace(incident: string) {
  const address = `/v1/incidents/${encodeURIComponent(incident)}/race`;
  const { data, problem, reload } = useLoad<Race>(address, (signal) =>
    get(address, { signal, patience_ms: 60_000 }),
  );
  const [shown, setShown] = useState<Race | null>(null);
  useCalmly((live) => isAbout(live, incident, NEWS), reload);
  useEffect(() => {
    if (data && (!shown?.ranked.length || isSameRanking(shown, data))) setShown(data);
  }, [data]);
  const isNew = !!shown && !!data && shown !== data && !isSameRanking(shown, data);
  return { shown, problem, reload, isNew, show: () => setShown(data) };
}

function Action({ item, currency }: { item: Ranked; currency: string }) {
  const sum = money(item.amount, currency);
  return (
    <>
      {item.stands > 0 && (
        <p>
          <Icon name="gate_closed" size={16} />{' '}
          {item.order ? (
            <a href={`/orders?id=${encodeURIComponent(item.order)}`}>
              {t('ui.race.stands', { sum: money(item.stands, currency) })}
            </a>
          ) : (
            t('ui.race.stands', { sum: money(item.stands, currency) })
          )}
        </p>
      )}
      {(item.action !== 'none' || item.stands === 0) && (
        <p class={item.action === 'none' ? 'quiet' : undefined}>
          {t(`ui.race.action.${item.action}`, { sum })}
        </p>
      )}
    </>
  );
}

function Row(props: { item: Ranked; place: number; race: Race }) {
  const { item, race } = props;
  return (
    <tr>
      <td class="num" data-name={t('ui.orders.rank_short')}>
        {count(props.place)}
      </td>
      <td data-name={t('ui.race.account')}>
        <a href={accountPageOf(race.incident, item.account, '')}>
          <code>{item.display}</code>
        </a>
        <p class="quiet">
          {item.bank && `${item.bank} · `}
          {t('ui.race.layer', { layer: item.layer })}
        </p>
      </td>
      <td class="num" data-name={term('fate', 'present')}>
        {money(item.present, race.currency)}
      </td>
      <td class="num" data-name={t('ui.race.gain')}>
        {money(item.gain, race.currency)}
      </td>
      <td data-name={t('ui.orders.what')}>
        <Action item={item} currency={race.currency} />
      </td>
      <td data-name={t('ui.race.why')}>
        <ul class="whys">
          {item.why.map((w) => (
            <li key={sayWhy(w)}>{sayWhy(w)}</li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

function Table({ race, rows }: { race: Race; rows: Ranked[] }) {
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */
    <div role="group" class="table-room" tabIndex={0} aria-label={t('ui.race.title')}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">
              {t('ui.orders.rank_short')}
            </th>
            <th scope="col">{t('ui.race.account')}</th>
            <th scope="col" class="num">
              {term('fate', 'present')}
            </th>
            <th scope="col" class="num" title={t('ui.race.gain_hint')}>
              {t('ui.race.gain')}
            </th>
            <th scope="col">{t('ui.orders.what')}</th>
            <th scope="col">{t('ui.race.why')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((item, i) => (
            <Row key={item.account} item={item} place={i + 1} race={race} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function IncidentRace({ incident }: { incident: string }) {
  const { shown, problem, reload, isNew, show } = useRace(incident);
  const [isAll, setAll] = useState(false);
  if (!shown)
    return problem ? (
      <section class="card">
        <Broken problem={problem} again={reload} works={t('ui.race.broken')} />
      </section>
    ) : null;
  const rows = isAll ? shown.ranked : shown.ranked.slice(0, FIRST);
  const rest = shown.ranked.length - rows.length;
  return (
    <section class="card race" id="race">
      <div class="card-head">
        <h2>{t('ui.race.title')}</h2>
        <span class="quiet">
          {t('ui.race.budget', { sum: money(shown.budget, shown.currency) })} ·{' '}
          {t('ui.trail.as_of')} <When at={shown.as_of} />
        </span>
      </div>
      <div class="fresh" aria-live="polite">
        {isNew && (
          <button type="button" onClick={show}>
            <Icon name="up" size={16} />
            {t('ui.race.fresh')}
          </button>
        )}
      </div>
      {rows.length ? <Table race={shown} rows={rows} /> : <p class="quiet">{t('ui.race.empty')}</p>}
      {rest > 0 && (
        <button type="button" class="button small" onClick={() => setAll(true)}>
          <Icon name="down" size={16} />
          {t('ui.race.all', { n: count(rest) })}
        </button>
      )}
    </section>
  );
}
