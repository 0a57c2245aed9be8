/* SPDX-License-Identifier: Apache-2.0 */
/* rounds - made-up refund rounds, the same for the same number: every sum adds up to the fen. */
import { dice } from './trails.mjs';

const START = Date.now();
const DAY_MS = 86_400_000;
const instant = (ms) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
const inDays = (n) => instant(START + n * DAY_MS);

export const STATES = [
  'computed',
  'reviewed',
  'noticed',
  'objected',
  'approved',
  'sent',
  'paid',
  'closed',
  'void',
];
const reached = (state, by) => state !== 'void' && STATES.indexOf(state) >= STATES.indexOf(by);

/* Shares in proportion to losses, with the fen that are missing on the first. */
function sharesOf(roll, n, shared, state) {
  const losses = Array.from({ length: n }, () => 50_000 + roll(9_000_000));
  const total = losses.reduce((a, b) => a + b, 0);
  const amounts = losses.map((loss) => Math.floor((loss * shared) / total));
  amounts[0] += shared - amounts.reduce((a, b) => a + b, 0);
  const settled = state === 'paid' || state === 'closed';
  return losses.map((loss, i) => {
    const isFailed = settled && n > 2 && i === n - 1;
    return {
      share: `s-${i}`,
      claim: `01M83E6R7EC4PV54Z791T${String(1000 + i)}`,
      report: `01M83E6R7EC4PV54Z791T${String(9000 + i)}`,
      basis: n > 1 ? 'proportional' : 'direct',
      loss: Math.max(loss, amounts[i]),
      amount: amounts[i],
      state: !settled ? 'due' : isFailed ? 'failed' : 'paid',
      ...(settled && { settled_at: inDays(-1) }),
      ...(settled && !isFailed && { reference: `P2026${String(100_000 + i)}` }),
      ...(isFailed && { why: '收款账户已销户' }),
    };
  });
}

const sum = (items, of) => items.reduce((all, item) => all + of(item), 0);

const MAY = {
  computed: ['review', 'void'],
  reviewed: ['notice', 'void'],
  noticed: ['void'],
  objected: ['void'],
  paid: ['close'],
};

export function roundOf(number, { state = 'computed', claims = 3, may, more = {} } = {}) {
  const roll = dice(number + 1);
  const frozen = 1_000_000 + roll(80_000_000);
  const shared = frozen - roll(500_000);
  const shares = sharesOf(roll, claims, shared, state);
  const needs_notice = claims > 1;
  const by = (step, at, who, as) =>
    reached(state, step) && { [`${as ?? step}_at`]: inDays(at), ...who };
  const appeals =
    state === 'objected'
      ? [
          {
            appeal: 'A7K3M2Q9DXW4R',
            state: 'filed',
            filed_at: inDays(-2),
            due_at: inDays(5),
          },
        ]
      : [];
  return {
    round: `01M83ROUND${String(10_000 + number)}`,
    incident: '01M83E6R7EC4PV54Z791T4V8KJ',
    account: `6222021001${String(116_245 + number)}702`,
    display: `6222 0210 01${String(116_245 + number).slice(0, 2)} ${String(116_245 + number).slice(2)} 702`,
    bank: ['甲银行', '乙银行', '兰州农村商业银行'][number % 3],
    provider: ['bank-a', 'bank-b'][number % 2],
    orders: ['o-1', 'o-2'],
    state,
    rule: 'cn-2016',
    currency: 'CNY',
    number: 1,
    frozen,
    shared,
    unclaimed: frozen - shared,
    returned: sum(shares, (s) => (s.state === 'paid' ? s.amount : 0)),
    failed: sum(shares, (s) => (s.state === 'failed' ? s.amount : 0)),
    frozen_at: inDays(-40),
    digest: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    needs_notice,
    notice_days: 30,
    objections: appeals.length,
    computer: 'nan',
    computed_at: inDays(-36),
    ...by('reviewed', -34, { reviewer: 'li' }),
    ...(needs_notice &&
      by('noticed', -33, {
        noticer: 'li',
        notice_until: inDays(reached(state, 'approved') ? -3 : 4),
      })),
    ...by('approved', -2, {
      first_approver: 'li',
      first_approved_at: inDays(-3),
      approver: 'wang',
    }),
    ...by('sent', -2),
    ...by('paid', -1),
    ...(['closed', 'void'].includes(state) && { ended_at: inDays(-0.5) }),
    ...(state === 'void' && { ended_why: '有新的流水或权属' }),
    ...(!['closed', 'void', 'approved'].includes(state) && {
      due_at: inDays(number % 5 === 4 ? -1 : 2 + (number % 7)),
    }),
    is_late: number % 5 === 4 && !['closed', 'void', 'approved'].includes(state) ? 1 : 0,
    division: '620000',
    shares,
    appeals,
    history: [
      { index: 41, at: inDays(-36), act: 'round.compute', actor: 'nan' },
      ...(reached(state, 'reviewed')
        ? [{ index: 52, at: inDays(-34), act: 'round.review', actor: 'li' }]
        : []),
    ],
    may: may ?? MAY[state] ?? [],
    ...more,
  };
}

/* What holds a round's money: a freeze for months, and a hold for another day. */
export function holdersOf(r) {
  const order = (id, more) => ({
    order: id,
    incident: r.incident,
    state: 'executed',
    emergency: false,
    target: { kind: 'account', value: r.account, bank: r.bank, display: r.display },
    currency: r.currency,
    basis: 'fraud_law_20',
    reason: 'phishing',
    from: r.frozen_at,
    provider: r.provider,
    layer: 1,
    rank: 1,
    why: [],
    receipts: [],
    asked: 'nothing',
    proposed_at: r.frozen_at,
    proposer: 'nan',
    approver: 'li',
    may: [],
    ...more,
  });
  const part = Math.floor(r.frozen / 3);
  const rest = r.frozen - part;
  const freeze = { amount: part, until: inDays(180), basis: 'fraud_law_20', reason: 'phishing' };
  return [
    order('o-1', { kind: 'freeze', amount: rest, held: rest, until: inDays(140) }),
    order('o-2', {
      kind: 'hold',
      amount: part,
      held: part,
      until: inDays(1),
      may: ['lift', 'freeze'],
      freeze,
    }),
  ];
}

/* As the public sees it. */
export function noticeOf(r) {
  return {
    round: r.round,
    bank: r.bank,
    account: `****${r.account.slice(-4)}`,
    currency: r.currency,
    frozen: r.frozen,
    shared: r.shared,
    unclaimed: r.unclaimed,
    rule: r.rule,
    rule_text:
      '无论支出动用的是谁的资金，剩余金额都相同的权属，按该金额返还；其他权属按损失同比例返还。',
    noticed_at: r.noticed_at ?? inDays(-1),
    notice_until: r.notice_until ?? inDays(29),
    is_open: true,
    claims: r.shares.map(({ claim, loss, amount, basis }) => ({
      claim: claim.slice(-8),
      loss,
      amount,
      basis,
    })),
    digest: r.digest,
  };
}

/* Of an account by one rule: other rules move a fen's worth of money from one claim to another. */
export function refundOf(r, rule, more = {}) {
  const moved = rule === 'cn-2016' ? 0 : Math.floor(r.shares[0].amount / (rule === 'fifo' ? 3 : 7));
  return {
    account: r.account,
    display: r.display,
    bank: r.bank,
    provider: r.provider,
    orders: r.orders,
    rule,
    currency: r.currency,
    frozen: r.frozen,
    claims: r.shares.map((s, i) => ({
      claim: s.claim,
      loss: s.loss,
      basis: s.basis,
      amount: s.amount + (i === 0 ? -moved : i === 1 ? moved : 0),
    })),
    unclaimed: r.unclaimed + (r.shares.length > 1 ? 0 : moved),
    ...more,
  };
}

export const RETURNS = {
  from: inDays(-365),
  to: inDays(0),
  currency: 'CNY',
  stopped: 128_450_050,
  returned: 90_117_026,
  ratio: 0.701,
  rounds: { open: 4, closed: 37 },
  days_to_return: { median: 41.25, p90: 66, n: 112 },
  false_stops: { n: 3, of: 212 },
  release_seconds: { median: 42, p90: 180, n: 88 },
};
