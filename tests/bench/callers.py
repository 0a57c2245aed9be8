#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
callers - makes models/callers.model, the model of the running detector, from simulated worlds.

    YUMEN=build/src/app/yumen tests/bench/callers.py [--out FILE] [--check]

The worlds differ in their parameters, not in their seeds alone (worlds.py), so that the model has
to look at what they share. Nothing of them is kept: made again, the model has the same bytes where
libxgboost is the same (1.7.4). --check makes it and compares it with the one in the tree. Takes a
quarter of an hour and 2 GB of a temporary folder. docs/quality.md says what it is worth.
"""
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

import worlds

YUMEN = os.environ.get("YUMEN", os.path.join(worlds.SOURCE, "build/src/app/yumen"))
MODEL = os.path.join(worlds.SOURCE, "models/callers.model")
WORLDS, SCALE, KEEP = 36, 20000, 2
DAYS = (2, 3, 4, 6, 9, 14)
MADE = "2026-11-23T00:00:00Z"
SETTINGS = "rounds=500,eta=0.09,max_depth=6,min_child_weight=8,lambda=3,subsample=0.7"


def table_of(name, folder, days):
    here = worlds.emit(YUMEN, folder, name, SCALE, days)
    table = here + ".csv"
    subprocess.run([YUMEN, "train", "calls", os.path.join(here, "calls.csv"),
                    "--truth", os.path.join(here, "truth/numbers.csv"), "--out", table,
                    "--seed", "1", "--keep", str(KEEP), "--at", MADE], check=True,
                   stdout=subprocess.DEVNULL)
    shutil.rmtree(here)
    return table


def learn(folder):
    """One table of all worlds; a number's rows have an id that no other world's has."""
    everything = os.path.join(folder, "callers.csv")
    with open(everything, "w", encoding="utf-8") as out:
        for i in range(WORLDS):
            table = table_of(f"learn-{i}", folder, DAYS[i % len(DAYS)])
            with open(table, encoding="utf-8") as file:
                head = next(file)
                out.write(head if i == 0 else "")
                out.writelines(f"{i}-{line}" for line in file)
            os.remove(table)
    return everything


def main():
    words = sys.argv[1:]
    out = words[words.index("--out") + 1] if "--out" in words else MODEL
    with tempfile.TemporaryDirectory(prefix="yumen-callers-") as folder:
        made = os.path.join(folder, "callers.model")
        subprocess.run([YUMEN, "train", learn(folder), "--out", made, "--name", "callers",
                        "--at", MADE, "--set", SETTINGS, "--folds", "3", "--repeats", "1"],
                       check=True)
        if "--check" not in words:
            shutil.copyfile(made, out)
        elif not filecmp.cmp(made, out, shallow=False):
            print(f"callers: {out} is another model than is made of these worlds", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
