/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: while the victim is on the telephone one payment is enough: typed, sent, and the orders are
 * on their way; nothing typed is lost; a second person countersigns them all, and one is enough to
 * set free. Method: the real program with two banks; an operator and an approver, keyboard only.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import {
  APPROVER,
  assertAccessible,
  device,
  message,
  open,
  PROPOSER,
  post,
  settled,
} from './helper.mjs';

open({ fill: 0 });

const newAccount = (bank) => `${bank}:${randomInt(1e9, 9e9)}`;
const field = (page, name) => page.locator(`[id="f-${name}"]`);

async function reported(context, account, bank, amount) {
  return post(context, '/v1/reports', {
    channel: '96110',
    transfers: [{ to: account, bank, amount }],
  });
}

test('one payment, typed, and the order is on its way', async () => {
  const account = newAccount('BKA');
  const { page, complaints } = await device({ as: PROPOSER });
  await page.goto('/reports/new');
  await settled(page);
  /* The first field has the focus; what is missing is named where it is missing. */
  await page.keyboard.type(account);
  await page.keyboard.press('Control+Enter');
  await page.locator('[id="f-transfers.0.amount-problem"]').waitFor();
  await page.keyboard.type('2.5万');
  await page.locator('.report-sum strong', { hasText: '25,000.00' }).waitFor();
  /* A page that is closed by mistake has lost nothing. */
  await page.reload();
  await settled(page);
  assert.equal(await field(page, 'transfers.0.to').inputValue(), account);
  assert.equal(await field(page, 'transfers.0.amount').inputValue(), '2.5万');
  await field(page, 'transfers.0.bank').fill('BKA');
  await page.keyboard.press('Control+Enter');
  const sent = page.locator('.report-sent');
  await sent.waitFor();
  await sent.getByText(account).waitFor();
  await sent.getByText('25,000.00').first().waitFor();
  await assertAccessible(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/incidents\//);
  await page.getByText(account).first().waitFor();
  assert.deepEqual(complaints, []);
});

/* The bar is in steps, not seconds: what an operator does beside typing what the victim says. */
test('from the home page to the first order by keyboard: how many keys, how many pages', async () => {
  const account = newAccount('BKA');
  const { page, complaints } = await device({ as: PROPOSER });
  await page.goto('/');
  await settled(page);
  const steps = { keys: 0, typed: 0, loads: 0, pages: 0 };
  page.on('load', () => {
    steps.loads++;
  });
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) steps.pages++;
  });
  const press = async (key) => {
    steps.keys++;
    await page.keyboard.press(key);
  };
  const type = async (text) => {
    steps.typed += text.length;
    await page.keyboard.type(text);
  };
  await press('c');
  await page.locator('[id="f-transfers.0.to"]:focus').waitFor();
  await type(account);
  await press('Tab');
  await type('25000');
  await press('Control+Enter');
  const sent = page.locator('.report-sent');
  await sent.waitFor();
  await sent.getByText(message('ui.order_state.sent')).first().waitFor();
  assert.deepEqual(steps, { keys: 3, typed: account.length + 5, loads: 0, pages: 1 });
  assert.deepEqual(complaints, []);
});

for (const width of [1440, 390])
  test(`freezes of others before ours, and what they leave, at ${width}`, async () => {
    const { context, page, complaints } = await device({ as: PROPOSER, width });
    const made = await reported(context, newAccount('BKA'), 'BKA', 500000);
    const order = made.orders[0].order;
    await page.goto(`/orders?id=${order}`);
    await page.locator('#detail').waitFor();
    assert.equal(await page.getByText(message('ui.orders.usable')).count(), 0);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    await post(context, `/v1/orders/${order}/receipt`, {
      result: 'done',
      held: 500000,
      balance: 800000,
      freezes: [
        { authority: '某市人民法院', amount: 600000, rank: 1, until },
        { authority: '某市税务局', amount: 50000, rank: 2 },
      ],
    });
    const detail = page.locator('#detail');
    for (const [name, sum] of [
      ['ui.orders.ahead', '6,500.00'],
      ['ui.orders.usable', '1,500.00'],
    ]) {
      const fact = detail.locator('.fact', { hasText: message(name) });
      await fact.getByText(sum).waitFor();
    }
    for (const authority of ['某市人民法院', '某市税务局'])
      await detail.getByText(authority).first().waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `the page is ${wide} wide`);
    await assertAccessible(page);
    assert.deepEqual(complaints, []);
  });

test('a second person countersigns all of an incident, the first cannot', async () => {
  const one = await device({ as: PROPOSER });
  const made = await reported(one.context, newAccount('BKA'), 'BKA', 700000);
  await one.page.goto(`/incidents/${made.incident}`);
  await one.page.getByText(made.orders[0].target.value).first().waitFor();
  assert.equal(await one.page.getByText(message('ui.orders.countersign_all', { n: 1 })).count(), 0);
  const two = await device({ as: APPROVER });
  await two.page.goto(`/incidents/${made.incident}`);
  await two.page.getByText(message('ui.orders.countersign_all', { n: 1 })).waitFor();
  await two.page.keyboard.press('a');
  await two.page
    .getByText(message('ui.orders.countersign_all', { n: 1 }))
    .waitFor({ state: 'detached' });
  await two.page.goto(`/orders?id=${made.orders[0].order}`);
  await two.page
    .locator('#detail')
    .getByText(message('ui.deed.order.approve'), { exact: true })
    .waitFor();
  await assertAccessible(two.page);
  assert.deepEqual([...one.complaints, ...two.complaints], []);
});

test('one person sets free, and says why; the order waits for the bank', async () => {
  const { context, page, complaints } = await device({ as: PROPOSER, width: 390 });
  const made = await reported(context, newAccount('BKB'), 'BKB', 1200);
  assert.equal(made.orders[0].kind, 'stop', 'a bank that cannot hold stops');
  await page.goto(`/orders?id=${made.orders[0].order}`);
  await page.locator('#detail').waitFor();
  await page.getByText(message('ui.orders.act.lift'), { exact: false }).first().waitFor();
  await page.keyboard.press('l');
  await page.locator('form.panel textarea').waitFor();
  await page.locator('form.panel textarea').fill('户主是商户，与本案无关');
  await page.keyboard.press('Control+Enter');
  await page.locator('#detail').getByText(message('ui.order_state.lifting')).first().waitFor();
  await page.locator('#detail').getByText('户主是商户，与本案无关').first().waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} wide`);
  assert.deepEqual(complaints, []);
});
