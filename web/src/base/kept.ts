/* SPDX-License-Identifier: Apache-2.0 */
/* kept - what stays on this device: drafts of forms, never longer than a week. */

const PREFIX = 'yumen.draft.';
const WEEK_MS = 7 * 24 * 3600 * 1000;

export type Fields = Record<string, string>;
export type Draft = { fields: Fields; key: string; keyFor: string; at: number };

function blank(fields: Fields): Draft {
  return { fields, key: '', keyFor: '', at: Date.now() };
}

export function readDraft(name: string, fields: Fields): Draft {
  try {
    const text = localStorage.getItem(PREFIX + name);
    const draft = text ? (JSON.parse(text) as Draft) : null;
    if (draft && Date.now() - draft.at < WEEK_MS)
      return { ...draft, fields: { ...fields, ...draft.fields } };
  } catch {
    /* nothing kept: begin with an empty form */
  }
  return blank(fields);
}

export function writeDraft(name: string, draft: Draft): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    /* full or forbidden: the form itself still holds the words */
  }
}

export function dropDraft(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    /* it was never kept */
  }
}

/* randomUUID exists only on https; this works on any address. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

/* The same words sent twice carry the same key; changed words are a new request. */
export function keyOf(draft: Draft, body: string): string {
  if (draft.keyFor !== body || !draft.key) {
    draft.keyFor = body;
    draft.key = newKey();
  }
  return draft.key;
}
