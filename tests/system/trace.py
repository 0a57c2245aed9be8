# SPDX-License-Identifier: Apache-2.0
"""
Goal: `yumen trace` on files alone gives the trail that a few lines of Python give, one worked out
with a pencil, and the same for any order of the rows; what is wrong with a row is said, and no fen
is made of it.
Method: small random worlds against brute force; one example with its arithmetic beside it; every
bad input by itself.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

YUMEN = os.environ.get("YUMEN", "build-gcc/src/app/yumen")
HEADER = ["id", "time", "from", "to", "amount", "from_bank", "to_bank", "status", "seq",
          "balance_after", "exit", "currency"]
BEGIN = 1790000000000  # epoch milliseconds


def run(rows, *words, files=1):
    """(exit code, document or text, standard error)"""
    with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
        paths = []
        for part in range(files):
            paths.append(os.path.join(folder, f"{part}.csv"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(",".join(HEADER) + "\n")
                for row in rows[part::files]:
                    file.write(",".join(str(row.get(name, "")) for name in HEADER) + "\n")
        done = subprocess.run([YUMEN, "trace", "--transfers", ",".join(paths), *words],
                              capture_output=True, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout, done.stderr


def trail(rows, *words, **how):
    code, out, said = run(rows, *words, "--json", **how)
    assert code == 0, (code, out, said)
    return json.loads(out)


def row(name, at_s, payer, payee, amount, **more):
    return {"id": name, "time": BEGIN + int(at_s * 1000), "from": payer, "to": payee,
            "amount": amount, **more}


def world(seed):
    """Few accounts and few moments, so that all collide."""
    dice = random.Random(seed)
    accounts = [f"a{i}" for i in range(dice.randrange(2, 12))]
    rows = []
    for i in range(dice.randrange(1, 120)):
        more = {"status": dice.choice(["booked"] * 6 + ["pending", "rejected", "reversed"])}
        if dice.random() < 0.1:
            more["exit"] = dice.choice(["atm", "crypto", "merchant", "abroad"])
        rows.append(row(f"t{dice.randrange(10**6):06}-{i}", dice.randrange(0, 200) * 900,
                        dice.choice(accounts), dice.choice(accounts), dice.randrange(1, 10**6),
                        **more))
    return rows


def reach(rows, start, layers=6, hours=72, first=20):
    """{(transfer, layer)} as algorithms say it: strictly later, in the window, the first few."""
    followed = sorted((r for r in rows if r["status"] in ("booked", "pending")
                       and r["from"] != r["to"]), key=lambda r: (r["time"], r["id"]))
    source = next(r for r in rows if r["id"] == start)
    found, receipts = {(start, 1)}, []
    if source in followed and "exit" not in source:
        receipts = [source]
    for layer in range(2, layers + 2):
        hits = {}
        for receipt in receipts:
            until = receipt["time"] + hours * 3600 * 1000
            later = [r for r in followed if r["from"] == receipt["to"]
                     and receipt["time"] < r["time"] <= until]
            hits.update((r["id"], r) for r in later[:first])
        found |= {(name, layer) for name in hits}
        receipts = [r for r in hits.values() if "exit" not in r]
    return found


class Reach(unittest.TestCase):
    def test_brute_force(self):
        for seed in range(60):
            rows = world(seed)
            dice = random.Random(seed)
            start = dice.choice(rows)["id"]
            layers, hours, first = dice.choice([(6, 72, 20), (2, 10, 3), (1, 72, 1), (0, 1, 1)])
            with self.subTest(seed=seed):
                found = trail(rows, "--start", start, "--method", "reach", "--layers", str(layers),
                              "--hours", str(hours), "--first", str(first))
                self.assertEqual({(e["transfer"], e["layer"]) for e in found["edges"]},
                                 reach(rows, start, layers, hours, first))
                self.assertEqual({(n["account"], n["layer"]) for n in found["nodes"]},
                                 {(e["to"], e["layer"]) for e in found["edges"]})
                self.assertNotIn("present", found["totals"])


class Attribution(unittest.TestCase):
    ROWS = [
        row("v1", 0, "victim", "a", 60000, balance_after=0),
        row("h1", 10, "shop", "a", 30000),
        row("v2", 20, "other", "a", 10000, balance_after=5),
        row("p1", 30, "a", "b", 50000, balance_after=50000),
        row("p2", 40, "a", "machine", 25000, balance_after=25000, exit="atm"),
    ]

    def test_with_a_pencil(self):
        """a began with nothing; oldest first it holds 600.00 of v1, 300.00 honest, 100.00 of v2."""
        wanted = {  # stolen in p1, in p2; what is left of it in a
            "fifo": (50000, 10000, 10000),     # 500 of v1 | 100 of v1, 150 honest | 150 honest, v2
            "lifo": (20000, 25000, 25000),     # v2, 300 honest, 100 of v1 | 250 of v1 | 250 of v1
            "haircut": (35000, 17500, 17500),  # seven in ten of everything
            "poison": (50000, 20000, 0),       # stolen money first
        }
        for method, (in_p1, in_p2, left) in wanted.items():
            with self.subTest(method=method):
                found = trail(self.ROWS, "--start", "v1,v2", "--method", method)
                parts = {e["transfer"]: e["attributed"] for e in found["edges"]}
                nodes = {n["account"]: n for n in found["nodes"]}
                self.assertEqual(parts, {"v1": 60000, "v2": 10000, "p1": in_p1, "p2": in_p2})
                self.assertEqual(found["totals"], {"stolen": 70000, "present": in_p1 + left,
                                                   "held": 0, "exited": in_p2, "unknown": 0})
                self.assertEqual((nodes["a"]["present"], nodes["a"]["exited"],
                                  nodes["b"]["present"]), (left, in_p2, in_p1))
                self.assertEqual(found["exits"],
                                 [{"account": "a", "kind": "atm", "amount": in_p2}])

    def test_an_order_nobody_said(self):
        for seqs, is_told in ((("", ""), False), ((1, 2), True)):
            rows = [row("v1", 0, "victim", "a", 100), row("h1", 10, "shop", "a", 100),
                    row("p1", 20, "a", "b", 100, from_bank="ABC", seq=seqs[0]),
                    row("p2", 20, "a", "c", 100, from_bank="ABC", seq=seqs[1])]
            found = trail(rows, "--start", "v1")
            said = [d for d in found["ambiguities"] if d["code"] == "trail.doubt.order"]
            self.assertEqual([d["transfers"] for d in said], [] if is_told else [["p1", "p2"]])
            for doubt in said:
                self.assertLessEqual(doubt["present"]["low"], doubt["present"]["high"])

    def test_no_fen_is_made(self):
        for seed in range(60):
            rows = world(seed)
            starts = sorted(r["id"] for r in rows)[:3]
            method = ("fifo", "lifo", "haircut", "poison")[seed % 4]
            with self.subTest(seed=seed, method=method):
                found = trail(rows, "--start", ",".join(starts), "--method", method)
                totals = found["totals"]
                stolen = [r["amount"] for r in rows if r["id"] in starts
                          and r["status"] == "booked" and r["from"] != r["to"]]
                self.assertEqual(totals["stolen"], sum(stolen))
                self.assertEqual(totals["stolen"],
                                 totals["present"] + totals["exited"] + totals["unknown"])
                self.assertGreaterEqual(min(totals.values()), 0)
                for doubt in found["ambiguities"]:  # in words, not by a key
                    self.assertIn(" ", doubt["reason"])
                for edge in found["edges"]:
                    self.assertLessEqual(edge["attributed"], edge["amount"])

    def test_any_order_of_arrival(self):
        for seed in range(12):
            rows = world(seed)
            start = random.Random(seed).choice(rows)["id"]
            for method in ("reach", "fifo", "haircut"):
                words = ("--start", start, "--method", method)
                wanted = trail(rows, *words)
                mixed = rows[:]
                random.Random(seed + 1).shuffle(mixed)
                # A year sent again, in other files, with the statuses one after the other.
                stages = [dict(r, status="pending") for r in mixed if r["status"] != "pending"]
                with self.subTest(seed=seed, method=method):
                    self.assertEqual(trail(mixed, *words), wanted)
                    self.assertEqual(trail(stages + mixed + rows, *words, files=3), wanted)


class BadInput(unittest.TestCase):
    def test_rows(self):
        good = row("v1", 0, "victim", "a", 100)
        for change, code in (({"amount": "1.50"}, "amount.fractional"),
                             ({"amount": "-1"}, "amount.negative"),
                             ({"amount": "0"}, "amount.zero"),
                             ({"amount": "281474976710656"}, "amount.too_large"),
                             ({"amount": "9" * 40}, "amount.too_large"),
                             ({"currency": "RMB"}, "currency.unknown"),
                             ({"time": "yesterday"}, "time.malformed"),
                             ({"time": "2999-01-01T00:00:00Z"}, "transfer.future"),
                             ({"time": "1980-01-01T00:00:00Z"}, "transfer.too_old"),
                             ({"status": "done"}, "status.unknown"),
                             ({"exit": "casino"}, "exit.unknown"),
                             ({"from": "11010519491231002X"}, "account.is_person"),
                             ({"id": "x" * 65}, "value.too_long")):
            with self.subTest(code=code):
                bad = {**row("b1", 5, "a", "b", 50), **change}
                exit_code, out, said = run([good, bad], "--start", "v1", "--json")
                self.assertEqual(exit_code, 3)
                self.assertIn(code, said)
                self.assertEqual(json.loads(out)["totals"]["present"], 100)

    def test_the_same_id_with_other_money(self):
        rows = [row("v1", 0, "victim", "a", 100), row("v1", 0, "victim", "a", 101)]
        exit_code, out, said = run(rows, "--start", "v1", "--json")
        self.assertEqual(exit_code, 3)
        self.assertIn("transfer.id_conflict", said)
        self.assertEqual(json.loads(out)["totals"]["stolen"], 100)

    def test_to_oneself_and_in_circles(self):
        rows = [row("v1", 0, "victim", "a", 100), row("s1", 5, "a", "a", 100),
                row("c1", 10, "a", "b", 100), row("c2", 20, "b", "a", 100)]
        found = trail(rows, "--start", "v1")
        self.assertEqual(found["totals"]["present"], 100)
        nodes = {n["account"]: n["present"] for n in found["nodes"]}
        self.assertEqual(nodes, {"a": 100, "b": 0})

    def test_an_account_that_half_the_country_pays(self):
        """It is not followed: what came there counts as there, with a doubt and its bounds; nobody
        else whom it pays is suspected, and what went another way is followed as ever."""
        rows = [row(f"h{i}", i, *(("hub", f"c{i}") if i % 2 else (f"c{i}", "hub")),
                    1000 + i % 500) for i in range(20_000)]
        rows += [row("v1", 9.5, "victim", "hub", 5000), row("v2", 10, "other", "a", 800),
                 row("p1", 11, "a", "hub", 300), row("p2", 12, "a", "b", 500),
                 row("p3", 13, "hub", "c", 4990)]  # 20,001 partners and a victim's 50
        for method in ("fifo", "lifo", "haircut", "poison"):
            found = trail(rows, "--start", "v1,v2", "--method", method)
            self.assertEqual(found["totals"], {"stolen": 5800, "present": 5800, "held": 0,
                                               "exited": 0, "unknown": 0})
            self.assertEqual({n["account"]: n["present"] for n in found["nodes"]},
                             {"hub": 5300, "a": 0, "b": 500})
            self.assertEqual([d["present"] for d in found["ambiguities"]
                              if d["code"] == "trail.doubt.busy" and d["account"] == "hub"],
                             [{"low": 0, "high": 5300}])
        reached = trail(rows, "--start", "v1", "--method", "reach", "--layers", "1")["nodes"]
        self.assertIn("c", [n["account"] for n in reached])
        few = rows[:19_998] + rows[20_000:]  # few enough to be followed
        found = trail(few, "--start", "v1,v2", "--method", "lifo")
        self.assertEqual([d for d in found["ambiguities"] if d["code"] == "trail.doubt.busy"], [])
        self.assertGreater(len(found["nodes"]), 4)

    def test_nobody_makes_an_account_busy_for_nothing(self):
        """What is rejected or small, or the same two again and again, hides no money."""
        story = [row("v1", 10, "victim", "mule", 5_000_000),
                 row("p1", 20, "mule", "second", 5_000_000)]
        spam = {"rejected": [row(f"x{i}", 30, f"c{i}", "mule", 5000, status="rejected")
                             for i in range(54_000)],
                "small": [row(f"x{i}", 30, "mule", f"c{i}", 999) for i in range(30_000)],
                "again": [row(f"x{i}", 30, f"c{i % 999}", "mule", 5000) for i in range(54_000)]}
        for what, rows in spam.items():
            with self.subTest(what):
                found = trail(story + rows, "--start", "v1", "--method", "fifo")
                nodes = {n["account"]: n["present"] for n in found["nodes"]}
                self.assertEqual(nodes["second"], 5_000_000)
                self.assertEqual([d for d in found["ambiguities"]
                                  if d["code"] == "trail.doubt.busy"], [])

    def test_the_largest_amounts(self):
        """As much as a transfer can say, again and again, through one account."""
        most = 2 ** 48 - 1
        rows = [row(f"v{i}", i, f"victim{i}", "a", most) for i in range(20)]
        rows += [row(f"p{i}", 100 + i, "a", f"b{i % 3}", most) for i in range(12)]
        rows += [row(f"x{i}", 200 + i, f"b{i % 3}", "out", most - i, exit="crypto")
                 for i in range(5)]
        starts = ",".join(f"v{i}" for i in range(20))
        for method in ("fifo", "lifo", "haircut", "poison"):
            found = trail(rows, "--start", starts, "--method", method)
            totals = found["totals"]
            self.assertEqual(totals["stolen"], 20 * most)
            self.assertEqual(totals["exited"], sum(most - i for i in range(5)))
            self.assertEqual(totals["present"], 20 * most - totals["exited"])
            self.assertEqual(sum(n["present"] for n in found["nodes"]), totals["present"])

    def test_a_source_that_moved_nothing(self):
        for status in ("pending", "rejected", "reversed"):
            rows = [row("v1", 0, "victim", "a", 100, status=status)]
            found = trail(rows, "--start", "v1")
            self.assertEqual(found["totals"]["stolen"], 0)
            self.assertEqual([d["code"] for d in found["ambiguities"]], ["trail.doubt.not_booked"])

    def test_a_reversal_of_a_reversal(self):
        rows = [row("v1", 0, "victim", "a", 100), row("p1", 5, "a", "b", 60),
                row("p1", 5, "a", "b", 60, status="reversed"), row("p1", 5, "a", "b", 60)]
        found = trail(rows, "--start", "v1")
        self.assertEqual({n["account"]: n["present"] for n in found["nodes"]}, {"a": 100})

    def test_clocks_of_banks_that_disagree(self):
        """The payee's bank is three minutes behind: what it paid on seems to come first. No time is
        corrected; nothing is followed by it, but that it may be gone is said; and the next balance
        shows the money missing."""
        late, on = row("v", 0, "victim", "b", 50000), row("p", -180, "b", "c", 50000)
        found = trail([late, on], "--start", "v")
        self.assertEqual((found["totals"]["present"], found["totals"]["unknown"]), (50000, 0))
        self.assertEqual([e["transfer"] for e in found["edges"]], ["v"])
        self.assertEqual([e["transfer"] for e in
                          trail([late, on], "--start", "v", "--method", "reach")["edges"]], ["v"])

        def doubted(*rows):
            points = trail(rows, "--start", "v")["ambiguities"]
            return [(a["account"], a["transfers"]) for a in points
                    if a["code"] == "trail.doubt.clock"]

        self.assertEqual(doubted(late, on), [("b", ["v", "p"])])
        for like in ({"amount": 47500}, {"time": late["time"] - 600_000}):
            self.assertEqual(doubted(late, {**on, **like}), [("b", ["v", "p"])], like)
        for other in ({"amount": 47499}, {"amount": 50001}, {"time": late["time"] - 600_001},
                      {"time": late["time"] + 1}, {"currency": "EUR"}, {"balance_after": 7},
                      {"status": "rejected"}):
            self.assertEqual(doubted(late, {**on, **other}), [], other)
        # what went on in time is no doubt of what came next; nor is what has gone on since
        two = row("v2", -200, "other", "b", 50000)
        self.assertEqual([(a["account"], a["transfers"]) for a in
                          trail([late, on, two], "--start", "v,v2")["ambiguities"]
                          if a["code"] == "trail.doubt.clock"], [])
        self.assertEqual(doubted(late, on, row("z", 60, "b", "d", 50000)), [])
        told = row("q", 600, "b", "d", 100, balance_after=20)
        found = trail([late, {**on, "balance_after": 0}, told], "--start", "v")
        self.assertEqual(found["totals"], {"stolen": 50000, "present": 120, "held": 0,
                                           "exited": 0, "unknown": 49880})
        self.assertEqual({t for a in found["ambiguities"] for t in a["transfers"]}, {"q"})
        self.assertEqual([e["transfer"] for e in trail([late, {**on, "time": late["time"] + 1}],
                                                       "--start", "v")["edges"]], ["v", "p"])

    def test_all_that_is_missing_is_named(self):
        code, _, said = run([row("v1", 0, "victim", "a", 100)], "--start", "x1,v1,x2")
        self.assertEqual(code, 1)
        self.assertTrue(said.startswith("yumen: x1, x2: "), said)

    def test_questions(self):
        rows = [row("v1", 0, "victim", "a", 100), row("v2", 0, "victim", "a", 100, currency="EUR")]
        for words, code in ((("--start", "nothing"), 1), (("--start", ""), 2), ((), 2),
                            (("--start", "v1", "--method", "x"), 2),
                            (("--start", "v1", "--layers", "99"), 2),
                            (("--start", "v1", "--as-of", "now"), 2),
                            (("--start", "v1,v2"), 3),
                            (("--start", "v1", "--as-of", str(BEGIN - 1)), 1)):
            with self.subTest(words=words):
                self.assertEqual(run(rows, *words)[0], code)
        done = subprocess.run([YUMEN, "trace", "--transfers", "/nowhere.csv", "--start", "v1"],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 4)

    def test_shown_to_people(self):
        rows = Attribution.ROWS
        for language, words in (("C.UTF-8", ["700.00 CNY", "First in", "fifo"]),
                                ("zh_CN.UTF-8", ["700.00 CNY", "先进先出", "取现"])):
            with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
                file.write(",".join(HEADER) + "\n" + "".join(
                    ",".join(str(r.get(name, "")) for name in HEADER) + "\n" for r in rows))
                file.flush()
                done = subprocess.run([YUMEN, "trace", "--transfers", file.name, "--start",
                                       "v1,v2"], capture_output=True, text=True, check=True,
                                      env={**os.environ, "LC_ALL": language})
            self.assertTrue(any(word in done.stdout for word in words[1:]), done.stdout)
            self.assertIn(words[0], done.stdout)


if __name__ == "__main__":
    if not os.path.exists(YUMEN):
        print(f"there is no program: {YUMEN}")
        sys.exit(77)
    unittest.main()
