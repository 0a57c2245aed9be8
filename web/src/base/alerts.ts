/* SPDX-License-Identifier: Apache-2.0 */
/* alerts - somebody may be being deceived: who is to be reached, how, by when, and what came of it. */
import { post, sayProblem } from './api.ts';
import { newKey } from './kept.ts';
import type { Step } from './model.ts';
import { serverNow } from './time.ts';

export const TIERS = ['urgent', 'high', 'medium', 'low'] as const;
export const ALERT_STATES = ['open', 'assigned', 'reached', 'closed'] as const;
export const MEANS = ['message', 'call', 'second_call', 'guardian', 'visit'] as const;
export const RESULTS = ['reached', 'refused', 'no_answer', 'unreachable'] as const;
export const OUTCOMES = ['confirmed', 'refuted', 'unreachable'] as const;

export type Tier = (typeof TIERS)[number];
export type AlertState = (typeof ALERT_STATES)[number];
export type AlertAct =
  | 'outreach'
  | 'outcome'
  | 'assign'
  | 'take'
  | 'refuse'
  | 'handover'
  | 'checkback'
  | 'hush'
  | 'whereabouts';

export type Attempt = {
  outreach: string;
  means: (typeof MEANS)[number];
  result: string;
  done_at: string;
  by: string;
  note?: string;
};

/* What gave what, in thousandths of a nat, each time that it rose. */
export type Rise = {
  at: string;
  tier: Tier;
  micro: number;
  parts: { kind?: string; pair?: string; source?: string; evidence?: string; given: number }[];
};

export type Alert = {
  alert: string;
  tier: Tier;
  highest: Tier;
  micro: number;
  scam?: string;
  scam_text?: string;
  state: AlertState;
  ending: 'none' | 'outcome' | 'faded';
  withheld: 'none' | 'hushed' | 'day' | 'number';
  unsent: 'none' | 'place' | 'station' | 'nobody';
  opened_at: string;
  due_at?: string;
  closed_at?: string;
  officer?: string;
  taken_at?: string;
  reached_at?: string;
  means: 'none' | (typeof MEANS)[number];
  step_at?: string;
  step_due?: string;
  tries: number;
  is_late: number;
  is_faint: number;
  outcome: 'none' | (typeof OUTCOMES)[number];
  paid: number;
  saved: number;
  note?: string;
  outcome_by?: string;
  checking: 'none' | 'asked' | 'agreed' | 'differed';
  checker?: string;
  is_missed: number;
  division: string;
  may: AlertAct[];
  outreach?: Attempt[];
  ladder?: { means: (typeof MEANS)[number]; within_min: number }[];
  history?: Step[];
  number?: string;
  parts?: Rise[];
};

export const addressOf = (id: string, act = ''): string =>
  `/v1/alerts/${encodeURIComponent(id)}${act && `/${act}`}`;

/*
 * What an officer did where there was no line: kept on the device, sent when there is one, each under
 * the key it was given then, so that it counts once. What the centre refuses stays, with its reason,
 * until the officer has seen it. On a telephone that is handed on, another's wait until they sign in.
 */
export type Said = {
  by: string;
  alert: string;
  act: AlertAct;
  body: object;
  key: string;
  refused?: string;
};

const KEPT_AS = 'yumen.duty';

function readAll(): Said[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? '[]') as Said[];
  } catch {
    return [];
  }
}

export const readSaid = (by: string): Said[] => readAll().filter((s) => s.by === by);

function writeSaid(all: Said[]): void {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(all));
  } catch {
    /* full or forbidden: it was tried at once, and is tried while the page is open */
  }
}

export function keepSaid(by: string, alert: string, act: AlertAct, body: object): void {
  const said = { by, alert, act, body: { ...body, at: serverNow() }, key: newKey() };
  writeSaid([...readAll(), said]);
}

export function dropSaid(key: string): void {
  writeSaid(readAll().filter((s) => s.key !== key));
}

let isSending = false;

/* In the order in which it was done; ends where the line does, or leads to the sign-in. */
export async function sendSaid(by: string): Promise<boolean> {
  if (isSending) return false;
  isSending = true;
  try {
    for (const one of readSaid(by).filter((s) => !s.refused)) {
      try {
        await post(addressOf(one.alert, one.act), one.body, { key: one.key });
        dropSaid(one.key);
      } catch (cause) {
        const problem = sayProblem(cause);
        const isFinal = problem.status >= 400 && problem.status < 500 && problem.status !== 429;
        if (!isFinal || problem.status === 401) return false;
        writeSaid(
          readAll().map((s) => (s.key === one.key ? { ...s, refused: problem.detail } : s)),
        );
      }
    }
    return true;
  } finally {
    isSending = false;
  }
}
