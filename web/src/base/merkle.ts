/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merkle - checks the ledger's proofs in the reader's own browser (RFC 6962, sections 2.1.1-2.1.3;
 * the loops are those of RFC 9162, 2.1.3.2 and 2.1.4.2). SHA-256 and Ed25519 are the browser's.
 */

export const isHashingHere = (): boolean => typeof crypto !== 'undefined' && !!crypto.subtle;

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  if (hex.length % 2 || /[^0-9a-f]/i.test(hex)) throw new RangeError('not hexadecimal');
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

async function hashChildren(left: string, right: string): Promise<string> {
  const a = fromHex(left);
  const b = fromHex(right);
  const node = new Uint8Array(1 + a.length + b.length);
  node[0] = 1;
  node.set(a, 1);
  node.set(b, 1 + a.length);
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', node)));
}

/* The hash of a leaf from its very bytes (RFC 6962, 2.1). */
export async function hashLeaf(body: string): Promise<string> {
  const bytes = new TextEncoder().encode(body);
  const leaf = new Uint8Array(1 + bytes.length);
  leaf.set(bytes, 1);
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', leaf)));
}

const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);

/* The root that this leaf and path lead to, or null when the path cannot be one. */
export async function rootOf(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
): Promise<string | null> {
  if (index < 0 || index >= size) return null;
  let fn = index;
  let sn = size - 1;
  let hash = leaf.toLowerCase();
  for (const sibling of path) {
    if (sn === 0) return null;
    if (isOdd(fn) || fn === sn) {
      hash = await hashChildren(sibling, hash);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = await hashChildren(hash, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 ? hash : null;
}

/* Is the tree `from` a beginning of the tree `to`? */
export async function isGrownFrom(
  from: { size: number; root: string },
  to: { size: number; root: string },
  path: readonly string[],
): Promise<boolean> {
  if (from.size === to.size) return from.root === to.root && path.length === 0;
  if (from.size === 0) return path.length === 0;
  if (from.size > to.size) return false;
  const isWhole = Number.isInteger(Math.log2(from.size));
  const [first, ...rest] = isWhole ? [from.root, ...path] : path;
  if (first === undefined) return false;
  let fn = from.size - 1;
  let sn = to.size - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  let old = first;
  let grown = first;
  for (const c of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      old = await hashChildren(c, old);
      grown = await hashChildren(c, grown);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      grown = await hashChildren(grown, c);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && old === from.root.toLowerCase() && grown === to.root.toLowerCase();
}

/* true, false, or null when this browser has no Ed25519. */
export async function isSignedBy(
  publicKey: string,
  signature: string,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean | null> {
  try {
    const key = await crypto.subtle.importKey('raw', fromHex(publicKey), 'Ed25519', false, [
      'verify',
    ]);
    return await crypto.subtle.verify('Ed25519', key, fromHex(signature), message);
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    return null;
  }
}

/* What is signed, line by line (docs/formats/ledger.md). */
export function headText(head: {
  store: string;
  size: number;
  root: string;
  at_us: number;
  key: string;
}): string {
  const { store, size, root, at_us, key } = head;
  return `yumen-head 1\nstore ${store}\nsize ${size}\nroot ${root}\nat ${at_us}\nkey ${key}\n`;
}
