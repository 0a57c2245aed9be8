/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper - a browser, a real centre and its people.
 *
 * Each file of tests opens a centre of its own (server.mjs). BASE_URL names a running one instead;
 * then PROPOSER, APPROVER, JUDGE, ANALYST and ADMIN are its users as "name:password".
 */
import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { openServer, passwordOf } from './server.mjs';

const person = (variable, name) => {
  const said = process.env[variable];
  if (!said) return { name, password: passwordOf(name) };
  const at = said.indexOf(':');
  return { name: said.slice(0, at), password: said.slice(at + 1) };
};
export const PROPOSER = person('PROPOSER', 'nan');
export const APPROVER = person('APPROVER', 'li');
/* A second approver, who may hear an appeal against what the first approved. */
export const JUDGE = person('JUDGE', 'wang');
/* A second analyst, who says what a bank did with what the first computed. */
export const ANALYST = person('ANALYST', 'qian');
export const ADMIN = person('ADMIN', 'zhao');
/* Of a bank. */
export const TELLER = person('TELLER', 'jia');
export const OFFICER = person('OFFICER', 'hou');

const PATIENCE_MS = 90_000;

export const world = { browser: null, base: '' };

/* Opens the browser and the centre for the tests of one file, with so many proposals in it. */
export function open({ fill = 12, conf, first } = {}) {
  let server = null;
  before(async () => {
    world.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
      timeout: PATIENCE_MS,
    });
    const before = first && ((early) => first(Object.assign(world, { base: early.base }), early));
    if (!process.env.BASE_URL) server = await openServer({ conf, before });
    world.base = process.env.BASE_URL ?? server.base;
    if (fill && server) await fillWith(fill);
  });
  after(async () => {
    await world.browser?.close();
    await server?.close();
    if (server) rmSync(KEPT, { force: true });
  });
}

/* Proposals through the feed, as a partner would send them. */
async function fillWith(n) {
  const until = (i) => new Date(Date.now() + (2 + (i % 60)) * 86_400_000).toISOString();
  const rows = Array.from({ length: n }, (_, i) =>
    i % 3
      ? `domain,login-${i}.example-pay${i % 7}.com,block,phishing,fraud_law_24,96110,${until(i)},62-2026-${i}`
      : `number,1391${String(1_000_000 + i).slice(-7)},warn,loan,fraud_law_11,openphish,${until(i)},62-2026-${i}`,
  );
  const context = await newContext();
  await signIn(context, PROPOSER);
  const answer = await context.request.post(`${world.base}/v1/feeds/listings`, {
    data: `kind,value,action,reason,basis,source,until,evidence\n${rows.join('\n')}\n`,
    headers: { Origin: world.base, 'Content-Type': 'text/csv' },
    timeout: 60_000,
  });
  const batch = await answer.json();
  assert.equal(
    batch.accepted,
    n,
    `the feed takes every row: ${JSON.stringify(batch).slice(0, 300)}`,
  );
  await context.close();
}

/* Nothing here is about how soon: a machine that does much else takes long. */
export async function newContext(how) {
  const context = await world.browser.newContext(how);
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/* In the page: how many answers it waits for, until the last byte of each is there. */
function countAsked() {
  const ask = window.fetch;
  window.unanswered = 0;
  window.fetch = async (...asked) => {
    window.unanswered++;
    try {
      const answer = await ask(...asked);
      await answer.clone().arrayBuffer();
      return answer;
    } finally {
      window.unanswered--;
    }
  };
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
  const context = await newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: dark ? 'dark' : 'light',
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    /* What moves is caught half-way, by a slow machine more often than by a fast one. */
    reducedMotion: 'reduce',
    baseURL: world.base,
    extraHTTPHeaders: {},
  });
  await context.addInitScript((which) => {
    if (!localStorage.getItem('yumen.lang')) localStorage.setItem('yumen.lang', which);
  }, lang);
  await context.addInitScript(countAsked);
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
  const one = await newContext();
  await signIn(one, PROPOSER);
  const made = await post(one, '/v1/listings', proposalOf(kind, value, more));
  await one.close();
  if (!approve) return made;
  const two = await newContext();
  await signIn(two, APPROVER);
  const approved = await post(two, `/v1/listings/${made.listing}/approve`, {});
  await two.close();
  return approved;
}

/* The message of a key, as the catalogue has it. */
export { message } from './message.mjs';

/*
 * Waits until the page has loaded what it loads, and hears what happens from now on. What an answer
 * shows may ask again in the frame after it: the page has to be calm for some.
 */
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.locator('main').waitFor();
  await page.evaluate(() => {
    window.calmFrames = 0;
  });
  await page.waitForFunction(() => {
    const isHeard = ['open', 'lost'].includes(document.documentElement.dataset.live ?? '');
    const isStaff = !!document.querySelector('.shell.staff');
    const waits = document.querySelector('.pulse, [aria-busy="true"], .state[role="status"]');
    const isCalm = (isHeard || !isStaff) && !window.unanswered && !waits;
    window.calmFrames = isCalm ? (window.calmFrames ?? 0) + 1 : 0;
    return window.calmFrames > 4;
  });
}

/* Answers of this address wait until the test lets them go: how slow a machine is plays no part. */
export async function holdBack(page, address, answer = (route) => route.continue()) {
  let release;
  const gone = new Promise((done) => {
    release = done;
  });
  await page.route(address, async (route) => {
    await gone;
    await answer(route);
  });
  return release;
}

/* Scrolls a list to its end until that row, counted from one, is there. */
export async function scrollTo(page, place) {
  const pane = page.locator('.pane');
  for (;;) {
    await pane.evaluate((p) => p.scrollTo(0, p.scrollHeight));
    const last = await page.locator('.rows li').last().getAttribute('aria-posinset');
    if (Number(last) >= place) return;
    await page.waitForTimeout(50);
  }
}

/* In so many days, as a field for date and time takes it. */
export const inDays = (n) =>
  new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 16);

export async function assertAccessible(page, name) {
  /* One frame, one origin: axe needs no page of its own to gather what it found. */
  const found = await new AxeBuilder({ page })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const said = found.violations.map(
    (v) =>
      `${v.id}: ${v.help}\n    ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('\n    ')}`,
  );
  assert.deepEqual(said, [], name);
}

/* What hears of a new width draws in a frame to come; within a hundred it has. */
export async function assertFits(page, name) {
  const over = await page.evaluate(async () => {
    const wider = () => document.documentElement.scrollWidth - innerWidth;
    for (let frame = 0; wider() > 0 && frame < 100; frame++)
      await new Promise((done) => requestAnimationFrame(done));
    return wider();
  });
  assert.ok(over <= 0, `${name}: ${over} px wider than the window`);
}

/* What the server says under another name than the page reads shows as one of these. */
export async function assertSaid(page, title) {
  const text = await page.locator('body').innerText();
  assert.doesNotMatch(text, /\b(NaN|undefined|null)\b|\[object |\bui\.\w/, title);
}

/*
 * Two of the four pairings of language, light and width, which between them hold every two of these
 * once each is made as wide as the other, too.
 */
export const PAIRINGS = [
  { width: 1440, height: 900, lang: 'zh', dark: false },
  { width: 390, height: 844, lang: 'en', dark: true },
];

/* A page that is there: whole, said in words, for everybody, and whole at the other width. */
export async function lookAt(page, name, how) {
  const titleAt = (width) => `${name} ${width} ${how.lang} ${how.dark ? 'dark' : 'light'}`;
  const title = titleAt(how.width);
  await shoot(page, title.replaceAll(' ', '-'));
  await assertFits(page, title);
  await assertSaid(page, title);
  await assertAccessible(page, title);
  const other = PAIRINGS.find((p) => p.width !== how.width);
  await page.setViewportSize({ width: other.width, height: other.height });
  await drawn(page);
  await shoot(page, titleAt(other.width).replaceAll(' ', '-'));
  await assertFits(page, titleAt(other.width));
}

/* Two frames: what hears of a new width has drawn by then. */
const drawn = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

export async function shoot(page, name) {
  if (!process.env.SHOTS) return;
  const folder = new URL('../shots/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png` });
}
