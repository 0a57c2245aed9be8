#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
quality - what the trainer makes of the published Sichuan set, for docs/quality.md.

    YUMEN=build/src/app/yumen tests/bench/quality.py FOLDER [--write]

FOLDER holds sichuan2020_subscribers*.csv (or .csv.xz). The set is not part of this tree: its
records are of real subscribers, and the licence of the repository that carries it is not the
licence of those who collected it (docs/quality.md says where it is). --write puts the figures
between the marks in docs/quality.md; without it they are printed. Takes some minutes. Exit 1: the
set is not there.
"""
import glob
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
YUMEN = os.environ.get("YUMEN", os.path.join(SOURCE, "build/src/app/yumen"))
PAGE = os.path.join(SOURCE, "docs/quality.md")
REPEATS = "10"
# What a reader who does nothing clever would type: the library's own defaults, no ratios.
PLAIN = "rounds=100,eta=0.3,max_depth=6,subsample=1,colsample_bytree=1,min_child_weight=1"
RATIOS_BEGIN = "unique_share"


def train(*words):
    return subprocess.run([YUMEN, "train", *words], check=True, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout


def find(folder):
    found = sorted(glob.glob(os.path.join(folder, "sichuan2020_subscribers*.csv*")))
    if not found:
        print(f"quality: there is no sichuan2020_subscribers*.csv[.xz] in {folder}.\n"
              "The set does not come with Yumen; docs/quality.md says where it is from.",
              file=sys.stderr)
        sys.exit(1)
    return found[0]


def unpack(path, folder):
    if not path.endswith(".xz"):
        return path
    plain = os.path.join(folder, os.path.basename(path)[:-len(".xz")])
    with lzma.open(path) as packed, open(plain, "wb") as file:
        file.write(packed.read())
    return plain


def row(name, model):
    cells = [name]
    for figure in ("macro_f1", "auc"):
        value, low, high = model["figures"][figure]
        _, least, most = model["figures"][figure + "_repeats"]
        cells += [f"{value:.4f} ({low:.4f}–{high:.4f})", f"{least:.4f}–{most:.4f}"]
    return "| " + " | ".join(cells) + " |"


def part_row(name, figures):
    cells = [name]
    for figure in ("macro_f1", "auc"):
        value, low, high = figures[f"part_{name}_{figure}"]
        cells += [f"{value:.4f} ({low:.4f}–{high:.4f})", ""]
    return "| rows " + " | ".join(cells) + " |"


def measure(folder, temporary):
    table = os.path.join(temporary, "sichuan.csv")
    usual, plain = os.path.join(temporary, "usual"), os.path.join(temporary, "plain")
    train("sichuan", unpack(find(folder), temporary), "--out", table)
    with open(table, encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    ratios = columns[columns.index(RATIOS_BEGIN):]
    said = train(table, "--out", usual, "--repeats", REPEATS, "--name", "sichuan")
    train(table, "--out", plain, "--repeats", REPEATS, "--set", PLAIN,
          "--without", ",".join(ratios))
    models = [json.loads(train("show", path, "--json")) for path in (usual, plain)]
    speed = json.loads(train("bench", table, "--json"))
    return said, models, speed


def page(said, models, speed):
    usual, plain = models
    ours, theirs = speed["score_us"], speed["library_us"]
    lines = ["| 5-fold | macro-F1 | over repeats | AUC | over repeats |", "|---|---|---|---|---|",
             row("usual settings, with ratios", usual),
             part_row("chosen", usual["figures"]), part_row("unseen", usual["figures"]),
             row("the library's defaults, no ratios", plain), "",
             "In brackets: the bounds by drawing rows anew, 95 in 100. Over repeats: the least and "
             f"the most of {REPEATS} ways to part the rows into folds.", "", said.strip(), "",
             f"A row's score takes {ours / theirs:.2f} of the time that libxgboost takes for it "
             f"({ours:.1f} µs against {theirs:.1f} µs, {speed['trees']} trees, one thread, the "
             f"fastest of seven turns), an explanation {speed['explain_us'] / 1000:.2f} ms."]
    return "\n".join(lines)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    with tempfile.TemporaryDirectory(prefix="yumen-quality-") as temporary:
        text = page(*measure(sys.argv[1], temporary))
    if sys.argv[2:] == []:
        print(text)
        return
    with open(PAGE, encoding="utf-8") as file:
        old = file.read()
    new = re.sub(r"(<!-- sichuan -->\n).*(<!-- /sichuan -->)",
                 lambda m: m[1] + text + "\n" + m[2], old,
                 flags=re.S)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(new)


if __name__ == "__main__":
    main()
