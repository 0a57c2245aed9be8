/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - where everything of a trail stands in the picture: a column a layer, an account's bar as
 * high as its money, a band as wide as what went along it.
 *
 * Pure and deterministic: the same trail and the same opened layers give the same picture. The small
 * accounts of a layer stand as one "rest" until somebody opens them; what lies outside the window is
 * not drawn, and bands that leave it are drawn as one a side.
 */
import { type Band, byWeight, type Graph, type Stop } from './trail.ts';

export const TOP = 8;
export const COLUMN = 240 /* from one bar to the next */;
export const BAR = 12;
export const LABEL = 168;
export const HEAD = 8;
const HIGHEST = 440 /* all the money of the fullest layer */;
const SLOT = 48;
const GAP = 12;
const LEFT = 8;

export type Segment = { kind: 'present' | 'held' | 'exited' | 'unknown'; y: number; high: number };

export type Place = {
  key: string;
  layer: number;
  column: number;
  x: number;
  y: number /* of the slot: bar and label */;
  slot: number;
  bar: number;
  weight: number;
  row: number;
  stop: Stop | null /* null: the rest of the layer */;
  rest: Stop[];
  segments: Segment[];
};

export type Ribbon = {
  from: string;
  to: string;
  y0: number;
  y1: number;
  high: number;
  weight: number;
  count: number;
  isBack: boolean /* money that returns to a layer it has left */;
  isPending: boolean;
};

export type Column = { layer: number; x: number; places: Place[]; weight: number; count: number };

export type Picture = {
  columns: Column[];
  places: Map<string, Place>;
  out: Map<string, Ribbon[]>;
  into: Map<string, Ribbon[]>;
  width: number;
  height: number;
  scale: number /* pixels a fen */;
};

export const restKey = (layer: number): string => `rest:${layer}`;

/* Who of a layer is shown by name: all when it is opened, else the most money. One is never hidden alone. */
function shownOf(stops: readonly Stop[], isOpen: boolean): number {
  return isOpen || stops.length <= TOP + 1 ? stops.length : TOP;
}

type Total = { from: string; to: string; weight: number; count: number; isPending: boolean };

function standsAt(graph: Graph, open: ReadonlySet<number>): Map<string, string> {
  const at = new Map<string, string>();
  for (const { layer, stops } of graph.layers) {
    const shown = shownOf(stops, open.has(layer));
    stops.forEach((s, i) => {
      at.set(s.key, i < shown ? s.key : restKey(layer));
    });
  }
  return at;
}

function totalsOf(graph: Graph, at: Map<string, string>): Total[] {
  const totals = new Map<string, Total>();
  const add = (band: Band) => {
    const from = at.get(band.from) as string;
    const to = at.get(band.to) as string;
    if (from === to) return;
    const name = `${from} ${to}`;
    const total = totals.get(name) ?? { from, to, weight: 0, count: 0, isPending: true };
    total.weight += band.weight;
    total.count += band.transfers.length;
    total.isPending &&= band.isPending;
    totals.set(name, total);
  };
  for (const bands of graph.out.values()) bands.forEach(add);
  return [...totals.values()];
}

function segmentsOf(place: Place, from_y: number, scale: number): Segment[] {
  const all = place.stop ? [place.stop] : place.rest;
  const sum = (pick: (s: Stop) => number | undefined) =>
    all.reduce((n, s) => n + (pick(s) ?? 0), 0);
  const held = sum((s) => s.held);
  const parts: [Segment['kind'], number][] = [
    ['exited', sum((s) => s.exited)],
    ['unknown', sum((s) => s.unknown)],
    ['present', sum((s) => s.present) - held],
    ['held', held],
  ];
  let y = from_y;
  const segments: Segment[] = [];
  for (const [kind, money] of parts) {
    if (money <= 0) continue;
    segments.push({ kind, y, high: money * scale });
    y += money * scale;
  }
  return segments;
}

const heightOf = (place: Place) => Math.max(SLOT, place.bar + GAP);

/* The middle of what came in, so that bands cross little; those nothing came to keep their order. */
function centre(place: Place, into: Total[], places: Map<string, Place>): number {
  let money = 0;
  let sum = 0;
  for (const t of into) {
    const from = places.get(t.from);
    if (!from || from.column >= place.column) continue;
    money += t.weight;
    sum += t.weight * (from.y + from.bar / 2);
  }
  return money ? sum / money : Number.POSITIVE_INFINITY;
}

function stack(column: Column, into: Map<string, Total[]>, places: Map<string, Place>): number {
  const order = new Map(column.places.map((p) => [p, centre(p, into.get(p.key) ?? [], places)]));
  const of = (p: Place) => order.get(p) as number;
  column.places.sort((a, b) => {
    if (!a.stop || !b.stop) return a.stop ? -1 : b.stop ? 1 : 0;
    const [ca, cb] = [of(a), of(b)];
    return ca === cb ? byWeight(a.stop, b.stop) : ca - cb;
  });
  let y = HEAD;
  column.places.forEach((p, row) => {
    p.row = row;
    p.y = y;
    p.slot = heightOf(p);
    y += p.slot;
  });
  return y;
}

const index = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const map = new Map<string, T[]>();
  for (const item of items) {
    const found = map.get(key(item));
    if (found) found.push(item);
    else map.set(key(item), [item]);
  }
  return map;
};

/* Bands leave and enter a bar in the order of where they go and come from, one below the other. */
function attach(picture: Picture): void {
  const place = (key: string) => picture.places.get(key) as Place;
  const sorted = (list: Ribbon[], end: 'from' | 'to') =>
    list.sort((a, b) => {
      const [pa, pb] = [place(a[end]), place(b[end])];
      return pa.y - pb.y || pa.column - pb.column;
    });
  for (const [key, list] of picture.out) {
    const p = place(key);
    let y = p.y;
    for (const r of sorted(list, 'to')) {
      r.y0 = y;
      y += r.high;
    }
    p.segments = segmentsOf(p, y, picture.scale);
  }
  for (const [key, list] of picture.into) {
    let y = place(key).y;
    for (const r of sorted(list, 'from')) {
      r.y1 = y;
      y += r.high;
    }
  }
  for (const [key, p] of picture.places)
    if (!picture.out.has(key)) p.segments = segmentsOf(p, p.y, picture.scale);
}

function columnOf(
  layer: Graph['layers'][number],
  column: number,
  is_open: boolean,
  scale: number,
): Column {
  const shown = shownOf(layer.stops, is_open);
  const rest = layer.stops.slice(shown);
  const x = LEFT + column * COLUMN;
  const make = (key: string, weight: number, stop: Stop | null, hidden: Stop[]): Place => ({
    key,
    layer: layer.layer,
    column,
    x,
    y: 0,
    slot: 0,
    bar: weight * scale,
    weight,
    row: 0,
    stop,
    rest: hidden,
    segments: [],
  });
  const places = layer.stops.slice(0, shown).map((s) => make(s.key, s.weight, s, []));
  if (rest.length)
    places.push(
      make(
        restKey(layer.layer),
        rest.reduce((n, s) => n + s.weight, 0),
        null,
        rest,
      ),
    );
  return { layer: layer.layer, x, places, weight: layer.weight, count: layer.stops.length };
}

export function drawFlow(graph: Graph, open: ReadonlySet<number>): Picture {
  const fullest = Math.max(1, ...graph.layers.map((l) => l.weight));
  const scale = HIGHEST / fullest;
  const columns = graph.layers.map((l, i) => columnOf(l, i, open.has(l.layer), scale));
  const places = new Map(columns.flatMap((c) => c.places).map((p) => [p.key, p]));
  const totals = totalsOf(graph, standsAt(graph, open));
  const came = index(totals, (t) => t.to);
  let height = 0;
  for (const column of columns) height = Math.max(height, stack(column, came, places));
  const column = (key: string) => (places.get(key) as Place).column;
  const ribbons = totals.map(
    (t): Ribbon => ({
      ...t,
      y0: 0,
      y1: 0,
      high: t.weight * scale,
      isBack: column(t.to) <= column(t.from),
    }),
  );
  const picture: Picture = {
    columns,
    places,
    out: index(ribbons, (r) => r.from),
    into: index(ribbons, (r) => r.to),
    width: LEFT + Math.max(0, columns.length - 1) * COLUMN + BAR + LABEL + LEFT * 2,
    height: height + GAP,
    scale,
  };
  attach(picture);
  return picture;
}

/* What is drawn of a band: whole, or one end outside and several taken together. */
export type Drawn = {
  key: string;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  high: number;
  isBack: boolean;
  isPending: boolean;
  ends: [string, string] /* '' for an end outside the window */;
};

/* The places of a column between two heights: they lie below one another, so two searches. */
function between(places: readonly Place[], top: number, bottom: number): Place[] {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const p = places[middle] as Place;
    if (p.y + p.slot < top) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < places.length && (places[end] as Place).y <= bottom) end++;
  return places.slice(low, end);
}

export type Seen = { places: Place[]; bands: Drawn[] };

export function windowOf(picture: Picture, top: number, bottom: number): Seen {
  const places = picture.columns.flatMap((c) => between(c.places, top, bottom));
  const seen = new Set(places.map((p) => p.key));
  const at = (key: string) => picture.places.get(key) as Place;
  const bands = new Map<string, Drawn>();
  for (const p of places) {
    for (const r of picture.out.get(p.key) ?? []) {
      const to = at(r.to);
      const isSeen = seen.has(r.to);
      const side = to.y < top ? 'up' : 'down';
      const key = isSeen ? `${r.from} ${r.to}` : `${r.from} ${side} ${to.column}`;
      const y1 = isSeen ? r.y1 : side === 'up' ? top : bottom;
      const old = bands.get(key);
      if (old) {
        old.high += r.high;
        old.isPending &&= r.isPending;
      } else
        bands.set(key, {
          key,
          x0: p.x + BAR,
          x1: to.x,
          y0: r.y0,
          y1,
          high: r.high,
          isBack: r.isBack,
          isPending: r.isPending,
          ends: [r.from, isSeen ? r.to : ''],
        });
    }
    for (const r of picture.into.get(p.key) ?? []) {
      if (seen.has(r.from)) continue;
      const from = at(r.from);
      const side = from.y < top ? 'up' : 'down';
      const key = `${side} ${from.column} ${r.to}`;
      const old = bands.get(key);
      if (old) {
        old.high += r.high;
        old.isPending &&= r.isPending;
      } else
        bands.set(key, {
          key,
          x0: from.x + BAR,
          x1: p.x,
          y0: side === 'up' ? top : bottom,
          y1: r.y1,
          high: r.high,
          isBack: r.isBack,
          isPending: r.isPending,
          ends: ['', r.to],
        });
    }
  }
  return { places, bands: [...bands.values()] };
}

const n1 = (n: number) => n.toFixed(1);

/* A band as an area: as high at both ends as the money it carries, at least a hair. */
export function bandPath(b: Drawn): string {
  const high = Math.max(1, b.high);
  const bend = b.isBack ? 72 : (b.x1 - b.x0) / 2;
  const [xa, xb] = [b.x0 + bend, b.x1 - bend];
  return (
    `M${n1(b.x0)} ${n1(b.y0)}C${n1(xa)} ${n1(b.y0)} ${n1(xb)} ${n1(b.y1)} ${n1(b.x1)} ${n1(b.y1)}` +
    `v${n1(high)}C${n1(xb)} ${n1(b.y1 + high)} ${n1(xa)} ${n1(b.y0 + high)} ${n1(b.x0)} ${n1(b.y0 + high)}Z`
  );
}

export type Turn = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/* Where an arrow leads: along the widest band, back along the one we came by, or within the layer. */
export function stepFrom(picture: Picture, key: string, turn: Turn, came: string): string {
  const place = picture.places.get(key);
  if (!place) return picture.columns[0]?.places[0]?.key ?? '';
  if (turn === 'left' || turn === 'right') {
    const list = (turn === 'right' ? picture.out : picture.into).get(key) ?? [];
    const end = turn === 'right' ? 'to' : 'from';
    if (list.some((r) => r[end] === came)) return came;
    const widest = list.reduce<Ribbon | null>((a, b) => (a && a.weight >= b.weight ? a : b), null);
    return widest?.[end] ?? key;
  }
  const column = picture.columns[place.column]?.places ?? [];
  const row =
    turn === 'up'
      ? Math.max(0, place.row - 1)
      : turn === 'down'
        ? Math.min(column.length - 1, place.row + 1)
        : turn === 'first'
          ? 0
          : column.length - 1;
  return column[row]?.key ?? key;
}
