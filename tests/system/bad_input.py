#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what the world does wrong around warnings has a result that is defined and seen: nothing is
lost, nobody is warned twice for the same, and no number stands in the log or in an address.
Method: a drill's centre over HTTP, one thing that is wrong a test. Elsewhere: a guardian who is the
abuser (guardians), two officers at once (dispatch), an officer's telephone offline for a day
(scenario/alert-outcome-twice), a division without stations (scenario/dispatch-no-station).
"""
import os
import sqlite3
import unittest

from warned import SITE, World, wait_until

MANY = 100000
ROWS_AT_ONCE = 20000


class BadInput(unittest.TestCase):
    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        self.number = "13912340700"

    def taken(self):
        return sum(self.w.signals().values())

    def alerts(self):
        with sqlite3.connect(f"file:{os.path.join(self.w.data, 'yumen.db')}?mode=ro",
                             uri=True) as db:
            return db.execute('SELECT "tier", "division", "state" FROM alert').fetchall()

    def listed(self, **query):
        self.w.add_user("lin", "operator")
        return self.w.get("/v1/alerts", query=query, user="lin").value

    def is_said_nowhere(self, *words):
        """In no log."""
        text = self.w.log()
        for file in os.listdir(self.w.data):
            if file.endswith(".log"):
                with open(os.path.join(self.w.data, file), encoding="utf-8") as f:
                    text += f.read()
        for word in words:
            self.assertNotIn(word, text)

    def test_a_carriers_clock_a_day_ahead(self):
        """Each row is refused by name and warns nobody; what is right beside it is judged."""
        w, them, tomorrow = self.w, self.number, self.w.ago(days=-1)
        for feed, wrong, right, code, user in (
                ("visits", w.visit(subscriber=them, time=tomorrow), w.visit(subscriber=them),
                 "online.future", "mo"),
                ("messages", w.message(subscriber=them, time=tomorrow), w.message(subscriber=them),
                 "online.future", "mo"),
                ("calls", w.call(callee=them, time=tomorrow), w.call(callee=them),
                 "call.future", "mo"),
                ("transfers", w.transfer(time=tomorrow), w.transfer(), "transfer.future", "fay")):
            before = self.taken()
            said = w.send(feed, [wrong, wrong, wrong], user=user).value
            self.assertEqual((said["accepted"], {r["code"] for r in said["refusals"]}), (0, {code}))
            self.assertEqual(self.taken(), before, feed)
            said = w.send(feed, [wrong, right], user=user).value
            self.assertEqual((said["accepted"], [r["row"] for r in said["refusals"]]), (1, [1]))
        self.is_said_nowhere(them)

    def test_a_feed_replayed(self):
        """An hour of it again, and after a restart: the same alert, and nothing new."""
        w, them = self.w, self.number
        feeds = [("visits", [w.visit(subscriber=them, domain=f"a{i}.{SITE}") for i in range(9)]),
                 ("messages", [w.message(subscriber=them)]), ("calls", [w.call(callee=them)])]
        for feed, rows in feeds:
            self.assertEqual(w.send(feed, rows).value["refused"], 0)
        wait_until(lambda: [a[0] for a in self.alerts()] == ["high"])
        wait_until(lambda: self.taken() == 11)
        before, news = self.alerts(), w.signals()["new"]
        for feed, rows in feeds * 3:
            w.send(feed, rows)
        wait_until(lambda: self.taken() == 44)
        self.assertEqual((self.alerts(), w.signals()["new"]), (before, news))
        w.stop()
        w.start()
        for feed, rows in feeds:
            w.send(feed, rows)
        wait_until(lambda: self.taken() == 11)
        self.assertEqual((self.alerts(), w.signals()["new"]), (before, 0))

    def test_a_flood_of_signals_about_one_number(self):
        """All counted, and worth what a few of their kind are: alone they warn nobody. Others,
        and whom they are about, are warned as ever, once (a million: warn/live)."""
        w, them, other = self.w, self.number, "13912340701"
        for at in range(0, MANY, ROWS_AT_ONCE):
            time = w.ago(minutes=2)
            rows = "".join(f'{{"time":"{time}","subscriber":"{them}","domain":"a{i}.{SITE}",'
                           '"resolver":"r1"}\n' for i in range(at, at + ROWS_AT_ONCE))
            reply = w.feed(rows, "mo", content="application/x-ndjson", feed="visits")
            self.assertEqual(reply.value["accepted"], ROWS_AT_ONCE, reply)
        wait_until(lambda: self.taken() == MANY)
        self.assertLess(w.signals()["new"], 100)  # the rest made nothing stronger
        self.assertEqual((w.centre()["episodes"], self.alerts()), (1, []))
        for count, who in enumerate((other, them)):
            before = self.taken()
            for feed, rows in (("visits", [w.visit(subscriber=who)]),
                               ("calls", [w.call(callee=who)]),
                               ("messages", [w.message(subscriber=who)])):
                self.assertEqual(w.send(feed, rows).value["accepted"], 1)
            wait_until(lambda: self.taken() == before + 3)
            wait_until(lambda: len(self.alerts()) == count + 1)
        self.assertEqual(w.signals()["dropped"], 0)
        self.is_said_nowhere(them, other)

    def test_alerts_for_numbers_nobody_knows(self):
        """Whose division nobody knows is the centre's own to see to; what is no number is
        refused by its column, and nobody is asked about it."""
        w = self.w
        w.send("visits", [w.visit(subscriber="+4915112345678", domain=f"a{i}.{SITE}")
                          for i in range(3)])
        w.send("messages", [w.message(subscriber="+4915112345678")])
        w.send("calls", [w.call(callee="+4915112345678")])
        wait_until(lambda: len(self.alerts()) == 1)
        (_, division, state), = self.alerts()
        self.assertEqual((division, state), ("", "open"))
        self.assertEqual(self.listed(state="open")["total"], 1)
        for number, code in (("12", None), ("nobody", "number.letters"), ("", None)):
            reply = w.post("/v1/alerts", {"number": number, "tier": "high", "why": "w"},
                           user="lin")
            self.assertEqual((reply.status, reply.value.get("column")), (400, "number"), reply)
            if code:
                self.assertEqual(reply.code, code)
        self.assertEqual(len(self.alerts()), 1)
        self.is_said_nowhere("15112345678")

    def test_an_app_that_floods_reports(self):
        """Reports from one address, and things told by one program: beyond a share refused, with
        when to come again, and seen; nothing of it is an order, and others are heard."""
        w = self.w
        body = {"channel": "web", "victim": {"number": "13912340702", "name": "x"}, "said": "y",
                "transfers": [{"from": "BKA:100001", "to": "BKB:900002", "amount": 100,
                               "time": w.ago(hours=1)}]}
        told = [w.post("/v1/reports", body, headers={"X-Forwarded-For": "192.0.2.7"})
                for _ in range(9)]
        beyond = [reply for reply in told if reply.status == 429]
        self.assertGreater(len(beyond), 0)
        self.assertLess(len(beyond), 9)
        for reply in told:
            self.assertEqual(reply.value.get("orders", []), [])
        for reply in beyond:
            self.assertEqual(reply.code, "limit.rate")
            self.assertGreater(int(reply.headers["Retry-After"]), 0)
        other = w.post("/v1/reports", body, headers={"X-Forwarded-For": "192.0.2.8"})
        self.assertEqual(other.status, 201, other)
        self.assertEqual(self.alerts(), [])
        self.is_said_nowhere("13912340702")


if __name__ == "__main__":
    unittest.main(verbosity=2)
