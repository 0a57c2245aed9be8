/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an operator sees whom to reach and sends somebody; an officer accepts, arrives and says what
 * came of it in three taps, also where there is no line, and it counts once. Method: two people with
 * a browser each, at 1440 and 390 px, in both languages; the line cut between two taps.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertAccessible,
  assertFits,
  device,
  message,
  newNumber,
  OFFICER,
  open,
  PROPOSER,
  post,
  settled,
  shoot,
  signIn,
  world,
} from './helper.mjs';

open({ fill: 0 });

async function raised(context, tier = 'urgent') {
  const number = newNumber();
  const made = await post(context, '/v1/alerts', {
    number,
    division: '620102',
    tier,
    scam: 'impersonation_police',
    why: 'her bank called',
  });

  return { number, id: made.alert };
}

const read = async (context, id) =>
  (await context.request.get(`${world.base}/v1/alerts/${id}`)).json();

test('an operator sends an officer; three taps, two of them without a line', async () => {
  const desk = await device({ width: 1440, height: 900 });
  await signIn(desk.context, PROPOSER);
  const { number, id } = await raised(desk.context);
  await desk.page.goto('/alerts');
  await settled(desk.page);
  await desk.page.locator('a.row').first().click();
  await desk.page.locator('#detail').waitFor();
  await assertFits(desk.page, 'an alert');
  await assertAccessible(desk.page, 'an alert');
  assert.ok(!(await desk.page.locator('body').innerText()).includes(number), 'unread');
  await desk.page.getByRole('button', { name: message('ui.alert.read') }).click();
  await desk.page.locator('#f-purpose').fill('to warn her');
  await desk.page.keyboard.press('Enter');
  await desk.page.locator(`a[href="tel:+86${number}"]`).waitFor();
  assert.ok(!desk.page.url().includes(number), 'the number is in no address');
  await shoot(desk.page, 'alert');

  await desk.page.getByRole('button', { name: message('ui.alert.act.assign') }).click();
  await desk.page.getByRole('button', { name: message('ui.alert.act.assign') }).click();
  await desk.page.locator('#f-officer-problem').waitFor();
  await desk.page.locator('#f-officer').fill('hou');
  await desk.page.keyboard.press('Enter');
  await desk.page.locator('.detail-head').getByText(message('ui.alert_state.assigned')).waitFor();

  const duty = await device({ width: 390, height: 844 });
  await signIn(duty.context, OFFICER);
  await duty.page.goto('/duty');
  await settled(duty.page);
  await shoot(duty.page, 'duty-list');
  await duty.page.locator('a.row').first().click();
  const tap = (key) => duty.page.getByRole('button', { name: message(key) });
  await tap('ui.alert.act.take').waitFor();
  await assertFits(duty.page, 'duty');
  await assertAccessible(duty.page, 'duty');
  await shoot(duty.page, 'duty-one');
  await tap('ui.alert.act.take').click();
  await tap('ui.duty.at_door.reached').waitFor();
  await duty.context.setOffline(true);
  await tap('ui.duty.at_door.reached').click();
  await tap('ui.duty.outcome.confirmed').click();
  await duty.page.getByText(message('ui.duty.kept', { n: 2 })).waitFor();
  await shoot(duty.page, 'duty-kept');
  assert.equal((await read(desk.context, id)).state, 'assigned');
  await duty.context.setOffline(false);
  await duty.page.getByText(message('ui.duty.kept', { n: 2 })).waitFor({ state: 'detached' });
  await duty.page.locator('.note.jade').waitFor();
  const now = await read(desk.context, id);
  assert.deepEqual(
    [now.state, now.outcome, now.outcome_by, now.outreach.length],
    ['closed', 'confirmed', 'hou', 1],
  );
  assert.equal(
    await duty.page.evaluate(() => localStorage.getItem('yumen.duty')),
    '[]',
    'what was sent is not kept',
  );
  await desk.page.goto('/alerts?state=closed');
  await desk.page.locator('a.row').first().waitFor();
  assert.deepEqual(desk.complaints, []);
  await desk.context.close();
  await duty.context.close();
});

test('an answer that is lost on its way is asked for again, and counts once', async () => {
  const desk = await device({ width: 1440, height: 900 });
  await signIn(desk.context, PROPOSER);
  const { id } = await raised(desk.context);
  await post(desk.context, `/v1/alerts/${id}/assign`, { officer: 'hou' });
  const duty = await device({ width: 390, height: 844 });
  await signIn(duty.context, OFFICER);
  await duty.page.goto(`/duty/${id}`);
  const tap = (key) => duty.page.getByRole('button', { name: message(key) });
  await tap('ui.alert.act.take').click();
  let lost = 0;
  await duty.page.route(/\/(outreach|outcome)$/, async (route) => {
    await route.fetch(); /* the centre has it; */
    lost++;
    await route.abort(); /* nobody hears so */
  });
  await tap('ui.duty.at_door.reached').click();
  await duty.page.getByText(message('ui.duty.kept', { n: 1 })).waitFor();
  await tap('ui.duty.outcome.refuted').click();
  await duty.page.getByText(message('ui.duty.kept', { n: 2 })).waitFor();
  await duty.page.unroute(/\/(outreach|outcome)$/);
  assert.ok(lost > 0);
  assert.equal((await read(desk.context, id)).outreach.length, 1);
  await duty.page.reload(); /* what is kept is the telephone's, not the page's */
  await duty.page.locator('.note.jade').waitFor();
  await duty.page.getByText(message('ui.duty.kept', { n: 2 })).waitFor({ state: 'detached' });
  const now = await read(desk.context, id);
  assert.deepEqual([now.outcome, now.outreach.length, now.tries], ['refuted', 1, 1]);
  assert.equal(now.history.filter((s) => s.act === 'alert.conclude').length, 1);
  await desk.context.close();
  await duty.context.close();
});

test('narrow, in English, and with nothing to do', async () => {
  const desk = await device({ width: 390, height: 844, lang: 'en' });
  await signIn(desk.context, PROPOSER);
  await desk.page.goto('/alerts');
  await desk.page.getByText(message('ui.alert.none', {}, 'en')).waitFor();
  await raised(desk.context, 'high');
  await desk.page.locator('a.row').first().waitFor();
  await assertFits(desk.page, 'alerts, narrow');
  await desk.page.locator('a.row').first().click();
  await desk.page.locator('#detail').waitFor();
  await assertFits(desk.page, 'an alert, narrow');
  await shoot(desk.page, 'alert-narrow');
  const duty = await device({ width: 1440, height: 900, lang: 'en' });
  await signIn(duty.context, OFFICER);
  await duty.page.goto('/duty');
  await duty.page.getByText(message('ui.duty.none', {}, 'en')).waitFor();
  await desk.context.close();
  await duty.context.close();
});
