/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail - an incident and where its money went, as the interface sends it, and the same as a graph:
 * accounts in layers, transfers between them. Pure; what is drawn of it is flow.ts's business.
 */
import { group } from './format.ts';
import type { Step } from './model.ts';

export const INCIDENT_STATES = ['open', 'following', 'closed'] as const;
export const METHODS = ['reach', 'fifo', 'lifo', 'haircut', 'poison'] as const;
export const EXITS = ['atm', 'crypto', 'merchant', 'abroad'] as const;
export type Method = (typeof METHODS)[number];

export type Source = { transfer: string; from: string; to: string; amount: number; time: string };
/* Of an incident's own page: whose account it was is read for a purpose. */
export type Stolen = Omit<Source, 'from'> & { from?: string };

export type Incident = {
  incident: string;
  state: (typeof INCIDENT_STATES)[number];
  division?: string;
  opened_at: string;
  opened_by: string;
  said?: string;
  currency: string;
  stolen: number;
  sources: Stolen[];
  may?: string[];
  history?: Step[];
};

/* Money is in fen. Without attribution (reach) nobody knows how much of it is whose. */
export type TrailNode = {
  account: string;
  display?: string;
  bank?: string;
  layer: number;
  received: number;
  attributed?: number;
  present?: number;
  held?: number;
  exited?: number;
  unknown?: number;
  first?: string;
  last?: string;
  listing?: string;
};

export type TrailEdge = {
  transfer: string;
  from: string;
  to: string;
  time: string;
  amount: number;
  attributed?: number;
  layer: number;
  status?: string;
  exit?: string;
};

/* What would be present by one order of these transfers and by another, where the server says so. */
export type Ambiguity = {
  account: string;
  transfers: string[];
  reason: string;
  present?: { low: number; high: number };
};
export type Exit = { account: string; kind: string; amount: number };
export type Totals = {
  stolen: number;
  present?: number;
  held?: number;
  exited?: number;
  unknown?: number;
};

export type Trail = {
  incident: string;
  method: Method;
  as_of: string;
  currency: string;
  sources: Source[];
  nodes: TrailNode[];
  edges: TrailEdge[];
  exits: Exit[];
  ambiguities: Ambiguity[];
  totals: Totals;
  held_elsewhere?: Elsewhere[];
};

/* Held under the incident's orders on an account that the trail does not show. */
export type Elsewhere = { account: string; held: number };

export type Transfer = {
  transfer: string;
  from: string;
  to: string;
  time: string;
  amount: number;
  currency?: string;
  status?: string;
  seq?: number;
  exit?: string;
  balance_after?: number;
  on_trail: boolean /* the account at the other end */;
  channel?: string;
  attributed?: number;
};

export type AccountPage = {
  account: string;
  display?: string;
  bank?: string;
  outlet?: string;
  holder_kind?: string;
  opened?: string;
  device?: string;
  contact?: string;
  address?: string;
  ip?: string;
  company?: string;
  listing?: string;
  node?: TrailNode;
  transfers: { items: Transfer[]; next?: string | null; total: number };
};

/* An account where it stands in the trail. */
export type Stop = TrailNode & {
  key: string;
  name: string;
  /* Its height in the picture: what came in, or what went out of it where that is more. */
  weight: number;
  isVictim: boolean;
  exits: Exit[];
  doubts: Ambiguity[];
};

/* All transfers from one account to another, as one band. */
export type Band = {
  from: string;
  to: string;
  weight: number;
  transfers: TrailEdge[];
  isPending: boolean /* nothing of it has been booked */;
};

export type Graph = {
  stops: Map<string, Stop>;
  layers: { layer: number; stops: Stop[]; weight: number }[];
  out: Map<string, Band[]>;
  into: Map<string, Band[]>;
  method: Method;
};

const keyOf = (layer: number, account: string) => `${layer}:${account}`;

/* What of an edge counts: the attributed part, or the whole amount where nothing is attributed. */
export const weightOf = (e: TrailEdge, method: Method): number =>
  method === 'reach' ? e.amount : (e.attributed ?? 0);

function listed<T>(map: Map<string, T[]>, key: string): T[] {
  const found = map.get(key);
  if (found) return found;
  const made: T[] = [];
  map.set(key, made);
  return made;
}

const grouped = <T extends { account: string }>(items: readonly T[]): Map<string, T[]> => {
  const map = new Map<string, T[]>();
  for (const item of items) listed(map, item.account).push(item);
  return map;
};

/* The column of the victims: left of the first layer. */
const victimLayer = (trail: Trail): number => Math.min(1, ...trail.nodes.map((n) => n.layer)) - 1;

/*
 * Victims pay from there even where their account also stands on the trail, having received what
 * others lost. A trail that names victims itself, in layer 0, is left as it is.
 */
function nodesOf(trail: Trail): { node: TrailNode; isVictim: boolean }[] {
  const isSource = new Set(trail.sources.map((s) => s.from));
  const isNamed = trail.nodes.some((n) => n.layer < 1);
  const victims = new Map<string, TrailNode>();
  for (const s of isNamed ? [] : trail.sources) {
    const old = victims.get(s.from);
    const node: TrailNode = old ?? { account: s.from, layer: victimLayer(trail), received: 0 };
    if (!node.first || s.time < node.first) node.first = s.time;
    victims.set(s.from, node);
  }
  return [
    ...[...victims.values()].map((node) => ({ node, isVictim: true })),
    ...trail.nodes.map((node) => ({
      node,
      isVictim: isSource.has(node.account) && node.layer < 1,
    })),
  ];
}

/* An edge of layer n ends in layer n; where its accounts stand elsewhere, there. */
function endsOf(
  edge: TrailEdge,
  at: Map<string, number[]>,
  isSource: boolean,
): { from: string; to: string } | undefined {
  const from = at.get(edge.from);
  const to = at.get(edge.to);
  if (!from || !to) return undefined;
  const to_layer = to.includes(edge.layer) ? edge.layer : (to.at(-1) as number);
  const before = isSource ? [Math.min(...from)] : from.filter((l) => l < to_layer);
  const from_layer = before.length ? Math.max(...before) : (from.at(-1) as number);
  return { from: keyOf(from_layer, edge.from), to: keyOf(to_layer, edge.to) };
}

/* What left by an exit is part of its payer's bar and leads to no account. */
function bandsOf(trail: Trail, stops: Map<string, Stop>): Band[] {
  const at = new Map<string, number[]>();
  for (const s of stops.values()) listed(at, s.account).push(s.layer);
  const bands = new Map<string, Band>();
  const sources = new Set(trail.sources.map((s) => s.transfer));
  const seen = new Set(trail.edges.map((e) => e.transfer));
  const lost = trail.sources
    .filter((s) => !seen.has(s.transfer))
    .map((s): TrailEdge => ({ ...s, attributed: s.amount, layer: 1 }));
  for (const edge of [...lost, ...trail.edges]) {
    const hasLeft = edge.exit && trail.method !== 'reach';
    const ends = hasLeft ? undefined : endsOf(edge, at, sources.has(edge.transfer));
    if (!ends || ends.from === ends.to) continue;
    const name = `${ends.from} ${ends.to}`;
    const band = bands.get(name) ?? { ...ends, weight: 0, transfers: [], isPending: true };
    band.weight += weightOf(edge, trail.method);
    band.transfers.push(edge);
    band.isPending &&= edge.status === 'pending';
    bands.set(name, band);
  }
  return [...bands.values()];
}

const sum = (bands: readonly Band[] | undefined): number =>
  (bands ?? []).reduce((all, b) => all + b.weight, 0);

export const restOf = (n: TrailNode): number =>
  (n.present ?? 0) + (n.exited ?? 0) + (n.unknown ?? 0);

/* The most money first; the account decides between equals, so that a trail is drawn one way only. */
export const byWeight = (a: Stop, b: Stop): number =>
  b.weight - a.weight || (a.account < b.account ? -1 : a.account > b.account ? 1 : 0);

export function graphOf(trail: Trail): Graph {
  const exits = grouped(trail.exits ?? []);
  const doubts = grouped(trail.ambiguities ?? []);
  const stops = new Map<string, Stop>();
  for (const { node, isVictim } of nodesOf(trail)) {
    const key = keyOf(node.layer, node.account);
    stops.set(key, {
      ...node,
      key,
      name: node.display || group('account', node.account),
      weight: 0,
      isVictim,
      exits: exits.get(node.account) ?? [],
      doubts: doubts.get(node.account) ?? [],
    });
  }
  const out = new Map<string, Band[]>();
  const into = new Map<string, Band[]>();
  for (const band of bandsOf(trail, stops)) {
    listed(out, band.from).push(band);
    listed(into, band.to).push(band);
  }
  const layers = new Map<number, Stop[]>();
  for (const stop of stops.values()) {
    const rest = restOf(stop);
    const came = stop.attributed ?? stop.received;
    stop.weight = Math.max(came, sum(into.get(stop.key)), sum(out.get(stop.key)) + rest);
    const found = layers.get(stop.layer);
    if (found) found.push(stop);
    else layers.set(stop.layer, [stop]);
  }
  return {
    stops,
    out,
    into,
    method: trail.method,
    layers: [...layers.entries()]
      .sort(([a], [b]) => a - b)
      .map(([layer, all]) => ({
        layer,
        stops: all.sort(byWeight),
        weight: all.reduce((n, s) => n + s.weight, 0),
      })),
  };
}

/* stolen = present + exited + unknown and held <= present: a trail that says otherwise is not shown as fact. */
export function isConserved(totals: Totals): boolean {
  const { stolen, present, held = 0, exited = 0, unknown = 0 } = totals;
  if (present === undefined) return true;
  return stolen === present + exited + unknown && held <= present;
}

/* Accounts whose number, name or bank has these words; what a person types has blanks in it. */
export function findStops(graph: Graph, text: string): Stop[] {
  const asked = text.replace(/\s/g, '').toLowerCase();
  if (!asked) return [];
  const has = (s: Stop) =>
    [s.account, s.name, s.bank ?? ''].some((w) =>
      w.replace(/\s/g, '').toLowerCase().includes(asked),
    );
  return graph.layers.flatMap((l) => l.stops).filter(has);
}
