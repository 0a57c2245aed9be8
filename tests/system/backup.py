# SPDX-License-Identifier: Apache-2.0
"""
Goal: a backup taken while the centre runs gives that centre back: with its keys, with its past,
with what was erased since still erased, and with nothing leaving it before somebody has compared.
What was altered, damaged, or is not ours is refused, and leaves nothing behind.
Method: drill stores through their public doors. A listing and an appeal are erased after the backup
was taken; the journal is given to the restore; the new folder is searched byte by byte. Then
backups are altered with Python's sqlite3, each in another way.
"""
import datetime as dt
import glob
import json
import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

from centre import PATIENCE_S, VERIFIER, YUMEN, Centre
from ports import free_port
from reports import MULE, VICTIM, World

SERVFAIL = 2
PASSPHRASE = "correct horse battery staple"


def entries(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder)
                  for at, _, names in os.walk(folder) for name in names)


def holds(folder, word):
    """The files under a folder in which these bytes stand."""
    found = []
    for path in glob.glob(os.path.join(folder, "**"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                if word.encode() in file.read():
                    found.append(os.path.basename(path))
    return found


def serve_zone(data, port):
    """The option dns.listen, for the next start."""
    path = os.path.join(data, "yumen.yaml")
    with open(path, encoding="utf-8") as file:
        text = re.sub(r'(?ms)^(dns:$.*?^  listen:) [^\n]*', rf'\1 "127.0.0.1:{port}"', file.read(),
                      count=1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def zone_rcode(port):
    """Of an answer to "rpz.yumen SOA?"."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(PATIENCE_S)
        one.connect(("127.0.0.1", port))
        one.send(b"\x12\x34\0\0\0\1\0\0\0\0\0\0\3rpz\5yumen\0\0\6\0\1")
        return one.recv(512)[3] & 15


class Restored(Centre):
    """A store that a restore made, with the people of another."""

    def __init__(self, data, tokens):  # pylint: disable=super-init-not-called
        self.folder, self.data = os.path.dirname(data), data
        self.kind, self.clock, self.server = "drill", "manual", None
        self.tokens, self.port, self.public_url = dict(tokens), 0, ""


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="yumen-backup-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.passphrase = self.path("passphrase")
        with open(self.passphrase, "w", encoding="utf-8") as file:
            file.write(PASSPHRASE + "\n")
        self.c = Centre()
        self.addCleanup(self.c.close)
        for name, roles in (("ann", "analyst"), ("bob", "approver"), ("cat", "approver,commander"),
                            ("sue", "commander"), ("ada", "auditor"), ("adm", "admin")):
            self.c.add_user(name, roles, password="a long password")

    def path(self, name):
        return os.path.join(self.folder, name)

    def backup(self, name="one.bak", **how):
        file = self.path(name)
        done = self.c.run("backup", file, "--passphrase-file", self.passphrase, "--json", **how)
        return file, done

    def restore(self, file, *words, name="new", passphrase=None):
        to = self.path(os.path.join(name, "data"))
        os.makedirs(os.path.dirname(to), exist_ok=True)
        done = subprocess.run([YUMEN, "restore", file, "--data", to, "--passphrase-file",
                               passphrase or self.passphrase, "--json", *words],
                              capture_output=True, text=True, timeout=PATIENCE_S,
                              env={**os.environ, "LANG": "C.UTF-8"})
        return to, done

    def restored(self, file, *words, name="new"):
        to, done = self.restore(file, *words, name=name)
        self.assertEqual(done.returncode, 0, done.stderr)
        c = Restored(to, self.c.tokens)
        c.start()
        self.addCleanup(c.stop)
        return c, json.loads(done.stdout)

    def refused(self, file, key, *words, exit_code=3, **how):
        """Says which, and leaves no folder."""
        to, done = self.restore(file, *words, **how)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        self.assertIn(key, done.stderr)
        self.assertFalse(os.path.exists(to), entries(os.path.dirname(to)))
        return done

    def verify(self, data):
        return subprocess.run([YUMEN, "audit", "verify", "--data", data, "--json"],
                              capture_output=True, text=True, timeout=PATIENCE_S)


class WholeLife(Case):
    def test_a_centre_comes_back(self):
        c = self.c
        gone = c.list_now("ann", "bob", value="gone-shop.example.com", match="suffix")
        kept = c.list_now("ann", "bob", value="kept-shop.example.com")
        soon = c.list_now("ann", "bob", value="soon-shop.example.com",
                          until=(c.now() + dt.timedelta(days=2)).isoformat(timespec="seconds"))
        open_one = c.propose("ann", value="open-shop.example.com")
        ref = c.file_appeal(kept, statement="Mein Teehaus", name="Li Teehaus",
                            contact="li@teehaus.example")
        file, done = self.backup()
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        head = c.get("/v1/audit/head").value
        self.assertEqual(json.loads(done.stdout)["leaves"], head["size"])
        for secret in glob.glob(c.data + "/keys/*"):
            with open(secret, encoding="utf-8") as key:
                self.assertEqual(holds(self.folder, key.read().strip()), [], "a key in the clear")

        # after the backup: an end, a decision, and time until both are erased
        self.assertEqual(c.post(f"/v1/listings/{gone}/lift", {"why": "a mistake"},
                                user="cat").status, 200)
        self.assertEqual(c.post(f"/v1/appeals/{ref}/decide",
                                {"decision": "rejected", "answer": "It was looked at."},
                                user="sue").status, 200)
        c.step(days=500)
        with open(c.data + "/erasures.journal", encoding="utf-8") as journal:
            erased = {line.split()[0] for line in journal}
        self.assertLessEqual({gone, ref.replace("-", "")}, {e.replace("-", "") for e in erased})
        c.stop()

        new, said = self.restored(file, "--erasures", c.data + "/erasures.journal")
        self.assertEqual(said["leaves"], head["size"])
        # the others ended too in the lost centre, and were erased: all are in its journal
        self.assertEqual(said["erased"], len(erased))
        for word in ("gone-shop", "kept-shop", "Teehaus", "teehaus"):
            self.assertEqual(holds(new.data, word), [], word)
        for listing in (gone, kept, soon, open_one):
            self.assertEqual(new.listing(listing, "ann")["value"], "erased-" + listing)
            self.assertIn(new.listing(listing, "ann")["state"], ("lifted", "refused"))
        self.assertEqual(new.verdict("gone-shop.example.com")["verdict"], "pass")

        with open(new.data + "/erasures.journal", encoding="utf-8") as journal:
            self.assertEqual({line.split()[0] for line in journal}, erased)
        self.assertEqual(self.verify(new.data).returncode, 0)
        self.check_past(c, new, head)

    def test_what_victims_told_stays_erased(self):
        """Reports, claims, rounds and shares, erased after the backup, are erased in what it makes,
        whatever the backup knew of them: in one the round was not even sent, in the other it was.
        """
        c = World()
        self.addCleanup(c.close)
        c.add_user("xia", ["approver"])
        self.c = c
        paid = c.pay(VICTIM, MULE, 50000, c.ago(minutes=5))
        told = c.report({"id": paid, "name": "Payee-Name"}, said="Tale-Told").value
        c.banks_obey()
        done = [c.post(f"/v1/incidents/{told['incident']}/countersign", user="bo"),
                c.post("/v1/rounds", {"incident": told["incident"], "account": MULE}, user="nan")]
        made = done[1].value["round"]
        c.freeze_held(told["incident"])
        early, _ = self.backup("early.bak")
        for act, user in (("review", "an"), ("approve", "bo"), ("approve", "xia")):
            done.append(c.post(f"/v1/rounds/{made}/{act}", user=user))
        task, = c.get("/v1/providers/bank-a/rounds", user="bank-a").value["items"]
        share = task["shares"][0]["share"]
        later, _ = self.backup("later.bak")
        done.append(c.post(f"/v1/shares/{share}/receipt", {"result": "done", "reference": "Paid-1"},
                           user="bank-a"))
        done.append(c.post(f"/v1/rounds/{made}/close", user="an"))
        self.assertEqual({r.status for r in done}, {200, 201}, done)
        c.banks_obey()
        c.step(days=1826)
        c.step(days=31)
        wanted = {told["report"], told["claims"][0]["claim"], made, share,
                  *(o["order"] for o in told["orders"])}
        with open(c.data + "/erasures.journal", encoding="utf-8") as journal:
            self.assertLessEqual(wanted, {line.split()[0] for line in journal})
        self.assertEqual(self.verify(c.data).returncode, 0)
        c.stop()
        for name, file in (("early", early), ("later", later)):
            new, said = self.restored(file, "--erasures", c.data + "/erasures.journal", name=name)
            self.assertEqual(said["erased"], len(wanted) + 1, said)  # and the hold that was lifted
            for word in ("Tale-Told", "13912345678", "Paid-1", "Payee-Name"):
                self.assertEqual(holds(new.data, word), [], word)
            claim = told["claims"][0]["claim"]
            seen = new.get("/v1/reports/" + told["report"], query={"purpose": "a test"}, user="nan")
            self.assertEqual([(c["to"], c.get("from"), c.get("name"))
                              for c in seen.value["claims"]], [("erased-" + claim, None, None)])
            self.assertEqual(self.verify(new.data).returncode, 0)
            new.stop()

    def test_what_is_still_owed_waits_for_somebody(self):
        """A bank never lets go: what the victim is owed outlives the term, also in a restored store
        whose timers fall due before anybody has compared it with the world."""
        self.c.stop()
        c = World()
        self.addCleanup(c.close)
        self.c = c
        paid = c.pay(VICTIM, MULE, 50000, c.ago(minutes=5))
        told = c.report({"id": paid, "name": "Payee-Name"}).value
        c.banks_obey()
        self.assertEqual(c.post(f"/v1/incidents/{told['incident']}/countersign",
                                user="bo").status, 200)
        c.step(days=3)
        c.step(days=1830)
        c.add_user("eli", ["operator"])
        file, _ = self.backup()
        c.stop()
        new, _ = self.restored(file, "--erasures", c.data + "/erasures.journal")

        def claims():
            seen = new.get("/v1/reports/" + told["report"], query={"purpose": "a test"}, user="eli")
            self.assertEqual(seen.status, 200, seen)
            return [(c["to"], c.get("from"), c.get("transfer")) for c in seen.value["claims"]]

        self.assertEqual(claims(), [(MULE, VICTIM, paid)])
        new.step(days=31)
        self.assertTrue(new.get("/v1/centre", user="eli").value["outbox_held"])
        self.assertEqual(claims(), [(MULE, VICTIM, paid)])
        new.stop()

    def check_past(self, old, new, head):
        """The new ledger grew out of the one that was backed up; a stranger's verifier agrees."""
        export = self.path("export")
        done = subprocess.run([YUMEN, "audit", "export", export, "--data", new.data],
                              capture_output=True, text=True, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        key = subprocess.run([YUMEN, "audit", "key", "--data", old.data], capture_output=True,
                             text=True, timeout=PATIENCE_S).stdout.strip()
        done = subprocess.run([VERIFIER, "--key", key, export], capture_output=True, text=True,
                              timeout=PATIENCE_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertGreater(new.get("/v1/audit/head").value["size"], head["size"])

    def test_nothing_leaves_before_somebody_has_compared(self):
        c = self.c
        one = c.list_now("ann", "bob", value="one.example.com")
        reply = c.post("/v1/sessions", {"name": "ann", "password": "a long password"})
        cookie = reply.headers["Set-Cookie"].split(";")[0]
        self.assertEqual(c.get("/v1/listings", headers={"Cookie": cookie}).status, 200)
        serial = c.get("/v1/centre", user="cat").value["rpz_serial"]
        dns = free_port()
        serve_zone(c.data, dns)
        file, _ = self.backup()
        c.stop()
        new, said = self.restored(file, "--no-erasures")
        self.assertEqual(said["sessions_closed"], 1)
        self.assertEqual(said["tokens_open"], len(c.tokens))
        self.assertEqual(new.get("/v1/listings", headers={"Cookie": cookie}).status, 401)
        state = new.get("/v1/centre", user="cat").value
        self.assertTrue(state["outbox_held"])
        self.assertGreaterEqual(state["rpz_serial"], serial + 1000000)
        two = new.list_now("ann", "bob", value="two.example.com")  # work goes on
        self.assertEqual(new.listing(one, "ann")["state"], "in_force")
        self.assertEqual(new.get("/v1/centre", user="cat").value["rpz_serial"],
                         state["rpz_serial"])  # but the zone stands still
        self.assertEqual(zone_rcode(dns), SERVFAIL)  # names lifted since must not be blocked again
        self.assertEqual(new.post("/v1/centre/reconcile", user="ann").status, 403)
        self.assertEqual(new.post("/v1/centre/reconcile", {"why": "compared"},
                                  user="sue").status, 200)
        after = new.get("/v1/centre", user="cat").value
        self.assertFalse(after["outbox_held"])
        self.assertEqual(new.post("/v1/centre/reconcile", user="sue").code, "centre.not_held")
        new.step(seconds=1)
        self.assertEqual(new.get("/v1/centre", user="cat").value["rpz_serial"],
                         state["rpz_serial"] + 1)
        self.assertEqual(new.listing(two, "ann")["state"], "in_force")
        self.assertEqual(zone_rcode(dns), 0)

    def test_who_was_shut_out_stays_out(self):
        c = self.c
        c.add_user("eve", "analyst", password="a long password")
        c.add_user("tim", "feeder")
        file, _ = self.backup()
        self.assertEqual(c.post("/v1/users/eve/disable", {"why": "left"}, user="sue").status, 200)
        self.assertEqual(c.ask("DELETE", "/v1/sessions", user="tim").status, 204)
        c.stop()
        new, said = self.restored(file, "--erasures", c.data + "/erasures.journal")
        self.assertEqual((said["erased"], said["ended"]), (0, 2))
        self.assertEqual(new.get("/v1/listings", user="eve").status, 401)
        self.assertEqual(new.get("/v1/listings", user="tim").status, 401)
        self.assertEqual(new.get("/v1/listings", user="ann").status, 200)
        self.assertEqual(new.post("/v1/sessions", {"name": "eve", "password": "a long password"})
                         .status, 401)
        self.assertEqual(self.verify(new.data).returncode, 0)

    def test_what_fell_due_meanwhile_happens_in_order(self):
        c = self.c
        ends = {}
        for days in (3, 1, 2):
            until = (c.now() + dt.timedelta(days=days)).isoformat(timespec="seconds")
            ends[days] = c.list_now("ann", "bob", value=f"d{days}.example.com", until=until)
        file, _ = self.backup()
        c.step(days=1, hours=12)  # in the lost centre one of them has ended already
        c.stop()
        new, _ = self.restored(file, "--no-erasures")
        new.step(days=10)
        items = new.get("/v1/audit", query={"limit": 500}, user="ada").value["items"]
        order = [i["record"] for i in items if i["act"] == "listing.expire"]
        order = order if items[0]["index"] < items[-1]["index"] else order[::-1]
        self.assertEqual(order, [ends[1], ends[2], ends[3]])

    def test_while_people_write(self):
        """Whatever the moment, the copy is one moment."""
        c = self.c
        stop = threading.Event()

        def write():
            n = 0
            while not stop.is_set():
                c.list_now("ann", "bob", value=f"w{n}.example.com")
                n += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            files = [self.backup(f"{i}.bak")[0] for i in range(5)]
        finally:
            stop.set()
            writer.join()
        for i, file in enumerate(files):
            to, done = self.restore(file, "--no-erasures", name=f"r{i}")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.verify(to).returncode, 0)

    def test_the_ledger_says_who(self):
        self.backup()
        self.c.run("backup", self.path("two.bak"), "--passphrase-file", self.passphrase,
                   "--purpose", "moving house")
        items = self.c.get("/v1/audit", query={"limit": 500}, user="ada").value["items"]
        leaves = [i for i in items if i["act"] == "centre.backup"]
        self.assertEqual(len(leaves), 2)
        self.assertIn("moving house", [i["why"] for i in leaves])
        reply = self.c.post("/v1/centre/backup", {"purpose": "x"}, user="ann")
        self.assertEqual(reply.status, 403)
        self.assertEqual(self.c.post("/v1/centre/backup", {"purpose": "x"},
                                     user="adm").status, 204)


class Refusals(Case):
    def altered(self, name, *statements):
        copy = self.path(name)
        shutil.copy(self.file, copy)
        with sqlite3.connect(copy) as db:
            for statement in statements:
                db.execute(statement)
        db.close()
        return copy

    def setUp(self):
        super().setUp()
        self.id = self.c.list_now("ann", "bob", value="one.example.com")
        self.file, _ = self.backup()

    def test_places_and_words(self):
        self.refused(self.file, "--no-erasures")  # it says how to go on without
        self.refused(self.path("absent"), "no such backup", "--no-erasures", exit_code=1)
        self.refused(self.file, "no such erasure", "--erasures", self.path("absent"), exit_code=1)
        self.refused(self.file, "not an erasure journal", "--erasures", self.passphrase)
        wrong = self.path("wrong")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write("another passphrase\n")
        self.refused(self.file, "does not open", "--no-erasures", passphrase=wrong)
        with open(wrong, "w", encoding="utf-8") as file:
            file.write("short\n")
        self.refused(self.file, "at least 10", "--no-erasures", passphrase=wrong)
        to = self.path("full/data")
        os.makedirs(to)
        with open(os.path.join(to, "mine"), "w", encoding="utf-8") as file:
            file.write("x")
        _, done = self.restore(self.file, "--no-erasures", name="full")
        self.assertEqual(done.returncode, 3)
        self.assertIn("not empty", done.stderr)
        self.assertEqual(entries(to), ["mine"])
        _, done = self.backup(may_fail=True)  # never over an older one
        self.assertEqual(done.returncode, 3)
        _, done = self.backup("no/such/folder.bak", may_fail=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("no such folder", done.stderr)
        os.makedirs(self.path("empty/data"))
        self.assertEqual(self.restore(self.file, "--no-erasures", name="empty")[1].returncode, 0)

    def test_alterations(self):
        value = "UPDATE listing SET display = 'two.example.com'"
        state = "UPDATE listing SET state = 'lifted', ended_at = 1, ended_why = 'x'"
        leaf = ("UPDATE ledger_leaf SET body = replace(body, 'in_force', 'proposed')"
                " WHERE act = 'listing.approve'")
        cases = {
            "a value": (value, "does not lead to its records"),
            "a state": (state, "does not lead to its records"),
            "a leaf": (leaf, "does not lead to its records"),
            "a row": ("INSERT INTO batch VALUES ('b', 'f', 's', NULL, (SELECT id FROM user_account"
                      " LIMIT 1), 'done', NULL, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, '', 1)",
                      "does not lead to its records"),
            "a head": ("UPDATE ledger_head SET root = iif(root LIKE 'a%', 'b', 'a')"
                       " || substr(root, 2)",
                       "was sealed with it"),
            "a tail": ("DELETE FROM ledger_head WHERE size = (SELECT max(size) FROM ledger_head)",
                       "no signed head"),
            "a label": ("UPDATE backup_envelope SET manifest = replace(manifest, 'leaves ',"
                        " 'leaves 1')", "was sealed with it"),
            "no label": ("UPDATE backup_envelope SET manifest = 'hello'", "not a backup"),
            "no seal": ("UPDATE backup_envelope SET sealed = x'00'", "sealed"),
            "no envelope": ("DROP TABLE backup_envelope", "not a backup"),
            "a newer one": ("UPDATE backup_envelope SET manifest = replace(manifest, 'schema ',"
                            " 'schema 99')", "newer version"),
        }
        for name, (statement, sentence) in cases.items():
            with self.subTest(name):
                codes = {"was sealed with it": 4, "does not lead to its records": 4,
                         "no signed head": 4}
                self.refused(self.altered("altered.bak", statement), sentence, "--no-erasures",
                             exit_code=codes.get(sentence, 3), name=name.replace(" ", "-"))

    def test_another_ones_envelope(self):
        """The seal of one backup on the ledger of another."""
        self.c.list_now("ann", "bob", value="two.example.com")
        later, _ = self.backup("later.bak")
        copy = self.path("mixed.bak")
        shutil.copy(later, copy)
        with sqlite3.connect(copy) as db:
            db.execute("ATTACH ? AS old", (self.file,))
            db.execute("UPDATE backup_envelope SET manifest = (SELECT manifest FROM"
                       " old.backup_envelope), sealed = (SELECT sealed FROM old.backup_envelope)")
        db.close()
        self.refused(copy, "was sealed with it", "--no-erasures", exit_code=4)

    def test_damage(self):
        size = os.path.getsize(self.file)
        for page in range(0, size // 4096, 3):
            copy = self.path("damaged.bak")
            shutil.copy(self.file, copy)
            with open(copy, "r+b") as file:
                file.seek(page * 4096)
                head = file.read(1)
                file.seek(page * 4096)
                file.write(bytes([head[0] ^ 0x55]))
            to, done = self.restore(copy, "--no-erasures", name="damaged")
            self.assertNotEqual(done.returncode, 0, f"page {page}")
            self.assertFalse(os.path.exists(to), f"page {page}")
        os.truncate(copy, size // 2)
        self.refused(copy, "", "--no-erasures", exit_code=4, name="half")
        with open(copy, "w", encoding="utf-8") as file:
            file.write("I am no database.\n" * 200)
        self.refused(copy, "", "--no-erasures", exit_code=4, name="text")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
