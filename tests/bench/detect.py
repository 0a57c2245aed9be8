#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
detect - what the model of the running call detector is worth, for docs/quality.md.

    YUMEN=build/src/app/yumen tests/bench/detect.py [--model FILE] [--cdr FOLDER] [--write]

Worlds that no model has seen (other seeds, other parameters: worlds.py), more than a million honest
callers in all; and, where FOLDER has it, simbox_world_A, a month made by somebody else's generator
(mrafalo/fastcdrgen), which no model was fitted to. Calls are heard as the server hears them
(`yumen train calls --model`): each caller is scored at its 1st, 2nd, 4th, 8th … call. Bounds are
95 in 100. --write puts the figures between the marks in docs/quality.md. Takes a quarter of an
hour and 3 GB of a temporary folder.
"""
import collections
import csv
import json
import lzma
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import worlds

YUMEN = os.environ.get("YUMEN", os.path.join(worlds.SOURCE, "build/src/app/yumen"))
MODEL = os.path.join(worlds.SOURCE, "models/callers.model")
PAGE = os.path.join(worlds.SOURCE, "docs/quality.md")
# Of a size and by parameters that the model was not made of: a province as it comes, and others.
USUAL = {"held-usual": (400000, 6)}
HELD_OUT = {f"held-{i}": (100000, days) for i, days in enumerate((3, 4, 5, 6, 7, 8, 10))}
Z95 = 1.96


class Judged:
    """Of each caller: its kind, and the margin above all before with the call at which it rose."""

    def __init__(self):
        self.kind, self.bad, self.rises = {}, {}, collections.defaultdict(list)

    def add_silent(self, truth):
        """Who is known and never called: nobody can suspect them, and they are missed."""
        with open(truth, encoding="utf-8") as file:
            known = collections.Counter((row["kind"], row["scam"]) for row in csv.DictReader(file))
        for (kind, scam), count in known.items():
            heard = sum(k == kind for k in self.kind.values())
            for i in range(count - heard):
                self.kind[f"{kind}-{i}"], self.bad[f"{kind}-{i}"] = kind, scam == "1"

    def add(self, path, prefix=""):
        with open(path, encoding="utf-8") as file:
            next(file)
            for line in file:
                number, kind, label, calls, margin = line.split(",")
                number = prefix + number
                self.kind[number], self.bad[number] = kind, label == "1"
                self.rises[number].append((float(margin), int(calls)))

    def alarms(self, threshold):
        """Who is suspected, and at which call."""
        found = {}
        for number, rises in self.rises.items():
            if rises[-1][0] > threshold:
                found[number] = next(calls for margin, calls in rises if margin > threshold)
        return found


def wilson(part, whole):
    if whole == 0:
        return 0.0, 0.0, 1.0
    p, z2 = part / whole, Z95 ** 2
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z95 * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole ** 2)) / (1 + z2 / whole)
    return p, max(0.0, middle - half), min(1.0, middle + half)


def precision(recall, alarms, share):
    def of(r, a):
        return share * r / (share * r + (1 - share) * a) if r + a > 0 else 0.0
    return of(recall[0], alarms[0]), of(recall[1], alarms[2]), of(recall[2], alarms[1])


def judge(judged, threshold):
    found = judged.alarms(threshold)
    bad = [n for n, is_bad in judged.bad.items() if is_bad]
    good = len(judged.bad) - len(bad)
    hits = [found[n] for n in bad if n in found]
    wrong = len(found) - len(hits)
    recall, alarms = wilson(len(hits), len(bad)), wilson(wrong, good)
    kinds = collections.Counter(judged.kind.values())
    suspected = collections.Counter(judged.kind[n] for n in found)
    return {"threshold": threshold, "bad": len(bad), "good": good, "hits": len(hits),
            "wrong": wrong, "recall": recall, "alarms": alarms,
            "precision": wilson(len(hits), len(found)),
            "precision_1e3": precision(recall, alarms, 1e-3),
            "precision_1e4": precision(recall, alarms, 1e-4),
            "calls": statistics.median(hits) if hits else None,
            "kinds": {k: (suspected[k], kinds[k]) for k in sorted(kinds)}}


def score(model, calls, truth, out, seed="1"):
    return json.loads(subprocess.run(
        [YUMEN, "train", "calls", calls, "--truth", truth, "--out", out, "--model", model,
         "--seed", seed, "--json"], check=True, stdout=subprocess.PIPE, text=True).stdout)


def hold_out(model, folder, plan, usual):
    judged = Judged()
    for name, (scale, days) in plan.items():
        here = worlds.emit(YUMEN, folder, name, scale, days, usual, alikes=False)
        out = here + ".csv"
        score(model, os.path.join(here, "calls.csv"), os.path.join(here, "truth/numbers.csv"), out)
        shutil.rmtree(here)
        judged.add(out, name + "-")
    return judged


# ---- simbox_world_A: what somebody else's generator makes, as a feed ---------------------------

HEAD = "id,time,caller,callee,kind,answered,duration_s,caller_imei,caller_cell"


def telephone(number):
    return f"+86154{int(number):08d}"


def feed_row(i, row):
    """As the feed has it: times as given, numbers and things of the ranges for tests."""
    rang = {"CALL": 1, "BUSY": 0, "OOS": 0, "IDLE": 0}[row["voice_call_result"]]
    cell = int(row["bts_id"])
    told = f"voice,{rang},{row['duration_sec'] if rang else ''}"
    if row["contact_type"] != "VOICE":
        told = "sms,,"
    return ",".join((f"W{i}", row["timestamp"].replace(" ", "T") + "+08:00",
                     telephone(row["from_msisdn"]), telephone(row["to_msisdn"]), told,
                     f"0010{int(row['from_imei']):010d}0", f"001-01-00001-{cell:08d}"))


def unpack(path):
    with lzma.open(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


def convert(source, folder):
    calls, truth = os.path.join(folder, "simbox.csv"), os.path.join(folder, "simbox-truth.csv")
    with open(calls, "w", encoding="utf-8") as out:
        out.write(HEAD + "\n")
        for i, row in enumerate(unpack(os.path.join(source, "simbox_world_A.csv.xz"))):
            out.write(feed_row(i, row) + "\n")
    with open(truth, "w", encoding="utf-8") as out:
        out.write("number,scam,kind\n")
        for row in unpack(os.path.join(source, "simbox_world_A_labels.csv.xz")):
            kind = row["scenario"]
            out.write(f"{telephone(row['msisdn'])},{int(kind == 'simbox')},{kind}\n")
    return calls, truth


def foreign(model, source, folder):
    if source is None or not os.path.exists(os.path.join(source, "simbox_world_A.csv.xz")):
        print("detect: simbox_world_A.csv.xz is not there; it does not come with Yumen "
              "(docs/quality.md says where it is from). Its part is left out.", file=sys.stderr)
        return None
    calls, truth = convert(source, folder)
    out = os.path.join(folder, "simbox-rises.csv")
    score(model, calls, truth, out)
    judged = Judged()
    judged.add(out)
    judged.add_silent(truth)
    return judged


# ---- the page --------------------------------------------------------------------------------

def percent(bounds):
    return f"{100 * bounds[0]:.3g} % ({100 * bounds[1]:.3g}–{100 * bounds[2]:.3g})"


def table(results):
    heads = ["margin above", "bad found", "honest suspected", "recall", "precision there",
             "precision, 1 in 1,000 bad", "precision, 1 in 10,000 bad", "calls until then, median"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for r in results:
        cells = [f"{r['threshold']:.3f}", f"{r['hits']} of {r['bad']}",
                 f"{r['wrong']} of {r['good']}", percent(r["recall"]), percent(r["precision"]),
                 percent(r["precision_1e3"]), percent(r["precision_1e4"]), f"{r['calls']}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def kinds(results):
    heads = ["suspected at a margin above"] + [f"{r['threshold']:.3f}" for r in results]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for kind, (_, of) in results[0]["kinds"].items():
        cells = [f"{kind}, of {of}"] + [str(r["kinds"][kind][0]) for r in results]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def page(results):
    lines = []
    for title, judged, thresholds in results:
        rows = [judge(judged, t) for t in thresholds]
        lines += [f"**{title}**", "", *table(rows), "", *kinds(rows), ""]
    return "\n".join(lines).strip()


def option(words, name, usual):
    return words[words.index(name) + 1] if name in words else usual


def main():
    words = sys.argv[1:]
    model = option(words, "--model", MODEL)
    points = json.loads(subprocess.run([YUMEN, "train", "show", model, "--json"], check=True,
                                       stdout=subprocess.PIPE, text=True).stdout)["points"]
    thresholds = [p["margin"] for p in points]
    with tempfile.TemporaryDirectory(prefix="yumen-detect-") as folder:
        other = foreign(model, option(words, "--cdr", None), folder)
        results = [("Seven worlds of other parameters", hold_out(model, folder, HELD_OUT, False),
                    thresholds),
                   ("The drill's usual world", hold_out(model, folder, USUAL, True), thresholds)]
        if other is not None:
            results.append(("simbox_world_A", other, thresholds))
        text = page(results)
    if "--write" not in words:
        print(text)
        return
    with open(PAGE, encoding="utf-8") as file:
        old = file.read()
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(<!-- callers -->\n).*(<!-- /callers -->)",
                          lambda m: m[1] + text + "\n" + m[2], old, flags=re.S))


if __name__ == "__main__":
    main()
