# SPDX-License-Identifier: Apache-2.0
"""
Goal: a list of 30,000 enters, shrinks, expires at one instant and ends, and nobody who decides
something meanwhile is refused or lost; nor does a kill in the middle of it lose or repeat an end.
Afterwards rows, counts, zone, tables, ledger and proofs say the same. What a leaf shares with its
neighbours is kept once, and whoever forges that is found.
Method: one drill. While the store writes groups and tells the zone piece by piece, two people go on
approving; then Python's sqlite3 counts what the program keeps counted, and `yumen audit verify` and
yumen-verify check every leaf. No claim here is timed: docs/benchmarks.md has the figures.
"""
import http.client
import os
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import unittest

import centre
from centre import VERIFIER, YUMEN, Centre

MANY = 30000
LONG_S = 300  # of a slow machine, under a sanitizer
centre.PATIENCE_S = LONG_S


class House(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.c = c = Centre()
        cls.addClassCleanup(c.close)
        for name, roles in (("ann", "analyst,feeder"), ("bob", "approver,commander"),
                            ("guan", "auditor")):
            c.add_user(name, roles, password="a long password")
        House.single = 0

    def source(self, name, **said):
        body = {"name": name, "reason": "phishing", "basis": "fraud_law_24", "licence": "MIT",
                "origin": "kept by a test", "term_days": 30, "shrink_percent": 100, **said}
        self.assertEqual(self.c.post("/v1/sources", body, user="ann").status, 201)
        self.assertEqual(self.c.post(f"/v1/sources/{name}/approve", user="bob").status, 200)

    def take(self, name, values):
        reply = self.c.ask("POST", f"/v1/sources/{name}/lists", "\n".join(values), user="ann",
                           headers={"Content-Type": "text/plain"})
        self.assertEqual(reply.status, 200, reply)
        return reply.value

    def meanwhile(self, act):
        """Decides single listings for as long as `act` goes on, at least one."""
        done = []
        thread = threading.Thread(target=lambda: done.append(act()))
        thread.start()
        made = []
        while thread.is_alive() or not made:
            House.single += 1
            value = f"single{House.single}.example"
            made.append(self.c.list_now("ann", "bob", value=value))
            self.assertEqual(self.c.verdict(value)["verdict"], "block")
        thread.join()
        self.assertTrue(done)
        return done[0], made

    def rows(self, query, *values):
        db = sqlite3.connect(os.path.join(self.c.data, "yumen.db"))
        try:
            return db.execute(query, values).fetchall()
        finally:
            db.close()

    def one(self, query, *values):
        return self.rows(query, *values)[0][0]

    def in_zone(self):
        return self.one("SELECT count(*) FROM rpz_domain WHERE block IS NOT NULL")

    def hold(self):
        """Whoever steps the clock sees the zone as it is then: nothing of it waits."""
        self.c.step(seconds=1)
        self.assertEqual(self.one("SELECT count(*) FROM outbox"), 0)
        counted = dict(self.rows("SELECT state, count(*) FROM listing GROUP BY state"))
        told = dict(re.findall(r'yumen_listings\{state="(\w+)"\} (\d+)',
                               self.c.get("/metrics").text))
        self.assertEqual({state: int(n) for state, n in told.items()}, counted)
        counts = self.c.get("/v1/centre", user="ann").value["counts"]
        self.assertEqual(counts["in_force"], counted["in_force"])
        self.assertEqual(self.in_zone(), counted["in_force"])
        self.assertEqual(self.rows(
            "SELECT what, minute, division FROM (SELECT 'ends' AS what, until / 60000000 AS minute,"
            " division, count(*) AS n FROM listing WHERE state = 'in_force' GROUP BY 2, 3"
            " UNION ALL SELECT what, minute, division, -count FROM listing_count"
            " WHERE what = 'ends') GROUP BY 1, 2, 3 HAVING sum(n) <> 0"), [])
        return counts

    def hold_ends(self, count):
        """Each that expired has one leaf that says so, and will be erased."""
        self.assertEqual(self.rows("SELECT count(*), count(DISTINCT record) FROM ledger_leaf"
                                   " WHERE act = 'listing.expire'"), [(count, count)])
        self.assertEqual(self.one("SELECT count(*) FROM timer t JOIN listing l ON l.id = t.record"
                                  " WHERE l.state = 'expired' AND t.act = 'listing.erase'"), count)

    def verify(self, data=None):
        return subprocess.run([YUMEN, "audit", "verify", "--data", data or self.c.data],
                              capture_output=True, text=True, timeout=LONG_S)

    def hold_ledger(self):
        done = self.verify()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def verify_elsewhere(self):
        """The verifier that shares no line with the program; its words are of whole leaves."""
        path = os.path.join(self.c.folder, "export.ndjson")
        done = subprocess.run([YUMEN, "audit", "export", path, "--purpose", "a check", "--data",
                               self.c.data], capture_output=True, text=True, timeout=LONG_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        key = self.c.run("audit", "key").stdout.strip()
        done = subprocess.run([VERIFIER, "--key", key, path], capture_output=True, text=True,
                              timeout=LONG_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def forge(self, statement):
        """What `yumen audit verify` says of a copy in which somebody wrote this."""
        data = os.path.join(self.c.folder, "forged")
        shutil.copytree(self.c.data, data, ignore=shutil.ignore_patterns("*.sock"))
        db = sqlite3.connect(os.path.join(data, "yumen.db"))
        self.assertGreater(db.execute(statement).rowcount, 0)
        db.commit()
        db.close()
        code = self.verify(data).returncode
        shutil.rmtree(data)
        return code


class Large(House):
    """The whole life of a list."""

    def test_a_list_comes_and_goes(self):
        names = [f"shop{n}.com" for n in range(MANY)]
        hosts = [f"www.shop{n}.com" for n in range(0, MANY, 3)]
        self.source("wide", match="suffix")
        answer, made = self.meanwhile(lambda: self.take("wide", names + hosts))
        self.assertEqual(answer["entered"], MANY + len(hosts))
        counts = self.hold()
        self.assertEqual(counts["in_force"], MANY + len(hosts) + len(made))
        self.assertEqual(counts["expiring_24h"], 0)
        entered = "SELECT count(*) FROM ledger_leaf WHERE act = 'listing.enter'"
        self.assertEqual(self.one(entered), MANY + len(hosts))
        self.assertGreater(self.one(entered + " AND form IS NOT NULL"), MANY)
        self.assertEqual(self.c.verdict("x.shop77.com")["verdict"], "block")
        page = self.c.get("/v1/listings", query={"batch": answer["batch"]}, user="ann").value
        self.assertEqual((page["total"], page["total_is_least"]), (10000, True))

        # one letter finds more than is gathered, and says so; a name finds itself
        page = self.c.get("/v1/listings", query={"q": "s", "limit": 100}, user="ann").value
        self.assertTrue(page["total_is_least"])
        self.assertGreaterEqual(page["total"], 4000)
        found = [item["listing"] for item in page["items"]]
        self.assertEqual((len(found), found), (100, sorted(found, reverse=True)))
        page = self.c.get("/v1/listings", query={"q": "shop77.com"}, user="ann").value
        self.assertEqual([item["value"] for item in page["items"]], ["shop77.com"])
        self.assertEqual((page["total"], page.get("total_is_least")), (1, None))

        # a third is no longer on it
        answer, made_too = self.meanwhile(lambda: self.take("wide", names))
        self.assertEqual((answer["vanished"], answer["entered"]), (len(hosts), 0))
        self.assertEqual(self.hold()["in_force"], MANY + len(made) + len(made_too))

        # and then all that is left ends in one instant
        self.c.step(days=29, hours=12)
        self.assertEqual(self.hold()["expiring_24h"], MANY + len(made) + len(made_too))
        self.c.step(days=1)
        counts = self.hold() if self.one("SELECT count(*) FROM listing"
                                         " WHERE state = 'in_force'") else None
        self.assertIsNone(counts)
        self.assertEqual(self.in_zone(), 0)
        self.assertEqual(self.c.verdict("shop77.com")["verdict"], "pass")
        self.assertEqual(self.one("SELECT count(*) FROM listing WHERE state = 'expired'"),
                         MANY + len(made) + len(made_too))
        self.hold_ends(MANY + len(made) + len(made_too))

        # another ends with its source
        self.source("exact", match="exact")
        self.take("exact", names)
        ended, made = self.meanwhile(
            lambda: self.c.post("/v1/sources/exact/end", {"why": "over"}, user="bob"))
        self.assertEqual(ended.status, 200, ended)
        self.assertEqual(self.hold()["in_force"], len(made))
        self.hold_ledger()
        self.verify_elsewhere()


class Killed(House):
    """A list ends in one instant, and the machine dies meanwhile."""

    def step_or_die(self):
        try:
            self.c.step(days=31)
        except (OSError, http.client.HTTPException):
            pass

    def test_in_the_middle(self):
        self.source("mass", match="suffix")
        self.take("mass", [f"shop{n}.com" for n in range(MANY)])
        self.c.list_now("ann", "bob", value="one.example")
        stepping = threading.Thread(target=self.step_or_die)
        stepping.start()
        expired = "SELECT count(*) FROM listing WHERE state = 'expired'"
        while stepping.is_alive() and self.one(expired) == 0:
            time.sleep(0.01)
        self.c.server.kill()
        self.c.server.wait()
        stepping.join()
        self.c.start()
        self.assertEqual(self.one(expired), self.one(
            "SELECT count(*) FROM ledger_leaf WHERE act = 'listing.expire'"))
        self.hold_ledger()
        self.c.step(days=32)
        self.c.list_now("ann", "bob", value="two.example")
        self.assertEqual(self.hold()["in_force"], 1)
        self.hold_ends(MANY + 1)
        self.assertEqual(self.c.verdict("shop77.com")["verdict"], "pass")
        self.hold_ledger()


class Shared(House):
    """The shared words are as safe as any others."""

    def test_forged(self):
        self.source("few")
        self.take("few", [f"shop{n}.com" for n in range(200)])
        self.hold_ledger()
        self.c.stop()
        first = " WHERE rowid = (SELECT min(rowid) FROM ledger_form)"
        formed = " WHERE idx = (SELECT min(idx) FROM ledger_leaf WHERE form IS NOT NULL)"
        for statement in (
                "UPDATE ledger_form SET tail = replace(tail, 'notice', 'nodata')" + first,
                "DELETE FROM ledger_form" + first,
                "UPDATE ledger_leaf SET body = iif(body LIKE '0%', '1', '0')"
                " || substr(body, 2)" + formed,
                "UPDATE ledger_leaf SET record = 'X' || substr(record, 2)" + formed,
                "UPDATE ledger_leaf SET form = NULL" + formed):
            self.assertEqual(self.forge(statement), 1, statement)
        self.c.start()


if __name__ == "__main__":
    unittest.main()
