# SPDX-License-Identifier: Apache-2.0
"""
Goal: who calls as a scam does, and the cards of a device, are found in call records that stream in,
with reasons; nobody who only looks like it is; nothing is done to anybody by it, and nothing is
found anew in what comes again, after a restart or after SIGKILL.
Method: a drill's province with its look-alikes; among them a device of eight channels and 32 cards,
written here, and callers of nothing but strangers; a model of one question, written here as well.
What is found is held against who was put in and against the drill's truth.
"""
import csv
import datetime as dt
import hashlib
import http.client
import os
import random
import re
import subprocess
import tempfile
import threading
import time
import unittest

from centre import PATIENCE_S, YUMEN, Centre

DAY_S = 86400
CHANNELS, CARDS = 8, 32
CELL = "001-01-00009-00000001"
BEGIN = int(dt.datetime(2026, 10, 12, tzinfo=dt.timezone.utc).timestamp())


def model(threshold, precision, feature="out_calls"):
    """Bad is who makes 60 calls or more, short ones, and is hardly called."""
    share = "0.900000000 0.800000000 0.950000000"
    never = "0.000000000 0.000000000 0.100000000"
    sure = f"{precision:.9f} {precision:.9f} 1.000000000"
    lines = ["yumen-model 1", "name test", "made 2026-11-23T08:00:00Z", "trainer by hand",
             "data none", "rows 10", "positive 2", "digest " + "0" * 64, "seed 1",
             f"point {threshold} {share} {never} {share} {share} {sure}",
             f"feature {feature}", "feature in_calls", "feature mean_s", "base -0", "trees 1",
             "tree",
             f"split {feature} 60 left 0.9", "leaf -5",
             "split in_calls 3 left 0.5", "split mean_s 21 left 0.5", "leaf -5", "leaf 5",
             "leaf -5"]
    text = "".join(line + "\n" for line in lines)
    return text + "sha256 " + hashlib.sha256(text.encode()).hexdigest() + "\n"


def stamp(at_s):
    return dt.datetime.fromtimestamp(at_s, dt.timezone.utc).isoformat()


def row(name, at_s, caller, callee, talk_s):
    return [name, stamp(at_s), caller, callee, "", "", "1", str(talk_s), "", "", CELL, "", ""]


def device(chance):
    """Two days of channels that are always busy; a card after twenty minutes, within seconds."""
    rows, waiting = [], [f"+86154900{i:05d}" for i in range(CARDS)]
    for channel in range(CHANNELS):
        at, card = BEGIN + channel, waiting.pop(0)
        until = at + chance.randrange(1200)
        while at < BEGIN + 2 * DAY_S:
            if at > until:
                waiting.append(card)
                card, until = waiting.pop(0), at + 1200
                at += 6
            talks = 10 + int(chance.expovariate(1 / 110))
            rows.append(row(f"device-{len(rows)}-{channel}", at, card,
                            f"+86155{chance.randrange(10**8):08d}", talks))
            at += talks + 3
    return rows


def callers():
    rows = []
    for who in range(5):
        for i in range(130):
            rows.append(row(f"caller-{who}-{i}", BEGIN + 400 * i + who, f"+86154800{who:05d}",
                            f"+86156{who}{i:07d}", 20))
    return rows


class Province:
    """The drill's records with ours among them, in the order of their times."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        folder = self.folder.name
        subprocess.run([YUMEN, "drill", "--emit", os.path.join(folder, "drill"), "--seed", "7",
                        "--scale", "2000", "--days", "2"], check=True, capture_output=True)
        with open(os.path.join(folder, "drill/calls.csv"), encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        rows += device(random.Random(11)) + callers()
        rows.sort(key=lambda r: dt.datetime.fromisoformat(r[1]))
        self.path = os.path.join(folder, "calls.csv")
        with open(self.path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head] + rows)
        with open(os.path.join(folder, "drill/truth/numbers.csv"), encoding="utf-8") as file:
            self.honest = {r["number"] for r in csv.DictReader(file) if r["scam"] == "0"}
        self.cards = {f"+86154900{i:05d}" for i in range(CARDS)}
        self.callers = {f"+86154800{i:05d}" for i in range(5)}


class World(Centre):
    def __init__(self, text, more=""):
        super().__init__("drill", begins=False)
        with open(os.path.join(self.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write("detect: {callers: callers.model" + more + "}\n"
                       "calls: {numbers_most: 50000, calls_most: 2000000}\n")
        if text is not None:
            with open(os.path.join(self.data, "callers.model"), "w", encoding="utf-8") as file:
                file.write(text)

    def begin(self):
        self.start()
        for name, roles in (("fay", "feeder"), ("ann", "analyst"), ("bob", "approver"),
                            ("aud", "auditor")):
            self.add_user(name, roles)
        return self

    def take(self, path):
        with open(path, "rb") as file:
            reply = self.ask("POST", "/v1/feeds/calls", file.read(), user="fay",
                             headers={"Content-Type": "text/csv"})
        assert reply.status == 200, reply
        return reply.value

    def taken(self):
        found = re.search(r"(?m)^yumen_calls_taken_total (\d+)$", self.get("/metrics").text)
        return int(found[1]) if found else 0

    def found(self, detector):
        path = f"/v1/suspicions?limit=500&detector={detector}"
        return {s["number"]: s for s in self.get(path, user="ann").value["items"]}

    def detection(self):
        return self.get("/v1/centre", user="ann").value["detection"]


class Detect(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = Province()
        cls.addClassCleanup(cls.p.folder.cleanup)

    def world(self, *words):
        w = World(*words)
        self.addCleanup(w.close)
        return w

    def check(self, w):
        p, callers, cards = self.p, w.found("callers"), w.found("boxes")
        self.assertLessEqual(p.callers, set(callers))
        self.assertFalse((set(callers) | set(cards)) & p.honest)
        self.assertLessEqual(set(cards), p.cards)
        boxes = w.get("/v1/boxes", user="ann").value["items"]
        self.assertEqual(len(boxes), 1)
        self.assertGreaterEqual(boxes[0]["card_count"], CARDS - 2)
        self.assertIn(boxes[0]["channels"], range(CHANNELS - 1, CHANNELS + 2))
        return boxes[0]["box"]

    def test_who_is_found(self):
        w, p = self.world(model(4, 0.95)).begin(), self.p
        self.assertEqual((w.detection()["callers"], w.detection()["model"]), ("on", "test"))
        w.take(p.path)
        box = self.check(w)
        one = w.found("callers")[min(p.callers)]
        self.assertEqual((one["state"], one["margin"], one["model"]), ("open", 5, "test"))
        self.assertGreaterEqual(one["at_call"], 64)
        self.assertEqual({r["feature"] for r in one["reasons"]},
                         {"out_calls", "in_calls", "mean_s"})
        shown = w.get(f"/v1/boxes/{box}?purpose=search", user="ann").value
        self.assertEqual(shown["cell"], CELL)
        known = {c["number"] for c in shown["cards"]}
        self.assertLessEqual(known, p.cards)
        self.assertNotIn("+86155", str(shown))  # never whom they called
        for card in shown["cards"]:
            self.assertTrue(all(a <= b for a, b in card["spans"]), card)
        os.environ["YUMEN_TOKEN"] = w.tokens["ann"]
        self.assertIn(box, w.run("boxes").stdout)
        self.assertNotIn(CELL, w.run("boxes", "show", box).stdout)
        self.assertIn(CELL, w.run("boxes", "show", box, "--purpose", "search").stdout)
        w.run("boxes", "confirm", box, "--why", "in a flat")
        del os.environ["YUMEN_TOKEN"]
        # nothing is done to anybody
        self.assertEqual(w.get("/v1/listings", user="ann").value["total"], 0)
        # again, and after a restart: nothing anew
        before = w.detection()["said"], w.get("/v1/audit/head").value["size"]
        again = w.take(p.path)
        self.assertEqual(again["accepted"], again["late"])  # those of before the window
        w.stop()
        w.start()
        w.take(p.path)
        self.check(w)
        self.assertEqual(w.detection()["said"], before[0])
        self.assertEqual(w.get("/v1/suspicions", user="ann").value["total"],
                         len(w.found("callers")) + len(w.found("boxes")))
        self.assertIn("Nothing was changed", w.run("audit", "verify").stdout)

    def test_killed_between(self):
        """In the middle of a file, some of it in the book: what was found in that is not lost."""
        w, p = self.world(model(4, 0.95)).begin(), self.p
        sender = threading.Thread(target=self.send, args=(w, p.path))
        sender.start()
        end = time.monotonic() + PATIENCE_S
        while w.taken() < 20000 and sender.is_alive():
            self.assertLess(time.monotonic(), end)
        w.server.kill()
        w.server.wait()
        sender.join()
        w.start()
        w.take(p.path)
        self.check(w)

    def test_another_secret_loses_nothing_that_is_sent_again(self):
        """Under it the book is empty: what carriers send again counts, and nobody is said twice."""
        w, p = self.world(model(4, 0.95)).begin(), self.p
        half = os.path.join(w.folder, "half.csv")
        with open(p.path, encoding="utf-8") as file, open(half, "w", encoding="utf-8") as part:
            lines = file.readlines()
            part.writelines(lines[:len(lines) // 2])
        w.take(half)
        first = w.found("callers")
        self.assertEqual(w.post("/v1/keys/pseudonym/rotate", {}, local=True).status, 201)
        w.take(p.path)
        self.check(w)
        for number, said in first.items():
            self.assertEqual(w.found("callers")[number]["suspicion"], said["suspicion"])

    @staticmethod
    def send(w, path):
        try:
            w.take(path)
        except (OSError, http.client.HTTPException):
            pass  # it was killed meanwhile

    def test_budget_and_what_was_cleared(self):
        w, p = self.world(model(4, 0.95), ", per_day: 3, candidates_most: 0").begin(), self.p
        w.take(p.path)
        first = w.found("callers")
        self.assertEqual(len(first), 3)
        said = w.detection()
        self.assertEqual((said["boxes"], said["said"]), ("off", 3))
        self.assertGreaterEqual(said["beyond"], 2)
        ids = [s["suspicion"] for s in first.values()]
        done = w.post("/v1/suspicions/decide", {"decision": "dismiss", "why": "firms",
                                                "suspicions": ids}, user="ann").value
        self.assertEqual(done["decided"], 3)

    def test_a_model_that_is_not_sure(self):
        w = self.world(model(4, 0.5)).begin()
        self.assertEqual(w.detection()["callers"], "no_threshold")
        w.take(self.p.path)
        self.assertEqual(w.found("callers"), {})

    def test_models_that_are_none(self):
        for text, said in ((None, "is not there"), ("nonsense\n", "no model file"),
                           (model(4, 0.95).replace("test", "text"), "not as it was written"),
                           (model(4, 0.95, "iron"), "not counted of a number")):
            w = self.world(text)
            w.launch()
            self.assertNotEqual(w.server.wait(30), 0)
            self.assertIn(said, w.log())
            w.server = None


if __name__ == "__main__":
    unittest.main(verbosity=0)
