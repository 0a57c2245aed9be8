/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trails - made-up incidents of any size, the same for the same seed: every fen that comes to an
 * account is passed on, still there, has left or cannot be found.
 */

/* A small generator of random numbers (mulberry32): below n. */
export function dice(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const BANKS = ['ICBC', 'ABC', 'CCB', 'BOC', 'CMB', 'PSBC'];
const KINDS = ['atm', 'crypto', 'merchant', 'abroad'];
const START = Date.parse('2026-11-20T09:00:00+08:00');

const instant = (ms) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 23)}+08:00`;
const card = (i) => `62${String(1e15 + i * 7919 + 104_729).slice(0, 17)}`;
const inFours = (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1 ');

/* An amount in n parts that add up to it; the first is the largest more often than not. */
function split(amount, n, roll) {
  const weights = Array.from({ length: n }, (_, i) => 1 + roll(100) / (1 + i));
  const all = weights.reduce((a, b) => a + b, 0);
  const parts = weights.map((w) => Math.floor((amount * w) / all));
  parts[0] += amount - parts.reduce((a, b) => a + b, 0);
  return parts;
}

function fresh(world, layer, bank) {
  const account = card(world.made++);
  const node = {
    account,
    display: inFours(account),
    bank,
    layer,
    received: 0,
    attributed: 0,
    present: 0,
    held: 0,
    exited: 0,
    unknown: 0,
  };
  world.nodes.push(node);
  return node;
}

function pay(world, from, to, amount, layer, time) {
  to.received += amount + world.roll(3) * 10_000;
  to.attributed += amount;
  to.first = to.first && to.first < instant(time) ? to.first : instant(time);
  to.last = to.last && to.last > instant(time) ? to.last : instant(time);
  world.edges.push({
    transfer: `T${String(world.edges.length + 1).padStart(7, '0')}`,
    from,
    to: to.account,
    time: instant(time),
    amount: amount + world.roll(2) * 5_000,
    attributed: amount,
    layer,
    status: 'booked',
  });
}

/* What does not go on: stays, is held, leaves by an exit, or cannot be followed. */
function rest(world, node, amount) {
  const what = world.roll(10);
  if (what < 4) {
    const kind = KINDS[world.roll(KINDS.length)];
    node.exited += amount;
    world.exits.push({ account: node.account, kind, amount });
  } else if (what < 5) node.unknown += amount;
  else {
    node.present += amount;
    if (what < 7) node.held += Math.floor(amount / (1 + world.roll(2)));
  }
}

function spread(world, node, n, layer) {
  const kept = world.roll(3) ? Math.floor(node.attributed / (5 + world.roll(20))) : 0;
  if (kept) rest(world, node, kept);
  const parts = split(node.attributed - kept, n, world.roll);
  const time = Date.parse(node.last) + (1 + world.roll(240)) * 60_000;
  parts.forEach((part, i) => {
    if (!part) return;
    const old = world.next.length && world.roll(9) === 0;
    const to = old
      ? world.next[world.roll(world.next.length)]
      : fresh(world, layer, BANKS[world.roll(BANKS.length)]);
    if (!old) world.next.push(to);
    pay(world, node.account, to, part, layer, time + i * 1000);
  });
}

const SHARE = [0.004, 0.04, 0.16, 0.3, 0.3, 0.196];

/* A trail with so many accounts, in up to six layers, that began with so many victims. */
export function trailOf({
  nodes = 60,
  victims = 2,
  seed = 7,
  method = 'fifo',
  ambiguous = 2,
} = {}) {
  const world = { roll: dice(seed), made: 1, nodes: [], edges: [], exits: [], next: [] };
  const amounts = Array.from({ length: victims }, () => (20 + world.roll(400)) * 1_000_000 + 37);
  const firsts = Math.max(1, Math.round(nodes * SHARE[0]));
  for (let i = 0; i < firsts; i++) world.next.push(fresh(world, 1, BANKS[i % BANKS.length]));
  const sources = [];
  amounts.forEach((amount, i) => {
    split(amount, Math.min(2, firsts), world.roll).forEach((part, k) => {
      const from = card(912_345_678 + i);
      pay(world, from, world.next[(i + k) % firsts], part, 1, START + (i * 10 + k) * 60_000);
      const { transfer, to, time } = world.edges.at(-1);
      world.edges.at(-1).amount = part;
      sources.push({ transfer, from, to, amount: part, time });
    });
  });
  for (let layer = 2; layer <= SHARE.length; layer++) {
    const now = world.next.filter((n) => n.attributed > 0);
    world.next = [];
    const wanted = Math.round(nodes * SHARE[layer - 1]);
    const spreading = now.slice(0, Math.max(1, Math.ceil(now.length * 0.7)));
    for (const node of now.slice(spreading.length)) rest(world, node, node.attributed);
    spreading.forEach((node, i) => {
      const share = Math.max(1, Math.round((wanted - world.next.length) / (spreading.length - i)));
      spread(world, node, share, layer);
    });
  }
  for (const node of world.next) rest(world, node, node.attributed);
  world.nodes = world.nodes.filter((n) => n.attributed > 0);
  return finished(world, { sources, method, ambiguous });
}

function finished(world, { sources, method, ambiguous }) {
  const total = (name) => world.nodes.reduce((n, node) => n + node[name], 0);
  const stolen = sources.reduce((n, s) => n + s.amount, 0);
  const doubted = world.nodes.slice(1, 1 + ambiguous);
  const trail = {
    incident: 'i-20261120-0007',
    method,
    as_of: instant(START + 3 * 86_400_000),
    currency: 'CNY',
    sources,
    nodes: world.nodes,
    edges: world.edges,
    exits: world.exits,
    ambiguities: doubted.map((n) => ({
      account: n.account,
      transfers: world.edges
        .filter((e) => e.from === n.account || e.to === n.account)
        .slice(0, 2)
        .map((e) => e.transfer),
      reason: 'same_second',
    })),
    totals: {
      stolen,
      present: total('present'),
      held: total('held'),
      exited: total('exited'),
      unknown: total('unknown'),
    },
  };
  if (world.nodes[2]) world.nodes[2].listing = '01JD0000000000000000000001';
  return method === 'reach' ? reached(trail) : trail;
}

/* With reach alone nobody's part is known. */
function reached(trail) {
  const names = ['attributed', 'present', 'held', 'exited', 'unknown'];
  for (const thing of [...trail.nodes, ...trail.edges])
    for (const name of names) delete thing[name];
  return { ...trail, exits: [], ambiguities: [], totals: { stolen: trail.totals.stolen } };
}

export function incidentOf(trail, more = {}) {
  return {
    incident: trail.incident,
    state: 'following',
    division: '620000',
    opened_at: '2026-11-20T09:40:00+08:00',
    opened_by: 'nan',
    said: '接到自称客服的来电，按对方要求向“安全账户”转账。',
    currency: 'CNY',
    stolen: trail.totals.stolen,
    sources: trail.sources.map(({ from: _, ...s }) => s),
    may: [],
    history: [{ index: 812, at: '2026-11-20T09:40:00+08:00', act: 'incident.open', actor: 'nan' }],
    ...more,
  };
}

export function accountOf(trail, account, { transfers = 0 } = {}) {
  const node = trail.nodes.find((n) => n.account === account);
  const own = trail.edges
    .filter((e) => e.from === account || e.to === account)
    .map(({ layer: _, ...e }, i) => ({
      ...e,
      currency: 'CNY',
      seq: i + 1,
      balance_after: 1_234_567,
      on_trail: true,
    }));
  const more = Array.from({ length: Math.max(0, transfers - own.length) }, (_, i) => ({
    transfer: `H${String(i + 1).padStart(7, '0')}`,
    from: i % 2 ? account : card(500_000 + i),
    to: i % 2 ? card(600_000 + i) : account,
    time: instant(START - (i + 1) * 3_600_000),
    amount: 12_300 + i,
    currency: 'CNY',
    status: 'booked',
    channel: 'mobile',
    balance_after: 456_700 + i,
    on_trail: false,
  }));
  return {
    account,
    display: inFours(account),
    bank: node?.bank ?? 'ICBC',
    outlet: '兰州城关支行',
    holder_kind: 'person',
    opened: '2026-09-03T00:00:00+08:00',
    device: '866123040012345',
    ip: '203.0.113.7',
    listing: node?.listing,
    node,
    items: [...own, ...more],
  };
}
