/* SPDX-License-Identifier: Apache-2.0 */
/* model - the records as the interface sends them. Optional fields are absent, never null. */
import type { OrderKind, OrderState } from './orders.ts';
import type { RoundState } from './rounds.ts';

export const KINDS = ['number', 'domain', 'url', 'account', 'device', 'company'] as const;
export const ACTIONS = ['block', 'warn', 'allow'] as const;
export const LISTING_STATES = ['proposed', 'in_force', 'expired', 'lifted', 'refused'] as const;
export const APPEAL_STATES = ['filed', 'reviewing', 'granted', 'rejected', 'withdrawn'] as const;
export const ROLES = [
  'operator',
  'analyst',
  'approver',
  'officer',
  'commander',
  'auditor',
  'feeder',
  'provider',
  'admin',
] as const;

export type Kind = (typeof KINDS)[number];
export type Action = (typeof ACTIONS)[number];
export type ListingState = (typeof LISTING_STATES)[number];
export type AppealState = (typeof APPEAL_STATES)[number];
export type Verdict = 'pass' | 'warn' | 'block';

export type Page<T> = {
  items: T[];
  next?: string | null;
  total: number;
  /* Of listings: counting ended there. */
  total_is_least?: boolean;
};

export type Listing = {
  listing: string;
  kind: Kind;
  value: string;
  display: string;
  action: Action;
  match?: 'exact' | 'suffix';
  reason: string;
  evidence?: string;
  basis: string;
  source: string;
  score?: number;
  from?: string;
  until: string;
  state: ListingState;
  proposer: string;
  approver?: string;
  notice?: string;
  division?: string;
  batch?: string;
  rpz?: 'notice' | 'nxdomain' | 'nodata' | 'tcp_only';
  proposed_at: string;
  decided_at?: string;
  ended_at?: string;
  ended_why?: string;
  revision: number;
  may?: string[];
  waits_for?: string;
};

export type Step = {
  index: number;
  at: string;
  act: string;
  actor: string;
  why?: string;
  officer?: string /* of an alert: who had it then, */;
  told?: string /* and which division had been told that it is late */;
};
export type ListingDetail = Listing & {
  history: Step[];
  matches?: { day: string; calls: number; texts: number }[];
  appeals: { appeal: string; state: AppealState; filed_at: string; due_at: string }[];
};

export type Appeal = {
  appeal: string;
  listing?: string;
  order?: string;
  round?: string /* an objection */;
  kind?: Kind;
  display?: string;
  statement: string;
  name?: string;
  contact?: string;
  state: AppealState;
  filed_at: string;
  due_at: string;
  reviewer?: string;
  decider?: string;
  decided_at?: string;
  answer?: string;
  is_late?: 0 | 1;
  division?: string;
  may?: string[];
  waits_for?: string;
};

/* To whoever has its reference: the first five; the rest with the key, which is said once. */
export type OwnAppeal = {
  appeal: string;
  state: AppealState;
  filed_at: string;
  due_at: string;
  decided_at?: string;
  secret?: string;
  answer?: string;
  listing?: { kind: Kind; display: string; state: ListingState };
  order?: { kind: OrderKind; state: OrderState };
  round?: { round: string; state: RoundState; noticed_at?: string; notice_until?: string };
};

export type Check = {
  kind: Kind;
  value: string;
  display: string;
  verdict: Verdict;
  listing?: string;
  reason?: string;
  reason_text?: string;
  basis?: string;
  from?: string;
  until?: string;
  notice?: string;
  appeal_url?: string;
};

export type Me = {
  user: { name: string; roles: string[]; division?: string } | null;
  may: string[];
  centre: {
    name: string;
    kind: 'real' | 'demonstration' | 'drill';
    profile: string;
    clock_manual?: boolean;
  };
  now?: string;
  first_run?: boolean;
  event?: number;
};

export type Centre = {
  counts: {
    in_force: number;
    proposed: number;
    expiring_24h: number;
    appeals_open: number;
    appeals_late: number;
    orders_countersign: number;
    orders_drafted: number;
    orders_late: number;
    orders_lifting: number;
    orders_alarm: number;
    orders_loud: number;
  };
  outbox_held: boolean;
  clock_leap?: { to: string; by_s: number };
  calls?: { trouble?: { text: string }; damages: { file: string; text: string }[] };
  detection: { callers: string; boxes: string; said: number; beyond: number };
  rpz_serial: number;
};

/* What a law profile offers to whoever proposes: words and longest terms. */
export type Profile = {
  profile: string;
  notice?: { zh: string; en: string };
  bases: { code: string; zh: string; en: string }[];
  reasons: { code: string; zh: string; en: string }[];
  max_term_days?: Partial<Record<Kind, Partial<Record<Action, number>>>>;
};

export type Leaf = {
  index: number;
  at: string;
  act: string;
  actor: string;
  record_kind: string;
  record: string;
  why?: string;
  hash: string;
  body?: string /* the leaf as it was hashed, where the reader may see it */;
};

export type Head = {
  store: string;
  size: number;
  root: string;
  at: string;
  at_us: number;
  key: string;
  signature: string;
  public_key: string;
};

export type InclusionProof = { index: number; size: number; leaf_hash: string; path: string[] };
export type ConsistencyProof = { from: number; to: number; path: string[] };

export type User = {
  user: string;
  name: string;
  roles: string[] | string;
  division?: string;
  state: 'proposed' | 'active' | 'disabled' | 'refused';
  proposer?: string;
  approver?: string;
  proposed_at?: string;
  may?: string[];
};

export type Refusal = {
  row: number;
  column?: string;
  code: string;
  reason: string;
  text?: string;
};

export type Batch = {
  batch: string;
  feed: string;
  source?: string;
  user?: string;
  state?: 'open' | 'waiting' | 'done' | 'dismissed';
  waits_for?: string;
  accepted: number;
  duplicate: number;
  refused: number;
  late?: number;
  entered?: number;
  renewed?: number;
  vanished?: number;
  conflicts?: number;
  opened_at?: string;
  refusals?: Refusal[];
};

export const SOURCE_STATES = ['proposed', 'in_force', 'ended', 'refused'] as const;
export const SOURCE_ROLES = ['enforces', 'protects'] as const;

/* A list that somebody else keeps, approved as a whole. */
export type Source = {
  id: string;
  name: string;
  role: (typeof SOURCE_ROLES)[number];
  kind: Kind;
  action: Action;
  match: 'exact' | 'suffix';
  reason: string;
  basis: string;
  licence: string;
  origin: string;
  evidence: string;
  notice: string;
  rpz: 'notice' | 'nxdomain' | 'nodata' | 'tcp_only';
  region?: string;
  term_days: number;
  shrink_percent: number;
  grow_percent: number;
  size: number;
  state: (typeof SOURCE_STATES)[number];
  proposer: string;
  approver?: string;
  proposed_at: string;
  decided_at?: string;
  until?: string;
  taken_at?: string;
  ended_at?: string;
  ended_why?: string;
  division: string;
  may: string[];
  mistakes?: {
    count: number;
    on_appeal: number;
    entered: number;
    low_percent?: number;
    high_percent?: number;
  };
};

export type ListAnswer = {
  batch: string;
  source: string;
  state: 'done' | 'waiting';
  waits_for?: string;
  waits_for_text?: string;
  accepted: number;
  refused: number;
  entered: number;
  renewed: number;
  vanished: number;
  conflicts: number;
};

export const CONFLICT_STATES = ['open', 'dismissed', 'listed'] as const;
export const CONFLICT_RULES = [
  'protected',
  'below_protected',
  'lifted_before',
  'opposed',
  'own_name',
] as const;

export type Conflict = {
  conflict: string;
  batch: string;
  kind: Kind;
  value: string;
  rule: (typeof CONFLICT_RULES)[number];
  against?: string;
  state: (typeof CONFLICT_STATES)[number];
  listing?: string;
  found_at: string;
  decider?: string;
  decided_at?: string;
  decided_why?: string;
  source: string;
  origin: string;
  action: Action;
  reason: string;
  may: string[];
};

export type Decided = {
  decided: number;
  refusals: { code: string; reason: string }[];
};

export type Secondary = {
  address: string;
  serial: number;
  behind_since?: string;
  served_at?: string;
  acknowledged_at?: string;
  signed: boolean;
  trouble?: string;
  trouble_at?: string;
};

export type ZoneFile = {
  path: string;
  serial: number;
  behind_since?: string;
  written_at?: string;
  trouble?: string;
  trouble_at?: string;
};

export type Resolvers = { serial: number; items: Secondary[]; files?: ZoneFile[] };

export type Way = 'list' | 'feed' | 'person';
type Tally = { count: number; on_appeal: number; median_s: number };
export type Mistakes = {
  is_cut: boolean;
  total?: Tally;
  items: (Tally & { month: string; way: Way })[];
};

export type Live = {
  id: string;
  name: string;
  listing?: string;
  appeal?: string;
  incident?: string;
  order?: string;
  report?: string;
  round?: string;
  share?: string;
  state?: string;
  kind?: string;
  display?: string;
  action?: string;
  act?: string;
  actor?: string;
  at?: string;
};
