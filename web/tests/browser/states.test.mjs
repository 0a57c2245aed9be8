/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: empty, full, slow and broken are states somebody thought about. Method: an empty store, one
 * with thousands of listings, a slow line, a line that is cut, a server that fails.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  APPROVER,
  device,
  holdBack,
  message,
  open,
  PROPOSER,
  scrollTo,
  settled,
  shoot,
} from './helper.mjs';
import { openServer } from './server.mjs';

const FULL = 5000;
open({ fill: FULL });
const isOwn = !process.env.BASE_URL;

test('slow: says what it waits for, then shows it', async () => {
  const { context, page } = await device({ as: APPROVER });
  const release = await holdBack(page, '**/v1/listings?*');
  await page.goto('/lists');
  await page.locator('.state-title', { hasText: message('ui.slow.list') }).waitFor();
  await page.locator('.line p', { hasText: message('ui.line.slow') }).waitFor();
  await shoot(page, 'slow');
  release();
  await page.locator('.row').first().waitFor();
  await page.locator('.line p').waitFor({ state: 'detached' });
  await context.close();
});

test('broken: names the request, what still works, and tries again', async () => {
  const { context, page } = await device({ as: APPROVER });
  let isBroken = true;
  await page.route('**/v1/listings?*', (route) =>
    isBroken
      ? route.fulfill({
          status: 500,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            status: 500,
            detail: '磁盘已满，未作任何更改。',
            code: 'store.disk_full',
            request: 'r-17',
          }),
        })
      : route.continue(),
  );
  await page.goto('/lists');
  await page.getByText('磁盘已满').waitFor();
  await page.getByText('r-17').waitFor();
  await page.getByText(message('ui.lists.broken')).waitFor();
  await shoot(page, 'broken');
  isBroken = false;
  await page.getByRole('button', { name: message('ui.broken.again') }).click();
  await page.getByText('磁盘已满').waitFor({ state: 'detached' });
  await context.close();
});

test('offline: the page stays, says so, and recovers', async () => {
  const { context, page } = await device();
  await page.goto('/check');
  await settled(page);
  await context.setOffline(true);
  await page.locator('.line p', { hasText: message('ui.line.offline') }).waitFor();
  await page.locator('#check').fill('13912345678');
  await page.keyboard.press('Enter');
  await page.getByText(message('ui.broken.call')).waitFor();
  await shoot(page, 'offline');
  await context.setOffline(false);
  await page.getByRole('button', { name: message('ui.broken.again') }).click();
  await page.locator('.verdict').waitFor();
  await context.close();
});

test('full: only what is seen is drawn, and the end can be reached', {
  skip: !isOwn,
}, async () => {
  const { context, page, complaints } = await device({ as: APPROVER });
  await page.goto('/lists');
  await settled(page);
  await page.getByText(message('ui.lists.count', { n: FULL.toLocaleString('zh-CN') })).waitFor();
  assert.ok((await page.locator('.row').count()) < 60);
  await scrollTo(page, 501);
  assert.ok((await page.locator('.row').count()) < 60);
  /* The keyboard follows: k from far below moves one row and keeps it in sight. */
  await page.locator('.row').last().click();
  await page.waitForURL(/id=/);
  await page.keyboard.press('k');
  await page.locator('.row[aria-current]').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('empty: says what would fill it and how', { skip: !isOwn }, async () => {
  const server = await openServer();
  const { context, page } = await device();
  const signed = await context.request.post(`${server.base}/v1/sessions`, {
    data: PROPOSER,
    headers: { Origin: server.base },
  });
  assert.equal(signed.status(), 200);
  for (const [address, key] of [
    ['/lists', 'ui.lists.empty'],
    ['/appeals', 'ui.appeals.empty'],
    ['/feeds', 'ui.feeds.empty'],
  ]) {
    await page.goto(server.base + address);
    await page.getByText(message(key)).waitFor();
    await shoot(page, `empty${address.replace('/', '-')}`);
  }
  await page.goto(`${server.base}/lists`);
  await page.getByText(message('ui.lists.empty')).waitFor();
  await page.keyboard.press('n');
  await page.locator('#f-value').waitFor();
  await context.close();
  await server.close();
});
