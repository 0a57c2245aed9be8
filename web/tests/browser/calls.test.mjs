/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: who looks after a carrier sees what became of the calls it had screened, by day, trunk and
 * reason, and when its records last came; a centre that screens none says how to begin; what is
 * broken says so. Method: the real program with a switch made here, whose counts are kept when the
 * program stops.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  APPROVER,
  assertAccessible,
  device,
  listed,
  lookAt,
  message,
  newContext,
  newNumber,
  open,
  PAIRINGS,
  PROPOSER,
  settled,
  signIn,
  world,
} from './helper.mjs';

const CONF = `sip:
  listen: 127.0.0.1:0
  redress_url: https://centre.example/v1/redress/card
  redress_email: help@centre.example
  trunks:
  - {name: mobile-1, from: [127.0.0.1], carrier: cm}
providers:
- {id: cm, name: 甲通信, kind: carrier, can: [disconnect], codes: ["+8613"]}
- {id: bank-a, name: 甲银行, kind: bank, can: [hold], codes: [BKA]}
`;
const CALLS = { blocked: 3, announced: 2, passed: 5 };

/* One INVITE; the answer's first line and Contact. */
function call(port, caller, n) {
  const udp = createSocket('udp4');
  return new Promise((done) => {
    udp.once('message', (bytes) => {
      udp.close();
      done(bytes.toString());
    });
    udp.bind(0, '127.0.0.1', () => {
      const own = udp.address().port;
      udp.send(
        `INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK${n};rport\r\n` +
          `Max-Forwards: 70\r\nFrom: <sip:+86${caller}@a>;tag=1\r\nTo: <sip:1@b>\r\n` +
          `Call-ID: ${n}@${own}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n`,
        port,
        '127.0.0.1',
      );
    });
  });
}

let tried = 0; /* calls that passed because the lists had not been heard of yet */

async function callUntil(port, caller, fits) {
  while (!fits(await call(port, caller, tried))) tried++;
}

open({
  fill: 0,
  conf: CONF,
  first: async (_, early) => {
    const log = readFileSync(early.log, 'utf8');
    const port = Number(/sip_open\D*port\D+(\d+)/.exec(log)?.[1]);
    assert.ok(port, log);
    const bad = newNumber();
    const odd = newNumber();
    await listed('number', bad, { more: { basis: 'telecom_rules' } });
    await listed('number', odd, { more: { action: 'warn', basis: 'telecom_rules' } });
    await callUntil(port, bad, (said) => said.startsWith('SIP/2.0 608'));
    await callUntil(port, odd, (said) => said.includes('Contact: "'));
    for (let i = 1; i < CALLS.blocked; i++) await call(port, bad, `b${i}`);
    for (let i = 1; i < CALLS.announced; i++) await call(port, odd, `o${i}`);
    for (let i = 0; i < CALLS.passed; i++) await call(port, newNumber(), `p${i}`);
  },
});

const cellOf = (page, trunk, reason) =>
  page.locator('tr', { hasText: trunk }).filter({ hasText: reason }).locator('td').last();

test('from the carrier by one key: what became of its calls', async () => {
  const { page, complaints } = await device({ as: APPROVER });
  await page.goto('/providers/cm');
  await settled(page);
  await page.keyboard.press('c');
  await page.waitForURL(/\/calls\?carrier=cm$/);
  await settled(page);
  const heading = page.getByRole('heading', { level: 1 });
  assert.equal(await heading.innerText(), message('ui.calls.of', { carrier: '甲通信' }));
  const blocked = message('ui.call_outcome.blocked');
  const listedWords = message('ui.call_reason.listed');
  const rows = page.locator('section', { hasText: message('ui.calls.by_reason') });
  assert.equal(
    await rows.locator('tr', { hasText: blocked }).locator('td').last().innerText(),
    String(CALLS.blocked),
  );
  assert.equal(
    await rows
      .locator('tr', { hasText: listedWords })
      .filter({ hasText: message('ui.call_outcome.announced') })
      .locator('td')
      .last()
      .innerText(),
    String(CALLS.announced),
  );
  assert.equal(
    await cellOf(page, 'mobile-1', message('ui.call_reason.clear')).innerText(),
    String(CALLS.passed + tried),
  );
  /* The drawing has its table. */
  const table = page.getByText(message('ui.calls.by_day'), { exact: true }).first();
  await table.click();
  const byDay = await page.locator('details tbody tr td:nth-child(4)').allInnerTexts();
  assert.equal(
    byDay.reduce((n, text) => n + Number(text), 0),
    CALLS.blocked,
  );
  assert.equal(await page.locator('details tbody tr').count(), 30);
  assert.equal(await page.locator('.chart-lower').count(), 30);
  await assertAccessible(page, 'with its table');
  /* The address is the state: fewer days, and the way back. */
  await page.getByLabel(message('ui.calls.span')).selectOption('7');
  await page.waitForURL(/from=\d{4}-\d\d-\d\d/);
  await page.waitForFunction(() => document.querySelectorAll('.chart-lower').length === 7);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('in both languages, wide and narrow', async () => {
  for (const how of PAIRINGS) {
    const { context, page, complaints } = await device({ ...how, as: PROPOSER });
    await page.goto('/calls');
    await settled(page);
    await lookAt(page, 'calls', how);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('what is broken says so, and the next try shows it', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await page.route('**/v1/calls*', (route) => route.fulfill({ status: 500, body: '{}' }));
  await page.goto('/calls');
  const again = page.getByRole('button', { name: message('ui.broken.again') });
  await again.waitFor();
  await page.unroute('**/v1/calls*');
  await again.click();
  await page.locator('.chart-lower').first().waitFor({ state: 'attached' });
  await context.close();
});

test('a carrier that nobody knows is no page of zeros', async () => {
  const context = await newContext();
  await signIn(context, APPROVER);
  const answer = await context.request.get(`${world.base}/v1/calls?carrier=nobody`);
  assert.equal(answer.status(), 404);
  await context.close();
  const { page } = await device({ as: APPROVER });
  await page.goto('/calls?carrier=nobody');
  await page.getByRole('alert').first().waitFor();
  assert.equal(await page.locator('.tallies').count(), 0);
  await page.context().close();
});
