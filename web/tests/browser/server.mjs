/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - a real centre for the tests of one file: its own folder, free port, three people.
 *
 * YUMEN names the program; without it, what ./test has built. The centre is a drill, so that the
 * program itself sees to it that nothing but this machine can reach it.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
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
};
export const passwordOf = (name) => `${name}-password-1`;

/* A bank that holds amounts, one that can only stop an account whole, and one that is late at once. */
const PROVIDERS = `providers:
  - {id: bank-a, name: 甲银行, kind: bank, can: [hold, freeze], codes: [BKA]}
  - {id: bank-b, name: 乙银行, kind: bank, can: [stop], codes: [BKB]}
  - {id: bank-c, name: 丙银行, kind: bank, can: [hold], codes: [BKC], answer_s: 1}`;

/* Not one that the system gives to outgoing connections, such as the browser's. */
function freePort() {
  const port = randomInt(10240, 32767);
  const probe = createServer();
  return new Promise((done) => {
    probe.once('error', () => done(freePort()));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(port)));
  });
}

function found(data) {
  execFileSync(YUMEN, ['init', '--data', data, '--drill', '--name', '甘肃省反诈中心']);
  const file = join(data, 'yumen.yaml');
  /* The policy zone is not what is tried here, and its port may be taken. */
  const yaml = readFileSync(file, 'utf8').replace(/(dns:\s*\n(?:.*\n)*?\s+listen:).*/, '$1 ""');
  writeFileSync(file, yaml.replace(/^providers: \[\]$/m, PROVIDERS));
  for (const [name, roles] of Object.entries(PEOPLE))
    execFileSync(
      YUMEN,
      ['user', 'add', name, '--role', roles, '--data', data, '--password-file', '-'],
      {
        input: `${passwordOf(name)}\n`,
      },
    );
}

async function isReady(base, server) {
  for (let i = 0; i < 1800; i++) {
    assert.equal(server.exitCode, null, 'the server runs');
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail('the server does not get ready');
}

export async function openServer() {
  assert.ok(existsSync(YUMEN), `${YUMEN} is not built; build it, or name the program in YUMEN`);
  const data = join(mkdtempSync(join(tmpdir(), 'yumen-web-')), 'data');
  found(data);
  const listen = `127.0.0.1:${await freePort()}`;
  const server = spawn(YUMEN, ['serve', '--data', data, '--listen', listen], { stdio: 'ignore' });
  const base = `http://${listen}`;
  await isReady(base, server);
  return {
    base,
    async close() {
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await gone;
      rmSync(join(data, '..'), { recursive: true });
    },
  };
}
