#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what a bank says in its own form is shown where it belongs: the balance that a query asked
for, in each of the three forms; and a pacs.004, which says what became of a share of a round.
Method: a drill's centre whose banks are the test itself, in messages written out here.
"""
import datetime as dt
import unittest

from centre import instant
from reports import BANKS, MULE, VICTIM, World

ISO = "urn:iso:std:iso:20022:tech:xsd:"
XML = {"Content-Type": "application/xml"}
CAMT_029 = """<Document xmlns="{iso}camt.029.001.09"><RsltnOfInvstgtn>
<Assgnmt><Id>A1</Id><Assgnr><Pty><Nm>BKA</Nm></Pty></Assgnr>
<Assgne><Pty><Nm>Yumen</Nm></Pty></Assgne><CreDtTm>{at}</CreDtTm></Assgnmt>
<RslvdCase><Id>{order}-1</Id><Cretr><Pty><Nm>Yumen</Nm></Pty></Cretr></RslvdCase>
<Sts><Conf>CNCL</Conf></Sts><SplmtryData><Envlp><Receipt xmlns="urn:yumen:bank:1">
<Case>{order}-1</Case><Held Ccy="CNY">2.00</Held><Balance Ccy="CNY">12.34</Balance>
<Words>opened in May</Words></Receipt></Envlp></SplmtryData></RsltnOfInvstgtn></Document>"""
CN = """<Message><Head><TxCode>100302</TxCode><TransSerialNumber>1</TransSerialNumber>
<CreateTime>{stamp}</CreateTime></Head><Body><ApplicationID>{order}-000000001</ApplicationID>
<Result>100000</Result><Currency>CNY</Currency><FrozenAmount>2.00</FrozenAmount>
<AccountBalance>12.34</AccountBalance><FeedbackRemark>opened in May</FeedbackRemark>
<FeedbackTime>{stamp}</FeedbackTime></Body></Message>"""
PACS_004 = """<Document xmlns="{iso}pacs.004.001.10"><PmtRtr><GrpHdr><MsgId>M1</MsgId>
<CreDtTm>{at}</CreDtTm><NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>
<TxInf><RtrId>{id}</RtrId><OrgnlEndToEndId>{share}</OrgnlEndToEndId><OrgnlTxId>T9</OrgnlTxId>
<RtrdIntrBkSttlmAmt Ccy="CNY">{amount}</RtrdIntrBkSttlmAmt>{reason}</TxInf></PmtRtr></Document>"""


def because(code, words=""):
    more = f"<AddtlInf>{words}</AddtlInf>" if words else ""
    return f"<RtrRsnInf><Rsn><Cd>{code}</Cd></Rsn>{more}</RtrRsnInf>"


class Answers(unittest.TestCase):
    def open_world(self, form):
        self.w = World(BANKS.replace("codes: [BKA]}", f"codes: [BKA], form: {form}}}"))
        self.addCleanup(self.w.close)

    def done(self, reply, status=200):
        self.assertEqual(reply.status, status, reply)
        return reply.value

    def say(self, message, **words):
        now = self.w.now()
        words.setdefault("id", "R1")
        body = message.format(iso=ISO, at=instant(now), stamp=now.strftime("%Y%m%d%H%M%S"), **words)
        return self.w.ask("POST", "/v1/providers/bank-a/messages", body, user="bank-a", headers=XML)

    # ---- what a query wants to know ----------------------------------------------------------

    def asked(self, form):
        self.open_world(form)
        w = self.w
        order = self.done(w.post("/v1/orders", {
            "kind": "query", "target": {"kind": "account", "value": MULE, "bank": "BKA"},
            "basis": "fraud_law_20", "reason": "mule_account", "evidence": "a report",
            "until": instant(w.now() + dt.timedelta(hours=24))}, user="an"), 201)["order"]
        self.done(w.post(f"/v1/orders/{order}/approve", user="bo"))
        queue = self.done(w.get("/v1/providers/bank-a/orders", user="bank-a"))
        self.assertEqual([(o["order"], o["kind"]) for o in queue["items"]], [(order, "query")])
        return order

    def is_known(self, order):
        now = self.done(self.w.get(f"/v1/orders/{order}", user="an"))
        self.assertEqual((now["state"], now["asked"], now["balance"], now["held"]),
                         ("executed", "nothing", 1234, 0))  # a query holds nothing
        said, = now["receipts"]
        self.assertEqual((said["fate"], said["balance"], said["held"], said["reason"]),
                         ("taken", 1234, 200, "opened in May"))

    def test_json(self):
        order = self.asked("json")
        self.done(self.w.post(f"/v1/orders/{order}/receipt", {
            "result": "done", "balance": 1234, "held": 200, "reason": "opened in May"},
            user="bank-a"))
        self.is_known(order)

    def test_iso20022(self):
        order = self.asked("iso20022")
        self.done(self.say(CAMT_029, order=order))
        self.is_known(order)

    def test_cn(self):
        order = self.asked("cn")
        letters = self.w.get("/v1/providers/bank-a/orders", user="bank-a",
                             headers={"Accept": "application/xml"})
        self.assertIn("<TxCode>100301</TxCode>", letters.text)
        self.done(self.say(CN, order=order))
        self.is_known(order)

    # ---- what grows when it is read ----------------------------------------------------------

    def most_memory(self):
        """The most that the centre ever held, in KiB."""
        with open(f"/proc/{self.w.server.pid}/status", encoding="ascii") as file:
            return int(next(line.split()[1] for line in file if line.startswith("VmHWM:")))

    def test_bombs(self):
        """A billion laughs, and one long entity said often: refused at the DOCTYPE, unread."""
        order = self.asked("iso20022")
        laughs = "".join(f'<!ENTITY l{i} "{10 * f"&l{i - 1};"}">' for i in range(1, 10))
        often = 20000 * "&x;"
        bombs = {
            "billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]><d>&l9;</d>',
            "quadratic blowup": f'<!DOCTYPE d [<!ENTITY x "{50000 * "A"}">]><d>{often}</d>',
            "in an attribute": f'<!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]><d a="&l9;"/>',
            "parameter entities": '<!DOCTYPE d [<!ENTITY % a "<!ENTITY b \'&#37;a;&#37;a;\'>">'
                                  '%a;]><d>&b;</d>',
        }
        before = self.most_memory()
        for name, bomb in bombs.items():
            with self.subTest(name):
                reply = self.w.ask("POST", "/v1/providers/bank-a/messages", bomb, user="bank-a",
                                   headers={**XML, "Accept-Language": "en"})
                self.assertEqual((reply.status, reply.code), (400, "xml.doctype"), reply)
                self.assertIn("DOCTYPE", reply.value["detail"])
        self.assertLess(self.most_memory() - before, 64 * 1024)
        self.done(self.say(CAMT_029, order=order))  # and it hears its banks as before
        self.is_known(order)

    # ---- money that goes back ----------------------------------------------------------------

    def share(self):
        """A round of 500 yuan that bank a is to pay: its one share."""
        self.open_world("iso20022")
        w = self.w
        paid = w.pay(VICTIM, MULE, 50000, w.ago(minutes=5))
        incident = self.done(w.report({"id": paid}), 201)["incident"]
        w.banks_obey()
        self.done(w.post(f"/v1/incidents/{incident}/countersign", user="bo"))
        w.add_user("xia", ["approver"])
        made = self.done(w.post("/v1/rounds", {"incident": incident, "account": MULE}, user="nan"),
                         201)["round"]
        w.freeze_held(incident)
        for act, user in (("review", "an"), ("approve", "bo"), ("approve", "xia")):
            self.done(w.post(f"/v1/rounds/{made}/{act}", user=user))
        task, = self.done(w.get("/v1/providers/bank-a/rounds", user="bank-a"))["items"]
        return made, task["shares"][0]["share"]

    def test_a_share_is_paid(self):
        made, share = self.share()
        wrong = {"amount": "499.99", "reason": because("FOCR")}
        self.assertEqual(self.say(PACS_004, share=share, **wrong).code, "message.return_amount")
        good = {"amount": "500.00", "reason": because("FOCR")}
        self.assertEqual(self.say(PACS_004, share="T8", **good).code, "message.return")
        self.assertEqual(self.say(PACS_004, share=share, amount="500.00", reason="").code,
                         "message.return_reason")
        for is_again in (False, True):
            item, = self.done(self.say(PACS_004, share=share, **good))["items"]
            self.assertEqual((item["share"], item["state"], item["fate"], item["again"]),
                             (share, "paid", "taken", is_again))
        now = self.done(self.w.get(f"/v1/rounds/{made}", user="an"))
        self.assertEqual((now["returned"], now["state"], now["shares"][0]["reference"]),
                         (50000, "paid", "R1"))
        back = {"amount": "500.00", "reason": because("AC04")}
        self.assertEqual(self.say(PACS_004, share=share, **back).code, "receipt.key_taken")
        item, = self.done(self.say(PACS_004, share=share, id="R2", **back))["items"]
        self.assertEqual((item["state"], item["fate"]), ("due", "taken"))
        now = self.done(self.w.get(f"/v1/rounds/{made}", user="an"))
        self.assertEqual((now["returned"], now["state"]), (0, "sent"))
        self.assertEqual([r["result"] for r in now["shares"][0]["receipts"]], ["done", "bounced"])
        item, = self.done(self.say(PACS_004, share=share, **good))["items"]
        self.assertEqual((item["state"], item["again"]), ("due", True))  # R1 is the old payment

    def test_a_share_comes_back(self):
        made, share = self.share()
        item, = self.done(self.say(PACS_004, share=share, amount="500.00",
                                   reason=because("AC04", "closed in June")))["items"]
        self.assertEqual(item["state"], "due")  # it may be paid to another account yet
        now = self.done(self.w.get(f"/v1/rounds/{made}", user="an"))
        self.assertEqual((now["returned"], now["failed"], now["shares"][0]["why"]),
                         (0, 0, "AC04: closed in June"))


if __name__ == "__main__":
    unittest.main()
