#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
door - what the running server's suspicions are worth: a province's call records through `yumen
ingest calls`, then GET /v1/suspicions against the province's truth. The model, thresholds and tests
are those that come with the program; only the day's budget is lifted, since days come as one file.

    YUMEN=build/src/app/yumen tests/bench/door.py [--scale N] [--days N] [--seed N] [--world FOLDER]

Says how long the file took, precision and recall with 95 % bounds, by kind, how long the server
took to be ready again after SIGKILL with the journal behind it, and how loaded the machine was. A
world of 200,000 subscribers and 4 days takes 0.8 GB in a temporary folder.
"""
import argparse
import collections
import csv
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../system"))
from centre import PATIENCE_S, YUMEN, Centre  # pylint: disable=wrong-import-position

Z95 = 1.96
CONF = ("detect: {per_day: 100000}\n"
        "calls: {numbers_most: %d, calls_most: %d}\n")


def bounds(hits, of):
    if of == 0:
        return "none"
    share = hits / of
    middle = share + Z95 ** 2 / (2 * of)
    away = Z95 * math.sqrt(share * (1 - share) / of + Z95 ** 2 / (4 * of * of))
    whole = 1 + Z95 ** 2 / of
    low, high = max(0, (middle - away) / whole), (middle + away) / whole
    return f"{share:.1%} ({low:.1%} to {high:.1%}), {hits} of {of}"


class Door(Centre):
    def __init__(self, numbers):
        super().__init__("drill", begins=False)
        with open(os.path.join(self.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write(CONF % (numbers, 16 * numbers))
        self.start()
        for name, role in (("fay", "feeder"), ("ann", "analyst")):
            self.add_user(name, [role])

    def ingest(self, path):
        began = time.monotonic()
        with open(path, "rb") as file:
            subprocess.run([YUMEN, "ingest", "calls", "-", "--data", self.data], stdin=file,
                           env={**os.environ, "YUMEN_TOKEN": self.tokens["fay"]}, check=True,
                           stdout=subprocess.DEVNULL, timeout=7200)
        return time.monotonic() - began

    def found(self):
        items, cursor = [], ""
        while cursor is not None:
            page = self.get("/v1/suspicions", user="ann",
                            query={"limit": "500", **({"cursor": cursor} if cursor else {})}).value
            items, cursor = items + page["items"], page["next"]
        return items

    def again(self):
        """Killed, and ready: its doors are open, and the first call after it is answered."""
        self.server.kill()
        self.server.wait()
        began = time.monotonic()
        self.launch()
        while self.server.poll() is None and time.monotonic() - began < PATIENCE_S:
            if re.search(r"serving .* on (http://127\.0\.0\.1:(\d+))", self.log()):
                break
            time.sleep(0.01)
        self.await_doors()
        doors_s = time.monotonic() - began
        one = b"id,time,caller,callee,answered,duration_s\n"
        reply = self.ask("POST", "/v1/feeds/calls", one, user="fay",
                         headers={"Content-Type": "text/csv"})
        assert reply.status == 200, reply
        return doors_s, time.monotonic() - began


def truth_of(world):
    with open(os.path.join(world, "truth/numbers.csv"), encoding="utf-8") as file:
        return {row["number"]: (row["scam"] == "1", row["kind"]) for row in csv.DictReader(file)}


def callers_of(world):
    heard = set()
    with open(os.path.join(world, "calls.csv"), encoding="utf-8") as file:
        rows = csv.reader(file)
        at = next(rows).index("caller")
        heard.update(row[at] for row in rows)
    return heard


def say(world, items):
    truth, heard = truth_of(world), callers_of(world)
    bad = {n for n, (is_bad, _) in truth.items() if is_bad and n in heard}
    found = {item["number"] for item in items}
    kinds = collections.Counter(truth[n][1] for n in bad)
    print(f"callers: {len(heard)}, of them scams' {len(bad)}; suspicions: {len(items)}")
    for detector in ("callers", "boxes"):
        by = {i["number"] for i in items if i["detector"] == detector}
        print(f"{detector}: precision {bounds(len(by & bad), len(by))}")
    print(f"precision {bounds(len(found & bad), len(found))}")
    print(f"recall    {bounds(len(found & bad), len(bad))}")
    for kind, count in sorted(kinds.items()):
        hits = sum(truth[n][1] == kind for n in found & bad)
        print(f"  {kind}: {bounds(hits, count)}")
    wrong = collections.Counter(truth.get(n, (False, "subscriber"))[1] for n in found - bad)
    print("honest suspected: " + (", ".join(f"{k} {n}" for k, n in wrong.items()) or "none"))
    calls = sorted(i["at_call"] for i in items if i["number"] in bad and i["at_call"] > 0)
    print(f"calls until then, median: {calls[len(calls) // 2] if calls else 'none'}")


def main():
    words = argparse.ArgumentParser()
    for name, preset in (("scale", 200000), ("days", 4), ("seed", 61)):
        words.add_argument("--" + name, type=int, default=preset)
    words.add_argument("--world")
    said = words.parse_args()
    folder = tempfile.mkdtemp(prefix="yumen-door-")
    try:
        world = said.world or os.path.join(folder, "world")
        if not said.world:
            subprocess.run([YUMEN, "drill", "--emit", world, "--seed", str(said.seed), "--scale",
                            str(said.scale), "--days", str(said.days)], check=True,
                           stdout=subprocess.DEVNULL)
        print(f"scale {said.scale}, {said.days} days, seed {said.seed};"
              f" load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        with Door(max(100000, 2 * said.scale)) as door:
            path = os.path.join(world, "calls.csv")
            with open(path, "rb") as file:
                rows = sum(1 for _ in file) - 1
            took = door.ingest(path)
            print(f"{rows} records in {took:.0f} s, {rows / took:.0f} a second, scored")
            say(world, door.found())
            doors_s, calls_s = door.again()
            print(f"killed: doors open after {doors_s:.2f} s, the book after {calls_s:.2f} s;"
                  f" load {os.getloadavg()[0]:.1f}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
