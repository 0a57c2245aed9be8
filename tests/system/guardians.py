#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a guardian is made by two consents and ended by one step; messages say what they must and no
more; nobody learns of another's guardians; a gateway that is slow, away or odd loses no message and
sends none twice; no number stands in the store, in its log, or in an address.
Method: a drill's centre whose clock is moved by hand, and a gateway of a few lines that keeps what
it was sent.
"""
import base64
import datetime as dt
import glob
import hashlib
import json
import re
import sqlite3
import subprocess
import tempfile
import unittest

from centre import ZONE
from push import Counted, Odd

ANN, BEN = "13912345678", "13812345679"


class Guardians(unittest.TestCase):
    def open_world(self, *answers):
        self.gateway = Odd(*(answers or ((200, b"{}"),)))
        self.addCleanup(self.gateway.close)
        w = Counted("")
        self.addCleanup(w.close)
        w.configure(r'(?m)^(sms:\n(?:  #.*\n)+)  url: ""',
                    rf"\1  url: 'http://127.0.0.1:{self.gateway.port}/send'")
        return w

    def sent(self, w, count):
        w.until(lambda: len(self.gateway.letters) >= count,
                lambda: f"{len(self.gateway.letters)} messages, not {count}")
        return [json.loads(body) for _, body in self.gateway.letters]

    def later(self, w, **by):
        moved = w.set_clock(w.now() + dt.timedelta(**by))
        self.assertEqual(moved.status, 200, moved)

    def code(self, message):
        return re.search(r"\b(\d{6})\b", message["text"])[1]

    def invite(self, w, number=ANN, guardian=BEN, **more):
        said = w.post("/v1/guardians", {"number": number, "guardian": guardian, **more})
        self.assertEqual((said.status, said.value["state"]), (202, "invited"), said)
        return said.value["guardian"]

    def confirm(self, w, name, code, **more):
        return w.post(f"/v1/guardians/{name}/confirm", {"code": code, **more})

    def active(self, w):
        name = self.invite(w)
        first = self.confirm(w, name, self.code(self.sent(w, 1)[0])).value
        second = self.confirm(w, name, self.code(self.sent(w, 2)[1]), called="妈妈").value
        self.assertEqual((first["state"], second["state"]), ("agreed", "active"))
        self.sent(w, 3)
        return name, first["secret"], second["secret"]

    def test_two_consents_and_one_step(self):
        w = self.open_world()
        name, first, second = self.active(w)
        messages = self.sent(w, 3)
        self.assertEqual([m["to"] for m in messages],
                         ["+8613912345678", "+8613812345679", "+8613912345678"])
        self.assertIn(f"/guardian#{name}.{first}", messages[2]["text"])
        self.assertNotEqual(first, second)
        for m in messages:  # the other by four digits, never whole
            for number in (ANN, BEN):
                self.assertNotIn(number, m["text"])
        self.assertEqual(len({m["id"] for m in messages}), 3)
        wrong = w.post(f"/v1/guardians/{name}/revoke", {"secret": "0" * 20})
        self.assertEqual((wrong.status, wrong.code), (403, "guardian.code"))
        for secret in (second, second, first):  # once more is no fault
            done = w.post(f"/v1/guardians/{name}/revoke", {"secret": secret})
            self.assertEqual((done.status, done.value["state"]), (200, "revoked"), done)
        self.assertEqual(len(self.gateway.letters), 3)  # nobody is told

    def test_codes_are_guessed_five_times(self):
        w = self.open_world()
        name = self.invite(w)
        right = self.code(self.sent(w, 1)[0])
        wrong = "000000" if right != "000000" else "000001"
        for _ in range(5):
            said = self.confirm(w, name, wrong)
            self.assertEqual((said.status, said.code), (403, "guardian.code"))
        said = self.confirm(w, name, right)
        self.assertNotEqual(said.status, 200)
        absent = self.confirm(w, "01ARZ3NDEKTSV4RRFFQ69G5FAV", right)
        self.assertEqual((absent.status, absent.code), (403, "guardian.code"))

    def test_nobody_learns_of_others(self):
        """The fourth invitation of a day, and one that stands already, look like the first."""
        w = self.open_world()
        for _ in range(2):
            self.invite(w)
        for i in range(3):
            self.invite(w, guardian=f"1381234567{i}")
        self.later(w, minutes=1)
        self.assertEqual(len(self.sent(w, 3)), 3)
        for body, column, code in (
                ({"number": ANN, "guardian": ANN}, "guardian", "guardian.oneself"),
                ({"number": "96110", "guardian": BEN}, "number", "guardian.not_mobile"),
                ({"number": ANN, "guardian": "12"}, "guardian", None),
                ({"number": ANN, "guardian": 7}, "guardian", "json.kind"),
                ({"number": ANN, "guardian": BEN, "language": "fr"}, "language", "word.unknown")):
            said = w.post("/v1/guardians", body)
            self.assertEqual((said.status, said.value.get("column")), (400, column), said)
            if code:
                self.assertEqual(said.code, code)

    def test_it_ends_and_leaves_nobody(self):
        w = self.open_world()
        self.invite(w)
        self.sent(w, 1)
        before = self.rows(w)
        self.later(w, days=1)
        self.later(w, days=1)
        after = self.rows(w)
        self.assertEqual(([r[1] for r in before], [r[1] for r in after]),
                         (["invited"], ["lapsed"]))
        self.assertEqual(after[0][2:], (None,) * 5)
        self.assertTrue(all(before[0][2:6]))
        for path in (*glob.glob(f"{w.data}/yumen.db*"), *glob.glob(f"{w.folder}/**/*.log")):
            with open(path, "rb") as file:
                kept = file.read()
            for number in (ANN, BEN):
                self.assertNotIn(number[-10:].encode(), kept, path)

    def rows(self, w):
        with sqlite3.connect(f"file:{w.data}/yumen.db?mode=ro", uri=True) as db:
            return db.execute("SELECT id, state, pseudonym, subscriber, person, contact, called"
                              " FROM guardian").fetchall()

    def test_a_gateway_that_is_away(self):
        """A message is tried until it is taken, under one key; one that is refused is not."""
        w = self.open_world((503, b""), (503, b""), (200, b"{}"), (400, b"no"))
        name = self.invite(w)
        for _ in range(8):
            if len(self.gateway.letters) >= 3:
                break
            self.later(w, seconds=30)
        messages = self.sent(w, 3)
        self.assertEqual(len({m["id"] for m in messages}), 1)
        keys = {headers["Idempotency-Key"] for headers, _ in self.gateway.letters}
        self.assertEqual(keys, {messages[0]["id"]})
        for letter in self.gateway.letters:
            self.check_signature(w, *letter)
        self.confirm(w, name, self.code(messages[0]))
        self.sent(w, 4)
        self.later(w, minutes=10)
        self.assertEqual(len(self.gateway.letters), 4)

    def at_ten(self, w):
        """Nobody is woken at ten in the morning."""
        ten = (w.now() + dt.timedelta(days=1)).astimezone(ZONE).replace(hour=10, minute=0)
        self.assertEqual(w.set_clock(ten).status, 200)

    def warn(self, w, tier, **more):
        made = w.post("/v1/alerts", {"number": ANN, "division": "620102", "tier": tier,
                                     "scam": "loan", "why": "her bank called", **more},
                      user="nan")
        self.assertEqual(made.status, 200, made)
        return made.value["alert"]

    def alert(self, w, name):
        return w.get(f"/v1/alerts/{name}", user="nan").value

    def test_a_ladder_is_climbed(self):
        """The machine writes, people call, the guardian is asked once, and is told nothing."""
        w = self.open_world()
        self.at_ten(w)
        self.active(w)
        name = self.warn(w, "high")
        warning = self.sent(w, 4)[3]
        self.assertEqual(warning["to"], "+8613912345678")
        self.assertIn("虚假网络贷款", warning["text"])
        w.until(lambda: self.alert(w, name)["means"] == "call", lambda: self.alert(w, name))
        for means in ("call", "second_call"):
            said = w.post(f"/v1/alerts/{name}/outreach",
                          {"means": means, "result": "no_answer"}, user="nan")
            self.assertEqual(said.status, 200, said)
        plea = self.sent(w, 5)[4]
        self.assertEqual(plea["to"], "+8613812345679")
        self.assertIn("妈妈", plea["text"])
        for word in (ANN, ANN[-4:], "贷款", "620102", name):
            self.assertNotIn(word, plea["text"])
        w.until(lambda: self.alert(w, name)["means"] == "visit", lambda: self.alert(w, name))
        self.assertEqual([(o["means"], o["result"], o["by"])
                          for o in self.alert(w, name)["outreach"]],
                         [("message", "sent", "centre"), ("call", "no_answer", "nan"),
                          ("second_call", "no_answer", "nan"), ("guardian", "sent", "centre")])

    def test_nobody_is_woken(self):
        w = self.open_world()
        self.at_ten(w)
        self.later(w, hours=13)  # eleven at night
        self.warn(w, "medium")
        self.later(w, hours=7, minutes=30)
        self.assertEqual(self.gateway.letters, [])
        self.later(w, hours=1)
        self.assertIn("96110", self.sent(w, 1)[0]["text"])
        self.later(w, hours=1)
        self.assertEqual(len(self.gateway.letters), 1)

    def test_a_message_that_cannot_be_sent_is_an_attempt(self):
        for world in (lambda: self.open_world((400, b"no")), self.without):
            w = world()
            self.at_ten(w)
            name = self.warn(w, "high")
            w.until(lambda: self.alert(w, name)["means"] == "call", lambda: self.alert(w, name))
            self.assertEqual([(o["means"], o["result"]) for o in self.alert(w, name)["outreach"]],
                             [("message", "failed")])

    def without(self):
        w = Counted("")
        self.addCleanup(w.close)
        return w

    def nobody_answers(self, w):
        """A high alert, called twice in vain: what came of asking the guardian."""
        name = self.warn(w, "high")
        for means in ("call", "second_call"):
            self.waits_for(w, name, means)
            said = w.post(f"/v1/alerts/{name}/outreach", {"means": means, "result": "no_answer"},
                          user="nan")
            self.assertEqual(said.status, 200, said)
        self.waits_for(w, name, "visit")
        asked = [o["result"] for o in self.alert(w, name)["outreach"] if o["means"] == "guardian"]
        said = w.post(f"/v1/alerts/{name}/outcome", {"outcome": "unreachable"}, user="nan")
        self.assertEqual(said.status, 200, said)
        return name, asked

    def waits_for(self, w, name, means):
        w.until(lambda: self.alert(w, name)["means"] == means, lambda: self.alert(w, name))

    def test_a_guardian_who_is_the_abuser(self):
        """He hears once a day to call, and no more; she leaves unseen, and he is told nothing."""
        w = self.open_world()
        self.at_ten(w)
        name, hers, his = self.active(w)
        self.assertEqual(self.nobody_answers(w)[1], ["sent"])
        alert, asked = self.nobody_answers(w)
        self.assertEqual(asked, ["failed"])  # today already
        his_own = [m for m in self.sent(w, 6) if m["to"].endswith(BEN)]
        self.assertEqual(len(his_own), 2)  # to agree, and to call
        for path in ("/v1/guardians", f"/v1/guardians/{name}", f"/v1/alerts/{alert}", "/v1/alerts"):
            for headers in ({}, {"Authorization": f"Bearer {his}"}):
                said = w.ask("GET", path, headers=headers)
                self.assertIn(said.status, (401, 404, 405), (path, said))
        other = self.invite(w, number="13912345699")  # whose key is not his
        said = w.post(f"/v1/guardians/{other}/revoke", {"secret": his})
        self.assertEqual((said.status, said.code), (403, "guardian.code"))
        count = len(self.sent(w, 7))
        self.assertEqual(w.post(f"/v1/guardians/{name}/revoke", {"secret": hers}).status, 200)
        self.later(w, days=1)
        self.assertEqual(len(self.gateway.letters), count)  # neither is told
        self.assertEqual(self.nobody_answers(w)[1], ["failed"])
        self.assertEqual([m for m in self.sent(w, count) if m["to"].endswith(BEN)], his_own)
        again = self.invite(w)  # once more: the code is on her telephone, and he has five tries
        right = self.code(self.sent(w, count + 2)[-1])
        for code in [c for c in ("000000", "111111", "222222", "333333", "444444", "555555")
                     if c != right][:5]:
            self.assertEqual(self.confirm(w, again, code).code, "guardian.code")
        self.assertNotEqual(self.confirm(w, again, right).status, 200)

    def check_signature(self, w, headers, body):
        """RFC 9421 and 9530 as a gateway would, by openssl: ours, whole, and for this door."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        self.assertEqual(headers["Content-Digest"], f"sha-256=:{digest}:")
        covered = re.fullmatch(r'yumen=(\(([^)]*)\);.*)', headers["Signature-Input"])
        values = {"@method": "POST", "@target-uri": f"http://127.0.0.1:{self.gateway.port}/send"}
        known = {name.lower(): value for name, value in headers.items()}
        names = re.findall(r'"([^"]+)"', covered[2])
        self.assertLessEqual({"@method", "@target-uri", "content-digest"}, set(names))
        lines = [f'"{name}": {values.get(name) or known[name]}' for name in names]
        base = "\n".join([*lines, f'"@signature-params": {covered[1]}'])
        key = bytes.fromhex(w.get("/v1/audit/head").value["public_key"])
        said = base64.b64decode(re.fullmatch("yumen=:(.*):", headers["Signature"])[1])
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("key", bytes.fromhex("302a300506032b6570032100") + key),
                                  ("base", base.encode()), ("signature", said)):
                with open(f"{folder}/{name}", "wb") as file:
                    file.write(content)
            done = subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key",
                 "-rawin", "-in", "base", "-sigfile", "signature"],
                cwd=folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done)

    def test_without_a_gateway(self):
        w = Counted("")
        self.addCleanup(w.close)
        said = w.post("/v1/guardians", {"number": ANN, "guardian": BEN})
        self.assertEqual((said.status, said.code), (409, "sms.none"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
