#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: nobody blocks by a score alone: many suspicions are proposed by one decision only where the
law profile allows it and a detector was right often enough by the lower bound of what people
decided one at a time; what was decided together never says that the detector was right; two people
all the same; and cards of a device that people have seen may go together.
Method: suspicions beside the ledger, as detectors would have put them; decided over HTTP under the
usual profile, then under one that asks for 60 of 100. Wilson's bounds are computed here again.
"""
import contextlib
import math
import os
import re
import shutil
import sqlite3
import unittest

from centre import SOURCE, Centre

FEW, MANY, OTHERS = 6, 8, 5


def low(count, of, z=1.959964):
    share = count / of
    middle = share + z * z / (2 * of)
    return 100 * (middle - z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / (
        1 + z * z / of)


class Together(unittest.TestCase):
    def setUp(self):
        self.c = Centre()
        self.addCleanup(self.c.close)
        for name, role in (("ann", "analyst"), ("bo", "approver")):
            self.c.add_user(name, [role])
        self.digest = self.c.get("/v1/centre", user="ann").value["detection"]["digest"]

    def put(self, kind, count, digest=None, box=None):
        ids = [f"{kind}{i}" for i in range(count)]
        at = int(self.c.now().timestamp()) * 10**6
        with contextlib.closing(sqlite3.connect(os.path.join(self.c.data, "yumen.db"))) as db:
            if box:
                db.execute("INSERT INTO sim_box VALUES (?, NULL, 'a', 'found', 2, 8, 90, 9, 20500,"
                           " '[]', 1, 2, ?, ?, ?, NULL, NULL, NULL, '', 1)",
                           (box, at, at, at + 10**13))
            for i, one in enumerate(ids):
                db.execute("INSERT INTO suspicion VALUES (?, ?, ?, ?, ?, 9000, 16, '[]', ?, 'open',"
                           " NULL, ?, ?, NULL, NULL, NULL, '', 1)",
                           (one, f"+861391234{ord(kind)}{i:02}", "boxes" if box else "callers",
                            digest and "m", digest, box, at, at + 10**13))
            db.commit()
        return ids

    def decide(self, decision, ids):
        self.c.step(seconds=1)
        return self.c.post("/v1/suspicions/decide", {"decision": decision, "why": "seen",
                                                     "suspicions": ids}, user="ann").value

    def one_by_one(self, ids):
        for one in ids:
            self.assertEqual(self.decide("list", [one])["decided"], 1)
            self.approve(one)

    def listing(self, one):
        return self.c.get(f"/v1/suspicions/{one}", user="ann").value["listing"]

    def approve(self, one):
        path = f"/v1/listings/{self.listing(one)}/approve"
        self.assertEqual(self.c.post(path, user="ann").status, 403)
        self.assertEqual(self.c.post(path, user="bo").status, 200)

    def measured(self, detector="callers"):
        lines = self.c.get("/v1/suspicions", user="ann").value["measured"]
        return next(m for m in lines if m["detector"] == detector)

    def counts(self):
        m = self.measured()
        return m["right"], m["wrong"], m["waiting"]

    def allow(self, percent):
        """The law profile of this centre asks for so many of a hundred."""
        self.c.stop()
        shutil.copy(os.path.join(SOURCE, "profiles/cn.yaml"),
                    os.path.join(self.c.data, "mine.yaml"))
        for name, key, new in (("mine.yaml", "  together_percent", percent),
                               ("yumen.yaml", "profile", "mine.yaml")):
            path = os.path.join(self.c.data, name)
            with open(path, encoding="utf-8") as f:
                text, n = re.subn(f"(?m)^{key}: .*$", f"{key}: {new}", f.read())
            self.assertEqual(n, 1)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        self.c.start()

    def refused(self, ids):
        done = self.decide("list", ids)
        self.assertEqual({r["code"] for r in done["refusals"]}, {"suspicion.one_by_one"})
        self.assertEqual(done["decided"], 0)
        for one in ids:
            shown = self.c.get(f"/v1/suspicions/{one}", user="ann").value
            self.assertEqual((shown["state"], shown["may"]), ("open", ["list", "dismiss"]))

    def test_it_is_earned_and_lost(self):
        first, rest = self.put("A", FEW, self.digest), self.put("B", MANY, self.digest)
        self.put("X", OTHERS, "another model's")
        self.assertEqual(self.counts(), (0, 0, FEW + MANY))
        self.assertNotIn("low_percent", self.measured())
        self.one_by_one(first)
        self.refused(rest)  # the usual profile: never, however good
        self.allow(60)
        m = self.measured()
        self.assertEqual((m["right"], m["wrong"], m["asked_percent"]), (FEW, 0, 60))
        self.assertAlmostEqual(m["low_percent"], low(FEW, FEW), 2)
        self.assertTrue(m["may_together"], m)
        self.assertIn("list_together",
                      self.c.get(f"/v1/suspicions/{rest[0]}", user="ann").value["may"])
        self.assertEqual(self.decide("list", rest[:4])["decided"], 4)
        for one in rest[:4]:
            self.approve(one)
        self.assertEqual(self.counts(), (FEW, 0, 4))  # those went by the score
        # One of them was honest. That counts, and it was once too often.
        self.assertEqual(self.c.post(f"/v1/listings/{self.listing(rest[0])}/lift",
                                     {"why": "a courier"}, user="bo").status, 200)
        self.assertEqual(self.counts(), (FEW, 1, 4))
        self.assertLess(low(FEW, FEW + 1), 60)
        self.refused(rest[4:])
        # Dismissing many needs nothing, and counts.
        self.assertEqual(self.decide("dismiss", rest[4:])["decided"], 4)
        self.assertEqual(self.counts(), (FEW, 5, 0))

    def test_cards_of_a_device(self):
        cards = self.put("C", OTHERS, box="BX")
        self.refused(cards)
        self.assertEqual(self.c.post("/v1/boxes/BX/confirm", {"why": "in a flat"},
                                     user="ann").status, 200)
        self.assertEqual(self.decide("list", cards)["decided"], OTHERS)
        self.assertEqual(self.measured("boxes")["waiting"], OTHERS)  # two people, all the same


if __name__ == "__main__":
    unittest.main(verbosity=0)
