#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: of the calls that carriers have screened, a person can see how many there were, by day, trunk
and reason, and what became of them; nothing counts twice, whenever the program ends; a carrier's
people see their own; and no number is kept anywhere.
Method: a drill's centre with switches made here; days pass by its clock; the server is stopped and
killed in between.
"""
import datetime as dt
import os
import signal
import socket
import sqlite3
import time
import unittest

from centre import PATIENCE_S, ZONE, Centre
from ports import free_port

BLOCKED, WARNED, FREE = "+8613900000001", "+8613900000002", "+8613912345678"
CONF = """
sip:
  listen: 127.0.0.1:{port}
  redress_url: https://centre.example/v1/redress/card
  redress_email: help@centre.example
  trunks:
  - {{name: cm-1, from: [127.0.0.1], carrier: cm}}
  - {{name: cu-abroad, from: [127.0.0.2], carrier: cu, kind: international, reject: 603}}
  - {{name: shared, from: [127.0.0.3]}}
providers:
- {{id: cm, name: 甲, kind: carrier, can: [disconnect], codes: ["+86139"]}}
- {{id: cu, name: 乙, kind: carrier, can: [disconnect], codes: ["+86130"]}}
"""


class Switch:
    def __init__(self, port, source):
        self.port = port
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind((source, 0))
        self.udp.settimeout(PATIENCE_S)
        self.calls = 0

    def status(self, caller, **how):
        return int(self.ask(caller, **how)[8:11])

    def ask(self, caller, method="INVITE", hops=70):
        self.calls += 1
        source, own = self.udp.getsockname()
        self.udp.sendto((
            f"{method} sip:8008208820@127.0.0.1 SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {source}:{own};branch=z9hG4bK{self.calls};rport\r\n"
            f"Max-Forwards: {hops}\r\nFrom: <sip:{caller}@a>;tag=1\r\nTo: <sip:8008208820@b>\r\n"
            f"Call-ID: {self.calls}@{own}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
        ).encode(), ("127.0.0.1", self.port))
        return self.udp.recv(65535).decode()


class Screened(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = Centre("drill", begins=False)
        cls.port = free_port()
        with open(os.path.join(cls.centre.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write(CONF.format(port=cls.port))
        cls.centre.start()
        for name, roles, provider in (("ann", "analyst", ""), ("bob", "approver", ""),
                                      ("mo", "provider", "cm"), ("uma", "provider", "cu"),
                                      ("fay", "feeder", "")):
            body = {"name": name, "roles": [roles], "token": True}
            if provider:
                body["provider"] = provider
            cls.centre.tokens[name] = cls.centre.post("/v1/users", body,
                                                      local=True).value["token"]
        cls.home, cls.abroad, cls.shared = (Switch(cls.port, f"127.0.0.{i}") for i in (1, 2, 3))
        for number, action in ((BLOCKED, "block"), (WARNED, "warn")):
            cls.centre.list_now("ann", "bob", kind="number", value=number, action=action,
                                basis="telecom_rules")

    @classmethod
    def tearDownClass(cls):
        for switch in (cls.home, cls.abroad, cls.shared):
            switch.udp.close()
        cls.centre.close()

    def today(self):
        return self.centre.now().astimezone(ZONE).date()

    def counts(self, user="ann", **query):
        reply = self.centre.get("/v1/calls", query=query, user=user)
        self.assertEqual(reply.status, 200, reply)
        return reply.value

    def lines(self, user="ann", **query):
        """(trunk, reason, outcome): calls"""
        return {(i["trunk"], i["reason"], i["outcome"]): i["calls"]
                for i in self.counts(user, **query)["items"]}

    def until_answered(self, caller, status):
        """The tables hear of a listing a moment after it is in force. How often it was asked."""
        for asked in range(1, 10_000_000):
            if self.home.status(caller) == status:
                return asked
        raise AssertionError("never")

    def test_1_days_reasons_and_outcomes(self):
        c = self.centre
        tried = self.until_answered(BLOCKED, 608) - 1
        while 'Contact: "' not in self.home.ask(WARNED):
            pass
        day = self.today()
        before = self.metric_sum("cm-1")
        c.step(days=1)  # what was counted so far is of the day before
        first = self.counts()
        self.assertEqual(first["to"], self.today().isoformat())
        self.assertEqual([d["day"] for d in first["days"]], [day.isoformat()])
        self.assertEqual(sum(i["calls"] for i in first["items"]), before)
        self.assertGreaterEqual(first["days"][0]["passed"], tried)
        self.assertEqual(self.home.status(BLOCKED), 608)
        self.assertEqual(self.home.status(BLOCKED), 608)
        self.assertEqual(self.home.status(WARNED), 302)
        self.assertEqual(self.home.status(FREE), 302)
        self.assertEqual(self.home.status(FREE, hops=0), 483)
        self.assertEqual(self.home.status(FREE, method="OPTIONS"), 200)  # no call
        self.assertEqual(self.abroad.status("110"), 603)
        self.assertEqual(self.shared.status(FREE), 302)
        day = self.today().isoformat()
        c.step(days=1)
        query = {"from": day, "to": day}
        self.assertEqual(self.counts(**query)["days"], [{
            "day": day, "passed": 2, "announced": 1, "blocked": 3, "refused": 1, "unanswered": 0}])
        self.assertEqual(self.lines(**query), {
            ("cm-1", "listed", "blocked"): 2, ("cm-1", "listed", "announced"): 1,
            ("cm-1", "clear", "passed"): 1, ("cm-1", "looping", "refused"): 1,
            ("cu-abroad", "short_code", "blocked"): 1, ("shared", "clear", "passed"): 1})

    def metric_sum(self, trunk):
        text = self.centre.ask("GET", "/metrics", local=True).text
        return sum(int(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if line.startswith(f'yumen_sip_requests_total{{trunk="{trunk}"'))

    def test_2_a_carriers_people_see_their_own(self):
        c = self.centre
        trunks = lambda user, **query: {key[0] for key in self.lines(user, **query)}
        self.assertEqual(trunks("ann"), {"cm-1", "cu-abroad", "shared"})
        self.assertEqual(trunks("ann", carrier="cm"), {"cm-1"})
        self.assertEqual(trunks("mo"), {"cm-1"})
        self.assertEqual(trunks("uma", carrier="cu"), {"cu-abroad"})
        self.assertEqual(sum(d["blocked"] for d in self.counts("uma")["days"]), 1)
        for user, query, status, code in (
                ("mo", {"carrier": "cu"}, 404, "provider.absent"),
                ("ann", {"carrier": "xx"}, 404, "provider.absent"),
                ("fay", {}, 403, "permit.role"),
                ("ann", {"from": "2026-11-01", "to": "2026-10-31"}, 400, "calls.days"),
                ("ann", {"from": "2024-01-01", "to": "2026-10-31"}, 400, "calls.days"),
                ("ann", {"to": "2026-13-01"}, 400, "day.malformed"),
                ("ann", {"from": "yesterday"}, 400, "day.malformed")):
            reply = c.get("/v1/calls", query=query, user=user)
            self.assertEqual((reply.status, reply.code), (status, code), (user, query))

    def test_3_nothing_counts_twice(self):
        c = self.centre
        day = self.today().isoformat()
        query = {"from": day, "to": day}
        for _ in range(3):
            self.assertEqual(self.home.status(FREE), 302)
        c.stop()  # in the midst of the minute
        c.start()
        key = ("cm-1", "clear", "passed")
        self.assertEqual(self.lines(**query), {key: 3})
        for _ in range(2):
            self.assertEqual(self.home.status(FREE), 302)
        c.stop()
        c.start()
        self.assertEqual(self.lines(**query), {key: 5})
        self.assertEqual(self.home.status(FREE), 302)
        c.server.send_signal(signal.SIGKILL)
        c.server.wait()
        c.start()
        self.assertIn(self.lines(**query)[key], (5, 6))  # its last minute may be gone
        c.stop()
        c.start()
        self.assertIn(self.lines(**query)[key], (5, 6))

    def test_4_kept_for_400_days(self):
        c = self.centre
        last = dt.date.fromisoformat(self.counts()["days"][-1]["day"])
        span = {"from": last.isoformat(), "to": last.isoformat()}
        self.assertNotEqual(self.counts(**span)["days"], [])
        c.step(days=399)
        c.add_user("eve", ["auditor"])  # the others have been signed in for too long
        self.assertNotEqual(self.counts("eve", **span)["days"], [])
        c.step(days=3)
        end = time.monotonic() + PATIENCE_S
        while self.counts("eve", **span)["days"] and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.counts("eve", **span)["days"], [])

    def test_5_no_number_is_kept(self):
        db = sqlite3.connect(f"file:{self.centre.data}/yumen.db?mode=ro", uri=True)
        self.assertEqual([row[1] for row in db.execute("PRAGMA table_info(call_screened)")],
                         ["day", "carrier", "trunk", "reason", "outcome", "calls"])
        db.close()
        for name in ("yumen.db", "yumen.db-wal"):
            path = os.path.join(self.centre.data, name)
            if os.path.exists(path):
                with open(path, "rb") as file:
                    self.assertNotIn(FREE[1:].encode(), file.read())


if __name__ == "__main__":
    unittest.main()
