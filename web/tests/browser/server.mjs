/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - a real centre for the tests of one file: its own folder, port and people.
 *
 * YUMEN names the program; without it, what ./test has built. The centre is a drill, so that the
 * program itself sees to it that nothing but this machine can reach it.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUILT = new URL('../../../build-gcc/src/app/yumen', import.meta.url).pathname;
const YUMEN = process.env.YUMEN ?? BUILT;

const PEOPLE = {
  nan: 'analyst,operator',
  li: 'approver,auditor',
  wang: 'approver',
  qian: 'analyst',
  zhao: 'admin',
  jia: 'provider',
  hou: 'officer',
};
const HOUSES = { jia: 'bank-a' }; /* of a provider's own people */
export const passwordOf = (name) => `${name}-password-1`;

/* A bank that holds amounts, one that can only stop an account whole, and one that is late at once. */
const PROVIDERS = `providers:
  - {id: bank-a, name: 甲银行, kind: bank, can: [hold, freeze], codes: [BKA]}
  - {id: bank-b, name: 乙银行, kind: bank, can: [stop], codes: [BKB]}
  - {id: bank-c, name: 丙银行, kind: bank, can: [hold], codes: [BKC], answer_s: 1}`;

function found(data, conf) {
  execFileSync(YUMEN, ['init', '--data', data, '--drill', '--name', '甘肃省反诈中心']);
  const file = join(data, 'yumen.yaml');
  /* The policy zone is not what is tried here, and its port may be taken. */
  const yaml = readFileSync(file, 'utf8').replace(/(dns:\s*\n(?:.*\n)*?\s+listen:).*/, '$1 ""');
  const usual = yaml.replace(/^providers: \[\]$/m, PROVIDERS);
  writeFileSync(file, conf ? `dns: {listen: ""}\n${conf}` : usual);
  for (const [name, roles] of Object.entries(PEOPLE))
    execFileSync(
      YUMEN,
      [
        ...['user', 'add', name, '--role', roles, '--data', data, '--password-file', '-'],
        ...(HOUSES[name] ? ['--provider', HOUSES[name]] : []),
      ],
      {
        input: `${passwordOf(name)}\n`,
      },
    );
}

/* Where it listens, once it says so. What it says lies in `log`. */
async function isReady(log, server) {
  for (let i = 0; i < 1800; i++) {
    const said = readFileSync(log, 'utf8');
    assert.equal(server.exitCode, null, `the server runs: ${said.slice(-2000)}`);
    const base = said.match(/serving .* on (http:\/\/127\.0\.0\.1:\d+)/)?.[1];
    if (base && (await fetch(`${base}/readyz`).catch(() => null))?.ok) return base;
    await new Promise((done) => setTimeout(done, 50));
  }
  return assert.fail(`the server does not get ready: ${readFileSync(log, 'utf8').slice(-2000)}`);
}

async function serve(folder) {
  const data = join(folder, 'data');
  const log = join(folder, 'log');
  const into = openSync(log, 'w');
  const server = spawn(YUMEN, ['serve', '--data', data, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', into, into],
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  closeSync(into);
  return {
    log,
    base: await isReady(log, server),
    async stop() {
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await gone;
    },
  };
}

/* `conf` stands in place of the usual options. What `before` does happens in a life of the server
 * that has ended: what is kept when it stops can be seen. */
export async function openServer({ conf, before } = {}) {
  assert.ok(existsSync(YUMEN), `${YUMEN} is not built; build it, or name the program in YUMEN`);
  const folder = mkdtempSync(join(tmpdir(), 'yumen-web-'));
  found(join(folder, 'data'), conf);
  if (before) {
    const first = await serve(folder);
    await before(first);
    await first.stop();
  }
  const server = await serve(folder);
  return {
    base: server.base,
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
