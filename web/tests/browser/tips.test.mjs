/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a citizen tells of a scam in one field, without a name, and hears what happens next; an analyst
 * sees the thing once, proposes a listing by keyboard or dismisses it. Method: the real program at 390
 * and 1440 px, in both languages.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAccessible,
  device,
  lookAt,
  message,
  open,
  PAIRINGS,
  PROPOSER,
  settled,
} from './helper.mjs';

open({ fill: 0 });

const said = (page) => page.locator('#f-said');
const button = (page, key, lang = 'zh') =>
  page.getByRole('button', { name: message(key, {}, lang) });
const listed = (page, text) => page.locator('.card li', { hasText: text });

test('a citizen tells of a message, and of a number that was looked up', async () => {
  const { context, page } = await device({ width: 390, height: 844 });
  await page.goto('/');
  await settled(page);
  await page.locator('.way[href="/tip"]').click();
  await said(page).waitFor();
  await button(page, 'ui.tip.send').click();
  await page.locator('#f-said-problem').waitFor();
  await said(page).fill('您的快递被扣，请付 http://parcel-pay.example/x 或致电13912345678');
  await button(page, 'ui.tip.send').click();
  await listed(page, 'parcel-pay.example').waitFor();
  await listed(page, '139 1234 5678').waitFor();
  assert.equal(await said(page).inputValue(), '');
  await said(page).fill('没有什么');
  await button(page, 'ui.tip.send').click();
  await page.locator('.form-problem, .field-problem, [role=alert]').first().waitFor();
  await assertAccessible(page, 'a tip that names nothing');
  await page.goto('/check?q=13812345679');
  await page.locator('a[href^="/tip#"]').click();
  await said(page).waitFor();
  await page.waitForURL(/\/tip#/);
  assert.match(await said(page).inputValue(), /13812345679/);
  await button(page, 'ui.tip.send').click();
  await listed(page, '138 1234 5679').waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await context.close();
});

test('the pages, in both languages, wide and narrow', async () => {
  for (const how of PAIRINGS) {
    const one = await device(how);
    await one.page.goto('/tip');
    await settled(one.page);
    await lookAt(one.page, 'tip', how);
    await one.context.close();
    const { context, page, complaints } = await device({ ...how, as: PROPOSER });
    await page.goto('/tips');
    await settled(page);
    const href = await page.locator('a[href^="/tips/"]').first().getAttribute('href');
    await page.goto(href);
    await settled(page);
    await lookAt(page, 'tips', how);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('an analyst proposes one and dismisses another', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/tips');
  await settled(page);
  const badge = (state) =>
    page.locator('#detail .badge', { hasText: message(`ui.found_state.${state}`) });
  for (const [key, state] of [
    ['l', 'listed'],
    ['d', 'dismissed'],
  ]) {
    await page.goto('/tips');
    await settled(page);
    await page.keyboard.press('j');
    await page.waitForURL(/\/tips\/.+/);
    await settled(page);
    await page.keyboard.press(key);
    await page.locator('[id="f-why"]').fill('looked at');
    await assertAccessible(page, `a tip to be ${state}`);
    await page.keyboard.press('Control+Enter');
    await badge(state).waitFor();
  }
  await context.close();
});
