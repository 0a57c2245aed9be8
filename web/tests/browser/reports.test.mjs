/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a victim told is taken, read and found again by the staff; a bank that is late stands on
 * an approver's page until they say that they have seen it; outlets stand by name. Method: the real
 * program with a bank that is late at once; keyboard.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import {
  APPROVER,
  device,
  holdBack,
  lookAt,
  message,
  newContext,
  open,
  PAIRINGS,
  PROPOSER,
  post,
  settled,
} from './helper.mjs';

open({ fill: 0 });

const newAccount = (bank) => `${bank}:${randomInt(1e9, 9e9)}`;

/* From the street, or as an operator takes it. */
async function told({ as, bank = 'BKA', channel = '96110' } = {}) {
  const { context } = as ? await device({ as }) : { context: await newContext() };
  const account = newAccount(bank);
  const made = await post(context, '/v1/reports', {
    channel,
    victim: { name: '张某某', number: `139${randomInt(10_000_000, 99_999_999)}` },
    said: '对方自称是客服',
    transfers: [{ to: account, bank, amount: 660_000, name: '李某某' }],
  });
  await context.close();
  return { ...made, account };
}

test('a report from the street is taken by keyboard, and its orders go out', async () => {
  const made = await told({ channel: 'web' });
  const { context, page, complaints } = await device({ as: PROPOSER });
  await page.goto('/');
  await settled(page);
  await page.locator(`.wait-row[href*="${made.report}"]`).click();
  await page.locator('#detail').getByText(made.account).waitFor();
  assert.doesNotMatch(await page.locator('#detail').innerText(), /张某某|客服/, 'no name unasked');
  await page.keyboard.press('t');
  await page.locator('form.panel button[type="submit"]:focus').waitFor();
  await page.keyboard.press('Enter');
  const order = page.locator('#detail .wait-row', { hasText: made.account });
  await order.getByText(message('ui.order_state.sent')).waitFor();
  await page.getByText(message('ui.deed.report.take')).waitFor();
  await page.keyboard.press('w');
  await page.locator('#f-why:focus').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-why-problem').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('form.panel').waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('who told it is read for a purpose; an id finds its record', async () => {
  const made = await told({ as: PROPOSER });
  const { context, page, complaints } = await device({ as: PROPOSER });
  await page.goto('/orders');
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.locator('.palette input:focus').waitFor();
  await page.keyboard.type(made.report.toLowerCase());
  await page
    .locator('.palette [aria-selected="true"]', { hasText: message('ui.palette.record.report') })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/reports/${made.report}`));
  await page.getByRole('button', { name: message('ui.reports.show_victim') }).click();
  await page.locator('#f-purpose:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#f-purpose-problem').waitFor();
  await page.keyboard.type('回访');
  await page.keyboard.press('Enter');
  await page.getByText('张某某').waitFor();
  await page.getByText('对方自称是客服').waitFor();
  await page.locator(`#detail a[href="/incidents/${made.incident}"]`).click();
  await page.locator(`#reports a[href="/reports/${made.report}"]`).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a report that found no bank is corrected and sent again', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/reports/new');
  await page.locator('[id="f-transfers.0.to"]:focus').waitFor();
  await page.keyboard.type(`62220210${randomInt(1e9, 9e9)}`);
  await page.locator('[id="f-transfers.0.amount"]').fill('5万');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: message('ui.report.correct') }).waitFor();
  await page.keyboard.press('c');
  await page.locator('[id="f-transfers.0.bank"]').fill('BKA');
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.report.sent', { n: 1 })).waitFor();
  await context.close();
});

test("a bank that is late stands on an approver's page until they have seen it", async () => {
  const { context, page, complaints } = await device({ as: APPROVER });
  /* It comes after the page has loaded and before it listens: a worker's stream cannot be held back. */
  await context.addInitScript(() => {
    delete window.SharedWorker;
  });
  const listen = await holdBack(page, '**/v1/stream?*');
  await page.goto('/');
  await page.getByText(message('ui.home.no_silent')).waitFor();
  const made = await told({ as: PROPOSER, bank: 'BKC' });
  const late = '/v1/orders?waits=heed';
  while ((await (await context.request.get(late)).json()).total === 0)
    await page.waitForTimeout(100);
  listen();
  const row = page.locator('.wait-row[href="/providers/bank-c"]');
  await row.getByText(message('ui.order_alarm.late')).waitFor();
  await row.click();
  await page.getByText(message('ui.providers.alarm.one')).waitFor();
  await settled(page);
  await page.keyboard.press('s');
  await page.locator('#f-why:focus').waitFor();
  await page.keyboard.type('已电话联系');
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.providers.alarm.one')).waitFor({ state: 'detached' });
  await page.goto(`/orders?tab=late&id=${made.orders[0].order}`);
  await page.locator('.timeline').getByText('已电话联系').waitFor();
  await page.goto('/');
  await page.getByText(message('ui.home.no_silent')).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

const line = (bank, outlet, share, more) => ({
  ...(bank && { bank }),
  ...(outlet && { outlet }),
  is_pooled: !outlet,
  year: 2026,
  outlets: outlet ? 1 : 3,
  issued: 420,
  is_few: !share,
  ...(share && { bad: 9, share_percent: share, low_percent: share / 2, high_percent: share * 2 }),
  ...more,
});

const TALLIES = {
  from: 2024,
  to: 2026,
  items: [line('', '', 2), line('乙银行', '2', 9), line('甲银行', '10'), line('甲银行', '9', 1)],
  withheld: { outlets: 2, issued: 60 },
  unplaced: 7,
  least: { issued: 200, staff: 5, bad: 5 },
};

test('a report and outlets, in both languages and lights, wide and narrow', async (t) => {
  const made = await told({ as: PROPOSER });
  for (const how of PAIRINGS) {
    const { context, page, complaints } = await device({ as: PROPOSER, ...how });
    await page.route('**/v1/tallies**', (route) => route.fulfill({ json: TALLIES }));
    for (const [name, address] of [
      ['report', `/reports/${made.report}`],
      ['tallies-full', '/tallies'],
    ])
      await t.test(`${name} ${how.width} ${how.lang}`, async () => {
        await page.setViewportSize({ width: how.width, height: how.height });
        await page.goto(address);
        await settled(page);
        await lookAt(page, name, how);
      });
    const banks = await page.locator('.tally-lines tbody td:first-child').allInnerTexts();
    assert.deepEqual(
      banks.slice(0, 3).map((b) => b.trim()),
      ['甲银行', '甲银行', '乙银行'],
      'by name, whatever the share',
    );
    assert.deepEqual(complaints, []);
    await context.close();
  }
});
