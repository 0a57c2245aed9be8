/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a victim finds out where their money is with two words and no name; the staff see who is
 * next, and how banks answer. Method: the real program with two banks; keyboard; both languages.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import {
  assertAccessible,
  assertFits,
  device,
  message,
  open,
  PROPOSER,
  post,
  settled,
  shoot,
  TELLER,
  world,
} from './helper.mjs';

open({ fill: 0 });

const newAccount = (bank) => `${bank}:${randomInt(1e9, 9e9)}`;

async function reported(amount = 2_500_000) {
  const { context } = await device({ as: PROPOSER });
  const account = newAccount('BKA');
  /* Of another victim each time: what one person tells twice is one matter. */
  const number = `139${randomInt(10_000_000, 99_999_999)}`;
  const made = await post(context, '/v1/reports', {
    channel: '96110',
    victim: { name: '张某某', number },
    transfers: [{ to: account, bank: 'BKA', amount, name: '李某某' }],
  });
  await context.close();
  return { ...made, account, number };
}

async function openedProgress(made, how) {
  const one = await device(how);
  await one.page.goto(`/progress/${made.report}`);
  await one.page.locator('#secret:focus').waitFor();
  await one.page.keyboard.type(made.secret.toLowerCase());
  await one.page.keyboard.press('Enter');
  await one.page.locator('article.progress').waitFor();
  return one;
}

test('a victim sees amounts, states and dates, and no name; the key is in no address', async () => {
  const made = await reported();
  for (const how of [
    { width: 390, height: 844, lang: 'zh' },
    { width: 1440, lang: 'en', dark: true },
  ]) {
    const { context, page, complaints } = await openedProgress(made, how);
    await page.getByText('25,000.00').first().waitFor();
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /张某某|李某某/);
    assert.ok(!text.includes(made.number), 'no number');
    assert.ok(!text.includes(made.account.slice(4)), 'no account');
    assert.doesNotMatch(text, /\b(NaN|undefined|null)\b|\[object |\bui\.\w/);
    assert.ok(!page.url().includes('YM-'));
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.ok(!kept.toUpperCase().includes(made.secret), 'nothing is kept on the device');
    await assertFits(page, `progress ${how.width}`);
    await assertAccessible(page, `progress ${how.width}`);
    await shoot(page, `progress-${how.width}-${how.lang}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('a wrong key says so, and neither key nor reference that is missing is sent', async () => {
  const made = await reported();
  const { context, page } = await device({ width: 390, height: 844 });
  await page.goto('/progress');
  await page.locator('#report:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#report-problem').waitFor();
  await page.locator('#report').fill(made.report);
  await page.locator('#secret').fill('YM-1234');
  await page.keyboard.press('Enter');
  await page.locator('#secret-problem').waitFor();
  await page.locator('#secret').fill('YM-AAAA-BBBB-CCCC');
  await page.keyboard.press('Enter');
  await page.locator('.form-problem p').waitFor();
  await page.locator('#secret:focus').waitFor();
  await assertAccessible(page, 'progress, refused');
  await page.locator('#secret').fill(made.secret);
  await page.keyboard.press('Enter');
  await page.locator('article.progress').waitFor();
  /* Whoever uses the device next sees nothing. */
  await page.getByText(message('ui.progress.close')).click();
  await page.locator('#secret').waitFor();
  assert.equal(await page.locator('#secret').inputValue(), '');
  await context.close();
});

test('a report that is sent leads to its page', async () => {
  const { context, page, complaints } = await device({ as: PROPOSER });
  await page.goto('/reports/new');
  await page.locator('[id="f-transfers.0.to"]:focus').waitFor();
  await page.keyboard.type(newAccount('BKA'));
  await page.locator('[id="f-transfers.0.amount"]').fill('3万');
  await page.keyboard.press('Control+Enter');
  const card = page.locator('.for-victim');
  await card.waitFor();
  const secret = await card.locator('code').innerText();
  await card.locator('a').click();
  await page.waitForURL(/\/progress\/[^/]+$/);
  await page.locator('#secret:focus').waitFor();
  await page.keyboard.type(secret);
  await page.keyboard.press('Enter');
  await page.locator('article.progress').getByText('30,000.00').first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('banks: what each can do, what is open there, by keyboard', async () => {
  const made = await reported();
  for (const how of [
    { width: 1440, lang: 'zh' },
    { width: 390, height: 844, lang: 'en', dark: true },
  ]) {
    const { context, page, complaints } = await device({ as: PROPOSER, ...how });
    await page.goto('/providers');
    await page.locator('.row').first().waitFor();
    await assertFits(page, 'providers');
    await assertAccessible(page, 'providers');
    await page.keyboard.press('j');
    await page.waitForURL(/\/providers\/bank-a$/);
    await page.locator('#detail').getByText(made.account).waitFor();
    await settled(page);
    await assertFits(page, 'provider');
    await assertAccessible(page, 'provider');
    await shoot(page, `provider-${how.width}-${how.lang}`);
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /\b(NaN|undefined|null)\b|\[object |\bui\.\w/);
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/providers$/);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('what a bank says of orders that nobody gave stands on its page', async () => {
  const stray = `stray${randomInt(1e9)}`;
  const teller = await device({ as: TELLER });
  const page1440 = await device({ as: PROPOSER, width: 1440, lang: 'zh' });
  await page1440.page.goto('/providers/bank-a');
  await settled(page1440.page);
  await page1440.page.locator('#detail .card-head').waitFor();
  assert.equal(await page1440.page.getByText('无此客户').count(), 0);
  /* It comes while somebody looks. */
  const told = await teller.context.request.post(`${world.base}/v1/orders/${stray}/receipt`, {
    data: { result: 'refused', reason: '无此客户' },
    headers: { Origin: world.base },
  });
  assert.equal(told.status(), 404, 'the bank hears that there is none');
  const page390 = await device({ as: PROPOSER, width: 390, height: 844, lang: 'en', dark: true });
  await page390.page.goto('/providers/bank-a');
  for (const [width, one] of [
    [1440, page1440],
    [390, page390],
  ]) {
    const said = one.page.locator('#detail .timeline li', { hasText: stray });
    await said.getByText('无此客户').waitFor();
    await settled(one.page);
    await assertFits(one.page, `strays ${width}`);
    await assertAccessible(one.page, `strays ${width}`);
    await shoot(one.page, `strays-${width}`);
    const text = await one.page.locator('main').innerText();
    assert.doesNotMatch(text, /\b(NaN|undefined|null)\b|\[object |\bui\.\w/);
    assert.deepEqual(one.complaints, []);
  }
  /* Another bank said nothing of the kind. */
  await page390.page.goto('/providers/bank-b');
  await page390.page.locator('#detail .card-head').waitFor();
  await settled(page390.page);
  assert.equal(await page390.page.getByText(stray).count(), 0);
  for (const one of [teller, page1440, page390]) await one.context.close();
});

test('an incident shows who is next, and its orders as cards where there is little room', async () => {
  const made = await reported();
  const { context, page, complaints } = await device({
    as: PROPOSER,
    width: 390,
    height: 844,
  });
  await page.goto(`/incidents/${made.incident}`);
  await page.locator('.race').waitFor();
  const cell = page.locator('table.cards td', { hasText: made.account }).first();
  await cell.waitFor();
  assert.equal(await cell.evaluate((td) => getComputedStyle(td).display), 'block');
  await assertFits(page, 'incident');
  await settled(page);
  await shoot(page, 'incident-cards-390');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what may be disconnected is picked by hand; on one word nothing may', async () => {
  const made = await reported();
  const address = `/v1/incidents/${made.incident}/disconnects`;
  const { context, page, complaints } = await device({ as: PROPOSER, lang: 'en' });
  const opened = async () => {
    await page.goto(`/incidents/${made.incident}`);
    await page.getByText('Disconnect numbers and accounts').click();
    await page.locator('.draft td').first().waitFor();
  };
  await opened();
  assert.ok(await page.locator('.draft input[type=checkbox]').isDisabled());
  assert.equal(await page.locator('.draft button[type=submit]').count(), 0);

  const item = (value, rest) => ({ kind: 'account', value, display: value, ...rest });
  const items = [
    item('BKA:1', { is_candidate: true, ground: 'hold', hold: '01ORDER', provider: 'bank-a' }),
    item('BKA:2', { is_candidate: false, code: 'disconnect.protected', reason: 'Protected.' }),
  ];
  const sent = [];
  await page.route(`**${address}`, (route) => {
    const body = route.request().postDataJSON();
    if (body) sent.push(body);
    const answer = body ? { drafted: 1, orders: [], refusals: [] } : { items, is_cut: false };
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify(answer) });
  });
  await opened();
  await page.locator('.draft input[type=checkbox]').first().check();
  await page.locator('#f-basis').fill('fraud_law_20');
  await assertAccessible(page, 'disconnects');
  await assertFits(page, 'disconnects');
  await page.locator('.draft button[type=submit]').click();
  await page.getByText('1 drafted. Somebody else approves them.').waitFor();
  assert.deepEqual(sent, [
    { targets: [{ kind: 'account', value: 'BKA:1' }], basis: 'fraud_law_20' },
  ]);
  assert.deepEqual(complaints, []);
  await context.close();
});
