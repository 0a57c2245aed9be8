# SPDX-License-Identifier: Apache-2.0
"""
Goal: what somebody writes into the database past the program, with SQLite's foreign keys off as
every foreign client has them, is found and named by `yumen audit verify`: people who are nobody,
laws that are none, terms no law gives, records and ledger entries that are gone.
Method: one drill with listings in force, proposed and appealed, stopped; each forgery on a copy of
its own, with Python's sqlite3; the findings must name the record and the field. The untouched copy,
and one whose law profile has been exchanged for another, have no findings.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import unittest

from centre import PATIENCE_S, SOURCE, YUMEN, Centre

CENTURY_US = 100 * 365 * 86400 * 1000000
TERM_US = 365 * 86400 * 1000000
RAISED = (f"UPDATE law_limit SET max_term_us = {CENTURY_US}"
          " WHERE kind = 'domain' AND action = 'block'")
FOLLOWED = (f"UPDATE listing SET max_term_us = {CENTURY_US},"
            f" until = until + {CENTURY_US} - {TERM_US}")


class Forged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.c = c = Centre()
        cls.addClassCleanup(c.close)
        for name, roles in (("ann", "analyst"), ("bob", "approver"), ("cat", "approver,commander")):
            c.add_user(name, roles, password="a long password")
        cls.listing = c.list_now("ann", "bob", value="shop.example")
        cls.waiting = c.propose("ann", value="waits.example")
        cls.appeal = c.file_appeal(cls.listing)
        c.stop()
        cls.count = 0

    def copy(self):
        Forged.count += 1
        data = os.path.join(self.c.folder, f"copy-{self.count}")
        shutil.copytree(self.c.data, data, ignore=shutil.ignore_patterns("*.sock"))
        return data

    def write(self, data, *statements):
        db = sqlite3.connect(os.path.join(data, "yumen.db"))
        self.assertEqual(db.execute("PRAGMA foreign_keys").fetchone()[0], 0)
        for statement in statements:
            self.assertGreater(db.execute(statement).rowcount, 0, statement)
        db.commit()
        db.close()

    def verify(self, data):
        done = subprocess.run([YUMEN, "audit", "verify", "--json", "--data", data],
                              capture_output=True, text=True, timeout=PATIENCE_S)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        verdict = json.loads(done.stdout)
        self.assertEqual(verdict["intact"], done.returncode == 0)
        return {(f["code"], f.get("record"), f.get("field")) for f in verdict["findings"]}

    def named(self, *statements):
        data = self.copy()
        self.write(data, *statements)
        return self.verify(data)

    def changed(self, record, *fields):
        return {("audit.field_changed", record, field) for field in fields}

    def of(self, record):
        return f" WHERE id = '{record}'"

    def test_nothing_is_found_where_nothing_was_done(self):
        self.assertEqual(self.verify(self.copy()), set())

    def test_an_approver_who_is_nobody(self):
        found = self.named("UPDATE listing SET approver = 'nobody'" + self.of(self.listing))
        self.assertEqual(found, self.changed(self.listing, "approver"))

    def test_an_approval_that_never_was(self):
        found = self.named("UPDATE listing SET approver = 'nobody', state = 'in_force',"
                           " decided_at = proposed_at" + self.of(self.waiting))
        self.assertEqual(found, self.changed(self.waiting, "state") | {
            ("audit.field_added", self.waiting, "approver"),
            ("audit.field_added", self.waiting, "decided_at")})

    def test_an_unknown_profile(self):
        found = self.named("UPDATE listing SET profile = 'nowhere'" + self.of(self.listing))
        self.assertEqual(found, self.changed(self.listing, "profile"))

    def test_a_term_of_a_hundred_years(self):
        found = self.named(FOLLOWED + self.of(self.listing))
        self.assertEqual(found, self.changed(self.listing, "max_term_us", "until"))

    def limit(self):
        return {("audit.limit_foreign", f"cn domain block {CENTURY_US}", "max_term_us")}

    def test_a_raised_limit_by_itself(self):
        self.assertEqual(self.named(RAISED), self.limit())
        added = f"INSERT INTO law_limit VALUES ('cn', 'domain', 'block', {CENTURY_US})"
        self.assertEqual(self.named(added), self.limit())

    def test_a_raised_limit_and_a_listing_that_follows_it(self):
        found = self.named(RAISED, FOLLOWED + self.of(self.listing))
        self.assertEqual(found, self.limit() | self.changed(self.listing, "max_term_us", "until"))

    def test_a_count_that_was_changed(self):
        found = self.named("UPDATE listing_count SET count = count + 1 WHERE what = 'in_force'"
                           " AND division = ''")
        self.assertEqual(found, {("audit.count_wrong", "in_force", "count")})

    def test_a_count_that_is_gone_and_one_of_nothing(self):
        data = self.copy()
        self.write(data, "DELETE FROM listing_count WHERE what = 'proposed' AND division = ''",
                   "INSERT INTO listing_count VALUES ('ends', 17, '44', 3)")
        self.assertEqual(self.verify(data), {("audit.count_wrong", "proposed", "count"),
                                             ("audit.count_wrong", "ends 17 44", "count")})

    def test_a_listing_that_is_gone(self):
        found = self.named("DELETE FROM listing" + self.of(self.listing))
        self.assertEqual(found, {("audit.row_removed", self.listing, None)})

    def test_a_listing_that_nobody_proposed(self):
        data = self.copy()
        db = sqlite3.connect(os.path.join(data, "yumen.db"))
        db.execute("CREATE TEMP TABLE one AS SELECT * FROM listing" + self.of(self.listing))
        db.execute("UPDATE one SET id = 'FORGED', value = 'rival.example', approver = 'nobody'")
        names = ", ".join(f'"{row[1]}"' for row in db.execute("PRAGMA table_info(listing)"))
        db.execute(f"INSERT INTO listing ({names}) SELECT {names} FROM one")
        db.commit()
        db.close()
        found = self.verify(data)
        self.assertEqual(found, {("audit.row_added", "FORGED", None)})

    def test_a_ledger_entry_that_is_gone(self):
        data = self.copy()
        self.write(data, "DELETE FROM ledger_leaf WHERE act = 'listing.approve'")
        self.assertIn("audit.leaf_lost", {code for code, _, _ in self.verify(data)})

    def test_the_newest_ledger_entries_are_gone(self):
        data = self.copy()
        self.write(data, "DELETE FROM ledger_leaf WHERE idx = (SELECT max(idx) FROM ledger_leaf)")
        self.assertIn("audit.tail_cut", {code for code, _, _ in self.verify(data)})

    def test_an_appeal_decided_by_who_approved_its_listing(self):
        found = self.named("UPDATE appeal SET state = 'rejected', decided_at = filed_at,"
                           " answer = 'no', decider = (SELECT approver FROM listing WHERE"
                           " id = appeal.listing)" + self.of(self.appeal))
        self.assertEqual(found, self.changed(self.appeal, "state") | {
            ("audit.field_added", self.appeal, field) for field in ("decider", "decided_at",
                                                                    "answer")})

    def test_a_user_with_another_role_and_one_who_is_gone(self):
        data = self.copy()
        db = sqlite3.connect(os.path.join(data, "yumen.db"))
        ann, bob = (db.execute("SELECT id FROM user_account WHERE name = ?", (name,)).fetchone()[0]
                    for name in ("ann", "bob"))
        db.close()
        self.write(data, "UPDATE user_account SET roles = 'approver'" + self.of(ann),
                   "DELETE FROM user_account" + self.of(bob))
        self.assertEqual(self.verify(data), self.changed(ann, "roles") | {
            ("audit.row_removed", bob, None)})

    def test_a_password_that_somebody_put_in(self):
        """Nor is the value shown."""
        data = self.copy()
        self.write(data, "UPDATE user_account SET password = 'swapped-in' WHERE name = 'bob'")
        found = self.verify(data)
        self.assertEqual({(code, field) for code, _, field in found},
                         {("audit.field_unproved", "password")})
        done = subprocess.run([YUMEN, "audit", "verify", "--data", data], capture_output=True,
                              text=True, timeout=PATIENCE_S)
        self.assertIn("password", done.stdout)
        self.assertNotIn("swapped-in", done.stdout)

    def test_a_session_of_nobody(self):
        found = self.named("UPDATE session SET \"user\" = 'nobody', until = until + 1")
        self.assertEqual({field for _, _, field in found}, {"user", "until"})

    def test_another_profile_is_no_forgery(self):
        """Limits that a listing stands under stay; the others go with their profile."""
        data = self.copy()
        with open(os.path.join(SOURCE, "profiles/cn.yaml"), encoding="utf-8") as file:
            text = file.read().replace("block: 365", "block: 200").replace("warn: 365", "warn: 300")
        with open(os.path.join(data, "mine.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
        path = os.path.join(data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith("profile:")]
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines + ["profile: mine.yaml\n"])
        subprocess.run([YUMEN, "listings", "--data", data], check=True, capture_output=True,
                       timeout=PATIENCE_S)
        self.assertEqual(self.verify(data), set())
        db = sqlite3.connect(os.path.join(data, "yumen.db"))
        limits = {tuple(row) for row in db.execute(
            "SELECT kind, action, max_term_us / 86400000000 FROM law_limit"
            " WHERE kind IN ('domain', 'company')")}
        db.close()
        self.assertEqual(limits, {("domain", "block", 200), ("domain", "block", 365),
                                  ("domain", "warn", 300), ("domain", "allow", 3650),
                                  ("company", "block", 180), ("company", "warn", 300),
                                  ("company", "allow", 3650)})


if __name__ == "__main__":
    unittest.main()
