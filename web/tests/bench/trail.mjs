/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail - how fluid the picture of a large trail is: node tests/bench/trail.mjs [ACCOUNTS].
 *
 * Chromium without a graphics card, the built console, the program for everything but incidents.
 * For each way of moving: time between frames as a person sees it, and the processor time the page's
 * own thread takes for one, which other programs on the machine change little.
 */
import { chromium } from 'playwright-core';
import { withIncidents } from '../browser/incidents.mjs';
import { openServer, passwordOf } from '../browser/server.mjs';
import { trailOf } from '../trails.mjs';

const nodes = Number(process.argv[2] ?? 5000);
const trail = trailOf({ nodes, seed: 11 });
const server = await openServer();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

const at = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
const ms = (n) => `${n.toFixed(1).padStart(6)} ms`;

/* Moves once a frame, and notes when each frame came; the work of the page comes from its own counters. */
async function measure(page, client, name, frames, move) {
  const metric = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    const of = (key) => metrics.find((m) => m.name === key).value * 1000;
    return { task: of('TaskDuration'), script: of('ScriptDuration') };
  };
  const before = await metric();
  const spans = await page.evaluate(
    ({ frames, move }) =>
      new Promise((done) => {
        const act = new Function('i', move);
        const spans = [];
        let last = 0;
        let i = 0;
        const frame = (now) => {
          if (last) spans.push(now - last);
          last = now;
          if (i === frames) return done(spans);
          act(i++);
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    { frames, move },
  );
  const after = await metric();
  spans.sort((a, b) => a - b);
  const work = (after.task - before.task) / frames;
  const script = (after.script - before.script) / frames;
  console.log(
    `${name.padEnd(34)} frame p50 ${ms(at(spans, 0.5))}  p95 ${ms(at(spans, 0.95))}  worst ${ms(spans.at(-1))}` +
      `   work a frame ${ms(work)}  of it script ${ms(script)}`,
  );
}

try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: server.base,
  });
  await context.request.post(`${server.base}/v1/sessions`, {
    data: { name: 'nan', password: passwordOf('nan') },
    headers: { Origin: server.base },
  });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  await withIncidents(page, { trail: () => trail });
  console.log(`${trail.nodes.length} accounts, ${trail.edges.length} transfers`);
  const scroll = `const f = document.querySelector('.flow'); f.scrollTop = i * 60;`;
  const back = `const f = document.querySelector('.flow'); f.scrollLeft = (i * 40) % 800; f.scrollTop = i * 20;`;
  const key = (keys) =>
    `const k = ${JSON.stringify(keys)}; document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: k[i % k.length], bubbles: true, cancelable: true }));`;
  const drawn = () =>
    page.evaluate(() => document.querySelectorAll('.flow-label, .flow-band, .flow-seg').length);
  for (const [name, open] of [
    ['folded', ''],
    ['all layers opened', '?open=2,3,4,5,6'],
  ]) {
    const before = Date.now();
    await page.goto(`/incidents/${trail.incident}${open}`);
    await page.locator('.flow-label').first().waitFor();
    console.log(`\n${name}: shown after ${Date.now() - before} ms, ${await drawn()} things drawn`);
    await measure(page, client, 'nothing moves (the machine itself)', 60, '');
    await measure(page, client, 'scroll down, 60 px a frame', 180, scroll);
    await measure(page, client, 'scroll both ways', 120, back);
    await page.locator('.flow-label').first().focus();
    await measure(
      page,
      client,
      'arrows along the money',
      60,
      key([
        'ArrowRight',
        'ArrowRight',
        'ArrowRight',
        'ArrowDown',
        'ArrowLeft',
        'ArrowLeft',
        'ArrowLeft',
      ]),
    );
    await measure(page, client, 'arrow down a layer', 120, key(['ArrowDown']));
    await page.locator('.flow-label').first().focus();
    await measure(
      page,
      client,
      'zoom out and in',
      40,
      key(['-', '-', '-', '-', '+', '+', '+', '+']),
    );
  }
  await page.goto(`/incidents/${trail.incident}?view=table`);
  await page.locator('.table-pane tbody tr').first().waitFor();
  console.log('');
  await measure(
    page,
    client,
    'table, 120 px a frame',
    180,
    `document.querySelector('.table-pane').scrollTop = i * 120;`,
  );
} finally {
  await browser.close();
  await server.close();
}
