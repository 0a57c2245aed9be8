/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper - a browser, a server and two people.
 *
 * BASE_URL names a running demonstration server; PROPOSER, APPROVER and, if there is one, JUDGE are its users as
 * "name:password". Without BASE_URL the development fixture answers. EMPTY_URL and FULL_URL may name
 * servers whose store is empty or holds thousands of listings.
 */
import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const pair = (text) => {
  const at = text.indexOf(':');
  return { name: text.slice(0, at), password: text.slice(at + 1) };
};
export const PROPOSER = pair(process.env.PROPOSER ?? 'nan:nan-password');
export const APPROVER = pair(process.env.APPROVER ?? 'li:li-password');
/* A second approver, who may hear an appeal against what the first approved. */
export const JUDGE = process.env.JUDGE ? pair(process.env.JUDGE) : APPROVER;

const servers = [];
async function serve(fill) {
  const { openFixture } = await import('../fixture.mjs');
  const server = openFixture({ fill });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}`;
}

export const world = { browser: null, base: '' };

/* Opens the browser and the server for the tests of one file. */
export function open({ fill = 60, url = process.env.BASE_URL } = {}) {
  before(async () => {
    world.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    world.base = url ?? (await serve(fill));
  });
  after(async () => {
    await world.browser?.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
}

/* A fresh device: its own storage, language, light, width; signed in when `as` names somebody. */
export async function device({
  width = 1440,
  height = 900,
  lang = 'zh',
  dark = false,
  as,
  scale = 1,
} = {}) {
  const context = await world.browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: dark ? 'dark' : 'light',
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    baseURL: world.base,
    extraHTTPHeaders: {},
  });
  await context.addInitScript((which) => {
    if (!localStorage.getItem('yumen.lang')) localStorage.setItem('yumen.lang', which);
  }, lang);
  if (as) await signIn(context, as);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (said) => {
    /* The browser itself reports 4xx answers; the pages are meant to handle those. */
    if (said.type() === 'error' && !/status of 4\d\d/.test(said.text()))
      complaints.push(said.text());
  });
  return { context, page, complaints };
}

/*
 * One session a person is enough for a whole run: servers count sign-ins. The test files are separate
 * processes, so that the cookies lie in a file of this user between them.
 */
const digest = createHash('sha256')
  .update(process.env.BASE_URL ?? String(process.pid))
  .digest('hex');
const KEPT = join(tmpdir(), `yumen-test-${digest.slice(0, 12)}.json`);

function readSessions() {
  try {
    return JSON.parse(readFileSync(KEPT, 'utf8'));
  } catch {
    return {};
  }
}

export async function signIn(context, who) {
  const kept = readSessions();
  const key = `${world.base} ${who.name}`;
  await context.addCookies(kept[key] ?? []);
  const me = await (await context.request.get(`${world.base}/v1/me`)).json();
  if (me.user) return;
  const answer = await context.request.post(`${world.base}/v1/sessions`, {
    data: who,
    headers: { Origin: world.base },
  });
  assert.equal(answer.status(), 200, `${who.name} can sign in: ${await answer.text()}`);
  kept[key] = await context.cookies();
  writeFileSync(KEPT, JSON.stringify(kept), { mode: 0o600 });
}

export async function post(context, path, data) {
  const answer = await context.request.post(world.base + path, {
    data,
    headers: { Origin: world.base },
  });
  assert.ok(answer.ok(), `POST ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/* A mobile number nobody has listed yet. */
export const newNumber = () => `13${randomInt(100_000_000, 999_999_999)}`;
export const newDomain = () => `pay-${randomInt(1e9)}.example-${randomInt(1e6)}.com`;

export function proposalOf(kind, value, more = {}) {
  return {
    kind,
    value,
    action: 'block',
    match: 'exact',
    reason: 'phishing',
    evidence: '62-2026-0001',
    basis: 'fraud_law_24',
    source: 'test',
    until: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    notice: '该标识因涉嫌诈骗被列入名单。如有异议，可以申诉。',
    ...more,
  };
}

/* A listing that one person proposed and, if asked, the other approved. */
export async function listed(kind, value, { approve = true, more } = {}) {
  const one = await world.browser.newContext();
  await signIn(one, PROPOSER);
  const made = await post(one, '/v1/listings', proposalOf(kind, value, more));
  await one.close();
  if (!approve) return made;
  const two = await world.browser.newContext();
  await signIn(two, APPROVER);
  const approved = await post(two, `/v1/listings/${made.listing}/approve`, {});
  await two.close();
  return approved;
}

/* The message of a key, as the catalogue has it. */
export { message } from './message.mjs';

/* Waits until the page has loaded what it loads, then asks axe. */
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.locator('main').waitFor();
  await page.waitForFunction(() => !document.querySelector('.pulse, [aria-busy="true"]'));
  await page.waitForTimeout(250);
}

export async function assertAccessible(page, name) {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const said = found.violations.map(
    (v) =>
      `${v.id}: ${v.help}\n    ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('\n    ')}`,
  );
  assert.deepEqual(said, [], name);
}

export async function assertFits(page, name) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${name}: ${over} px wider than the window`);
}

export async function shoot(page, name) {
  if (!process.env.SHOTS) return;
  const folder = new URL('../shots/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png` });
}
