/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an incident is opened and its money followed by keyboard, in a picture and in a table that
 * say the same, of any size, in both languages, wide and narrow. Method: the real program for
 * everything but incidents, which are made up in the browser (incidents.mjs).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { trailOf } from '../trails.mjs';
import {
  APPROVER,
  device,
  holdBack,
  lookAt,
  message,
  open,
  PAIRINGS,
  PROPOSER,
  scrollTo,
  settled,
} from './helper.mjs';
import { refused, withIncidents } from './incidents.mjs';

open({ fill: 0 });

const made = new Map();
function trail(nodes, seed = 7) {
  return (method) => {
    const name = `${nodes} ${seed} ${method}`;
    if (!made.has(name)) made.set(name, trailOf({ nodes, seed, method }));
    return made.get(name);
  };
}

const ID = trail(60)('fifo').incident;
const yuan = (fen) =>
  new Intl.NumberFormat('zh-CN', { style: 'currency', currency: 'CNY' }).format(fen / 100);

/* What a page shows once it has what it asked for; keys pressed earlier would go nowhere. */
const THERE = '.trail-view, .account-transfers, .incident-row, .whole .state-title, .narrow h1';

async function opened(address, { nodes = 60, world = {}, as = PROPOSER, ...how } = {}) {
  const one = await device({ as, ...how });
  const asked = await withIncidents(one.page, { trail: trail(nodes), ...world });
  await one.page.goto(address);
  await one.page.locator(THERE).first().waitFor();
  await settled(one.page);
  return { ...one, asked };
}

const focused = (page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-key') ?? '');

test('every state of the pages, in both languages and lights, wide and narrow', async (t) => {
  const account = encodeURIComponent(trail(60)('fifo').nodes[1].account);
  const pages = [
    ['incidents', '/incidents'],
    ['incident-new', '/incidents?new=1'],
    ['incidents-none', '/incidents?state=closed', { many: 1 }],
    ['incidents-empty', '/incidents', { many: 0 }],
    ['incident', `/incidents/${ID}`],
    ['incident-picture', `/incidents/${ID}?view=picture`],
    ['incident-table', `/incidents/${ID}?view=table`],
    ['incident-transfers', `/incidents/${ID}?view=table&rows=transfers`],
    ['incident-reach', `/incidents/${ID}?method=reach`],
    ['account', `/incidents/${ID}/accounts/${account}?method=fifo`],
  ];
  for (const how of PAIRINGS)
    for (const [name, address, world] of pages)
      await t.test(`${name} ${how.width} ${how.lang}`, async () => {
        const { context, page, complaints } = await opened(address, { world, ...how });
        await lookAt(page, name, how);
        assert.deepEqual(complaints, [], name);
        await context.close();
      });
});

test('who may not read incidents finds no such page and no way to it', async () => {
  const { context, page } = await opened(`/incidents/${ID}`, { world: { may: [] }, as: APPROVER });
  await page.getByText(message('ui.missing.title')).first().waitFor();
  assert.equal(await page.locator('a[href="/incidents"]').count(), 0);
  await context.close();
});

test('an incident is opened by keyboard; what is typed survives a refusal and a reload', async () => {
  const problem = refused(422, 'transfers.absent', '没有流水号为 T9 的转账。', 'transfers');
  const { context, page, asked, complaints } = await opened('/incidents', {
    world: { opens: [problem] },
  });
  await page.keyboard.press('n');
  await page.locator('#f-transfers:focus').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('#f-transfers-problem').waitFor();
  await page.keyboard.type('T1, T2；T2\nT9');
  await page.getByText(message('ui.incidents.ids_read', { n: 3 })).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText(problem.detail).waitFor();
  await page.reload();
  await settled(page);
  assert.match(await page.locator('#f-transfers').inputValue(), /T1.*T9/s);
  await page.locator('#f-said').fill('按对方要求转账');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(`**/incidents/${ID}`);
  const sent = asked.filter((a) => a.method === 'POST');
  assert.deepEqual(sent[0].body, { transfers: ['T1', 'T2', 'T9'] });
  assert.deepEqual(sent[1].body, { transfers: ['T1', 'T2', 'T9'], said: '按对方要求转账' });
  assert.notEqual(sent[0].key, sent[1].key);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('full: a list of many draws what is seen, and reaches its end', async () => {
  const { context, page } = await opened('/incidents', { world: { many: 1200 } });
  await page.getByText(message('ui.incidents.count', { n: '1,200' })).waitFor();
  await scrollTo(page, 301);
  assert.ok((await page.locator('.incident-row').count()) < 60);
  await context.close();
});

test('slow and broken: says what it waits for and what still works, then shows it', async () => {
  const { context, page } = await device({ as: PROPOSER });
  await withIncidents(page, { trail: trail(60) });
  let isBroken = true;
  const release = await holdBack(page, '**/trail?*', (route) =>
    isBroken
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify(refused(503, 'trail.busy', '正在载入交易索引。')),
        })
      : route.fallback(),
  );
  await page.goto(`/incidents/${ID}`);
  await page.locator('.state-title', { hasText: message('ui.slow.trail') }).waitFor();
  release();
  await page.getByText('正在载入交易索引。').waitFor();
  await page.getByText(message('ui.trail.broken')).waitFor();
  await page
    .getByText(message('ui.incident.sources', { n: 2 }))
    .or(page.locator('.timeline'))
    .first()
    .waitFor();
  isBroken = false;
  await page.getByRole('button', { name: message('ui.broken.again') }).click();
  await page.locator('.flow').waitFor();
  await context.close();
});

test('the totals add up in words; each method has its sentence and its own trail', async () => {
  const { context, page } = await opened(`/incidents/${ID}`);
  const { totals } = trail(60)('fifo');
  const text = (await page.locator('.trail-totals').innerText()).replace(/\s+/g, '');
  for (const name of ['stolen', 'present', 'exited', 'unknown', 'held'])
    assert.ok(text.includes(yuan(totals[name])), `${name} ${yuan(totals[name])} in ${text}`);
  for (const method of ['lifo', 'haircut', 'poison', 'reach']) {
    const answered = page.waitForResponse((r) => r.url().includes(`method=${method}`));
    await page.getByRole('radio', { name: message(`ui.method.${method}`) }).check();
    await answered;
    await page.getByText(message(`ui.method_says.${method}`)).waitFor();
    await settled(page);
    assert.equal(new URL(page.url()).searchParams.get('method'), method);
  }
  await page.getByText(message('ui.trail.uncounted')).waitFor();
  await context.close();
});

test('which accounts the victims paid from is read for a purpose', async () => {
  const { context, page, asked } = await opened(`/incidents/${ID}`);
  const [source] = trail(60)('fifo').sources;
  const table = page.locator('.sources-room');
  const digits = async () => (await table.innerText()).replace(/[^0-9]/g, '');
  const wanted = source.from.replace(/[^0-9]/g, '');
  assert.ok(!(await digits()).includes(wanted));
  await page.getByRole('button', { name: message('ui.incident.read_from') }).click();
  await page.getByRole('button', { name: message('ui.appeals.read') }).click();
  await page.locator('#f-purpose-problem').waitFor();
  await page.locator('#f-purpose').fill('与付款银行核对');
  await page.getByRole('button', { name: message('ui.appeals.read') }).click();
  await table.getByRole('columnheader', { name: message('ui.trail.from') }).waitFor();
  assert.ok((await digits()).includes(wanted));
  assert.equal(asked.filter((a) => a.query.get('purpose') === '与付款银行核对').length, 1);
  await context.close();
});

test('figures that do not add up are not shown as fact', async () => {
  const wrong = structuredClone(trail(60)('fifo'));
  wrong.totals.unknown += 1;
  const { context, page } = await opened(`/incidents/${ID}`, { world: { trail: () => wrong } });
  await page.getByText(message('ui.trail.unequal')).waitFor();
  await context.close();
});

test('the picture is walked with the arrows, an account opened and left by keys', async () => {
  const { context, page, complaints } = await opened(`/incidents/${ID}`);
  await page.locator('.flow-label[tabindex="0"]').focus();
  const start = await focused(page);
  assert.match(start, /^0:/);
  await page.keyboard.press('ArrowRight');
  const first = await focused(page);
  assert.match(first, /^1:/);
  await page.keyboard.press('ArrowRight');
  const second = await focused(page);
  assert.match(second, /^2:|^rest:2/);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await focused(page), first, 'back along the band it came by');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  const last = await focused(page);
  await page.keyboard.press('ArrowUp');
  assert.notEqual(await focused(page), last);
  await page.keyboard.press('Home');
  const top = await focused(page);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid', 'the focus is seen');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/accounts/**');
  await page.getByText(message('ui.account.recorded', { incident: ID })).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL(`**/incidents/${ID}?*`);
  await page.locator('.flow-label:focus').waitFor();
  assert.equal(await focused(page), top, 'where it was left');
  await page.keyboard.press('Escape');
  await page.waitForURL('**/incidents');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a layer of many opens and folds; a search finds whom it hides', async () => {
  const { context, page } = await opened(`/incidents/${ID}`, { nodes: 400 });
  const rest = page.locator('.flow-label.rest').first();
  await rest.focus();
  const layer = (await focused(page)).replace('rest:', '');
  await page.keyboard.press('Enter');
  await page.waitForURL(/open=/);
  await page.locator(`[data-key="rest:${layer}"]`).waitFor({ state: 'detached' });
  await page.locator(`.flow-label:focus[data-key^="${layer}:"]`).waitFor();
  await page.getByRole('button', { name: message('ui.trail.fold') }).click();
  await page.locator(`[data-key="rest:${layer}"]:focus`).waitFor();
  const deep = trail(400)('fifo')
    .nodes.filter((n) => n.layer === 5)
    .at(-1);
  await page.keyboard.press('/');
  await page.keyboard.type(deep.display.slice(-12));
  await page
    .getByText(message('ui.trail.found', { n: 1 }))
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`[data-key="5:${deep.account}"]:focus`).waitFor();
  assert.ok(await page.locator(`[data-key="5:${deep.account}"].found`).count());
  await context.close();
});

test('the figure opens fitted; zoom by key keeps everything reachable', async () => {
  const { context, page } = await opened(`/incidents/${ID}`, { nodes: 400 });
  const wide = () => page.locator('.flow-room').evaluate((e) => e.offsetWidth);
  const before = await wide();
  assert.ok(before <= (await page.locator('.flow').evaluate((e) => e.clientWidth)));
  await page.keyboard.press('-');
  await page.waitForFunction((w) => document.querySelector('.flow-room').offsetWidth < w, before);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.waitForFunction((w) => document.querySelector('.flow-room').offsetWidth > w, before);
  await page.keyboard.press('0');
  await page.waitForFunction(
    () =>
      document.querySelector('.flow-room').offsetWidth <=
      document.querySelector('.flow').clientWidth,
  );
  await page.waitForFunction((w) => document.querySelector('.flow-room').offsetWidth === w, before);
  await page.keyboard.press('0');
  await page.waitForFunction((w) => document.querySelector('.flow-room').offsetWidth >= w, before);
  await context.close();
});

test('the table says what the picture says, one key away', async () => {
  const { context, page } = await opened(`/incidents/${ID}`);
  const { nodes, edges, sources } = trail(60)('fifo');
  const victims = new Set(sources.map((s) => s.from)).size;
  await page.keyboard.press('v');
  const table = page.getByRole('table', { name: message('ui.trail.table_accounts') });
  await table.waitFor();
  assert.equal(await table.getAttribute('aria-rowcount'), String(nodes.length + victims + 1));
  await page.getByRole('button', { name: message('ui.fate.present') }).click();
  await page.waitForURL(/sort=-present/);
  const most = Math.max(...nodes.map((n) => n.present));
  assert.ok((await table.locator('tbody tr:not(.gap)').first().innerText()).includes(yuan(most)));
  await page.getByText(message('ui.trail.rows_transfers', { n: edges.length })).click();
  const second = page.getByRole('table', { name: message('ui.trail.table_transfers') });
  await second.waitFor();
  assert.equal(await second.getAttribute('aria-rowcount'), String(edges.length + 1));
  await page.keyboard.press('v');
  await page.locator('.flow').waitFor();
  await context.close();
});

test('a phone begins with the table, and stacks the layers when asked', async () => {
  const { context, page } = await opened(`/incidents/${ID}`, {
    width: 390,
    height: 844,
    nodes: 400,
  });
  await page.getByRole('table', { name: message('ui.trail.table_accounts') }).waitFor();
  await page.getByRole('button', { name: message('ui.trail.as_table') }).click();
  const layers = page.locator('.stack-layer');
  await layers.first().waitFor();
  assert.equal(await layers.count(), 7);
  const rows = await page.locator('.stack-row').count();
  await layers.nth(4).locator('button').click();
  await page.waitForFunction((n) => document.querySelectorAll('.stack-row').length > n, rows);
  await context.close();
});

test('5,000 accounts: little is drawn, every one can be reached', async () => {
  const { context, page, complaints } = await opened(`/incidents/${ID}?open=2,3,4,5,6`, {
    nodes: 5000,
  });
  const drawn = () => page.locator('.flow-label, .flow-band').count();
  assert.ok((await drawn()) < 1500, `${await drawn()} drawn`);
  const layer = page.locator('.flow ul').nth(4);
  const n = Number(await layer.locator('li').first().getAttribute('aria-setsize'));
  assert.ok(n > 1000);
  await layer.locator('.flow-label').first().focus();
  await page.keyboard.press('End');
  await layer.locator(`li[aria-posinset="${n}"] .flow-label:focus`).waitFor();
  assert.ok((await drawn()) < 1500, `${await drawn()} drawn at the end`);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the account has its transfers, page by page, and the way to its listing', async () => {
  const { account } = trail(60)('fifo').nodes[2];
  const { context, page, asked } = await opened(
    `/incidents/${ID}/accounts/${encodeURIComponent(account)}?method=lifo`,
    { world: { transfers: 450 } },
  );
  await page.getByText(message('ui.account.transfers', { n: '450' })).waitFor();
  await page.locator('.transfer-row a.row-value').first().waitFor();
  await scrollTo(page, 301);
  await page.locator('.transfer-row code.row-value').first().waitFor();
  assert.ok((await page.locator('.transfer-row').count()) < 60);
  assert.ok(asked.filter((a) => a.path.includes('/accounts/')).length >= 3);
  assert.ok(asked.some((a) => a.path.includes('/accounts/') && a.query.get('method') === 'lifo'));
  assert.equal(await page.locator('.card a[href^="/lists?id="]').count(), 1);
  await context.close();
});

test('CSV and PDF are asked for by form and kept under a name that says what they are', async () => {
  const { context, page, asked } = await opened(`/incidents/${ID}?method=haircut`);
  for (const [form, accept] of [
    ['csv', 'text/csv'],
    ['pdf', 'application/pdf'],
  ]) {
    const arrives = page.waitForEvent('download');
    await page.getByRole('button', { name: message(`ui.trail.as_${form}`) }).click();
    const file = await arrives;
    const name = file.suggestedFilename();
    assert.match(name, new RegExp(`^资金链路-${ID}-按比例-\\d{8}-\\d{4}\\.${form}$`));
    assert.ok((await readFile(await file.path())).length > 0);
    const sent = asked.findLast((a) => a.accept === accept);
    assert.equal(sent.query.get('method'), 'haircut');
  }
  await context.close();
});
