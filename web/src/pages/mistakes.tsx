/* SPDX-License-Identifier: Apache-2.0 */
/* mistakes - for anybody: how often a block was wrong, and how long it stood. */
import { get } from '../base/api.ts';
import { count } from '../base/format.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import type { Mistakes } from '../base/model.ts';
import { now, saySpan, spanOf } from '../base/time.ts';
import { t, term } from '../base/words.ts';
import { Bars, type Point } from '../parts/chart.tsx';
import { Icon } from '../parts/icon.tsx';
import { Broken, Empty, Waiting } from '../parts/states.tsx';
import { ReturnsCard } from './returns.tsx';

const MONTHS = 12;

function saySeconds(s: number): string {
  if (s < 60) return t('ui.mistakes.under_minute');
  if (s < 3600) return t('ui.mistakes.minutes', { n: Math.round(s / 60) });
  return saySpan(spanOf(s * 1000));
}

/* The last twelve months, also those without any; months are the centre's, "2026-11". */
function monthsOf(data: Mistakes): Point[] {
  const sums = new Map<string, number>();
  for (const i of data.items) sums.set(i.month, (sums.get(i.month) ?? 0) + i.count);
  const today = new Date(now.value).toISOString().slice(0, 7);
  const last = [today, ...sums.keys()].sort().at(-1) ?? today;
  const [year = 0, month = 0] = last.split('-').map(Number);
  return Array.from({ length: MONTHS }, (_, i) => {
    const at = Date.UTC(year, month - MONTHS + i);
    const label = new Date(at).toISOString().slice(0, 7);
    return { at, label, value: sums.get(label) ?? 0 };
  });
}

function Chart({ data, total }: { data: Mistakes; total: number }) {
  const points = monthsOf(data);
  const most = points.reduce((a, b) => (b.value > a.value ? b : a));
  const say = t('ui.mistakes.chart_say', {
    n: count(total),
    month: most.label,
    most: count(most.value),
  });
  return (
    <section class="card">
      <h2>{t('ui.mistakes.chart')}</h2>
      <Bars points={points} say={say} />
    </section>
  );
}

function Table({ data }: { data: Mistakes }) {
  return (
    <>
      <h2>{t('ui.mistakes.table')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard */}
      <div role="group" class="card table-room" tabIndex={0} aria-label={t('ui.mistakes.table')}>
        <table>
          <thead>
            <tr>
              <th>{t('ui.mistakes.month')}</th>
              <th>{t('ui.mistakes.way')}</th>
              <th class="num">{t('ui.mistakes.count')}</th>
              <th class="num">{t('ui.mistakes.appeals')}</th>
              <th class="num">{t('ui.mistakes.time')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((i) => (
              <tr key={`${i.month} ${i.way}`}>
                <td class="nowrap">{i.month}</td>
                <td class="nowrap">{term('way', i.way)}</td>
                <td class="num">{count(i.count)}</td>
                <td class="num">{count(i.on_appeal)}</td>
                <td class="num">{saySeconds(i.median_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Told({ data }: { data: Mistakes }) {
  if (!data.total)
    return (
      <Empty icon="pass" title={t('ui.mistakes.empty')}>
        <p>{t('ui.mistakes.empty_text')}</p>
      </Empty>
    );
  return (
    <>
      <dl class="tallies card">
        <div>
          <dt>{t('ui.mistakes.total')}</dt>
          <dd>{count(data.total.count)}</dd>
        </div>
        <div>
          <dt>{t('ui.mistakes.on_appeal')}</dt>
          <dd>{count(data.total.on_appeal)}</dd>
        </div>
        <div>
          <dt>{t('ui.mistakes.median')}</dt>
          <dd>{saySeconds(data.total.median_s)}</dd>
        </div>
      </dl>
      {data.is_cut && <p class="hint">{t('ui.mistakes.cut')}</p>}
      <Chart data={data} total={data.total.count} />
      <Table data={data} />
    </>
  );
}

export function MistakesPage() {
  useTitle(t('ui.nav.mistakes'));
  const { data, problem, reload } = useLoad<Mistakes>('/v1/mistakes', (signal) =>
    get('/v1/mistakes', { signal }),
  );
  return (
    <div class="column broad">
      <header class="page-head stack">
        <div>
          <h1>{t('ui.nav.mistakes')}</h1>
          <p class="quiet">{t('ui.mistakes.what')}</p>
        </div>
        <a class="button" href="/appeal">
          <Icon name="appeals" size={18} />
          {t('ui.mistakes.appeal')}
        </a>
      </header>
      {data ? (
        <Told data={data} />
      ) : problem ? (
        <Broken problem={problem} again={reload} works={t('ui.mistakes.broken')} />
      ) : (
        <Waiting what={t('ui.slow.mistakes')} />
      )}
      <ReturnsCard />
    </div>
  );
}
