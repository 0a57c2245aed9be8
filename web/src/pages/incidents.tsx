/* SPDX-License-Identifier: Apache-2.0 */
/* incidents - every incident with what was taken; a new one is opened by the victim's transfers. */
import { useState } from 'preact/hooks';
import { get, post, search } from '../base/api.ts';
import { count, money } from '../base/format.ts';
import { useForm, useGrowing, useKeys, useLive, useSlow, useTitle } from '../base/hooks.ts';
import { type Growing, pageOf, readIds } from '../base/incidents.ts';
import { go, query, withQuery } from '../base/router.ts';
import { can } from '../base/session.ts';
import { INCIDENT_STATES, type Incident } from '../base/trail.ts';
import { t, term } from '../base/words.ts';
import { Key, When } from '../parts/bits.tsx';
import { TextField } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { VirtualList } from '../parts/list.tsx';
import { Broken, Empty, FormProblem, Waiting } from '../parts/states.tsx';
import { IncidentBadge } from '../parts/trail-bits.tsx';

const PAGE = 100;

function Row({ item }: { item: Incident }) {
  return (
    <a class="row incident-row" href={pageOf(item.incident)}>
      <span class="row-body">
        <span class="row-line">
          <strong class="incident-sum">{money(item.stolen, item.currency)}</strong>
          <span class="row-note">{item.said || t('ui.incidents.unsaid')}</span>
          <IncidentBadge state={item.state} />
        </span>
        <span class="row-line quiet">
          <code class="row-note">{item.incident}</code>
          <span>{t('ui.incidents.transfers', { n: count(item.sources?.length ?? 0) })}</span>
          <span>{item.opened_by}</span>
          <When at={item.opened_at} />
        </span>
      </span>
    </a>
  );
}

/* Opens an incident by the ids of the transfers a victim names; what is typed stays on the device. */
function NewIncident({ close }: { close: () => void }) {
  const form = useForm('incident.new', { transfers: '', said: '' });
  const f = form.fields;
  const ids = readIds(f.transfers ?? '');
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!ids.length) return form.fail('transfers', t('ui.incidents.transfers_missing'));
    const said = f.said?.trim();
    const body = { transfers: ids, ...(said ? { said } : {}) };
    const made = await form.submit(body, (key) => post<Incident>('/v1/incidents', body, { key }));
    if (made) go(pageOf(made.incident));
    return undefined;
  };
  const isPlaced = form.problem && ['transfers', 'said'].includes(form.problem.column);
  return (
    <form
      class="panel incident-new"
      aria-label={t('ui.incidents.new')}
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      <h2>{t('ui.incidents.new')}</h2>
      <TextField
        form={form}
        name="transfers"
        label={t('ui.incidents.ids')}
        rows={3}
        isFirst
        hint={
          <span aria-live="polite">
            {ids.length
              ? t('ui.incidents.ids_read', { n: ids.length })
              : t('ui.incidents.ids_hint')}
          </span>
        }
      />
      <TextField
        form={form}
        name="said"
        label={t('ui.incident.said')}
        rows={2}
        optional
        hint={t('ui.incidents.said_hint')}
      />
      <FormProblem problem={isPlaced ? null : form.problem} />
      <div class="acts">
        <button type="submit" class="button primary" aria-disabled={form.isSending}>
          {t(form.isSending ? 'ui.form.sending' : 'ui.incidents.open')}
          <Key>Ctrl ↵</Key>
        </button>
        <button type="button" class="button" onClick={close}>
          {t('ui.form.leave')}
          <Key>Esc</Key>
        </button>
      </div>
    </form>
  );
}

function None() {
  if (query('state'))
    return (
      <Empty icon="search" title={t('ui.incidents.none_match')}>
        <a class="button" href="/incidents">
          {t('ui.lists.clear')}
        </a>
      </Empty>
    );
  return (
    <Empty icon="incident" title={t('ui.incidents.empty')}>
      <p>{t('ui.incidents.empty_text')}</p>
      {can('incident.open') && (
        <a class="button primary" href="/incidents?new=1">
          <Icon name="plus" />
          {t('ui.incidents.new')}
          <Key>n</Key>
        </a>
      )}
    </Empty>
  );
}

/* j and k walk the rows that are drawn; Enter is the focused row's own. */
function walk(by: number) {
  const rows = [...document.querySelectorAll<HTMLElement>('.incident-row')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}

function Tabs() {
  const state = query('state');
  return (
    <nav class="tabs" aria-label={t('ui.filter.state')}>
      {['', ...INCIDENT_STATES].map((s) => (
        <a key={s} href={withQuery({ state: s })} aria-current={state === s ? 'true' : undefined}>
          {s ? term('incident_state', s) : t('ui.filter.all')}
        </a>
      ))}
    </nav>
  );
}

/* Incidents others opened since: behind a bar, never in front of what is being read. */
function useFresh(rows: Growing<Incident>) {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const known = new Set(rows.items.map((i) => i.incident));
  useLive((live) => {
    const id = live.incident;
    if (live.name !== 'incident' || !id || known.has(id)) return;
    setFresh((old) => new Set(old).add(id));
  });
  return { n: [...fresh].filter((id) => !known.has(id)).length, clear: () => setFresh(new Set()) };
}

export function Incidents() {
  useTitle(t('ui.nav.incidents'));
  const state = query('state');
  const isNew = query('new') === '1' && can('incident.open');
  const { rows, more, reload } = useGrowing<Incident>(
    `incidents ${state}`,
    (cursor, signal) => get(`/v1/incidents${search({ state, limit: PAGE, cursor })}`, { signal }),
    (i) => i.incident,
  );
  const fresh = useFresh(rows);
  const [toTop, setToTop] = useState(0);
  const isSlow = useSlow(rows.isLoading);
  useKeys({
    j: () => walk(1),
    ArrowDown: () => walk(1),
    k: () => walk(-1),
    ArrowUp: () => walk(-1),
    n: () => can('incident.open') && go(withQuery({ new: '1' })),
  });
  return (
    <div class="whole">
      <header class="list-head">
        <h1>{t('ui.nav.incidents')}</h1>
        <span class="quiet" role="status">
          {rows.isLoading && isSlow
            ? t('ui.slow.list')
            : !rows.isLoading && !rows.problem && t('ui.incidents.count', { n: count(rows.total) })}
        </span>
        {can('incident.open') && !isNew && (
          <a class="button primary small" href={withQuery({ new: '1' })}>
            <Icon name="plus" size={16} />
            {t('ui.incidents.new')}
            <Key>n</Key>
          </a>
        )}
      </header>
      {isNew && <NewIncident close={() => go(withQuery({ new: '' }), 'replace')} />}
      <div class="filters">
        <Tabs />
      </div>
      <div class="fresh" aria-live="polite">
        {fresh.n > 0 && (
          <button
            type="button"
            onClick={() => {
              fresh.clear();
              reload();
              setToTop((n) => n + 1);
            }}
          >
            <Icon name="up" size={16} />
            {t('ui.lists.fresh', { n: count(fresh.n) })}
          </button>
        )}
      </div>
      {rows.problem && !rows.items.length ? (
        <Broken problem={rows.problem} again={reload} works={t('ui.incidents.broken')} />
      ) : rows.items.length ? (
        <VirtualList
          items={rows.items}
          keyOf={(i) => i.incident}
          row={(i) => <Row item={i} />}
          row_rem={4.25}
          total={rows.total}
          label={t('ui.nav.incidents')}
          onEnd={more}
          toTop={toTop}
        />
      ) : rows.isLoading ? (
        <Waiting what={t('ui.slow.list')} />
      ) : (
        <None />
      )}
    </div>
  );
}
