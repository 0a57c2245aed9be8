# SPDX-License-Identifier: Apache-2.0
"""
Goal: what was stolen comes back. From a victim's call to closed rounds, with two banks that are
processes of their own: held where it lies, computed, approved by two, paid by both banks out of
what they hold, and let go of; what a bank cannot pay stays held for a later round. The ledger
verifies, and every statement is computed again by a program that shares no code.
Method: a drill's centre whose clock is moved by hand, and the banks of banks.py. Whatever takes
time is waited for until it is so.
"""
import datetime as dt
import hashlib
import os
import subprocess
import sys
import unittest

from banks import World
from centre import VERIFIER, YUMEN

CHECK = os.path.join(os.path.dirname(YUMEN), "../../tools/verifier/yumen-check-refund")
VICTIM, MULE, SECOND = "BKA:1000001", "BKA:2000001", "BKB:3000001"


class Returns(unittest.TestCase):
    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        self.w.add_user("xia", ["approver"])

    def done(self, reply, status=200):
        self.assertEqual(reply.status, status, reply)
        return reply.value

    def stolen(self, *manners):
        """Five thousand yuan went to a mule at bank a, and two of them on to one at bank b."""
        w = self.w
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.pay("t2", -5, "2000001", "3000001", 200000)
        for bank, manner in zip(("bank-a", "bank-b"), manners):
            w.open_bank(bank, manner)
        w.until(self.is_all_taken, lambda: "the transfers are not taken")
        said = w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 500000,
                         "time": (w.begun - dt.timedelta(minutes=9)).isoformat()})
        self.secret, self.incident, self.told = said["secret"], said["incident"], said["report"]
        self.until_held({MULE: 300000, SECOND: 200000})
        signed = self.done(w.post(f"/v1/incidents/{self.incident}/countersign", user="bo"))
        self.assertEqual(signed["refusals"], [])

    def is_all_taken(self):
        """Both transfers, of whoever told of them: a report finds no more than is known."""
        items = [b for bank in ("bank-a", "bank-b")
                 for b in self.done(self.w.get("/v1/batches", user=bank))["items"]]
        return sum(b["accepted"] for b in items if b["state"] == "done") >= 2

    def orders(self):
        query = {"incident": self.incident}
        return self.done(self.w.get("/v1/orders", query=query, user="an"))["items"]

    def until_held(self, wanted):
        def held():
            found = {o["target"]["value"]: o["held"] for o in self.orders() if o["held"] > 0}
            return found == wanted
        self.w.until(held, lambda: f"{wanted}: {self.orders()}")

    def act(self, made, act, user, **body):
        return self.done(self.w.post(f"/v1/rounds/{made['round']}/{act}", body, user=user))

    def compute(self, account):
        body = {"incident": self.incident, "account": account}
        made = self.done(self.w.post("/v1/rounds", body, user="nan"), 201)
        served = self.w.get(f"/v1/rounds/{made['round']}/statement?purpose=check", user="an")
        self.assertEqual(hashlib.sha256(served.body).hexdigest(), made["digest"])
        checked = subprocess.run([CHECK], input=served.body, capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""), checked.stdout)
        return made

    def freeze(self, account):
        """What the hold holds, taken over: so that it stands until the bank has paid."""
        held, = [o for o in self.orders() if o["target"]["value"] == account]
        body = {"kind": "freeze", "takes": held["order"], "basis": "fraud_law_20"}
        order = self.done(self.w.post("/v1/orders", body, user="an"), 201)["order"]
        self.done(self.w.post(f"/v1/orders/{order}/approve", user="bo"))
        self.taken(account)

    def taken(self, account):
        def is_taken():
            now = {o["kind"]: o["state"] for o in self.orders() if o["target"]["value"] == account}
            return now == {"hold": "lifted", "freeze": "executed"}
        self.w.until(is_taken, lambda: f"{account} is not taken over")

    def send(self, account):
        made = self.compute(account)
        self.act(made, "review", "an")
        self.freeze(account)
        self.act(made, "approve", "bo")
        self.assertEqual(self.act(made, "approve", "xia")["state"], "sent")
        return made

    def until_paid(self, made):
        def paid():
            now = self.done(self.w.get("/v1/rounds/" + made["round"], user="an"))
            return now if now["state"] == "paid" else None
        return self.w.until(paid, lambda: f"{made['round']} is not paid")

    def say(self, user, *words, what="rounds"):
        """yumen rounds ..., or of something else, as somebody at the command line."""
        done = subprocess.run([YUMEN, what, *words, "--data", self.w.data],
                              capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, "YUMEN_TOKEN": self.w.tokens[user],
                                   "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout + done.stderr

    def verify(self):
        done = self.w.run("audit", "verify", may_fail=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_all_of_it_comes_back(self):
        w = self.w
        zone = dt.timezone(dt.timedelta(hours=8))  # what is published ends with its yesterday
        day = w.now().astimezone(zone).replace(hour=1, minute=0, second=0, microsecond=0)
        w.set_clock(day + dt.timedelta(days=1))
        w.begun = w.now()
        self.stolen("prompt", "prompt")
        rounds = []
        for account, hours in ((MULE, 12), (SECOND, 6)):  # paid so much later
            w.set_clock(w.now() + dt.timedelta(hours=hours))
            rounds.append(self.send(account))
            self.until_paid(rounds[-1])
        for made in rounds:
            now = self.until_paid(made)
            self.assertEqual((now["returned"], now["failed"]), (made["shared"], 0))
            self.assertTrue(now["shares"][0]["reference"])
            self.assertEqual(self.act(made, "close", "an")["state"], "closed")
        w.until(lambda: {o["state"] for o in self.orders()} == {"lifted"},
                lambda: f"let go of: {self.orders()}")
        seen = self.done(w.get(f"/v1/reports/{self.told}/progress", query={"secret": self.secret}))
        self.assertEqual((seen["returned"], seen["held"]), (500000, 0))
        today = self.done(w.get("/v1/returns"))
        self.assertEqual((today["stopped"], today["returned"], today["rounds"]["closed"]),
                         (0, 0, 0))
        self.verify()
        for bank in ("bank-a", "bank-b"):
            counts = w.stop_bank(bank)
            self.assertEqual((counts["paid"], counts["refused"], counts["strange"]), (1, 0, 0))
        w.set_clock(w.now() + dt.timedelta(days=1))
        figures = self.done(w.get("/v1/returns"))
        self.assertEqual((figures["stopped"], figures["returned"], figures["rounds"]["closed"]),
                         (500000, 500000, 2))
        self.assertEqual(figures["false_stops"], {"of": 2, "n": 0})
        self.assertEqual(figures["days_to_return"], {"median": 0.5, "p90": 0.5, "n": 2})

    def test_at_the_command_line(self):
        self.stolen("prompt", "prompt")
        code, said = self.say("nan", "compute", self.incident, SECOND)
        self.assertEqual(code, 0, said)
        self.assertIn("200000", said)
        code, said = self.say("nan", "compute", self.incident, SECOND)
        self.assertNotEqual(code, 0)
        self.assertIn("round.exists", said)
        made, = self.done(self.w.get("/v1/rounds", user="an"))["items"]
        hold, = [o["order"] for o in self.orders() if o["target"]["value"] == SECOND]
        self.assertIn("before the bank's days", self.say("an", "show", made["round"])[1])
        freeze = ["freeze", "--takes", hold, "--basis", "fraud_law_20", "--until", "100d"]
        for words, told in ((freeze[:1], "--takes"), ([*freeze, "--amount", "all"], "--amount"),
                            ([*freeze, "--amount", "200001"], "order.takes_more")):
            code, said = self.say("an", *words, what="orders")
            self.assertTrue(code != 0 and told in said, said)
        code, said = self.say("an", *freeze, what="orders")
        self.assertTrue(code == 0 and hold in said and "200000" in said, said)
        draft = self.done(self.w.get("/v1/orders/" + hold, user="an"))["drafted_taker"]
        self.assertIn(draft, self.say("an", "show", hold, what="orders")[1])
        self.assertEqual(self.say("bo", "approve", draft, what="orders")[0], 0)
        self.taken(SECOND)
        for user, act, state in (("an", "review", "reviewed"), ("bo", "approve", "reviewed"),
                                 ("xia", "approve", "sent")):
            code, said = self.say(user, act, made["round"])
            self.assertEqual((code, f": {state}." in said), (0, True), said)
        self.until_paid(made)
        self.assertIn(made["round"], self.say("an", "list", "--waits", "close")[1])
        self.assertEqual(self.say("an", "close", made["round"])[0], 0)
        code, said = self.say("an", "show", made["round"])
        self.assertEqual((code, "paid" in said, "closed" in said), (0, True, True), said)
        self.assertNotEqual(self.say("an", "void", made["round"], "--why", "late")[0], 0)

    def test_what_cannot_be_paid_stays(self):
        w = self.w
        self.stolen("prompt", "unpaying")
        made = self.send(SECOND)
        now = self.until_paid(made)
        self.assertEqual((now["returned"], now["failed"]), (0, 200000))
        self.assertEqual(now["shares"][0]["why"], "the payment came back")
        self.act(made, "close", "an")
        held = {o["target"]["value"]: o["held"] for o in self.orders() if o["held"] > 0}
        self.assertEqual(held[SECOND], 200000)
        self.assertEqual(self.compute(SECOND)["number"], 2)
        self.verify()
        self.assertEqual(w.stop_bank("bank-b")["paid"], 0)


if __name__ == "__main__":
    for program in (YUMEN, VERIFIER, CHECK):
        if not os.path.exists(program):
            print(f"there is no program: {program}")
            sys.exit(77)
    unittest.main()
