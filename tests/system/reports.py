#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a victim's report becomes orders in the queues of the right banks with one answer, and never
more, never on a stranger's word, never against an innocent account.
Method: a centre with five banks and a small world of transfers, asked through its public doors.
"""
import datetime as dt
import json
import os
import re
import subprocess
import time
import unittest

from centre import PATIENCE_S, YUMEN, Centre, instant

BANKS = """providers:
  - {id: bank-a, name: 甲银行, kind: bank, can: [hold, stop, freeze, query, disconnect], codes: [BKA]}
  - {id: bank-b, name: 乙银行, kind: bank, can: [hold, stop, freeze, query], codes: [BKB]}
  - {id: bank-c, name: 丙银行, kind: bank, can: [stop], codes: [BKC]}
  - {id: bank-d, name: 丁银行, kind: bank, can: [query], codes: [BKD]}
  - {id: bank-e, name: 戊银行, kind: bank, can: [hold], codes: [BKE], form: cn}
"""
VICTIM, MULE, SECOND, THIRD, SHOP, OWN_FORM = (f"BK{b}:{n}" for b, n in (
    ("A", "1000001"), ("A", "2000001"), ("B", "3000001"), ("C", "4000001"), ("B", "5000001"),
    ("E", "6000001")))


class World(Centre):
    """A drill's centre whose banks are known, with people and a day of transfers."""

    def __init__(self, banks=BANKS):
        super().__init__("drill", begins=False)
        path = os.path.join(self.data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"(?m)^providers:.*\n", banks, file.read(), count=1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.start()
        self.add_user("nan", ["operator"])
        self.add_user("bei", ["operator"])
        self.add_user("bo", ["approver"])
        self.add_user("an", ["analyst"])
        self.add_user("fee", ["feeder"])
        for bank in "abce":
            reply = self.post("/v1/users", {"name": f"bank-{bank}", "roles": ["provider"],
                                            "provider": f"bank-{bank}", "token": True}, local=True)
            assert reply.status == 201, reply
            self.tokens[f"bank-{bank}"] = reply.value["token"]
        self.count = 0

    def ago(self, **by):
        return instant(self.now() - dt.timedelta(**by))

    def pay(self, frm, to, amount, when, **more):
        """One transfer, as the banks report it; its id."""
        return self.pay_often(1, frm, to, amount, when, **more)

    def pay_often(self, times, frm, to, amount, when, **more):
        """So many transfers that are alike; the last one's id."""
        rows = []
        for _ in range(times):
            self.count += 1
            row = {"id": f"t{self.count}", "time": when, "from": frm.split(":")[1],
                   "to": to.split(":")[1], "amount": amount, "from_bank": frm.split(":")[0],
                   "to_bank": to.split(":")[0], **more}
            rows.append(",".join(str(v) for v in row.values()) + "\n")
        reply = self.feed(",".join(row) + "\n" + "".join(rows), "fee", feed="transfers")
        assert reply.status == 200 and reply.value["accepted"] == times, (reply, reply.text)
        return row["id"]

    def banks_obey(self):
        """Each bank does what it is asked."""
        for bank in "abc":
            queue = self.get(f"/v1/providers/bank-{bank}/orders", user=f"bank-{bank}").value
            for o in queue["items"]:
                held = 0 if o["asked"] == "lift" else o["amount"]
                reply = self.post(f"/v1/orders/{o['order']}/receipt",
                                  {"result": "done", "held": held, "ask": o["ask"]},
                                  user=f"bank-{bank}")
                assert reply.status == 200, reply

    def freeze_held(self, incident):
        """What two people hold for days is frozen for months: the same money, taken over."""
        held = self.get("/v1/orders", query={"incident": incident}, user="an").value["items"]
        for o in (o for o in held if o["kind"] in ("hold", "stop") and o["held"] > 0):
            body = {"kind": "freeze", "takes": o["order"], "basis": "fraud_law_20"}
            made = self.post("/v1/orders", body, user="an")
            assert made.status == 201, made
            reply = self.post(f"/v1/orders/{made.value['order']}/approve", user="bo")
            assert reply.status == 200, reply
        self.banks_obey()
        self.banks_obey()

    def report(self, *lines, user="nan", number="13912345678", **more):
        body = {"channel": "96110", "victim": {"number": number, "name": "李某"},
                "said": "a caller said he was the police", "transfers": list(lines), **more}
        return self.post("/v1/reports", body, user=user)


class Reports(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)

    def take(self, *lines, **more):
        reply = self.world.report(*lines, **more)
        self.assertEqual(reply.status, 201, reply)
        return reply.value

    def targets(self, answer):
        return [(o["target"]["value"], o["kind"], o["amount"]) for o in answer["orders"]]

    def codes(self, answer):
        return [r["code"] for r in answer["refusals"]]

    def test_the_money_is_held_where_it_is(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        w.pay(MULE, SECOND, 300000, w.ago(minutes=15))
        w.pay(SECOND, THIRD, 120000, w.ago(minutes=10))
        said = self.take({"id": first})
        # the most is not the first: what came to the second later is likelier to be there still
        self.assertEqual(self.targets(said), [(SECOND, "hold", 180000), (MULE, "hold", 200000),
                                              (THIRD, "stop", 120000)])
        self.assertEqual([o["rank"] for o in said["orders"]], [1, 2, 3])
        for o in said["orders"]:
            self.assertLessEqual({"race.why.balance", "race.why.leaves", "race.why.there"},
                                 {why["code"] for why in o["why"]}, o)
        self.assertEqual({o["state"] for o in said["orders"]}, {"sent"})
        self.assertTrue(all(o["emergency"] for o in said["orders"]))
        self.assertEqual([o["provider"] for o in said["orders"]], ["bank-b", "bank-a", "bank-c"])
        self.assertEqual((said["loss"], said["pledged"], said["joined"]), (500000, 500000, False))
        self.assertEqual(said["claims"][0]["state"], "matched")
        self.assertEqual(said["trail"]["totals"]["present"], 500000)
        self.assertEqual(said["refusals"], [])

    def test_a_payment_is_found_by_what_the_victim_knows(self):
        w = self.world
        w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        said = self.take({"to": "2000001", "bank": "甲银行", "amount": 500000,
                          "time": w.ago(minutes=25), "name": "王某"})
        self.assertEqual(said["claims"][0]["state"], "matched")
        self.assertEqual(said["claims"][0]["transfer"], "t1")
        self.assertEqual(said["orders"][0]["target"]["name"], "王某")

    def test_what_no_bank_knows_yet_is_held_at_the_payee(self):
        said = self.take({"to": MULE, "bank": "BKA", "amount": 70000})
        self.assertEqual(self.targets(said), [(MULE, "hold", 70000)])
        self.assertEqual(said["claims"][0]["state"], "told")
        self.assertNotIn("trail", said)

    def test_the_web_sends_nothing(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        reply = w.report({"id": first, "to": MULE, "amount": 500000}, user=None)
        self.assertEqual(reply.status, 201, reply)
        said = reply.value
        self.assertEqual((said["state"], said["orders"], said["joined"]), ("filed", [], False))
        self.assertNotIn("incident", said)
        self.assertNotIn("claims", said)
        self.assertRegex(said["secret"], r"^YM(-[0-9A-Z]{4}){3}$")
        # and it takes nothing from the victim who is taken seriously
        self.assertEqual(self.take({"id": first})["loss"], 500000)

    def test_a_mismatch_is_not_held(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        said = self.take({"id": first, "amount": 400000, "to": SECOND})
        self.assertEqual(said["orders"], [])
        self.assertEqual(said["loss"], 0)
        self.assertEqual(said["claims"][0]["state"], "mismatched")
        self.assertEqual(said["claims"][0]["mismatch"], ["to", "amount"])
        again = self.take({"id": first, "amount": 500000})
        self.assertEqual((again["joined"], again["loss"]), (True, 500000))
        self.assertEqual(again["incident"], said["incident"])
        self.assertEqual(self.targets(again), [(MULE, "hold", 500000)])

    def test_another_amount_without_the_account_that_paid(self):
        w = self.world
        when = w.ago(minutes=20)
        w.pay(VICTIM, MULE, 500000, when)
        for amount in (500001, 5000, 400000):
            said = self.take({"to": MULE, "bank": "BKA", "amount": amount, "time": when})
            self.assertEqual(self.codes(said), ["claim.near"])
            self.assertEqual((said["orders"], said["loss"]), ([], 0))
            claim, = said["claims"]
            self.assertEqual((claim["state"], claim["mismatch"]), ("mismatched", ["amount"]))
            self.assertEqual((claim.get("from"), claim.get("transfer")), (None, None))
        again = self.take({"to": MULE, "bank": "BKA", "amount": 500000, "time": when})
        self.assertEqual(self.targets(again), [(MULE, "hold", 500000)])
        # it was somebody else's: who says which account paid is not doubted
        other = self.take({"to": MULE, "bank": "BKA", "amount": 70000, "time": when,
                           "from": "BKB:9000001"}, number="13912345679")
        self.assertEqual((other["claims"][0]["state"], self.targets(other)),
                         ("told", [(MULE, "hold", 70000)]))
        # nor is, who does not know when
        other = self.take({"to": MULE, "bank": "BKA", "amount": 60000}, number="13912345670")
        self.assertEqual(self.targets(other), [(MULE, "hold", 60000)])
        # of two, neither is meant
        w.pay("BKB:9000002", MULE, 100, when)
        other = self.take({"to": MULE, "bank": "BKA", "amount": 50000, "time": when},
                          number="13912345671")
        self.assertEqual(self.targets(other), [(MULE, "hold", 50000)])

    def test_what_may_be_told_already_is_not_held_twice_on_one_persons_word(self):
        w = self.world
        line = {"to": MULE, "bank": "BKA", "amount": 500000, "time": w.ago(minutes=20)}
        one = self.take(line)
        self.assertEqual(self.targets(one), [(MULE, "hold", 500000)])
        two = self.take({**line, "time": w.ago(minutes=17)}, number="13912345679", user="bei")
        self.assertEqual([(r["code"], r["incident"]) for r in two["refusals"]],
                         [("claim.perhaps_same", one["incident"])])
        self.assertEqual((two["joined"], two["loss"], two["pledged"]), (False, 500000, 0))
        self.assertEqual([(o["state"], o["emergency"]) for o in two["orders"]],
                         [("drafted", False)])
        three = self.take(line, number="")
        self.assertEqual(self.codes(three), ["claim.perhaps_same"])
        # without a time, it was lately
        self.assertEqual(self.codes(self.take({"to": SECOND, "bank": "BKB", "amount": 7})), [])
        again = self.take({"to": SECOND, "bank": "BKB", "amount": 7}, number="")
        self.assertEqual(self.codes(again), ["claim.perhaps_same"])
        # another time, another amount, or accounts that both are known, are another payment
        for other in ({"time": w.ago(minutes=90)}, {"amount": 500100}):
            said = self.take({**line, **other}, number="13912345670")
            self.assertEqual((self.codes(said), said["pledged"]), ([], said["loss"]))
        told = {**line, "to": "BKA:2000009"}
        self.take({**told, "from": "BKB:9000001"}, number="13912345671")
        said = self.take({**told, "from": "BKB:9000002"}, number="13912345672")
        self.assertEqual((self.codes(said), said["pledged"]), ([], 500000))
        held = sum(o["amount"] for o in w.get("/v1/orders", query={"provider": "bank-a"},
                                              user="an").value["items"]
                   if o["target"]["value"] == MULE and o["state"] == "sent")
        self.assertEqual(held, 500000 + 500000 + 500100)

    def test_nobody_pays_themselves(self):
        said = self.take({"from": MULE, "to": MULE, "bank": "BKA", "amount": 100},
                         {"from": "2000001", "to": "2000001", "bank": "BKA", "amount": 100})
        self.assertEqual(self.codes(said), ["claim.to_oneself", "claim.to_oneself"])
        self.assertEqual((said["orders"], said["claims"]), ([], []))

    def test_the_holder_reads_why(self):
        w = self.world
        said = self.take({"id": w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))},
                         {"to": OWN_FORM, "bank": "BKE", "amount": 100})
        queue = w.get("/v1/providers/bank-a/orders", user="bank-a").value
        url = queue["items"][0]["notice_url"]
        self.assertRegex(url, r"^http://.*/notice/[0-9A-Z]{26}-[0-9a-f]{32}$")
        self.assertNotIn("notice_url", str(w.get("/v1/orders", user="an").value))
        path = url[url.index("/notice/"):]
        page = w.get(path).text
        for words in ("**** 0001", "5,000.00 CNY", "限额止付", "Hold", "涉诈资金过渡账户",
                      "《反电信网络诈骗法》第二十条", "art. 20", "有效身份证件",
                      "identity document", queue["items"][0]["order"],
                      "/appeal?order=" + queue["items"][0]["order"], 'class="blocked"'):
            self.assertIn(words, page)
        for words in ("李某", "13912345678", VICTIM, VICTIM[4:], said["incident"], MULE[4:],
                      said["report"], "{{", "(("):
            self.assertNotIn(words, page)
        for other in (path[:-1] + ("0" if path[-1] != "0" else "1"), path[:-1], path[:-33],
                      path[:-32], "/notice/x", "/notice/-", "/notice/" + 26 * "0" + path[-33:]):
            self.assertEqual(w.get(other).status, 404, other)
        # in form cn too: the address, and words where codes were
        letter = w.ask("GET", "/v1/providers/bank-e/orders", user="bank-e",
                       headers={"Accept": "application/xml"}).text
        self.assertRegex(letter, r"<HolderNoticeURL>http://[^<]*/notice/[0-9A-Z]{26}-[0-9a-f]{32}<")
        self.assertIn("<Reason>涉诈资金过渡账户", letter)
        self.assertIn("<LegalBasis>《反电信网络诈骗法》第二十条", letter)
        # whoever appeals names the order; what has ended says so
        reply = w.post("/v1/appeals", {"order": queue["items"][0]["order"],
                                       "statement": "the money was for goods"})
        self.assertEqual(reply.status, 201, reply)
        w.post("/v1/reports/" + said["report"] + "/withdraw", {"why": "x"}, user="nan")
        w.banks_obey()
        self.assertIn('class="free"', w.get(path).text)

    def test_two_operators_on_one_report(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        one = self.take({"id": first})
        two = self.take({"to": MULE, "amount": 500000, "time": w.ago(minutes=20)}, user="bei")
        self.assertEqual((two["joined"], two["incident"]), (True, one["incident"]))
        self.assertEqual((two["loss"], two["orders"]), (0, []))
        self.assertEqual(two["claims"][0]["claim"], one["claims"][0]["claim"])

    def test_a_half_filled_form_is_taken(self):
        said = self.take({"to": MULE}, {"amount": "much"}, {"to": MULE, "bank": "BKA", "amount": 5},
                         "nothing", number="not a number")
        self.assertEqual(self.codes(said)[:4], ["number.letters", "claim.amount",
                                                "amount.malformed", "claim.not_object"])
        self.assertEqual([r.get("index") for r in said["refusals"]], [None, 0, 1, 3])
        self.assertIn("in line 4 of the payments is no payment", said["refusals"][3]["reason"])
        for kept in ('#1 {"to":"' + MULE + '"}', '#2 {"amount":"much"}', '#4 "nothing"'):
            self.assertIn("\n" + kept, said["said"])
        self.assertEqual(self.targets(said), [(MULE, "hold", 5)])
        nothing = self.take()
        self.assertEqual((nothing["state"], nothing["loss"], nothing["orders"]), ("taken", 0, []))

    def test_what_cannot_be_read_is_kept_as_it_was_typed(self):
        said = self.take({"to": MULE, "bank": "BKA", "amount": 12.5})
        self.assertEqual(self.codes(said), ["amount.fractional"])
        self.assertIn('\n#1 {"to":"' + MULE + '","bank":"BKA","amount":12.5}', said["said"])
        said = self.take({"id": "nobody-knows", "name": "王某"})  # no bank knows it
        self.assertEqual(self.codes(said), ["transfer.unknown"])
        self.assertIn('\n#1 {"id":"nobody-knows","name":"王某"}', said["said"])
        told = {"id": "nobody-knows", "to": MULE, "bank": "BKA", "amount": 70000}
        self.assertEqual(self.targets(self.take(told)), [(MULE, "hold", 70000)])
        for transfers, kept in (({"to": MULE, "amount": 500}, '{"to":"' + MULE + '","amount":500}'),
                                ("lost 500 to 2000001", '"lost 500 to 2000001"')):
            said = self.take(transfers=transfers)
            self.assertEqual([(r["code"], r["column"]) for r in said["refusals"]],
                             [("transfers.not_list", "transfers")])
            self.assertIn("\ntransfers " + kept, said["said"])
        said = self.take(victim="13912345678")
        self.assertEqual([(r["code"], r["column"]) for r in said["refusals"]],
                         [("json.kind", "victim")])
        self.assertIn('\nvictim "13912345678"', said["said"])
        said = self.take(victim={"number": 13912345678, "name": "李某"})
        self.assertEqual(self.codes(said), ["json.kind"])
        self.assertIn("\nvictim.number 13912345678", said["said"])
        self.assertEqual(said["victim"], {"name": "李某"})

    def test_another_currency_is_kept_and_sends_nothing(self):
        w = self.world
        line = {"to": MULE, "bank": "BKA", "amount": 70000}
        for said in (self.take({**line, "currency": "USD"}), self.take(line, currency="USD")):
            self.assertEqual([(r["code"], r["column"], r["index"]) for r in said["refusals"]],
                             [("claim.currency", "currency", 0)])
            self.assertIn("another currency", said["refusals"][0]["reason"])
            self.assertEqual((said["orders"], said["claims"], said["loss"], said["currency"]),
                             ([], [], 0, "CNY"))
            self.assertIn('"amount":70000', said["said"])
            self.assertIn('"USD"', said["said"])
        said = self.take({**line, "currency": "USD"}, line, {**line, "currency": "dollars"})
        self.assertEqual(self.codes(said), ["claim.currency", "currency.unknown"])
        self.assertEqual(self.targets(said), [(MULE, "hold", 70000)])  # the yuan are held
        # nor is what a bank booked in another currency the victim's yuan
        dollars = w.pay(VICTIM, SECOND, 500000, w.ago(minutes=20), currency="USD")
        said = self.take({"id": dollars})
        self.assertEqual([(r["code"], r["column"]) for r in said["refusals"]],
                         [("claim.currency", "currency")])
        self.assertEqual((said["orders"], said["loss"]), ([], 0))
        said = self.take({"id": dollars, "to": SECOND, "amount": 500000})
        self.assertEqual(said["claims"][0]["mismatch"], ["currency"])
        self.assertEqual((said["orders"], said["loss"]), ([], 0))
        said = self.take({"to": SECOND, "bank": "BKB", "amount": 500000, "time": w.ago(minutes=20)},
                         number="13912345679")
        self.assertEqual(said["claims"][0]["state"], "told")
        queue = w.get("/v1/providers/bank-b/orders", user="bank-b").value["items"]
        self.assertEqual([o["amount"] for o in queue], [500000])  # told in yuan, of the last

    def test_what_has_no_room_is_said(self):
        said = self.take("x" * 5000, "y" * 5000)
        self.assertEqual(self.codes(said), ["claim.not_object", "claim.not_object", "report.cut"])
        self.assertEqual(len(said["said"].encode()), 8000)
        self.assertIn("y" * 2000, said["said"])
        said = self.take("好" * 2700)  # no letter is cut in two
        self.assertEqual(self.codes(said), ["claim.not_object", "report.cut"])
        self.assertTrue(said["said"].endswith("好"))
        said = self.take(*("z" * 50,) * 300)  # each refused; that much is missing comes first
        self.assertIn("report.cut", self.codes(said))

    def test_the_innocent_are_not_held_on_one_persons_word(self):
        w = self.world
        w.pay(VICTIM, SHOP, 9900, w.ago(hours=3), exit="merchant")
        said = self.take({"to": SHOP, "bank": "BKB", "amount": 70000},
                         {"to": "BKD:6000001", "bank": "BKD", "amount": 10000},
                         {"to": "BKX:7000001", "bank": "nowhere", "amount": 20000})
        self.assertEqual(sorted(self.codes(said)), ["order.cannot", "order.merchant",
                                                    "order.no_provider"])
        self.assertEqual([(o["state"], o["emergency"]) for o in said["orders"]],
                         [("drafted", False)])
        self.assertEqual(said["pledged"], 0)

    def test_an_account_says_its_bank(self):
        """Who reads a number aloud does not name the bank."""
        said = self.take({"to": MULE, "amount": 1000}, {"to": THIRD, "amount": 2000})
        self.assertEqual({o["provider"] for o in said["orders"]}, {"bank-a", "bank-c"})
        self.assertEqual(said["claims"][0]["bank"], "BKA")
        for odd in ("DE89370400440532013000", "abc-1", "6222021001001234568", "1"):
            said = self.take({"to": odd, "amount": 1000}, number="13912345679")
            self.assertEqual((said["orders"], len(said["refusals"])), ([], 1), odd)

    def test_an_operator_takes_what_the_web_filed(self):
        w = self.world
        w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        filed = w.report({"to": "2000001", "bank": "BKA", "amount": 500000,
                          "time": w.ago(minutes=21)}, user=None).value
        path = "/v1/reports/" + filed["report"]
        self.assertEqual(w.get(path, user="bo").value["may"], [])
        self.assertNotIn("victim", w.get(path, user="nan").value)
        self.assertEqual(w.get(path, user="nan").value["may"], ["take", "refuse", "withdraw"])
        taken = w.post(path + "/take", user="nan")
        self.assertEqual(taken.status, 200, taken)
        self.assertEqual(self.targets(taken.value), [(MULE, "hold", 500000)])
        self.assertEqual(taken.value["claims"][0]["state"], "matched")
        self.assertNotIn("secret", taken.value)
        self.assertEqual(w.post(path + "/take", user="bei").code, "report.taken")
        self.assertEqual(w.post(path + "/refuse", {"why": "no"}, user="bei").code, "report.taken")
        claim, = w.get(path, user="an").value["claims"]  # whose account it was is for a purpose
        self.assertEqual((claim["to"], claim.get("from")), (MULE, None))
        self.assertEqual(w.get(path, user="an", query={"purpose": " "}).code, "purpose.missing")
        read = w.get(path, user="an", query={"purpose": "call back"}).value
        self.assertEqual([c.get("from") for c in read["claims"]], [VICTIM])
        self.assertEqual([h["why"] for h in w.get(path, user="an").value["history"]
                          if h["act"] == "report.read"], ["call back"])
        self.assertEqual(read["victim"], {"number": "+8613912345678", "name": "李某"})
        self.assertEqual(w.get("/v1/reports?state=taken", user="an").value["total"], 1)
        # the victim's own page
        self.assertEqual(w.get(path + "/progress?secret=YM-0000-0000-0000").code, "report.absent")
        page = w.get(path + "/progress", query={"secret": filed["secret"].lower()}).value
        self.assertEqual((page["state"], page["loss"], page["asked"], page["held"]),
                         ("taken", 500000, 500000, 0))
        self.assertNotIn("李", str(page))
        self.assertNotIn("2000001", str(page))

    def test_a_victim_withdraws(self):
        w = self.world
        w.pay(VICTIM, SHOP, 9900, w.ago(hours=3), exit="merchant")
        said = self.take({"to": MULE, "bank": "BKA", "amount": 70000},
                         {"to": SHOP, "bank": "BKB", "amount": 100})
        path = "/v1/reports/" + said["report"]
        self.assertEqual(w.post(path + "/withdraw", {"why": ""}, user="nan").code, "why.missing")
        reply = w.post(path + "/withdraw", {"why": "it was her son"}, user="nan")
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual(reply.value["state"], "withdrawn")
        self.assertEqual([o["state"] for o in reply.value["orders"]], ["lifting", "refused"])
        self.assertEqual([o["asked"] for o in reply.value["orders"]], ["lift", "nothing"])
        self.assertEqual({c["state"] for c in reply.value["claims"]}, {"withdrawn"})
        self.assertEqual(w.post(path + "/withdraw", {"why": "x"}, user="nan").code, "report.ended")

    # ---- the race ---------------------------------------------------------------------------

    def incident_orders(self, incident):
        """Of the incident's first report, as they stand."""
        reports = self.world.get("/v1/reports?incident=" + incident, user="an").value["items"]
        return [o for r in reports
                for o in self.world.get("/v1/reports/" + r["report"], user="an").value["orders"]]

    def until(self, question):
        """Waits until what the question answers is true; what it was."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            answer = question()
            if answer:
                return answer
            time.sleep(0.05)
        raise AssertionError("it never came: " + self.world.log()[-2000:])

    def test_the_money_moves_on_and_orders_follow(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        said = self.take({"id": first})
        self.assertEqual(self.targets(said), [(MULE, "hold", 500000)])
        w.pay(MULE, SECOND, 300000, w.ago(minutes=1))
        # the first bank's share of the loss is free when it has let go of it, and no sooner
        self.until(lambda: self.incident_orders(said["incident"])[0]["amount"] == 200000)
        self.assertEqual(len(self.incident_orders(said["incident"])), 1)
        w.banks_obey()
        found = self.until(lambda: {o["target"]["value"]: o for o in
                                    self.incident_orders(said["incident"])
                                    if o["target"]["value"] == SECOND})
        self.assertIn(found[SECOND]["state"], ("sent", "executed"))  # the bank may be faster
        self.assertEqual((found[SECOND]["amount"], found[SECOND]["emergency"]), (300000, True))
        orders = {o["target"]["value"]: o for o in self.incident_orders(said["incident"])}
        self.assertEqual(orders[MULE]["amount"], 200000)
        ranked = {MULE: (200000, "none"), SECOND: (300000, "none")}
        race = {}

        def is_ranked():
            race.update(w.get(f"/v1/incidents/{said['incident']}/race", user="an").value)
            return {r["account"]: (r["present"], r["action"]) for r in race["ranked"]} == ranked

        self.until(is_ranked)
        self.assertTrue(all(r["why"] for r in race["ranked"]))

    # ---- what the bank knew otherwise comes as it was told -----------------------------------

    def as_it_is(self, answer):
        return self.world.get("/v1/reports/" + answer["report"], user="an").value

    def state_of(self, answer):
        return self.as_it_is(answer)["claims"][0]["state"]

    def followed(self, answer):
        """Its orders, once the race has ordered something."""
        return self.until(lambda: self.as_it_is(answer)["orders"])

    def pass_by(self, number):
        """A payment that only its victim's race can have looked at after all that came before."""
        other = {"to": "BKB:9000077", "bank": "BKB", "amount": 100 + self.world.count,
                 "time": self.world.ago(minutes=5)}
        said = self.take(other, number=number)
        self.world.pay(VICTIM, other["to"], other["amount"], other["time"])
        self.until(lambda: self.state_of(said) == "matched")

    def test_a_near_match_is_followed_once_the_payment_comes(self):
        w = self.world
        when = w.ago(minutes=20)
        w.pay("BKB:9000001", MULE, 300000, when)
        said = self.take({"to": MULE, "bank": "BKA", "amount": 500000, "time": when})
        self.assertEqual((self.codes(said), said["loss"]), (["claim.near"], 0))
        w.pay("BKB:9000002", MULE, 400000, when)  # not as it was told
        self.pass_by("13912345678")
        self.assertEqual(self.state_of(said), "mismatched")
        first = w.pay(VICTIM, MULE, 500000, when)
        orders = self.followed(said)
        self.assertEqual([(o["target"]["value"], o["kind"], o["state"], o["emergency"])
                          for o in orders], [(MULE, "hold", "sent", True)])
        now = self.as_it_is(said)
        claim, = now["claims"]
        self.assertEqual((claim["state"], claim["transfer"], claim.get("mismatch"), now["loss"]),
                         ("matched", first, None, 500000))
        self.assertLessEqual(orders[0]["amount"], now["loss"])
        incident = w.get("/v1/incidents/" + said["incident"], user="an").value
        reports = w.get("/v1/reports?incident=" + said["incident"], user="an").value["items"]
        self.assertEqual(incident["stolen"], sum(r["loss"] for r in reports))
        trail = w.get(f"/v1/incidents/{said['incident']}/trail", user="an").value
        self.assertIn(first, [s["transfer"] for s in trail["sources"]])
        w.pay(VICTIM, MULE, 500000, when)  # alike, and nobody told of it
        self.pass_by("13912345678")
        now = self.as_it_is(said)
        self.assertEqual((now["claims"][0]["transfer"], now["loss"]), (first, 500000))

    def test_a_mismatch_of_a_number_is_followed_by_what_was_told(self):
        w = self.world
        when = w.ago(minutes=20)
        other = w.pay(VICTIM, MULE, 500000, when)
        said = self.take({"id": other, "to": MULE, "bank": "BKA", "amount": 400000, "time": when})
        self.assertEqual((said["claims"][0]["mismatch"], said["loss"]), (["amount"], 0))
        meant = w.pay(VICTIM, MULE, 400000, when)
        self.followed(said)
        now = self.as_it_is(said)
        self.assertEqual((now["claims"][0]["transfer"], now["loss"]), (meant, 400000))

    def test_what_was_told_anew_or_by_another_is_not_taken_for_it(self):
        w = self.world
        when = w.ago(minutes=20)
        w.pay(VICTIM, MULE, 500000, when)
        line = {"to": MULE, "bank": "BKA", "time": when}
        wrong = self.take({**line, "amount": 400000})
        self.assertEqual(self.codes(wrong), ["claim.near"])
        right = self.take({**line, "amount": 500000})
        self.assertEqual(right["claims"][0]["state"], "matched")
        w.pay("BKB:9000001", MULE, 400000, when)  # a stranger's
        self.pass_by("13912345678")
        self.assertEqual((self.state_of(wrong), self.as_it_is(wrong)["loss"]), ("mismatched", 0))
        # whose it is, is decided by who told of it as it was
        w.pay("BKB:9000001", SECOND, 7000, when)
        near = self.take({"to": SECOND, "bank": "BKB", "amount": 8000, "time": when},
                         number="13912345670")
        self.assertEqual(self.codes(near), ["claim.near"])
        theirs = w.pay("BKB:9000002", SECOND, 8000, when)
        self.until(lambda: self.state_of(near) == "matched")
        again = self.take({"id": theirs}, number="13912345671")
        self.assertEqual((again["loss"], again["joined"]), (0, True))

    def test_what_was_a_loss_already_is_none_again(self):
        w = self.world
        when = w.ago(minutes=20)
        said = self.take({"to": MULE, "bank": "BKA", "amount": 70000, "time": when,
                          "from": VICTIM})
        self.assertEqual(self.targets(said), [(MULE, "hold", 70000)])
        w.pay(VICTIM, MULE, 60000, when)
        self.until(lambda: self.state_of(said) == "mismatched")
        self.until(lambda: self.as_it_is(said)["orders"][0]["asked"] == "lift")
        w.banks_obey()
        meant = w.pay(VICTIM, MULE, 70000, when)
        orders = self.until(lambda: len(self.as_it_is(said)["orders"]) == 2 and
                            self.as_it_is(said)["orders"])
        self.assertEqual([o["state"] for o in orders], ["lifted", "sent"])
        now = self.as_it_is(said)
        self.assertEqual((now["claims"][0]["transfer"], now["loss"], now["pledged"]),
                         (meant, 70000, 70000))

    def test_the_race_follows_what_the_first_orders_did_not_wait_for(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=60))
        w.pay(MULE, SECOND, 300000, w.ago(minutes=50))
        w.pay(SECOND, THIRD, 300000, w.ago(minutes=45))
        w.pay_often(8200, OWN_FORM, SECOND, 1, w.ago(minutes=40))
        said = self.take({"id": first})
        self.assertEqual(self.targets(said), [(MULE, "hold", 200000)])
        self.assertIn((MULE, "trail.doubt.later"),
                      [(d["account"], d["code"]) for d in said["trail"]["ambiguities"]])
        self.assertEqual(said["trail"]["totals"]["unknown"], 300000)
        found = self.until(lambda: [o for o in self.incident_orders(said["incident"])
                                    if o["target"]["value"] == THIRD])
        self.assertEqual([(o["amount"], o["emergency"]) for o in found], [(300000, True)])
        self.assertEqual({o["target"]["value"]
                          for o in self.incident_orders(said["incident"])}, {MULE, THIRD})

    def test_where_all_of_it_lies_behind_what_the_first_orders_did_not_wait_for(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=60))
        w.pay(MULE, SECOND, 500000, w.ago(minutes=50))
        w.pay_often(8200, OWN_FORM, SECOND, 1, w.ago(minutes=1))
        said = self.take({"id": first})
        self.assertEqual(self.targets(said), [(SECOND, "hold", 500000)])
        self.assertEqual([(r["code"], r["account"]) for r in said["refusals"]],
                         [("report.later", SECOND)])

    def test_what_was_rejected_stops_nobody_from_following(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=60))
        w.pay(MULE, SECOND, 500000, w.ago(minutes=50))
        w.pay_often(8200, OWN_FORM, SECOND, 1, w.ago(minutes=1), status="rejected")
        said = self.take({"id": first})
        self.assertEqual(self.targets(said), [(SECOND, "hold", 500000)])
        self.assertEqual(said["refusals"], [])
        self.assertNotIn("trail.doubt.later", [d["code"] for d in said["trail"]["ambiguities"]])

    def test_what_is_held_twice_over_is_held_once(self):
        w = self.world
        said = self.take({"id": w.pay(VICTIM, MULE, 100000, w.ago(minutes=20))})
        incident = said["incident"]

        def held():
            trail = w.get(f"/v1/incidents/{incident}/trail", user="an").value
            return trail["totals"]["held"], trail.get("held_elsewhere", [])

        def answer(order, **what):
            reply = w.post(f"/v1/orders/{order}/receipt", {"balance": 60000, **what},
                           user="bank-a")
            self.assertEqual(reply.status, 200, reply)

        def draft(account, amount):
            return w.post("/v1/orders", {
                "kind": "freeze", "incident": incident, "provider": "bank-a", "amount": amount,
                "target": {"kind": "account", "value": account, "bank": "BKA"},
                "basis": "fraud_law_20", "reason": "mule_account", "currency": "CNY"}, user="an")

        def freeze(account, amount):
            reply = draft(account, amount)
            self.assertEqual(reply.status, 201, reply)
            reply = w.post(f"/v1/orders/{reply.value['order']}/approve", user="bo")
            self.assertEqual(reply.status, 200, reply)
            answer(reply.value["order"], result="done", held=amount)

        reply = w.post(f"/v1/incidents/{incident}/countersign", user="bo")
        self.assertEqual(reply.status, 200, reply)
        answer(said["orders"][0]["order"], result="partial", held=60000)
        self.assertEqual(held(), (60000, []))
        freeze(MULE, 60000)  # names no hold: that it is the same money, the balance says
        self.assertEqual(held(), (60000, []))
        refund = w.get(f"/v1/incidents/{incident}/refund", user="an").value["items"]
        self.assertEqual([i["frozen"] for i in refund], [60000])
        freeze("BKA:7000001", 40000)  # no money of the trail is there
        self.assertEqual(held(), (60000, [{"account": "BKA:7000001", "held": 40000}]))
        self.assertEqual(draft("BKA:7000002", 1).code, "order.beyond_loss")  # by hand, in all

    def test_by_hand_no_more_than_can_have_come_there(self):
        w = self.world
        paid = w.pay(VICTIM, MULE, 500000, w.ago(minutes=40))
        w.pay("BKA:7000009", MULE, 900000, w.ago(minutes=39))  # its own, before and between
        w.pay(MULE, SECOND, 120000, w.ago(minutes=30))
        w.pay(SECOND, SHOP, 20000, w.ago(minutes=20))
        w.pay(MULE, THIRD, 800000, w.ago(minutes=10))
        made = w.post("/v1/incidents", {"transfers": [paid]}, user="an")
        self.assertEqual(made.status, 201, made)
        incident = made.value["incident"]

        def draft(account, amount, **more):
            return w.post("/v1/orders", {
                "kind": "hold", "incident": incident, "amount": amount, "basis": "fraud_law_20",
                "target": {"value": account, "bank": account[:3]}, "reason": "mule_account",
                "until": instant(w.now() + dt.timedelta(hours=20)), **more}, user="an")

        def refused(account, amount, left):
            reply = draft(account, amount)
            self.assertEqual((reply.status, reply.code, reply.value["column"]),
                             (422, "order.beyond_reach", "amount"), reply)
            self.assertIn(f" {left} CNY ", reply.value["detail"])

        refused(SECOND, 120001, "1,200.00")
        refused(SHOP, 20001, "200.00")
        made = draft(SECOND, 100000)
        self.assertEqual(made.status, 201, made)
        refused(SECOND, 20001, "200.00")  # together with what is asked for there
        reply = w.post(f"/v1/orders/{made.value['order']}/refuse", {"why": "x"}, user="an")
        self.assertEqual(reply.status, 200, reply)
        # whichever of the mule's money it was that went on, no more than was stolen came on with it
        refused(THIRD, 500001, "5,000.00")
        self.assertEqual(draft(THIRD, 1, kind="stop").status, 201)
        # what banks tell nothing of is for people, up to what was stolen
        self.assertEqual(draft("BKB:9000009", 499999).status, 201)
        self.assertEqual(draft("BKB:9000009", 1).code, "order.beyond_loss")

    def test_an_accounts_page_goes_on_from_its_own_transfers_only(self):
        w = self.world
        stranger = w.pay("BKA:8000001", "BKA:8000002", 5, w.ago(minutes=30))
        said = self.take({"id": w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))})
        w.pay_often(3, MULE, SHOP, 1, w.ago(minutes=5))
        path = f"/v1/incidents/{said['incident']}/accounts/{MULE}"
        first = w.get(path, query={"limit": 2}, user="an").value["transfers"]
        on = {"limit": 2, "cursor": first["next"]}
        rest = w.get(path, query=on, user="an").value["transfers"]
        self.assertEqual(len(first["items"]) + len(rest["items"]), 4)
        self.assertNotIn(stranger, [t["transfer"] for t in first["items"] + rest["items"]])
        refused = [w.get(path, query={"cursor": n}, user="an") for n in range(1, 7)]
        self.assertEqual(sum(r.status == 400 and r.value["code"] == "cursor.malformed"
                             for r in refused), 2, refused)  # the stranger's, and past the end

    def test_what_is_held_is_not_seen_to_leave(self):
        w = self.world
        said = self.take({"id": w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))})
        w.banks_obey()
        w.step(minutes=5)
        w.pay(MULE, SECOND, 100000, w.ago(minutes=1))  # the holder's own money: theirs is held
        race = w.get(f"/v1/incidents/{said['incident']}/race", user="an").value
        self.assertEqual([(r["account"], r["present"], r["action"]) for r in race["ranked"]],
                         [(MULE, 500000, "none")])
        w.post(f"/v1/orders/{said['orders'][0]['order']}/lift", {"why": "it was his"}, user="nan")
        race = w.get(f"/v1/incidents/{said['incident']}/race", user="an").value
        self.assertEqual({r["account"]: r["present"] for r in race["ranked"]},
                         {MULE: 400000, SECOND: 100000})

    def test_a_bank_that_found_less_is_not_asked_in_a_loop(self):
        w = self.world
        said = self.take({"id": w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))})
        order = said["orders"][0]["order"]
        reply = w.post(f"/v1/orders/{order}/receipt", {"result": "partial", "held": 200000},
                       user="bank-a")
        self.assertEqual(reply.status, 200, reply)
        race = w.get(f"/v1/incidents/{said['incident']}/race", user="an").value["ranked"]
        self.assertEqual([(r["action"], r["why"][0]["code"]) for r in race],
                         [("none", "race.why.refused")])
        w.step(minutes=2)
        w.pay(VICTIM, MULE, 1000, w.ago(minutes=1))  # nobody's report yet
        race = w.get(f"/v1/incidents/{said['incident']}/race", user="an").value["ranked"]
        self.assertEqual([r["action"] for r in race], ["none"])
        self.assertEqual(len(self.incident_orders(said["incident"])), 1)

    def test_a_second_report_that_names_an_innocent_merchant(self):
        """Held for what is told and no more, never stopped whole; free once nothing leads there."""
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        when = w.ago(minutes=15)
        w.pay(MULE, SECOND, 120000, when)
        self.take({"id": first})
        w.banks_obey()
        other = w.pay("BKA:1000009", SECOND, 70000, when)
        two = self.take({"id": other}, number="13912345679")
        self.assertEqual(self.targets(two), [(SECOND, "hold", 70000)])
        w.banks_obey()

        def theirs():
            items = w.get("/v1/orders", query={"provider": "bank-b"}, user="an").value["items"]
            return [o for o in items if o["target"]["value"] == SECOND]

        self.assertEqual(sorted((o["kind"], o["amount"], o["held"]) for o in theirs()),
                         [("hold", 70000, 70000), ("hold", 120000, 120000)])
        head = "id,time,from,to,amount,from_bank,to_bank,status\n"
        back = (f"t{w.count - 1},{when},{MULE[4:]},{SECOND[4:]},120000,BKA,BKB,reversed\n"
                f"{other},{when},1000009,{SECOND[4:]},70000,BKA,BKB,reversed\n")
        self.assertEqual(w.feed(head + back, "fee", feed="transfers").status, 200)
        self.until(lambda: {o["state"] for o in theirs()} == {"lifting"})
        w.banks_obey()
        self.assertEqual(sorted((o["state"], o["held"], o["ended_why"]) for o in theirs()),
                         2 * [("lifted", 0, "race.gone")])

    def test_later_it_takes_two(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        said = self.take({"id": first})
        w.banks_obey()
        w.step(minutes=31)
        w.banks_obey()
        w.pay(MULE, THIRD, 250000, w.ago(seconds=30))
        drafted = self.until(lambda: [o for o in self.incident_orders(said["incident"])
                                      if o["target"]["value"] == THIRD])
        self.assertEqual([(o["state"], o["kind"], o["emergency"]) for o in drafted],
                         [("drafted", "stop", False)])

    def test_a_bank_reports_later_than_the_victim(self):
        w = self.world
        said = self.take({"to": MULE, "bank": "BKA", "amount": 500000, "time": w.ago(minutes=20)})
        self.assertEqual(said["claims"][0]["state"], "told")
        w.pay(VICTIM, MULE, 500000, w.ago(minutes=19))
        w.pay(MULE, SECOND, 500000, w.ago(minutes=10))
        self.until(lambda: self.incident_orders(said["incident"])[0]["asked"] == "lift")
        w.banks_obey()
        orders = self.until(lambda: {o["target"]["value"]: o for o in
                                     self.incident_orders(said["incident"])
                                     if o["target"]["value"] == SECOND})
        self.assertIn(orders[SECOND]["state"], ("sent", "executed"))  # the bank may be faster
        claims = w.get("/v1/reports/" + said["report"], user="an").value["claims"]
        self.assertEqual((claims[0]["state"], claims[0]["transfer"]), ("matched", "t1"))

    def test_a_payment_that_was_reversed_holds_nobody(self):
        w = self.world
        first = w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        said = self.take({"id": first})
        w.count -= 1
        w.pay(VICTIM, MULE, 500000, w.ago(minutes=20), status="reversed")
        self.until(lambda: [o["asked"] for o in self.incident_orders(said["incident"])] == ["lift"])

    def kill(self):
        """As the power going: nothing is written down any more."""
        self.world.server.kill()
        self.world.server.wait(PATIENCE_S)

    def test_what_was_learnt_of_banks_survives(self):
        w = self.world
        path = os.path.join(w.data, "race.learnt")
        self.take({"id": w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))})
        w.banks_obey()
        w.stop()  # in good order: it is written down
        with open(path, "rb") as file:
            whole = file.read()
        w.start()
        self.take({"id": w.pay(VICTIM, SECOND, 300000, w.ago(minutes=20))}, number="13912345679")
        w.banks_obey()
        self.kill()
        with open(path, "rb") as file:
            self.assertEqual(file.read(), whole)
        w.start()  # the receipts since are in the ledger
        self.assertNotIn("race_learnt_refused", w.log())
        self.kill()
        with open(path, "wb") as file:
            file.write(whole[:len(whole) // 2])
        w.start()
        self.assertIn("race_learnt_refused", w.log())
        said = self.take({"id": w.pay(VICTIM, THIRD, 200000, w.ago(minutes=20))})
        self.assertEqual(self.targets(said), [(THIRD, "stop", 200000)])
        w.stop()
        with open(path, "rb") as file:
            self.assertEqual(len(file.read()), len(whole))

    def test_a_secret_is_not_said_again(self):
        w = self.world
        body = {"channel": "110", "transfers": [{"to": MULE, "bank": "BKA", "amount": 100}]}
        first = w.post("/v1/reports", body, user="nan", headers={"Idempotency-Key": "k1"})
        again = w.post("/v1/reports", body, user="nan", headers={"Idempotency-Key": "k1"})
        self.assertEqual(first.value["report"], again.value["report"])
        self.assertIn("secret", first.value)
        self.assertNotIn("secret", again.value)

    def test_a_banks_own_people_confirm_its_customers(self):
        w = self.world
        first = w.pay(VICTIM, SECOND, 500000, w.ago(minutes=20))
        other = w.pay(THIRD, SECOND, 100, w.ago(minutes=20))
        said = self.take({"id": first}, {"id": other}, user="bank-a")
        self.assertEqual((said["channel"], said["loss"]), ("bank", 500000))
        self.assertEqual(self.codes(said), ["report.other_bank"])
        self.assertEqual(said["pledged"], 500000)
        reply = w.report({"id": first}, user="bank-b")
        self.assertEqual((reply.status, reply.code), (403, "report.other_bank"))

    def say(self, user, *words):
        """yumen ..., as somebody at the command line."""
        done = subprocess.run([YUMEN, *words, "--data", self.world.data], capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False,
                              env={**os.environ, "YUMEN_TOKEN": self.world.tokens[user],
                                   "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout, done.stderr

    def test_taken_at_the_command_line(self):
        w = self.world
        w.pay(VICTIM, MULE, 500000, w.ago(minutes=20))
        w.pay(MULE, SECOND, 200000, w.ago(minutes=10))
        code, out, told = self.say("nan", "report", "--to", MULE, "--amount", "500000", "--time",
                                   w.ago(minutes=20), "--number", "13912345678", "--victim",
                                   "李某", "--said", "a caller said he was the police")
        self.assertEqual(code, 0, told)
        said, = w.get("/v1/reports", user="an").value["items"]
        said = w.get("/v1/reports/" + said["report"], user="an").value
        self.assertEqual({(o["target"]["value"], o["amount"]) for o in said["orders"]},
                         {(MULE, 300000), (SECOND, 200000)})
        self.assertEqual(said["claims"][0]["state"], "matched")
        for o in said["orders"]:
            self.assertIn(o["order"], out)
        self.assertRegex(out + told, r"YM(-[0-9A-Z]{4}){3}")
        report = said["report"]
        code, out, _ = self.say("nan", "report", "list", "--state", "taken")
        self.assertEqual((code, report in out), (0, True), out)
        self.assertNotIn("李某", out)
        code, out, _ = self.say("nan", "report", "show", report, "--purpose", "call back")
        self.assertEqual((code, "李某" in out, "+8613912345678" in out), (0, True, True), out)
        self.assertIn("call back", str(w.get("/v1/reports/" + report, user="an").value["history"]))
        # where its money is, from the command line too
        code, out, told = self.say("an", "trace", "--incident", said["incident"])
        self.assertEqual(code, 0, told)
        for words in (MULE, SECOND, "3,000.00", "2,000.00", "5,000.00"):
            self.assertIn(words, out)
        code, out, told = self.say("an", "trace", "--incident", said["incident"], "--json")
        self.assertEqual((code, json.loads(out)["totals"]["present"]), (0, 500000), told)
        code, out, told = self.say("an", "trace", "--incident", said["incident"], "--csv")
        self.assertEqual((code, out.count("\n") >= 3), (0, True), out + told)
        for user, incident in (("fee", said["incident"]), ("an", "nothing")):
            code, out, told = self.say(user, "trace", "--incident", incident)
            self.assertEqual((code != 0, out, told != ""), (True, "", True))
        code, _, told = self.say("nan", "report", "withdraw", report, "--why", "it was her son")
        self.assertEqual(code, 0, told)
        self.assertEqual({o["asked"] for o in self.incident_orders(said["incident"])}, {"lift"})

    def test_decided_at_the_command_line(self):
        w = self.world
        filed = [w.report({"to": MULE, "bank": "BKA", "amount": n}, user=None,
                          number=f"1391234567{n}").value["report"] for n in (1, 2)]
        self.assertEqual(self.say("nan", "report", "take", filed[0])[0], 0)
        self.assertEqual(self.say("nan", "report", "refuse", filed[1], "--why", "a joke")[0], 0)
        states = [w.get("/v1/reports/" + r, user="an").value["state"] for r in filed]
        self.assertEqual(states, ["taken", "refused"])
        code, _, told = self.say("nan", "report", "take", filed[1])
        self.assertEqual((code != 0, "report.ended" in told or "report.taken" in told),
                         (True, True), told)
        for words in (("--to", MULE, "--amount", "12.5"), ("--to", MULE), ("refuse",)):
            self.assertEqual(self.say("nan", "report", *words)[0], 2, words)
        self.assertEqual(w.get("/v1/reports", user="an").value["total"], 2)
        path = os.path.join(w.data, "told.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"channel": "110", "victim": {"number": "13912345679"}, "transfers": [
                {"to": SECOND, "bank": "BKB", "amount": 900}, {"amount": "much"}]}, file)
        code, out, told = self.say("bei", "report", "--file", path)
        self.assertEqual((code, "digits only" in told), (0, True), out + told)
        last = w.get("/v1/reports", user="an", query={"state": "taken"}).value["items"]
        self.assertIn("110", {r["channel"] for r in last})
        self.assertNotEqual(self.say("bo", "report", "--file", path)[0], 0)  # may not

    def test_published_are_the_lifts_and_how_long_they_took(self):
        """Of five holds people lift three by hand; their bank lets go after 2, 7 and 20 minutes.
        One lapses, which is no false stop, and is let go of after four; one stands."""
        w = self.world
        accounts = [f"BKA:200010{n}" for n in range(5)]
        orders = []
        for n, account in enumerate(accounts):
            said = self.take({"id": w.pay(VICTIM, account, 1000 + n, w.ago(minutes=20))},
                             number=f"1391234560{n}")
            orders.append(said["orders"][0]["order"])
            if n < 4:
                w.banks_obey()
                reply = w.post(f"/v1/incidents/{said['incident']}/countersign", user="bo")
                self.assertEqual(reply.status, 200, reply)
        w.banks_obey()

        def let_go(order, state="lifted"):
            now = w.get("/v1/orders/" + order, user="an").value
            reply = w.post(f"/v1/orders/{order}/receipt",
                           {"result": "done", "held": 0, "ask": now["ask"]}, user="bank-a")
            self.assertEqual((reply.status, reply.value["order"]["state"]), (200, state), reply)

        for order, user in zip(orders[:3], ("bo", "nan", "bo")):
            reply = w.post(f"/v1/orders/{order}/lift", {"why": "an honest man"}, user=user)
            self.assertEqual(reply.status, 200, reply)
        for order, minutes in zip(orders[:3], (2, 5, 13)):
            w.step(minutes=minutes)
            let_go(order)
        w.step(minutes=10)  # the emergency is over: nobody countersigned the last
        late = w.get("/v1/orders/" + orders[4], user="an").value
        self.assertEqual((late["state"], late["asked"]), ("lifting", "lift"))
        w.step(minutes=4)
        let_go(orders[4], "lapsed")
        w.set_clock(w.now() + dt.timedelta(days=1))
        figures = w.get("/v1/returns").value
        self.assertEqual(figures["false_stops"], {"of": 5, "n": 3})
        self.assertEqual(figures["stopped"], sum(range(1000, 1005)))
        self.assertEqual(figures["release_seconds"], {"median": 240, "p90": 420, "n": 4})

    def test_others_may_not(self):
        for user in ("bo", "fee"):
            reply = self.world.report({"to": MULE, "amount": 5}, user=user)
            self.assertEqual((reply.status, reply.code), (403, "permit.role"))


if __name__ == "__main__":
    unittest.main()
