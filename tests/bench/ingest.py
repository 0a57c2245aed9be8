#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what it costs to take a file of transfers in until it is on the disk: wall time, and the
  processor time of each thread, a row. For docs/benchmarks.md; no judgement.
Method: one file of six columns in the order of time; half of the payments go on from a payee of the
  last days, the others are of accounts that come and go and of a few that are always there; an
  account for five transfers. A new centre for each round; two programs, where OTHER names a second
  one, take turns. "ended" is what threads that are no more have spent: runs being made. Then, when
  nothing is being made any more: what the transfers take on the disk, and how long the centre takes
  to be there again, their files still in the page cache.

  YUMEN=build/src/app/yumen [OTHER=…] [ROUNDS=2] [WORLD=FILE] tests/bench/ingest.py [TRANSFERS]

WORLD: where the file is, or is to be, for more than one run.
"""
import os
import random
import re
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, os.path.join(SOURCE, "tests/system"))
import centre as the_centre  # noqa: E402  pylint: disable=wrong-import-position

TRANSFERS = int((sys.argv[1:] + ["5000000"])[0])
ROUNDS = int(os.environ.get("ROUNDS", "2"))
PROGRAMS = [os.environ[name] for name in ("YUMEN", "OTHER") if name in os.environ]
SPAN_MS, RECENT = 30 * 86400 * 1000, 1 << 16
QUIET_S = 30
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def write_world(path):
    chance, accounts = random.Random(1).random, max(TRANSFERS // 5, 1000)
    begin, pool, recent = int(time.time() * 1000) - SPAN_MS, accounts // 150 + 1, [0] * RECENT

    def other(i):
        if chance() < 0.6:
            at = i * (accounts - pool) // TRANSFERS + int(pool * chance() ** 2)
        else:
            at = int(accounts * chance() ** 2.5)
        return at * 2654435761 % accounts

    with open(path, "w", encoding="utf-8") as file:
        file.write("id,time,from,to,amount,status\n")
        lines = []
        for i in range(TRANSFERS):
            payer = recent[int(chance() * RECENT)] if chance() < 0.5 else other(i)
            payee = recent[i % RECENT] = other(i)
            payee += payee == payer
            lines.append(f"T{i:013d},{begin + i * SPAN_MS // TRANSFERS},62220000{payer:011d},"
                         f"62270000{payee:011d},{100 + int(chance() * 1e6)},booked\n")
            if len(lines) == 50000:
                file.write("".join(lines))
                lines = []
        file.write("".join(lines))


def spent(pid):
    """Processor seconds: of the whole process, also of threads that ended, and of each by name."""
    def seconds(path):
        with open(path, encoding="utf-8") as file:
            name, fields = file.read().split("(", 1)[1].rsplit(")", 1)
        fields = fields.split()
        return name, (int(fields[11]) + int(fields[12])) * TICK_S
    threads = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        name, more = seconds(f"/proc/{pid}/task/{task}/stat")
        threads[name] = threads.get(name, 0) + more
    return seconds(f"/proc/{pid}/stat")[1], threads


def rest(pid):
    """Until it has had nothing to do for as long as merging waits for (src/runs), and is done."""
    before, quiet = spent(pid)[0], 0
    while quiet < QUIET_S:
        time.sleep(2)
        now = spent(pid)[0]
        quiet = quiet + 2 if now - before < 0.1 else 0
        before = now


def on_disk(folder):
    """Bytes by kind of file."""
    kinds = {}
    for path, _, names in os.walk(folder):
        for name in names:
            kind = re.sub(r"[-.0-9].*", "", name)
            kinds[kind] = kinds.get(kind, 0) + os.path.getsize(os.path.join(path, name))
    return kinds


def again(centre, program, world):
    """The transfers are opened by the first who asks: a report; what was taken before is looked up
    when the first row comes."""
    rest(centre.server.pid)
    kinds = on_disk(os.path.join(centre.data, "trail"))
    one = world + ".one"
    with open(world, encoding="utf-8") as file, open(one, "w", encoding="utf-8") as ret:
        ret.writelines(file.readline() for _ in range(2))
    centre.stop()
    begun = time.monotonic()
    centre.start()
    report = {"channel": "96110", "victim": {"number": "13912345678"}, "said": "a bench",
              "transfers": [{"id": "nothing"}]}
    assert centre.post("/v1/reports", report, user="op").status == 201
    asked, spent_s = time.monotonic() - begun, spent(centre.server.pid)[0]
    ingest(program, centre, one)
    told = time.monotonic() - begun
    print(f"  on the disk {sum(kinds.values()) / TRANSFERS:.1f} bytes each:",
          ", ".join(f"{kind} {kinds[kind] / TRANSFERS:.1f}" for kind in sorted(kinds)),
          f"; a report taken {asked:.2f} s after the start ({spent_s:.2f} s of processor),"
          f" a row told twice after {told:.2f} s", flush=True)


def ingest(program, centre, path):
    subprocess.run([program, "ingest", "transfers", path, "--data", centre.data], check=True,
                   env={**os.environ, "YUMEN_TOKEN": centre.tokens["an"]},
                   stdout=subprocess.DEVNULL)


def one_round(program, world):
    the_centre.YUMEN = program
    with the_centre.Centre("drill", clock="real") as centre:
        centre.add_user("an", "feeder")
        centre.add_user("op", "operator")
        before, client = spent(centre.server.pid)[0], os.times()
        begun = time.monotonic()
        ingest(program, centre, world)
        wall = time.monotonic() - begun
        after, threads = spent(centre.server.pid)
        client = sum(os.times()[2:4]) - sum(client[2:4])
        whole = after - before
        names = sorted((n for n in threads if threads[n] > whole / 100), key=threads.get)[::-1]
        each = {n: threads[n] for n in names} | {"ended": after - sum(threads.values())}
        us = 1e6 / TRANSFERS
        print(f"{program}: {TRANSFERS / wall / 1e6:.2f} million a second, {wall:.1f} s; us a row:"
              f" server {whole * us:.2f}, client {client * us:.2f};",
              ", ".join(f"{n} {each[n] * us:.2f}" for n in each),
              "; load", open("/proc/loadavg", encoding="utf-8").read().split()[0], flush=True)
        again(centre, program, world)


def main():
    with tempfile.TemporaryDirectory(prefix="yumen-ingest-") as folder:
        world = os.environ.get("WORLD") or os.path.join(folder, "transfers.csv")
        if not os.path.exists(world):
            write_world(world)
        print(f"{TRANSFERS} transfers of {os.path.getsize(world) / TRANSFERS:.1f} bytes")
        for turn in range(ROUNDS):
            for program in PROGRAMS if turn % 2 == 0 else PROGRAMS[::-1]:
                one_round(program, world)


main()
