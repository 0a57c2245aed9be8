/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: lists of others are proposed, approved, taken in, held, decided on and ended by people, and
 * what speaks against an entry is decided by keyboard, one or many. Method: the real program; an
 * analyst and an approver, each on a device of their own.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import {
  APPROVER,
  assertAccessible,
  device,
  holdBack,
  message,
  newDomain,
  open,
  PROPOSER,
  scrollTo,
  settled,
  shoot,
} from './helper.mjs';
import { openServer } from './server.mjs';
import { conflicted, sourced, take } from './sources.mjs';

open({ fill: 0 });
const isOwn = !process.env.BASE_URL;
const counted = (page, n) =>
  page.locator('.list-head').getByText(message('ui.conflicts.count', { n })).waitFor();
const newName = () => `list-${randomInt(1e9)}`;

test('a source is proposed with the keyboard, and another person approves it', async () => {
  const name = newName();
  const one = await device({ as: PROPOSER });
  await one.page.goto('/sources');
  await settled(one.page);
  await one.page.keyboard.press('n');
  await one.page.locator('#f-name').waitFor();
  await one.page.locator('#f-name').fill(name);
  /* What is missing is named, one after the other. */
  await one.page.keyboard.press('Control+Enter');
  await one.page.locator('#f-origin-problem').waitFor();
  await one.page.locator('#f-origin').fill('省联席办每日下发，https://lists.example');
  await one.page.locator('#f-licence').fill('CC0');
  await one.page.locator('#f-reason').fill('phishing');
  await one.page.locator('#f-basis').fill('fraud_law_24');
  await one.page.locator('#f-term_days').fill('9999');
  await one.page.keyboard.press('Control+Enter');
  await one.page.locator('#f-term_days-problem').waitFor();
  assert.equal(await one.page.locator('#f-licence').inputValue(), 'CC0');
  await one.page.locator('#f-term_days').fill('30');
  await one.page.keyboard.press('Control+Enter');
  await one.page.waitForURL(/id=/);
  await one.page.getByText(message('ui.sources.own')).waitFor();
  const two = await device({ as: APPROVER });
  await two.page.goto(`/sources${new URL(one.page.url()).search}`);
  await settled(two.page);
  await two.page.keyboard.press('a');
  await two.page.locator('form.panel').waitFor();
  await two.page.keyboard.press('Enter');
  await two.page.getByText(message('ui.sources.approve.done')).waitFor();
  assert.deepEqual(one.complaints, []);
  assert.deepEqual(two.complaints, []);
  await one.context.close();
  await two.context.close();
});

test('a list is taken in; one that shrinks waits until a person has looked', async () => {
  const name = await sourced({ name: newName() });
  const { context, page, complaints } = await device({ as: PROPOSER });
  await page.goto(`/sources?id=${name}`);
  await settled(page);
  const values = Array.from({ length: 30 }, newDomain);
  const send = async (list) => {
    await page.keyboard.press('u');
    const file = { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from(list.join('\n')) };
    await page.locator('.panel input[type=file]').setInputFiles(file);
    await page.getByRole('button', { name: message('ui.sources.upload_send') }).click();
  };
  await send(values);
  await page.locator('.note.jade').waitFor();
  await page.locator('tbody tr').waitFor();
  await send(values.slice(0, 3));
  await page.getByText(message('ui.sources.waiting')).waitFor();
  await page.getByText(message('ui.waits_for.source.shrank')).first().waitFor();
  await assertAccessible(page, 'a list that waits');
  await shoot(page, 'source-waits');
  await page.getByRole('button', { name: message('ui.sources.accept') }).click();
  await page.locator('.waits-card .panel').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(message('ui.sources.waiting')).waitFor({ state: 'detached' });
  await page.locator('.chart svg').waitFor();
  assert.match(await page.locator('.chart svg').getAttribute('aria-label'), /30/);
  await shoot(page, 'source-chart');
  /* An empty one is dismissed, with a reason. */
  await send(['# nothing']);
  await page.getByRole('button', { name: message('ui.sources.dismiss') }).click();
  await page.locator('#f-why').fill('对方下载中断');
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.sources.waiting')).waitFor({ state: 'detached' });
  await page.getByText(message('ui.state.dismissed')).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('ending a source lifts what it listed, with a reason', async () => {
  const name = await sourced({ name: newName() });
  await take(name, [newDomain(), newDomain()]);
  const { context, page } = await device({ as: APPROVER });
  await page.goto(`/sources?id=${name}`);
  await settled(page);
  await page.keyboard.press('e');
  await page.locator('#f-why').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-why-problem').waitFor();
  await page.keyboard.type('许可已撤回');
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.sources.end.done')).waitFor();
  await page.getByText('许可已撤回').waitFor();
  await page.goto(`/lists?source=${name}&state=in_force`);
  await page.getByText(message('ui.lists.none_match')).waitFor();
  await context.close();
});

test('conflicts: j, Space, d and one reason for many; then one is listed anyway', async () => {
  const { name } = await conflicted({ n: 6 });
  const { context, page, complaints } = await device({ as: PROPOSER });
  await page.goto(`/conflicts?source=${name}`);
  await settled(page);
  await counted(page, 6);
  await page.keyboard.press('j');
  await page.locator('.sides').waitFor();
  await page.getByText(message('ui.rule_text.below_protected')).waitFor();
  await shoot(page, 'conflict-both-sides');
  await page.keyboard.press(' ');
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  await page.getByText(message('ui.conflicts.chosen', { n: 2 })).waitFor();
  await page.keyboard.press('d');
  await page.locator('#f-why').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-why-problem').waitFor();
  await page.keyboard.type('官方网站');
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.conflicts.done', { n: 2 })).waitFor();
  await counted(page, 4);
  /* The next one is already looked at. */
  await page.locator('.row[data-on]').waitFor();
  await page.keyboard.press('l');
  await page.locator('#f-why').waitFor();
  await page.keyboard.type('已核实');
  await page.keyboard.press('Control+Enter');
  await counted(page, 3);
  await page.keyboard.press('x');
  await page.getByText(message('ui.conflicts.chosen', { n: 3 })).waitFor();
  await assertAccessible(page, 'conflicts selected');
  await page.keyboard.press('Escape');
  await page.goto(`/conflicts?source=${name}&state=listed`);
  await page.locator('.row').waitFor();
  await page.keyboard.press('j');
  await page.getByText(message('ui.conflicts.proposed_as')).waitFor();
  /* The proposal tells of the conflict, and the conflict of the proposal. */
  await page
    .locator('.facts a', { has: page.locator('code') })
    .last()
    .click();
  await page.getByText(message('ui.listing.conflicts')).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('whoever may not decide sees both sides and who does', async () => {
  const { name } = await conflicted({ n: 2 });
  const { context, page } = await device({ as: APPROVER });
  await page.goto(`/conflicts?source=${name}`);
  await page.locator('.row').first().waitFor();
  await page.keyboard.press('j');
  await page.getByText(message('ui.conflicts.nobody')).waitFor();
  await page.keyboard.press('d');
  assert.equal(await page.locator('form.panel').count(), 0);
  await context.close();
});

test('full: hundreds of conflicts are drawn as they are seen, and decided at once', async () => {
  const { name } = await conflicted({ n: 620 });
  const { context, page } = await device({ as: PROPOSER });
  await page.goto(`/conflicts?source=${name}`);
  await settled(page);
  await counted(page, 620);
  assert.ok((await page.locator('.row').count()) < 60);
  await scrollTo(page, 600);
  await page.keyboard.press('x');
  await page.getByText(message('ui.conflicts.chosen', { n: 500 })).waitFor();
  await page.getByText(message('ui.conflicts.chosen_most')).waitFor();
  await page.keyboard.press('d');
  await page.locator('#f-why').waitFor();
  await page.keyboard.type('受保护平台的主机');
  await page.keyboard.press('Control+Enter');
  await page.getByText(message('ui.conflicts.done', { n: 500 })).waitFor();
  await counted(page, 120);
  await context.close();
});

test('slow and broken: each page says what it waits for, and what still works', async () => {
  const answers = [
    ['/sources', '**/v1/sources?*', 'ui.slow.list', 'ui.sources.broken'],
    ['/conflicts', '**/v1/conflicts?*', 'ui.slow.list', 'ui.conflicts.broken'],
    ['/resolvers', '**/v1/resolvers', 'ui.slow.resolvers', 'ui.resolvers.broken'],
    ['/mistakes', '**/v1/mistakes', 'ui.slow.mistakes', 'ui.mistakes.broken'],
  ];
  for (const [address, asked, slow, broken] of answers) {
    const { context, page } = await device({ as: APPROVER });
    const body = JSON.stringify({ status: 500, detail: '磁盘已满。', code: 'x', request: 'r-9' });
    const release = await holdBack(page, asked, (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body }),
    );
    await page.goto(address);
    await page.locator('.state-title', { hasText: message(slow) }).waitFor();
    release();
    await page.getByText(message(broken)).waitFor();
    await page.getByText('r-9').waitFor();
    await page.unroute(asked);
    await page.getByRole('button', { name: message('ui.broken.again') }).click();
    await page.getByText('磁盘已满').waitFor({ state: 'detached' });
    await context.close();
  }
});

test('resolvers: who lags, since when and why; refreshed without a hand', async () => {
  const { context, page, complaints } = await device({ as: APPROVER });
  const ago = (s) => new Date(Date.now() - s * 1000).toISOString();
  let serial = 1700;
  await page.route('**/v1/resolvers', (route) =>
    route.fulfill({
      json: {
        serial: 1700,
        items: [
          {
            address: '10.0.0.53:53',
            serial,
            served_at: ago(600),
            acknowledged_at: ago(620),
            signed: true,
            ...(serial < 1700 && { trouble: 'timeout', trouble_at: ago(9) }),
          },
          {
            address: '10.0.0.54:53',
            serial: 0,
            signed: false,
            trouble: 'refused',
            trouble_at: ago(9),
          },
        ],
        files: [{ path: 'rpz/knot.zone', serial: 1700, written_at: ago(2) }],
      },
    }),
  );
  serial = 1690;
  await page.goto('/resolvers');
  await page.locator('.badge.cinnabar', { hasText: '10' }).waitFor();
  await page.getByText(message('ui.resolvers.never')).waitFor();
  await assertAccessible(page, 'resolvers');
  await shoot(page, 'resolvers-lag');
  serial = 1700;
  await page.locator('.badge.cinnabar').waitFor({ state: 'detached' });
  /* A question that fails leaves what was known, and says so. */
  await page.unroute('**/v1/resolvers');
  await page.route('**/v1/resolvers', (route) => route.abort());
  await page.locator('.note.ochre').waitFor();
  await page.getByText('10.0.0.53:53').waitFor();
  assert.deepEqual(
    complaints.filter((c) => !/Failed to load/.test(c)),
    [],
  );
  await context.close();
});

test('empty: each page says what would fill it', { skip: !isOwn }, async () => {
  const server = await openServer();
  const { context, page } = await device();
  const signed = await context.request.post(`${server.base}/v1/sessions`, {
    data: PROPOSER,
    headers: { Origin: server.base },
  });
  assert.equal(signed.status(), 200);
  for (const [address, key] of [
    ['/sources', 'ui.sources.empty'],
    ['/conflicts', 'ui.conflicts.empty'],
    ['/resolvers', 'ui.resolvers.empty'],
    ['/mistakes', 'ui.mistakes.empty'],
  ]) {
    await page.goto(server.base + address);
    await page.getByText(message(key)).waitFor();
    await shoot(page, `empty${address.replace('/', '-')}`);
  }
  await context.close();
  await server.close();
});
