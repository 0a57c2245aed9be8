#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what carriers, resolvers, apps and banks see of what is listed becomes signals about numbers,
once, and together alerts, one an episode, with reasons that add up; nobody is warned twice for the
same thing. It is remembered over SIGKILL but for a minute; nothing else of a row stays anywhere.
Method: a drill's centre, over HTTP. The folder and the log are searched for every number and name
that was sent; the snapshot is cut and changed by hand; reasons are read from the store.
"""
import datetime as dt
import json
import os
import re
import shutil
import sqlite3
import time
import unittest

from centre import PATIENCE_S, SOURCE, Centre

CONF = """
providers:
  - {id: cm, name: 甲, kind: carrier, can: [disconnect], codes: ["+86139"]}
  - {id: app, name: 乙, kind: platform, can: [query]}
  - {id: bank-a, name: 甲银行, kind: bank, can: [hold], codes: [BKA]}
  - {id: bank-b, name: 丙银行, kind: bank, can: [hold], codes: [BKB]}
"""
SITE = "refund-help.example"
CALLER = "13900880088"
VICTIM, OTHER, SENDER = "13912340011", "13912340022", "13700990033"


class World(Centre):
    def __init__(self, more=""):
        super().__init__("drill", begins=False)
        with open(os.path.join(self.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write(CONF + more)
        self.prepare()
        self.start()
        own = "feeder,provider"
        for name, roles, provider in (("mo", own, "cm"), ("ali", own, "app"),
                                      ("bea", own, "bank-a"), ("fay", "feeder", ""),
                                      ("ann", "analyst", ""), ("bob", "approver", ""),
                                      ("aud", "auditor", "")):
            body = {"name": name, "roles": roles.split(","), "token": True}
            if provider:
                body["provider"] = provider
            reply = self.post("/v1/users", body, local=True)
            assert reply.status == 201, reply
            self.tokens[name] = reply.value["token"]
        self.list_now("ann", "bob", value=SITE, match="suffix")
        self.list_now("ann", "bob", kind="number", value=CALLER, basis="fraud_law_11")
        self.list_now("ann", "bob", kind="account", value="BKB:900001", basis="fraud_law_18")
        self.count = 0

    def prepare(self):
        """For who wants more in the folder."""

    def ago(self, **by):
        return (self.now() - dt.timedelta(**by)).isoformat()

    def send(self, feed, rows, user="mo", query=""):
        body = "".join(json.dumps(row) + "\n" for row in rows)
        return self.feed(body, user, content="application/x-ndjson", feed=feed + query)

    def visit(self, **said):
        return {"time": self.ago(minutes=2), "subscriber": VICTIM, "domain": "www." + SITE,
                "resolver": "r1", **said}

    def message(self, **said):
        return {"time": self.ago(minutes=4), "sender": SENDER, "subscriber": VICTIM,
                "urls": f"https://{SITE}/pay", **said}

    def call(self, **said):
        self.count += 1
        return {"id": f"c-{self.count}", "time": self.ago(minutes=9), "caller": CALLER,
                "callee": VICTIM, "answered": 1, "duration_s": 480, **said}

    def transfer(self, **said):
        self.count += 1
        return {"id": f"t-{self.count}", "time": self.ago(seconds=20), "from": "BKA:100001",
                "to": "BKB:900001", "amount": 3000000, "status": "pending", **said}

    def account(self, number, contact):
        return {"account": f"BKA:{number}", "bank": "BKA", "contact": contact}

    def signals(self):
        found = re.findall(r'(?m)^yumen_signals_total\{fate="(\w+)"\} (\d+)$',
                           self.get("/metrics").text)
        return {fate: int(count) for fate, count in found}

    def metric(self, name):
        found = re.search("(?m)^" + re.escape(name) + r" (-?\d+)$", self.get("/metrics").text)
        return int(found[1]) if found else None

    def centre(self):
        return self.get("/v1/centre", user="ann").value["warned"]

    def kill(self):
        self.server.kill()
        self.server.wait()


def probability(given_mn):
    """In millionths, by the curve of the model that comes with the program."""
    with open(os.path.join(SOURCE, "models/warning.model"), encoding="utf-8") as file:
        points = [tuple(map(int, line.split()[1:])) for line in file if line.startswith("point ")]
    after = next((i for i, (at, _) in enumerate(points) if at >= given_mn), len(points))
    if after in (0, len(points)):
        return points[min(after, len(points) - 1)][1]
    (x0, y0), (x1, y1) = points[after - 1], points[after]
    return y0 + (y1 - y0) * (given_mn - x0) / (x1 - x0)


def wait_until(holds):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


class Warned(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.w = World()
        cls.addClassCleanup(cls.w.close)

    def refusals(self, feed, rows, **how):
        reply = self.w.send(feed, rows, **how)
        self.assertEqual(reply.status, 200, reply)
        return [(r["row"], r["column"], r["code"]) for r in reply.value["refusals"]]

    def settled(self, before, **grown):
        """Waits until the counts have grown by so much; nothing else has."""
        def has_come():
            now = self.w.signals()
            return sum(now.values()) >= sum(before.values()) + sum(grown.values())
        wait_until(has_come)
        now = self.w.signals()
        self.assertEqual({fate: now[fate] - before[fate] for fate in now},
                         {fate: grown.get(fate, 0) for fate in now})

    # ---- what becomes of a row ---------------------------------------------------------------

    def test_what_is_listed_is_a_signal_and_the_rest_goes(self):
        before, left = self.w.signals(), 'yumen_online_rows_total{feed="visits",fate="unmatched"}'
        unmatched = self.w.metric(left)
        rows = [self.w.visit(), self.w.visit(domain="bank.example"), self.w.visit(subscriber=OTHER)]
        reply = self.w.send("visits", rows)
        self.assertEqual((reply.status, reply.value["accepted"], reply.value["refused"]),
                         (200, 3, 0), reply)
        self.settled(before, new=2)
        self.assertEqual(self.w.metric(left), unmatched + 1)
        before = self.w.signals()
        rows = [self.w.message(), self.w.message(urls="https://bank.example/ x.bank.example"),
                self.w.message(urls=f"ftp://a.example pay.{SITE}", subscriber=OTHER)]
        self.assertEqual(self.w.send("messages", rows).value["accepted"], 3)
        self.settled(before, new=2)

    def test_a_feed_played_again_makes_nothing(self):
        rows = [self.w.visit(time=self.w.ago(minutes=30)),
                self.w.message(time=self.w.ago(minutes=31))]
        before = self.w.signals()
        self.w.send("visits", rows[:1])
        self.w.send("messages", rows[1:])
        wait_until(lambda: sum(self.w.signals().values()) == sum(before.values()) + 2)
        before = self.w.signals()
        for _ in range(3):
            self.w.send("visits", rows[:1])
            self.w.send("messages", rows[1:])
        wait_until(lambda: sum(self.w.signals().values()) == sum(before.values()) + 6)
        self.assertEqual(self.w.signals()["new"], before["new"])

    def test_what_is_wrong_is_named_by_row_and_column(self):
        w = self.w
        tomorrow = w.ago(days=-1)
        self.assertEqual(self.refusals("visits", [
            w.visit(time=tomorrow), w.visit(subscriber="someone"), w.visit(domain="192.0.2.1"),
            w.visit(time="soon"), w.visit()]),
            [(1, "time", "online.future"), (2, "subscriber", "number.letters"),
             (3, "domain", "domain.is_ip"), (4, "time", "time.malformed")])
        self.assertEqual(self.refusals("messages", [
            w.message(time=tomorrow), w.message(urls="ftp://a.example"), w.message(text="hello"),
            w.message(text="hello", consent="yes")]),
            [(1, "time", "online.future"), (2, "urls", "message.urls"),
             (3, "consent", "message.consent"), (4, "text", "message.text_app")])

    def test_text_counts_from_the_recipients_own_app(self):
        before = self.w.signals()
        row = self.w.message(urls="https://bank.example/", consent="c-1",
                             text=f"see https://m.{SITE}/x, now", subscriber="13912340099")
        reply = self.w.send("messages", [row], user="ali")
        self.assertEqual(reply.value["refusals"], [])
        self.settled(before, new=1)

    def test_who_may_send(self):
        row = [self.w.visit()]
        self.assertEqual(self.w.send("visits", row, user="bea").code, "online.not_source")
        self.assertEqual(self.w.send("visits", row, user="mo", query="?carrier=app").code,
                         "online.other_source")
        self.assertEqual(self.w.send("visits", row, user="fay", query="?carrier=nobody").code,
                         "online.source")
        self.assertEqual(self.w.send("visits", row, user="fay", query="?carrier=cm").status, 200)
        self.assertEqual(self.w.send("visits", row, user="aud").code, "permit.role")

    def test_a_clock_a_little_ahead_is_set_right(self):
        before = self.w.signals()
        rows = [self.w.visit(time=self.w.ago(minutes=-4), subscriber="13912340055")]
        self.assertEqual(self.refusals("visits", rows, user="fay"), [])
        self.settled(before, new=1)
        self.assertGreaterEqual(self.w.metric("yumen_warned_skew_seconds"), 230)

    # ---- calls and payments ------------------------------------------------------------------

    def test_calls_with_a_listed_number(self):
        w, them = self.w, "13912345601"
        before = w.signals()
        rows = [w.call(callee=them, phase="setup", duration_s=""), w.call(callee=them),
                w.call(callee=them, duration_s=30), w.call(callee=them, answered=0, duration_s=""),
                w.call(callee=them, kind="sms", duration_s=""),
                w.call(callee=them, caller="13912340001")]
        self.assertEqual(self.refusals("calls", rows), [])
        self.settled(before, new=1)
        before = w.signals()
        live = dict(callee=them, id="live-1")
        self.refusals("calls", [w.call(**live, phase="answer", time=w.ago(minutes=7),
                                       duration_s="")])
        self.settled(before, new=1)
        before = w.signals()
        self.refusals("calls", [w.call(**live, phase="end", time=w.ago(seconds=1))])
        self.settled(before, new=1)
        before = w.signals()
        self.refusals("calls", rows)
        self.settled(before, again=1)

    def test_payments_to_a_listed_account(self):
        w = self.w
        accounts = [w.account(100001, "13912345701"), w.account(100002, "")] + [
            w.account(200000 + i, "13912345702") for i in range(5)]
        self.assertEqual(self.refusals("accounts", accounts, user="fay"), [])
        before = w.signals()
        rows = [w.transfer(), w.transfer(**{"from": "BKA:100002"}),
                w.transfer(**{"from": "BKA:200000"}), w.transfer(**{"from": "BKA:999999"}),
                w.transfer(status="rejected"), w.transfer(time=w.ago(days=3))]
        self.assertEqual(self.refusals("transfers", rows, user="fay"), [])
        self.settled(before, new=2)  # that it waits, and to whom
        before = w.signals()
        self.refusals("transfers", rows, user="fay")
        self.refusals("transfers", [dict(rows[0], status="booked")], user="fay")
        self.settled(before, new=1, again=1)

    def test_payments_to_an_account_that_empties(self):
        w = self.w
        accounts = [w.account(300000 + i, f"139123458{i:02}") for i in range(3)]
        self.refusals("accounts", accounts, user="fay")
        mule = "BKB:700001"
        at = [w.ago(minutes=40 - i) for i in range(10)]

        def pay(payer, payee, **said):
            return w.transfer(**{"from": payer}, to=payee, status="booked", **said)
        before = w.signals()
        self.refusals("transfers", [
            pay("BKA:777001", mule, time=at[0]),
            pay(mule, "BKB:700002", time=at[1], amount=2900000),
            pay("BKA:300000", mule, time=at[2])], user="fay")
        self.settled(before, new=2)  # somebody new, who passes on what comes
        before = w.signals()
        self.refusals("transfers", [pay("BKA:300001", mule, amount=900)], user="fay")
        self.refusals("transfers", [pay("BKA:300000", mule)], user="fay")  # known by now
        self.refusals("transfers", [pay("BKA:300002", mule, exit="merchant")], user="fay")
        self.refusals("transfers", [pay("BKA:300002", "BKB:700009")], user="fay")
        self.settled(before, new=1)  # of these four, the last

    def test_a_payment_far_above_what_was_usual(self):
        w = self.w
        self.refusals("accounts", [w.account(400000, "13912345990")], user="fay")

        def pay(payee, amount, status="booked"):
            return w.transfer(**{"from": "BKA:400000"}, to=payee, amount=amount, status=status)
        before = w.signals()
        self.refusals("transfers", [pay("BKB:800001", 60000)], user="fay")
        self.settled(before, new=1)
        before = w.signals()
        self.refusals("transfers", [pay("BKB:800002", 900000, "pending")], user="fay")
        self.settled(before, new=2)

    # ---- what stays --------------------------------------------------------------------------

    def test_nothing_of_a_row_is_on_the_disk_or_in_the_log(self):
        w = self.w
        number, name = "13912347788", "only-here.example"
        w.send("visits", [w.visit(subscriber=number), w.visit(subscriber=number, domain=name),
                          w.visit(subscriber=number, time="soon")])
        w.send("messages", [w.message(subscriber=number, sender="13700997788",
                                      urls=f"https://{name}/token")])
        w.stop()
        found = []
        for folder, _, files in os.walk(w.folder):
            for file in files:
                with open(os.path.join(folder, file), "rb") as f:
                    content = f.read()
                found += [(file, part) for part in (number, name, "13700997788", "/token")
                          if part.encode() in content]
        w.start()
        self.assertEqual(found, [])


class Alerts(unittest.TestCase):
    """Each with a centre of its own."""

    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        self.number = "13912340500"
        accounts = [self.w.account(100500, self.number)]
        assert self.w.send("accounts", accounts, user="fay").value["refused"] == 0

    def alerts(self):
        """(state, tier, highest, micro, parts) of each, oldest first."""
        path = os.path.join(self.w.data, "yumen.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            rows = db.execute('SELECT "state", "tier", "highest", "micro", "parts" FROM alert'
                              ' ORDER BY "id"').fetchall()
        db.close()
        return [(*row[:4], json.loads(row[4])) for row in rows]

    def rows(self):
        w, them = self.w, self.number
        return [("messages", [w.message(subscriber=them)], "mo"),
                ("visits", [w.visit(subscriber=them)], "mo"),
                ("calls", [w.call(callee=them)], "mo"),
                ("transfers", [w.transfer(**{"from": "BKA:100500"})], "fay")]

    def play(self, rows):
        for feed, some, user in rows:
            reply = self.w.send(feed, some, user=user)
            self.assertEqual((reply.status, reply.value["refused"]), (200, 0), reply)

    def raised(self):
        rows = self.rows()
        self.play(rows)
        wait_until(lambda: self.alerts() and self.alerts()[0][1] == "urgent")
        return rows

    def test_one_alert_an_episode_and_its_reasons_add_up(self):
        self.raised()
        (state, tier, highest, micro, parts), = self.alerts()
        self.assertEqual((state, tier, highest), ("open", "urgent", "urgent"))
        self.assertGreater(micro, 950000)
        for rise in parts:
            given = sum(part["given"] for part in rise["parts"])
            self.assertGreater(given, 0)
            self.assertLess(abs(probability(given) - rise["micro"]), 3000)
        kinds = {part.get("kind") for part in parts[-1]["parts"]}
        self.assertLessEqual({"message", "visit", "called"}, kinds)
        listed = [p["evidence"] for p in parts[-1]["parts"] if p.get("kind") in ("visit", "called")]
        self.assertTrue(all(e.startswith("listing:") for e in listed), listed)

    def test_nobody_is_warned_twice_for_the_same(self):
        rows = self.raised()
        before = self.alerts()
        self.play(rows)
        self.w.stop()
        self.w.start()
        self.play(rows)
        self.w.kill()
        self.w.start()
        self.play(rows)
        wait_until(lambda: self.w.signals()["again"] >= 3)
        self.assertEqual(self.alerts(), before)

    def test_it_fades_by_itself(self):
        self.raised()
        for _ in range(30):  # what somebody saw longest stays for days, ever weaker
            self.w.step(hours=12)
        wait_until(lambda: self.alerts()[0][0] == "closed")
        wait_until(lambda: self.w.centre()["episodes"] == 0)

    def test_a_fall_after_a_restart_finds_its_alert(self):
        self.raised()
        self.w.stop()
        self.w.start()
        self.w.step(hours=24)
        wait_until(lambda: self.alerts()[0][1] != "urgent")
        self.assertEqual(len(self.alerts()), 1)

    def test_the_number_is_nowhere_to_be_read(self):
        self.raised()
        self.w.stop()
        found = []
        for folder, _, files in os.walk(self.w.folder):
            for file in files:
                if folder.endswith("trail"):
                    continue  # what banks said of accounts
                with open(os.path.join(folder, file), "rb") as f:
                    if self.number.encode() in f.read():
                        found.append(file)
        self.w.start()
        self.assertEqual(found, [])


class Snapshot(unittest.TestCase):
    """Each with a centre of its own: they kill it."""

    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        self.file = os.path.join(self.w.data, "warned", "live")
        self.rows = [self.w.visit(subscriber=f"139123{i:05}") for i in range(600)]
        self.w.send("visits", self.rows)
        wait_until(lambda: self.w.centre()["episodes"] == 600)
        self.w.stop()
        self.w.start()

    def logged(self):
        text = self.w.log()
        for file in os.listdir(self.w.data):
            if file.endswith(".log"):
                with open(os.path.join(self.w.data, file), encoding="utf-8") as f:
                    text += f.read()
        return text

    def test_what_was_known_is_known_after_a_kill(self):
        self.assertEqual(self.w.centre()["restored"], 600)
        self.assertEqual(self.w.centre()["episodes"], 600)
        self.w.kill()
        self.w.start()
        self.assertEqual(self.w.centre()["episodes"], 600)
        before = self.w.signals()
        self.w.send("visits", self.rows)
        wait_until(lambda: self.w.signals()["again"] == before["again"] + 600)
        self.assertEqual(self.w.signals()["new"], before["new"])

    def test_damage_is_said_aloud_and_the_rest_is_read(self):
        self.w.kill()
        with open(self.file, "r+b") as file:
            file.seek(-2000, os.SEEK_END)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        self.w.start()
        warned = self.w.centre()
        self.assertEqual((warned["open"], warned["restored"]), (True, 512))
        self.assertEqual(warned["trouble"]["code"], "warned.damaged")
        self.assertIn("warned.damaged", self.logged())

    def test_a_file_that_was_cut_or_is_another_centres(self):
        self.w.kill()
        shutil.copy(self.file, self.file + ".whole")
        os.truncate(self.file, os.path.getsize(self.file) // 2)
        self.w.start()
        self.assertEqual(self.w.centre()["trouble"]["code"], "warned.damaged")
        with World() as other:
            other.stop()
            shutil.copy(self.file + ".whole", os.path.join(other.data, "warned", "live"))
            other.start()
            self.assertEqual(other.centre()["trouble"]["code"], "warned.other_key")
            self.assertEqual(other.centre()["episodes"], 0)


if __name__ == "__main__":
    unittest.main()
