/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { barsOf, measureOf } from '../../src/base/found.ts';

describe('found', () => {
  it('reads a feature in the unit that its name says', () => {
    expect(measureOf({ feature: 'short_share', value: 873 })).toEqual({ unit: 'percent', n: 87.3 });
    expect(measureOf({ feature: 'mean_s', value: 12 })).toEqual({ unit: 'seconds', n: 12 });
    expect(measureOf({ feature: 'calls_a_callee', value: 125 })).toEqual({
      unit: 'plain',
      n: 1.25,
    });
    expect(measureOf({ feature: 'callees', value: 125 })).toEqual({ unit: 'plain', n: 125 });
  });
  it('draws turns on one scale, the shortest still seen, none outside', () => {
    const { from, to, rows } = barsOf(
      [
        { spans: [[100, 200]] },
        {
          spans: [
            [200, 201],
            [900, 1100],
          ],
        },
      ],
      502,
    );
    expect([from, to]).toEqual([100, 1100]);
    expect(rows[0]).toEqual([{ x: 0, wide: 50, from: 100, to: 200 }]);
    expect(rows[1]?.map((b) => [b.x, b.wide])).toEqual([
      [50, 2],
      [400, 100],
    ]);
    for (const bar of rows.flat()) expect(bar.x + bar.wide).toBeLessThanOrEqual(502);
  });
  it('has nothing to draw of cards whose turns were erased', () => {
    expect(barsOf([{ spans: [] }], 100)).toEqual({ from: 0, to: 0, rows: [[]] });
    expect(barsOf([], 100)).toEqual({ from: 0, to: 0, rows: [] });
  });
});
