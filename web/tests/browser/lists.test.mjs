/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a listing is proposed, approved, refused and lifted by keyboard alone, by two people.
 * Method: two devices beside each other; keys only, except where the test is about the pointer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  APPROVER,
  device,
  inDays,
  listed,
  message,
  newDomain,
  newNumber,
  open,
  PROPOSER,
  post,
  proposalOf,
  settled,
} from './helper.mjs';

open();

test("propose by keyboard; one's own proposal says whom it waits for", async () => {
  const { context, page, complaints } = await device({ as: PROPOSER });
  const number = newNumber();
  await page.goto('/lists');
  await settled(page);
  await page.keyboard.press('n');
  await page.locator('#f-value').waitFor();
  await page.keyboard.type(number);
  await page.locator('.recognised').waitFor();
  await page.locator('#f-reason').focus();
  await page.keyboard.type('phishing');
  await page.locator('#f-basis').focus();
  await page.keyboard.type('fraud_law_24');
  await page.locator('#f-evidence').focus();
  assert.equal(await page.locator('#f-evidence').getAttribute('aria-required'), 'true');
  await page.keyboard.type('62-2026-0007');
  await page.locator('#f-until').fill(inDays(28));
  await page.keyboard.press('Control+Enter');
  await page.locator('article.detail').waitFor();
  assert.match(page.url(), /id=/);
  assert.doesNotMatch(page.url(), /new=1/);
  await page.locator('article.detail').getByText(message('ui.listing.own')).waitFor();
  const text = await page.locator('article.detail').innerText();
  assert.ok(text.replace(/\s/g, '').includes(number.slice(3)));
  assert.equal(await page.locator('article.detail .button.primary').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an empty form names its first gap and moves there', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/lists?new=1');
  await settled(page);
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-value:focus').waitFor();
  await page.keyboard.type(newDomain());
  await page.locator('.recognised').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-reason:focus').waitFor();
  await page.getByText(message('ui.proposal.reason_missing')).waitFor();
  await context.close();
});

test('what the server refuses is said at its field, and the words stay', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/lists?new=1');
  await settled(page);
  const domain = newDomain();
  await page.locator('#f-value').fill(domain);
  await page.locator('.recognised').waitFor();
  await page.locator('#f-reason').fill('phishing');
  await page.locator('#f-basis').fill('fraud_law_24');
  await page.locator('#f-evidence').fill('62-2026-0008');
  await page.locator('#f-until').fill('2020-01-01T00:00');
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-until-problem').waitFor();
  assert.equal(await page.locator('#f-value').inputValue(), domain);
  /* The draft outlives the page. */
  await page.reload();
  await settled(page);
  assert.equal(await page.locator('#f-value').inputValue(), domain);
  assert.equal(await page.locator('#f-evidence').inputValue(), '62-2026-0008');
  await context.close();
});

test('approve, then lift, with j, a, Enter and l', async () => {
  const domain = newDomain();
  await listed('domain', domain, { approve: false });
  const { context, page, complaints } = await device({ as: APPROVER });
  await page.goto(`/lists?state=proposed&q=${domain}`);
  await settled(page);
  await page.keyboard.press('j');
  await page.locator('article.detail .button.primary').waitFor();
  await page.keyboard.press('a');
  await page.locator('form.panel').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.said .note').waitFor();
  await page
    .locator('.detail .badge', { hasText: message('ui.state.in_force') })
    .first()
    .waitFor();
  await page.locator('.timeline li').nth(1).waitFor();
  await page.keyboard.press('l');
  await page.locator('#f-why').waitFor();
  /* No reason, no lift. */
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-why-problem').waitFor();
  await page.keyboard.type('误列');
  await page.keyboard.press('Control+Enter');
  await page
    .locator('.detail .badge', { hasText: message('ui.state.lifted') })
    .first()
    .waitFor();
  await page.locator('.timeline').getByText('误列').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('Escape leaves an act undone, and its reason is kept', async () => {
  const domain = newDomain();
  const made = await listed('domain', domain, { approve: false });
  const { context, page } = await device({ as: APPROVER });
  await page.goto(`/lists?id=${made.listing}`);
  await page.locator('.acts .button').first().waitFor();
  await page.keyboard.press('r');
  await page.locator('#f-why').waitFor();
  await page.keyboard.type('证据不足');
  await page.keyboard.press('Escape');
  await page.locator('form.panel').waitFor({ state: 'detached' });
  await page.keyboard.press('r');
  assert.equal(await page.locator('#f-why').inputValue(), '证据不足');
  await page.keyboard.press('Control+Enter');
  await page
    .locator('.detail .badge', { hasText: message('ui.state.refused') })
    .first()
    .waitFor();
  await context.close();
});

test('filters live in the address; back returns to them', async () => {
  await listed('domain', newDomain());
  const { context, page } = await device({ as: APPROVER });
  await page.goto('/lists');
  await settled(page);
  await page.locator('select').first().selectOption('domain');
  await page.waitForURL(/kind=domain/);
  await page.getByRole('link', { name: message('ui.state.in_force'), exact: true }).click();
  await page.waitForURL(/state=in_force/);
  await settled(page);
  await page.locator('.row').first().click();
  await page.waitForURL(/id=/);
  await page.goBack();
  await page.waitForURL((url) => !url.searchParams.has('id'));
  assert.match(page.url(), /state=in_force/);
  await page.goBack();
  await page.waitForURL((url) => !url.searchParams.has('state'));
  await page.locator('nav.tabs a[aria-current]', { hasText: message('ui.filter.all') }).waitFor();
  assert.equal(await page.locator('select').first().inputValue(), 'domain');
  await context.close();
});

test('news waits behind a bar and moves nothing', async () => {
  const { context, page } = await device({ as: APPROVER });
  await page.goto('/lists?state=proposed');
  await settled(page);
  const first = async () => (await page.locator('.row').first().getAttribute('href')) ?? '';
  const before = (await page.locator('.row').count()) ? await first() : '';
  const other = await device({ as: PROPOSER });
  const made = [];
  for (let i = 0; i < 2; i++)
    made.push(await post(other.context, '/v1/listings', proposalOf('domain', newDomain())));
  await page.getByRole('button', { name: message('ui.lists.fresh', { n: 2 }) }).waitFor();
  if (before) assert.equal(await first(), before, 'the first row is where it was');
  await page.getByRole('button', { name: message('ui.lists.fresh', { n: 2 }) }).click();
  await page.locator(`.row[href*="${made[1].listing}"]`).waitFor();
  await page.locator('.fresh button').waitFor({ state: 'detached' });
  await other.context.close();
  await context.close();
});

/* The page hears with an EventSource of its own, and says so. */
function sayHeard() {
  delete window.SharedWorker;
  const Source = window.EventSource;
  window.EventSource = class extends Source {
    constructor(address) {
      super(address);
      this.addEventListener('listing', () => {
        document.documentElement.dataset.heard = 'yes';
      });
    }
  };
}

test('news that overtakes the list on its way is not lost', async () => {
  const { context, page } = await device({ as: APPROVER });
  await context.addInitScript(sayHeard);
  let made = null;
  await page.route('**/v1/listings?*', async (route) => {
    const response = await route.fetch();
    if (!made) {
      const other = await device({ as: PROPOSER });
      made = await post(other.context, '/v1/listings', proposalOf('domain', newDomain()));
      await other.context.close();
      await page.waitForFunction(() => document.documentElement.dataset.heard);
    }
    await route.fulfill({ response });
  });
  await page.goto('/lists?state=proposed');
  await page.getByRole('button', { name: message('ui.lists.fresh', { n: 1 }) }).click();
  await page.locator(`.row[href*="${made.listing}"]`).waitFor();
  await context.close();
});

test('a change by somebody else shows in its row, where the row stands', async () => {
  const made = await listed('number', newNumber(), { approve: false });
  const { context, page } = await device({ as: PROPOSER });
  await page.goto('/lists');
  await settled(page);
  const row = page.locator(`.row[href*="${made.listing}"]`);
  await row.waitFor();
  const other = await device({ as: APPROVER });
  await post(other.context, `/v1/listings/${made.listing}/approve`, {});
  await row.locator('.badge', { hasText: message('ui.state.in_force') }).waitFor();
  await other.context.close();
  await context.close();
});

test('a file is looked at, sent, and its batch approved as a whole by another person', async () => {
  const { context, page, complaints } = await device({ as: PROPOSER });
  const until = `${inDays(28)}:00+08:00`;
  const rows = [1, 2, 3].map(
    () => `domain,${newDomain()},block,phishing,fraud_law_24,test,${until},62-1`,
  );
  const csv = `kind,value,action,reason,basis,source,until,evidence\n${rows.join('\n')}\ndomain,not a name,block,phishing,fraud_law_24,test,${until},62-1\n`;
  await page.goto('/feeds');
  await settled(page);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'names.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('columnheader', { name: 'value' }).waitFor();
  await page.getByRole('button', { name: message('ui.feeds.send') }).click();
  await page.waitForURL(/batch=/);
  await page.locator('.tallies').waitFor();
  await page.locator('td', { hasText: 'value' }).first().waitFor();
  assert.match(await page.locator('.tallies').innerText(), /3[\s\S]*1$/);
  const batch = new URL(page.url()).searchParams.get('batch');
  assert.deepEqual(complaints, []);
  await context.close();

  const two = await device({ as: APPROVER });
  await two.page.goto(`/lists?batch=${batch}`);
  await two.page.locator('.batch .button.primary').waitFor();
  await two.page.keyboard.press('A');
  await two.page.getByText(message('ui.batch.sure', { n: 3 })).waitFor();
  await two.page.keyboard.press('Enter');
  await two.page.getByText(message('ui.batch.done', { approved: 3, refused: 0 })).waitFor();
  await two.context.close();
});

test('Ctrl-K finds a listing, a page and a command', async () => {
  const domain = newDomain();
  const made = await listed('domain', domain);
  const { context, page } = await device({ as: APPROVER });
  await page.goto('/');
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.locator('dialog input').waitFor();
  await page.keyboard.type(domain);
  /* The record itself, not the commands that repeat what was typed. */
  await page.locator('#palette-0 .palette-name').getByText(domain, { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`id=${made.listing}`));
  await page.keyboard.press('Control+k');
  await page.locator('dialog input').waitFor();
  await page.keyboard.type(message('ui.nav.ledger'));
  await page.locator('#palette-0.on', { hasText: message('ui.nav.ledger') }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/ledger/);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await page.locator('dialog input').waitFor({ state: 'detached' });
  await context.close();
});
