/* SPDX-License-Identifier: Apache-2.0 */
/* tallies - how many of the accounts that an outlet opened turned bad, as an interval, by name. */
import { useState } from 'preact/hooks';
import { get, getFile, type Problem, sayProblem, search } from '../base/api.ts';
import { fileName, keepFile } from '../base/files.ts';
import { count } from '../base/format.ts';
import { useLoad, useTitle } from '../base/hooks.ts';
import { go, query, withQuery } from '../base/router.ts';
import { byName, scaleOf, type Tallies, type TallyLine } from '../base/tallies.ts';
import { now } from '../base/time.ts';
import { t } from '../base/words.ts';
import { Icon } from '../parts/icon.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';

const WIDE = 240;
const HIGH = 22;
const EDGE = 4;

const percent = (n: number): string => `${n.toFixed(2)} %`;

function nameOf(line: TallyLine): string {
  if (!line.is_pooled) return line.outlet ?? '';
  return line.bank
    ? t('ui.tallies.pooled', { n: count(line.outlets) })
    : t('ui.tallies.pooled_all', { n: count(line.outlets) });
}

/* The share as a dot, and how sure of it one may be as the bar around it. */
function Interval({ line, scale }: { line: TallyLine; scale: number }) {
  const { share_percent: share, low_percent: low, high_percent: high } = line;
  if (share === undefined || low === undefined || high === undefined)
    return <span class="quiet">{t('ui.tallies.few')}</span>;
  const x = (p: number) => EDGE + (Math.min(p, scale) / scale) * (WIDE - 2 * EDGE);
  return (
    <span class="interval">
      <svg
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        width={WIDE}
        height={HIGH}
        role="img"
        aria-label={t('ui.tallies.say', { low: percent(low), high: percent(high) })}
      >
        <path class="chart-base" d={`M${EDGE} ${HIGH / 2}H${WIDE - EDGE}`} />
        <rect
          class="chart-span"
          x={x(low)}
          y={HIGH / 2 - 5}
          width={Math.max(2, x(high) - x(low))}
          height={10}
          rx={2}
        />
        <circle class="chart-dot" cx={x(share)} cy={HIGH / 2} r={4} />
      </svg>
      <span class="nowrap">
        {percent(low)} – {percent(high)}
      </span>
    </span>
  );
}

function Line({ line, scale }: { line: TallyLine; scale: number }) {
  return (
    <tr>
      <td data-name={t('ui.tallies.bank')}>{line.bank ?? t('ui.tallies.banks')}</td>
      <td data-name={t('ui.tallies.outlet')}>
        {line.is_pooled && <Icon name="more" size={14} />} {nameOf(line)}
      </td>
      <td data-name={t('ui.tallies.year')} class="num">
        {line.year}
      </td>
      <td data-name={t('ui.tallies.issued')} class="num">
        {count(line.issued)}
      </td>
      <td data-name={t('ui.tallies.bad')} class="num">
        {line.bad === undefined ? '—' : count(line.bad)}
      </td>
      <td data-name={t('ui.tallies.share_short')}>
        <Interval line={line} scale={scale} />
      </td>
    </tr>
  );
}

function Lines({ data }: { data: Tallies }) {
  const items = [...data.items].sort(byName);
  const scale = scaleOf(items);
  if (!items.length)
    return (
      <Empty icon="table" title={t('ui.tallies.empty')}>
        <p>{t('ui.tallies.empty_text', { n: count(data.least.issued) })}</p>
      </Empty>
    );
  return (
    <section class="card table-room">
      <table class="cards tally-lines">
        <caption class="unseen">{t('ui.tallies.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ui.tallies.bank')}</th>
            <th scope="col">{t('ui.tallies.outlet')}</th>
            <th scope="col" class="num">
              {t('ui.tallies.year')}
            </th>
            <th scope="col" class="num">
              {t('ui.tallies.issued')}
            </th>
            <th scope="col" class="num">
              {t('ui.tallies.bad')}
            </th>
            <th scope="col">
              {t('ui.tallies.share')}{' '}
              <span class="quiet">{t('ui.tallies.scale', { n: `${scale} %` })}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((line) => (
            <Line key={`${line.bank}/${line.outlet}/${line.year}`} line={line} scale={scale} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/* What is meant, in plain words, and what these figures do not say. */
function Explained({ data }: { data: Tallies }) {
  const { least, withheld, unplaced } = data;
  return (
    <section class="card tally-words">
      <h2>{t('ui.tallies.how')}</h2>
      <ul class="says">
        <li>{t('ui.tallies.how_bad')}</li>
        <li>{t('ui.tallies.how_interval')}</li>
        <li>{t('ui.tallies.how_pooled', { n: count(least.issued), staff: count(least.staff) })}</li>
        <li>{t('ui.tallies.how_few', { n: count(least.bad) })}</li>
        <li>
          <strong>{t('ui.tallies.how_never')}</strong>
        </li>
      </ul>
      {withheld.outlets > 0 && (
        <p class="hint">
          {t('ui.tallies.withheld', { n: count(withheld.outlets), issued: count(withheld.issued) })}
        </p>
      )}
      {unplaced > 0 && <p class="hint">{t('ui.tallies.unplaced', { n: count(unplaced) })}</p>}
    </section>
  );
}

function AsFile({ address, data }: { address: string; data: Tallies }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchIt = async () => {
    setProblem(null);
    try {
      const bytes = await getFile(address, 'text/csv');
      keepFile(bytes, fileName([t('ui.nav.tallies'), `${data.from}-${data.to}`], now.value, 'csv'));
    } catch (cause) {
      setProblem(sayProblem(cause));
    }
  };
  return (
    <div>
      <button type="button" class="button small" onClick={() => void fetchIt()}>
        <Icon name="download" size={16} />
        {t('ui.trail.as_csv')}
      </button>
      <FormProblem problem={problem} />
    </div>
  );
}

const SPANS = [1, 3, 5, 10] as const;

function Years({ data }: { data: Tallies }) {
  const span = data.to - data.from + 1;
  return (
    <label class="years">
      {t('ui.tallies.years')}{' '}
      <select
        value={String(span)}
        onChange={(event) => {
          const n = Number(event.currentTarget.value);
          go(withQuery({ from: n === 3 ? '' : String(data.to - n + 1) }), 'replace');
        }}
      >
        {[...new Set([...SPANS, span])]
          .sort((a, b) => a - b)
          .map((n) => (
            <option key={n} value={String(n)}>
              {t('ui.tallies.span', { n, from: data.to - n + 1, to: data.to })}
            </option>
          ))}
      </select>
    </label>
  );
}

export function TalliesPage() {
  useTitle(t('ui.nav.tallies'));
  const asked = { from: query('from'), to: query('to') };
  const address = `/v1/tallies${search(asked)}`;
  const { data, problem, reload } = useLoad<Tallies>(address, (signal) => get(address, { signal }));
  return (
    <div class="column broad">
      <header class="page-head">
        <div>
          <h1>{t('ui.tallies.title')}</h1>
          <p class="quiet">{t('ui.tallies.text')}</p>
        </div>
        {data && <Years data={data} />}
        {data && <AsFile address={address} data={data} />}
      </header>
      {problem && <Broken problem={problem} again={reload} />}
      {!data && !problem && <Waiting what={t('ui.slow.list')} />}
      {data && !problem && (
        <>
          <Lines data={data} />
          <Explained data={data} />
        </>
      )}
    </div>
  );
}
