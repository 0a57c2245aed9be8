/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incidents - a centre's incidents as the interface describes them, answered in the browser: trails of
 * any size, without feeding a real centre the transfers they are made of.
 */
import { accountOf, incidentOf } from '../trails.mjs';

const json = (route, body, status = 200) =>
  route.fulfill({
    status,
    contentType: status < 400 ? 'application/json' : 'application/problem+json',
    body: JSON.stringify(body),
  });

export const refused = (status, code, detail, column) => ({
  status,
  code,
  detail,
  ...(column ? { column } : {}),
  request: 'r-7',
});

const MAY = ['incident.read', 'incident.open'];

/* What /v1/me says, but of incidents what the test says: who may not read them finds no pages. */
async function mayRead(page, may) {
  await page.route('**/v1/me', async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    const others = me.may.filter((act) => !act.startsWith('incident.'));
    await route.fulfill({ response: answer, json: { ...me, may: [...others, ...may] } });
  });
}

function listOf(trail, n) {
  return Array.from({ length: n }, (_, i) =>
    incidentOf(trail, {
      ...(i ? { incident: `i-20261119-${String(10_000 - i)}` } : {}),
      state: ['following', 'open', 'closed'][i % 3],
      stolen: trail.totals.stolen + i * 100_01,
    }),
  );
}

/* The accounts with the most money there, as the server would rank them. */
export function raceOf(trail) {
  const there = trail.nodes.filter((n) => n.layer > 0 && (n.present ?? 0) > 0);
  const ranked = [...there]
    .sort((a, b) => b.present - a.present)
    .slice(0, 20)
    .map((n, i) => ({
      account: n.account,
      display: n.display ?? n.account,
      bank: n.bank,
      layer: n.layer,
      present: n.present,
      stands: i ? 0 : n.present,
      amount: i ? n.present : 0,
      gain: Math.floor(n.present / 2),
      action: i ? 'hold' : 'none',
      ...(i ? {} : { order: 'o-1' }),
      why: [
        { text: '该账户现有涉案资金较多。', code: 'race.why.balance', number: n.present },
        { text: '指令到达时资金仍在的可能性为 80%。', code: 'race.why.there', number: 800_000 },
      ],
    }));
  return {
    incident: trail.incident,
    as_of: trail.as_of,
    currency: trail.currency,
    budget: 5_000_000,
    ranked,
  };
}

const pageOf = (items, url, limit = 100) => {
  const at = Number(url.searchParams.get('cursor') ?? 0);
  const next = at + limit;
  return {
    items: items.slice(at, next),
    next: next < items.length ? String(next) : null,
    total: items.length,
  };
};

/*
 * `trail`: of a method. `asked` collects what the page sent and for which form. `opens`: what
 * answers a new incident, a problem or null for the incident itself.
 */
export async function withIncidents(page, world) {
  const { trail, many = 3, transfers = 0, may = MAY, opens = [] } = world;
  const asked = [];
  await mayRead(page, may);
  await page.route('**/v1/incidents**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const parts = url.pathname.split('/').slice(3).map(decodeURIComponent);
    const accept = request.headers().accept;
    const own = trail(url.searchParams.get('method') ?? 'fifo');
    asked.push({
      method: request.method(),
      path: url.pathname,
      query: url.searchParams,
      accept,
      body: request.postDataJSON?.(),
      key: request.headers()['idempotency-key'],
    });
    if (request.method() === 'POST') {
      const problem = opens.shift();
      return problem ? json(route, problem, problem.status) : json(route, incidentOf(own), 201);
    }
    if (!parts.length) {
      const state = url.searchParams.get('state');
      const items = listOf(own, many).filter((i) => !state || i.state === state);
      return json(route, pageOf(items, url));
    }
    /* Which accounts it was paid from is read for a purpose. */
    const seen = url.searchParams.get('purpose') ? { sources: own.sources } : {};
    if (parts.length === 1) return json(route, incidentOf(own, seen));
    if (parts[1] === 'race') return json(route, raceOf(own));
    /* Of refunds rounds.mjs tells. */
    if (parts[1] === 'refund') return json(route, { items: [], next: null, total: 0 });
    if (parts[1] === 'accounts') {
      const { items, ...account } = accountOf(own, parts[2], { transfers });
      return json(route, { ...account, transfers: pageOf(items, url) });
    }
    if (accept === 'text/csv')
      return route.fulfill({ contentType: 'text/csv', body: 'transfer,from,to\nT1,a,b\n' });
    if (accept === 'application/pdf')
      return route.fulfill({ contentType: 'application/pdf', body: '%PDF-1.7\n' });
    return json(route, own);
  });
  return asked;
}
