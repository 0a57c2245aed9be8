/* SPDX-License-Identifier: Apache-2.0 */
/* trail-view - the picture or the table of a trail, and what steers both: search, zoom, opened layers. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { search } from '../base/api.ts';
import { drawFlow, restKey } from '../base/flow.ts';
import { count } from '../base/format.ts';
import { useKeys, useNarrow } from '../base/hooks.ts';
import { accountPageOf, trailQuery } from '../base/incidents.ts';
import { go, query, withQuery } from '../base/router.ts';
import { findStops, type Graph, type Stop, type Trail } from '../base/trail.ts';
import { t, term } from '../base/words.ts';
import { Key } from '../parts/bits.tsx';
import { FATES, Flow } from '../parts/flow.tsx';
import { Icon } from '../parts/icon.tsx';
import { Stack } from '../parts/stack.tsx';
import { FATE_ICON, Swatch } from '../parts/trail-bits.tsx';
import { TrailTable } from './trail-table.tsx';

const NARROW = 700;
const ZOOM = { least: 0.25, most: 2, step: 1.25 };

export type View = 'picture' | 'table';

/* A phone begins with the table; who has chosen keeps what was chosen. */
export function useView(): [View, () => void] {
  const isNarrow = useNarrow(NARROW);
  const said = query('view');
  const view: View = said === 'table' || (!said && isNarrow) ? 'table' : 'picture';
  const turn = () =>
    go(withQuery({ view: view === 'table' ? 'picture' : 'table', sort: '', rows: '' }), 'replace');
  return [view, turn];
}

const layersOf = (said: string): ReadonlySet<number> =>
  new Set(said.split(',').filter(Boolean).map(Number));

const sayLayers = (layers: Iterable<number>) => [...layers].sort((a, b) => a - b).join(',');

function Find(props: { n: number; go: () => void }) {
  const box = useRef<HTMLInputElement>(null);
  const asked = query('q');
  useEffect(() => {
    if (box.current && document.activeElement !== box.current) box.current.value = asked;
  }, [asked]);
  useKeys({
    '/': () => {
      box.current?.focus();
      box.current?.select();
    },
  });
  return (
    <form
      class="search trail-find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        props.go();
      }}
    >
      <Icon name="search" size={18} />
      <input
        ref={box}
        type="search"
        defaultValue={asked}
        aria-label={t('ui.trail.find')}
        placeholder={t('ui.trail.find')}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => go(withQuery({ q: event.currentTarget.value }), 'replace')}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          if (box.current) box.current.value = '';
          go(withQuery({ q: '' }), 'replace');
          box.current?.blur();
        }}
      />
      <Key>/</Key>
      <span class="unseen" role="status">
        {asked.trim() && t('ui.trail.found', { n: count(props.n) })}
      </span>
    </form>
  );
}

function Legend() {
  return (
    <ul class="plain legend" aria-label={t('ui.trail.legend')}>
      <li>
        <svg class="swatch" width="16" height="16" aria-hidden="true">
          <rect class="flow-bar" width="16" height="16" />
        </svg>
        {t('ui.trail.passed')}
      </li>
      {FATES.map((f) => (
        <li key={f}>
          <Swatch fate={f} />
          <Icon name={FATE_ICON[f]} size={16} />
          {term('fate', f)}
        </li>
      ))}
      <li>
        <Icon name="warn" size={16} />
        {t('ui.trail.doubt')}
      </li>
    </ul>
  );
}

/* It opens with the whole width in sight. Key 0 shows that again, and the usual size after that. */
function Zoom(props: { zoom: number; set: (zoom: number) => void; width: number }) {
  const { zoom, set } = props;
  const whole = () => {
    const room = document.querySelector('.flow')?.clientWidth ?? props.width;
    return Math.min(1, Math.max(ZOOM.least, room / props.width));
  };
  const fit = () => set(Math.abs(zoom - whole()) < 0.01 ? 1 : whole());
  useLayoutEffect(() => set(whole()), []);
  const by = (factor: number) => set(Math.min(ZOOM.most, Math.max(ZOOM.least, zoom * factor)));
  useKeys({
    '+': () => by(ZOOM.step),
    '=': () => by(ZOOM.step),
    '-': () => by(1 / ZOOM.step),
    '0': fit,
  });
  const button = (icon: 'plus' | 'minus' | 'fit', key: string, name: string, act: () => void) => (
    <button type="button" class="button small" title={name} onClick={act}>
      <Icon name={icon} size={16} />
      <span class="unseen">{name}</span>
      <Key>{key}</Key>
    </button>
  );
  return (
    <span class="together zoom">
      {button('minus', '−', t('ui.trail.smaller'), () => by(1 / ZOOM.step))}
      {button('fit', '0', t('ui.trail.whole'), fit)}
      {button('plus', '+', t('ui.trail.larger'), () => by(ZOOM.step))}
    </span>
  );
}

export function TrailView({ trail, graph }: { trail: Trail; graph: Graph }) {
  const [view, turnView] = useView();
  const isNarrow = useNarrow(NARROW);
  const asked = query('q');
  const open = query('open');
  const opened = useMemo(() => layersOf(open), [open]);
  const picture = useMemo(() => drawFlow(graph, opened), [graph, opened]);
  const matches = useMemo(() => findStops(graph, asked), [graph, asked]);
  const found = useMemo(() => new Set(matches.map((s) => s.key)), [matches]);
  const [at, setAt] = useState(query('at'));
  const [wanted, setWanted] = useState({ key: query('at'), turn: 0 });
  const [zoom, setZoom] = useState(1);
  useKeys({ v: turnView });
  /* The page of an account leads back to the same trail, and to where one stood in it. */
  const kept = search(trailQuery(query));
  const hrefTo = (account: string) => accountPageOf(trail.incident, account, kept);
  const hrefOf = (stop: Stop) => hrefTo(stop.account);
  const show = (layers: Iterable<number>) => go(withQuery({ open: sayLayers(layers) }), 'replace');
  const want = (key: string) => setWanted((old) => ({ key, turn: old.turn + 1 }));
  const openLayer = (layer: number, then: string) => {
    show(new Set([...opened, layer]));
    want(then);
  };
  const nextFound = () => {
    if (!matches.length || view !== 'picture') return;
    const next = matches[(matches.findIndex((s) => s.key === at) + 1) % matches.length] as Stop;
    if (!picture.places.has(next.key)) show(new Set([...opened, next.layer]));
    want(next.key);
  };
  const hidden = matches.filter((s) => !picture.places.has(s.key)).length;
  return (
    <section class="trail-view" aria-label={t('ui.trail.title')}>
      <div class="trail-tools">
        <Find n={matches.length} go={nextFound} />
        {asked.trim() && (
          <span class="quiet" aria-hidden="true">
            {t('ui.trail.found', { n: count(matches.length) })}
            {view === 'picture' && hidden > 0 && t('ui.trail.found_folded', { n: count(hidden) })}
          </span>
        )}
        <span class="grow" />
        {view === 'picture' && !isNarrow && (
          <Zoom zoom={zoom} set={setZoom} width={picture.width} />
        )}
        <button
          type="button"
          class="button small"
          aria-pressed={view === 'table'}
          onClick={turnView}
        >
          <Icon name="table" size={16} />
          {t('ui.trail.as_table')}
          <Key>v</Key>
        </button>
      </div>
      {view === 'table' ? (
        <TrailTable
          trail={trail}
          graph={graph}
          found={asked.trim() ? found : null}
          hrefOf={hrefOf}
          hrefTo={hrefTo}
        />
      ) : isNarrow ? (
        <Stack picture={picture} currency={trail.currency} hrefOf={hrefOf} found={found} />
      ) : (
        <>
          <Flow
            picture={picture}
            currency={trail.currency}
            at={at}
            setAt={setAt}
            found={found}
            hrefOf={hrefOf}
            openLayer={openLayer}
            closeLayer={(layer) => {
              show([...opened].filter((l) => l !== layer));
              want(restKey(layer));
            }}
            opened={opened}
            zoom={zoom}
            leave={(stop) => go(withQuery({ at: stop.key }), 'replace')}
            wanted={wanted}
          />
          <p class="hint trail-keys">{t('ui.trail.keys')}</p>
        </>
      )}
      {view === 'picture' && <Legend />}
    </section>
  );
}
