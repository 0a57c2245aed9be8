#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: centre and banks together, each a process of its own: a report becomes a hold in the bank's
book, the payment that would have taken the money away is rejected, and what nobody countersigns is
let go and confirmed; a bank that is silent, deaf, untidy or greedy is seen to be so, and no order
is lost, doubled or made endless by it.
Method: a drill's centre whose clock is moved by hand; two banks with a small day of transfers, of
the manners each test wants. Whatever takes time is waited for until it is so.
"""
import csv
import datetime as dt
import io
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from centre import YUMEN, Centre

PATIENCE_S = 90
BANKS = """providers:
  - {id: bank-a, name: 甲银行, kind: bank, can: [hold, stop, freeze, query], codes: [BKA],
     answer_s: 300}
  - {id: bank-b, name: 乙银行, kind: bank, can: [hold, stop, freeze, query], codes: [BKB],
     answer_s: 300}
"""
ACCOUNTS = [("1000001", "BKA", "李某", 900000), ("2000001", "BKA", "王某", 0),
            ("3000001", "BKB", "", 0), ("4000001", "BKB", "", 1000)]


def table(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


class World(Centre):
    """A centre, and the banks that a test opens."""

    def __init__(self, banks=BANKS):
        super().__init__("drill", begins=False)
        path = os.path.join(self.data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"(?m)^providers:.*\n", banks, file.read(), count=1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.start()
        for name, roles in (("nan", ["operator"]), ("bo", ["approver"]), ("an", ["analyst"])):
            self.add_user(name, roles)
        self.begun, self.banks, self.day = self.now(), {}, []
        self.frozen = {}  # account: fen, by a court, before anybody else

    def close(self):
        for bank in self.banks.values():
            bank.kill()
            bank.communicate()
        super().close()

    def pay(self, name, minutes, frm, to, fen):
        """A payment of the banks' day, so many minutes after the beginning, or before."""
        at = int((self.begun + dt.timedelta(minutes=minutes)).timestamp() * 1000)
        banks = {account: bank for account, bank, _, _ in ACCOUNTS}
        self.day.append((name, at, frm, to, fen, banks[frm], banks[to], "booked"))

    def open_bank(self, bank, manners="prompt", *more):
        files = {
            "accounts": table(("account", "bank", "name", "opening", "frozen"),
                              [(*a, self.frozen.get(a[0], "")) for a in ACCOUNTS]),
            "transfers": table(("id", "time", "from", "to", "amount", "from_bank", "to_bank",
                                "status"), self.day)}
        made = self.post("/v1/users", {"name": bank, "roles": ["provider", "feeder"],
                                       "provider": bank, "token": True}, local=True)
        assert made.status == 201, made
        self.tokens[bank] = files["token"] = made.value["token"]
        for name, text in files.items():
            files[name] = os.path.join(self.folder, f"{bank}-{name}")
            with open(files[name], "w", encoding="utf-8") as file:
                file.write(text)
        self.banks[bank] = subprocess.Popen(
            [YUMEN, "drill", "bank", "--id", bank, "--code", "BK" + bank[-1].upper(), "--yumen",
             f"http://127.0.0.1:{self.port}", "--token-file", files["token"], "--accounts",
             files["accounts"], "--transfers", files["transfers"], "--manners", manners,
             "--clock", "manual", "--json", *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"})
        assert self.banks[bank].stdout.readline(), self.banks[bank].stderr.read()
        if self.day and manners != "silent":
            self.until_told(bank, 1)

    def until_told(self, bank, batches):
        self.until(lambda: self.get("/v1/batches", user=bank).value["total"] >= batches,
                   lambda: f"{bank} does not report its transfers")

    def stop_bank(self, bank):
        self.banks[bank].send_signal(signal.SIGTERM)
        out, said = self.banks[bank].communicate(timeout=PATIENCE_S)
        assert self.banks[bank].returncode == 0 and said == "", said
        return json.loads(out)

    def until(self, found, what):
        """What is found, once it is."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            got = found()
            if got:
                return got
            time.sleep(0.02)
        raise AssertionError(what())

    def order(self, order):
        reply = self.get(f"/v1/orders/{order}", user="an")
        assert reply.status == 200, reply
        return reply.value

    def until_order(self, order, **wanted):
        def is_so():
            o = self.order(order)
            return o if all(o.get(k) == v for k, v in wanted.items()) else None
        return self.until(is_so, lambda: f"{wanted}: {self.order(order)}")

    def report(self, *lines):
        body = {"channel": "96110", "victim": {"number": "13912345678", "name": "李某"},
                "said": "a caller said he was the police", "transfers": list(lines)}
        reply = self.post("/v1/reports", body, user="nan")
        assert reply.status == 201, reply
        return reply.value

    def cut_off(self, hold):
        """A disconnection, on the word of two people, of the account that a hold stands on."""
        path = f"/v1/incidents/{self.order(hold)['incident']}"
        assert self.post(path + "/countersign", user="bo").value["refusals"] == []
        made = self.post(path + "/disconnects", {
            "basis": "fraud_law_20", "targets": [{"value": "BKA:2000001"}]}, user="nan").value
        assert made["refusals"] == [], made
        order, = (o["order"] for o in made["orders"])
        assert self.post(f"/v1/orders/{order}/approve", user="bo").status == 200
        return order

    def set_free(self, order):
        reply = self.post(f"/v1/orders/{order}/lift", {"why": "an error"}, user="bo")
        assert reply.status == 200, reply
        self.until_order(order, state="lifted")

    def provider(self, bank):
        return self.get("/v1/providers/" + bank, user="an").value


class Banks(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)

    def hold(self, manners="prompt", *more):
        """A victim's 5,000 yuan lie with the mule at bank a, and a hold of them is on its way."""
        w = self.world
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.pay("t2", 5, "2000001", "3000001", 400000)
        w.open_bank("bank-a", manners, *more)
        said = w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 500000,
                         "time": (w.begun - dt.timedelta(minutes=9)).isoformat()})
        self.assertEqual([(o["kind"], o["amount"], o["provider"]) for o in said["orders"]],
                         [("hold", 500000, "bank-a")], said)
        return said["orders"][0]["order"]

    def test_what_is_held_does_not_leave(self):
        w = self.world
        order = self.hold()
        done = w.until_order(order, state="executed")
        self.assertEqual((done["held"], done["balance"]), (500000, 500000))
        self.assertEqual(done["asked"], "nothing")
        w.step(minutes=6)
        self.assertEqual(w.post(f"/v1/orders/{order}/approve", user="bo").status, 200)
        w.step(minutes=30)
        self.assertEqual(w.order(order)["state"], "executed")
        w.until_told("bank-a", 2)
        counts = w.stop_bank("bank-a")
        self.assertEqual((counts["receipts"], counts["refused"], counts["strange"]), (1, 0, 0))
        self.assertEqual(counts["rows"], 2)  # t1 booked, t2 rejected

    def test_what_nobody_countersigns_is_let_go(self):
        w = self.world
        order = self.hold()
        w.until_order(order, state="executed")
        w.step(minutes=31)
        ended = w.until_order(order, state="lapsed")
        self.assertEqual((ended["held"], ended["asked"]), (0, "nothing"))
        self.assertIn("released_at", ended)
        w.stop_bank("bank-a")

    def test_what_a_court_froze_before_is_not_held(self):
        w = self.world
        w.frozen = {"2000001": 300000}
        order = self.hold()
        behind = w.until_order(order, state="partial")
        self.assertEqual((behind["held"], behind["balance"], behind["ahead"], behind["usable"]),
                         (200000, 500000, 300000, 200000))
        court, = behind["receipts"][-1]["freezes"]
        self.assertEqual((court["rank"], court["amount"]), (1, 300000))
        self.assertIn("法院", court["authority"])
        self.assertEqual(w.post(f"/v1/orders/{order}/approve", user="bo").status, 200)
        w.stop_bank("bank-a")

    def test_silent(self):
        w = self.world
        order = self.hold("silent")
        self.assertEqual(w.post(f"/v1/orders/{order}/approve", user="bo").status, 200)
        w.step(minutes=6)
        self.assertEqual(w.order(order)["is_late"], 1)
        self.assertEqual(w.provider("bank-a")["counts"]["late"], 1)
        w.step(hours=25)
        # t2 had left meanwhile. The bank says so twice, by its receipt and by its transfers: where
        # the transfers are heard first, the race asks for no more than is left.
        done = w.until_order(order, held=100000, asked="nothing")
        self.assertIn(done["state"], ("partial", "executed"))
        self.assertEqual(done["is_late"], 0)
        w.stop_bank("bank-a")

    def test_deaf_to_lifts(self):
        w = self.world
        order = self.hold("deaf")
        w.until_order(order, state="executed")
        w.step(minutes=31)
        w.until_order(order, state="lifting", asked="lift")
        w.step(minutes=6)
        late = w.order(order)
        self.assertEqual((late["state"], late["is_late"], late["held"]), ("lifting", 1, 500000))
        counts = w.provider("bank-a")["counts"]
        self.assertEqual((counts["lifting"], counts["late"]), (1, 1))
        w.step(hours=49)  # it has ended at the bank by itself, and still nobody says so
        self.assertEqual(w.order(order)["state"], "lifting")
        w.stop_bank("bank-a")

    def test_untidy(self):
        w = self.world
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.open_bank("bank-a", "untidy")
        orders = [w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 500000,
                            "time": (w.begun - dt.timedelta(minutes=9)).isoformat()})
                  ["orders"][0]["order"]]
        for _ in range(8):  # asked for again and again
            made = w.post("/v1/orders", {
                "kind": "query", "target": {"kind": "account", "value": "2000001", "bank": "BKA"},
                "basis": "fraud_law_20", "reason": "mule_account", "evidence": "a report",
                "until": (w.now() + dt.timedelta(hours=24)).isoformat()}, user="an")
            self.assertEqual(made.status, 201, made)
            orders.append(made.value["order"])
            reply = w.post(f"/v1/orders/{orders[-1]}/approve", user="bo")
            self.assertEqual(reply.status, 200, reply)
        for order in orders:
            w.until_order(order, state="executed")
        w.step(seconds=10)  # late acknowledgements come
        self.assertEqual({w.order(order)["state"] for order in orders}, {"executed"})
        w.step(minutes=31)
        w.until_order(orders[0], state="lapsed")
        self.assertGreater(w.stop_bank("bank-a")["refused"], 0)  # orders nobody gave: 404

    def test_greedy_is_trimmed(self):
        w = self.world
        w.pay("t0", -20, "4000001", "2000001", 1)
        order = self.hold_less("greedy")
        self.assertEqual(w.until_order(order, held=200000, asked="nothing")["state"], "executed")
        fates = [r["fate"] for r in w.order(order)["receipts"]]
        self.assertEqual(sorted(set(fates)), ["over", "taken"])
        w.stop_bank("bank-a")

    def hold_less(self, manners):
        """A hold of less than there is, so that more can be held."""
        w = self.world
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.pay("t2", -9, "1000001", "2000001", 200000)
        w.open_bank("bank-a", manners)
        said = w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 200000,
                         "time": (w.begun - dt.timedelta(minutes=9)).isoformat()})
        return said["orders"][0]["order"]

    def test_stubborn_is_not_asked_for_ever(self):
        w = self.world
        order = self.hold_less("stubborn")
        late = w.until_order(order, held=300000, asked="trim", is_late=1)
        self.assertEqual(late["ask"], 2)
        self.assertEqual(w.provider("bank-a")["counts"]["late"], 1)
        w.step(minutes=6)
        self.assertEqual(w.order(order)["ask"], 2)
        self.assertEqual(w.stop_bank("bank-a")["receipts"], 2)

    def test_mismatch_is_refused_and_not_asked_again(self):
        w = self.world
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.open_bank("bank-a")
        said = w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 500000,
                         "name": "韩某", "time": (w.begun - dt.timedelta(minutes=9)).isoformat()})
        refused = w.until_order(said["orders"][0]["order"], state="refused")
        self.assertEqual((refused["ended_why"], refused["asked"]), ("other name", "nothing"))
        self.assertEqual(w.stop_bank("bank-a")["receipts"], 1)


def make_key(folder):
    """The path of a new key, and its public half: a bank makes one, and says it."""
    paths = {}
    for name, text in (("key", None), ("token", "x"), ("accounts", "account,bank\n")):
        paths[name] = os.path.join(folder, name)
        if text:
            with open(paths[name], "w", encoding="utf-8") as file:
                file.write(text)
    with subprocess.Popen([YUMEN, "drill", "bank", "--id", "bank-a", "--yumen",
                           "http://127.0.0.1:1", "--token-file", paths["token"], "--accounts",
                           paths["accounts"], "--key", paths["key"]],
                          stdout=subprocess.PIPE, text=True) as bank:
        said = bank.stdout.readline()
        bank.send_signal(signal.SIGTERM)
        bank.communicate(timeout=PATIENCE_S)
    return paths["key"], re.search("signs with ([0-9a-f]{64})$", said.strip())[1]


class Forms(unittest.TestCase):
    """Order, receipt and lift in the forms of banks, signed: two readings held together."""

    def live(self, form, kind="bank"):
        folder = tempfile.mkdtemp(prefix="yumen-test-")
        self.addCleanup(shutil.rmtree, folder)
        key, public = make_key(folder)
        banks = BANKS.replace("codes: [BKA],", f"codes: [BKA], form: {form}, key: {public},")
        banks = banks.replace("kind: bank", f"kind: {kind}", 1)
        w = World(banks)
        self.addCleanup(w.close)
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.pay("t2", -9, "1000001", "2000001", 100)
        w.open_bank("bank-a", "prompt", "--form", form, "--kind", kind, "--key", key)
        lines = [{"from": "1000001", "to": "2000001", "bank": "BKA", "amount": fen, "name": name,
                  "time": (w.begun - dt.timedelta(minutes=m)).isoformat()}
                 for fen, m, name in ((500000, 10, "王某"), (100, 9, "韩某"))]
        first, second = (w.report(line)["orders"][0]["order"] for line in lines)
        done = w.until_order(first, state="executed")
        self.assertEqual((done["held"], done["balance"]), (500000, 500100))
        refused = w.until_order(second, state="refused")
        self.assertIn("other name", refused["ended_why"])
        w.step(minutes=31)
        self.assertEqual(w.until_order(first, state="lapsed")["held"], 0)
        counts = w.stop_bank("bank-a")
        self.assertEqual((counts["receipts"], counts["refused"], counts["strange"]), (3, 0, 0))

    def unsaid(self, form):
        """What the form has no word for is asked in JSON, done, and set free again."""
        banks = BANKS.replace("query], codes: [BKA],",
                              f"query, disconnect], codes: [BKA], form: {form},")
        w = World(banks)
        self.addCleanup(w.close)
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.open_bank("bank-a", "prompt", "--form", form)
        said = w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 500000,
                         "time": (w.begun - dt.timedelta(minutes=10)).isoformat()})
        hold = said["orders"][0]["order"]
        w.until_order(hold, state="executed")
        order = w.cut_off(hold)
        self.assertEqual(w.until_order(order, state="executed")["kind"], "disconnect")
        mail = w.get("/v1/providers/bank-a/orders", user="bank-a",
                     headers={"Accept": "application/xml"})
        self.assertEqual((mail.status, order in mail.text), (200, False))  # it has answered
        w.set_free(order)
        counts = w.stop_bank("bank-a")
        self.assertEqual((counts["refused"], counts["strange"]), (0, 0))

    def test_iso20022_has_no_word(self):
        self.unsaid("iso20022")

    def test_cn_has_no_word(self):
        self.unsaid("cn")

    def test_iso20022(self):
        self.live("iso20022")

    def test_cn(self):
        self.live("cn")

    def test_cn_of_a_payment_firm(self):
        self.live("cn", "payment")


if __name__ == "__main__":
    unittest.main()
