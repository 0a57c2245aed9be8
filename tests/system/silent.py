#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a bank that does not answer is told of to people above: once its clock has passed, once more,
louder, at the profile's second deadline, and until one of them says by name that they have seen it.
Method: a drill's centre whose clock is moved by hand and whose banks say nothing at all; over HTTP,
in the ledger, in the stream and at the command line.
"""
import os
import subprocess
import unittest

from centre import PATIENCE_S, YUMEN, Stream
from reports import MULE, VICTIM, World

LATE_MIN = 16  # a bank answers within fifteen
AGAIN_MIN = 31  # and the profile says thirty more


class Silent(unittest.TestCase):
    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        self.w.add_user("sue", ["commander"])
        self.w.add_user("oil", ["approver"], division="620500")

    def done(self, reply, status=200):
        self.assertEqual(reply.status, status, reply)
        return reply.value

    def report(self, **more):
        told = {"to": MULE, "bank": "BKA", "amount": 90000, **more}
        said = self.done(self.w.report(told), 201)
        incident = said["incident"]
        signed = self.done(self.w.post(f"/v1/incidents/{incident}/countersign", user="bo"))
        self.assertEqual(signed["refusals"], [])
        return said["orders"][0]["order"]

    def order(self, id_, user="bo"):
        return self.done(self.w.get(f"/v1/orders/{id_}", user=user))

    def waiting(self, user="bo"):
        items = self.done(self.w.get("/v1/orders", query={"waits": "heed"}, user=user))["items"]
        return {o["order"]: o["alarm"] for o in items}

    def counts(self):
        counts = self.done(self.w.get("/v1/centre", user="bo"))["counts"]
        return counts["orders_late"], counts["orders_alarm"], counts["orders_loud"]

    def acts(self, id_):
        return [(h["act"], h.get("actor")) for h in self.order(id_)["history"]
                if h["act"] in ("order.late", "order.escalate", "order.heed")]

    def heed(self, order, user="bo", **more):
        shown = self.order(order, user)
        return self.w.post(f"/v1/orders/{order}/heed", user=user,
                           body={"alarm": shown["alarm"], "alarmed_at": shown.get("alarmed_at"),
                                 **more})

    def say(self, user, *words):
        done = subprocess.run([YUMEN, "orders", *words, "--data", self.w.data],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False,
                              env={**os.environ, "YUMEN_TOKEN": self.w.tokens[user],
                                   "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout + done.stderr

    def test_once_and_once_more(self):
        w = self.w
        order = self.report()
        self.assertEqual((self.order(order)["alarm"], self.counts()), ("none", (0, 0, 0)))
        self.assertEqual(w.post(f"/v1/orders/{order}/heed", user="bo").code, "order.no_alarm")
        w.step(minutes=LATE_MIN)
        now = self.order(order)
        self.assertEqual((now["alarm"], now["is_late"], "heed" in now["may"]), ("late", 1, True))
        self.assertNotIn("heed", self.order(order, "an")["may"])
        self.assertEqual((self.waiting(), self.counts()), ({order: "late"}, (1, 1, 0)))
        self.assertEqual(self.waiting("oil"), {})
        for _ in range(5):  # not each minute
            w.step(minutes=1)
        self.assertEqual(self.acts(order), [("order.late", "centre")])
        w.step(minutes=AGAIN_MIN)
        self.assertEqual((self.waiting(), self.counts()), ({order: "loud"}, (1, 1, 1)))
        self.assertEqual(self.acts(order), [("order.late", "centre"), ("order.escalate", "centre")])
        code, said = self.say("sue", "late")
        self.assertEqual((code, order in said, "loud" in said), (0, True, True), said)
        self.assertEqual(w.post(f"/v1/orders/{order}/heed", user="an").code, "permit.role")
        seen = self.done(self.heed(order, "sue", why="called their duty desk"))
        self.assertEqual((seen["alarm"], seen["heeder"], seen["is_late"]), ("none", "sue", 1))
        w.step(days=1)  # said and seen twice: no more of it
        self.assertEqual((self.waiting(), len(self.acts(order))), ({}, 3))

    def test_written_off_it_keeps_no_names(self):
        """A bank that never lets go of anything is given up on: nothing will come back from there,
        and what victim and payee are called is erased at its term."""
        w = self.w
        paid = w.pay(VICTIM, MULE, 90000, w.ago(minutes=5))
        told = self.done(w.report({"id": paid, "name": "Li Si"}), 201)
        order, report = told["orders"][0]["order"], told["report"]
        w.banks_obey()
        self.done(w.post(f"/v1/incidents/{told['incident']}/countersign", user="bo"))
        w.step(days=3)
        gone = self.done(w.post(f"/v1/orders/{order}/fail", {"why": "closed down"}, user="bo"))
        self.assertEqual((gone["state"], gone["held"]), ("failed", 90000))
        w.step(days=1826)
        w.add_user("eli", ["operator", "approver"])
        seen = self.done(w.get(f"/v1/reports/{report}", query={"purpose": "a test"}, user="eli"))
        claim, = seen["claims"]
        self.assertEqual([claim.get(key) for key in ("to", "from", "name")],
                         ["erased-" + claim["claim"], None, None])
        target = seen["orders"][0]["target"]
        self.assertEqual((target["value"], target.get("name")), (MULE, None))

    def test_answered_before_anybody_saw(self):
        """It stays: somebody above has to know that the bank was late."""
        w = self.w
        order = self.report()
        w.step(minutes=LATE_MIN)
        self.done(w.post(f"/v1/orders/{order}/receipt", {"result": "done", "held": 90000},
                         user="bank-a"))
        now = self.order(order)
        self.assertEqual((now["alarm"], now["is_late"], now["state"]), ("late", 0, "executed"))
        w.step(minutes=AGAIN_MIN)
        self.assertEqual(self.waiting(), {order: "late"})  # and not louder
        self.assertEqual(self.say("bo", "heed", order)[0], 3)  # which?
        code, said = self.say("bo", "heed", order, "--provider", "bank-a")
        self.assertEqual((code, "not both" in said or "either" in said), (2, True), said)
        code, said = self.say("bo", "heed", order, "--alarm", "late", "--seen", now["alarmed_at"])
        self.assertEqual((code, self.waiting()), (0, {}), said)

    def test_what_came_after_one_looked(self):
        w = self.w
        order = self.report()
        w.step(minutes=LATE_MIN)
        looked = self.order(order)
        w.step(minutes=AGAIN_MIN)  # it was told again
        body = {"alarm": "late", "alarmed_at": looked["alarmed_at"]}
        self.assertEqual(w.post(f"/v1/orders/{order}/heed", body, user="bo").code,
                         "order.heed_newer")
        self.assertEqual(w.post(f"/v1/orders/{order}/heed", user="bo").code, "order.heed_which")
        self.assertEqual(w.post("/v1/providers/bank-a/heed", user="bo").code, "order.heed_until")
        reply = w.post("/v1/providers/bank-a/heed", {"alarmed_until": looked["alarmed_at"]},
                       user="bo")
        self.assertEqual((self.done(reply)["heeded"], self.waiting()), (0, {order: "loud"}))

    def test_a_lift_that_is_ignored(self):
        """Nobody's having seen it makes it quiet while somebody's money is held for nothing."""
        w = self.w
        order = self.report()
        self.done(w.post(f"/v1/orders/{order}/receipt", {"result": "done", "held": 90000},
                         user="bank-a"))
        self.done(w.post(f"/v1/orders/{order}/lift", {"why": "an honest shop"}, user="bo"))
        w.step(minutes=LATE_MIN)
        for _ in range(3):
            self.assertEqual(list(self.waiting()), [order])
            self.done(self.heed(order, "sue", why="called them"))
            self.assertEqual(self.waiting(), {})
            w.step(minutes=AGAIN_MIN)
        self.assertEqual(self.waiting(), {order: "loud"})
        self.done(w.post(f"/v1/orders/{order}/receipt", {"result": "done", "held": 0},
                         user="bank-a"))
        self.done(self.heed(order, "sue"))
        w.step(days=1)
        self.assertEqual(self.waiting(), {})

    def test_what_is_let_out_unasked(self):
        """A bank that says it holds less than it did is told of, each time."""
        w = self.w
        order = self.report()
        path = f"/v1/orders/{order}/receipt"
        self.done(w.post(path, {"result": "done", "held": 90000}, user="bank-a"))
        w.step(minutes=LATE_MIN)
        self.assertEqual(self.waiting(), {})
        self.done(w.post(path, {"result": "partial", "held": 50000}, user="bank-a"))
        self.assertEqual((self.waiting(), self.order(order)["held"]), ({order: "late"}, 50000))
        w.step(minutes=AGAIN_MIN)
        self.assertEqual(self.waiting(), {order: "loud"})
        self.done(self.heed(order, "sue", why="called them"))
        w.step(minutes=AGAIN_MIN)
        self.assertEqual((self.waiting(), self.order(order)["is_late"]), ({}, 0))
        self.done(w.post(path, {"result": "partial", "held": 0}, user="bank-a"))
        self.assertEqual((self.waiting(), self.order(order)["held"]), ({order: "late"}, 0))

    def test_all_of_a_bank_at_once(self):
        orders = {self.report(to=f"BKA:80000{i}", amount=1000 + i) for i in range(3)}
        self.w.step(minutes=LATE_MIN)
        self.assertEqual(set(self.waiting()), orders)
        seen = max(self.order(id_)["alarmed_at"] for id_ in orders)
        body = {"alarmed_until": seen}
        reply = self.done(self.w.post("/v1/providers/bank-b/heed", body, user="bo"))
        self.assertEqual((reply["heeded"], reply["refusals"]), (0, []))
        self.assertEqual(self.w.post("/v1/providers/bank-x/heed", body, user="bo").status, 404)
        code, said = self.say("bo", "heed", "--provider", "bank-a", "--seen", seen, "--why",
                              "called them")
        self.assertEqual((code, self.waiting()), (0, {}), said)
        self.assertIn("3", said)
        self.assertEqual(self.say("bo", "heed")[0], 2)
        for order in orders:
            self.assertEqual(self.acts(order)[-1], ("order.heed", "bo"))

    def test_the_stream_says_so(self):
        w = self.w
        order = self.report()
        with Stream(w, "bo") as stream:
            w.step(minutes=LATE_MIN)
            while True:
                name, _, news = stream.next()
                if news.get("act") == "order.late":
                    break
        self.assertEqual((name, news["order"], news["alarm"]), ("order", order, "late"))


if __name__ == "__main__":
    unittest.main()
