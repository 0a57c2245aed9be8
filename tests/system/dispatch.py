#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: officers are sent to alerts by duty, station and recorded visit; each has one thing at a time,
nothing is lost over SIGKILL, of two who accept at once one has it, and what was told of an address
is a leaf each and then nowhere. Nobody's account hears of what its division does not cover.
Method: a drill's centre over HTTP, once with a clock set by hand, once by the wall's; the folder is
searched for what must not stay.
"""
import os
import signal
import sqlite3
import threading
import time
import unittest

from centre import PATIENCE_S, Centre

STATIONS = ("station,division,name,lon,lat\neast,620102001,East,103.84,36.06\n"
            "west,620102002,West,104.00,36.06\nnorth,620103001,North,103.84,36.30\n")
OFFICERS = 20


def open_world(clock):
    c = Centre("drill", clock=clock)
    c.add_user("lin", "operator")
    c.add_user("cam", "commander")
    c.add_user("ann", "feeder", "62")
    c.add_user("aud", "auditor")
    assert c.feed(STATIONS, "ann", feed="stations").value["accepted"] == 3
    assert c.feed("beat,station,name\nb1,west,B1\n", "ann", feed="beats").value["accepted"] == 1
    return c


def put_on_duty(c, *officers):
    rows = [f"{name},{name},{station},on" for name, station in officers]
    reply = c.feed("officer,name,station,duty\n" + "\n".join(rows) + "\n", "ann", feed="officers")
    assert reply.value["accepted"] == len(rows), reply


def raise_alert(c, number, division="620102002", tier="urgent"):
    reply = c.post("/v1/alerts", {"number": number, "tier": tier, "division": division,
                                  "why": "a neighbour calls"}, user="lin")
    assert reply.status == 200, reply
    return reply.value["alert"]


def alert_of(c, alert):
    return c.get("/v1/alerts/" + alert, user="lin").value


class ByHand(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.c = c = open_world("manual")
        cls.addClassCleanup(c.close)
        for i in range(OFFICERS):
            c.add_user(f"o{i:02}", "officer", "6201")
        c.add_user("far", "officer", "620103")

    def rows(self, query):
        db = sqlite3.connect(os.path.join(self.c.data, "yumen.db"))
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def test_1_nobody_hears_of_what_is_not_theirs(self):
        """The only one on duty may see the next county alone: nobody is sent, and that is seen."""
        put_on_duty(self.c, ("far", "north"))
        alert = raise_alert(self.c, "13912340000")
        self.c.step(seconds=40)
        now = alert_of(self.c, alert)
        self.assertEqual((now["state"], now["unsent"]), ("open", "nobody"))
        page = self.c.get("/v1/alerts", user="lin", query={"waits": "unsent"}).value
        self.assertEqual([a["alert"] for a in page["items"]], [alert])
        self.assertEqual(page["total"], 1)
        put_on_duty(self.c, ("o00", "east"))
        self.c.step(seconds=40)
        now = alert_of(self.c, alert)
        self.assertEqual((now["officer"], now["unsent"], now["is_sent"]), ("o00", "none", 1))
        self.assertEqual(self.c.post(f"/v1/alerts/{alert}/take", user="o00").status, 200)
        self.finish(alert, "o00")

    def finish(self, alert, officer):
        reply = self.c.post(f"/v1/alerts/{alert}/outreach", {"means": "visit", "result": "reached"},
                            user=officer)
        self.assertEqual(reply.status, 200, reply)
        reply = self.c.post(f"/v1/alerts/{alert}/outcome", {"outcome": "refuted"}, user=officer)
        self.assertEqual(reply.status, 200, reply)

    def test_2_of_two_who_accept_at_once_one_has_it(self):
        put_on_duty(self.c, ("o01", "west"))
        alert = raise_alert(self.c, "13912340001")
        self.c.step(seconds=5)
        # o00 recorded a visit there, and is as near as who is stationed there.
        self.assertIn(alert_of(self.c, alert)["officer"], ("o00", "o01"))
        replies = {}

        def take(name):
            replies[name] = self.c.post(f"/v1/alerts/{alert}/take", user=name)
        threads = [threading.Thread(target=take, args=(name,)) for name in ("o01", "o02", "o03")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = sorted((r.status, r.code) for r in replies.values())
        self.assertEqual(told, [(200, ""), (409, "alert.taken"), (409, "alert.taken")])
        winner = next(name for name, r in replies.items() if r.status == 200)
        self.assertEqual(alert_of(self.c, alert)["officer"], winner)
        self.finish(alert, winner)

    def test_3_each_has_one_thing_at_a_time_and_all_is_done(self):
        put_on_duty(self.c, *((f"o{i:02}", ("east", "west", "north")[i % 3])
                              for i in range(2, OFFICERS)))
        left = {raise_alert(self.c, f"139123500{i:02}",
                            ("620102001", "620102002", "620103001")[i % 3]) for i in range(50)}
        for turn in range(60):
            self.c.step(seconds=31)
            held = [a for a in map(lambda a: alert_of(self.c, a), left) if a.get("officer")]
            names = [a["officer"] for a in held]
            self.assertEqual(len(names), len(set(names)), "somebody has two things")
            for i, a in enumerate(held):
                if not a.get("taken_at"):
                    door = "refuse" if (turn + i) % 7 == 0 else "take"
                    self.c.post(f"/v1/alerts/{a['alert']}/{door}", {"why": "ill"},
                                user=a["officer"])
                elif turn % 3 == 2:
                    self.finish(a["alert"], a["officer"])
                    left.discard(a["alert"])
            if not left:
                return
        self.fail(f"{len(left)} are left")

    def test_4_the_address_is_asked_once_and_gone(self):
        alert = raise_alert(self.c, "13912340004", "62")
        self.c.step(seconds=5)
        self.assertEqual(alert_of(self.c, alert)["unsent"], "place")
        where = f"/v1/alerts/{alert}/whereabouts"
        self.assertEqual(self.c.post(where, {"why": "no county"}, user="lin").status, 200)
        said = {"address": "7 Nanguan Road, house 3", "beat": "b9"}
        reply = self.c.post(where + "/tell", said, user="lin")
        self.assertEqual((reply.status, reply.code), (400, "beat.unknown"))
        said["beat"] = "b1"
        self.assertEqual(self.c.post(where + "/tell", said, user="lin").status, 200)
        self.c.step(seconds=5)
        now = alert_of(self.c, alert)
        # Found, but the division is the whole province's: only who sees that may be sent.
        self.assertEqual((now["beat"], now["unsent"]), ("b1", "nobody"))
        reply = self.c.post(f"/v1/alerts/{alert}/outcome", {"outcome": "unreachable"}, user="cam")
        self.assertEqual(reply.status, 200, reply)
        acts = [row[0] for row in self.rows("SELECT act FROM ledger_leaf WHERE act LIKE"
                                            " 'whereabouts.%' OR act = 'alert.place' ORDER BY idx")]
        self.assertEqual(acts, ["whereabouts.ask", "whereabouts.tell", "alert.place",
                                "whereabouts.erase"])
        for name in os.listdir(self.c.data):
            path = os.path.join(self.c.data, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    self.assertNotIn(b"Nanguan", f.read(), name)
        for number in ("13912340004", "13912340001", "Nanguan"):
            self.assertNotIn(number, self.c.log())

    def test_5_no_table_says_where_officers_went(self):
        for table, in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            columns = {row[1] for row in self.rows(f"PRAGMA table_info('{table}')")}
            if {"lon", "lat"} & columns:
                self.assertIn(table, ("station", "beat", "place", "cell"))


class ByTheWall(unittest.TestCase):
    def await_officer(self, c, alert, officer):
        end = time.monotonic() + PATIENCE_S
        while alert_of(c, alert).get("officer") != officer and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(alert_of(c, alert)["officer"], officer)

    def test_a_killed_centre_goes_on(self):
        c = open_world("real")
        self.addCleanup(c.close)
        c.add_user("hua", "officer", "6201")
        c.add_user("bo", "officer", "6201")
        put_on_duty(c, ("hua", "east"), ("bo", "west"))
        alert = raise_alert(c, "13912340009")
        self.await_officer(c, alert, "bo")
        c.server.send_signal(signal.SIGKILL)
        c.server.wait()
        c.start()
        self.await_officer(c, alert, "bo")  # still asked: that stands in the alert
        reply = c.post(f"/v1/alerts/{alert}/refuse", {"why": "the bridge is closed"}, user="bo")
        self.assertEqual(reply.status, 200, reply)
        self.await_officer(c, alert, "hua")
        c.server.send_signal(signal.SIGKILL)
        c.server.wait()
        c.start()
        self.assertEqual(c.post(f"/v1/alerts/{alert}/take", user="hua").status, 200)
        acts = [h["act"] for h in alert_of(c, alert)["history"]]
        self.assertEqual(acts, ["alert.open", "alert.assign", "alert.refuse", "alert.assign",
                                "alert.take"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
