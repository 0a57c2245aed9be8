/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness - this browser as a witness of the ledger: it checks signatures and proofs itself, and
 * remembers the last head it saw, so that a history rewritten since is found out.
 */
import { get, search } from './api.ts';
import { hashLeaf, headText, isGrownFrom, isHashingHere, isSignedBy, rootOf } from './merkle.ts';
import type { ConsistencyProof, Head, InclusionProof, Leaf } from './model.ts';
import type { Fill } from './words.ts';

/* isGood: true, false, or null when it could not be checked here. */
export type Finding = { key: string; fill?: Fill; isGood: boolean | null };

const KEPT_AS = 'yumen.head';
type Seen = { size: number; root: string; at: string; public_key: string };

function readSeen(): Seen | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? 'null') as Seen | null;
  } catch {
    return null;
  }
}

function keepSeen(head: Head): void {
  const { size, root, at, public_key } = head;
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify({ size, root, at, public_key }));
  } catch {
    /* then the next visit begins anew */
  }
}

export async function checkHead(head: Head): Promise<Finding[]> {
  if (!isHashingHere()) return [{ key: 'ui.ledger.no_crypto', isGood: null }];
  const text = new TextEncoder().encode(headText(head)) as Uint8Array<ArrayBuffer>;
  const isSigned = await isSignedBy(head.public_key, head.signature, text);
  const word = isSigned === null ? 'unknown' : isSigned ? 'good' : 'bad';
  return [{ key: `ui.ledger.signature_${word}`, isGood: isSigned }];
}

/* Has the ledger only grown since this browser last looked? */
export async function checkGrowth(head: Head): Promise<Finding[]> {
  if (!isHashingHere()) return [];
  const seen = readSeen();
  if (!seen) {
    keepSeen(head);
    return [{ key: 'ui.ledger.first_look', isGood: null }];
  }
  if (seen.public_key !== head.public_key) {
    keepSeen(head);
    return [{ key: 'ui.ledger.other_key', isGood: null }];
  }
  const fill = { size: seen.size, now: head.size };
  if (seen.size > head.size) return [{ key: 'ui.ledger.shrunk', fill, isGood: false }];
  let path: string[] = [];
  if (seen.size > 0 && seen.size < head.size)
    path = (
      await get<ConsistencyProof>(`/v1/audit/proof${search({ from: seen.size, to: head.size })}`)
    ).path;
  const isGood = await isGrownFrom(seen, head, path);
  if (isGood) keepSeen(head);
  return [{ key: isGood ? 'ui.ledger.grown' : 'ui.ledger.rewritten', fill, isGood }];
}

/* Is this leaf in the signed tree, and is what is shown what was hashed? */
export async function checkLeaf(leaf: Leaf, head: Head): Promise<Finding[]> {
  if (!isHashingHere()) return [{ key: 'ui.ledger.no_crypto', isGood: null }];
  const asked = search({ index: leaf.index, size: head.size });
  const proof = await get<InclusionProof>(`/v1/audit/proof${asked}`);
  const root = await rootOf(proof.leaf_hash, leaf.index, head.size, proof.path);
  const isIn = root === head.root.toLowerCase() && proof.leaf_hash === leaf.hash;
  const fill = { index: leaf.index, size: head.size, steps: proof.path.length };
  const findings: Finding[] = [
    { key: isIn ? 'ui.ledger.included' : 'ui.ledger.not_included', fill, isGood: isIn },
  ];
  if (leaf.body !== undefined) {
    const isSame = (await hashLeaf(leaf.body)) === leaf.hash;
    findings.push({ key: isSame ? 'ui.ledger.body_same' : 'ui.ledger.body_other', isGood: isSame });
  }
  return findings;
}
