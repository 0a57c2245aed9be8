# SPDX-License-Identifier: Apache-2.0
"""
Goal: `yumen train` makes of a table of examples a model whose file anybody can read, whose scores
and reasons anybody can compute again, whose bytes a seed fixes, and which says what it is worth;
what is wrong is refused by file, line and column; and the server does not load the library that
trains.
Method: a table with a rule in it; the model's file read by a reader of its own, in Python, its
scores compared with those of `yumen train score`; files spoilt one way at a time.
"""
import csv
import hashlib
import json
import math
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

YUMEN = os.environ.get("YUMEN", "build/src/app/yumen")
TRAIN = os.path.join(os.path.dirname(YUMEN), "yumen-train")
SHIPPED = os.path.join(os.environ.get("SOURCE", "."), "models/callers.model")
COLUMNS = ["out_calls", "calls_a_callee", "answered_share"]
FAST = ["--set", "rounds=60,max_depth=3,eta=0.1,colsample_bytree=1", "--repeats", "2"]


def run(*words, program=YUMEN, path=None):
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if path is not None:
        environment["PATH"] = path
    return subprocess.run([program, "train", *words], capture_output=True, text=True, check=False,
                          env=environment)


def example(dice, i):
    """Who calls many once is bad; one in ten is labelled wrongly, some things are not known."""
    calls, again, answered = dice.randrange(1, 400), dice.randrange(100, 900), dice.randrange(1001)
    bad = calls > 150 and again < 400
    row = {"out_calls": calls, "calls_a_callee": again, "answered_share": answered,
           "label": int(bad != (dice.random() < 0.1)), "id": f"n{i // 2}",
           "part": "first" if i < 300 else "second"}
    if dice.random() < 0.1:
        row["calls_a_callee"] = ""
    return row


def table(folder, name="table.csv", rows=600, header=None):
    dice = random.Random(7)
    header = header or ["label", "id", "part", *COLUMNS]
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(header) + "\n")
        for i in range(rows):
            row = example(dice, i)
            file.write(",".join(str(row.get(name, i)) for name in header) + "\n")
    return path


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


class Reader:
    """A model's file as docs/formats/model.md describes it, and nothing else."""

    def __init__(self, path):
        with open(path, "rb") as file:
            body, stamp = file.read().rsplit(b"sha256 ", 1)
        assert hashlib.sha256(body).hexdigest().encode() == stamp.strip()
        lines = [line.split(" ") for line in body.decode().split("\n")[:-1]]
        assert lines[0] == ["yumen-model", "1"]
        self.head = {words[0]: " ".join(words[1:]) for words in lines}
        self.figures = {words[1]: [float(w) for w in words[2:]]
                        for words in lines if words[0] == "figure"}
        self.points = [[float(w) for w in words[1:]] for words in lines if words[0] == "point"]
        self.features = [words[1] for words in lines if words[0] == "feature"]
        self.trees = []
        for words in lines:
            if words[0] == "tree":
                self.trees.append([])
            elif words[0] in ("split", "leaf"):
                self.trees[-1].append(words)

    def score(self, row):
        margin = single(float(self.head["base"]))
        for tree in self.trees:
            splits, children = 0, {}
            for i, words in enumerate(tree):
                if words[0] == "split":
                    children[i] = 2 * splits + 1
                    splits += 1
            assert len(tree) == 2 * splits + 1 == int(len(tree))
            at = 0
            while at in children:
                _, name, threshold, missing, _ = tree[at]
                value = row[name]
                left = (missing == "left" if value is None else
                        single(value) < single(float(threshold)))
                at = children[at] + (0 if left else 1)
            margin = single(margin + single(float(tree[at][1])))
        return margin


class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="yumen-test-")
        cls.folder = cls.temporary.name
        cls.table = table(cls.folder)
        cls.model = os.path.join(cls.folder, "model")
        done = run(cls.table, "--out", cls.model, "--name", "who calls many once",
                   "--at", "2026-11-23T08:00:00Z", *FAST)
        assert done.returncode == 0, done.stderr
        cls.said = done.stdout

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def refused(self, code, why, *words):
        done = run(*words)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        self.assertIn(why, done.stderr)
        return done.stderr

    def test_model_says_what_it_is(self):
        model = Reader(self.model)
        with open(self.table, "rb") as file:
            self.assertEqual(model.head["digest"], hashlib.sha256(file.read()).hexdigest())
        self.assertEqual(model.head["name"], "who calls many once")
        self.assertEqual(model.head["made"], "2026-11-23T08:00:00Z")
        self.assertEqual((model.head["data"], model.head["rows"]), ("table.csv", "600"))
        self.assertEqual(model.features, COLUMNS)
        self.assertEqual(len(model.trees), 60)
        for name in ("macro_f1", "auc", "auc_folds", "part_first_auc", "part_second_alarms"):
            value, low, high = model.figures[name]
            self.assertTrue(0 <= low <= value <= high <= 1, name)
        self.assertTrue(0.75 < model.figures["auc"][0] < 0.97, model.figures["auc"])
        for word in ("who calls many once", "2026-11-23T08:00:00Z", "macro_f1", "1 in 10,000"):
            self.assertIn(word, self.said)

    def test_precision_follows_from_recall_and_alarms(self):
        model = Reader(self.model)
        ids = {}
        with open(self.table, encoding="utf-8") as file:
            for row in csv.DictReader(file):
                ids[row["id"]] = ids.get(row["id"], False) or row["label"] == "1"
        bad = sum(ids.values()) / len(ids)
        for point in model.points:
            recall, alarms = point[1:4], point[4:7]
            for k, share in enumerate((bad, 1e-3, 1e-4)):
                value, low, high = point[7 + 3 * k:10 + 3 * k]
                for got, r, a in ((value, recall[0], alarms[0]), (low, recall[1], alarms[2]),
                                  (high, recall[2], alarms[1])):
                    want = share * r / (share * r + (1 - share) * a)
                    self.assertAlmostEqual(got, want, delta=1e-5)

    def test_seed_fixes_the_bytes(self):
        again = os.path.join(self.folder, "again")
        words = [self.table, "--out", again, "--name", "who calls many once",
                 "--at", "2026-11-23T08:00:00Z", *FAST]
        self.assertEqual(run(*words).returncode, 0)
        with open(self.model, "rb") as one, open(again, "rb") as other:
            self.assertEqual(one.read(), other.read())
        self.assertEqual(run(*words, "--seed", "2").returncode, 0)
        with open(self.model, "rb") as one, open(again, "rb") as other:
            self.assertNotEqual(one.read(), other.read())

    def test_scores_are_anybodys_to_compute(self):
        model = Reader(self.model)
        with open(self.table, encoding="utf-8") as file:
            names, *lines = [line.strip().split(",") for line in file]
        done = run("score", self.model, self.table, "--reasons", "256", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(lines))
        for i, (answer, line) in enumerate(zip(answers, lines)):
            row = {n: None if v == "" else float(v) for n, v in zip(names, line) if n in COLUMNS}
            self.assertEqual((answer["row"], answer["id"]), (i + 1, f"n{i // 2}"))
            self.assertEqual(single(answer["margin"]), model.score(row))
            parts = sum(reason["part"] for reason in answer["reasons"])
            self.assertAlmostEqual(answer["base"] + parts, answer["margin"], delta=1e-5)
            self.assertAlmostEqual(answer["rest"], 0, delta=1e-9)
            sizes = [abs(reason["part"]) for reason in answer["reasons"]]
            self.assertEqual(sizes, sorted(sizes, reverse=True))
            for reason in answer["reasons"]:
                self.assertEqual(reason["value"], row[reason["feature"]])

    def test_reasons_for_people(self):
        path = os.path.join(self.folder, "one.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("calls_a_callee,answered_share,out_calls\n110,,390\n")
        done = run("score", self.model, path, "--reasons", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("calls_a_callee = 110", done.stdout)
        self.assertIn("out_calls = 390", done.stdout)
        numbers = [float(line.split()[0]) for line in done.stdout.splitlines()[1:]]
        margin = float(done.stdout.splitlines()[0].split()[1])
        self.assertTrue(margin > 0 and math.isclose(sum(numbers), margin, abs_tol=1e-3))

    def test_show_is_the_file(self):
        done = run("show", self.model, "--json")
        document = json.loads(done.stdout)
        model = Reader(self.model)
        self.assertEqual(document["features"], model.features)
        self.assertEqual(document["trees"], 60)
        self.assertEqual(document["data_digest"], model.head["digest"])
        for name, figure in model.figures.items():
            self.assertEqual(document["figures"][name], figure)
        self.assertEqual(len(document["points"]), len(model.points))
        self.assertEqual(run("show", self.model).stdout, self.said)

    def test_what_is_wrong_has_a_place(self):
        bad = table(self.folder, "bad.csv", header=["label", "age", *COLUMNS])
        out = os.path.join(self.folder, "never")
        said = self.refused(3, "train.person", bad, "--out", out)
        self.assertIn("age", said)
        self.assertFalse(os.path.exists(out))
        fine = run(bad, "--out", os.path.join(self.folder, "fine"), "--without", "age", *FAST)
        self.assertEqual(fine.returncode, 0, fine.stderr)
        with open(bad, "a", encoding="utf-8") as file:
            file.write("1,1,many,2,3\n")
        said = self.refused(3, "train.number", bad, "--out", out, "--without", "age")
        self.assertIn("bad.csv:602: out_calls", said)
        few = table(self.folder, "few.csv", rows=6)
        self.refused(3, "train.too_few", few, "--out", out)
        self.refused(4, "file.absent", os.path.join(self.folder, "absent.csv"), "--out", out)
        self.refused(3, "train.parameter", self.table, "--out", out, "--set", "eta=7")
        self.refused(3, "train.option_number", self.table, "--out", out, "--folds", "1")
        nowhere = os.path.join(self.folder, "no/where")
        self.refused(4, "cli.output", self.table, "--out", nowhere, *FAST)
        self.refused(2, "--out", self.table)
        self.refused(2, "", "show")
        self.refused(2, "", "show", self.model, "--folds", "3")

    def test_bad_models_are_refused(self):
        with open(self.model, "rb") as file:
            good = file.read()
        spoilt = os.path.join(self.folder, "spoilt")
        for change, why in ((good.replace(b"leaf", b"lear", 1), "model.damaged"),
                            (good[:-100], "model.damaged"), (b"", "model.version"),
                            (good.replace(b"yumen-model 1", b"yumen-model 9"), "model.version")):
            with open(spoilt, "wb") as file:
                file.write(change)
            self.refused(3, why, "show", spoilt)
        body = good.rsplit(b"sha256 ", 1)[0].replace(b"trees 60", b"trees sixty")
        with open(spoilt, "wb") as file:
            file.write(body + b"sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n")
        line = body.split(b"\n").index(b"trees sixty") + 1
        said = self.refused(3, "model.number", "score", spoilt, self.table)
        self.assertIn(f"spoilt:{line}:", said)
        self.refused(4, "file.absent", "show", os.path.join(self.folder, "absent"))
        other = table(self.folder, "other.csv", header=["label", "out_calls"])
        said = self.refused(3, "column.missing", "score", self.model, other)
        self.assertIn("calls_a_callee", said)

    def test_what_is_missing_is_named(self):
        for words, said in ((("sichuan", "x"), "--out: this option is needed here"),
                            (("x",), "--out: this option is needed here"),
                            (("show",), "show: a file is missing"),
                            (("show", "x", "--out", "y"), "--out: this option is not for this"),
                            (("show", "x", "y"), "show: something too many")):
            done = run(*words)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(said, done.stderr.splitlines()[0])
            self.assertIn("Usage:", done.stderr)

    def test_the_server_does_not_load_the_library(self):
        with open(YUMEN, "rb") as file:
            self.assertNotIn(b"libxgboost.so", file.read())
        with open(TRAIN, "rb") as file:
            self.assertIn(b"libxgboost.so", file.read())
        alone = os.path.join(self.folder, "yumen")
        shutil.copy(YUMEN, alone)
        done = run("show", self.model, program=alone, path="/nonexistent")
        self.assertEqual(done.returncode, 4)
        self.assertIn("not installed beside", done.stderr)


UNSAID = -1000


def asked(row):
    """As src/sense/suspect.h says; of a share and not of its calls, which is as good here."""
    out, inward = int(row["out_calls"]), int(row["in_calls"])
    strangers = 3 * int(row["callees"]) >= out
    return out >= 4 and out >= inward and (strangers or int(row["handset_numbers"]) >= 4)


def borrowed(row):
    abroad = int(row["abroad_share"])
    return 500 <= abroad < 1000 or (abroad == 1000 and int(row["in_calls"]) > 0)


class Calls(unittest.TestCase):
    """A drill's calls become a table; a table of two worlds a model; its scores another table."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="yumen-test-")
        cls.folder = cls.temporary.name
        cls.world = os.path.join(cls.folder, "world")
        subprocess.run([YUMEN, "drill", "--emit", cls.world, "--seed", "11", "--scale", "3000",
                        "--days", "2"], check=True, stdout=subprocess.DEVNULL)
        cls.calls = os.path.join(cls.world, "calls.csv")
        cls.truth = os.path.join(cls.world, "truth", "numbers.csv")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def table(self, name, *words):
        done = run("calls", self.calls, "--truth", self.truth, "--out", self.path(name), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path(name), encoding="utf-8") as file:
            head, *rows = [line.strip().split(",") for line in file]
        return done, [dict(zip(head, row)) for row in rows]

    def test_every_caller_at_its_powers(self):
        done, rows = self.table("table.csv", "--json")
        counts = json.loads(done.stdout)
        with open(self.truth, encoding="utf-8") as file:
            truth = {line.split(",")[0] for line in file if line.split(",")[1] == "1"}
        made = {}
        with open(self.calls, encoding="utf-8") as file:
            for line in file:
                words = line.split(",")
                if words[4] in ("", "setup") and words[5] == "voice":
                    made.setdefault(words[2], set()).add(words[0])
        want = sum(len(calls).bit_length() for calls in made.values())
        self.assertEqual((counts["rows"], len(rows), counts["refused"]), (want, want, 0))
        self.assertEqual(counts["bad"], len(truth & made.keys()))
        self.assertEqual(counts["good"], len(made.keys() - truth))
        self.assertEqual(len({row["id"] for row in rows}), len(made))
        for row in rows:
            calls = int(row["out_calls"])
            self.assertEqual(calls & (calls - 1), 0)
        with open(self.path("table.csv"), encoding="utf-8") as file:
            self.assertNotIn("86", {word[1:3] for word in file.read().split(",") if "+" in word})

    def test_secret_is_thrown_away_but_for_a_seed(self):
        tables = [self.table(name, *seed)[1] for name, seed in (
            ("a.csv", ()), ("b.csv", ()), ("c.csv", ("--seed", "5")), ("d.csv", ("--seed", "5")))]
        self.assertEqual(tables[2], tables[3])
        self.assertNotEqual(tables[0], tables[1])

    def test_model_of_calls_scores_calls(self):
        model = self.path("model")
        self.table("learn.csv", "--seed", "1")
        done = run(self.path("learn.csv"), "--out", model, *FAST)
        self.assertEqual(done.returncode, 0, done.stderr)
        _, rows = self.table("rises.csv", "--seed", "1", "--model", model)
        self.assertEqual(set(rows[0]), {"id", "part", "label", "out_calls", "margin"})
        _, all_rows = self.table("all.csv", "--seed", "1")
        reader = Reader(model)
        most = {}
        for row in all_rows:
            values = {name: float(row[name]) for name in reader.features}
            said = asked(row) and not borrowed(row)
            margin = reader.score(values) if said else UNSAID
            most[row["id"]] = max(most.get(row["id"], -1e9), margin)
        risen = {}
        for row in rows:
            self.assertGreater(float(row["margin"]), risen.get(row["id"], -1e9))
            risen[row["id"]] = float(row["margin"])
        self.assertEqual({k: single(v) for k, v in risen.items()},
                         {k: single(v) for k, v in most.items()})

    def test_model_that_comes_with_the_program(self):
        document = json.loads(run("show", SHIPPED, "--json").stdout)
        with open(SHIPPED, "rb") as file:
            self.assertEqual(document["name"], "callers")
            self.assertNotIn(b"/", file.read())
        _, rows = self.table("told.csv")
        self.assertLessEqual(set(document["features"]), set(rows[0]) - {"id", "part", "label"})
        _, rises = self.table("rises.csv", "--model", SHIPPED)
        most = {row["id"]: (float(row["margin"]), row["label"]) for row in rises}
        good, bad = ([m for m, label in most.values() if label == k] for k in "01")
        won = sum(g < b for g in good for b in bad)
        self.assertGreater(won / (len(good) * len(bad)), 0.9)

    def test_one_in_many_is_kept(self):
        _, rows = self.table("few.csv", "--keep", "5", "--seed", "1")
        _, everybody = self.table("all.csv", "--seed", "1")
        few, whole = ({row["id"] for row in t if row["label"] == "0"} for t in (rows, everybody))
        self.assertTrue(len(whole) / 8 < len(few) < len(whole) / 3.5, (len(few), len(whole)))
        self.assertEqual(sum(row["label"] == "1" for row in rows),
                         sum(row["label"] == "1" for row in everybody))

    def test_what_is_wrong_has_a_place(self):
        spoilt, out = self.path("spoilt.csv"), self.path("never.csv")
        with open(self.calls, encoding="utf-8") as file:
            lines = file.readlines()[:50]
        lines[7] = lines[7].replace("+86", "nobody", 1)
        lines[9] = "too,few\n"
        with open(spoilt, "w", encoding="utf-8") as file:
            file.writelines(lines)
        done = run("calls", spoilt, "--truth", self.truth, "--out", self.path("most.csv"), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("spoilt.csv:8: caller: ", done.stderr)
        self.assertIn("spoilt.csv:10: ", done.stderr)
        self.assertEqual(json.loads(done.stdout)["refused"], 2)
        self.assertEqual(json.loads(done.stdout)["taken"], 47)
        for words, code, why in (
                ([self.path("absent")], 4, "absent: "),
                ([self.truth], 3, "train.empty"),
                ([self.calls, "--keep", "0"], 3, "train.option_number"),
                ([self.calls, "--at", "2026-01-01T00:00:00Z"], 3, "train.empty"),
                ([self.calls, "--model", self.truth], 3, "model."),
                ([], 2, "")):
            done = run("calls", *words, "--truth", self.truth, "--out", out)
            self.assertEqual(done.returncode, code, (words, done.stderr))
            self.assertIn(why, done.stderr)
            self.assertFalse(os.path.exists(out))
        bad = self.path("truth.csv")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("number,scam\n+8613800000001,1\n+8613800000002,perhaps\n")
        done = run("calls", self.calls, "--truth", bad, "--out", out)
        self.assertEqual(done.returncode, 3)
        self.assertIn("truth.csv:3: scam: ", done.stderr)
        self.assertEqual(run("calls", self.calls, "--out", out).returncode, 2)


if __name__ == "__main__":
    if not os.path.exists(TRAIN):
        print(f"there is no {TRAIN}: libxgboost-dev is missing")
        sys.exit(77)
    unittest.main(verbosity=1)
