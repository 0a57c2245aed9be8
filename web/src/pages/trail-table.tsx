/* SPDX-License-Identifier: Apache-2.0 */
/* trail-table - what the picture shows, as two tables: accounts by layer, and the transfers. */
import { count, group, money } from '../base/format.ts';
import { useNarrow } from '../base/hooks.ts';
import { go, query, withQuery } from '../base/router.ts';
import type { Graph, Stop, Trail, TrailEdge } from '../base/trail.ts';
import { t, term } from '../base/words.ts';
import { When } from '../parts/bits.tsx';
import { FATES, layerName } from '../parts/flow.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty } from '../parts/states.tsx';
import { FateSum } from '../parts/trail-bits.tsx';
import { type TableColumn, VirtualTable } from '../parts/virtual-table.tsx';

const NARROW = 1100;
export type Order = { name: string; isDown: boolean };

/* "-received" is downwards by what was received; without one, by layer and then by money. */
export function orderOf(said: string): Order | undefined {
  if (!said) return undefined;
  return said.startsWith('-')
    ? { name: said.slice(1), isDown: true }
    : { name: said, isDown: false };
}

export function sorted<T>(items: readonly T[], order: Order | undefined): readonly T[] {
  if (!order) return items;
  const of = (item: T) => (item as Record<string, unknown>)[order.name] ?? '';
  const sign = order.isDown ? -1 : 1;
  return items.toSorted((a, b) => {
    const [va, vb] = [of(a), of(b)];
    return va === vb ? 0 : sign * (va < vb ? -1 : 1);
  });
}

function useOrder() {
  const order = orderOf(query('sort'));
  const sort = (name: string) => {
    const isDown = order?.name === name ? !order.isDown : true;
    go(withQuery({ sort: isDown ? `-${name}` : name }), 'replace');
  };
  return { order, sort };
}

function Account({ stop, href }: { stop: Stop; href: string }) {
  return (
    <span class="trail-account">
      <a href={href}>
        <code>{stop.name}</code>
      </a>
      <span class="trail-about quiet">
        {stop.bank && <span>{stop.bank}</span>}
        {stop.doubts.length > 0 && (
          <span class="ochre-text">
            <Icon name="warn" size={14} /> {t('ui.trail.doubt')}
          </span>
        )}
        {stop.listing && (
          <span>
            <Icon name="lists" size={14} /> {t('ui.trail.listed')}
          </span>
        )}
      </span>
    </span>
  );
}

function stopColumns(graph: Graph, currency: string, hrefOf: (s: Stop) => string) {
  const sum = (name: 'received' | 'attributed' | 'present' | 'held' | 'exited' | 'unknown') => ({
    name,
    label:
      name === 'received' || name === 'attributed' ? t(`ui.trail.${name}`) : term('fate', name),
    isNum: true,
    sortable: true,
    rem: 7.75,
    cell: (s: Stop) =>
      s[name] === undefined || s.isVictim ? '—' : money(s[name] as number, currency),
  });
  const all: TableColumn<Stop>[] = [
    {
      name: 'layer',
      label: t('ui.trail.layer_head'),
      sortable: true,
      rem: 5,
      cell: (s) => layerName(s.layer),
    },
    {
      name: 'account',
      label: t('ui.trail.account'),
      sortable: true,
      cell: (s) => <Account stop={s} href={hrefOf(s)} />,
    },
    sum('received'),
  ];
  if (graph.method !== 'reach')
    all.push(sum('attributed'), sum('present'), sum('held'), sum('exited'), sum('unknown'));
  all.push({
    name: 'first',
    label: t('ui.trail.first'),
    sortable: true,
    rem: 8,
    cell: (s) => <When at={s.first} />,
  });
  return all;
}

/* Where there is little width, an account is one cell with everything in it. */
function narrowStops(currency: string, hrefOf: (s: Stop) => string): TableColumn<Stop>[] {
  return [
    {
      name: 'account',
      label: t('ui.trail.account'),
      cell: (s) => (
        <div class="trail-cell">
          <span class="row-line">
            <span class="quiet">{layerName(s.layer)}</span>
            <strong class="grow num">{money(s.weight, currency)}</strong>
          </span>
          <Account stop={s} href={hrefOf(s)} />
          <span class="fates">
            {FATES.filter((f) => s[f]).map((f) => (
              <FateSum key={f} fate={f} sum={s[f] as number} currency={currency} />
            ))}
          </span>
        </div>
      ),
    },
  ];
}

function edgeColumns(trail: Trail, hrefTo: (account: string) => string): TableColumn<TrailEdge>[] {
  const account = (name: 'from' | 'to'): TableColumn<TrailEdge> => ({
    name,
    label: t(`ui.trail.${name}`),
    sortable: true,
    cell: (e) => (
      <a href={hrefTo(e[name])}>
        <code>{group('account', e[name])}</code>
      </a>
    ),
  });
  const all: TableColumn<TrailEdge>[] = [
    {
      name: 'time',
      label: t('ui.trail.time'),
      sortable: true,
      rem: 9,
      cell: (e) => <When at={e.time} />,
    },
    account('from'),
    account('to'),
    {
      name: 'amount',
      label: t('ui.trail.amount'),
      isNum: true,
      sortable: true,
      rem: 8.5,
      cell: (e) => money(e.amount, trail.currency),
    },
  ];
  if (trail.method !== 'reach')
    all.push({
      name: 'attributed',
      label: t('ui.trail.attributed'),
      isNum: true,
      sortable: true,
      rem: 8.5,
      cell: (e) => (e.attributed === undefined ? '—' : money(e.attributed, trail.currency)),
    });
  all.push(
    {
      name: 'status',
      label: t('ui.trail.status'),
      rem: 6.5,
      cell: (e) =>
        [e.status && term('transfer_status', e.status), e.exit && term('exit', e.exit)]
          .filter(Boolean)
          .join(t('ui.comma')),
    },
    {
      name: 'transfer',
      label: t('ui.trail.transfer'),
      rem: 9,
      cell: (e) => <code>{e.transfer}</code>,
    },
  );
  return all;
}

function narrowEdges(trail: Trail, hrefTo: (account: string) => string): TableColumn<TrailEdge>[] {
  return [
    {
      name: 'transfer',
      label: t('ui.trail.transfer'),
      cell: (e) => (
        <div class="trail-cell">
          <span class="row-line">
            <When at={e.time} />
            <strong class="grow num">{money(e.attributed ?? e.amount, trail.currency)}</strong>
          </span>
          <span class="row-line">
            <span class="quiet">{t('ui.trail.from')}</span>
            <a class="clip" href={hrefTo(e.from)}>
              <code>{group('account', e.from)}</code>
            </a>
          </span>
          <span class="row-line">
            <span class="quiet">{t('ui.trail.to')}</span>
            <a class="clip" href={hrefTo(e.to)}>
              <code>{group('account', e.to)}</code>
            </a>
          </span>
        </div>
      ),
    },
  ];
}

export function TrailTable(props: {
  trail: Trail;
  graph: Graph;
  found: ReadonlySet<string> | null /* null: nothing is searched for */;
  hrefOf: (stop: Stop) => string;
  hrefTo: (account: string) => string;
}) {
  const { trail, graph, found } = props;
  const isNarrow = useNarrow(NARROW);
  const { order, sort } = useOrder();
  const isEdges = query('rows') === 'transfers';
  const all = graph.layers.flatMap((l) => l.stops);
  const stops = sorted(found ? all.filter((s) => found.has(s.key)) : all, order);
  const names = found && new Set(stops.map((s) => s.account));
  const edges = sorted(
    names ? trail.edges.filter((e) => names.has(e.from) || names.has(e.to)) : trail.edges,
    order,
  );
  const n = isEdges ? edges.length : stops.length;
  const by = order ? { sorted: order } : {};
  return (
    <div class="trail-table">
      <nav class="tabs" aria-label={t('ui.trail.rows')}>
        <a href={withQuery({ rows: '', sort: '' })} aria-current={isEdges ? undefined : 'true'}>
          {t('ui.trail.rows_accounts', { n: count(stops.length) })}
        </a>
        <a
          href={withQuery({ rows: 'transfers', sort: '' })}
          aria-current={isEdges ? 'true' : undefined}
        >
          {t('ui.trail.rows_transfers', { n: count(edges.length) })}
        </a>
      </nav>
      {n === 0 ? (
        <Empty icon="search" title={t('ui.trail.none_found')} />
      ) : isEdges ? (
        <VirtualTable
          key={`edges ${isNarrow}`}
          columns={isNarrow ? narrowEdges(trail, props.hrefTo) : edgeColumns(trail, props.hrefTo)}
          items={edges}
          keyOf={(e) => `${e.layer} ${e.transfer}`}
          row_rem={isNarrow ? 6 : 3.25}
          label={t('ui.trail.table_transfers')}
          sort={sort}
          {...by}
        />
      ) : (
        <VirtualTable
          key={`stops ${isNarrow}`}
          columns={
            isNarrow
              ? narrowStops(trail.currency, props.hrefOf)
              : stopColumns(graph, trail.currency, props.hrefOf)
          }
          items={stops}
          keyOf={(s) => s.key}
          row_rem={isNarrow ? 8.5 : 3.25}
          label={t('ui.trail.table_accounts')}
          sort={sort}
          {...by}
        />
      )}
    </div>
  );
}
