#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What warnings are worth, by one command: worlds of the drill are played and written down, the model
that comes with the program is learnt from some of them (--learn writes models/warning.model anew;
else it is taken as it is), others judge it. Prints the section of docs/quality.md; --write puts it
there.

    tests/bench/warnings.py --build build [--work FOLDER] [--jobs 2] [--learn] [--write]

No world that was learnt from judges. Half an hour on two processors; worlds already in FOLDER are
taken as they are.
"""
import argparse
import concurrent.futures
import os
import subprocess

PERSONS, DAYS, OFTEN = 100000, 40, 20
MADE = "2026-11-24T00:00:00Z"
LEARNT = range(1001, 1009)
POOLS = {  # prefix: seeds, times, slow
    "w": (range(1, 7), OFTEN, 1),
    "real": (range(101, 107), 1, 1),
    "slow": (range(1, 4), OFTEN, 3),
    "none": (range(201, 203), 0, 1),
}


def paths(work, prefix):
    return [os.path.join(work, f"{prefix}{seed}.txt") for seed in POOLS[prefix][0]]


def worlds():
    for seed in LEARNT:
        yield f"w{seed}.txt", seed, OFTEN, 1
    for prefix, (seeds, times, slow) in POOLS.items():
        for seed in seeds:
            yield f"{prefix}{seed}.txt", seed, times, slow


def play(world, work, one):
    name, seed, times, slow = one
    path = os.path.join(work, name)
    if not os.path.exists(path):
        subprocess.run([world, "record", path, str(PERSONS), str(DAYS), str(seed), str(times),
                        str(slow)], check=True, stdout=subprocess.DEVNULL)


def said(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def report(world, work, model):
    def pool(title, prefix, prevalence):
        return said(world, "judge", model, title, str(prevalence), *paths(work, prefix))

    parts = [
        pool("Scams as common as they are", "real", 1),
        pool("Scams 20 times as common, rings as busy as a province's, counted as common as "
             "they are", "w", 1),
        pool("The same, counted as a tenth as common", "w", 0.1),
        pool("Feeds and lists three times as late", "slow", 1),
        pool("No scams at all", "none", 1),
        "**Each kind of signal missing in turn** (the second pool; `high` is `high` and above)\n",
        said(world, "without", model, *paths(work, "w")),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build")
    parser.add_argument("--work", default="/tmp/yumen-warnings")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    world = os.path.join(args.build, "tests/sim/warn_world")
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        list(pool.map(lambda one: play(world, args.work, one), worlds()))
    model = "models/warning.model"
    if args.learn:
        said(os.path.join(args.build, "src/app/yumen-train"), "warn", "--name", "drill", "--at",
             MADE, "--out", model,
             *(os.path.join(args.work, f"w{seed}.txt") for seed in LEARNT))
    text = report(world, args.work, model)
    print(text)
    if args.write:
        with open("docs/quality.md", encoding="utf-8") as f:
            before, _, rest = f.read().partition("<!-- warnings -->\n")
            after = rest.partition("<!-- /warnings -->\n")[2]
        with open("docs/quality.md", "w", encoding="utf-8") as f:
            f.write(f"{before}<!-- warnings -->\n{text}<!-- /warnings -->\n{after}")


if __name__ == "__main__":
    main()
