/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { LISTING_COLUMNS, previewOf, readCsv } from '../../src/base/csv.ts';

/* Goal: the preview shows what the server will read. Method: the corners of RFC 4180. */
describe('readCsv', () => {
  it('reads quotes, doubled quotes, commas and line ends inside quotes', () => {
    expect(readCsv('a,"b, ""c""\r\nd",e\r\nf,,', 9)).toEqual([
      ['a', 'b, "c"\r\nd', 'e'],
      ['f', '', ''],
    ]);
  });
  it('skips empty lines and stops at its limit', () => {
    expect(readCsv('a\n\nb\nc\n', 2)).toEqual([['a'], ['b']]);
  });
  it('leaves out a record whose quote never closes', () => {
    expect(readCsv('a,b\n"c,d', 9)).toEqual([['a', 'b']]);
  });
});

describe('previewOf', () => {
  it('names the columns that are missing and those that are ignored', () => {
    const seen = previewOf(
      '\ufeffkind,value,action,reason,basis,source,colour\ndomain,a.com,block,x,y,z,red',
    );
    expect(seen.kind).toBe('csv');
    expect(seen.missing).toEqual(['until']);
    expect(seen.unknown).toEqual(['colour']);
    expect(seen.rows).toEqual([['domain', 'a.com', 'block', 'x', 'y', 'z', 'red']]);
  });
  it('has nothing to say about a complete file', () => {
    const all = [...LISTING_COLUMNS.needed, ...LISTING_COLUMNS.known];
    const seen = previewOf(`${all.join(',')}\n`);
    expect(seen.missing).toEqual([]);
    expect(seen.unknown).toEqual([]);
  });
  it('reads NDJSON with different keys and skips what is no object', () => {
    const seen = previewOf(
      '{"kind":"domain","value":"a.com"}\nnot json\n[1]\n{"value":"b.com","score":5}\n',
    );
    expect(seen.kind).toBe('ndjson');
    expect(seen.columns).toEqual(['kind', 'value', 'score']);
    expect(seen.rows).toEqual([
      ['domain', 'a.com', ''],
      ['', 'b.com', '5'],
    ]);
  });
});
