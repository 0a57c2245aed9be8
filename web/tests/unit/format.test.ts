/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { group, shortHash } from '../../src/base/format.ts';

/* Goal: identifiers read in groups and lose no digit. Method: each kind, and values that do not fit. */
describe('group', () => {
  it.each([
    ['number', '+8613912345678', '139 1234 5678'],
    ['number', '13912345678', '139 1234 5678'],
    ['number', 'short:86:96110', '96110'],
    ['number', '+442071234567', '+442071234567'],
    ['account', '6222021001001234567', '6222 0210 0100 1234 567'],
    ['account', 'alipay:somebody', 'alipay:somebody'],
    ['device', '356938035643809', '3569 3803 5643 809'],
    ['company', '91620100MA71234567', '91 620100 MA7123456 7'],
    ['domain', 'a.example.com', 'a.example.com'],
  ])('%s %s', (kind, value, shown) => {
    expect(group(kind, value)).toBe(shown);
  });
});

describe('shortHash', () => {
  it('keeps both ends', () => {
    expect(shortHash('0123456789abcdef0123456789abcdef')).toBe('01234567…89abcdef');
    expect(shortHash('abc')).toBe('abc');
  });
});
