#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a bank that wants its orders brought gets them, in each form, signed, once in its book however
often they come; while it is away, while the centre is away, and after both, nothing is lost; what
it refuses is seen on the order, and nobody waits for it.
Method: a drill's centre whose clock is moved by hand, and the drill's own bank, which reads letters
and signatures from the interfaces alone; where a bank has to be odd, a few lines of HTTP.
"""
import datetime as dt
import http.client
import http.server
import json
import os
import re
import shutil
import tempfile
import threading
import unittest

from banks import BANKS, World, make_key, table
from centre import Centre
from ports import free_port


class Counted(World):
    def metric(self, name, label=""):
        text = self.get("/metrics", local=True).text
        whole = name + ("{" + label + "}" if label else "")
        found = re.search(rf"(?m)^{re.escape(whole)} (\d+)$", text)
        return int(found[1]) if found else 0

    def configure(self, old, new):
        """Started again with another yumen.yaml."""
        self.stop()
        path = os.path.join(self.data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            text, count = re.subn(old, new, file.read())
        assert count == 1, old
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.start()


class Odd:
    """A bank of a few lines: keeps each letter, and answers in turn, the last answer for ever."""

    def __init__(self, *answers, gate=None):
        letters = self.letters = []
        left = list(answers)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                letters.append((dict(self.headers), body))
                if gate:
                    gate.wait()
                status, said = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Push(unittest.TestCase):
    def open_world(self, port, form="json", key="", also=""):
        signed = f" key: {key}," if key else ""
        w = Counted(BANKS.replace("query], codes: [BKA],",
                                  f"query{also}], codes: [BKA], way: push, form: {form},{signed}"
                                  f" url: 'http://127.0.0.1:{port}/orders',"))
        self.addCleanup(w.close)
        w.pay("t1", -10, "1000001", "2000001", 500000)
        w.pay("t2", 5, "2000001", "3000001", 400000)
        return w

    def open_bank(self, w, port, *more):
        head = w.get("/v1/audit/head", user="an").value
        w.open_bank("bank-a", "prompt", "--way", "push", "--listen", f"127.0.0.1:{port}",
                    "--centre-key", head["public_key"], *more)

    def report(self, w):
        said = w.report({"from": "1000001", "to": "2000001", "bank": "BKA", "amount": 500000,
                         "time": (w.begun - dt.timedelta(minutes=9)).isoformat()})
        self.assertEqual([o["kind"] for o in said["orders"]], ["hold"], said)
        return said["orders"][0]["order"]

    def live(self, form):
        """Away at first; then the centre is started again; then the bank is there."""
        port = free_port()
        folder = tempfile.mkdtemp(prefix="yumen-test-")
        self.addCleanup(shutil.rmtree, folder)
        key, public = make_key(folder)
        w = self.open_world(port, form, public)
        order = self.report(w)
        w.until(lambda: w.metric("yumen_push_letters_total", 'fate="later"') > 0,
                lambda: "no letter was tried")
        self.assertEqual(w.order(order)["state"], "sent")
        w.stop()
        w.start()
        self.assertEqual(w.order(order)["asked"], "place")
        self.open_bank(w, port, "--form", form, "--key", key)
        w.step(minutes=2)  # and the next attempt is due
        done = w.until_order(order, state="executed", asked="nothing")
        self.assertEqual((done["held"], done["ask"]), (500000, 1))
        w.step(minutes=30)
        self.assertEqual(w.until_order(order, state="lapsed")["held"], 0)
        receipts = w.order(order)["receipts"]
        self.assertEqual({r["fate"] for r in receipts} - {"stale"}, {"taken"}, receipts)
        counts = w.stop_bank("bank-a")
        self.assertEqual((counts["receipts"], counts["refused"], counts["strange"]), (2, 0, 0))

    def test_json(self):
        self.live("json")

    def test_iso20022(self):
        self.live("iso20022")

    def test_cn(self):
        self.live("cn")

    def cut_off(self, w, hold):
        """A disconnection on the word of two people, of an account that a hold stands on."""
        incident = w.order(hold)["incident"]
        path = f"/v1/incidents/{incident}"
        self.assertEqual(w.post(path + "/countersign", user="bo").value["refusals"], [])
        made = w.post(path + "/disconnects", {
            "basis": "fraud_law_20", "targets": [{"value": "BKA:2000001"}]}, user="nan")
        self.assertEqual(made.value["refusals"], [])
        order, = (o["order"] for o in made.value["orders"])
        self.assertEqual(w.post(f"/v1/orders/{order}/approve", user="bo").status, 200)
        return order

    def unsaid(self, form):
        """What the form has no word for is brought in JSON, done, and set free again."""
        port = free_port()
        w = self.open_world(port, form, also=", disconnect")
        self.open_bank(w, port, "--form", form)
        hold = self.report(w)
        w.until_order(hold, state="executed")
        order = self.cut_off(w, hold)
        self.assertEqual(w.until_order(order, state="executed")["kind"], "disconnect")
        reply = w.post(f"/v1/orders/{order}/lift", {"why": "an error"}, user="bo")
        self.assertEqual(reply.status, 200, reply)
        w.until_order(order, state="lifted")
        counts = w.stop_bank("bank-a")
        self.assertEqual((counts["refused"], counts["strange"]), (0, 0))

    def test_iso20022_has_no_word(self):
        self.unsaid("iso20022")

    def test_cn_has_no_word(self):
        self.unsaid("cn")

    def test_what_has_no_word_is_an_order_as_the_queue_shows_it(self):
        said = b'{"result":"done","held":500000}'
        bank = Odd((200, said), (200, b'{"result":"done"}'))
        self.addCleanup(bank.close)
        w = self.open_world(bank.port, "iso20022", also=", disconnect")
        w.add_user("fen", ["feeder"])  # this bank reports nothing by itself
        told = w.feed(table(("id", "time", "from", "to", "amount", "from_bank", "to_bank"),
                            [w.day[0][:7]]), "fen", feed="transfers")
        self.assertEqual(told.value["accepted"], 1)
        hold = self.report(w)
        w.until_order(hold, state="executed")
        order = self.cut_off(w, hold)
        w.until_order(order, state="executed")
        (first, xml), (headers, body) = bank.letters
        self.assertEqual(first["Content-Type"].split(";")[0], "application/xml")
        self.assertIn(b"camt.056.001.08", xml)
        self.assertEqual(headers["Content-Type"].split(";")[0], "application/json")
        self.assertEqual(headers["Idempotency-Key"], order + "-1")
        self.assertTrue(headers["Signature"] and headers["Content-Digest"])
        told = json.loads(body)
        self.assertEqual((told["order"], told["kind"], told["asked"], told["ask"]),
                         (order, "disconnect", "place", 1))
        self.assertEqual(told["target"]["value"], "BKA:2000001")

    def test_unsigned_and_forged_are_refused(self):
        port = free_port()
        w = self.open_world(port)
        self.open_bank(w, port)
        order = self.report(w)
        w.until_order(order, state="executed")
        forged = {"Signature-Input": 'a=("@method");created=1', "Signature": "a=:AAAA:"}
        body = ('{"order":"%s","kind":"hold","asked":"lift","ask":9}' % order).encode()
        for headers in ({}, forged, {"Content-Digest": "sha-256=:AAAA:"}):
            self.assertEqual(self.knock(port, body, headers), 400)
        self.assertEqual(w.order(order)["state"], "executed")
        self.assertEqual(w.stop_bank("bank-a")["strange"], 3)

    @staticmethod
    def knock(port, body, headers):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        link.request("POST", "/orders", body, {"Content-Type": "application/json", **headers})
        status = link.getresponse().status
        link.close()
        return status

    def odd(self, *answers):
        bank = Odd(*answers)
        self.addCleanup(bank.close)
        w = self.open_world(bank.port)
        return w, bank, self.report(w)

    def test_a_forged_key_is_seen_on_the_order(self):
        port = free_port()
        w = self.open_world(port)
        w.open_bank("bank-a", "prompt", "--way", "push", "--listen", f"127.0.0.1:{port}",
                    "--centre-key", "ab" * 32)
        order = self.report(w)
        late = w.until_order(order, is_late=1)
        self.assertEqual((late["state"], late["asked"]), ("sent", "place"))
        self.assertEqual([h["why"] for h in late["history"] if h["act"] == "order.late"],
                         ["HTTP 400: signature: wrong"])
        self.assertEqual(w.stop_bank("bank-a")["orders"], 0)

    def test_refused_is_not_brought_again(self):
        w, bank, order = self.odd((403, b'{"detail":"we know no centre"}'))
        late = w.until_order(order, is_late=1)
        self.assertEqual((late["state"], late["receipts"]), ("sent", []))
        self.assertEqual([h["why"] for h in late["history"] if h["act"] == "order.late"],
                         ["HTTP 403: we know no centre"])
        w.step(minutes=20)
        self.assertEqual(len(bank.letters), 1)
        w.stop()
        w.start()  # somebody has mended it: it is brought once more
        w.until(lambda: len(bank.letters) == 2, lambda: f"{len(bank.letters)} letters")

    def test_put_off_under_the_same_key(self):
        w, bank, order = self.odd((503, b""), (429, b"later"), (202, b""))
        for tries in (1, 2):
            w.until(lambda n=tries: w.metric("yumen_push_letters_total", 'fate="later"') == n,
                    lambda: w.get("/metrics", local=True).text)
            w.step(minutes=1)
        done = w.until_order(order, state="acknowledged")
        self.assertEqual([(r["result"], r["ask"]) for r in done["receipts"]], [("pending", 1)])
        self.assertEqual({h["Idempotency-Key"] for h, _ in bank.letters}, {order + "-1"})
        self.assertEqual(len({body for _, body in bank.letters}), 1)
        w.step(minutes=6)
        late = w.order(order)  # it took it, and did nothing: the clock runs on
        self.assertEqual((late["is_late"], late["asked"]), (1, "place"))
        self.assertEqual(len(bank.letters), 3)

    def test_the_answer_may_be_the_receipt(self):
        said = b'{"result":"done","held":500000,"balance":600000,"key":"r-1"}'
        w, bank, order = self.odd((200, said))
        done = w.until_order(order, state="executed")
        self.assertEqual((done["held"], done["balance"], len(done["receipts"])),
                         (500000, 600000, 1))
        self.assertEqual(len(bank.letters), 1)

    def test_no_lift_overtakes_its_hold(self):
        w, bank, order = self.odd((503, b""), (202, b""))
        w.until(lambda: w.metric("yumen_push_letters_total", 'fate="later"') == 1,
                lambda: "no letter was tried")
        reply = w.post(f"/v1/orders/{order}/lift", {"why": "a mistake"}, user="bo")
        self.assertEqual(reply.status, 200, reply)
        w.step(minutes=2)  # both rows are due, and what is asked is said once
        w.until(lambda: self.keys(bank)[-1] == order + "-2", lambda: str(self.keys(bank)))
        w.until(lambda: w.metric("yumen_outbox_waiting") == 0, lambda: "something waits")
        self.assertEqual(self.keys(bank).count(order + "-2"), 1)
        self.assertEqual(sorted(self.keys(bank)), self.keys(bank))

    @staticmethod
    def keys(bank):
        return [headers["Idempotency-Key"] for headers, _ in bank.letters]

    def test_more_than_are_brought_at_once(self):
        gate = threading.Event()
        bank = Odd((202, b""), gate=gate)
        self.addCleanup(bank.close)
        self.addCleanup(gate.set)
        w = self.open_world(bank.port)
        w.configure(r"timeout_s: 20\b", "timeout_s: 120")  # however long this test takes
        orders = [self.query(w) for _ in range(24)]  # nobody waits for a bank that does not answer
        w.until(lambda: len(bank.letters) == 16, lambda: f"{len(bank.letters)} letters")
        self.assertEqual({w.order(o)["state"] for o in orders}, {"sent"})
        gate.set()
        for order in orders:
            w.until_order(order, state="acknowledged")
        self.assertEqual(len(self.keys(bank)), len(set(self.keys(bank))))

    def query(self, w):
        made = w.post("/v1/orders", {
            "kind": "query", "target": {"kind": "account", "value": "2000001", "bank": "BKA"},
            "basis": "fraud_law_20", "reason": "mule_account", "evidence": "a report",
            "until": (w.now() + dt.timedelta(hours=24)).isoformat()}, user="an")
        self.assertEqual(made.status, 201, made)
        order = made.value["order"]
        self.assertEqual(w.post(f"/v1/orders/{order}/approve", user="bo").status, 200)
        return order

    def test_a_dead_bank_is_left_alone(self):
        bank = Odd((503, b""))
        self.addCleanup(bank.close)
        w = self.open_world(bank.port)
        orders = {self.query(w) + "-1" for _ in range(3)}
        for tries in (1, 2):
            w.until(lambda n=tries: w.metric("yumen_push_letters_total", 'fate="later"') == 3 * n,
                    lambda: str(self.keys(bank)))
            self.assertEqual(sorted(self.keys(bank)), sorted([*orders] * tries))
            w.step(minutes=1)
        w.until(lambda: w.metric("yumen_push_letters_total", 'fate="later"') == 9 and
                w.metric("yumen_outbox_waiting") == 3, lambda: str(self.keys(bank)))

    def test_who_fetched_until_now(self):
        bank = Odd((202, b""))
        self.addCleanup(bank.close)
        w = Counted()
        self.addCleanup(w.close)
        w.pay("t1", -10, "1000001", "2000001", 500000)
        order = self.report(w)
        w.configure(r"codes: \[BKA],", f"way: push, url: 'http://127.0.0.1:{bank.port}/o',")
        w.until_order(order, state="acknowledged")
        self.assertEqual(self.keys(bank), [order + "-1"])

    def test_a_rehearsal_posts_to_nobody_else(self):
        w = Centre(begins=False)
        self.addCleanup(shutil.rmtree, w.folder)
        path = os.path.join(w.data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"(?m)^providers:.*\n", BANKS.replace(
                "codes: [BKA],", "codes: [BKA], way: push, url: 'https://bank.example/o',"),
                file.read(), count=1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = w.run("serve", "--listen", "127.0.0.1:0", "--clock", "manual", may_fail=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("this machine only", done.stderr)


if __name__ == "__main__":
    unittest.main()
