/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a detector found is understood where it is decided: an analyst proposes by keyboard, with
 * the reasons in view; so does the second person approve; a device shows where to look and when each
 * card called for a purpose only, and takes the outcome of the field. Method: the real program, with
 * numbers and a device put into its store as detectors would.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  APPROVER,
  assertAccessible,
  device,
  lookAt,
  message,
  open,
  PAIRINGS,
  PROPOSER,
  settled,
} from './helper.mjs';

const FOUND = new URL('found.py', import.meta.url).pathname;

open({
  fill: 0,
  first: async (_, early) => {
    const store = join(dirname(early.log), 'data', 'yumen.db');
    execFileSync('python3', [FOUND, store]);
  },
});

const why = (page) => page.locator('[id="f-why"]');
const badge = (page, state) =>
  page.locator('#detail .badge', { hasText: message(`ui.found_state.${state}`) });

test('both pages, in both languages, wide and narrow', async () => {
  for (const how of PAIRINGS) {
    const { context, page, complaints } = await device({ ...how, as: PROPOSER });
    for (const [name, address] of [
      ['suspicion', '/suspicions/S2'],
      ['suspicion-of-box', '/suspicions/S3'],
      ['box', '/boxes/BX1'],
    ]) {
      await page.setViewportSize({ width: how.width, height: how.height });
      await page.goto(address);
      await settled(page);
      await lookAt(page, name, how);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('an analyst proposes and another approves, each with the reasons in view', async () => {
  const one = await device({ as: PROPOSER });
  await one.page.goto('/suspicions');
  await settled(one.page);
  await one.page.keyboard.press('j');
  await one.page.waitForURL(/\/suspicions\/S3$/);
  await one.page.goto('/suspicions/S1');
  await settled(one.page);
  await one.page.getByText(message('ui.feature.short_share')).waitFor();
  await one.page.getByText('87.3 %').waitFor();
  await one.page.keyboard.press('l');
  await why(one.page).fill(message('ui.found.fraud.pattern'));
  await one.page.keyboard.press('Control+Enter');
  await badge(one.page, 'listed').waitFor();
  await settled(one.page);
  const listing = await one.page
    .locator('#detail .fact a[href^="/lists?id="]')
    .getAttribute('href');
  const two = await device({ as: APPROVER });
  await two.page.goto(listing);
  await settled(two.page);
  await two.page.getByText(message('ui.feature.short_share')).waitFor();
  await assertAccessible(two.page, 'the listing with its evidence');
  await two.page.keyboard.press('a');
  await two.page.keyboard.press('Enter');
  await two.page
    .locator('#detail .badge', { hasText: message('ui.state.in_force') })
    .first()
    .waitFor();
  /* Whoever asks is told in plain words what it means for a number, and since when. */
  await two.page.goto('/check?q=13910000001');
  await two.page.getByText(message('ui.verdict.number.block'), { exact: true }).waitFor();
  await two.page.getByText(message('ui.fact.from'), { exact: true }).waitFor();
  for (const { context } of [one, two]) await context.close();
});

test('an honest one stays free', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/suspicions/S2');
  await settled(page);
  await page.keyboard.press('d');
  await why(page).fill(message('ui.found.honest.courier'));
  await page.keyboard.press('Control+Enter');
  await badge(page, 'dismissed').waitFor();
  await page.goto('/check?q=13910000002');
  await page.getByText(message('ui.verdict.number.pass'), { exact: true }).waitFor();
  await context.close();
});

test('many are dismissed by one decision, beyond a page too; a block of many is not offered', async () => {
  const { context, page, complaints } = await device({ as: PROPOSER });
  await page.goto('/suspicions');
  await settled(page);
  const boxes = page.locator('.pane .pick');
  assert.equal(await boxes.count(), 200);
  await page.getByRole('button', { name: message('ui.list.more') }).click();
  await page.waitForFunction(() => document.querySelectorAll('.pane .pick').length > 200);
  for (const at of [-1, -2, -3]) await boxes.nth(at).check();
  await page.getByText(message('ui.conflicts.chosen', { n: '3' })).waitFor();
  await page.getByText(message('ui.found.one_by_one')).waitFor();
  await assertAccessible(page, 'suspicions with some chosen');
  await page.keyboard.press('l');
  assert.equal(await why(page).count(), 0);
  await page.keyboard.press('d');
  await why(page).fill(message('ui.found.honest.courier'));
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.conflicts.done', { n: '3' })).waitFor();
  await page.goto('/suspicions?state=dismissed');
  await settled(page);
  await page.getByText('138 1000 0000').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('where a device is, is shown for a purpose; its turns have their table; the field decides', async () => {
  const { context, page, complaints } = await device({ as: PROPOSER });
  /* Where cells stand is a file of the centre's own: system/cells has it. */
  await page.route('**/v1/boxes/BX1?purpose=*', async (route) => {
    const response = await route.fetch();
    const place = { name: '城关区', lon: 103.834249, lat: 36.06138 };
    await route.fulfill({ response, json: { ...(await response.json()), place } });
  });
  await page.goto('/boxes');
  await settled(page);
  await page.keyboard.press('j');
  await page.waitForURL(/\/boxes\/BX1$/);
  await settled(page);
  assert.equal(await page.getByText('460-00-1-2').count(), 0);
  assert.equal(await page.getByText('139 1000 0001').count(), 0);
  await page.getByRole('button', { name: message('ui.boxes.read') }).click();
  await page.locator('[id="f-purpose"]').fill('现场核查');
  await page.keyboard.press('Enter');
  await page.getByText('460-00-1-2').waitFor();
  await page.getByText('36.061380, 103.834249').waitFor();
  await page.locator('.turns rect').first().waitFor();
  assert.equal(await page.locator('.turns rect').count(), 27);
  assert.equal(await page.locator('.turns g').count(), 9);
  await page.getByText(message('ui.boxes.table'), { exact: true }).click();
  assert.equal(await page.locator('details tbody tr').count(), 9);
  await lookAt(page, 'box-read', PAIRINGS[0]);
  await page.keyboard.press('c');
  await why(page).fill(message('ui.boxes.outcome.seized'));
  await page.keyboard.press('Control+Enter');
  await badge(page, 'confirmed').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
