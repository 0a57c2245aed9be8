/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - the picture of a trail: columns of accounts, bands of money between them. Only what is in
 * the window is drawn. Arrows walk along the bands and within a layer; one account is a tab stop.
 */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  BAR,
  bandPath,
  type Drawn,
  LABEL,
  type Picture,
  type Place,
  type Seen,
  stepFrom,
  type Turn,
  windowOf,
} from '../base/flow.ts';
import { count, money, shortName } from '../base/format.ts';
import type { Stop } from '../base/trail.ts';
import { lang, t, term } from '../base/words.ts';
import { Icon } from './icon.tsx';
import { FATE_ICON, type Fate } from './trail-bits.tsx';

export const FATES: Fate[] = ['present', 'held', 'exited', 'unknown'];
const MARGIN = 240 /* drawn beyond what is seen, so that scrolling rarely draws again */;
const LINE = 20;
const READABLE = 0.45 /* below this zoom words are dust: the screen reader still has them */;

export const layerName = (layer: number): string =>
  layer < 1 ? t('ui.trail.victims') : t('ui.trail.layer', { n: layer });

const sumOf = (place: Place, fate: Fate): number =>
  place.stop
    ? (place.stop[fate] ?? 0)
    : place.rest.reduce((all, stop) => all + (stop[fate] ?? 0), 0);

/* All that is seen of an account, as a sentence for who does not see it. */
export function sayStop(stop: Stop, picture: Picture, currency: string): string {
  const key = stop.key;
  const said = [
    stop.name,
    stop.bank ?? '',
    layerName(stop.layer),
    stop.isVictim
      ? t('ui.trail.say_sent', { sum: money(stop.weight, currency) })
      : t('ui.trail.say_received', { sum: money(stop.received, currency) }),
    stop.attributed === undefined
      ? ''
      : t('ui.trail.say_attributed', { sum: money(stop.attributed, currency) }),
    ...FATES.filter((f) => stop[f]).map(
      (f) => `${term('fate', f)} ${money(stop[f] as number, currency)}`,
    ),
    stop.doubts.length ? t('ui.trail.doubt') : '',
    stop.listing ? t('ui.trail.listed') : '',
    t('ui.trail.say_bands', {
      from: picture.into.get(key)?.length ?? 0,
      to: picture.out.get(key)?.length ?? 0,
    }),
  ];
  return said.filter(Boolean).join(t('ui.comma'));
}

function Segments({ place }: { place: Place }) {
  return (
    <>
      <rect
        class={place.stop ? 'flow-bar' : 'flow-bar rest'}
        x={place.x}
        y={place.y}
        width={BAR}
        height={Math.max(2, place.bar)}
      />
      {place.segments.map((s) => (
        <g key={s.kind}>
          <rect
            class={`flow-seg ${s.kind}`}
            x={place.x}
            y={s.y}
            width={BAR}
            height={Math.max(1.5, s.high)}
            fill={`url(#flow-${s.kind})`}
          />
          {s.kind === 'held' && (
            <path class="flow-gate" d={`M${place.x + BAR + 3} ${s.y}v${Math.max(3, s.high)}`} />
          )}
          {s.kind === 'exited' && s.high >= 5 && (
            <path
              class="flow-exit"
              d={`M${place.x + BAR + 1} ${s.y + s.high / 2 - 3.5}l5 3.5-5 3.5`}
            />
          )}
        </g>
      ))}
    </>
  );
}

function Bands({ bands, look }: { bands: readonly Drawn[]; look: string }) {
  return (
    <>
      {bands.map((b) => (
        <path
          key={b.key}
          class={`flow-band${b.isBack || b.isPending ? ' dashed' : ''}${look}`}
          d={bandPath(b)}
        />
      ))}
    </>
  );
}

/* What does not depend on where the arrows stand is made once for a window. */
function Drawing(props: { seen: Seen; top: number; bottom: number; width: number; at: string }) {
  const { seen, top, bottom, width, at } = props;
  const high = Math.max(0, bottom - top);
  const bands = useMemo(() => <Bands bands={seen.bands} look="" />, [seen]);
  const bars = useMemo(
    () => (
      <g>
        {seen.places.map((p) => (
          <Segments key={p.key} place={p} />
        ))}
      </g>
    ),
    [seen],
  );
  return (
    <svg
      class="flow-drawing"
      width={width}
      height={high}
      viewBox={`0 ${top} ${width} ${high}`}
      style={{ transform: `translateY(${top}px)` }}
      aria-hidden="true"
    >
      <g>{bands}</g>
      <g>
        <Bands bands={at ? seen.bands.filter((b) => b.ends.includes(at)) : []} look=" on" />
      </g>
      {bars}
    </svg>
  );
}

function Marks({ place }: { place: Place }) {
  const fates = FATES.filter((f) => f !== 'present' && sumOf(place, f) > 0);
  return (
    <span class="flow-marks">
      {place.stop?.doubts.length ? <Icon name="warn" size={14} /> : null}
      {place.stop?.listing ? <Icon name="lists" size={14} /> : null}
      {fates.map((f) => (
        <Icon key={f} name={FATE_ICON[f]} size={14} />
      ))}
    </span>
  );
}

/* Where the money is, in words, as far as the slot has room below name and sum. */
function linesOf(place: Place): Fate[] {
  const room = Math.floor((place.slot - 4) / LINE);
  const fates = FATES.filter((f) => sumOf(place, f) > 0);
  return room - 2 >= fates.length ? fates : [];
}

function Words({ place, currency }: { place: Place; currency: string }) {
  const lines = linesOf(place);
  return (
    <>
      <span class="flow-name">
        {place.stop ? (
          <>
            {place.stop.bank && <span class="flow-bank">{place.stop.bank}</span>}
            <code>{shortName(place.stop.name)}</code>
          </>
        ) : (
          t('ui.trail.rest', { n: count(place.rest.length) })
        )}
      </span>
      <span class="flow-sum">
        {money(place.weight, currency)}
        {!lines.length && <Marks place={place} />}
        {lines.length > 0 && place.stop?.doubts.length ? <Icon name="warn" size={14} /> : null}
        {lines.length > 0 && place.stop?.listing ? <Icon name="lists" size={14} /> : null}
      </span>
      {lines.map((f) => (
        <span key={f} class="flow-fate">
          <Icon name={FATE_ICON[f]} size={14} />
          {term('fate', f)} {money(sumOf(place, f), currency)}
        </span>
      ))}
    </>
  );
}

export type FlowProps = {
  picture: Picture;
  currency: string;
  at: string /* the key of whom the arrows stand on */;
  setAt: (key: string) => void;
  found: ReadonlySet<string>;
  hrefOf: (stop: Stop) => string;
  openLayer: (layer: number, then: string) => void;
  closeLayer: (layer: number) => void;
  opened: ReadonlySet<number>;
  zoom: number;
  leave: (stop: Stop) => void;
};

function Label(
  props: FlowProps & { place: Place; rows: number; stop: string /* who Tab comes to */ },
) {
  const { place, currency } = props;
  const isOn = place.key === props.at;
  const shared = {
    'data-key': place.key,
    tabIndex: place.key === props.stop ? 0 : -1,
    style: {
      transform: `translate(${place.x + BAR + 8}px, ${place.y}px)`,
      width: `${LABEL}px`,
      height: `${(2 + linesOf(place).length) * LINE + 4}px`,
    },
    onFocus: () => props.setAt(place.key),
  };
  const { stop } = place;
  if (stop)
    return (
      <li aria-setsize={props.rows} aria-posinset={place.row + 1}>
        <a
          {...shared}
          class={`flow-label${isOn ? ' on' : ''}${props.found.has(place.key) ? ' found' : ''}`}
          href={props.hrefOf(stop)}
          aria-label={sayStop(stop, props.picture, currency)}
          onClick={() => props.leave(stop)}
        >
          {props.zoom >= READABLE && <Words place={place} currency={currency} />}
        </a>
      </li>
    );
  return (
    <li aria-setsize={props.rows} aria-posinset={place.row + 1}>
      <button
        {...shared}
        type="button"
        class={`flow-label rest${isOn ? ' on' : ''}`}
        aria-expanded="false"
        onClick={() => props.openLayer(place.layer, place.rest[0]?.key ?? '')}
      >
        {props.zoom >= READABLE && <Words place={place} currency={currency} />}
      </button>
    </li>
  );
}

function Heads(props: FlowProps) {
  const { picture, zoom } = props;
  return (
    <div class="flow-heads" style={{ width: `${picture.width * zoom}px` }}>
      {picture.columns.map((c) => (
        <div
          key={c.layer}
          class="flow-head"
          style={{ left: `${c.x * zoom}px`, width: `${(BAR + 8 + LABEL) * zoom}px` }}
        >
          <strong>{layerName(c.layer)}</strong>
          <span class="quiet">
            {t('ui.trail.accounts', { n: count(c.count) })} · {money(c.weight, props.currency)}
          </span>
          {props.opened.has(c.layer) && c.places.every((p) => p.stop) && (
            <button
              type="button"
              class="button ghost small"
              onClick={() => props.closeLayer(c.layer)}
            >
              <Icon name="up" size={14} />
              {t('ui.trail.fold')}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

const TURNS: Record<string, Turn> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/* The part of the picture that is drawn: it moves in steps, not with every pixel. */
function useWindow(zoom: number, height: number) {
  const pane = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState({ top: 0, bottom: 1600 });
  const look = () => {
    const box = pane.current;
    if (!box) return;
    const top = box.scrollTop / zoom;
    const bottom = (box.scrollTop + box.clientHeight) / zoom;
    setDrawn((old) => {
      const isEnough =
        old.top <= Math.max(0, top - 40) && old.bottom >= Math.min(height, bottom + 40);
      const isMuch = old.bottom - old.top > bottom - top + 3 * MARGIN;
      if (isEnough && !isMuch) return old;
      return { top: Math.max(0, Math.floor(top - MARGIN)), bottom: Math.ceil(bottom + MARGIN) };
    });
  };
  useLayoutEffect(look, [zoom, height]);
  useEffect(() => {
    if (!pane.current) return undefined;
    const watch = new ResizeObserver(look);
    watch.observe(pane.current);
    return () => watch.disconnect();
  }, [zoom, height]);
  return { pane, drawn: { top: drawn.top, bottom: Math.min(drawn.bottom, height) }, look };
}

function scrollTo(pane: HTMLDivElement, place: Place, zoom: number): void {
  const room = 24;
  const head = pane.querySelector<HTMLElement>('.flow-heads')?.offsetHeight ?? 0;
  const top = place.y * zoom;
  const bottom = (place.y + Math.min(place.slot, 200)) * zoom + head;
  const left = place.x * zoom;
  const right = (place.x + BAR + 8 + LABEL) * zoom;
  if (top < pane.scrollTop + room) pane.scrollTop = top - room;
  else if (bottom > pane.scrollTop + pane.clientHeight - room)
    pane.scrollTop = bottom - pane.clientHeight + room;
  if (left < pane.scrollLeft + room) pane.scrollLeft = left - room;
  else if (right > pane.scrollLeft + pane.clientWidth - room)
    pane.scrollLeft = right - pane.clientWidth + room;
}

/* A label is made anew only when something of it changes: an arrow changes two of hundreds. */
function useLabels(props: FlowProps, stop: string): (place: Place, rows: number) => VNode {
  const { picture, found, currency, at } = props;
  const isReadable = props.zoom >= READABLE;
  const spoken = lang.value;
  const made = useMemo(
    () => new Map<string, VNode>(),
    [picture, found, currency, spoken, isReadable],
  );
  return (place, rows) => {
    const { key } = place;
    const name = `${key} ${key === at} ${key === stop}`;
    const old = made.get(name);
    if (old) return old;
    const label = <Label key={key} {...props} stop={stop} place={place} rows={rows} />;
    made.set(name, label);
    return label;
  };
}

export function Flow(props: FlowProps & { wanted: { key: string; turn: number } }) {
  const { picture, zoom, at } = props;
  const { pane, drawn, look } = useWindow(zoom, picture.height);
  const came = useRef('');
  const [, redraw] = useState(0);
  const wanted = useRef('');
  const seen = useMemo(
    () => windowOf(picture, drawn.top, drawn.bottom),
    [picture, drawn.top, drawn.bottom],
  );
  const here = picture.places.has(at) ? at : (picture.columns[0]?.places[0]?.key ?? '');
  const shown = new Set(seen.places.map((p) => p.key));
  const own = picture.places.get(here);
  const places = own && !shown.has(here) ? [...seen.places, own] : seen.places;
  const moveTo = (key: string) => {
    const place = picture.places.get(key);
    if (!place || !pane.current) return;
    wanted.current = key;
    scrollTo(pane.current, place, zoom);
    look();
    props.setAt(key);
    redraw((n) => n + 1);
  };
  /* Once each: where the wanted account is still folded away, the picture that opens it comes next. */
  const moved = useRef(-1);
  useEffect(() => {
    const { key, turn } = props.wanted;
    if (!key || moved.current === turn || !picture.places.has(key)) return;
    moved.current = turn;
    moveTo(key);
  }, [props.wanted, picture]);
  /* Once it is drawn: the focus follows without moving the picture again. */
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const label = pane.current?.querySelector<HTMLElement>(
      `[data-key="${CSS.escape(wanted.current)}"]`,
    );
    if (!label) return;
    label.focus({ preventScroll: true });
    label.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    wanted.current = '';
  });
  const label = useLabels(props, here);
  const press = (event: KeyboardEvent) => {
    const turn = TURNS[event.key];
    if (!turn || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepFrom(picture, here, turn, came.current);
    event.preventDefault();
    event.stopPropagation();
    if (next === here) return;
    came.current = here;
    moveTo(next);
  };
  return (
    <section
      class="flow"
      ref={pane}
      aria-label={t('ui.trail.picture_label')}
      onScroll={look}
      onKeyDown={press}
    >
      <Heads {...props} />
      <div
        class="flow-room"
        style={{ width: `${picture.width * zoom}px`, height: `${picture.height * zoom}px` }}
      >
        <div
          class="flow-sheet"
          style={{
            width: `${picture.width}px`,
            height: `${picture.height}px`,
            transform: `scale(${zoom})`,
          }}
        >
          <Drawing
            seen={seen}
            top={drawn.top}
            bottom={drawn.bottom}
            width={picture.width}
            at={at}
          />
          {picture.columns.map((c) => (
            <ul key={c.layer} class="plain" aria-label={layerName(c.layer)}>
              {places.filter((p) => p.layer === c.layer).map((p) => label(p, c.places.length))}
            </ul>
          ))}
        </div>
      </div>
    </section>
  );
}
