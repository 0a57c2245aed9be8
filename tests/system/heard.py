#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: who looks at the console hears what becomes of orders as banks answer, and of incidents; of
other divisions nothing; and who was away hears each thing that was missed, once.
Method: a drill's centre with a victim's report in one county; operators of that county, of another,
and of the whole centre listen to /v1/stream while the bank answers over HTTP.
"""
import unittest

from centre import Stream
from reports import MULE, SECOND, World

COUNTY, OTHER = "620102", "620502"


class Heard(unittest.TestCase):
    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)
        for name, roles, division in (("near", ["operator"], COUNTY), ("far", ["operator"], OTHER),
                                      ("anna", ["analyst"], COUNTY), ("abe", ["approver"], COUNTY),
                                      ("feeds", ["feeder"], "")):
            self.w.add_user(name, roles, division=division)

    def done(self, reply, status=200):
        self.assertEqual(reply.status, status, reply)
        return reply.value

    def report(self, user="near", to=MULE, **more):
        said = self.done(self.w.report({"to": to, "bank": to[:3], "amount": 90000}, user=user,
                                       **more), 201)
        return said["incident"], said["orders"][0]["order"]

    def answer(self, order, result, bank="bank-a", status=200, **more):
        return self.done(self.w.post(f"/v1/orders/{order}/receipt", {"result": result, **more},
                                     user=bank), status)

    def act(self, order, what, user, **more):
        return self.done(self.w.post(f"/v1/orders/{order}/{what}", more, user=user))

    def until(self, stream, act):
        """All that is heard up to this act, which is the last that was done."""
        heard = []
        while not heard or heard[-1][2]["act"] != act:
            event = stream.next()
            self.assertIsNotNone(event, "the stream ended")
            heard.append(event)
        return heard

    def life(self):
        """From a report to a lift that is confirmed; the last thing closes the incident."""
        incident, order = self.report()
        for what in (f"incidents/{incident}", f"orders/{order}"):  # who looks is told to nobody
            self.done(self.w.get(f"/v1/{what}", query={"purpose": "to know"}, user="anna"))
        self.answer(order, "pending", ask=1)
        self.answer(order, "done", held=90000, ask=1)
        self.act(order, "approve", "abe")
        self.act(order, "trim", "anna", amount=50000, why="less was stolen")
        self.answer(order, "done", held=50000, ask=2)
        self.act(order, "lift", "anna", why="it was his own")
        self.answer(order, "done", held=0, ask=3)
        self.answer(order, "done", held=0, ask=3)  # once more, which is nothing new
        self.done(self.w.post(f"/v1/incidents/{incident}/close", {"why": "settled"}, user="anna"))
        return incident, order

    def test_orders_receipts_and_incidents_are_heard(self):
        with Stream(self.w, "near") as near, Stream(self.w, "nan") as whole:
            incident, order = self.life()
            heard = self.until(near, "incident.close")
            self.assertEqual(self.until(whole, "incident.close"), heard)
        told = [(name, data["act"]) for name, _, data in heard]
        self.assertEqual(told[0], ("incident", "incident.open"))
        self.assertEqual(told[-1], ("incident", "incident.close"))
        self.assertIn(("report", "report.take"), told)
        self.assertEqual({data["incident"] for name, _, data in heard if name == "incident"},
                         {incident})
        # Each word of the bank, and what it did to the order, with who said it.
        moved = [(data["act"], data["actor"], data["incident"])
                 for name, _, data in heard if name == "order" and data["order"] == order]
        self.assertEqual([m for m in moved if m[0] == "order.receive"],
                         [("order.receive", "bank-a", incident)] * 4)
        said = [(data["result"], data["order"], data["provider"])
                for name, _, data in heard if name == "receipt"]
        self.assertEqual(said, [(result, order, "bank-a")
                                for result in ("pending", "done", "done", "done")])
        last = [data for name, _, data in heard if name == "order"][-1]
        self.assertEqual((last["order"], last["state"], last["asked"]),
                         (order, "lifted", "nothing"))

    def test_a_state_arrives_as_it_is_said(self):
        """One step at a time, so that each event tells of the state that this receipt made."""
        with Stream(self.w, "near") as near:
            _, order = self.report()
            self.until(near, "order.emergency")
            for result, more, state in (("pending", {}, "acknowledged"),
                                        ("partial", {"held": 40000}, "partial")):
                self.answer(order, result, ask=1, **more)
                (name, _, data) = self.until(near, "order.receive")[-1]
                self.assertEqual((name, data["order"], data["state"]), ("order", order, state))
            self.act(order, "lift", "anna", why="it was his own")
            self.assertEqual(self.until(near, "order.lift")[-1][2]["state"], "lifting")
            self.answer(order, "done", held=0, ask=2)
            self.assertEqual(self.until(near, "order.receive")[-1][2]["state"], "lifted")

    def test_another_division_hears_nothing(self):
        with Stream(self.w, "far") as far, Stream(self.w, "near") as near:
            incident, order = self.life()
            self.answer("01NOBODYS", "done", held=5, status=404)  # for the whole centre alone
            theirs, other = self.report("far", SECOND, number="13900000002")
            self.answer(other, "refused", bank="bank-b", ask=1)
            heard = self.until(far, "order.receive")
            names = {(data.get("incident"), data.get("order")) for _, _, data in heard}
            self.assertNotIn(incident, {one for one, _ in names})
            self.assertNotIn(order, {one for _, one in names})
            self.assertEqual(heard[0][2]["incident"], theirs)
            self.assertEqual([data["actor"] for name, _, data in heard if name == "receipt"],
                             ["bank-b"])
            self.assertIn(incident, {data.get("incident") for _, _, data
                                     in self.until(near, "incident.close")})
            # What was before is not told to them afterwards either.
            first = heard[0][1]
        with Stream(self.w, "far", 1) as again:
            self.assertEqual(again.next()[1], first)
        with Stream(self.w, "feeds") as feeder:  # nobody who may read orders
            self.assertEqual(feeder.status, 200)
            self.answer(other, "pending", bank="bank-b", ask=1)
            listing = self.w.propose("an", value="after.example.com")
            self.assertEqual(feeder.next()[2]["listing"], listing)

    def test_what_was_missed_is_heard_once(self):
        """Cut after each event, also in the middle of what one commit told."""
        with Stream(self.w, "near") as whole:
            self.life()
            heard = self.until(whole, "incident.close")
        self.assertEqual([e[1] for e in heard], sorted({e[1] for e in heard}))
        numbers = [(name, number, data["act"]) for name, number, data in heard]
        for n, event in enumerate(heard[:-1]):
            with Stream(self.w, "near", event[1]) as rest:
                missed = [rest.next() for _ in heard[n + 1:]]
            self.assertEqual([(e[0], e[1], e[2]["act"]) for e in missed], numbers[n + 1:])
        # And it goes on with what is new, without a break.
        with Stream(self.w, "near", heard[len(heard) // 2][1]) as rest:
            order = self.report(to=SECOND, number="13900000009")[1]
            on = self.until(rest, "order.emergency")
        self.assertEqual([e[1] for e in on], sorted({e[1] for e in on}))
        behind = len(heard) - len(heard) // 2 - 1
        self.assertEqual([e[1] for e in on[:behind]], [n[1] for n in numbers[-behind:]])
        self.assertEqual(on[-1][2]["order"], order)


if __name__ == "__main__":
    unittest.main()
