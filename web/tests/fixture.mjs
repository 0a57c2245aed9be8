/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixture - answers the console's requests while the pages are being written, from memory.
 *
 * For development only: it judges nothing, forgets everything and is no part of the product. The
 * browser tests run against the real server as soon as BASE_URL names one; then this file goes.
 *
 *   node tests/fixture.mjs [port]     FILL=n: so many listings at the start; FILL=0: an empty store
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const DIST = new URL('../dist/', import.meta.url).pathname;
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const DAY = 86_400_000;
const iso = (ms) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
const sha = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/* ---- the tree of RFC 6962, the short way ---- */
const leafHash = (body) => sha(Buffer.from([0]), body);
const node = (a, b) => sha(Buffer.from([1]), a, b);
const split = (n) => 2 ** (Math.ceil(Math.log2(n)) - 1);
function root(d) {
  if (d.length === 0) return sha('');
  if (d.length === 1) return d[0];
  const k = split(d.length);
  return node(root(d.slice(0, k)), root(d.slice(k)));
}
function inclusion(m, d) {
  if (d.length <= 1) return [];
  const k = split(d.length);
  return m < k
    ? [...inclusion(m, d.slice(0, k)), root(d.slice(k))]
    : [...inclusion(m - k, d.slice(k)), root(d.slice(0, k))];
}
function consistency(m, d, isWhole = true) {
  if (m === d.length) return isWhole ? [] : [root(d)];
  const k = split(d.length);
  return m <= k
    ? [...consistency(m, d.slice(0, k), isWhole), root(d.slice(k))]
    : [...consistency(m - k, d.slice(k), false), root(d.slice(0, k))];
}

export function openFixture({ fill = 40 } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicHex = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const users = new Map();
  const sessions = new Map();
  const listings = new Map();
  const appeals = new Map();
  const batches = new Map();
  const leaves = [];
  const answered = new Map();
  const streams = new Set();
  let serial = 0;

  const newId = (prefix) => `${prefix}${(Date.now() * 1000 + serial++).toString(36).toUpperCase()}`;

  function record(act, actor, kind, id, why, live) {
    const at = Date.now();
    const leaf = { index: leaves.length, at: iso(at), act, actor, record_kind: kind, record: id };
    if (why) leaf.why = why;
    leaf.body = `yumen-leaf 1\nat ${at}000\nact ${act}\nactor ${actor}\nkind ${kind}\nrecord ${id}\nwhy=${why ?? ''}\n`;
    leaf.hash = leafHash(Buffer.from(leaf.body)).toString('hex');
    leaves.push(leaf);
    if (!live) return;
    const text = `id: ${leaf.index}\nevent: ${kind}\ndata: ${JSON.stringify({ ...live, act, actor, at: leaf.at })}\n\n`;
    for (const stream of streams) stream.write(text);
  }

  const ROLE_ACTS = {
    operator: ['listing.propose'],
    analyst: ['listing.propose', 'batch.open', 'batch.read'],
    approver: [
      'listing.approve',
      'listing.refuse',
      'listing.lift',
      'appeal.review',
      'appeal.grant',
      'appeal.reject',
      'batch.read',
      'user.approve',
      'centre.reconcile',
    ],
    admin: ['user.propose', 'user.disable'],
    auditor: ['centre.audit'],
  };
  const mayOf = (u) => [...new Set((u?.roles ?? []).flatMap((r) => ROLE_ACTS[r] ?? []))];

  function addUser(name, roles, password, state = 'active', proposer) {
    users.set(name, {
      user: newId('U'),
      name,
      roles,
      password,
      state,
      proposer,
      proposed_at: iso(Date.now()),
    });
  }
  addUser('nan', ['analyst', 'operator', 'admin'], 'nan-password');
  addUser('li', ['approver', 'auditor'], 'li-password');

  /* ---- listings ---- */
  const GUESS = [
    [/^(\+86)?1[3-9]\d{9}$/, 'number', (v) => `+86${v.replace(/^\+86/, '')}`],
    [/^(95|96|400|12)\d{2,8}$/, 'number', (v) => `short:86:${v}`],
    [/^\d{15}$/, 'device', (v) => v],
    [/^\d{16,19}$/, 'account', (v) => v],
    [/^https?:\/\//, 'url', (v) => v],
    [/^[0-9A-Z]{18}$/, 'company', (v) => v],
    [/^[^\s/]+\.[^\s/]{2,}$/, 'domain', (v) => v.toLowerCase().replace(/\.$/, '')],
  ];
  function guess(text, kind) {
    const value = /^[\d\s+-]+$/.test(text) ? text.replace(/[\s-]/g, '') : text.trim();
    for (const [shape, k, canon] of GUESS)
      if (shape.test(value) && (!kind || k === kind))
        return { kind: k, value: canon(value), display: show(k, canon(value)) };
    return null;
  }
  function show(kind, value) {
    if (kind === 'number')
      return value.replace(/^short:86:/, '').replace(/^\+86(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3');
    if (kind === 'account' || kind === 'device') return value.replace(/(\d{4})(?=\d)/g, '$1 ');
    return value;
  }
  function withMay(l, who) {
    const own = who && l.proposer === who.name;
    const acts = mayOf(who);
    const may = [];
    if (l.state === 'proposed' && !own && acts.includes('listing.approve'))
      may.push('approve', 'refuse');
    if (l.state === 'in_force' && acts.includes('listing.lift')) may.push('lift');
    const out = { ...l, may };
    if (l.state === 'proposed' && !may.length) out.waits_for = 'ui.listing.waits';
    return out;
  }
  const liveOf = (l) => ({
    listing: l.listing,
    state: l.state,
    kind: l.kind,
    display: l.display,
    action: l.action,
  });
  function propose(body, name, at = Date.now()) {
    const seen = guess(String(body.value ?? ''), body.kind);
    if (!seen)
      throw problem(422, 'indicator.unknown', '无法识别这个标识，请检查后重新填写。', 'value');
    if (Date.parse(body.until) < Date.now())
      throw problem(422, 'until.past', '截止时间已过。', 'until');
    if (Date.parse(body.until) > Date.now() + 366 * DAY)
      throw problem(422, 'until.beyond_limit', '期限超过规则包允许的上限。', 'until');
    const l = {
      listing: newId('L'),
      ...seen,
      action: body.action,
      match: body.match ?? 'exact',
      reason: body.reason,
      evidence: body.evidence,
      basis: body.basis,
      source: body.source ?? 'centre',
      score: body.score,
      from: body.from,
      until: body.until,
      state: 'proposed',
      proposer: name,
      notice: body.notice,
      division: '62',
      batch: body.batch,
      rpz: body.rpz,
      proposed_at: iso(at),
      revision: 1,
    };
    listings.set(l.listing, l);
    record('listing.propose', name, 'listing', l.listing, '', liveOf(l));
    return l;
  }
  const VERBS = {
    approve: ['proposed', 'in_force'],
    refuse: ['proposed', 'refused'],
    lift: ['in_force', 'lifted'],
  };
  function act(id, verb, who, why) {
    const l = listings.get(id);
    if (!l) throw problem(404, 'listing.absent', '没有这条名单条目。');
    if (!withMay(l, who).may.includes(verb))
      throw problem(409, 'listing.same_person', '您是提议人，须由另一人批准。');
    l.state = VERBS[verb][1];
    l.revision++;
    if (verb === 'lift') Object.assign(l, { ended_at: iso(Date.now()), ended_why: why });
    else Object.assign(l, { approver: who.name, decided_at: iso(Date.now()) });
    if (verb === 'approve') l.from ??= iso(Date.now());
    if (verb === 'refuse') l.ended_why = why;
    record(`listing.${verb}`, who.name, 'listing', id, why, liveOf(l));
    return withMay(l, who);
  }

  const REASONS = [
    'phishing',
    'impersonation_police',
    'fake_shop',
    'investment',
    'loan',
    'brushing',
    'mule_account',
  ];
  function seed(n) {
    const actions = ['block', 'block', 'block', 'warn', 'allow'];
    const made = [
      (i) => `1${[39, 51, 86, 70][i % 4]}${String(10_000_000 + i * 7919).slice(-8)}`,
      (i) => `secure-login-${i}.example-pay${i % 7}.com`,
      (i) => `62220210${String(10_000_000_000 + i * 104_729)}`,
      (i) => `https://m.gov-refund${i}.top/apply?id=${i}`,
      (i) => `35${String(1_000_000_000_000 + i * 15_485_863)}`,
    ];
    for (let i = 0; i < n; i++) {
      const value = made[i % made.length](i);
      const l = propose(
        {
          value,
          action: actions[i % actions.length],
          match: i % 3 ? 'exact' : 'suffix',
          reason: REASONS[i % REASONS.length],
          evidence: `62-2026-${String(1000 + i)}：群众举报 ${1 + (i % 5)} 次，页面要求填写银行卡号和验证码。`,
          basis: 'fraud_law_24',
          source: i % 4 ? '96110' : 'openphish',
          score: i % 3 ? 60 + (i % 40) : undefined,
          until: iso(Date.now() + (1 + (i % 60)) * DAY + i * 61_000),
          notice: '该标识因涉嫌诈骗被列入名单。如有异议，可以申诉。',
          batch: i % 10 === 3 ? 'B7Q2' : undefined,
          rpz: 'notice',
        },
        i % 5 === 4 ? 'li' : 'nan',
        Date.now() - (n - i) * 660_000,
      );
      if (i % 4 !== 3)
        act(
          l.listing,
          'approve',
          l.proposer === 'li' ? { name: 'nan', roles: ['approver'] } : users.get('li'),
        );
      if (i % 9 === 5 && l.state === 'in_force')
        act(l.listing, 'lift', users.get('li'), '列入有误');
    }
    if (n) {
      batches.set('B7Q2', {
        batch: 'B7Q2',
        feed: 'listings',
        source: 'openphish-2026-11-22.csv',
        user: 'nan',
        state: 'done',
        accepted: 4,
        duplicate: 1,
        refused: 2,
        opened_at: iso(Date.now() - 7_200_000),
        refusals: [
          { row: 3, column: 'until', code: 'until.past', reason: '截止时间已过。' },
          { row: 6, column: 'value', code: 'domain.label', reason: '域名中有一段过长或为空。' },
        ],
      });
      const inForce = [...listings.values()].filter((l) => l.state === 'in_force');
      [[37 * 60_000 + 12_000], [-2 * 3_600_000], [6 * DAY], [30 * 3_600_000]].forEach(
        ([left], i) => {
          const l = inForce[i];
          if (l)
            file(
              {
                listing: l.listing,
                statement: [
                  '这是我本人使用了十年的号码，用来联系客户，请核实。',
                  '网站是我们公司的官网，被误认为仿冒网站，附备案号：甘ICP备2026001号。',
                  '账户是菜市场的收款账户，每天几百笔小额收款，不是跑分。',
                  '我刚买的二手手机，以前谁用过我不知道。',
                ][i],
                name: '王某',
                contact: '139 0000 0000',
              },
              Date.now() + left,
            );
        },
      );
    }
  }
  function file(body, due = Date.now() + 14 * DAY) {
    let l = listings.get(body.listing);
    if (!l && body.value) {
      const seen = guess(body.value, body.kind);
      l = [...listings.values()].find((x) => x.value === seen?.value && x.state === 'in_force');
    }
    if (!l)
      throw problem(404, 'appeal.nothing_in_force', '该名单条目当前未生效，无需申诉。', 'value');
    if (!body.statement) throw problem(422, 'statement.missing', '请说明申诉理由。', 'statement');
    const a = {
      appeal: `SS${randomBytes(6).toString('hex').toUpperCase()}`,
      listing: l.listing,
      statement: body.statement,
      name: body.name,
      contact: body.contact,
      state: 'filed',
      filed_at: iso(Date.now() - 3_600_000),
      due_at: iso(due),
      is_late: due < Date.now() ? 1 : 0,
    };
    appeals.set(a.appeal, a);
    record('appeal.file', '', 'appeal', a.appeal, '', {
      appeal: a.appeal,
      state: 'filed',
      kind: l.kind,
      display: l.display,
    });
    return a;
  }
  const openAppeal = (a) => a.state === 'filed' || a.state === 'reviewing';
  function staffAppeal(a, who, isPersonal) {
    const { name, contact, ...rest } = a;
    const l = listings.get(a.listing);
    const isFree = l && l.proposer !== who.name && (l.approver !== who.name || who.name === 'li');
    const may = [];
    if (isFree && mayOf(who).includes('appeal.review')) {
      if (a.state === 'filed') may.push('review');
      if (a.state === 'reviewing') may.push('decide');
    }
    return { ...rest, may, ...(isPersonal ? { name, contact } : {}) };
  }
  function publicAppeal(a) {
    const l = listings.get(a.listing);
    const { appeal, state, filed_at, due_at, decided_at, answer } = a;
    return {
      appeal,
      state,
      filed_at,
      due_at,
      decided_at,
      answer,
      listing: { kind: l.kind, display: l.display, state: l.state },
    };
  }

  function check(params) {
    const text = params.get('q') ?? params.get('value') ?? '';
    const seen = guess(text, params.get('kind') ?? undefined);
    if (!seen)
      throw problem(
        422,
        'indicator.unknown',
        '这不像电话号码、网站、链接、银行卡号或设备号，请检查后重新输入。',
      );
    const l = [...listings.values()].find((x) => x.state === 'in_force' && x.value === seen.value);
    if (!l) return { ...seen, verdict: 'pass' };
    const verdict = l.action === 'allow' ? 'pass' : l.action;
    return {
      ...seen,
      verdict,
      listing: l.listing,
      reason: l.reason,
      reason_text: wordOf(PROFILE.reasons, l.reason),
      basis: wordOf(PROFILE.bases, l.basis),
      until: l.until,
      notice: l.notice,
      appeal_url: `/appeal?listing=${l.listing}&value=${encodeURIComponent(l.value)}&kind=${l.kind}`,
    };
  }

  /* ---- HTTP ---- */
  const problem = (status, code, detail, column) => ({
    isProblem: true,
    status,
    code,
    detail,
    column,
  });
  const page = (items, params) => {
    const limit = Number(params.get('limit') ?? 100);
    const start = Number(params.get('cursor') ?? 0);
    const next = start + limit < items.length ? String(start + limit) : null;
    return { items: items.slice(start, start + limit), next, total: items.length };
  };
  function findListings(p, who) {
    const q = (p.get('q') ?? '').replace(/\s/g, '').toLowerCase();
    const fits = (l) =>
      ['state', 'kind', 'action', 'source', 'batch'].every((f) => !p.get(f) || l[f] === p.get(f)) &&
      (!q || l.value.toLowerCase().includes(q) || l.listing.toLowerCase() === q);
    return page(
      [...listings.values()]
        .reverse()
        .filter(fits)
        .map((l) => withMay(l, who)),
      p,
    );
  }
  const mustBe = (who) => {
    if (!who) throw problem(401, 'session.absent', '请先登录。');
    return who;
  };
  const head = () => {
    const size = leaves.length;
    const at = Date.now();
    const r = root(leaves.map((l) => Buffer.from(l.hash, 'hex'))).toString('hex');
    const text = `yumen-head 1\nstore 01FIXTURE\nsize ${size}\nroot ${r}\nat ${at}000\nkey K1\n`;
    return {
      store: '01FIXTURE',
      at_us: at * 1000,
      size,
      root: r,
      at: iso(at),
      key: 'K1',
      signature: sign(null, Buffer.from(text), privateKey).toString('hex'),
      public_key: publicHex,
    };
  };
  function proof(p) {
    const hashes = (n) => leaves.slice(0, n).map((l) => Buffer.from(l.hash, 'hex'));
    if (p.get('from')) {
      const [from, to] = [Number(p.get('from')), Number(p.get('to'))];
      return { from, to, path: consistency(from, hashes(to)).map((h) => h.toString('hex')) };
    }
    const [index, size] = [Number(p.get('index')), Number(p.get('size'))];
    return {
      index,
      size,
      leaf_hash: leaves[index].hash,
      path: inclusion(index, hashes(size)).map((h) => h.toString('hex')),
    };
  }
  function audit(p) {
    const start = p.get('after') !== null ? Number(p.get('after')) + 1 : 0;
    const fits = leaves.filter(
      (l) =>
        (!p.get('record') || l.record === p.get('record')) &&
        (!p.get('actor') || l.actor === p.get('actor')),
    );
    return {
      items: fits.filter((l) => l.index >= start).slice(0, Number(p.get('limit') ?? 100)),
      next: null,
      total: fits.length,
    };
  }
  function takeFeed(text, type, who) {
    const id = newId('B');
    const b = {
      batch: id,
      feed: 'listings',
      source: '',
      user: who.name,
      state: 'done',
      accepted: 0,
      duplicate: 0,
      refused: 0,
      opened_at: iso(Date.now()),
      refusals: [],
    };
    const lines = text.trim().split(/\r?\n/);
    const names = type.includes('csv') ? lines.shift().split(',') : null;
    lines.forEach((line, i) => {
      try {
        const cells = names
          ? Object.fromEntries(line.split(',').map((c, j) => [names[j], c]))
          : JSON.parse(line);
        propose({ ...cells, batch: id }, who.name);
        b.accepted++;
      } catch (e) {
        b.refused++;
        b.refusals.push({
          row: i + 1,
          column: e.column ?? 'value',
          code: e.code ?? 'row.malformed',
          reason: e.detail ?? '这一行无法读取。',
        });
      }
    });
    batches.set(id, b);
    return b;
  }
  const newestBatches = () => [...batches.values()].reverse();

  const GET = {
    '/v1/me': (_p, who) => ({
      user: who ? { name: who.name, roles: who.roles, division: '62' } : null,
      may: mayOf(who),
      centre: { name: '甘肃省反诈中心', kind: 'demonstration', profile: 'cn', zone_min: 480 },
      first_run: false,
    }),
    '/v1/profile': () => PROFILE,
    '/v1/check': (p) => check(p),
    '/v1/listings': (p, who) => findListings(p, mustBe(who)),
    '/v1/appeals': (p, who) => {
      mustBe(who);
      const fits = [...appeals.values()].filter(
        (a) => !p.get('state') || a.state === p.get('state'),
      );
      if (p.get('purpose'))
        record('appeal.read', who.name, 'appeal', p.get('appeal') ?? '', p.get('purpose'));
      return page(
        fits.map((a) => staffAppeal(a, who, !!p.get('purpose'))),
        p,
      );
    },
    '/v1/centre': (_p, who) => {
      mustBe(who);
      const n = (f) => [...listings.values()].filter(f).length;
      const open = [...appeals.values()].filter(openAppeal);
      return {
        counts: {
          in_force: n((l) => l.state === 'in_force'),
          proposed: n((l) => l.state === 'proposed'),
          expiring_24h: n((l) => l.state === 'in_force' && Date.parse(l.until) < Date.now() + DAY),
          appeals_filed: open.length,
          appeals_reviewing: 0,
          appeals_filed_late: open.filter((a) => Date.parse(a.due_at) < Date.now()).length,
          appeals_reviewing_late: 0,
        },
        outbox_held: false,
        rpz_serial: leaves.length,
      };
    },
    '/v1/users': (p, who) =>
      page(
        [...users.values()].map(({ password: _, ...u }) => u),
        p,
        mustBe(who),
      ),
    '/v1/batches': (p, who) => page(newestBatches(), p, mustBe(who)),
    '/v1/audit': (p) => audit(p),
    '/v1/audit/leaf': (p) => leaves[Number(p.get('index'))],
    '/v1/audit/head': () => head(),
    '/v1/audit/proof': (p) => proof(p),
  };

  function getOne(path, who) {
    const [, , family, id, more] = path.split('/').map(decodeURIComponent);
    if (family === 'listings') {
      const l = listings.get(id);
      if (!l) throw problem(404, 'listing.absent', '没有这条名单条目。');
      const history = leaves
        .filter((x) => x.record === id)
        .map(({ index, at, act: a, actor, why }) => ({ index, at, act: a, actor, why }));
      const about = [...appeals.values()]
        .filter((a) => a.listing === id)
        .map(({ appeal, state, filed_at, due_at }) => ({ appeal, state, filed_at, due_at }));
      return { ...withMay(l, mustBe(who)), history, appeals: about };
    }
    if (family === 'appeals' && appeals.has(id)) return publicAppeal(appeals.get(id));
    if (family === 'appeals') throw problem(404, 'appeal.absent', '没有这个编号的申诉。');
    const b = family === 'batches' && batches.get(id);
    if (b)
      return more === 'rejects' ? { items: b.refusals, next: null, total: b.refusals.length } : b;
    throw problem(404, 'record.absent', '没有这条记录。');
  }

  function postAppeal(id, verb, body, who) {
    const a = appeals.get(id);
    if (!a) throw problem(404, 'appeal.absent', '没有这个编号的申诉。');
    if (verb !== 'withdraw') mustBe(who);
    if (!openAppeal(a)) throw problem(409, 'appeal.decided', '该申诉已经办结或撤回。');
    if (verb === 'review') Object.assign(a, { state: 'reviewing', reviewer: who.name });
    if (verb === 'withdraw') a.state = 'withdrawn';
    if (verb === 'decide') {
      Object.assign(a, {
        state: body.decision,
        answer: body.answer,
        decider: who.name,
        decided_at: iso(Date.now()),
      });
      if (body.decision === 'granted')
        act(a.listing, 'lift', { name: 'centre', roles: ['approver'] }, '申诉成立');
    }
    const word = verb === 'decide' ? (body.decision === 'granted' ? 'grant' : 'reject') : verb;
    record(`appeal.${word}`, who?.name ?? '', 'appeal', id, body.answer, {
      appeal: id,
      state: a.state,
    });
    return who && verb !== 'withdraw' ? staffAppeal(a, who) : publicAppeal(a);
  }

  function postUser(name, verb, who) {
    const u = users.get(name);
    if (!u) throw problem(404, 'user.absent', '没有这个用户。');
    if (u.proposer === who.name)
      throw problem(409, 'user.same_person', '您是提议人，须由另一人批准该用户。');
    u.state = { approve: 'active', refuse: 'refused', disable: 'disabled' }[verb];
    u.approver = who.name;
    record(`user.${verb}`, who.name, 'user', u.user);
    const { password: _, ...shown } = u;
    return shown;
  }

  function postBatch(id, who) {
    const answer = { approved: 0, refused: 0, refusals: [] };
    for (const l of listings.values()) {
      if (l.batch !== id || l.state !== 'proposed') continue;
      try {
        act(l.listing, 'approve', who);
        answer.approved++;
      } catch (e) {
        answer.refused++;
        answer.refusals.push({ listing: l.listing, code: e.code, reason: e.detail });
      }
    }
    return answer;
  }

  function postOne(path, body, who, type) {
    const [, , family, id, verb] = path.split('/').map(decodeURIComponent);
    if (family === 'sessions') {
      const u = users.get(body.name);
      if (!u || u.password !== body.password || u.state !== 'active')
        throw problem(401, 'session.refused', '用户名或密码不正确，或该用户未启用。');
      return { isSession: true, user: { name: u.name, roles: u.roles } };
    }
    if (family === 'appeals')
      return id ? postAppeal(id, verb, body, who) : { isNew: true, ...publicAppeal(file(body)) };
    mustBe(who);
    if (family === 'listings')
      return id
        ? act(id, verb, who, body.why)
        : { isNew: true, ...withMay(propose(body, who.name), who) };
    if (family === 'users' && id) return postUser(id, verb, who);
    if (family === 'users') {
      if (users.has(body.name)) throw problem(409, 'user.exists', '用户名已存在。', 'name');
      addUser(body.name, body.roles, body.password, 'proposed', who.name);
      record('user.propose', who.name, 'user', users.get(body.name).user);
      return { isNew: true, name: body.name };
    }
    if (family === 'feeds') return takeFeed(body, type, who);
    if (family === 'batches') return postBatch(id, who);
    if (family === 'centre') return {};
    throw problem(404, 'record.absent', '没有这条记录。');
  }

  async function bodyOf(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    return (request.headers['content-type'] ?? '').includes('json') &&
      !request.url.includes('/feeds/')
      ? JSON.parse(text || '{}')
      : text;
  }

  function openStream(request, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': open\n\n');
    streams.add(response);
    request.on('close', () => streams.delete(response));
  }

  const html = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  async function notice(value) {
    const seen = guess(value) ?? { display: value };
    const l = [...listings.values()].find(
      (x) => x.state === 'in_force' && x.value === seen.value && x.action === 'block',
    );
    const text = await readFile(join(DIST, 'notice.html'), 'utf8');
    const fill = {
      state: l ? 'blocked' : 'free',
      display: seen.display,
      notice: l?.notice ?? '',
      reason_zh: wordOf(PROFILE.reasons, l?.reason),
      reason_en: wordOf(PROFILE.reasons, l?.reason, 'en'),
      basis_zh: wordOf(PROFILE.bases, l?.basis),
      basis_en: wordOf(PROFILE.bases, l?.basis, 'en'),
      until: (l?.until ?? '').slice(0, 16).replace('T', ' '),
      centre: '甘肃省反诈中心',
      listing: l?.listing ?? '',
      appeal_url: `/appeal?listing=${l?.listing ?? ''}`,
      banner: 'demonstration',
    };
    return text.replace(/\{\{(\w+)\}\}/g, (_, k) => html(String(fill[k] ?? '')));
  }

  async function sendFile(path, response) {
    const name = normalize(path).replace(/^\/+/, '');
    try {
      const file = extname(name) ? name : 'index.html';
      const bytes = await readFile(join(DIST, file));
      response.writeHead(200, {
        'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      });
      response.end(bytes);
    } catch {
      response.writeHead(404);
      response.end();
    }
  }

  const sessionOf = (request) =>
    users.get(sessions.get(/yumen_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1])) ?? null;

  function answer(request, response, url, body) {
    const who = sessionOf(request);
    const key = request.headers['idempotency-key'];
    if (key && answered.has(key)) return send(response, ...answered.get(key));
    try {
      let status = 200;
      let out;
      if (request.method === 'GET')
        out = (GET[url.pathname] ?? (() => getOne(url.pathname, who)))(url.searchParams, who);
      else if (request.method === 'DELETE') {
        response.setHeader('Set-Cookie', 'yumen_session=; Path=/; Max-Age=0');
        status = 204;
      } else out = postOne(url.pathname, body, who, request.headers['content-type'] ?? '');
      if (out?.isSession) {
        const id = randomBytes(16).toString('hex');
        sessions.set(id, out.user.name);
        response.setHeader('Set-Cookie', `yumen_session=${id}; Path=/; HttpOnly; SameSite=Strict`);
      }
      if (out?.isNew) status = 201;
      if (key) answered.set(key, [status, out]);
      return send(response, status, out);
    } catch (e) {
      if (!e.isProblem) console.error(e);
      const { status = 500, code = 'internal', detail = String(e), column } = e;
      return send(
        response,
        status,
        {
          type: 'about:blank',
          title: detail,
          status,
          detail,
          code,
          column,
          request: randomBytes(4).toString('hex'),
        },
        'application/problem+json',
      );
    }
  }
  function send(response, status, out, type = 'application/json') {
    response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(status === 204 ? undefined : JSON.stringify(out));
  }

  seed(fill);
  const server = createServer(async (request, response) => {
    response.setHeader('Content-Security-Policy', "default-src 'self'");
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/v1/stream')
      return sessionOf(request) ? openStream(request, response) : send(response, 401, {});
    if (url.pathname.startsWith('/v1/'))
      return answer(request, response, url, await bodyOf(request));
    if (url.pathname === '/notice') {
      response.writeHead(200, { 'Content-Type': TYPES['.html'] });
      return response.end(await notice(url.searchParams.get('value') ?? ''));
    }
    return sendFile(url.pathname, response);
  });
  return server;
}

const wordOf = (words, code, which = 'zh') =>
  words.find((w) => w.code === code)?.[which] ?? code ?? '';

const TERM = { block: 180, warn: 180, allow: 3650 };
const PROFILE = {
  profile: 'cn',
  bases: [
    {
      code: 'fraud_law_11',
      zh: '《反电信网络诈骗法》第十一条：涉诈异常电话卡',
      en: 'Anti-Telecom and Online Fraud Law, art. 11: suspicious phone cards',
    },
    {
      code: 'fraud_law_20',
      zh: '《反电信网络诈骗法》第二十条：涉诈资金即时查询、紧急止付',
      en: 'Anti-Telecom and Online Fraud Law, art. 20: instant query, emergency stop',
    },
    {
      code: 'fraud_law_24',
      zh: '《反电信网络诈骗法》第二十四条：域名解析、跳转服务',
      en: 'Anti-Telecom and Online Fraud Law, art. 24: resolving and redirecting names',
    },
  ],
  reasons: [
    { code: 'phishing', zh: '钓鱼网站或钓鱼链接', en: 'Phishing page or link' },
    {
      code: 'impersonation_police',
      zh: '冒充公检法及政府机关',
      en: 'Impersonation of police or government',
    },
    { code: 'fake_shop', zh: '虚假购物网站或店铺', en: 'Fake shop' },
    { code: 'investment', zh: '虚假投资理财', en: 'Fake investment' },
    { code: 'loan', zh: '虚假网络贷款', en: 'Fake loan' },
    { code: 'brushing', zh: '刷单返利（兼职诈骗）', en: 'Part-time job paid by "brushing" orders' },
    { code: 'mule_account', zh: '涉诈资金过渡账户', en: 'Mule account' },
  ],
  max_term_days: Object.fromEntries(
    ['number', 'domain', 'url', 'account', 'device', 'company'].map((k) => [k, TERM]),
  ),
};

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const port = Number(process.argv[2] ?? 9612);
  openFixture({ fill: Number(process.env.FILL ?? 40) }).listen(port, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${port}  nan / nan-password, li / li-password`);
  });
}
