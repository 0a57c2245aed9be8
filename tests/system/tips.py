#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: anybody can tell of what looks like a scam, and nothing happens to it until two people have
decided; nobody counts twice, and neither an address nor a program floods the queue unseen; a
message's words, and who told, are nowhere afterwards.
Method: a drill's centre whose clock is moved by hand; addresses as a proxy would name them.
"""
import datetime as dt
import glob
import sqlite3
import unittest

from push import Counted
from centre import Stream

NUMBER, SITE = "13912345678", "parcel-pay.example"


class Tips(unittest.TestCase):
    def open_world(self):
        w = Counted("")
        self.addCleanup(w.close)
        w.add_user("app", ["feeder"])
        w.add_user("other", ["feeder"])
        w.add_user("ap", ["approver"])
        return w

    def tell(self, w, value=NUMBER, address="192.0.2.1", user=None, status=202, **more):
        body = {"value": value, **more} if value else more
        said = w.post("/v1/tips", body, user=user, headers={"X-Forwarded-For": address})
        self.assertEqual(said.status, status, said)
        return said

    def queue(self, w, state="open", **more):
        said = w.get("/v1/tips", query={"state": state, **more}, user="an")
        self.assertEqual(said.status, 200, said)
        return said.value

    def one(self, w, **more):
        items = self.queue(w, **more)["items"]
        self.assertEqual(len(items), 1, items)
        return items[0]

    def decide(self, w, tips, decision="dismiss", **more):
        body = {"decision": decision, "tips": tips, "why": "looked at", **more}
        return w.post("/v1/tips/decide", body, user="an")

    def test_from_the_street_to_a_listing(self):
        w = self.open_world()
        with Stream(w, "an") as stream:
            self.tell(w)
            name, _, event = stream.next()
            self.assertEqual((name, event["told"], event["actor"]), ("tip", 1, ""))
            self.assertNotIn("value", event)
        self.tell(w, "+86 139 1234 5678", address="192.0.2.2")
        for _ in range(2):
            self.tell(w, address="192.0.2.2")
        self.tell(w, user="app", reporter="device-1")
        self.tell(w, user="app", reporter="device-2")
        tip = self.one(w)
        self.assertEqual((tip["value"], tip["told"], tip["by_programs"], tip["may"]),
                         ("+8613912345678", 4, 2, ["list", "dismiss"]))
        self.assertEqual(w.verdict(NUMBER)["verdict"], "pass")
        self.assertEqual(self.queue(w, told=4)["total"], 1)
        self.assertEqual(self.queue(w, told=5)["total"], 0)
        said = self.decide(w, [tip["tip"]], "list")
        self.assertEqual((said.status, said.value["decided"]), (200, 1), said)
        listed = self.one(w, state="listed")
        self.assertEqual(w.verdict(NUMBER)["verdict"], "pass")
        listing = w.listing(listed["listing"], "an")
        self.assertEqual((listing["state"], listing["reason"]), ("proposed", "scam_calls"))
        self.assertIn("told by 4", listing["evidence"])
        w.approve("ap", listed["listing"])
        known = self.tell(w, address="192.0.2.9").value["things"]
        self.assertEqual([t["verdict"] for t in known], ["block"])
        one = w.get(f"/v1/tips/{tip['tip']}", user="an").value
        self.assertEqual((one["told"], one["history"][-1]["act"]), (4, "tip.list"))
        again = self.decide(w, [tip["tip"], "01ARZ3NDEKTSV4RRFFQ69G5FAV"]).value
        self.assertEqual([r["code"] for r in again["refusals"]], ["tip.decided", "tip.absent"])

    def test_a_message_is_read_and_forgotten(self):
        w = self.open_world()
        said = self.tell(w, "", message=f"妈妈，您的快递被扣，请付 http://{SITE}/x?id=7 或致电{NUMBER}")
        self.assertEqual([(t["kind"], t["value"]) for t in said.value["things"]],
                         [("url", f"http://{SITE}/x?id=7"), ("number", "+8613912345678")])
        self.assertEqual(self.queue(w)["total"], 2)
        w.stop()
        for path in (*glob.glob(f"{w.data}/yumen.db*"), *glob.glob(f"{w.folder}/**/*.log")):
            with open(path, "rb") as file:
                kept = file.read()
            for words in ("快递被扣", "192.0.2.1"):
                self.assertNotIn(words.encode(), kept, path)
        w.start()

    def test_what_is_refused(self):
        w = self.open_world()
        for body, column, code in (
                ({}, "value", "value.missing"),
                ({"value": "???"}, "value", "indicator.unknown"),
                ({"kind": "person", "value": "x"}, "value", "kind.unknown"),
                ({"message": "nothing to see"}, "message", "tip.nothing_named"),
                ({"message": 7}, "message", "json.kind"),
                ({"value": "110101199003074477"}, "value", "indicator.is_person")):
            said = w.post("/v1/tips", body)
            self.assertEqual((said.status, said.code, said.value.get("column")),
                             (400, code, column), said)
        self.tell(w, "", message="x" * 4001, status=422)
        self.assertEqual(self.queue(w)["total"], 0)
        self.tell(w, SITE)
        tip = self.one(w)
        for body, code in (({"decision": "x"}, "word.unknown"), ({"tips": []}, "tip.none"),
                           ({"decision": "list", "tips": ["a", "b"]}, "tip.one_by_one"),
                           ({"decision": "list", "action": "allow"}, "action.not_allowed")):
            said = w.post("/v1/tips/decide", {"decision": "dismiss", "why": "y",
                                              "tips": [tip["tip"]], **body}, user="an")
            self.assertEqual((said.status, said.code), (400, code), said)
        no_basis = self.decide(w, [tip["tip"]], "list").value
        self.assertEqual((no_basis["decided"], no_basis["refusals"][0]["code"]),
                         (0, "basis.missing"))
        self.assertEqual(self.one(w)["state"], "open")
        for user, status in (("app", 403), ("ap", 403), (None, 401)):
            said = w.post("/v1/tips/decide", {"decision": "dismiss", "why": "y",
                                              "tips": [tip["tip"]]}, user=user)
            self.assertEqual(said.status, status, said)
        for path in ("/v1/tips", f"/v1/tips/{tip['tip']}"):
            self.assertEqual(w.get(path, user="app").status, 403)
            self.assertEqual(w.get(path, user="ap").status, 200)
            self.assertEqual(w.get(path).status, 401)

    def test_floods(self):
        """An address has its bucket and its day, a program its own day, and both are seen."""
        w = self.open_world()
        w.configure(r"(?m)^  program_day: 5000$", "  program_day: 40")
        for i in range(30):  # a program without reporters is one source, and one day's share
            self.tell(w, f"a{i}.example", user="app")
        self.tell(w, "", user="app", message=" ".join(f"b{i}.example" for i in range(10)))
        said = self.tell(w, "c.example", user="app", status=429)
        self.assertEqual(said.code, "tip.too_many")
        self.assertGreater(int(said.headers["Retry-After"]), 0)
        for _ in range(2):
            self.tell(w, "c.example", user="app", status=429)
        for i in range(3):  # somebody for whom a program speaks has the share of an address
            self.tell(w, "", user="other", reporter="x",
                      message=" ".join(f"d{i}{k}.example" for k in range(10)))
        self.tell(w, "e.example", user="other", reporter="x", status=429)
        self.tell(w, "e.example", user="other", reporter="y")
        today = self.queue(w)["today"]
        self.assertEqual((today["told"], today["beyond"]), (71, 4))
        self.assertEqual([(p["name"], p["beyond"]) for p in today["programs"]],
                         [("app", 3), ("other", 1)])
        codes = [w.post("/v1/tips", {"value": f"f{i}.example"},
                        headers={"X-Forwarded-For": "192.0.2.7"}).code for i in range(12)]
        self.assertIn("limit.rate", codes)
        self.tell(w, "g.example", address="192.0.2.8")  # another is not held up
        w.step(days=1)
        self.tell(w, "c.example", user="app")
        self.assertEqual(self.queue(w)["today"], {"told": 1, "beyond": 0, "programs": []})

    def test_a_decision_is_asked_about_again(self):
        w = self.open_world()
        self.tell(w)
        self.assertEqual(self.decide(w, [self.one(w)["tip"]]).value["decided"], 1)
        for i in range(2):
            self.tell(w, address=f"192.0.2.1{i}")
        self.assertEqual(self.queue(w)["total"], 0)
        self.tell(w, address="192.0.2.20")
        self.assertEqual(self.one(w)["told"], 4)

    def test_it_ends_and_leaves_nobody(self):
        w = self.open_world()
        self.tell(w)
        self.tell(w, user="app")
        w.step(days=90)
        w.step(minutes=1)
        lapsed = self.one(w, state="lapsed")
        self.assertEqual(lapsed["value"], "erased-" + lapsed["tip"])
        with sqlite3.connect(f"file:{w.data}/yumen.db?mode=ro", uri=True) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM tip_source").fetchone(), (0,))
        self.tell(w)
        self.assertEqual(self.one(w)["told"], 1)
        checked = w.run("audit", "verify", may_fail=True)
        self.assertEqual(checked.returncode, 0, checked)


if __name__ == "__main__":
    unittest.main(verbosity=2)
