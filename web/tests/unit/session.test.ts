/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('navigator', { onLine: true });
vi.stubGlobal('addEventListener', () => {});
vi.stubGlobal('location', { href: 'http://localhost/', origin: 'http://localhost' });
const { safeNext } = await import('../../src/base/session.ts');

/* Goal: after signing in one is here and nowhere else. Method: what browsers read as another host. */
describe('safeNext', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil',
    'javascript:alert(1)',
    '',
  ])('%s leads home', (next) => {
    expect(safeNext(next)).toBe('/');
  });
  it('keeps an address of ours', () => {
    expect(safeNext('/lists?new=1')).toBe('/lists?new=1');
  });
});
