#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: from a victim's report to a refund round that a bank can compute again: who claims, what is
held, what went in between, and nothing counted twice; and that nobody can make a round of what
is not held by two people.
Method: a centre with banks and hand-made payments (reports.py), asked through its public doors;
every statement it serves is computed again by yumen-check-refund, which shares no code with it.
"""
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import unittest

from centre import PATIENCE_S, YUMEN
from reports import MULE, SECOND, VICTIM, World

CHECK = os.path.join(os.path.dirname(YUMEN), "../../tools/verifier/yumen-check-refund")
OTHER, STRANGER = "BKA:1000002", "BKB:7000001"


class Whose(unittest.TestCase):
    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        self.incident, self.incidents = "", set()

    def done(self, reply, status=200):
        self.assertEqual(reply.status, status, reply)
        return reply.value

    def report(self, *transfers, number="13912345678"):
        said = self.done(self.w.report(*({"id": t} for t in transfers), number=number), 201)
        self.incident = said["incident"]
        self.incidents.add(self.incident)
        return said

    def hold(self):
        """The banks hold what they were asked to, and a second person says yes."""
        self.w.banks_obey()
        for incident in self.incidents:
            signed = self.done(self.w.post(f"/v1/incidents/{incident}/countersign", user="bo"))
            self.assertEqual(signed["refusals"], [])

    def refund(self, **query):
        path = f"/v1/incidents/{self.incident}/refund"
        return self.done(self.w.get(path, query=query, user="an"))

    def shares(self, item):
        return {c["claim"]: (c["basis"], c["amount"]) for c in item["claims"]}

    def check(self, served):
        done = subprocess.run([CHECK], input=served, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done.stdout.decode())

    def compute(self, account, user="nan", headers=None, **more):
        body = {"incident": self.incident, "account": account, **more}
        return self.w.post("/v1/rounds", body, user=user, headers=headers)

    def statement(self, made, user="an", **headers):
        return self.w.get(f"/v1/rounds/{made['round']}/statement", query={"purpose": "to check"},
                          user=user, headers=headers)

    def two_victims(self):
        """A pays, part of it leaves, B pays: 30000 of A's and 20000 of B's are left."""
        w = self.w
        a = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        w.pay(MULE, STRANGER, 20000, w.ago(minutes=30), exit="merchant")
        b = w.pay(OTHER, MULE, 20000, w.ago(minutes=20))
        one = self.report(a)
        two = self.report(b, number="13912345679")
        self.assertNotEqual(one["incident"], two["incident"])
        return one["claims"][0]["claim"], two["claims"][0]["claim"]

    def test_two_victims_in_one_account(self):
        a, b = self.two_victims()
        self.hold()
        item, = self.refund()["items"]
        self.assertEqual((item["account"], item["provider"], item["frozen"], item["unclaimed"]),
                         (MULE, "bank-a", 50000, 0))
        self.assertEqual(self.shares(item), {a: ("timestamp", 30000), b: ("timestamp", 20000)})
        self.assertEqual(len(item["orders"]), 2)
        made = self.done(self.compute(MULE), 201)
        self.assertEqual((made["frozen"], made["shared"], made["unclaimed"], made["number"]),
                         (50000, 50000, 0, 1))
        served = self.statement(made)
        self.assertEqual(served.status, 200, served)
        self.assertEqual(hashlib.sha256(served.body).hexdigest(), made["digest"])
        self.assertEqual(served.value, item["statement"])
        self.check(served.body)
        self.assertEqual(self.refund()["items"][0]["round"], made["round"])
        self.assertEqual(self.compute(MULE).code, "round.exists")

    def test_money_that_came_mixed_through_another_account(self):
        w = self.w
        a = w.pay(VICTIM, MULE, 30000, w.ago(minutes=40))
        b = w.pay(OTHER, MULE, 20000, w.ago(minutes=35))
        w.pay(MULE, SECOND, 40000, w.ago(minutes=30))
        w.pay(SECOND, STRANGER, 4000, w.ago(minutes=20), exit="atm")
        said = self.report(a, b)  # one trail, which asks for no more than is there
        claims = [c["claim"] for c in said["claims"]]
        self.hold()
        items = {i["account"]: i for i in self.refund()["items"]}
        self.assertEqual({k: i["frozen"] for k, i in items.items()}, {MULE: 10000, SECOND: 36000})
        second = items[SECOND]
        self.assertEqual({c["claim"] for c in second["claims"]}, set(claims))
        self.assertEqual({c["deposited"] for c in second["statement"]["claims"]}, {30000, 10000})
        self.assertEqual(len(second["statement"]["entries"]), 3)
        self.assertEqual(sum(c["amount"] for c in second["claims"]) + second["unclaimed"],
                         second["frozen"])
        for account in items:
            made = self.done(self.compute(account), 201)
            self.check(self.statement(made).body)

    def test_what_did_not_move(self):
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        for status in ("pending", "rejected", "reversed"):
            w.pay(OTHER, MULE, 700, w.ago(minutes=30), status=status)
            w.pay(MULE, STRANGER, 900, w.ago(minutes=29), status=status)
        claim = self.report(paid)["claims"][0]["claim"]
        self.hold()
        item, = self.refund(account=MULE)["items"]
        self.assertEqual(self.shares(item), {claim: ("direct", 50000)})
        self.assertEqual([e.get("left_out") for e in item["statement"]["entries"]],
                         [None] + 6 * ["not_booked"])
        self.check(json.dumps(item).encode())

    def test_a_record_that_cannot_be(self):
        """More left than was there: nothing is computed, and everybody hears why."""
        w = self.w
        w.pay(STRANGER, MULE, 1000, w.ago(minutes=60))
        w.pay(MULE, STRANGER, 1000, w.ago(minutes=55), exit="atm", balance_after=0)
        a = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        odd = w.pay(MULE, STRANGER, 60000, w.ago(minutes=30), exit="atm")
        b = w.pay(OTHER, MULE, 20000, w.ago(minutes=10))
        self.report(a, b)
        self.hold()
        item, = self.refund()["items"]
        self.assertEqual((item["code"], item["entry"]), ("refund.overdrawn", odd))
        reply = self.compute(MULE)
        self.assertEqual((reply.status, reply.code), (409, "refund.overdrawn"))
        self.assertIn(odd, reply.value["detail"])
        done = w.run("refund", "--incident", self.incident, may_fail=True)
        self.assertEqual(done.returncode, 3, done)

    def test_who_may_and_what_is_not_held(self):
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        other = w.pay(OTHER, SECOND, 300, w.ago(minutes=30))
        self.report(paid)
        self.assertEqual(self.compute(MULE).code, "round.not_held")
        w.banks_obey()  # but nobody countersigned
        self.assertEqual(self.refund()["items"], [])
        self.assertEqual(self.compute(MULE).code, "round.not_held")
        self.hold()
        mine = self.incident
        self.report(other, number="13912345679")
        reply = w.get(f"/v1/incidents/{self.incident}/refund", query={"account": MULE}, user="an")
        self.assertEqual((reply.status, reply.code), (403, "account.not_on_trail"))
        self.assertEqual(self.compute(MULE).code, "account.not_on_trail")
        self.incident = mine
        self.assertEqual(self.compute(MULE, user="bo").code, "permit.role")
        self.assertEqual(self.compute("").code, "value.missing")
        self.assertEqual(self.compute(MULE, rule="lifo").code, "word.unknown")
        self.assertEqual(self.compute("BKA:9999999").code, "round.not_held")
        self.incident = "nowhere"
        self.assertEqual(self.compute(MULE).status, 404)

    def test_two_banks_say_they_hold_it(self):
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        self.incident = self.done(w.post("/v1/incidents", {"transfers": [paid]}, user="an"),
                                  201)["incident"]
        until = (w.now() + dt.timedelta(hours=20)).isoformat()
        for provider, amount in ("bank-a", 30000), ("bank-b", 20000):
            order = self.done(w.post("/v1/orders", {
                "kind": "hold", "target": {"kind": "account", "value": MULE, "bank": "BKA"},
                "amount": amount, "basis": "fraud_law_20", "reason": "mule_account",
                "incident": self.incident, "provider": provider, "until": until}, user="an"), 201)
            self.done(w.post(f"/v1/orders/{order['order']}/approve", user="bo"))
        w.banks_obey()
        self.assertEqual([i["code"] for i in self.refund()["items"]], ["round.providers"])
        self.assertEqual(self.compute(MULE).code, "round.providers")

    def test_a_freeze_of_what_is_unrelated_waits_to_be_released(self):
        """Its payment is taken back: the freeze shows its day; whoever has a reason keeps it."""
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        when = w.ago(minutes=30)
        w.pay(MULE, SECOND, 30000, when)
        self.report(paid)
        self.hold()
        w.freeze_held(self.incident)
        waiting = {"waits": "unrelated"}
        self.assertEqual(self.done(w.get("/v1/orders", query=waiting, user="an"))["items"], [])
        row = f"t{w.count},{when},{MULE[4:]},{SECOND[4:]},30000,BKA,BKB,reversed\n"
        self.done(w.feed("id,time,from,to,amount,from_bank,to_bank,status\n" + row, "fee",
                         feed="transfers"))
        found, end = [], time.monotonic() + PATIENCE_S
        while not found and time.monotonic() < end:
            found = self.done(w.get("/v1/orders", query=waiting, user="an"))["items"]
            time.sleep(0.02)
        self.assertEqual([(o["kind"], o["target"]["value"]) for o in found], [("freeze", SECOND)])
        since, by = (dt.datetime.fromisoformat(found[0][k]) for k in ("unrelated_since",
                                                                      "release_by"))
        self.assertEqual(by - since, dt.timedelta(days=3))
        path = f"/v1/orders/{found[0]['order']}"
        self.assertIn("keep", found[0]["may"])
        self.assertEqual(w.post(path + "/keep", {"why": "x"}, user="nan").code, "permit.role")
        self.assertEqual(w.post(path + "/keep", {"why": " "}, user="an").code, "why.missing")
        kept = self.done(w.post(path + "/keep", {"why": "the bank is asked"}, user="an"))
        self.assertEqual((kept["state"], kept["keeper"], "release_by" in kept),
                         ("executed", "an", False))
        self.assertEqual(w.post(path + "/keep", {"why": "x"}, user="an").code,
                         "order.not_unrelated")
        told = self.done(w.get(path, user="an"))["history"]
        self.assertEqual([h["act"] for h in told][-2:], ["order.unrelate", "order.keep"])
        self.assertEqual(told[-1]["why"], "the bank is asked")
        self.assertEqual(self.done(w.get("/v1/orders", query=waiting, user="an"))["items"], [])

    def test_the_same_request_again(self):
        paid = self.w.pay(VICTIM, MULE, 50000, self.w.ago(minutes=40))
        self.report(paid)
        self.hold()
        key = {"Idempotency-Key": "once"}
        one = self.done(self.compute(MULE, headers=key), 201)
        two = self.done(self.compute(MULE, headers=key), 201)
        self.assertEqual(one, two)
        self.assertEqual(self.compute(MULE, headers=key, rule="fifo").code, "idempotency.reused")

    def test_reading_stands_in_the_ledger(self):
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        self.report(paid)
        self.hold()
        self.refund()
        made = self.done(self.compute(MULE), 201)
        path = f"/v1/rounds/{made['round']}/statement"
        self.assertEqual(w.get(path, user="an").code, "purpose.missing")
        self.assertEqual(w.get(path, query={"purpose": "x"}, user="bank-a").code, "round.absent")
        self.statement(made)
        w.add_user("aud", ["auditor"])
        leaves = w.get("/v1/audit?limit=500", user="aud").value["items"]
        read = {(leaf["act"], leaf.get("why")) for leaf in leaves if leaf["act"].endswith("read")}
        self.assertEqual(read, {("incident.read", "refund " + MULE), ("round.read", "to check")})

    @unittest.skipUnless(shutil.which("pdftotext"), "poppler-utils is not there")
    def test_on_paper(self):
        a, b = self.two_victims()
        self.hold()
        made = self.done(self.compute(MULE), 201)
        for language, title in ("zh", "返还说明书"), ("en", "Refund statement"):
            paper = self.statement(made, Accept="application/pdf", **{"Accept-Language": language})
            self.assertEqual(paper.status, 200, paper)
            text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper.body,
                                  capture_output=True, check=True).stdout.decode()
            for part in (title, a[:16], b[:16], "¥300.00", "¥200.00"):  # a wide id is cut
                self.assertIn(part, text)

    def test_at_the_command_line(self):
        a, _ = self.two_victims()
        env = {**os.environ, "YUMEN_TOKEN": self.w.tokens["an"], "LC_ALL": "C.UTF-8"}
        words = [YUMEN, "refund", "--incident", self.incident, "--data", self.w.data]
        done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done)
        self.hold()
        out = subprocess.run(words, capture_output=True, text=True, env=env, check=True).stdout
        for part in (a, "300.00", "bank-a", "Unclaimed: 0.00 CNY"):
            self.assertIn(part, out)
        out = subprocess.run(words + ["--rule", "fifo", "--account", "2000001", "--json"],
                             capture_output=True, text=True, env=env, check=False)
        self.assertEqual(out.returncode, 3, out)  # an account is named with its bank
        out = subprocess.run(words + ["--rule", "fifo", "--account", MULE, "--json"],
                             capture_output=True, text=True, env=env, check=True).stdout
        self.assertEqual(json.loads(out)["items"][0]["rule"], "fifo")

    # ---- later rounds ------------------------------------------------------------------------

    def pay_out(self, made):
        """Reviewed, approved by two, paid by the bank, closed: everything that was shared."""
        w, path = self.w, f"/v1/rounds/{made['round']}"
        self.done(w.post(path + "/review", user="an"))
        w.freeze_held(self.incident)
        for user in "bo", "cy":
            self.done(w.post(path + "/approve", user=user))
        task = next(t for t in self.done(w.get("/v1/providers/bank-a/rounds",
                                               user="bank-a"))["items"]
                    if t["round"] == made["round"])
        served = self.statement(made, user="bank-a")
        self.check(served.body)
        for i, share in enumerate(task["shares"]):
            self.done(w.post(f"/v1/shares/{share['share']}/receipt",
                             {"result": "done", "reference": f"R{i}"}, user="bank-a"))
        self.done(w.post(path + "/close", user="an"))
        w.banks_obey()
        return [share["share"] for share in task["shares"]]

    def test_who_passes_money_on_does_not_take_the_victims_place_in_silence(self):
        """A mule reports the onward transfer as a loss: shared as it is, and made public first."""
        w = self.w
        w.add_user("cy", ["approver"])
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        onward = w.pay(MULE, SECOND, 50000, w.ago(minutes=30))
        self.report(paid)
        self.hold()
        before = self.done(self.compute(SECOND), 201)
        self.assertEqual((before["needs_notice"], before["doubts"]), (False, 0))
        mule = self.report(onward, number="13912345679")["claims"][0]["claim"]
        path = f"/v1/rounds/{before['round']}"
        self.assertEqual(w.post(path + "/review", user="an").code, "round.stale")
        self.done(w.post(path + "/void", {"why": "another claim"}, user="an"))
        made = self.done(self.compute(SECOND), 201)
        self.assertEqual([s["claim"] for s in made["shares"]], [mule])
        self.assertEqual((made["needs_notice"], made["doubts"]), (True, 1))
        served = self.statement(made)
        self.check(served.body)
        doubt, = [d for d in json.loads(served.body)["doubts"] if d["code"] == "payer_received"]
        self.assertEqual((doubt["claims"], doubt["entries"]), ([mule], [onward]))
        self.done(w.post(f"/v1/rounds/{made['round']}/review", user="an"))
        self.assertEqual(w.post(f"/v1/rounds/{made['round']}/approve", user="bo").code,
                         "round.notice_first")

    def test_a_later_victim_and_a_stale_round(self):
        w = self.w
        w.add_user("cy", ["approver"])
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        a = self.report(paid)["claims"][0]["claim"]
        self.hold()
        first = self.done(self.compute(MULE), 201)
        shares = self.pay_out(first)
        self.assertEqual(self.refund()["items"], [])
        self.assertEqual(self.compute(MULE).code, "round.not_held")
        w.step(minutes=10)
        w.pay(MULE, VICTIM, 50000, w.ago(minutes=9))  # what the bank paid, in its feed
        later = w.pay(OTHER, MULE, 20000, w.ago(minutes=5))
        b = self.report(later, number="13912345679")["claims"][0]["claim"]
        self.hold()
        item, = self.refund()["items"]
        self.assertEqual(self.shares(item), {a: ("timestamp", 0), b: ("timestamp", 20000)})
        self.assertEqual([(e["id"], e["direction"]) for e in item["statement"]["entries"]],
                         [(paid, "in"), (shares[0], "out"), (later, "in")])
        second = self.done(self.compute(MULE), 201)
        self.assertEqual((second["number"], second["shared"], len(second["shares"])),
                         (2, 20000, 1))
        self.check(self.statement(second).body)
        path = f"/v1/rounds/{second['round']}"
        self.assertFalse(self.done(w.get(path, user="an"))["is_stale"])
        # somebody else's money was there all along, and now they say so
        third = w.pay("BKA:1000003", MULE, 700, w.ago(minutes=4))
        self.assertTrue(self.done(w.get(path, user="an"))["is_stale"])
        self.assertEqual(w.post(path + "/review", user="an").code, "round.stale")
        self.report(third, number="13912345670")
        self.done(w.post(path + "/void", {"why": "another victim"}, user="an"))
        again = self.done(self.compute(MULE), 201)
        self.assertEqual(again["number"], 3)

    def test_one_loss_in_two_accounts_is_given_back_once(self):
        """What an open round owes a claim is off its loss in the next."""
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        w.pay(MULE, SECOND, 30000, w.ago(minutes=30))
        self.report(paid)
        self.hold()
        one = self.done(self.compute(MULE), 201)
        two = self.done(self.compute(SECOND), 201)
        self.assertEqual((one["shares"][0]["loss"], one["shared"]), (50000, 20000))
        self.assertEqual((two["shares"][0]["loss"], two["shared"]), (30000, 30000))
        self.assertFalse(self.done(w.get(f"/v1/rounds/{one['round']}", user="an"))["is_stale"])

    def test_no_rule_but_the_laws_and_nobody_closes_on_their_own_word(self):
        w = self.w
        for name, role in (("cy", "approver"), ("ty", "analyst")):
            w.add_user(name, [role])
        self.report(w.pay(VICTIM, MULE, 50000, w.ago(minutes=40)))
        self.hold()
        self.assertEqual(self.compute(MULE, rule="fifo").code, "round.rule")
        made = self.done(self.compute(MULE), 201)
        self.assertEqual(made["shares"][0]["to"], VICTIM)
        path = f"/v1/rounds/{made['round']}"
        self.done(w.post(path + "/review", user="an"))
        w.freeze_held(self.incident)
        for user in "bo", "cy":
            self.done(w.post(path + "/approve", user=user))
        receipt = f"/v1/shares/{made['shares'][0]['share']}/receipt"
        self.done(w.post(receipt, {"result": "done", "reference": "on paper"}, user="ty"))
        self.assertEqual([self.done(w.get(path, user=user))["may"] for user in ("ty", "an")],
                         [[], ["close"]])
        self.assertEqual(w.post(path + "/close", user="ty").code, "round.settler")
        self.assertEqual(self.done(w.post(path + "/close", user="an"))["state"], "closed")

    def of_two_divisions(self):
        """People of two towns and their province; a victim of each paid into one account."""
        w = self.w
        for place in "6201", "6202", "62":
            for role in "operator", "analyst", "approver":
                w.add_user(role + place, [role], place)
        said = {}
        for place, payer, number in (("6201", VICTIM, "13912345678"),
                                     ("6202", OTHER, "13912345679")):
            paid = w.pay(payer, MULE, 20000, w.ago(minutes=40))
            reply = w.report({"id": paid}, user="operator" + place, number=number)
            said[place] = self.done(reply, 201)
            self.incidents.add(said[place]["incident"])
        self.hold()
        return said["6201"], said["6202"]

    def test_a_round_of_two_divisions_claims(self):
        """The money is everybody's; who decides is of its incident's division, or above (0104)."""
        w = self.w
        own, other = self.of_two_divisions()
        claim = other["claims"][0]["claim"]
        self.incident = own["incident"]
        self.assertEqual(self.compute(MULE, user="operator6202").code, "record.absent")
        made = self.done(self.compute(MULE, user="operator6201"), 201)
        self.assertEqual((made["division"], {s["claim"]: s["amount"] for s in made["shares"]}),
                         ("6201", {own["claims"][0]["claim"]: 20000, claim: 20000}))
        path = "/v1/rounds/" + made["round"]

        # The other division hears that there is one, and what became of its own claim: no more.
        for user in "analyst6202", "approver6202":
            self.assertEqual(w.get(path, user=user).code, "round.absent")
            self.assertEqual(self.done(w.get("/v1/rounds", user=user))["items"], [])
            self.assertEqual(self.statement(made, user=user).code, "round.absent")
        for step in "review", "notice", "approve", "void", "close":
            self.assertEqual(w.post(f"{path}/{step}", {"why": "mine"}, user="approver6202").code,
                             "round.absent")
        seen, = self.done(w.get(f"/v1/incidents/{other['incident']}/refund",
                                user="analyst6202"))["items"]
        self.assertEqual((seen["round"], seen["frozen"]), (made["round"], 40000))
        self.incident = other["incident"]
        self.assertEqual(self.compute(MULE, user="operator6202").code, "round.exists")
        progress = {"path": f"/v1/reports/{other['report']}/progress",
                    "query": {"secret": other["secret"]}}
        mine, = self.done(w.get(**progress))["rounds"]
        self.assertEqual((mine["round"], mine["amount"], mine["state"], mine["share"]),
                         (made["round"], 20000, "computed", "due"))

        # Its own division decides, or the province; the orders of both are let go from above.
        for user in "analyst6201", "analyst62":
            self.assertIn("review", self.done(w.get(path, user=user))["may"])
        self.done(w.post(path + "/review", user="analyst6201"))
        for said in own, other:
            w.freeze_held(said["incident"])
        for user in "approver6201", "approver62":
            self.done(w.post(path + "/approve", user=user))
        for i, share in enumerate(made["shares"]):
            self.done(w.post(f"/v1/shares/{share['share']}/receipt",
                             {"result": "done", "reference": f"R{i}"}, user="bank-a"))
        self.assertEqual([self.done(w.get(path, user="analyst" + place))["may"]
                          for place in ("6201", "62")], [[], ["close"]])
        self.assertEqual(w.post(path + "/close", user="analyst6201").code, "round.close_above")
        self.assertEqual(self.done(w.get(path, user="analyst6201"))["state"], "paid")
        self.assertEqual(self.done(w.post(path + "/close", user="analyst62"))["state"], "closed")
        report = self.done(w.get("/v1/reports/" + other["report"], query={"purpose": "to check"},
                                 user="analyst6202"))
        self.assertEqual([(c["claim"], c["returned"]) for c in report["claims"]], [(claim, 20000)])

    def test_a_division_alone_makes_a_round_from_end_to_end(self):
        w = self.w
        for role in "operator", "analyst":
            w.add_user(role + "6201", [role], "6201")
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=40))
        said = self.done(w.report({"id": paid}, user="operator6201"), 201)
        self.incident = said["incident"]
        self.incidents.add(self.incident)
        self.hold()
        made = self.done(self.compute(MULE, user="operator6201"), 201)
        path = "/v1/rounds/" + made["round"]
        self.done(w.post(path + "/review", user="analyst6201"))
        w.freeze_held(self.incident)
        for user in "approver6201", "chief6201":
            w.add_user(user, ["approver"], "6201")
            self.done(w.post(path + "/approve", user=user))
        self.done(w.post(f"/v1/shares/{made['shares'][0]['share']}/receipt",
                         {"result": "done", "reference": "R0"}, user="bank-a"))
        self.assertEqual(self.done(w.post(path + "/close", user="analyst6201"))["state"], "closed")

    def test_another_banks_word_undoes_no_round(self):
        """A feed may say that what is held has left; a round counts on the bank that holds it."""
        w = self.w
        self.report(w.pay(VICTIM, MULE, 50000, w.ago(minutes=40)))
        self.hold()
        incident = self.incident
        made = self.done(self.compute(MULE), 201)
        other = self.report(w.pay(OTHER, SECOND, 9000, w.ago(minutes=20)), number="13912345679")
        w.pay(MULE, STRANGER, 50000, w.ago(minutes=35))
        for left in 8000, 7000:  # a whole look of the race lies between the two
            w.pay(SECOND, STRANGER, 1000, w.ago(minutes=10))
            self.until(lambda left=left: self.orders(other["incident"])[0]["amount"] == left)
            w.banks_obey()
        order, = self.orders(incident)
        self.assertEqual((order["state"], order["amount"], order["asked"]),
                         ("executed", 50000, "nothing"))
        self.assertEqual(self.done(w.get(f"/v1/rounds/{made['round']}", user="an"))["state"],
                         "computed")

    def orders(self, incident):
        return self.done(self.w.get("/v1/orders", query={"incident": incident}, user="an"))["items"]

    def until(self, question):
        end = time.monotonic() + PATIENCE_S
        while not question():
            self.assertLess(time.monotonic(), end, "it never came: " + self.w.log()[-2000:])
            time.sleep(0.05)


if __name__ == "__main__":
    for program in (YUMEN, CHECK):
        if not os.path.exists(program):
            print(f"there is no program yet: {program}")
            sys.exit(77)
    unittest.main(verbosity=1)
