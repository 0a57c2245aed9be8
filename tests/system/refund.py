# SPDX-License-Identifier: Apache-2.0
"""
Goal: `yumen refund` gives what the law's words give on accounts worked out with a pencil; what is
wrong with a case is said row by row; every statement is computed again, by a program that shares no
code, to the same fen; and whatever is altered in a statement, that program finds it.
Method: the examples of article 8; every bad input by itself; random accounts under each rule, and
every single number and word of their statements altered one at a time.
"""
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

YUMEN = os.environ.get("YUMEN", "build-gcc/src/app/yumen")
CHECK = os.path.join(os.path.dirname(YUMEN), "../../tools/verifier/yumen-check-refund")
PRINT = os.path.join(os.path.dirname(YUMEN), "yumen-print")
BEGIN = 1790000000000  # epoch milliseconds
RULES = ("cn-2016", "fifo", "proportional")


def call(program, *words, stdin=""):
    """(exit code, standard output, standard error)"""
    done = subprocess.run([program, *words], input=stdin, capture_output=True, text=True,
                          check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout, done.stderr


def refund(case, *words):
    code, out, said = call(YUMEN, "refund", "--case", "-", "--json", *words,
                           stdin=json.dumps(case))
    assert code == 0, (code, out, said)
    return json.loads(out)


def case(frozen, losses, *entries, **more):
    """Entries are (second, amount or -amount, claim, further keys)."""
    rows = []
    for i, (second, amount, claim, *keys) in enumerate(entries):
        rows.append({"id": f"E{i}", "time": BEGIN + int(second * 1000), "amount": abs(amount),
                     "direction": "in" if amount > 0 else "out", "claim": claim,
                     "status": "booked", **(keys[0] if keys else {})})
    return {"rule": "cn-2016", "currency": "CNY", "account": "6222020200112233",
            "frozen": {"amount": frozen, "time": BEGIN + 3600000}, "opening": 0,
            "entries": rows, "losses": losses, **more}


def shares(document):
    return {c["claim"]: (c["basis"], c["amount"]) for c in document["claims"]}


def some_account(dice):
    balance = opening = dice.choice([0, 0, dice.randrange(500)])
    names, rows = ["A", "B", "C", "张三"], []
    for i in range(dice.randrange(1, 14)):
        out = balance > 0 and dice.random() < 0.4
        amount = dice.randrange(1, balance + 1) if out else dice.randrange(1, 3000)
        balance += -amount if out else amount
        second = dice.choice([i, i, i + 0.25, i - i % 3])
        rows.append((second, -amount if out else amount,
                     None if out else dice.choice([*names, None]),
                     {"seq": i} if dice.random() < 0.3 else {}))
    frozen = dice.choice([balance, balance, dice.randrange(balance + 2)])
    made = case(frozen, {name: dice.randrange(4000) for name in names}, *rows, opening=opening)
    dice.shuffle(made["entries"])
    return made


def alterations(value, path=()):
    """(path, other value): every number one more, every word another, every item left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("rule_text", "says", "reason"):
                yield from alterations(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from alterations(inner, (*path, i))
        if value:
            yield path, value[:-1]
            yield path, value + value[-1:]
    elif isinstance(value, int):
        yield path, value + 1
    elif path[-1] == "time":
        yield path, value.replace("+08:00", "+09:00")
    elif isinstance(value, str):
        yield path, value + "x"


def altered(document, path, value):
    other = copy.deepcopy(document)
    at = other
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return other


class Refund(unittest.TestCase):
    def check(self, document, *words):
        code, out, said = call(CHECK, *words, stdin=json.dumps(document))
        self.assertEqual(said, "")
        return code, out

    def expect(self, made, unclaimed, **claims):
        document = refund(made)
        self.assertEqual(shares(document), claims)
        self.assertEqual(document["unclaimed"], unclaimed)
        self.assertEqual(sum(c["amount"] for c in document["claims"]) + unclaimed,
                         document["frozen"])
        self.assertEqual(self.check(document)[0], 0)

    def test_a_single_deposit(self):
        self.expect(case(30000, {"A": 50000}, (0, 50000, "A"), (60, -20000, None)),
                    0, A=("direct", 30000))

    def test_timestamps_separate(self):
        self.expect(case(15000, {"A": 10000, "B": 20000}, (0, 10000, "A"), (60, -10000, None),
                         (120, 20000, "B"), (180, -5000, None)),
                    0, A=("timestamp", 0), B=("timestamp", 15000))

    def test_otherwise_in_proportion(self):
        self.expect(case(15000, {"A": 10000, "B": 20000}, (0, 10000, "A"), (60, 20000, "B"),
                         (120, -15000, None)),
                    0, A=("proportional", 5000), B=("proportional", 10000))

    def test_a_second_without_numbers_separates_nothing(self):
        rows = [(0, 50, "A"), (60, 50, "B"), (60, -50, None)]
        self.expect(case(50, {"A": 50, "B": 50}, *rows), 0, A=("proportional", 25),
                    B=("proportional", 25))
        doubts = refund(case(50, {"A": 50, "B": 50}, *rows))["statement"]["doubts"]
        self.assertEqual([(d["code"], d["entries"]) for d in doubts],
                         [("same_moment", ["E1", "E2"])])
        rows = [(0, 50, "A"), (60, 50, "B", {"seq": 2}), (60, -50, None, {"seq": 1})]
        self.expect(case(50, {"A": 50, "B": 50}, *rows), 0, A=("timestamp", 0),
                    B=("timestamp", 50))

    def test_only_what_is_booked_counts(self):
        self.expect(case(50, {"A": 50, "B": 50}, (0, 50, "A"), (1, 50, "B", {"status": "reversed"}),
                         (2, 50, "B", {"status": "rejected"}), (3, 50, "B", {"status": "pending"})),
                    0, A=("direct", 50), B=("timestamp", 0))

    def test_rules_stand_side_by_side(self):
        made = case(15000, {"A": 10000, "B": 20000}, (0, 10000, "A"), (60, 20000, "B"),
                    (120, -15000, None))
        both = refund(made, "--rules")["refunds"]
        self.assertEqual([r["rule"] for r in both], list(RULES))
        self.assertEqual([shares(r)["A"][1] for r in both], [5000, 0, 5000])
        for document in both:
            self.assertEqual(self.check(document)[0], 0)
            self.assertEqual(refund(made, "--rule", document["rule"]), document)

    def test_a_statement_of_its_own(self):
        made = case(30000, {"A": 50000}, (0, 50000, "A"), (60, -20000, None))
        with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
            path, record = os.path.join(folder, "s.json"), os.path.join(folder, "case.json")
            document = refund(made, "--statement", path)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(json.load(file), document["statement"])
            with open(record, "w", encoding="utf-8") as file:
                json.dump(made, file)
            self.assertEqual(call(CHECK, "--record", record, path)[0], 0)
            made["entries"].append({"id": "E9", "time": BEGIN + 9000, "direction": "in",
                                    "amount": 5, "claim": None, "status": "booked"})
            with open(record, "w", encoding="utf-8") as file:
                json.dump(made, file)
            code, out, _ = call(CHECK, "--record", record, path)
            self.assertEqual(code, 1)
            self.assertIn("E9 is in the bank's record only", out)

    def test_what_is_refused(self):
        good = case(50, {"A": 50}, (0, 50, "A"), (1, 20, None))
        spoils = [
            (("entries", 1, "amount"), -20, "amount", "amount.negative"),
            (("entries", 1, "amount"), 0, "amount", "amount.zero"),
            (("entries", 1, "amount"), 20.5, "amount", "amount.fractional"),
            (("entries", 1, "amount"), "20", "amount", "amount.malformed"),
            (("entries", 1, "amount"), 1 << 48, "amount", "amount.too_large"),
            (("entries", 1, "direction"), "back", "direction", "refund.direction"),
            (("entries", 1, "status"), "done", "status", "status.unknown"),
            (("entries", 1, "time"), "yesterday", "time", "time.malformed"),
            (("entries", 1, "time"), -1, "time", "time.range"),
            (("entries", 1, "seq"), -1, "seq", "seq.malformed"),
            (("entries", 1, "claim"), "Z", "claim", "refund.no_loss"),
            (("entries", 1, "id"), "", "id", "refund.text"),
            (("entries", 1, "id"), "x" * 65, "id", "refund.text"),
            (("entries", 1, "id"), "E0", "id", "refund.id_conflict"),
            (("entries", 1), 7, "entries", "json.kind"),
            (("rule",), "lifo", "rule", "refund.rule"),
            (("currency",), "YUAN", "currency", "currency.unknown"),
            (("account",), None, "account", "json.absent"),
            (("frozen",), {}, "frozen.amount", "json.absent"),
            (("frozen",), {"amount": -1, "time": BEGIN}, "frozen.amount", "amount.negative"),
            (("opening",), -1, "opening", "amount.negative"),
            (("losses", "A"), -1, "losses.A", "amount.negative"),
            (("losses",), [], "losses", "json.kind"),
            (("entries",), {}, "entries", "json.kind"),
        ]
        for path, value, column, why in spoils:
            spoiled = altered(good, path, value)
            code, out, said = call(YUMEN, "refund", "--case", "-", "--json",
                                   stdin=json.dumps(spoiled))
            self.assertEqual(code, 3, (path, value, out, said))
            first = json.loads(out)["refusals"][0]
            self.assertEqual((first["column"], first["code"]), (column, why), (path, value))
            self.assertEqual(first.get("row"), path[1] + 1 if path[0] == "entries" and path[1:]
                             else None)
            self.assertIn(why, said)

    def test_every_row_is_told(self):
        bad = case(50, {"A": 50}, (0, 50, "Z"), (1, 20, "Z", {"status": "done"}))
        code, out, _ = call(YUMEN, "refund", "--case", "-", "--json", stdin=json.dumps(bad))
        self.assertEqual(code, 3)
        self.assertEqual([(r["row"], r["id"], r["column"]) for r in json.loads(out)["refusals"]],
                         [(1, "E0", "claim"), (2, "E1", "claim"), (2, "E1", "status")])

    def test_more_left_than_was_there(self):
        bad = case(0, {"A": 50}, (0, 50, "A"), (1, -51, None))
        code, out, _ = call(YUMEN, "refund", "--case", "-", "--json", stdin=json.dumps(bad))
        self.assertEqual((code, json.loads(out)["refusals"][0]["code"]), (3, "refund.overdrawn"))

    def test_exit_codes(self):
        self.assertEqual(call(YUMEN, "refund")[0], 2)
        self.assertEqual(call(YUMEN, "refund", "--case", "-", "--rule", "x", stdin="{}")[0], 2)
        self.assertEqual(call(YUMEN, "refund", "--case", "-", "--rules", "--rule", "fifo")[0], 2)
        self.assertEqual(call(YUMEN, "refund", "--case", "-", stdin="{")[0], 3)
        self.assertEqual(call(YUMEN, "refund", "--case", "-", stdin='{"a":1,"a":1}')[0], 3)
        self.assertEqual(call(YUMEN, "refund", "--case", "/nowhere/at/all")[0], 4)
        self.assertEqual(call(CHECK, "--what")[0], 2)
        self.assertEqual(call(CHECK, stdin="[]")[0], 2)

    def print(self, document, *words):
        done = subprocess.run([PRINT, "refund", *words], input=json.dumps(document).encode(),
                              capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    @unittest.skipUnless(shutil.which("pdftotext"), "poppler-utils is not there")
    def test_on_paper(self):
        made = case(33000, {"A": 10000, "张三": 10000, "C": 10000, "D": 10000},
                    (0, 10000, "A"), (1, 10000, "张三"), (60, -5000, None), (120, 10000, "C"),
                    (121, 10000, "D"), (180, -2000, None), (190, 400, "C", {"status": "reversed"}))
        document = refund(made)
        for language, title in ("zh", "返还说明书"), ("en", "Refund statement"):
            code, pdf, said = self.print(document, "--lang", language)
            self.assertEqual((code, said), (0, ""))
            self.assertEqual(self.print(document["statement"], "--lang", language)[1], pdf)
            text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf,
                                  capture_output=True, check=True).stdout.decode()
            for part in (title, "6222020200112233", "张三", "¥75.00", "¥90.00", "¥330.00",
                         "10000 × 15000 / 20000 = 7500 + 0 / 20000",
                         *[row["id"] for row in made["entries"]]):
                self.assertIn(part, text)
            self.assertNotIn("≠", text)
            code, pdf, _ = self.print(altered(document, ("statement", "unclaimed"), 1),
                                      "--lang", language)
            text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True,
                                  check=True).stdout.decode()
            self.assertIn("¥330.01 ≠ ¥330.00", text)
        for path, value, why in (("form", "other", "not_a_refund"), ("balance", -1, "wrong"),
                                 ("claims", 7, "wrong"), ("entries", None, "missing")):
            code, _, said = self.print(altered(document, ("statement", path), value))
            self.assertEqual(code, 3)
            self.assertIn("print." + why, said)

    def test_random_accounts_are_computed_twice(self):
        dice = random.Random(20261123)
        for _ in range(120):
            made = some_account(dice)
            code, out, _ = call(YUMEN, "refund", "--case", "-", "--json", "--rules",
                                stdin=json.dumps(made))
            if code == 3:  # a withdrawal before the money came
                self.assertIn("overdrawn", out)
                continue
            for document in json.loads(out)["refunds"]:
                self.assertEqual(sum(c["amount"] for c in document["claims"])
                                 + document["unclaimed"], document["frozen"])
                self.assertEqual(self.check(document), (0, self.check(document)[1]), document)

    def test_nothing_can_be_altered(self):
        made = case(330, {"A": 100, "B": 101, "C": 100, "D": 100},
                    (0, 100, "A"), (1, 100, "B"), (60, -50, None), (61, 7, "A", {"seq": 3}),
                    (61, -7, None), (120, 100, "C"), (121, 100, "D", {"seq": 3}),
                    (180, -20.0 and -20, None), (190, 4, "C", {"status": "reversed"}))
        document = refund(made)
        self.assertEqual(self.check(document)[0], 0)
        with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
            record = os.path.join(folder, "case.json")
            with open(record, "w", encoding="utf-8") as file:
                json.dump(made, file)
            missed = [(path, value) for path, value in alterations(document)
                      if self.check(altered(document, path, value), "--record", record)[0] == 0]
        # Nothing follows from the entry that was reversed, or from leaving it out.
        last = len(made["entries"]) - 1
        missed = [path for path, _ in missed if path != ("statement", "entries")]
        self.assertEqual([p for p in missed if p[:3] != ("statement", "entries", last)], [])


if __name__ == "__main__":
    for program in (YUMEN, CHECK):
        if not os.path.exists(program):
            print(f"there is no program yet: {program}")
            sys.exit(77)
    unittest.main(verbosity=1)
