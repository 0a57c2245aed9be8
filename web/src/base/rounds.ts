/* SPDX-License-Identifier: Apache-2.0 */
/* rounds - refund rounds as the server says them: at which step one is, and who may act next. */
import type { AppealState, Page, Step } from './model.ts';

export const ROUND_STATES = [
  'computed',
  'reviewed',
  'noticed',
  'objected',
  'approved',
  'sent',
  'paid',
  'closed',
  'void',
] as const;
export type RoundState = (typeof ROUND_STATES)[number];
export const OPEN_ROUNDS: readonly RoundState[] = ROUND_STATES.slice(0, 7);

export const RULES = ['cn-2016', 'fifo', 'proportional'] as const;
export type Rule = (typeof RULES)[number];
export type Basis = 'direct' | 'timestamp' | 'proportional';
export type RoundAct = 'review' | 'notice' | 'approve' | 'close' | 'void';
export type ShareState = 'due' | 'paid' | 'failed';

/* What the provider said of a share, once. */
export type ShareWord = {
  receipt: string;
  result: 'pending' | 'done' | 'refused' | 'bounced';
  fate: 'taken' | 'stale' | 'contradicting';
  reference?: string;
  reason?: string;
  at: string;
};

export type Share = {
  share: string;
  claim: string;
  report?: string;
  to?: string;
  basis: Basis;
  loss: number;
  amount: number;
  state: ShareState;
  settled_at?: string;
  reference?: string;
  why?: string;
  receipts?: ShareWord[];
};

export type Round = {
  round: string;
  incident: string;
  account: string;
  display: string;
  bank?: string;
  provider: string;
  orders: string[];
  state: RoundState;
  rule: Rule;
  currency: string;
  number: number;
  frozen: number;
  shared: number;
  unclaimed: number;
  returned: number;
  failed: number;
  frozen_at: string;
  digest: string;
  needs_notice: boolean;
  doubts?: number /* claims of which somebody else may say that it was their money */;
  notice_days: number;
  objections: number;
  computer?: string;
  computed_at: string;
  reviewer?: string;
  reviewed_at?: string;
  noticer?: string;
  noticed_at?: string;
  notice_until?: string;
  first_approver?: string;
  first_approved_at?: string;
  approver?: string;
  approved_at?: string;
  sent_at?: string;
  paid_at?: string;
  ended_at?: string;
  ended_why?: string;
  due_at?: string;
  is_late: 0 | 1 | boolean;
  division?: string;
  is_stale?: boolean;
  may: RoundAct[];
};

export type RoundDetail = Round & {
  hindered?: { code: string; reason: string } /* what its orders would refuse of the next step */;
  shares: Share[];
  contradictions?: number;
  appeals: { appeal: string; state: AppealState; filed_at: string; due_at: string }[];
  history?: Step[];
};

/* Of an account of an incident: whose the frozen money is, by one rule. */
export type Refund = {
  account: string;
  display?: string;
  bank?: string;
  provider?: string;
  orders?: string[];
  round?: string;
  rule: Rule;
  currency: string;
  frozen: number;
  claims: { claim: string; loss: number; basis: Basis; amount: number }[];
  unclaimed: number;
  statement?: { doubts?: { doubt?: string; zh?: string; en?: string }[] };
};

/* What everybody may know of a round, without names. */
export type Notice = {
  round: string;
  bank?: string;
  account: string;
  currency: string;
  frozen: number;
  shared: number;
  unclaimed: number;
  rule: Rule;
  rule_text: string;
  noticed_at: string;
  notice_until: string;
  is_open?: boolean;
  claims: { claim: string; loss: number; amount: number; basis: Basis }[];
  digest: string;
};
export type Notices = Page<Notice>;

export type Returns = {
  from: string;
  to: string;
  currency: string;
  stopped: number;
  returned: number;
  ratio?: number;
  rounds: { open: number; closed: number };
  days_to_return: { median?: number; p90?: number; n: number };
  false_stops: { n: number; of: number };
  release_seconds: { median?: number; p90?: number; n: number };
};

export const isOpenRound = (r: Round): boolean => OPEN_ROUNDS.includes(r.state);
export const isLateRound = (r: Round): boolean => !!r.is_late;

/* While it is public anybody may object; after that two people approve. */
export const noticeRuns = (r: { notice_until?: string }, now_ms: number): boolean =>
  !!r.notice_until && Date.parse(r.notice_until) > now_ms;

/* Which sentence says who may act next. */
export function waitsOf(r: Round, now_ms: number): string {
  if (r.state === 'reviewed') {
    if (r.needs_notice) return 'notice';
    return r.first_approver ? 'second' : 'first';
  }
  if (r.state === 'noticed') {
    if (noticeRuns(r, now_ms)) return 'objections';
    return r.first_approver ? 'second' : 'first';
  }
  return r.state;
}

/* The steps of a round as a person follows them, with who and when once it is done. */
export type RoundStep = { name: string; at?: string; who?: string; until?: string };

export function stepsOf(r: Round): RoundStep[] {
  const step = (name: string, at?: string, who?: string, until?: string): RoundStep => ({
    name,
    ...(at && { at }),
    ...(who && { who }),
    ...(until && { until }),
  });
  return [
    step('computed', r.computed_at, r.computer),
    step('reviewed', r.reviewed_at, r.reviewer),
    ...(r.needs_notice ? [step('noticed', r.noticed_at, r.noticer, r.notice_until)] : []),
    step('first', r.first_approved_at, r.first_approver),
    step('approved', r.approved_at, r.approver),
    step('sent', r.sent_at, r.provider),
    step('paid', r.paid_at),
    r.state === 'void' ? step('void', r.ended_at) : step('closed', r.ended_at),
  ];
}

/* The step that is being waited for: a notice that runs is not over. */
export function stepAt(r: Round, now_ms: number): number {
  const steps = stepsOf(r);
  const isPublic = ['objections', 'objected'].includes(waitsOf(r, now_ms));
  return steps.findIndex((s) => (isPublic ? s.name === 'noticed' : !s.at));
}

export const ROUND_TABS = ['open', 'late', 'noticed', 'closed', 'void'] as const;
export type RoundTab = (typeof ROUND_TABS)[number];

export const roundTabOf = (said: string): RoundTab => ROUND_TABS.find((s) => s === said) ?? 'open';

export function statesOf(tab: RoundTab): readonly RoundState[] {
  if (tab === 'noticed') return ['noticed', 'objected'];
  return tab === 'closed' || tab === 'void' ? [tab] : OPEN_ROUNDS;
}

/* Shares of one claim under several rules side by side: a row for each claim, the first rule's order. */
export function sideBySide(refunds: (Refund | undefined)[]): {
  claim: string;
  loss: number;
  basis: Basis | undefined;
  amounts: (number | undefined)[];
}[] {
  const rows = new Map<string, { loss: number; basis: Basis | undefined }>();
  for (const [i, refund] of refunds.entries())
    for (const c of refund?.claims ?? [])
      if (!rows.has(c.claim)) rows.set(c.claim, { loss: c.loss, basis: i ? undefined : c.basis });
  return [...rows].map(([claim, row]) => ({
    claim,
    ...row,
    amounts: refunds.map((r) =>
      r ? (r.claims.find((c) => c.claim === claim)?.amount ?? 0) : undefined,
    ),
  }));
}
