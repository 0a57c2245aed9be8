/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the picture of a trail says what the trail says: as wide as the money, nothing on top of
 * anything, the same each time. Method: made-up trails of many sizes and seeds, whole and in windows.
 */
import { describe, expect, it } from 'vitest';
import {
  bandPath,
  COLUMN,
  drawFlow,
  type Picture,
  type Place,
  restKey,
  stepFrom,
  TOP,
  windowOf,
} from '../../src/base/flow.ts';
import { findStops, graphOf, isConserved, METHODS, type Trail } from '../../src/base/trail.ts';
import { trailOf } from '../trails.mjs';

const NONE: ReadonlySet<number> = new Set();
const ALL: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6]);
const SIZES = [1, 2, 9, 60, 400, 5000];
const trails: [string, Trail][] = SIZES.flatMap((nodes) =>
  METHODS.map((method): [string, Trail] => [
    `${nodes} ${method}`,
    trailOf({ nodes, method, seed: nodes + 1, victims: 1 + (nodes % 3) }),
  ]),
);
const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
/* Plain: called for every account of the large ones. */
const near = (a: number, b: number) => {
  if (!(Math.abs(a - b) < 1e-6 * (1 + b))) expect(a).toBeCloseTo(b, 6);
};
const atMost = (a: number, b: number) => {
  if (!(a <= b * (1 + 1e-9))) expect(a).toBeLessThanOrEqual(b);
};

function overlaps(picture: Picture): string[] {
  const found: string[] = [];
  for (const { places } of picture.columns)
    places.slice(1).forEach((p, i) => {
      const above = places[i] as Place;
      if (above.y + above.slot > p.y + 1e-9 || above.y + above.bar > p.y) found.push(p.key);
    });
  return found;
}

describe('the made-up trails', () => {
  it.each(trails)('%s conserve every fen', (_, trail) => {
    expect(isConserved(trail.totals)).toBe(true);
    if (trail.method === 'reach') return;
    for (const n of trail.nodes) {
      const out = trail.edges.filter((e) => e.from === n.account);
      const passed = sum(out.map((e) => e.attributed ?? 0));
      expect(n.attributed).toBe(passed + (n.present ?? 0) + (n.exited ?? 0) + (n.unknown ?? 0));
      if (trail.nodes.length > 400) break;
    }
  });
});

describe('graphOf', () => {
  it.each(trails)('%s: every account once, every transfer in a band', (_, trail) => {
    const graph = graphOf(trail);
    const victims = new Set(trail.sources.map((s) => s.from));
    expect(graph.stops.size).toBe(trail.nodes.length + victims.size);
    const bands = [...graph.out.values()].flat();
    expect(sum(bands.map((b) => b.transfers.length))).toBe(trail.edges.length);
  });
  it('puts the victims left of the first layer, though the trail does not name them', () => {
    const graph = graphOf(trailOf({ nodes: 9, victims: 2 }));
    expect(graph.layers[0]?.layer).toBe(0);
    expect(graph.layers[0]?.stops.every((s) => s.isVictim)).toBe(true);
  });
  it('draws a victim’s transfer that is missing among the edges', () => {
    const trail = trailOf({ nodes: 9, victims: 1 });
    const lost = trail.sources[0]?.transfer;
    const graph = graphOf({ ...trail, edges: trail.edges.filter((e) => e.transfer !== lost) });
    const bands = [...graph.out.values()].flat().flatMap((b) => b.transfers);
    expect(bands.some((e) => e.transfer === lost)).toBe(true);
  });
  it('keeps an account that stands in two layers apart, and money that returns', () => {
    const at = { time: '2026-11-20T09:00:00.000+08:00' };
    const graph = graphOf({
      incident: 'i',
      method: 'reach',
      as_of: at.time,
      currency: 'CNY',
      sources: [{ transfer: 's', from: 'V', to: 'A', amount: 100, ...at }],
      nodes: [
        { account: 'A', layer: 1, received: 100 },
        { account: 'B', layer: 2, received: 100 },
        { account: 'A', layer: 3, received: 50 },
      ],
      edges: [
        { transfer: 's', from: 'V', to: 'A', amount: 100, layer: 1, ...at },
        { transfer: 't', from: 'A', to: 'B', amount: 100, layer: 2, ...at },
        { transfer: 'u', from: 'B', to: 'A', amount: 50, layer: 3, ...at },
      ],
      exits: [],
      ambiguities: [],
      totals: { stolen: 100 },
    });
    expect(graph.out.get('2:B')?.[0]?.to).toBe('3:A');
    expect(graph.out.get('1:A')?.[0]?.to).toBe('2:B');
  });
  it('takes a victim who also received stolen money for both, each at its place', () => {
    const at = { time: '2026-11-20T09:00:00.000+08:00' };
    const trail: Trail = {
      incident: 'i',
      method: 'fifo',
      as_of: at.time,
      currency: 'CNY',
      sources: [
        { transfer: 's', from: 'V', to: 'A', amount: 100, ...at },
        { transfer: 't', from: 'B', to: 'A', amount: 40, ...at },
      ],
      nodes: [
        {
          account: 'A',
          layer: 1,
          received: 140,
          attributed: 140,
          present: 30,
          exited: 20,
          unknown: 0,
        },
        {
          account: 'B',
          layer: 2,
          received: 90,
          attributed: 90,
          present: 90,
          exited: 0,
          unknown: 0,
        },
      ],
      edges: [
        { transfer: 's', from: 'V', to: 'A', amount: 100, attributed: 100, layer: 1, ...at },
        { transfer: 'u', from: 'A', to: 'B', amount: 90, attributed: 90, layer: 2, ...at },
        {
          transfer: 'x',
          from: 'A',
          to: 'B',
          amount: 20,
          attributed: 20,
          layer: 2,
          exit: 'atm',
          ...at,
        },
        {
          transfer: 'p',
          from: 'A',
          to: 'B',
          amount: 9,
          attributed: 0,
          layer: 2,
          status: 'pending',
          ...at,
        },
        { transfer: 't', from: 'B', to: 'A', amount: 40, attributed: 40, layer: 1, ...at },
      ],
      exits: [{ account: 'A', kind: 'atm', amount: 20 }],
      ambiguities: [],
      totals: { stolen: 140, present: 120, held: 0, exited: 20, unknown: 0 },
    };
    const graph = graphOf(trail);
    expect(graph.out.get('0:B')?.[0]).toMatchObject({ to: '1:A', weight: 40 });
    expect(graph.out.get('2:B')).toBeUndefined();
    /* What left by an exit goes along no band, and what is pending weighs nothing. */
    expect(graph.out.get('1:A')).toMatchObject([{ to: '2:B', weight: 90 }]);
    expect(graph.stops.get('1:A')?.weight).toBe(140);
  });
  it('finds an account as a person types it', () => {
    const trail = trailOf({ nodes: 60 });
    const node = trail.nodes[20];
    const found = findStops(graphOf(trail), ` ${node?.display?.slice(0, 19)} `);
    expect(found.map((s) => s.account)).toContain(node?.account);
    expect(findStops(graphOf(trail), '  ')).toEqual([]);
  });
});

describe('isConserved', () => {
  it('notices a single fen', () => {
    const { totals } = trailOf({ nodes: 60 });
    expect(isConserved({ ...totals, present: (totals.present ?? 0) + 1 })).toBe(false);
    expect(isConserved({ ...totals, held: (totals.present ?? 0) + 1 })).toBe(false);
  });
});

describe.each([
  ['folded', NONE],
  ['opened', ALL],
])('drawFlow, %s', (_, open) => {
  it.each(trails)('%s: a bar holds exactly what goes on and what stays', (_name, trail) => {
    const picture = drawFlow(graphOf(trail), open);
    for (const [key, p] of picture.places) {
      near(p.bar, p.weight * picture.scale);
      const out = sum((picture.out.get(key) ?? []).map((r) => r.high));
      const stays = sum(p.segments.map((s) => s.high));
      if (trail.method === 'reach') atMost(out, p.bar);
      else near(out + stays, p.bar);
      const came = sum((picture.into.get(key) ?? []).map((r) => r.high));
      atMost(came, p.bar);
    }
  });
  it.each(trails)('%s: nothing lies on anything else', (_name, trail) => {
    const picture = drawFlow(graphOf(trail), open);
    expect(overlaps(picture)).toEqual([]);
    for (const [key, list] of picture.out) {
      const p = picture.places.get(key) as Place;
      let y = p.y;
      for (const r of list) {
        near(r.y0, y);
        y += r.high;
      }
      for (const s of p.segments) {
        near(s.y, y);
        y += s.high;
      }
    }
    picture.columns.forEach((c, i) => {
      expect(c.x - (picture.columns[0]?.x ?? 0)).toBe(i * COLUMN);
    });
  });
  it.each(trails)('%s: the same whatever order it arrives in', (_name, trail) => {
    const turned = {
      ...trail,
      nodes: trail.nodes.toReversed(),
      edges: trail.edges.toReversed(),
    };
    const spots = (t: Trail) =>
      [...drawFlow(graphOf(t), open).places.values()]
        .map((p) => `${p.key} ${p.x} ${p.y.toFixed(6)} ${p.bar.toFixed(6)}`)
        .sort();
    expect(spots(turned)).toEqual(spots(trail));
  });
});

describe('a layer of many', () => {
  const trail = trailOf({ nodes: 5000, seed: 11 });
  const graph = graphOf(trail);
  it('shows the most money by name and the rest as one, with all its money', () => {
    const picture = drawFlow(graph, NONE);
    for (const c of picture.columns) {
      expect(c.places.length).toBeLessThanOrEqual(TOP + 1);
      near(sum(c.places.map((p) => p.weight)), c.weight);
      expect(sum(c.places.map((p) => (p.stop ? 1 : p.rest.length)))).toBe(c.count);
      const rest = c.places.find((p) => !p.stop);
      if (rest) expect(rest.rest.length).toBeGreaterThan(1);
    }
  });
  it('opens one layer and leaves the others', () => {
    const picture = drawFlow(graph, new Set([4]));
    expect(picture.places.has(restKey(4))).toBe(false);
    expect(picture.places.has(restKey(5))).toBe(true);
  });
  it('draws only what is seen, and bands that leave it once a side', () => {
    const picture = drawFlow(graph, ALL);
    for (const top of [0, 5000, 20_000, 60_000]) {
      const { places, bands } = windowOf(picture, top, top + 1200);
      expect(places.length).toBeLessThan(250);
      expect(bands.length).toBeLessThan(1200);
      const inside = new Set(places.map((p) => p.key));
      for (const p of picture.places.values())
        if (p.y <= top + 1200 && p.y + p.slot >= top) expect(inside.has(p.key)).toBe(true);
      for (const p of places) {
        const drawn = bands.filter((b) => b.ends[0] === p.key).map((b) => b.high);
        near(sum(drawn), sum((picture.out.get(p.key) ?? []).map((r) => r.high)));
      }
      for (const b of bands) expect(bandPath(b)).not.toMatch(/NaN|Infinity/);
    }
  });
  it('is walked along its bands and within its layers', () => {
    const picture = drawFlow(graph, NONE);
    const start = stepFrom(picture, '', 'right', '');
    expect(picture.places.get(start)?.layer).toBe(0);
    const next = stepFrom(picture, start, 'right', '');
    expect(picture.places.get(next)?.layer).toBe(1);
    expect(stepFrom(picture, next, 'left', start)).toBe(start);
    const last = stepFrom(picture, next, 'last', '');
    expect(stepFrom(picture, last, 'down', '')).toBe(last);
    expect(stepFrom(picture, stepFrom(picture, last, 'up', ''), 'down', '')).toBe(last);
    expect(stepFrom(picture, start, 'left', '')).toBe(start);
  });
});
