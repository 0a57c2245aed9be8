/* SPDX-License-Identifier: Apache-2.0 */
/* sources - lists of others for the tests: approved sources, their lists, conflicts with them. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { APPROVER, newContext, PROPOSER, post, signIn, world } from './helper.mjs';

/* Proposed by one person and approved by the other; answers its name. */
export async function sourced({ name = `list-${randomInt(1e9)}`, approve = true, ...more } = {}) {
  const one = await newContext();
  await signIn(one, PROPOSER);
  await post(one, '/v1/sources', {
    name,
    reason: 'phishing',
    basis: 'fraud_law_24',
    licence: 'CC0-1.0',
    origin: '省联席办每日下发',
    term_days: 30,
    ...more,
  });
  await one.close();
  if (!approve) return name;
  const two = await newContext();
  await signIn(two, APPROVER);
  await post(two, `/v1/sources/${name}/approve`, {});
  await two.close();
  return name;
}

export async function take(name, values) {
  const context = await newContext();
  await signIn(context, PROPOSER);
  const answer = await context.request.post(`${world.base}/v1/sources/${name}/lists`, {
    data: values.join('\n'),
    headers: { Origin: world.base, 'Content-Type': 'text/plain' },
  });
  assert.ok(answer.ok(), await answer.text());
  const told = await answer.json();
  await context.close();
  return told;
}

/* A list with n hosts of a name that another list protects. */
export async function conflicted({ n = 3 } = {}) {
  const bank = `bank-${randomInt(1e9)}.com`;
  const safe = await sourced({ role: 'protects', match: 'suffix', origin: '人民银行持牌机构名录' });
  await take(safe, [bank]);
  const name = await sourced();
  const answer = await take(
    name,
    Array.from({ length: n }, (_, i) => `login-${i}.${bank}`),
  );
  assert.equal(answer.conflicts, n);
  return { name, safe, bank };
}
