/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: somebody who is afraid, blocked or on a bad line gets through. Method: the public pages with
 * a keyboard, wrong input, a cut line, a session that ended, a second click.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  APPROVER,
  assertAccessible,
  assertFits,
  device,
  inDays,
  JUDGE,
  listed,
  message,
  newDomain,
  newNumber,
  open,
  PROPOSER,
  settled,
  shoot,
} from './helper.mjs';

open();

test('check: the verdict has a word, a reason, an end and a way to appeal', async () => {
  const blocked = await listed('domain', newDomain());
  const { context, page } = await device({ width: 390, height: 844 });
  await page.goto('/');
  await settled(page);
  await page.locator('#check').fill(blocked.value);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: message('ui.verdict.block') }).waitFor();
  const text = await page.locator('.verdict').innerText();
  for (const key of ['ui.fact.reason', 'ui.fact.basis', 'ui.fact.until', 'ui.fact.who'])
    assert.ok(text.includes(message(key)), key);
  await page.locator('a[href="tel:110"]').waitFor();
  await page.getByRole('link', { name: message('ui.check.appeal') }).click();
  await page.waitForURL(/\/appeal\?/);
  await context.close();
});

test('check: what is not listed is never called safe; what is nothing is refused kindly', async () => {
  const { context, page } = await device({ lang: 'en' });
  await page.goto(`/check?q=${newNumber()}`);
  await page.getByRole('heading', { name: message('ui.verdict.number.pass', {}, 'en') }).waitFor();
  await page.getByText('does not prove that the call is honest').waitFor();
  await page.goto('/check?q=%F0%9F%98%80');
  await page.locator('.note-card').waitFor();
  assert.ok(await page.locator('#check').isEditable());
  await context.close();
});

test('appeal: file, keep reference and key, follow by one, withdraw by both', async () => {
  const blocked = await listed('number', newNumber());
  const { context, page, complaints } = await device({ width: 390, height: 844 });
  await page.goto(
    `/appeal?listing=${blocked.listing}&kind=number&value=${encodeURIComponent(blocked.value)}`,
  );
  await settled(page);
  /* No reason yet. */
  await page.getByRole('button', { name: message('ui.appeal.submit') }).click();
  await page.locator('#f-statement-problem').waitFor();
  await page.locator('#f-statement').fill('这是我用了十年的号码。');
  let posts = 0;
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.url().endsWith('/v1/appeals')) posts++;
  });
  await page.getByRole('button', { name: message('ui.appeal.submit') }).dblclick();
  await page.locator('.reference-text').first().waitFor();
  assert.equal(posts, 1, 'a double click files one appeal');
  await page.getByText(message('ui.appeal.keep')).waitFor();
  const [reference, key] = await page.locator('.reference-text code').allInnerTexts();
  assert.match(key, /^YM(-[0-9A-Z]{4}){3}$/);
  assert.ok(!page.url().includes(key), 'the key is in no address');
  await page.locator('.follow-state .clock').waitFor();
  await page.getByText(message('ui.appeal.now.filed')).waitFor();
  await shoot(page, 'appeal-filed');
  await assertFits(page, 'an appeal that was filed');
  await assertAccessible(page, 'an appeal that was filed');
  /* With the reference alone: how far it has got, and nothing to do. */
  await page.goto('/appeal');
  await page.locator('#ref').fill(reference);
  await page.keyboard.press('Enter');
  await page.locator('.follow-state .clock').waitFor();
  assert.equal(await page.locator('.reference-text').count(), 1);
  assert.equal(await page.getByText(message('ui.appeal.now.filed')).count(), 0);
  assert.equal(await page.getByText(blocked.display).count(), 0);
  const withdraw = page.getByRole('button', { name: message('ui.appeal.withdraw') });
  assert.equal(await withdraw.count(), 0);
  const open = page.getByRole('button', { name: message('ui.appeal.key_open') });
  await open.click();
  await page.getByText(message('ui.progress.secret_missing')).waitFor();
  await page.locator('#secret').fill('YM-0000-0000-0000');
  await open.click();
  await page.getByText(message('appeal.absent')).waitFor();
  await shoot(page, 'appeal-by-its-reference');
  await assertFits(page, 'an appeal by its reference');
  await assertAccessible(page, 'an appeal by its reference');
  await page.locator('#secret').fill(` ${key.toLowerCase().replaceAll('-', ' ')} `);
  await page.keyboard.press('Enter');
  await page.getByText(message('ui.appeal.now.filed')).waitFor();
  await page.getByText(blocked.display).waitFor();
  await page.getByRole('button', { name: message('ui.appeal.withdraw') }).click();
  await page.getByRole('button', { name: message('ui.appeal.withdraw_yes') }).click();
  await page.getByText(message('ui.appeal.now.withdrawn')).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('appeal: a cut line keeps the words, and the same words are sent under the same key', async () => {
  const blocked = await listed('number', newNumber());
  const { context, page } = await device();
  await page.goto(`/appeal?listing=${blocked.listing}`);
  await settled(page);
  await page.locator('#f-statement').fill('号码是我本人的。');
  const keys = [];
  await page.route('**/v1/appeals', (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    return keys.length === 1 ? route.abort('connectionreset') : route.continue();
  });
  await page.getByRole('button', { name: message('ui.appeal.submit') }).click();
  await page.locator('.form-problem p').waitFor();
  assert.equal(await page.locator('#f-statement').inputValue(), '号码是我本人的。');
  await page.reload();
  await settled(page);
  assert.equal(await page.locator('#f-statement').inputValue(), '号码是我本人的。');
  await page.getByRole('button', { name: message('ui.appeal.submit') }).click();
  await page.locator('.reference-text').first().waitFor();
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1]);
  await context.close();
});

test('appeal: decided by somebody, followed by the appellant', async () => {
  const blocked = await listed('number', newNumber());
  const one = await device();
  await one.page.goto(`/appeal?listing=${blocked.listing}`);
  await settled(one.page);
  await one.page.locator('#f-statement').fill('请核实。');
  await one.page.getByRole('button', { name: message('ui.appeal.submit') }).click();
  await one.page.locator('.reference-text').first().waitFor();
  const [reference, key] = await one.page.locator('.reference-text code').allInnerTexts();

  const two = await device({ as: JUDGE });
  await two.page.goto(`/appeals?id=${reference}`);
  await two.page.locator('article.detail').waitFor();
  await two.page.locator('article.detail').getByText('请核实。').waitFor();
  /* Name and contact are not there until somebody says for what purpose. */
  assert.equal(await two.page.locator('dt', { hasText: message('ui.appeal.contact') }).count(), 0);
  await two.page.getByRole('button', { name: message('ui.appeals.take') }).click();
  await two.page.getByLabel(message('ui.appeals.grant.listing')).check();
  await two.page.getByRole('button', { name: message('ui.appeals.confirm') }).click();
  await two.page.locator('#f-answer-problem').waitFor();
  await two.page.locator('#f-answer').fill('经核实，列入有误，已解除。');
  await two.page.getByRole('button', { name: message('ui.appeals.confirm') }).click();
  /* The button goes when the answer is given. */
  await two.page
    .getByRole('button', { name: message('ui.appeals.confirm') })
    .waitFor({ state: 'detached' });
  await one.page.goto(`/appeal?ref=${reference}`);
  await one.page.locator('#secret').fill(key);
  await one.page.keyboard.press('Enter');
  await one.page.getByText('经核实，列入有误，已解除。').waitFor();
  await two.context.close();
  await one.context.close();
});

test('a session that ends leads to the sign-in and back, with every word', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/lists?new=1');
  await settled(page);
  const domain = newDomain();
  await page.locator('#f-value').fill(domain);
  await page.locator('.recognised').waitFor();
  for (const [field, text] of [
    ['reason', 'phishing'],
    ['basis', 'fraud_law_24'],
    ['evidence', '62-9'],
    ['until', inDays(28)],
  ])
    await page.locator(`#f-${field}`).fill(text);
  await context.clearCookies();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/sign-in\?/);
  await page.getByText(message('ui.sign_in.expired')).waitFor();
  await page.locator('#name').fill(PROPOSER.name);
  await page.locator('#password').fill('wrong password');
  await page.keyboard.press('Enter');
  await page.locator('.form-problem p').waitFor();
  await page.locator('#password').fill(PROPOSER.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/lists\?new=1/);
  await page.locator('#f-value').waitFor();
  assert.equal(await page.locator('#f-value').inputValue(), domain);
  assert.equal(await page.locator('#f-evidence').inputValue(), '62-9');
  await context.close();
});

test('the sign-in leads nowhere but here', async () => {
  const { context, page } = await device();
  for (const next of ['https://evil.example/', '//evil.example']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.locator('#name').fill(PROPOSER.name);
    await page.locator('#password').fill(PROPOSER.password);
    await page.keyboard.press('Enter');
    await page.locator('.menu').waitFor();
    assert.equal(new URL(page.url()).pathname, '/');
    await context.clearCookies();
  }
  await context.close();
});

test('the language is switched on the spot, kept, and names itself to assistive technology', async () => {
  const { context, page } = await device();
  await page.goto('/check');
  await settled(page);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: message('ui.check.title', {}, 'en') }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.reload();
  await page.getByRole('heading', { name: message('ui.check.title', {}, 'en') }).waitFor();
  await context.close();
});

test('the skip link is the first stop and leads to the content', async () => {
  const { context, page } = await device({ as: APPROVER });
  await page.goto('/lists');
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
  await page.keyboard.press('Enter');
  await page.locator('#main:focus').waitFor();
  await context.close();
});
