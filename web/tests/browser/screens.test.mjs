/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every page is whole in both languages, in light and dark, wide and narrow, and for a screen
 * reader. Method: open each page in two pairings, and make each as wide as the other; no complaint of
 * the browser (a violated content policy is one), nothing wider than the window, no value that is
 * none, nothing found by axe.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ADMIN,
  APPROVER,
  assertFits,
  device,
  listed,
  lookAt,
  newContext,
  newDomain,
  newNumber,
  open,
  PAIRINGS,
  PROPOSER,
  post,
  settled,
  shoot,
  signIn,
  world,
} from './helper.mjs';
import { conflicted, sourced, take } from './sources.mjs';

open();

async function pages() {
  const blocked = await listed('domain', newDomain());
  const waiting = await listed('number', newNumber(), { approve: false });
  const anybody = await newContext();
  const appeal = await post(anybody, '/v1/appeals', {
    listing: blocked.listing,
    statement: '这是我们公司的官网，请核实。',
    name: '王某',
  });
  await anybody.close();
  const { name, safe } = await conflicted({ n: 5 });
  const waits = await sourced();
  const values = Array.from({ length: 40 }, newDomain);
  for (const n of [30, 34, 40, 3]) await take(waits, values.slice(0, n));
  await sourced({ approve: false });
  const wrong = await listed('domain', newDomain());
  const lifting = await newContext();
  await signIn(lifting, APPROVER);
  await post(lifting, `/v1/listings/${wrong.listing}/lift`, { why: '误列' });
  await lifting.close();
  const q = encodeURIComponent(blocked.value);
  return [
    ['home', '/'],
    ['check-block', `/check?q=${q}`],
    ['check-pass', `/check?q=${newDomain()}`],
    ['check-wrong', '/check?q=!!'],
    ['appeal', `/appeal?listing=${blocked.listing}&kind=domain&value=${q}`],
    ['appeal-follow', `/appeal?ref=${appeal.appeal}&new=1`],
    ['sign-in', '/sign-in?expired=1&next=/lists'],
    ['notice', `/notice?value=${q}`],
    ['notice-free', `/notice?value=${newDomain()}`],
    ['missing', '/no/such/page'],
    ['staff-home', '/', APPROVER],
    ['lists', '/lists', APPROVER],
    ['lists-none', '/lists?q=nothing-is-called-this', APPROVER],
    ['listing', `/lists?id=${waiting.listing}`, APPROVER],
    ['listing-own', `/lists?state=proposed&id=${waiting.listing}`, PROPOSER],
    ['proposal', '/lists?new=1', PROPOSER],
    ['appeals', `/appeals?id=${appeal.appeal}`, APPROVER],
    ['stream', '/stream', APPROVER],
    ['ledger', '/ledger?leaf=1', APPROVER],
    ['people', '/people?new=1', ADMIN],
    ['feeds', '/feeds', PROPOSER],
    ['sources', '/sources', APPROVER],
    ['source-new', '/sources?new=1', PROPOSER],
    ['source', `/sources?id=${waits}`, PROPOSER],
    ['source-conflicts', `/sources?id=${name}`, PROPOSER],
    ['source-protects', `/sources?id=${safe}`, APPROVER],
    ['conflicts', '/conflicts', PROPOSER],
    ['conflicts-none', '/conflicts?rule=own_name', APPROVER],
    ['resolvers', '/resolvers', APPROVER],
    ['mistakes', '/mistakes'],
    ['staff-mistakes', '/mistakes', APPROVER],
    ['reports', '/reports', PROPOSER],
    ['orders', '/orders?tab=late', APPROVER],
    ['providers', '/providers/bank-c', APPROVER],
    ['tallies', '/tallies', PROPOSER],
    ['calls-none', '/calls', PROPOSER],
    ['suspicions-none', '/suspicions', PROPOSER],
    ['boxes-none', '/boxes', APPROVER],
  ];
}

test('every page, in both languages and lights, wide and narrow', async (t) => {
  const all = await pages();
  for (const how of PAIRINGS) {
    /* One device a person: what loads once is not loaded again. */
    const devices = new Map();
    for (const [name, address, as] of all) {
      const who = as?.name ?? '';
      if (!devices.has(who)) devices.set(who, await device({ ...how, as }));
      const { page, complaints } = devices.get(who);
      await t.test(`${name} ${how.width} ${how.lang}`, async () => {
        complaints.length = 0;
        await page.setViewportSize({ width: how.width, height: how.height });
        await page.goto(address);
        await settled(page);
        await lookAt(page, name, how);
        assert.deepEqual(complaints, [], name);
      });
    }
    for (const { context } of devices.values()) await context.close();
  }
});

test('at 200 % zoom nothing is cut off and the page still works', async () => {
  for (const [address, as] of [
    ['/'],
    ['/check'],
    ['/appeal'],
    ['/lists', APPROVER],
    ['/lists?new=1', PROPOSER],
  ]) {
    const { context, page } = await device({ width: 720, height: 450, scale: 2, as });
    await page.goto(address);
    await settled(page);
    await shoot(page, `zoom${address.replace(/\W/g, '-')}${as ? '' : '-public'}`);
    await assertFits(page, address);
    await context.close();
  }
});

test('the notice is whole without any script', async () => {
  const blocked = await listed('domain', newDomain());
  const context = await newContext({ javaScriptEnabled: false, baseURL: world.base });
  const page = await context.newPage();
  await page.goto(`/notice?value=${encodeURIComponent(blocked.value)}`);
  const text = await page.locator('body').innerText();
  assert.ok(text.includes(blocked.value), 'what was blocked');
  assert.ok(text.includes(blocked.listing), 'under which listing');
  assert.ok(text.includes('96110'), 'whom to call');
  assert.ok(!text.includes('{{'), 'no place is left unfilled');
  assert.equal(await page.locator('script').count(), 0);
  await context.close();
});
