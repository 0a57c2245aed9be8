/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what lies frozen goes back to the victim by the hands of those who may, each from their own
 * screen; what is shared is public first, and an objection that is right ends it. Method: the real
 * program with two banks, from the payment to the page on which the victim sees it returned.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import {
  ANALYST,
  APPROVER,
  assertAccessible,
  assertFits,
  device,
  JUDGE,
  message,
  newContext,
  open,
  PROPOSER,
  post,
  settled,
  shoot,
  signIn,
  world,
} from './helper.mjs';

open({ fill: 0 });

const account = (bank = 'BKA') => `${bank}:${randomInt(1e9, 9e9)}`;
const ago = (min) => new Date(Date.now() - min * 60_000).toISOString();

async function as(who, act) {
  const context = await newContext();
  await signIn(context, who);
  const made = await act(context);
  await context.close();
  return made;
}

/* Payments as a bank reports them. */
async function paid(rows) {
  const id = () => `T${randomInt(1e9)}${randomInt(1e5)}`;
  const made = rows.map((r) => ({ id: id(), ...r }));
  const lines = made.map((r) =>
    [r.id, r.time, r.from, r.to, r.amount].map((v) => String(v).replace(/^BK\w:/, '')).join(','),
  );
  const banks = made.map((r) => `${r.from.slice(0, 3)},${r.to.slice(0, 3)}`);
  const text = lines.map((line, i) => `${line},${banks[i]}`).join('\n');
  await as(PROPOSER, async (context) => {
    const answer = await context.request.post(`${world.base}/v1/feeds/transfers`, {
      data: `id,time,from,to,amount,from_bank,to_bank\n${text}\n`,
      headers: { Origin: world.base, 'Content-Type': 'text/csv' },
    });
    const batch = await answer.json();
    assert.equal(batch.accepted, rows.length, JSON.stringify(batch));
  });
  return made;
}

const reported = (transfer, number) =>
  as(PROPOSER, (context) =>
    post(context, '/v1/reports', {
      channel: '96110',
      victim: { number },
      transfers: [{ id: transfer.id }],
    }),
  );

const holds = (order, held) =>
  as(PROPOSER, (context) =>
    post(context, `/v1/orders/${order.order}/receipt`, { result: 'done', held, ask: 1 }),
  );

/* A hold ends before the bank has to have paid: what it holds is frozen for longer, by two people. */
async function frozen(order, held) {
  const body = { kind: 'freeze', takes: order.order, basis: 'fraud_law_20' };
  const made = await as(PROPOSER, (c) => post(c, '/v1/orders', body));
  await as(APPROVER, (c) => post(c, `/v1/orders/${made.order}/approve`, {}));
  await holds(made, held);
  await as(PROPOSER, (c) =>
    post(c, `/v1/orders/${order.order}/receipt`, { result: 'done', held: 0 }),
  );
}

async function on(who, address, how = {}) {
  const one = await device({ as: who, ...how });
  await one.page.goto(address);
  await settled(one.page);
  return one;
}

async function pressAndConfirm(page, key) {
  await page.keyboard.press(key);
  await page.locator('form.panel button[type="submit"]:focus').waitFor();
  await page.keyboard.press('Enter');
}

const detail = (page, key, fill) => page.locator('#detail').getByText(message(key, fill)).first();

test('from a payment to its return, each step by somebody who may', async () => {
  const mule = account();
  const [transfer] = await paid([{ time: ago(30), from: account(), to: mule, amount: 50_000 }]);
  const made = await reported(transfer, '13912345678');
  await holds(made.orders[0], 50_000);
  await as(APPROVER, (c) => post(c, `/v1/incidents/${made.incident}/countersign`, {}));
  await frozen(made.orders[0], 50_000);

  const one = await on(PROPOSER, `/incidents/${made.incident}`);
  await one.page.locator('.refund').getByText(message('ui.refund.compute')).waitFor();
  await shoot(one.page, 'real-incident');
  await assertAccessible(one.page, 'incident');
  await one.page.keyboard.press('c');
  await one.page.waitForURL(/\/rounds\/[^/]+$/);
  await detail(one.page, 'ui.rounds.waits.computed').waitFor();
  assert.equal(await one.page.locator('.acts .primary').count(), 0, 'not who computed it');

  const two = await on(APPROVER, '/rounds');
  await two.page.locator('.row').first().waitFor();
  await two.page.keyboard.press('j');
  await detail(two.page, 'ui.rounds.waits.computed').waitFor();
  await pressAndConfirm(two.page, 'r');
  await detail(two.page, 'ui.rounds.waits.first').waitFor();
  await pressAndConfirm(two.page, 'a');
  await detail(two.page, 'ui.rounds.waits.second').waitFor();

  const three = await on(JUDGE, new URL(one.page.url()).pathname, { width: 390, height: 844 });
  await detail(three.page, 'ui.rounds.waits.second').waitFor();
  await pressAndConfirm(three.page, 'a');
  await detail(three.page, 'ui.rounds.waits.sent').waitFor();
  await assertFits(three.page, 'a round');
  await assertAccessible(three.page, 'a round');

  await as(ANALYST, async (c) => {
    const tasks = await (await c.request.get(`${world.base}/v1/providers/bank-a/rounds`)).json();
    const share = tasks.items.find((r) => r.account === mule)?.shares[0];
    await post(c, `/v1/shares/${share.share}/receipt`, { result: 'done', reference: 'P-1' });
  });
  /* The news comes by itself. */
  await detail(two.page, 'ui.rounds.waits.paid').waitFor();
  await pressAndConfirm(two.page, 'c');
  await detail(two.page, 'ui.round_state.closed').waitFor();
  await shoot(two.page, 'real-round-closed');

  const victim = await device({ width: 390, height: 844 });
  await victim.page.goto(`/progress/${made.report}`);
  await victim.page.locator('#secret:focus').waitFor();
  await victim.page.keyboard.type(made.secret);
  await victim.page.keyboard.press('Enter');
  await victim.page.getByText(message('ui.progress.next.whole')).waitFor();
  await victim.page.getByText(message('ui.progress.step.paid')).first().waitFor();
  await shoot(victim.page, 'real-progress-returned');
  for (const it of [one, two, three, victim]) {
    assert.deepEqual(it.complaints, []);
    await it.context.close();
  }
});

test('a hold that ends too soon is frozen from the page, by two people', async () => {
  const mule = account();
  const [transfer] = await paid([{ time: ago(30), from: account(), to: mule, amount: 60_000 }]);
  const made = await reported(transfer, '13912345673');
  const hold = made.orders[0];
  await holds(hold, 60_000);
  await as(APPROVER, (c) => post(c, `/v1/incidents/${made.incident}/countersign`, {}));

  const one = await on(PROPOSER, `/incidents/${made.incident}`);
  const amount = one.page.locator('[id="f-amount"]:focus');
  const freeze = one.page.getByRole('button', { name: message('ui.orders.act.freeze') });
  await freeze.waitFor();
  await one.page.locator('.refund').getByText(message('ui.refund.compute')).waitFor();
  await one.page.keyboard.press('f');
  await amount.waitFor();
  assert.equal(await amount.inputValue(), '600.00');
  await one.page.keyboard.press('Escape');
  await amount.waitFor({ state: 'detached' });
  await one.page.keyboard.press('c');
  await one.page.waitForURL(/\/rounds\/[^/]+$/);
  /* The round says what stands in its way; what is wrong is named at its field. */
  await detail(one.page, 'round.pay_term').waitFor();
  await freeze.waitFor();
  await one.page.keyboard.press('f');
  await amount.waitFor();
  await amount.fill('600.01');
  await one.page.keyboard.press('Control+Enter');
  await one.page.locator('#detail').getByText(message('order.takes_more')).waitFor();
  await one.page.locator('[id="f-amount"]').fill('600');
  await shoot(one.page, 'real-round-freeze');
  await assertAccessible(one.page, 'a freeze being drafted');
  await one.page.locator('[id="f-amount"]').press('Control+Enter');
  await detail(one.page, 'ui.freeze.drafted').waitFor();
  assert.equal(await freeze.count(), 0, 'once');

  const two = await on(APPROVER, `/orders?id=${hold.order}`, { width: 390, height: 844 });
  await two.page.locator('#detail').getByText(message('ui.freeze.to')).click();
  await detail(two.page, 'ui.orders.takes').waitFor();
  await detail(two.page, 'ui.orders.act.approve').waitFor();
  await shoot(two.page, 'real-freeze');
  await assertFits(two.page, 'a freeze');
  await pressAndConfirm(two.page, 'a');
  await detail(one.page, 'round.taken_over').waitFor();
  const draft = new URL(two.page.url()).searchParams.get('id');
  await holds({ order: draft }, 60_000);
  await one.page.locator('#detail').getByText(message('round.taken_over')).waitFor({
    state: 'detached',
  });
  await shoot(one.page, 'real-round-frozen');
  for (const it of [one, two]) {
    assert.deepEqual(it.complaints, []);
    await it.context.close();
  }
});

/* Two victims' money, and nobody can say whose is left: it is frozen for long enough. */
async function mixed() {
  const mule = account();
  const when = ago(40);
  const [a, b] = await paid([
    { time: when, from: account(), to: mule, amount: 30_000 },
    { time: when, from: account(), to: mule, amount: 10_000 },
    { time: when, from: mule, to: account('BKB'), amount: 20_000 },
  ]);
  const first = await reported(a, '13912345671');
  await reported(b, '13912345672');
  const order = await as(PROPOSER, (c) =>
    post(c, '/v1/orders', {
      kind: 'freeze',
      target: { kind: 'account', value: mule, bank: 'BKA' },
      amount: 20_000,
      incident: first.incident,
      basis: 'fraud_law_20',
      reason: 'phishing',
      until: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    }),
  );
  await as(APPROVER, (c) => post(c, `/v1/orders/${order.order}/approve`, {}));
  await holds(order, 20_000);
  return as(PROPOSER, (c) => post(c, '/v1/rounds', { incident: first.incident, account: mule }));
}

test('what is shared is public first, and an objection that is right ends it', async () => {
  const made = await mixed();
  assert.equal(made.needs_notice, true);
  const staff = await on(APPROVER, `/rounds/${made.round}`);
  await detail(staff.page, 'ui.rounds.waits.computed').waitFor();
  await pressAndConfirm(staff.page, 'r');
  await detail(staff.page, 'ui.rounds.waits.notice').waitFor();
  await pressAndConfirm(staff.page, 'n');
  await detail(staff.page, 'ui.rounds.waits.objections').waitFor();

  const anybody = await device({ width: 390, height: 844 });
  await anybody.page.goto('/notices');
  await anybody.page.locator('.notices a').first().click();
  await anybody.page.locator('.notice-page').waitFor();
  const shown = await anybody.page.locator('main').innerText();
  assert.ok(!shown.includes(made.account.slice(4)), 'no whole account number');
  await assertFits(anybody.page, 'a notice');
  await assertAccessible(anybody.page, 'a notice');
  await anybody.page.locator('[id="f-statement"]').fill('我也向该账户转过款。');
  await anybody.page.getByRole('button', { name: message('ui.notices.submit') }).click();
  await anybody.page.waitForURL(/\/appeal\?ref=/);
  await anybody.page.getByText(message('ui.appeal.round_now.filed')).waitFor();

  /* The page of the staff hears of it, and leads to it. */
  await detail(staff.page, 'ui.rounds.waits.objected', { n: 1 }).waitFor();
  await shoot(staff.page, 'real-round-objected');
  const ref = new URL(anybody.page.url()).searchParams.get('ref');
  const judge = await on(JUDGE, `/appeals?id=${ref}`);
  await judge.page.getByText(message('ui.appeals.round')).waitFor();
  await judge.page.getByLabel(message('ui.appeals.grant.round')).check();
  await judge.page.locator('[id="f-answer"]').fill('属实，重新计算。');
  await judge.page.getByRole('button', { name: message('ui.appeals.confirm') }).click();
  await detail(staff.page, 'ui.round_state.void').waitFor();
  for (const it of [staff, anybody, judge]) {
    assert.deepEqual(it.complaints, []);
    await it.context.close();
  }
});
