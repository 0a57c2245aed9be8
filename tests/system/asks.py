#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a bank that asks before it books hears pass, warn with words for the payer, or hold where the
profile has one; never why; and whoever is not the payer's bank learns nothing of a payer's number.
Method: a drill's centre, over HTTP, with visits and messages about one number; each field wrong.
"""
import json
import os
import unittest

from centre import SOURCE
from warned import SITE, VICTIM, World, wait_until

PAYER, PAYEE, LISTED, OTHER = (f"BK{b}:{n}" for b, n in (
    ("A", "1000000001"), ("B", "1000000002"), ("B", "1000000003"), ("B", "1000000004")))
HOLD = "ask_hold: { minutes: 30, basis: fraud_law_20 }\n"


class HoldingWorld(World):
    def prepare(self):
        with open(os.path.join(SOURCE, "profiles/cn.yaml"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(self.data, "mine.yaml"), "w", encoding="utf-8") as file:
            file.write(text + HOLD)


class Asks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.w = World()
        cls.addClassCleanup(cls.w.close)
        cls.w.list_now("ann", "bob", kind="account", value=LISTED, action="block",
                       match="exact", reason="mule_account", basis="fraud_law_20")
        cls.w.list_now("ann", "bob", kind="number", value="+8613700990099", action="warn",
                       match="exact", basis="telecom_rules")

    def ask(self, user="bea", world=None, **said):
        transfer = {"id": "t-1", "from": PAYER, "to": PAYEE, "amount": 880000, **said}
        transfer = {key: value for key, value in transfer.items() if value is not None}
        return (world or self.w).post("/v1/screen", {"transfer": transfer}, user=user)

    def answer(self, **said):
        reply = self.ask(**said)
        self.assertEqual(reply.status, 200, reply)
        return reply.value["transfer"]

    def test_nothing_known_passes(self):
        said = self.answer()
        self.assertEqual((said["id"], said["verdict"], said["payee"]["verdict"]),
                         ("t-1", "pass", "pass"))
        self.assertNotIn("text", said)
        said = self.answer(id="t-2", number="13912340044")
        self.assertEqual(said["verdict"], "pass")

    def test_a_listed_payee_is_said(self):
        said = self.answer(to=LISTED)
        self.assertEqual((said["verdict"], said["payee"]["verdict"]), ("warn", "block"))
        self.assertEqual(set(said["text"]), {"en", "zh"})
        self.assertNotIn("hold", said)  # the profile has none

    def test_who_is_in_danger_is_told_and_nobody_why(self):
        w = self.w
        visits = [w.visit(domain=f"p{i}.{SITE}", time=w.ago(minutes=2, seconds=i))
                  for i in range(3)]
        messages = [w.message(time=w.ago(minutes=9, seconds=i)) for i in range(2)]
        self.assertEqual(w.send("visits", visits).status, 200)
        self.assertEqual(w.send("messages", messages).status, 200)
        wait_until(lambda: self.answer(id="t-3", number=VICTIM)["verdict"] == "warn")
        reply = self.ask(id="t-4", number=VICTIM)
        said = reply.value["transfer"]
        self.assertEqual(set(said), {"id", "verdict", "text", "payee"})
        for word in (VICTIM, VICTIM[1:], SITE, "tier", "visit", "message"):
            self.assertNotIn(word, reply.text)
        self.assertIn("96110", said["text"]["zh"])
        self.assertEqual(self.answer(id="t-5", number="13912340055")["verdict"], "pass")

    def test_the_ask_is_a_signal_once(self):
        w = self.w

        def taken():
            return sum(w.signals().values())
        before = taken()
        self.answer(id="t-6", number="13912340066")
        wait_until(lambda: taken() == before + 1)
        self.answer(id="t-7", number="13912340066", known_payee=True)  # nothing new about it
        self.answer(id="t-8")  # nobody's
        self.answer(id="t-6", number="13912340066")  # the same once more
        wait_until(lambda: taken() == before + 2)
        self.answer(id="t-9", number="13912340066", to=LISTED)  # and the payee
        wait_until(lambda: taken() == before + 4)

    def test_a_number_is_its_own_banks(self):
        for user, frm in (("ann", PAYER), ("mo", PAYER), ("bea", OTHER), ("fay", PAYER)):
            reply = self.ask(user=user, number=VICTIM, **{"from": frm})
            self.assertEqual((reply.status, reply.code), (403, "screen.not_own"), (user, reply))
            self.assertEqual(reply.value["column"], "number")
        self.assertEqual(self.ask(user="ann").status, 200)  # of the payee everybody hears
        self.assertEqual(self.ask(user=None).status, 401)

    def test_each_field_is_refused_by_name(self):
        wrong = (("id", None, "screen.id"), ("id", 7, "json.kind"), ("id", "x" * 129,
                 "column.too_long"), ("from", None, "value.missing"), ("from", "nobody",
                 None), ("to", "", "value.missing"), ("to", "BKA", None), ("amount", None,
                 "screen.amount"), ("amount", "88", "json.kind"), ("amount", 0, "screen.amount"),
                 ("amount", -5, "screen.amount"), ("number", "12", None),
                 ("known_payee", "yes", "json.kind"))
        for column, value, code in wrong:
            reply = self.ask(**{column: value})
            self.assertIn(reply.status, (400, 422), (column, value, reply))
            self.assertEqual(reply.value.get("column"), column, (value, reply))
            if code:
                self.assertEqual(reply.code, code, (column, value))
        both = {"transfer": {}, "call": {}}
        self.assertEqual(self.w.post("/v1/screen", both, user="bea").code, "screen.one_thing")

    def test_a_call(self):
        def call(number):
            return self.w.post("/v1/screen", {"call": {"caller": number}}, user="mo")
        said = call("+8613700990099").value["call"]
        self.assertEqual((said["verdict"], said["caller"]["verdict"]), ("warn", "warn"))
        self.assertEqual(set(said["text"]), {"en", "zh"})
        self.assertEqual(call("+8613700990088").value["call"]["verdict"], "pass")
        self.assertEqual(call("").value["column"], "caller")

    def request(self, user="ali", **said):
        body = {"kind": "domain", "value": f"www.{SITE}", **said}
        body = {key: value for key, value in body.items() if value is not None}
        return self.w.post("/v1/screen", {"request": body}, user=user)

    def test_an_app_asks_for_its_user(self):
        """What is listed is said, and is one signal about who asks; of what is not, nothing is."""
        w = self.w

        def taken():
            return sum(w.signals().values())
        before, reader = w.signals(), "13912340088"
        for said, verdict in (({}, "block"), ({"kind": None, "value": "pass.example"}, "pass")):
            for number in ({}, {"number": reader, "consent": True}):
                got = self.request(**said, **number).value["request"]
                self.assertEqual(got["thing"]["verdict"], verdict)
                self.assertEqual(got["verdict"], "pass" if verdict == "pass" else "warn")
                self.assertEqual(set(got.get("text", {})),
                                 {"en", "zh"} if verdict == "block" else set())
        wait_until(lambda: taken() == sum(before.values()) + 1)
        self.request(number=reader, consent=True)  # again: the same
        self.request(number=reader, consent=True, value=f"two.{SITE}")  # another thing
        wait_until(lambda: taken() == sum(before.values()) + 3)
        now = w.signals()
        self.assertEqual((now["new"] - before["new"], now["again"] - before["again"]), (2, 1))
        got = self.request(value="pass.example", number=VICTIM, consent=True).value["request"]
        self.assertEqual(got["verdict"], "pass")  # whoever is in danger: an app hears of things

    def test_a_number_is_its_own_apps_and_with_consent(self):
        for user in ("ann", "mo", "bea", "fay"):
            reply = self.request(user=user, number=VICTIM, consent=True)
            self.assertEqual((reply.status, reply.code), (403, "screen.not_app"), (user, reply))
            self.assertEqual(self.request(user=user).value["request"]["verdict"], "warn")
        for consent in ({}, {"consent": False}):
            reply = self.request(number=VICTIM, **consent)
            self.assertEqual((reply.status, reply.code), (400, "screen.consent"), reply)
        for column, value, code in (("consent", "yes", "json.kind"), ("number", "12", None),
                                    ("number", 7, "json.kind"),
                                    ("kind", "person", "kind.unknown"),
                                    ("value", "", "value.missing"),
                                    ("value", None, "value.missing"),
                                    ("kind", 7, "json.kind")):
            reply = self.request(**{"number": VICTIM, "consent": True, column: value})
            self.assertEqual((reply.status, reply.value.get("column")), (400, column), reply)
            if code:
                self.assertEqual(reply.code, code, (column, value))
        self.assertEqual(self.request(user=None).status, 401)

    def test_many_are_asked_as_before(self):
        body = json.dumps({"items": [{"kind": "account", "value": LISTED}]}, indent=1)
        reply = self.w.ask("POST", "/v1/screen", body, user="bea")
        self.assertEqual(reply.value["verdicts"][0]["verdict"], "block")


class Holds(Asks):
    """The same centre with a profile that lets a bank be told to hold."""

    @classmethod
    def setUpClass(cls):
        cls.w = HoldingWorld("profile: mine.yaml\n")
        cls.addClassCleanup(cls.w.close)
        cls.w.list_now("ann", "bob", kind="account", value=LISTED, action="block",
                       match="exact", reason="mule_account", basis="fraud_law_20")
        cls.w.list_now("ann", "bob", kind="number", value="+8613700990099", action="warn",
                       match="exact", basis="telecom_rules")

    def test_a_listed_payee_is_said(self):
        said = self.answer(to=LISTED)
        self.assertEqual((said["verdict"], said["hold"]["basis"]), ("hold", "fraud_law_20"))
        self.assertGreater(said["hold"]["until"], self.w.now().isoformat()[:16])
        self.assertTrue(said["hold"]["basis_text"])

    def test_who_is_in_danger_is_told_and_nobody_why(self):
        """What is enough for a warning need not be for a hold."""
        self.assertEqual(self.answer(id="t-3")["verdict"], "pass")


if __name__ == "__main__":
    unittest.main(verbosity=2)
