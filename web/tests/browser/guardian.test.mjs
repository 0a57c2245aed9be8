/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: two people with a telephone each make a guardianship, and one of them ends it by the address
 * in a message. Method: the page at 390 and 1440 px, in both languages, with wrong input; a gateway
 * of a few lines, whose messages are read as the two would.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { assertAccessible, assertFits, device, message, open, settled, shoot } from './helper.mjs';

const letters = [];
const gateway = createServer((request, response) => {
  let body = '';
  request.on('data', (piece) => {
    body += piece;
  });
  request.on('end', () => {
    letters.push(JSON.parse(body));
    response.end('{}');
  });
});
await new Promise((done) => gateway.listen(0, '127.0.0.1', done));
after(() => gateway.close());

open({ fill: 0, conf: `sms: {url: "http://127.0.0.1:${gateway.address().port}/"}` });

async function letter(n) {
  for (let i = 0; letters.length < n && i < 600; i++)
    await new Promise((done) => setTimeout(done, 50));
  assert.ok(letters.length >= n, `${letters.length} messages`);
  return letters[n - 1];
}
const codeOf = (said) => said.text.match(/\b\d{6}\b/)[0];
const linkOf = (said) => said.text.match(/\/guardian#[0-9A-Za-z.]+/)[0];

test('two telephones make a guardianship, and one ends it', async () => {
  const ann = await device({ width: 390, height: 844 });
  await ann.page.goto('/');
  await settled(ann.page);
  await ann.page.goto('/guardian');
  await settled(ann.page);
  await shoot(ann.page, 'guardian-empty');
  const button = (page, key, lang = 'zh') =>
    page.getByRole('button', { name: message(key, {}, lang) });
  await ann.page.locator('#f-number').fill('13912345678');
  await ann.page.locator('#f-guardian').fill('96110');
  await button(ann.page, 'ui.guardian.invite').click();
  await ann.page.locator('#f-guardian-problem').waitFor();
  await assertFits(ann.page, 'a guardian that is none');
  await ann.page.locator('#f-guardian').fill('138 1234 5679');
  await button(ann.page, 'ui.guardian.invite').click();
  const first = await letter(1);
  assert.equal(first.to, '+8613912345678');
  await ann.page.locator('#f-code').fill(codeOf(first) === '000000' ? '000001' : '000000');
  await button(ann.page, 'ui.guardian.confirm').click();
  await ann.page.locator('.form-problem, .note.ochre, [role=alert]').first().waitFor();
  await ann.page.locator('#f-code').fill(codeOf(first));
  await button(ann.page, 'ui.guardian.confirm').click();
  await ann.page.getByText(message('ui.guardian.now.agreed')).waitFor();
  await assertAccessible(ann.page, 'a guardian confirmed');

  const second = await letter(2);
  const ben = await device({ width: 1440, height: 900, lang: 'en' });
  await ben.page.goto(linkOf(second));
  await settled(ben.page);
  await ben.page.locator('#f-code').fill(codeOf(second));
  await ben.page.locator('#f-called').fill('Mum');
  await shoot(ben.page, 'guardian-code');
  await button(ben.page, 'ui.guardian.confirm', 'en').click();
  await ben.page.getByText(message('ui.guardian.now.active', {}, 'en')).waitFor();
  await assertFits(ben.page, 'a guardian that agreed');

  await ann.page.goto('/');
  await ann.page.goto(linkOf(await letter(3)));
  await settled(ann.page);
  await button(ann.page, 'ui.guardian.end').click();
  await ann.page.getByText(message('ui.guardian.now.revoked')).waitFor();
  await shoot(ann.page, 'guardian-ended');
  assert.equal(letters.length, 3, 'nobody is told that it ended');
  for (const one of [ann, ben]) {
    assert.deepEqual(
      await one.page
        .evaluate(() => Object.values(localStorage).join())
        .then((kept) => ['13912345678', '138 1234 5679'].filter((n) => kept.includes(n))),
      [],
    );
    await one.context.close();
  }
});
