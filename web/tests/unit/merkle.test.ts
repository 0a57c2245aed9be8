/* SPDX-License-Identifier: Apache-2.0 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashLeaf, headText, isGrownFrom, isSignedBy, rootOf } from '../../src/base/merkle.ts';

const sha = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/* The definition of RFC 6962, 2.1, read aloud: slow, recursive, and another algorithm than ours. */
const leafOf = (data: Uint8Array) => sha(Buffer.from([0]), data);
const split = (n: number) => 2 ** (Math.ceil(Math.log2(n)) - 1);
function root(d: Buffer[]): Buffer {
  if (d.length === 0) return sha();
  if (d.length === 1) return d[0] as Buffer;
  const k = split(d.length);
  return sha(Buffer.from([1]), root(d.slice(0, k)), root(d.slice(k)));
}
function pathOf(m: number, d: Buffer[]): Buffer[] {
  if (d.length <= 1) return [];
  const k = split(d.length);
  return m < k
    ? [...pathOf(m, d.slice(0, k)), root(d.slice(k))]
    : [...pathOf(m - k, d.slice(k)), root(d.slice(0, k))];
}
function proofOf(m: number, d: Buffer[], isWhole = true): Buffer[] {
  if (m === d.length) return isWhole ? [] : [root(d)];
  const k = split(d.length);
  return m <= k
    ? [...proofOf(m, d.slice(0, k), isWhole), root(d.slice(k))]
    : [...proofOf(m - k, d.slice(k), false), root(d.slice(0, k))];
}
const hex = (b: Buffer) => b.toString('hex');
const leaves = (n: number) => Array.from({ length: n }, (_, i) => leafOf(Buffer.from(`leaf ${i}`)));
const flipped = (h: string) => (h.startsWith('0') ? '1' : '0') + h.slice(1);

/* Published vectors of Certificate Transparency's reference tree: eight leaves, their root. */
const CT = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const CT_ROOT = '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328';

describe('rootOf', () => {
  it('agrees with the reference tree', async () => {
    const d = CT.map((h) => leafOf(Buffer.from(h, 'hex')));
    expect(hex(root(d))).toBe(CT_ROOT);
    expect(await rootOf(hex(d[5] as Buffer), 5, 8, pathOf(5, d).map(hex))).toBe(CT_ROOT);
  });
  it('proves every leaf of every tree up to 20, and no other leaf', async () => {
    for (let n = 1; n <= 20; n++) {
      const d = leaves(n);
      const top = hex(root(d));
      for (let i = 0; i < n; i++) {
        const path = pathOf(i, d).map(hex);
        expect(await rootOf(hex(d[i] as Buffer), i, n, path)).toBe(top);
        expect(await rootOf(flipped(hex(d[i] as Buffer)), i, n, path)).not.toBe(top);
        if (n > 1) expect(await rootOf(hex(d[i] as Buffer), (i + 1) % n, n, path)).not.toBe(top);
      }
    }
  });
  it('refuses a path that is too long, too short or outside the tree', async () => {
    const d = leaves(7);
    const path = pathOf(3, d).map(hex);
    const leaf = hex(d[3] as Buffer);
    expect(await rootOf(leaf, 3, 7, [...path, path[0] as string])).toBeNull();
    expect(await rootOf(leaf, 3, 7, path.slice(1))).toBeNull();
    expect(await rootOf(leaf, 7, 7, path)).toBeNull();
    expect(await rootOf(leaf, -1, 7, path)).toBeNull();
  });
});

describe('isGrownFrom', () => {
  it('knows every pair of sizes up to 16 and refuses another past', async () => {
    for (let n = 1; n <= 16; n++) {
      const d = leaves(n);
      const to = { size: n, root: hex(root(d)) };
      for (let m = 1; m <= n; m++) {
        const from = { size: m, root: hex(root(d.slice(0, m))) };
        const path = m === n ? [] : proofOf(m, d).map(hex);
        expect(await isGrownFrom(from, to, path)).toBe(true);
        expect(await isGrownFrom({ ...from, root: flipped(from.root) }, to, path)).toBe(false);
        expect(await isGrownFrom(from, { ...to, root: flipped(to.root) }, path)).toBe(false);
        if (m < n) expect(await isGrownFrom(from, to, path.slice(1))).toBe(false);
      }
    }
  });
  it('never grows backwards', async () => {
    const d = leaves(5);
    const at = (n: number) => ({ size: n, root: hex(root(d.slice(0, n))) });
    expect(await isGrownFrom(at(5), at(3), [])).toBe(false);
  });
});

describe('heads', () => {
  it('hashes a leaf as the ledger does', async () => {
    expect(await hashLeaf('leaf 0')).toBe(hex(leaves(1)[0] as Buffer));
  });
  it('accepts the right signature only', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
    const text = new TextEncoder().encode('yumen-head 1\n');
    const made = sign(null, text, privateKey).toString('hex');
    expect(await isSignedBy(raw, made, text)).toBe(true);
    expect(await isSignedBy(raw, flipped(made), text)).toBe(false);
    expect(await isSignedBy(raw, 'not hex', text)).toBe(false);
  });
  it('writes what is signed as the format says', () => {
    const head = { store: 'S', size: 12, root: 'ab', at_us: 1795349880000000, key: 'K' };
    expect(headText(head)).toBe(
      'yumen-head 1\nstore S\nsize 12\nroot ab\nat 1795349880000000\nkey K\n',
    );
  });
});
