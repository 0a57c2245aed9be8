/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock-clean - makes package-lock.json good for everybody: it names versions and digests, never the
 * host they came from; and it names a package's variants for all platforms, also those that the
 * registry it was written with does not carry, because `npm ci` refuses a lock that leaves one out.
 *
 *   node tools/lock-clean.mjs [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const named = Object.entries(lock.packages).filter(([, p]) => p.resolved);
const missing = Object.values(lock.packages).flatMap((p) =>
  Object.entries(p.optionalDependencies ?? {})
    .filter(([name]) => !lock.packages[`node_modules/${name}`])
    .map(([name, version]) => ({ name, version, owner: p })),
);

if (process.argv[2] === '--check') {
  for (const [name] of named)
    console.error(`web/package-lock.json: ${name} names its host; run node tools/lock-clean.mjs`);
  for (const { name } of missing)
    console.error(`web/package-lock.json: ${name} is left out; run node tools/lock-clean.mjs`);
  process.exit(named.length + missing.length ? 1 : 0);
}

/* "@biomejs/cli-linux-x64-musl": the platform is the end of the name. */
function variant({ name, version, owner }) {
  const [, os, cpu, libc] = name.match(/(android|darwin|freebsd|linux|win32)-(\w+)(?:-(\w+))?$/);
  const libcs = os === 'linux' ? { libc: [libc ?? 'glibc'] } : {};
  return {
    version,
    cpu: [cpu],
    dev: owner.dev,
    license: owner.license,
    ...libcs,
    optional: true,
    os: [os],
  };
}

for (const [, p] of named) delete p.resolved;
for (const m of missing) lock.packages[`node_modules/${m.name}`] = variant(m);
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
