/* SPDX-License-Identifier: Apache-2.0 */
/* incident - one incident: what was taken, where it went, what is in doubt, what was done. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { get, getFile, type Problem, sayProblem, search } from '../base/api.ts';
import { fileName, keepFile } from '../base/files.ts';
import { group, money } from '../base/format.ts';
import { useKeys, useLive, useLoad, useTitle } from '../base/hooks.ts';
import {
  accountPageOf,
  methodOf,
  SETTINGS,
  type Setting,
  trailAddress,
} from '../base/incidents.ts';
import { go, query, segments, withQuery } from '../base/router.ts';
import { now } from '../base/time.ts';
import {
  type Elsewhere,
  graphOf,
  type Incident,
  isConserved,
  METHODS,
  type Trail,
} from '../base/trail.ts';
import { t, term } from '../base/words.ts';
import { Copy, Fact, Facts, When } from '../parts/bits.tsx';
import { Choices } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { Purpose } from '../parts/purpose.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { FateSum, IncidentBadge, Patterns, sayDoubt } from '../parts/trail-bits.tsx';
import { IncidentDisconnects } from './incident-disconnects.tsx';
import { IncidentOrders } from './incident-orders.tsx';
import { IncidentRace } from './incident-race.tsx';
import { IncidentRefund } from './incident-refund.tsx';
import { IncidentReports } from './incident-reports.tsx';
import { TrailView } from './trail-view.tsx';

const FORMS = {
  csv: { accept: 'text/csv', icon: 'table' },
  pdf: { accept: 'application/pdf', icon: 'file' },
} as const;
type FileForm = keyof typeof FORMS;

function Export({ incident, address }: { incident: string; address: string }) {
  const [busy, setBusy] = useState<FileForm | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchAs = async (form: FileForm) => {
    if (busy) return;
    setBusy(form);
    setProblem(null);
    try {
      const bytes = await getFile(address, FORMS[form].accept);
      const words = [t('ui.trail.file'), incident, term('method', methodOf(query('method')))];
      keepFile(bytes, fileName(words, now.value, form));
    } catch (cause) {
      setProblem(sayProblem(cause));
    } finally {
      setBusy(null);
    }
  };
  return (
    <div class="trail-export">
      <div class="acts">
        {(Object.keys(FORMS) as FileForm[]).map((form) => (
          <button
            key={form}
            type="button"
            class="button small"
            aria-disabled={busy === form}
            onClick={() => void fetchAs(form)}
          >
            <Icon name="download" size={16} />
            {t(busy === form ? 'ui.trail.writing' : `ui.trail.as_${form}`)}
          </button>
        ))}
      </div>
      <FormProblem problem={problem} />
    </div>
  );
}

function Head({ item, address }: { item: Incident; address: string }) {
  return (
    <header class="page-head" data-copied>
      <div>
        <a class="button ghost small back" href="/incidents">
          <Icon name="back" size={18} />
          {t('ui.nav.incidents')}
        </a>
        <h1>
          {t('ui.incident.title')} <code data-text>{item.incident}</code>
        </h1>
        <p class="badges">
          <IncidentBadge state={item.state} />
          <span class="quiet">
            {item.opened_by} · <When at={item.opened_at} />
          </span>
          <Copy text={item.incident} label={t('ui.copy')} />
        </p>
        {item.said && <p class="prose incident-said">{item.said}</p>}
      </div>
      <Export incident={item.incident} address={address} />
    </header>
  );
}

/* What is on this page, to go there; of what is not there is no way (refund.css). */
function Parts() {
  return (
    <nav class="tabs parts" aria-label={t('ui.incident.parts')}>
      <a href="#orders">{t('ui.nav.orders')}</a>
      <a href="#trail">{t('ui.trail.short')}</a>
      <a href="#race">{t('ui.race.short')}</a>
      <a href="#refund">{t('ui.nav.rounds')}</a>
      <a href="#reports">{t('ui.nav.reports')}</a>
    </nav>
  );
}

/* Stolen = present (of it held) + exited + unknown, to the fen. */
function Totals({ trail }: { trail: Trail }) {
  const { totals, currency } = trail;
  const isCounted = totals.present !== undefined;
  const sign = (text: string) => <span class="sign">{text}</span>;
  return (
    <div class="trail-totals card">
      <p>
        <span class="fate big">
          <span class="fate-word">{t('ui.trail.stolen')}</span>
          <span class="fate-sum">{money(totals.stolen, currency)}</span>
        </span>
        {isCounted && (
          <>
            {sign('=')}
            <FateSum fate="present" sum={totals.present ?? 0} currency={currency} isBig />
            {sign('+')}
            <FateSum fate="exited" sum={totals.exited ?? 0} currency={currency} isBig />
            {sign('+')}
            <FateSum fate="unknown" sum={totals.unknown ?? 0} currency={currency} isBig />
          </>
        )}
      </p>
      <p class="badges">
        {isCounted ? (
          <>
            <span class="quiet">{t('ui.trail.of_it')}</span>
            <FateSum fate="held" sum={totals.held ?? 0} currency={currency} />
          </>
        ) : (
          <span class="quiet">{t('ui.trail.uncounted')}</span>
        )}
        <span class="quiet as-of">
          {t('ui.trail.as_of')} <When at={trail.as_of} />
        </span>
      </p>
      {!isConserved(totals) && (
        <p class="note ochre" role="alert">
          <Icon name="warn" size={18} />
          <span>{t('ui.trail.unequal')}</span>
        </p>
      )}
    </div>
  );
}

/* What orders hold where the money did not go, or where nobody sees it go any more. */
function Aside({ trail, hrefTo }: { trail: Trail; hrefTo: (account: string) => string }) {
  const beside = trail.held_elsewhere ?? [];
  if (!beside.length) return null;
  const sum = beside.reduce((all, e) => all + e.held, 0);
  return (
    <section class="card waits-card">
      <h2>
        <Icon name="gate_closed" size={18} />{' '}
        {t('ui.trail.elsewhere', { sum: money(sum, trail.currency) })}
      </h2>
      <p class="quiet">{t('ui.trail.elsewhere_text')}</p>
      <ul class="plain doubts">
        {beside.map((e) => (
          <li key={e.account}>
            <a href={hrefTo(e.account)}>
              <code>{group('account', e.account)}</code>
            </a>
            <span>{money(e.held, trail.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SettingField({ name }: { name: Setting }) {
  const [least, most, usual] = SETTINGS[name];
  const id = `trail-${name}`;
  return (
    <div class="field">
      <label for={id}>{t(`ui.trail.set_${name}`)}</label>
      <input
        id={id}
        class="small"
        type="number"
        min={least}
        max={most}
        placeholder={String(usual)}
        value={query(name)}
        onChange={(event) => go(withQuery({ [name]: event.currentTarget.value }), 'replace')}
      />
    </div>
  );
}

/* How money is counted where it mixes with other money, and how far it is followed. */
function Methods() {
  const method = methodOf(query('method'));
  const isSet = (Object.keys(SETTINGS) as Setting[]).some((s) => query(s));
  return (
    <div class="trail-methods" id="trail">
      <Choices
        name="method"
        label={t('ui.trail.method')}
        value={method}
        choices={METHODS.map((m) => ({ value: m, label: term('method', m) }))}
        pick={(value) => go(withQuery({ method: value }), 'replace')}
        hint={<span aria-live="polite">{t(`ui.method_says.${method}`)}</span>}
      />
      <details class="more" open={isSet}>
        <summary>
          <Icon name="right" size={16} />
          {t('ui.trail.settings')}
        </summary>
        <div class="three">
          {(Object.keys(SETTINGS) as Setting[]).map((name) => (
            <SettingField key={name} name={name} />
          ))}
        </div>
      </details>
    </div>
  );
}

function Doubts({ trail, hrefTo }: { trail: Trail; hrefTo: (account: string) => string }) {
  if (!trail.ambiguities?.length) return null;
  return (
    <section class="card waits-card">
      <h2>
        <Icon name="warn" size={18} /> {t('ui.trail.doubts', { n: trail.ambiguities.length })}
      </h2>
      <p class="quiet">{t('ui.trail.doubts_text')}</p>
      <ul class="plain doubts">
        {trail.ambiguities.slice(0, 50).map((a) => (
          <li key={`${a.account} ${a.transfers.join(' ')}`}>
            <a href={hrefTo(a.account)}>
              <code>{group('account', a.account)}</code>
            </a>
            <span>{sayDoubt(a.reason)}</span>
            {a.present && (
              <span>
                {t('ui.trail.between', {
                  low: money(a.present.low, trail.currency),
                  high: money(a.present.high, trail.currency),
                })}
              </span>
            )}
            <span class="quiet">
              {t('ui.trail.transfers')}: <code>{a.transfers.join(' ')}</code>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sources({ item, hrefTo }: { item: Incident; hrefTo: (account: string) => string }) {
  const [seen, setSeen] = useState<Incident | null>(null);
  const { sources } = seen ?? item;
  const read = async (purpose: string) => {
    const address = `/v1/incidents/${encodeURIComponent(item.incident)}${search({ purpose })}`;
    setSeen(await get<Incident>(address));
  };
  return (
    <section class="card">
      <h2>{t('ui.incident.sources', { n: sources.length })}</h2>
      <div class="table-room sources-room">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('ui.trail.time')}</th>
              {seen && <th scope="col">{t('ui.trail.from')}</th>}
              <th scope="col">{t('ui.trail.to')}</th>
              <th scope="col" class="num">
                {t('ui.trail.amount')}
              </th>
              <th scope="col">{t('ui.trail.transfer')}</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((s) => (
              <tr key={s.transfer}>
                <td>
                  <When at={s.time} />
                </td>
                {seen && (
                  <td>
                    <code>{group('account', s.from ?? '')}</code>
                  </td>
                )}
                <td>
                  <a href={hrefTo(s.to)}>
                    <code>{group('account', s.to)}</code>
                  </a>
                </td>
                <td class="num">{money(s.amount, item.currency)}</td>
                <td>
                  <code>{s.transfer}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!seen && sources.length > 0 && (
        <Purpose
          draft={`purpose.${item.incident}`}
          label={t('ui.incident.read_from')}
          read={read}
        />
      )}
    </section>
  );
}

function Record({ item }: { item: Incident }) {
  return (
    <section class="card">
      <h2>{t('ui.listing.history')}</h2>
      <Facts>
        <Fact name={t('ui.incident.opened_by')}>{item.opened_by}</Fact>
        <Fact name={t('ui.incident.opened_at')}>
          <When at={item.opened_at} />
        </Fact>
        {item.division && <Fact name={t('ui.division')}>{item.division}</Fact>}
      </Facts>
      {item.history && <Timeline steps={item.history} />}
    </section>
  );
}

/* A trail that changed while it was read waits behind a bar. */
function useNews(incident: string, reload: () => void): ComponentChildren {
  const [isNew, setNew] = useState(false);
  useLive((live) => {
    if (live.name === 'incident' && live.incident === incident) setNew(true);
  });
  return (
    <div class="fresh" aria-live="polite">
      {isNew && (
        <button
          type="button"
          onClick={() => {
            setNew(false);
            reload();
          }}
        >
          <Icon name="up" size={16} />
          {t('ui.trail.fresh')}
        </button>
      )}
    </div>
  );
}

/* A report may name payments that no bank has sent yet: then there is nothing to follow. */
type Follow = { item: Incident; address: string; told: (beside: Elsewhere[]) => void };

function TrailPart(props: Follow) {
  if (props.item.sources.length) return <Followed {...props} />;
  return (
    <Empty icon="incident" title={t('ui.incident.no_transfers')}>
      <p>{t('ui.incident.no_transfers_text')}</p>
    </Empty>
  );
}

function Followed({ item, address, told }: Follow) {
  const trail = useLoad<Trail>(address, (signal) => get(address, { signal, patience_ms: 60_000 }));
  const graph = useMemo(() => trail.data && graphOf(trail.data), [trail.data]);
  const news = useNews(item.incident, trail.reload);
  useEffect(() => told(trail.data?.held_elsewhere ?? []), [trail.data]);
  const hrefTo = (account: string) =>
    accountPageOf(item.incident, account, `?method=${methodOf(query('method'))}`);
  return (
    <>
      <Methods />
      {news}
      {trail.problem ? (
        <Broken problem={trail.problem} again={trail.reload} works={t('ui.trail.broken')} />
      ) : null}
      {trail.data && graph ? (
        <div class="trail-body" aria-busy={trail.isLoading}>
          <Totals trail={trail.data} />
          <TrailView trail={trail.data} graph={graph} />
          <Aside trail={trail.data} hrefTo={hrefTo} />
          <Doubts trail={trail.data} hrefTo={hrefTo} />
        </div>
      ) : trail.problem ? null : (
        <Waiting what={t('ui.slow.trail')} />
      )}
    </>
  );
}

export function IncidentPage() {
  const id = segments.value[1] ?? '';
  useTitle(`${t('ui.incident.title')} ${id}`);
  const address = `/v1/incidents/${encodeURIComponent(id)}`;
  const { data, problem, reload } = useLoad<Incident>(address, (signal) =>
    get(address, { signal }),
  );
  const [beside, setBeside] = useState<Elsewhere[]>([]);
  useKeys({ Escape: () => go('/incidents') });
  if (!data)
    return problem ? (
      <Broken problem={problem} again={reload} works={t('ui.incidents.broken')} />
    ) : (
      <Waiting what={t('ui.slow.incident')} />
    );
  const asked = trailAddress(id, query);
  const hrefTo = (account: string) =>
    accountPageOf(id, account, `?method=${methodOf(query('method'))}`);
  return (
    <div class="column incident">
      <Patterns />
      <Head item={data} address={asked} />
      <Parts />
      <IncidentOrders incident={id} />
      <TrailPart item={data} address={asked} told={setBeside} />
      <IncidentRace incident={id} />
      <IncidentRefund incident={id} beside={beside} />
      <IncidentDisconnects incident={id} />
      <IncidentReports incident={id} />
      <div class="pair">
        <Sources item={data} hrefTo={hrefTo} />
        <Record item={data} />
      </div>
    </div>
  );
}
