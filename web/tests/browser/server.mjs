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

const PEOPLE = { nan: 'analyst,operator', li: 'approver,auditor', wang: 'approver', zhao: 'admin' };
export const passwordOf = (name) => `${name}-password-1`;

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
  writeFileSync(file, yaml);
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
  for (let i = 0; i < 100; i++) {
    assert.equal(server.exitCode, null, 'the server runs');
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
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
