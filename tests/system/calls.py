#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what carriers say of calls is judged row by row, counts once, and is still counted after
SIGKILL; a carrier speaks for itself alone; and of who called whom nothing is left to be read.
Method: a drill's centre with two carriers and a bank, over HTTP and at the command line. What is on
the disk is searched for every number, as text and as an integer; the server is killed between and
in the middle of batches, and everything is sent again.
"""
import base64
import ctypes
import datetime as dt
import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import struct
import subprocess
import threading
import time
import unittest

from centre import PATIENCE_S, YUMEN, ZONE, Centre

# Nobody is suspected here: of who is, the number is written down, and detect.py has that.
CONF = """
detect: {callers: none, candidates_most: 0}
sip:
  trunks:
    - {name: cm-1, from: [127.0.0.9], carrier: cm}
    - {name: cu-1, from: [127.0.0.8], carrier: cu}
    - {name: shared, from: [127.0.0.7]}
calls: {numbers_most: 5000, calls_most: 100000}
providers:
  - {id: cm, name: 甲, kind: carrier, can: [disconnect], codes: ["+86139"]}
  - {id: cu, name: 乙, kind: carrier, can: [disconnect], codes: ["+86130"]}
  - {id: bank-a, name: 甲银行, kind: bank, can: [hold], codes: [BKA]}
"""
COLUMNS = ("id", "time", "caller", "callee", "phase", "answered", "duration_s", "trunk")
CALLER, CALLEE = "13987650123", "13076504321"
WINDOW_H = 26


class World(Centre):
    def __init__(self):
        super().__init__("drill", begins=False)
        with open(os.path.join(self.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write(CONF)
        self.start()
        own = "feeder,provider"
        for name, roles, provider in (("mo", own, "cm"), ("uma", own, "cu"), ("bea", own, "bank-a"),
                                      ("fay", "feeder", ""), ("ann", "analyst", ""),
                                      ("bob", "approver", ""), ("aud", "auditor", "")):
            body = {"name": name, "roles": roles.split(","), "token": True}
            if provider:
                body["provider"] = provider
            reply = self.post("/v1/users", body, local=True)
            assert reply.status == 201, reply
            self.tokens[name] = reply.value["token"]
        self.count = 0

    def row(self, **said):
        """A finished call of an hour ago, unless it is said otherwise."""
        self.count += 1
        row = {"id": f"c-{self.count}", "time": said.get("time") or self.ago(hours=1),
               "caller": CALLER, "callee": CALLEE, "answered": 1, "duration_s": 61, **said}
        return {key: value for key, value in row.items() if value is not None}

    def ago(self, **by):
        return (self.now() - dt.timedelta(**by)).isoformat()

    def send(self, rows, user="mo", query="", headers=None):
        body = "".join(json.dumps(row) + "\n" for row in rows)
        return self.feed(body, user, content="application/x-ndjson", feed="calls" + query,
                         headers=headers or {})

    def counts(self, rows, **how):
        """(accepted, duplicate, refused, late)"""
        reply = self.send(rows, **how)
        assert reply.status == 200, reply
        return tuple(reply.value[k] for k in ("accepted", "duplicate", "refused", "late"))

    def list_number(self, number, action):
        return self.list_now("ann", "bob", kind="number", value=number, action=action,
                             reason="impersonation_police", basis="fraud_law_11")

    def metric(self, name, **labels):
        said = ",".join(f'{k}="{v}"' for k, v in labels.items())
        line = name + ("{" + said + "}" if said else "")
        found = re.search("(?m)^" + re.escape(line) + r" (\d+)$", self.get("/metrics").text)
        return int(found[1]) if found else None

    def kill(self):
        self.server.kill()
        self.server.wait()


class Thief:
    """Who has taken the disk, and has the secret as well."""

    def __init__(self, secret):
        self.sodium = ctypes.CDLL("libsodium.so.23")
        self.number_key = hashlib.sha256(b"yumen calls 1" + secret).digest()[:16]
        self.journal_key = hashlib.sha256(b"yumen calls journal" + secret).digest()

    def pseudonym(self, number):
        said, made = ("+86" + number).encode(), ctypes.create_string_buffer(8)
        self.sodium.crypto_shorthash(made, said, ctypes.c_ulonglong(len(said)), self.number_key)
        return made.raw

    def pairs(self, journal):
        """(caller, callee), as far as it can be opened."""
        at = 64
        while at + 56 <= len(journal):
            said, nonce, tag = (journal[at + a:at + b] for a, b in ((0, 16), (16, 40), (40, 56)))
            size = 48 * struct.unpack("<I", said[4:8])[0]
            sealed, plain = journal[at + 56:at + 56 + size], ctypes.create_string_buffer(size)
            if self.sodium.crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
                    plain, None, sealed, ctypes.c_ulonglong(size), tag,
                    said, ctypes.c_ulonglong(16), nonce, self.journal_key) == 0:
                for i in range(0, size, 48):
                    yield plain.raw[i:i + 8], plain.raw[i + 8:i + 16]
            at += 56 + size


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.w = World()
        cls.addClassCleanup(cls.w.close)

    def refusals(self, rows, **how):
        reply = self.w.send(rows, **how)
        self.assertEqual(reply.status, 200, reply)
        return [(r["row"], r["column"], r["code"]) for r in reply.value["refusals"]]

    # ---- what becomes of a row ---------------------------------------------------------------

    def test_each_call_counts_once(self):
        w = self.w
        rows = [w.row() for _ in range(3)]
        self.assertEqual(w.counts(rows), (3, 0, 0, 0))
        self.assertEqual(w.counts(rows), (0, 3, 0, 0))
        self.assertEqual(w.counts(rows, user="uma"), (3, 0, 0, 0))  # ids are a carrier's own
        other = w.row(id=rows[0]["id"], callee="13076504322")       # whatever else is said of it
        self.assertEqual(w.counts([other]), (0, 1, 0, 0))

    def test_as_it_happens_and_as_a_file_at_night(self):
        w = self.w
        call = w.row()
        brief = {key: call[key] for key in ("id", "time", "caller", "callee")}
        for phase in ("setup", "answer", "end"):
            said = call if phase == "end" else brief
            self.assertEqual(w.counts([{**said, "phase": phase}]), (1, 0, 0, 0), phase)
            self.assertEqual(w.counts([{**said, "phase": phase}]), (0, 1, 0, 0), phase)
        self.assertEqual(w.counts([call]), (0, 1, 0, 0))
        night = w.row()
        self.assertEqual(w.counts([night], user="fay", query="?carrier=cm"), (1, 0, 0, 0))
        self.assertEqual(w.counts([{**night, "phase": "end"}]), (0, 1, 0, 0))

    def test_the_same_request_again(self):
        w = self.w
        rows, key = [w.row(), w.row(caller="nobody")], {"Idempotency-Key": "calls-1"}
        first = w.send(rows, headers=key)
        again = w.send(rows, headers=key)
        self.assertEqual((first.status, first.body), (200, again.body))
        self.assertEqual(w.send([w.row()], headers=key).code, "idempotency.reused")
        self.assertEqual(w.counts(rows), (0, 1, 1, 0))

    def test_a_row_that_is_wrong_is_refused_by_itself(self):
        w = self.w
        wrong = [("caller", "nobody", "call.number"), ("callee", "1" * 33, "call.number"),
                 ("duration_s", -1, "duration.malformed"),
                 ("duration_s", 604801, "duration.malformed"),
                 ("answered", "yes", "answered.malformed"), ("phase", "ring", "phase.unknown"),
                 ("kind", "fax", "call.kind"), ("ingress", "space", "ingress.unknown"),
                 ("time", "soon", "time.malformed"), ("time", w.ago(minutes=-6), "call.future"),
                 ("time", "1989-12-31T00:00:00Z", "call.too_old"), ("id", None, "value.missing"),
                 ("id", "x" * 65, "value.too_long"), ("trunk", "cu-1", "call.trunk")]
        rows = [w.row(**{column: value}) for column, value, _ in wrong] + [w.row()]
        self.assertEqual(self.refusals(rows), [(i + 1, column, code)
                                               for i, (column, _, code) in enumerate(wrong)])
        reply = w.send(rows)
        self.assertEqual(reply.value["duplicate"], 1)
        for refusal in reply.value["refusals"]:
            self.assertGreater(len(refusal["reason"]), 10, refusal)

    def test_of_a_refused_row_a_mark_is_kept(self):
        w = self.w
        rows = [w.row(caller="nobody"), w.row(phase="ring")]
        batches = [w.send(rows).value["batch"] for _ in range(2)]
        kept = []
        for batch in batches:
            reply = w.get(f"/v1/batches/{batch}/rejects", query={"purpose": "a test"}, user="ann")
            self.assertEqual(reply.status, 200, reply)
            kept.append([(r["row"], r["column"], r["code"], r["raw"])
                         for r in reply.value["items"]])
        self.assertEqual(kept[0], kept[1])
        self.assertNotEqual(kept[0][0][3], kept[0][1][3])
        for *_, mark in kept[0]:
            self.assertRegex(mark, "^[0-9a-f]{32}$")
        odd = f'{{"id":"x","time":1,"caller":"1","callee":"2","{CALLEE}":1,"{CALLEE}":[]}}\n'
        for line in (odd, f"{CALLEE}\n", odd.replace(CALLEE, "id")):
            reply = w.feed(odd + line, "mo", content="application/x-ndjson", feed="calls")
            self.assertEqual((reply.status, reply.value["accepted"]), (200, 0), reply)
            self.assertNotIn(CALLEE, reply.text)

    # ---- whose they are ----------------------------------------------------------------------

    def test_a_carrier_sends_for_itself(self):
        w = self.w
        self.assertEqual(w.send([w.row()], user="bea").code, "calls.not_carrier")
        self.assertEqual(w.send([w.row()], query="?carrier=cu").code, "calls.other_carrier")
        self.assertEqual(w.send([w.row()], query="?carrier=cm").status, 200)
        for said in ("bank-a", "nobody"):
            self.assertEqual(w.send([w.row()], user="fay", query="?carrier=" + said).code,
                             "calls.carrier")
        self.assertEqual(w.send([w.row()], user="fay").status, 200)
        self.assertEqual(w.send([w.row()], user="ann").status, 200)
        self.assertEqual(w.send([w.row()], user="bob").code, "permit.role")
        self.assertEqual(w.send([w.row()], user=None).status, 401)

    def test_anothers_trunk(self):
        w = self.w
        rows = [w.row(trunk=trunk) for trunk in ("cm-1", "cu-1", "shared", "never-heard-of", None)]
        self.assertEqual(self.refusals(rows), [(2, "trunk", "call.trunk")])
        self.assertEqual(self.refusals(rows, user="uma"), [(1, "trunk", "call.trunk")])
        self.assertEqual(self.refusals(rows, user="fay"), [])  # the centre's own
        self.assertEqual(self.refusals([w.row(caller="13012345678")]), [])  # it moved, or calls in

    # ---- time --------------------------------------------------------------------------------

    def test_a_day_ahead_throws_nothing_out(self):
        w = self.w
        old = w.row(time=w.ago(hours=WINDOW_H - 1))
        self.assertEqual(w.counts([old]), (1, 0, 0, 0))
        self.assertEqual(w.counts([w.row(time=w.ago(hours=-24)) for _ in range(50)]), (0, 0, 50, 0))
        self.assertEqual(w.counts([w.row(time=w.ago(minutes=-4))]), (1, 0, 0, 0))
        self.assertEqual(w.counts([old, w.row(time=w.ago(hours=WINDOW_H - 1))]), (1, 1, 0, 0))

    def test_too_late_is_said(self):
        w = self.w
        self.assertEqual(w.counts([w.row()]), (1, 0, 0, 0))
        late = w.row(time=w.ago(hours=WINDOW_H + 2))
        self.assertEqual(w.counts([late, w.row()]), (2, 0, 0, 1))
        self.assertEqual(w.counts([late]), (1, 0, 0, 1))  # nobody knows any more whether it was
        batch = w.get("/v1/batches", user="fay").value["items"][0]
        self.assertEqual((batch["feed"], batch["accepted"], batch["late"]), ("calls", 1, 1))

    def test_a_feed_that_stops_is_seen(self):
        w = self.w
        self.assertEqual(w.counts([w.row(caller="x")], user="uma", query="?source=q"), (0, 0, 1, 0))
        sent = w.row(time=w.ago(minutes=3))
        self.assertEqual(w.counts([sent], user="uma")[0], 1)
        heard = w.now().timestamp()
        w.step(hours=3)
        self.assertEqual(w.counts([w.row()])[0], 1)
        state = {c["carrier"]: c for c in w.get("/v1/feeds", user="ann").value["carriers"]}
        self.assertGreaterEqual(set(state), {"cm", "cu"})
        newest = dt.datetime.fromisoformat(state["cu"]["newest_at"])
        self.assertEqual(int(newest.timestamp()),
                         int(dt.datetime.fromisoformat(sent["time"]).timestamp()))
        told = dt.datetime.fromisoformat(state["cu"]["heard_at"])
        self.assertEqual(told.timestamp() // 1, heard // 1)
        self.assertGreater(state["cm"]["heard_at"], state["cu"]["heard_at"])
        self.assertEqual([c["carrier"] for c in w.get("/v1/feeds", user="uma").value["carriers"]],
                         ["cu"])
        self.assertEqual(w.metric("yumen_call_feed_heard_seconds", carrier="cu"), heard // 1)
        self.assertEqual(w.metric("yumen_call_feed_newest_seconds", carrier="cu"),
                         newest.timestamp() // 1)
        self.assertEqual(w.metric("yumen_call_rows_total", carrier="cu", fate="refused"),
                         state["cu"]["refused"])
        self.assertGreater(w.metric("yumen_calls_numbers"), 1)

    # ---- who is listed -----------------------------------------------------------------------

    def test_calls_of_a_listed_number_are_matches(self):
        w = self.w
        numbers = [f"1391111000{i}" for i in range(3)]
        listed = [w.list_number(n, a) for n, a in zip(numbers, ("block", "warn", "allow"))]
        then = w.now().astimezone(ZONE) - dt.timedelta(hours=1)
        before = w.metric("yumen_call_matches_total", carrier="cm") or 0
        rows = [w.row(caller=n, time=then.isoformat()) for n in numbers for _ in range(2)]
        rows += [w.row(caller=numbers[0], kind="sms", answered=None, duration_s=None),
                 w.row(caller=numbers[0], phase="setup"), w.row(caller="13911119999")]
        rows += [{**rows[-2], "phase": "end"}, {**rows[0], "caller": "+8613911110000"}]
        for _ in range(2):
            self.assertEqual(w.send(rows).status, 200)
        shown = [w.listing(i, "ann")["matches"] for i in listed]
        self.assertEqual([sum(d["calls"] for d in days) for days in shown], [3, 2, 0])
        self.assertEqual(sum(d["texts"] for d in shown[0]), 1)
        self.assertEqual(shown[1], [{"day": f"{then:%Y-%m-%d}", "calls": 2, "texts": 0}])
        self.assertEqual(w.metric("yumen_call_matches_total", carrier="cm"), before + 6)

    # ---- at the command line -----------------------------------------------------------------

    def test_files(self):
        w = self.w
        calls = [w.row(trunk="cm-1") for _ in range(100)]
        names = list(COLUMNS)
        lines = [",".join(names)] + [",".join(str(c.get(n, "")) for n in names) for c in calls]
        text = ("\n".join(lines) + "\n").encode()
        plain, packed, said = (os.path.join(w.folder, n) for n in ("c.csv", "c.csv.gz", "c.ndjson"))
        with open(plain, "wb") as file:
            file.write(text)
        with open(packed, "wb") as file:
            file.write(gzip.compress(text))
        with open(said, "w", encoding="utf-8") as file:
            file.write("".join(json.dumps(c) + "\n" for c in calls + [w.row(phase="ring")]))
        subprocess.run(["zstd", "-q", plain], check=True)

        def ingest(path, user="fay", code=0, **how):
            done = subprocess.run([YUMEN, "ingest", "calls", path, "--json", "--data", w.data,
                                   *how.pop("words", ())], capture_output=True, timeout=PATIENCE_S,
                                  env={**os.environ, "YUMEN_TOKEN": w.tokens[user]}, check=False,
                                  **how)
            self.assertEqual(done.returncode, code, done)
            said = json.loads(done.stdout)
            return said["accepted"], said["duplicate"], said["refused"]

        own = ("--carrier", "cm")
        self.assertEqual(ingest(plain, words=own), (100, 0, 0))
        self.assertEqual(ingest(packed, words=own), (0, 100, 0))
        self.assertEqual(ingest(plain + ".zst", user="mo"), (0, 100, 0))
        self.assertEqual(ingest("-", user="mo", input=text), (0, 100, 0))
        self.assertEqual(ingest(said, user="mo", code=3), (0, 100, 1))
        self.assertEqual(ingest(plain, words=("--carrier", "cu"), code=3), (0, 0, 100))
        late = os.path.join(w.folder, "late.csv")
        with open(late, "w", encoding="utf-8") as file:
            file.write(f"id,time,caller,callee\nl-1,{w.ago(days=40)},{CALLER},{CALLEE}\n")
        done = subprocess.run([YUMEN, "ingest", "calls", late, "--data", w.data], check=True,
                              text=True, capture_output=True, timeout=PATIENCE_S,
                              env={**os.environ, "YUMEN_TOKEN": w.tokens["mo"], "LC_ALL": "C.UTF-8",
                                   "LANG": "en"})
        self.assertIn("1 too old to count", done.stdout)


def files_of(folder):
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path):  # no socket
                with open(path, "rb") as file:
                    yield os.path.relpath(path, folder), file.read()


def forms_of(number):
    """What a number would look like: text of any width, packed digits, integers."""
    forms = {}
    for digits in (number, "86" + number):
        for code in ("ascii", "utf-16-le", "utf-32-le"):
            forms[f"{digits} {code}"] = digits.encode(code)
        for size in (5, 6, 8) if len(digits) < 13 else (6, 8):
            for order in ("little", "big"):
                forms[f"{digits} {size} {order}"] = int(digits).to_bytes(size, order)
        even = digits + "f" * (len(digits) % 2)
        forms[digits + " packed"] = bytes.fromhex(even)
        forms[digits + " swapped"] = bytes.fromhex("".join(b + a for a, b in
                                                           zip(even[::2], even[1::2])))
        for text in (digits, "+" + digits):
            forms[text + " digest"] = hashlib.sha256(text.encode()).digest()[:8]
            forms[text + " digest in hex"] = hashlib.sha256(text.encode()).hexdigest()[:16].encode()
    forms[number + " end"] = number[-8:].encode()
    return forms


class Apart(unittest.TestCase):
    """Centres that are killed, stopped and looked into."""

    def setUp(self):
        self.w = World()
        self.addCleanup(self.w.close)

    def ingest(self, path, user="mo", words=(), **how):
        done = subprocess.run([YUMEN, "ingest", "calls", path, "--json", "--data", self.w.data,
                               *words], capture_output=True, timeout=PATIENCE_S, check=True,
                              env={**os.environ, "YUMEN_TOKEN": self.w.tokens[user]}, **how)
        return json.loads(done.stdout)

    def test_whom_somebody_called_is_nowhere(self):
        """Neither on the disk, while it runs and afterwards, nor through any door."""
        w = self.w
        callers, callees = (["1%d%08d" % (kind, 71300000 + 7919 * i) for i in range(40)]
                            for kind in (39, 30))
        rows = [w.row(caller=a, callee=b, caller_imei="352099001761481",
                      caller_imsi="460001234567890", caller_cell="460-00-4321-8765")
                for a in callers[:10] for b in callees]
        rows += [w.row(caller=a, callee=b, phase="ring") for a, b in zip(callers, callees)]
        batches = [w.send(rows), w.send(rows, user="uma", headers={"Idempotency-Key": "k"})]
        path = os.path.join(w.folder, "calls.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(json.dumps({**row, "id": "f" + row["id"]}) + "\n"
                               for row in rows[:400]))
        with open(path, "rb") as file:
            self.assertEqual(self.ingest("-", stdin=file)["accepted"], 400)
        found = {"imei": b"35209900176148", "imsi": b"460001234567890", "cell": b"4321-8765"}
        for number in callers[:10] + callees:
            found.update(forms_of(number))

        def look():
            seen = 0
            for name, held in files_of(w.data):
                seen += len(held)
                for form, part in found.items():
                    self.assertNotIn(part, held, f"{name} holds {form}")
            self.assertGreater(seen, 100000)

        look()
        texts = [w.get("/metrics").text, w.get("/v1/feeds", user="ann").text,
                 w.get("/v1/batches", user="ann").text,
                 w.get("/v1/audit", query={"limit": 500}, user="aud").text, w.log()]
        for reply in batches:
            self.assertEqual((reply.value["accepted"], reply.value["refused"]), (400, 40))
            texts += [reply.text, w.get(f"/v1/batches/{reply.value['batch']}/rejects",
                                        query={"purpose": "a test"}, user="ann").text]
        for text in texts:
            for number in callers + callees:
                self.assertNotIn(number, text)
        self.assertEqual(w.stop(), 0)
        look()
        w.start()

    def journals(self):
        book, = os.listdir(os.path.join(self.w.data, "calls"))
        folder = os.path.join(self.w.data, "calls", book)
        return book, sorted(os.path.join(folder, n) for n in os.listdir(folder) if "journal" in n)

    def test_the_journal_is_sealed(self):
        """Whom somebody called is in no byte of it, as text or as a pseudonym, for who has not the
        secret. Who has it reads the pairs of one or two journals: so it may lie elsewhere."""
        w = self.w
        elsewhere = os.path.join(w.folder, "secrets")
        os.mkdir(elsewhere, 0o700)
        self.assertEqual(w.stop(), 0)
        name, = (n for n in os.listdir(os.path.join(w.data, "keys")) if "pseudonym" in n)
        shutil.move(os.path.join(w.data, "keys", name), elsewhere)
        with open(os.path.join(w.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write(CONF.replace("calls: {", f"calls: {{secret_dir: {elsewhere}, "))
        w.start()
        callees = [f"130{71300000 + 7919 * i:08d}" for i in range(40)]
        self.assertEqual(w.counts([w.row(callee=n) for n in callees])[0], 40)
        with open(os.path.join(elsewhere, name), "rb") as file:
            held = file.read().strip()
        secret = base64.b64decode(held)
        thief, other = Thief(secret), Thief(bytes(32))
        marks = [thief.pseudonym(n) for n in callees + [CALLER]]
        for path, part in files_of(w.data):
            self.assertNotIn(held, part, path)
            self.assertNotIn(secret, part, path)
            for mark in marks:
                self.assertNotIn(mark, part, path)
        _, (path,) = self.journals()
        with open(path, "rb") as file:
            journal = file.read()
        self.assertEqual(list(other.pairs(journal)), [])
        pairs = list(thief.pairs(journal))  # that much is left to who has both
        self.assertEqual(pairs, [(marks[-1], mark) for mark in marks[:-1]])
        # Another one is made where the first lies, and the first goes.
        self.assertEqual(w.post("/v1/keys/pseudonym/rotate", {}, local=True).status, 201)
        self.assertEqual(w.counts([w.row()])[0], 1)
        new, = (n for n in os.listdir(elsewhere) if n != "seal")
        self.assertNotEqual(new, name)
        self.assertFalse([n for n in os.listdir(os.path.join(w.data, "keys")) if "pseudonym" in n])
        # The day is sent again, under the other. Who kept the first reads nothing of it, and who
        # has a copy of the disk from before reads nothing of that with the other.
        self.assertEqual(w.counts([w.row(callee=n) for n in callees])[0], 40)
        _, (path,) = self.journals()
        with open(path, "rb") as file:
            self.assertEqual(list(thief.pairs(file.read())), [])
        for path, part in files_of(w.data):
            for mark in marks:
                self.assertNotIn(mark, part, path)
        with open(os.path.join(elsewhere, new), "rb") as file:
            self.assertEqual(list(Thief(base64.b64decode(file.read().strip())).pairs(journal)), [])

    def test_damage_is_said_aloud(self):
        w = self.w
        rows = [w.row() for _ in range(10)]
        self.assertEqual(w.counts(rows), (10, 0, 0, 0))
        self.assertNotIn("calls", w.get("/v1/centre", user="ann").value)
        _, (path,) = self.journals()
        w.kill()
        os.truncate(path, 64)
        w.start()
        self.assertEqual(w.counts(rows), (10, 0, 0, 0))  # sent again, as it is told to
        damage, = w.get("/v1/centre", user="ann", headers={"Accept-Language": "en"}).value[
            "calls"]["damages"]
        self.assertEqual((damage["file"], damage["harm"], damage["lost"]),
                         (os.path.basename(path), "segment_lost", 0))
        self.assertIn("send the last 26 hours again", damage["text"])
        line, = (json.loads(line) for line in w.log().splitlines() if "calls_damaged" in line)
        self.assertEqual((line["file"], line["harm"]), (os.path.basename(path), "segment_lost"))

    def test_a_book_under_another_secret_is_left_alone(self):
        w = self.w
        rows = [w.row() for _ in range(10)]
        self.assertEqual(w.counts(rows), (10, 0, 0, 0))
        book, (path,) = self.journals()
        w.stop()
        key = os.path.join(w.data, "keys", "pseudonym-" + book)
        with open(key, "r+b") as file:
            right = file.read()
            file.seek(0)
            file.write(base64.b64encode(bytes(32)))
        with open(path, "rb") as file:
            before = file.read()
        w.start()
        self.assertEqual(w.send(rows).status, 500)
        said = w.get("/v1/centre", user="ann").value["calls"]
        self.assertEqual((said["trouble"]["code"], said["damages"]), ("calls.other_key", []))
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)
        with open(key, "wb") as file:
            file.write(right)
        self.assertEqual(w.counts(rows), (0, 10, 0, 0))
        self.assertNotIn("calls", w.get("/v1/centre", user="ann").value)

    def test_nothing_that_was_answered_is_lost(self):
        """Killed at any moment: what was answered counts once, also when it is sent again."""
        w = self.w
        done, batches, stop, then = [], [], threading.Event(), w.ago(hours=1)

        def client():
            while not stop.is_set():
                batch = [w.row(caller=f"139{len(batches):08d}", callee=f"130{i:08d}", time=then)
                         for i in range(20)]
                batches.append(batch)
                try:
                    reply = w.send(batch)
                except (OSError, http.client.HTTPException):
                    return
                if reply.status == 200:
                    self.assertEqual(reply.value["refused"], 0)
                    done.append(batch)

        for turn in range(4):
            wanted = len(done) + 3 * (turn + 1)
            stop.clear()
            thread = threading.Thread(target=client)
            thread.start()
            end = time.monotonic() + PATIENCE_S
            while len(done) < wanted and thread.is_alive() and time.monotonic() < end:
                time.sleep(0.001)
            w.kill()
            stop.set()
            thread.join(PATIENCE_S)
            self.assertFalse(thread.is_alive())
            w.start()
            for batch in done:
                self.assertEqual(w.counts(batch), (0, len(batch), 0, 0))
        new = 0
        for batch in batches:  # whole or not at all
            accepted, duplicate, *_ = w.counts(batch)
            self.assertEqual(accepted + duplicate, len(batch))
            self.assertIn(accepted, (0, len(batch)))
            new += accepted
        callers = len({row["caller"] for batch in batches for row in batch})
        callees = len({row["callee"] for batch in batches for row in batch})
        self.assertEqual(w.metric("yumen_calls_numbers"), callers + callees)
        taken, again = (w.metric(f"yumen_calls_{name}_total") for name in ("taken", "again"))
        self.assertEqual(taken - again, sum(len(batch) for batch in batches))

    def test_another_secret_begins_another_book(self):
        w = self.w
        rows = [w.row() for _ in range(10)]
        self.assertEqual(w.counts(rows), (10, 0, 0, 0))
        self.assertEqual(w.counts(rows), (0, 10, 0, 0))
        old, = os.listdir(os.path.join(w.data, "calls"))
        key = os.path.join(w.data, "keys", "pseudonym-" + old)
        self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
        with open(key, "rb") as file:
            secret = file.read().strip()
        self.assertEqual(w.post("/v1/keys/pseudonym/rotate", {}, local=True).status, 201)
        self.assertEqual(w.counts(rows), (10, 0, 0, 0))
        new, = os.listdir(os.path.join(w.data, "calls"))
        self.assertNotEqual(old, new)
        self.assertFalse(os.path.exists(key))
        for name, held in files_of(w.data):
            self.assertNotIn(secret, held, name)
            self.assertNotIn(base64.b64decode(secret), held, name)
        w.stop()
        w.start()
        self.assertEqual(w.counts(rows), (0, 10, 0, 0))

    def test_without_a_server(self):
        """The command does it all by itself: the store is asked who is listed."""
        w = self.w
        numbers = [f"1391111000{i}" for i in range(2)]
        listed = [w.list_number(n, a) for n, a in zip(numbers, ("block", "allow"))]
        path = os.path.join(w.folder, "calls.ndjson")
        rows = [w.row(caller=n) for n in numbers * 100] + [w.row()]
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(json.dumps(row) + "\n" for row in rows))
        w.stop()
        self.assertEqual(self.ingest(path)["accepted"], 201)
        self.assertEqual(self.ingest(path)["duplicate"], 201)
        w.start()
        self.assertEqual(w.counts(rows), (0, 201, 0, 0))
        calls = [sum(d["calls"] for d in w.listing(i, "ann")["matches"]) for i in listed]
        self.assertEqual(calls, [100, 0])


if __name__ == "__main__":
    unittest.main()
