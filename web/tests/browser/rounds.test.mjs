/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: frozen money goes back step by step, each step by somebody who may, with its deadline; the
 * public sees what is noticed and objects; every page in both languages and lights, wide and narrow.
 * Method: the real program for everything but rounds, which are made up in the browser (rounds.mjs).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundOf, STATES } from '../rounds.mjs';
import { trailOf } from '../trails.mjs';
import {
  APPROVER,
  assertAccessible,
  device,
  holdBack,
  lookAt,
  message,
  open,
  PAIRINGS,
  settled,
} from './helper.mjs';
import { withIncidents } from './incidents.mjs';
import { withRounds } from './rounds.mjs';

open({ fill: 0 });

const ONE_OF_EACH = STATES.map((state, i) => roundOf(i, { state, claims: (i % 4) + 1 }));
const MANY = Array.from({ length: 50 }, (_, i) => roundOf(i, { state: STATES[i % 7], claims: 4 }));
const THERE =
  '.round, .row, .state-title, .notices li, .notice-page, .tallies, .incident .refund, .column form';

const trail = trailOf({ nodes: 60, seed: 7, method: 'fifo' });

async function opened(address, { world = {}, as = APPROVER, ...how } = {}) {
  const one = await device({ as, ...how });
  await withIncidents(one.page, { trail: () => trail });
  const asked = await withRounds(one.page, world);
  await one.page.goto(address);
  await one.page.locator(`:is(${THERE}) >> visible=true`).first().waitFor();
  await settled(one.page);
  return { ...one, asked };
}

const noticed = ONE_OF_EACH[2];

test('every state of the pages, in both languages and lights, wide and narrow', async (t) => {
  const pages = [
    ['rounds', '/rounds', { rounds: ONE_OF_EACH }],
    ['rounds-full', '/rounds', { rounds: MANY }],
    ['rounds-empty', '/rounds', {}],
    ['rounds-late-none', '/rounds?tab=late', {}],
    ['round-absent', '/rounds/none', { rounds: ONE_OF_EACH }],
    ...['computed', 'objected', 'paid', 'void'].map((state) => [
      `round-${state}`,
      `/rounds/${ONE_OF_EACH[STATES.indexOf(state)].round}`,
      { rounds: ONE_OF_EACH },
    ]),
    [
      'incident-refund',
      `/incidents/${trail.incident}`,
      { rounds: [roundOf(20)], held: [roundOf(21, { claims: 5 })] },
    ],
    ['mistakes', '/mistakes', {}],
  ];
  const publicly = [
    ['notices', '/notices', { rounds: MANY }],
    ['notices-empty', '/notices', {}],
    ['notice', `/notices/${noticed.round}`, { rounds: ONE_OF_EACH }],
    ['notice-absent', '/notices/none', { rounds: ONE_OF_EACH }],
    ['progress-ask', '/progress', {}],
  ];
  const all = [...pages, ...publicly.map((p) => [...p, { as: null }])];
  for (const how of PAIRINGS)
    for (const [name, address, world, more] of all)
      await t.test(`${name} ${how.width} ${how.lang}`, async () => {
        const { context, page, complaints } = await opened(address, { world, ...how, ...more });
        await lookAt(page, name, how);
        assert.deepEqual(complaints, [], name);
        await context.close();
      });
});

const moneyOf = (fen) => `¥${(fen / 100).toLocaleString('en', { minimumFractionDigits: 2 })}`;

const SHORT = {
  code: 'round.pay_term',
  reason: '控制该资金的指令将在银行付款期限届满前到期：请先起草接续冻结，或延长已有冻结，再批准。',
};

test('what holds the money is said, and what stands in the way', async (t) => {
  const round = roundOf(4, { state: 'reviewed', more: { hindered: SHORT } });
  for (const how of PAIRINGS)
    await t.test(`${how.width} ${how.lang}`, async () => {
      const { context, page, complaints } = await opened(`/rounds/${round.round}`, {
        world: { rounds: [round] },
        ...how,
      });
      await page.locator('#detail').getByText(SHORT.reason).waitFor();
      const freeze = message('ui.orders.act.freeze', {}, how.lang);
      await page.getByRole('button', { name: freeze }).waitFor();
      assert.equal(await page.locator('.holders li').count(), 2);
      await page.keyboard.press('f');
      await page.locator('[id="f-amount"]:focus').waitFor();
      await lookAt(page, 'round-freeze', how);
      await page.keyboard.press('Escape');
      await page.locator('form.panel').waitFor({ state: 'detached' });
      assert.deepEqual(complaints, []);
      await context.close();
    });
});

test('an order of another division is said to be one', async () => {
  const round = roundOf(4, { state: 'paid', may: [] });
  const { context, page } = await opened(`/rounds/${round.round}`, {
    world: { rounds: [round], hidden: ['o-1'] },
  });
  await page
    .locator('#detail')
    .getByText(message('ui.rounds.holding_above', { n: 1 }))
    .waitFor();
  assert.equal(await page.locator('.holders li').count(), 1);
  await context.close();
});

test('what is held where the trail does not lead is said', async (t) => {
  const round = roundOf(21, { claims: 2 });
  const beside = [{ account: round.account, held: round.frozen }];
  for (const how of PAIRINGS)
    await t.test(`${how.width} ${how.lang}`, async () => {
      const { context, page, complaints } = await device({ as: APPROVER, ...how });
      await withIncidents(page, { trail: () => ({ ...trail, held_elsewhere: beside }) });
      await withRounds(page, { held: [round] });
      await page.goto(`/incidents/${trail.incident}`);
      const words = { sum: moneyOf(round.frozen) };
      await page.getByText(message('ui.trail.elsewhere', words, how.lang)).waitFor();
      await page
        .locator('.refund')
        .getByText(message('ui.refund.elsewhere', words, how.lang))
        .waitFor();
      await settled(page);
      await lookAt(page, 'incident-beside', how);
      assert.deepEqual(complaints, []);
      await context.close();
    });
});

test('a round goes from hand to hand by keyboard, and says whose turn it is', async () => {
  const round = roundOf(3, { state: 'computed', claims: 3 });
  const { context, page, asked, complaints } = await opened('/rounds', {
    world: { rounds: [round] },
  });
  await page.keyboard.press('j');
  await page.waitForURL(new RegExp(`/rounds/${round.round}$`));
  await page.locator('#detail').getByText(message('ui.rounds.waits.computed')).waitFor();
  await page.keyboard.press('r');
  await page.locator('form.panel button[type="submit"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#detail').getByText(message('ui.rounds.waits.notice')).waitFor();
  await page.keyboard.press('n');
  await page.locator('form.panel button[type="submit"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#detail').getByText(message('ui.rounds.waits.objections')).waitFor();
  /* What ends a round owes its reason. */
  await page.keyboard.press('v');
  await page.locator('[id="f-why"]:focus').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('[id="f-why-problem"]').waitFor();
  await page.locator('[id="f-why"]').fill('银行补充了流水');
  await page.keyboard.press('Control+Enter');
  await page.locator('#detail').getByText('银行补充了流水').first().waitFor();
  const sent = asked.filter((a) => a.method === 'POST').map((a) => a.path.split('/').at(-1));
  assert.deepEqual(sent, ['review', 'notice', 'void']);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the first approval and the second are not the same words', async () => {
  const round = roundOf(4, {
    state: 'reviewed',
    claims: 1,
    may: ['approve', 'void'],
    more: { needs_notice: false },
  });
  const { context, page } = await opened(`/rounds/${round.round}`, { world: { rounds: [round] } });
  await page.locator('#detail').getByText(message('ui.rounds.waits.first')).waitFor();
  await page.keyboard.press('a');
  await page.locator('form.panel button[type="submit"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#detail').getByText(message('ui.rounds.waits.second')).waitFor();
  assert.equal(await page.locator('.acts .primary').count(), 0, 'one person approves once');
  await context.close();
});

test('a refusal is said where the act was', async () => {
  const round = roundOf(5, { state: 'computed' });
  const detail = '控制该资金的指令将在公告期届满前到期，请先延期。';
  const { context, page } = await opened(`/rounds/${round.round}`, {
    world: { rounds: [round], problems: [{ status: 409, code: 'round.term', detail }] },
  });
  await page.keyboard.press('r');
  await page.locator('form.panel button[type="submit"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('form.panel').getByText(detail).waitFor();
  await assertAccessible(page, 'a refused act');
  await context.close();
});

test('slow and broken: says what it waits for, and what still works', async () => {
  const round = roundOf(8, { state: 'reviewed' });
  const { context, page } = await device({ as: APPROVER });
  await withRounds(page, { rounds: [round] });
  let isBroken = true;
  const release = await holdBack(page, `**/v1/rounds/${round.round}`, (route) =>
    isBroken ? route.fulfill({ status: 503, json: { detail: '稍后再试。' } }) : route.fallback(),
  );
  await page.goto(`/rounds/${round.round}`);
  await page.locator('.state-title', { hasText: message('ui.slow.round') }).waitFor();
  release();
  await page.getByText('稍后再试。').waitFor();
  isBroken = false;
  await page.getByRole('button', { name: message('ui.broken.again') }).click();
  await page.locator('#detail').getByText(message('ui.rounds.waits.notice')).waitFor();
  await context.close();
});

test('a statement is read for a purpose', async () => {
  const round = roundOf(6, { state: 'reviewed' });
  const { context, page, asked } = await opened(`/rounds/${round.round}`, {
    world: { rounds: [round] },
  });
  await page.getByRole('button', { name: message('ui.rounds.statement') }).click();
  await page.locator('[id="f-purpose"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[id="f-purpose-problem"]').waitFor();
  await page.locator('[id="f-purpose"]').fill('复核返还金额');
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  assert.match(file.suggestedFilename(), /\.pdf$/);
  const read = asked.find((a) => a.path.endsWith('/statement'));
  assert.equal(read.query.get('purpose'), '复核返还金额');
  assert.equal(read.accept, 'application/pdf');
  await context.close();
});

test('a round is computed on the page of its incident', async () => {
  const held = roundOf(21, { claims: 5 });
  const { context, page, asked, complaints } = await opened(`/incidents/${trail.incident}`, {
    world: { held: [held] },
  });
  await page.locator('.refund').getByText(held.shares[0].claim).first().waitFor();
  await page.keyboard.press('c');
  await page.waitForURL(new RegExp(`/rounds/${held.round}$`));
  const sent = asked.find((a) => a.method === 'POST');
  assert.deepEqual(sent.body, { incident: trail.incident, account: held.account });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('anybody objects while a notice runs, and follows the objection', async () => {
  const detail = '公告期已届满，不再接受异议。';
  const { context, page, asked, complaints } = await opened(`/notices/${noticed.round}`, {
    as: null,
    width: 390,
    height: 844,
    world: {
      rounds: [noticed],
      problems: [{ status: 409, code: 'round.notice_over', detail }],
    },
  });
  const submit = page.getByRole('button', { name: message('ui.notices.submit') });
  await submit.click();
  await page.locator('[id="f-statement-problem"]').waitFor();
  await page.locator('[id="f-statement"]').fill('我于11月3日从丙银行转入该账户8000元。');
  await submit.click();
  await page.getByText(detail).waitFor();
  assert.match(await page.locator('[id="f-statement"]').inputValue(), /8000元/);
  await submit.click();
  await page.waitForURL(/\/appeal\?ref=/);
  await page.getByText(message('ui.appeal.round_now.filed')).waitFor();
  await assertAccessible(page, 'an objection');
  const sent = asked.filter((a) => a.path === '/v1/appeals').at(-1);
  assert.equal(sent.body.round, noticed.round);
  assert.deepEqual(complaints, []);
  await context.close();
});
