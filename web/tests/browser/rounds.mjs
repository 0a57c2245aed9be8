/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rounds - a centre's refund rounds as the interface describes them, answered in the browser: of any
 * number and state, without freezing money in a real centre and waiting thirty days.
 */
import { holdersOf, noticeOf, RETURNS, refundOf } from '../rounds.mjs';

const json = (route, body, status = 200) =>
  route.fulfill({
    status,
    contentType: status < 400 ? 'application/json' : 'application/problem+json',
    body: JSON.stringify(body),
  });

const absent = (route) =>
  json(
    route,
    { status: 404, code: 'round.absent', detail: '没有该返还轮次。', request: 'r-7' },
    404,
  );

const MAY = ['round.read', 'round.compute'];

async function mayRead(page) {
  await page.route('**/v1/me', async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    const may = me.user ? [...new Set([...me.may, ...MAY])] : me.may;
    await route.fulfill({ response: answer, json: { ...me, may } });
  });
}

/* What an act makes of a round: enough for a page to go on. */
function after(round, act, body) {
  const at = new Date().toISOString();
  const made = {
    review: { state: 'reviewed', reviewer: 'li', reviewed_at: at, may: ['notice', 'void'] },
    notice: {
      state: 'noticed',
      noticer: 'li',
      noticed_at: at,
      notice_until: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      may: ['void'],
    },
    approve: round.first_approver
      ? { state: 'sent', approver: 'li', approved_at: at, sent_at: at, may: [] }
      : { first_approver: 'li', first_approved_at: at, may: [] },
    close: { state: 'closed', ended_at: at, may: [] },
    void: { state: 'void', ended_at: at, ended_why: body?.why, may: [] },
  };
  return { ...round, ...made[act] };
}

/*
 * `rounds`: those there are; `held`: those of an incident's refunds that have no round yet. What
 * was sent is collected in `asked`; `problems` answer the next writes instead; `hidden`: orders of
 * another division.
 */
export async function withRounds(
  page,
  { rounds = [], held = [], problems = [], hidden = [] } = {},
) {
  const asked = [];
  const all = new Map(rounds.map((r) => [r.round, r]));
  await mayRead(page);
  const hear = (request, url) =>
    asked.push({
      method: request.method(),
      path: url.pathname,
      query: url.searchParams,
      accept: request.headers().accept,
      body: request.postDataJSON?.(),
    });
  await page.route('**/v1/rounds**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const [id, act] = url.pathname.split('/').slice(3).map(decodeURIComponent);
    hear(request, url);
    if (request.method() === 'POST') {
      const problem = problems.shift();
      if (problem) return json(route, problem, problem.status);
      const round = act ? after(all.get(id), act, request.postDataJSON()) : held[0];
      all.set(round.round, round);
      return json(route, round, act ? 200 : 201);
    }
    if (act === 'statement')
      return request.headers().accept === 'application/pdf'
        ? route.fulfill({ contentType: 'application/pdf', body: '%PDF-1.7\n' })
        : json(route, { form: 'yumen-refund 1' });
    if (id) return all.has(id) ? json(route, all.get(id)) : absent(route);
    const state = url.searchParams.get('state');
    const items = [...all.values()]
      .filter((r) => !state || r.state === state)
      .map(({ shares, appeals, history, ...item }) => item);
    return json(route, { items, next: null, total: items.length });
  });
  /* The orders of the first round; those of another division are not there for this person. */
  await page.route('**/v1/orders/o-*', (route) => {
    const id = new URL(route.request().url()).pathname.split('/')[3];
    const order = rounds
      .slice(0, 1)
      .flatMap(holdersOf)
      .find((o) => o.order === id);
    return order && !hidden.includes(id)
      ? json(route, order)
      : json(
          route,
          { status: 404, code: 'order.absent', detail: '没有该指令。', request: 'r-7' },
          404,
        );
  });
  await page.route('**/v1/incidents/*/refund**', (route) => {
    const url = new URL(route.request().url());
    const rule = url.searchParams.get('rule') ?? 'cn-2016';
    const items = [
      ...held.map((r) => refundOf(r, rule)),
      ...rounds.slice(0, 1).map((r) => refundOf(r, rule, { round: r.round })),
    ];
    return json(route, { items, next: null, total: items.length });
  });
  await page.route('**/v1/notices**', (route) => {
    const id = new URL(route.request().url()).pathname.split('/')[3];
    const open = [...all.values()].filter((r) => ['noticed', 'objected'].includes(r.state));
    if (!id) return json(route, { items: open.map(noticeOf), next: null, total: open.length });
    const round = open.find((r) => r.round === id);
    return round ? json(route, noticeOf(round)) : absent(route);
  });
  await page.route('**/v1/returns**', (route) => json(route, RETURNS));
  await page.route('**/v1/appeals', async (route) => {
    const request = route.request();
    if (request.method() !== 'POST') return route.fallback();
    hear(request, new URL(request.url()));
    const problem = problems.shift();
    if (problem) return json(route, problem, problem.status);
    return json(
      route,
      {
        appeal: 'A7K3M2Q9DXW4R',
        state: 'filed',
        due_at: new Date().toISOString(),
        secret: 'YM-7K3M-2Q9D-XW4R',
      },
      201,
    );
  });
  await page.route('**/v1/appeals/A7K3M2Q9DXW4R?secret=YM-7K3M-2Q9D-XW4R', (route) =>
    json(route, {
      appeal: 'A7K3M2Q9DXW4R',
      state: 'filed',
      filed_at: new Date().toISOString(),
      due_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      round: { round: rounds[0]?.round, state: 'objected' },
    }),
  );
  return asked;
}
