/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the reader's own browser finds out a ledger that lies. Method: true proofs pass; then the
 * answers are altered on the way: a leaf, a path, a signature, a head remembered from another past.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPROVER, device, listed, newNumber, open } from './helper.mjs';

open();

const findings = (page) => page.locator('.findings');

async function openLedger(page, address = '/ledger') {
  await page.goto(address);
  await findings(page).first().waitFor();
  await page.waitForFunction(() => !document.querySelector('main')?.innerText.includes('正在核验'));
}

test('a true entry is proved, a true head is known to be signed', async () => {
  const { context, page, complaints } = await device({ as: APPROVER });
  await openLedger(page, '/ledger?leaf=3');
  await page.locator('section[aria-labelledby=leaf] .findings .good').first().waitFor();
  assert.equal(await page.locator('.findings .bad').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an altered proof is found out', async () => {
  const { context, page } = await device({ as: APPROVER });
  await page.route('**/v1/audit/proof?index=*', async (route) => {
    const answer = await route.fetch();
    const proof = await answer.json();
    proof.path[0] = (proof.path[0].startsWith('0') ? '1' : '0') + proof.path[0].slice(1);
    await route.fulfill({ response: answer, json: proof });
  });
  await openLedger(page, '/ledger?leaf=3');
  await page.locator('section[aria-labelledby=leaf] .findings .bad').waitFor();
  await context.close();
});

test('an altered root no longer fits what was signed', async () => {
  const { context, page } = await device({ as: APPROVER });
  await page.route('**/v1/audit/head', async (route) => {
    const answer = await route.fetch();
    const head = await answer.json();
    head.root = (head.root.startsWith('0') ? '1' : '0') + head.root.slice(1);
    await route.fulfill({ response: answer, json: head });
  });
  await openLedger(page);
  await page.locator('section[aria-labelledby=head] .findings .bad').waitFor();
  await context.close();
});

test('the next visit proves growth; another past is found out', async () => {
  const { context, page } = await device({ as: APPROVER });
  await openLedger(page);
  await page.waitForFunction(() => localStorage.getItem('yumen.head'));
  await listed('number', newNumber());
  await openLedger(page);
  await page.waitForFunction(
    () => document.querySelectorAll('section[aria-labelledby=head] .good').length >= 2,
  );
  await page.evaluate(() => {
    const seen = JSON.parse(localStorage.getItem('yumen.head'));
    seen.size -= 1;
    seen.root = '00'.repeat(32);
    localStorage.setItem('yumen.head', JSON.stringify(seen));
  });
  await openLedger(page);
  await page.locator('section[aria-labelledby=head] .findings .bad').waitFor();
  await context.close();
});
