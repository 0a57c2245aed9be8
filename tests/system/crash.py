#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: SIGKILL at any moment loses nothing that was answered, does nothing twice, and leaves nothing
half done: neither a record, nor the ledger, nor the zone that resolvers copy, nor a timer.
Method: real servers on loopback, killed under load at moments chosen by what is going on. Several
clients keep a model of their own of what they were answered; after each restart they ask again for
what was never answered, and then every answer, the ledger's leaves, the heads seen before, the zone
and the timers are held against that model.

    crash.py [--seed N] [--rounds N]

The seed is printed. Threads and real time make a repetition similar, not equal.
"""
import argparse
import collections
import contextlib
import datetime as dt
import gzip
import hashlib
import heapq
import http.client
import itertools
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from centre import PATIENCE_S, VERIFIER, YUMEN, ZONE, Centre, instant
from ports import free_port

ROUNDS = 11           # as many as there are plans
ROUNDS_A_TOWN = 4     # then another store: verifying the whole ledger takes longer each time
LISTING_RETENTION = dt.timedelta(days=365)  # profiles/cn.yaml
APPEAL_RETENTION = dt.timedelta(days=180)
COLUMNS = ("kind", "value", "action", "reason", "basis", "source", "from", "until", "match", "rpz")


class Gone(Exception):
    """The server is not there any more, or is about to go: nothing was answered."""


# ---- a centre that dies ------------------------------------------------------------------------


class Mortal(Centre):
    def __init__(self, clock):
        super().__init__("drill", clock, begins=False)
        self.dns_port = free_port()
        path = os.path.join(self.data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text, dns = re.subn(r"(?ms)^(dns:$.*?^  listen:) [^\n]*", rf"\1 127.0.0.1:{self.dns_port}",
                            text, count=1)
        text, who = re.subn(r"(?m)^  secondaries: \[\]$",
                            f'  secondaries:\n    - {{address: "127.0.0.1:{free_port()}"}}', text)
        assert (dns, who) == (1, 1), text
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.start()
        for name, roles in (("ann", "analyst,feeder"), ("bob", "approver"), ("lea", "commander"),
                            ("cat", "approver,commander"), ("aud", "auditor")):
            self.add_user(name, roles)

    def kill(self):
        self.server.kill()
        self.server.wait()

    def __exit__(self, kind, *_):
        if kind is None:
            self.close()
            return
        print(f"\nthe server's last words: {self.log()[-2000:]}", flush=True)
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, question, *values):
        """What the file says now; read only, so that nothing is folded or mended by looking."""
        path = os.path.join(self.data, "yumen.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True,
                                                timeout=PATIENCE_S)) as db:
            return db.execute(question, values).fetchall()

    def one(self, question, *values):
        return self.sql(question, *values)[0][0]

    def until(self, question, at_least, *values, seconds=PATIENCE_S):
        """Waits until a count is reached; False when that does not come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.one(question, *values) >= at_least:
                return True
            time.sleep(0.002)
        return False

    def drained(self):
        end = time.monotonic() + PATIENCE_S
        while self.one("SELECT count(*) FROM outbox"):
            assert time.monotonic() < end, "the outbox is not delivered"
            time.sleep(0.01)

    def zone(self):
        """{owner: policy} as a resolver copies it; None where there is no dig."""
        if shutil.which("dig") is None:
            return None
        done = subprocess.run(["dig", "+time=5", "+tries=1", "+noidnout", "-p", str(self.dns_port),
                               "@127.0.0.1", "rpz.yumen", "AXFR"], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        assert "Transfer failed" not in done.stdout and " SOA" in done.stdout.replace("\t", " "), \
            done.stdout[:600] + done.stderr
        found = {}
        for line in done.stdout.splitlines():
            parts = line.split(None, 4)
            if line.startswith(";") or len(parts) < 5 or parts[3] not in ("A", "CNAME"):
                continue
            what = {".": "nxdomain", "*.": "nodata", "rpz-passthru.": "passthru"}
            owner = parts[0].removesuffix(".rpz.yumen.")
            found[owner] = what[parts[4]] if parts[3] == "CNAME" else "notice"
        return found


# ---- a model of what was answered ----------------------------------------------------------------


class Life:
    """One listing, as its client knows it."""

    def __init__(self, value):
        self.value, self.id, self.state, self.acts = value, "", "", []
        self.appeal, self.appeal_state, self.appeal_acts = "", "", []
        self.key = ""  # of the appeal; none where the answer that said it never came


class File:
    """Rows of a feed, and some that are refused."""

    def __init__(self, stem, count, bad, until):
        self.bad = bad
        self.batches = []  # (id, accepted, duplicate, refused), as answered
        self.rows = [{"kind": "domain", "value": f"{stem}{i}.example.com",
                      "action": "allow" if i % 4 == 3 else "block", "reason": "phishing",
                      "basis": "fraud_law_24", "source": "crash", "until": until,
                      "match": "suffix" if i % 2 else "exact",
                      "rpz": "notice" if i % 5 else "nxdomain"} for i in range(count)]

    @property
    def batch(self):
        return self.batches[0][0]

    def text(self, form):
        rows = list(self.rows)
        for i in range(self.bad):
            rows.insert(i * 7 % (len(rows) + 1), dict(self.rows[0], value=f"!{i}!"))
        if form == "csv":
            lines = [",".join(COLUMNS)]
            lines += [",".join(row.get(name, "") for name in COLUMNS) for row in rows]
        else:
            lines = [json.dumps(row) for row in rows]
        return "\n".join(lines) + "\n"


class Deed:
    """One request, and its answer when there is one. `trace` finds out what came of it when it has
    no key to ask again with: the answer it would have had, or None."""

    def __init__(self, path, body, user, headers, then, trace):
        self.path, self.body, self.user, self.headers = path, body, user, headers
        self.then, self.trace, self.reply = then, trace, None

    @property
    def key(self):
        return self.headers.get("Idempotency-Key")


class Client(threading.Thread):
    """Does one thing after another until the server is gone; owns what it has made."""

    def __init__(self, town, name):
        self.town, self.label = town, name
        self.rng = random.Random(f"{town.seed} {name}")
        self.deeds, self.pending, self.fault, self.made = [], None, None, 0

    def begin(self):
        super().__init__(daemon=True)
        self.start()

    def run(self):
        try:
            while True:
                self.move()
        except Gone:
            pass
        except BaseException:  # pylint: disable=broad-except
            self.fault = traceback.format_exc()

    def end(self):
        self.join(PATIENCE_S)
        assert not self.is_alive(), f"{self.label} still waits for an answer"
        assert self.fault is None, f"{self.label}: {self.fault}"

    # -- asking --

    def ask(self, *words, **how):
        if self.town.is_over:
            raise Gone
        try:
            reply = self.town.c.ask(*words, **how)
        except (OSError, http.client.HTTPException) as e:
            raise Gone from e
        if reply.status == 503:
            raise Gone
        return reply

    def get(self, path):
        reply = self.ask("GET", path)
        assert reply.status == 200, reply
        return reply.value

    def send(self, deed):
        return self.ask("POST", deed.path, deed.body, user=deed.user, headers=dict(deed.headers))

    def post(self, path, body, user, then, *, trace=None, headers=None):
        deed = Deed(path, body, user, dict(headers or {}), then, trace)
        if trace is None or self.rng.random() < 0.8:
            deed.headers["Idempotency-Key"] = f"{self.label}-{next(self.town.count)}"
        self.pending = deed
        reply = self.send(deed)
        self.answered(deed, reply)
        return reply

    def answered(self, deed, reply):
        assert reply.status in (200, 201), (deed.path, deed.body, reply)
        deed.reply, self.pending = reply, None
        self.deeds.append(deed)
        deed.then(reply.value)

    def settle(self):
        """What was under way when the server died has happened or not, but wholly; ask again."""
        deed = self.pending
        if deed is None:
            return
        if deed.key is None:
            self.pending = None
            value = deed.trace()
            if value is not None:
                deed.then(value)
            return
        self.answered(deed, self.send(deed))


class Person(Client):
    """Proposes, and in other people's names approves, refuses, lifts, appeals and decides."""

    def __init__(self, town, name):
        super().__init__(town, name)
        self.lives = []

    def move(self):
        weights = {self.propose: 5, self.approve: 4, self.refuse: 1, self.lift: 1, self.appeal: 2,
                   self.review: 1, self.decide: 1, self.withdraw: 1, self.again: 2, self.look: 1}
        self.rng.choices(list(weights), weights.values())[0]()

    def pick(self, state, appeal=None):
        found = [life for life in self.lives[-60:] if life.state == state
                 and (appeal is None or life.appeal_state in appeal)]
        return self.rng.choice(found) if found else None

    def propose(self):
        self.made += 1
        life = Life(f"{self.label}-{self.made}.example.org")
        body = {"kind": "domain", "value": life.value, "reason": "phishing",
                "action": self.rng.choice(["block", "allow"]), "basis": "fraud_law_24",
                "source": "crash", "evidence": "two reports", "until": self.town.until,
                "match": self.rng.choice(["exact", "suffix"])}

        def then(value):
            life.id, life.state, life.acts = value["listing"], "proposed", ["listing.propose"]
            self.lives.append(life)

        def trace():
            found = self.town.c.get("/v1/listings", query={"q": life.value}, user="aud").value
            assert found["total"] in (0, 1), found
            return found["items"][0] if found["items"] else None
        self.post("/v1/listings", body, "ann", then, trace=trace)

    def act(self, life, verb, user, state, body):
        act = "listing." + verb

        def then(value):
            assert value["state"] == state, value
            life.state = state
            life.acts.append(act)

        def trace():
            now = self.town.c.listing(life.id, "aud")
            acts = [line["act"] for line in now["history"]]
            return now if acts.count(act) > life.acts.count(act) else None
        self.post(f"/v1/listings/{life.id}/{verb}", body, user, then, trace=trace)

    def approve(self):
        life = self.pick("proposed")
        if life:
            self.act(life, "approve", "bob", "in_force", {})

    def refuse(self):
        life = self.pick("proposed")
        if life:
            self.act(life, "refuse", "bob", "refused", {"why": "not enough"})

    def lift(self):
        life = self.pick("in_force", ("",))
        if life:
            self.act(life, "lift", "lea", "lifted", {"why": "it is a real shop"})

    def appeal(self):
        life = self.pick("in_force", ("",))
        if not life:
            return

        def then(value):
            life.appeal, life.appeal_state = value["appeal"], "filed"
            life.key = value.get("secret", "")
            life.appeal_acts = ["appeal.file"]
        self.post("/v1/appeals", {"listing": life.id, "statement": "This is my shop.",
                                  "name": "Wang"}, None, then, headers=self.stranger())

    def stranger(self):
        """Each address has its own ten appeals."""
        n = next(self.town.count)
        return {"X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"}

    def on_appeal(self, life, verb, user, body, state, act):
        def then(value):
            assert value["state"] == state, value
            life.appeal_state = state
            life.appeal_acts.append(act)
            follow = {"granted": "listing.lift", "rejected": "listing.hear"}.get(state)
            life.acts += [follow] if follow else []
            life.state = "lifted" if state == "granted" else life.state
        self.post(f"/v1/appeals/{life.appeal}/{verb}", body, user, then,
                  headers=self.stranger() if user is None else {})

    def review(self):
        life = self.pick("in_force", ("filed",))
        if life:
            self.on_appeal(life, "review", "cat", {}, "reviewing", "appeal.review")

    def decide(self):
        life = self.pick("in_force", ("filed", "reviewing"))
        if not life:
            return
        decision = self.rng.choice(["granted", "rejected"])
        act = {"granted": "appeal.grant", "rejected": "appeal.reject"}[decision]
        self.on_appeal(life, "decide", "cat", {"decision": decision, "answer": "We have looked."},
                       decision, act)

    def withdraw(self):
        life = self.pick("in_force", ("filed",))
        if life and life.key:
            self.on_appeal(life, "withdraw", None, {"secret": life.key}, "withdrawn",
                           "appeal.withdraw")

    def again(self):
        """A key repeated while everything else goes on."""
        deeds = [deed for deed in self.deeds[-200:] if deed.key]
        if deeds:
            same_answer(self.rng.choice(deeds), self)

    def look(self):
        head = self.get("/v1/audit/head")
        self.town.heads[head["size"]] = head
        life = self.pick("in_force")
        if life:
            said = self.get(f"/v1/check?q={life.value}")
            assert said["listing"] == life.id and said["verdict"] in ("block", "pass"), said


class Feeder(Client):
    """Sends files and approves them, by whatever way is open. `script`: what to do first."""

    def __init__(self, town, name):
        super().__init__(town, name)
        self.files, self.approved, self.script = [], set(), []

    def move(self):
        if self.script:
            self.script.pop(0)()
            return
        self.feed(self.rng.choice([1, 30, 700, 1500]))
        self.rng.choice([self.approve, self.approve, self.sleep, self.ingest])()

    def sleep(self):
        time.sleep(0.05)

    def file(self, count):
        self.made += 1
        return File(f"{self.label}-{self.made}-", count, self.rng.choice([0, 0, 3]),
                    self.town.until)

    def took(self, file, value):
        counts = value["accepted"], value["duplicate"], value["refused"]
        assert counts[0] + counts[1] == len(file.rows) and counts[2] == file.bad, (value, file.bad)
        assert not file.batches or counts[0] == 0, value
        file.batches.append((value["batch"], *counts))
        if len(file.batches) == 1:
            self.files.append(file)

    def feed(self, count):
        self.put(self.file(count))

    def put(self, file):
        form = self.rng.choice(["csv", "ndjson"])
        body = file.text(form).encode()
        headers = {"Content-Type": {"csv": "text/csv", "ndjson": "application/x-ndjson"}[form]}
        self.post("/v1/feeds/listings", gzip.compress(body) if self.rng.random() < 0.3 else body,
                  "ann", lambda value: self.took(file, value), headers=headers)

    def approve(self):
        waiting = [file.batch for file in self.files if file.batch not in self.approved]
        if waiting:
            batch = self.rng.choice(waiting)
            self.post(f"/v1/batches/{batch}/approve", {}, "bob",
                      lambda _: self.approved.add(batch))

    def ingest(self, is_killed=False):
        """As a child process, by path or through a pipe; its file is sent again when it fails."""
        file = self.file(self.rng.choice([500, 2500]))
        again = Deed("/v1/feeds/listings", file.text("csv"), "ann",
                     {"Content-Type": "text/csv", "Idempotency-Key":
                      f"{self.label}-{next(self.town.count)}"},
                     lambda value: self.took(file, value), None)
        self.pending = again
        value = self.town.ingest(file, self.rng, is_killed)
        if value is None:
            raise Gone
        self.pending = None
        self.took(file, value)

    def hold(self):
        """Sent again in the other form without a key, a file is all duplicates."""
        if self.files:
            self.put(self.rng.choice(self.files[-5:]))


def kept_of(reply):
    """What is answered again: a key is said once."""
    value = reply.value
    if isinstance(value, dict):
        value.pop("secret", None)
    return reply.status, value


def same_answer(deed, client):
    reply = client.send(deed)
    assert kept_of(reply) == kept_of(deed.reply), \
        (deed.path, deed.body if isinstance(deed.body, dict) else "", deed.reply, reply)


# ---- what has to hold afterwards -----------------------------------------------------------------


def is_consistent(first, second, path):
    """RFC 9162 2.1.4.2."""
    (m, old), (n, new) = first, second
    nodes = [bytes.fromhex(text) for text in path]
    if m == n:
        return not nodes and old == new
    if m & (m - 1) == 0:
        nodes.insert(0, old)
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = (hashlib.sha256(b"\1" + node + x).digest() for x in (fr, sr))
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hashlib.sha256(b"\1" + sr + node).digest()
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr, sn) == (old, new, 0)


def hold_heads(c, heads):
    now = c.get("/v1/audit/head").value
    assert now["size"] == c.one("SELECT count(*) FROM ledger_leaf"), now
    last = now["size"], bytes.fromhex(now["root"])
    for size in heads:
        assert size <= now["size"], f"a head of {size} was seen, now there are {now['size']}"
        path = c.get(f"/v1/audit/proof?from={size}&to={now['size']}").value["path"]
        first = size, bytes.fromhex(heads[size]["root"])
        assert is_consistent(first, last, path), \
            f"the ledger has not grown out of its head of {size}"
    heads[now["size"]] = now
    kept = os.path.join(c.folder, "heads")
    with open(kept, "w", encoding="utf-8") as file:
        for head in heads.values():
            file.write(json.dumps(dict(head, at=head["at_us"])) + "\n")
    c.run("audit", "verify", "--head", kept)
    return kept


def zone_wanted(c):
    """By this file's own rule, which is enough for names of which none is under another."""
    wanted = {}
    for value, action, match, rpz in c.sql(
            "SELECT value, action, match, rpz FROM listing WHERE kind = 'domain'"
            " AND state = 'in_force' AND action <> 'warn'"):
        policy = "passthru" if action == "allow" else rpz
        wanted[value] = policy
        if match == "suffix":
            wanted["*." + value] = policy
    return wanted


def zone_kept(c):
    """Of names of which none is under another, as the store keeps them: com.evil. is evil.com."""
    kept = {}
    for turned, allow, block, below in c.sql(
            "SELECT turned, allow, block, block_below FROM rpz_domain"):
        name = ".".join(reversed(turned.rstrip(".").split(".")))
        policy = "passthru" if allow else block or below
        kept[name] = policy
        if allow == 2 or below:
            kept["*." + name] = "passthru" if allow else below
    return kept


def same_map(found, wanted, what):
    differing = [(name, found.get(name), wanted.get(name))
                 for name in set(found) | set(wanted) if found.get(name) != wanted.get(name)]
    assert not differing, f"{what}: {len(differing)} differ, (name, found, wanted): {differing[:4]}"


def hold_zone(c):
    wanted = zone_wanted(c)
    same_map(zone_kept(c), wanted, "the zone as kept")
    served = c.zone()
    if served is not None:
        same_map(served, wanted, "the zone as served")


# Each a sentence, and what would be a row of which it is not true.
NOTHING = {
    "in force only with approver, leaf and end":
        "SELECT id FROM listing l WHERE state = 'in_force' AND (approver IS NULL OR NOT EXISTS ("
        " SELECT 1 FROM ledger_leaf f WHERE f.record = l.id AND f.act = 'listing.approve')"
        " OR ends IS NOT until)",
    "what is proposed ends by itself, too":
        "SELECT id FROM listing WHERE state = 'proposed' AND ends IS NOT until",
    "what has ended is only waiting to be erased":
        "SELECT id FROM listing l WHERE ended_at IS NOT NULL AND value NOT LIKE 'erased-%' AND"
        " (SELECT group_concat(act) FROM timer t WHERE t.record = l.id) IS NOT 'listing.erase'",
    "an appeal is due":
        "SELECT id FROM appeal a WHERE state IN ('filed', 'reviewing') AND is_late = 0"
        " AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = a.id AND t.act = 'appeal.late'"
        " AND t.due = a.due_at)",
    "a row has come in once":
        "SELECT value FROM listing WHERE batch IS NOT NULL AND value NOT LIKE 'erased-%'"
        " GROUP BY value HAVING count(*) > 1",
    "each row that came in is remembered":
        "SELECT b.id FROM batch b WHERE (SELECT count(*) FROM listing l WHERE l.batch = b.id) <>"
        " (SELECT count(*) FROM feed_seen s WHERE s.batch = b.id)",
    "a batch that is done says what is in it":
        "SELECT b.id FROM batch b WHERE state = 'done' AND (accepted, refused) <> (SELECT"
        " (SELECT count(*) FROM listing l WHERE l.batch = b.id),"
        " (SELECT count(*) FROM batch_reject r WHERE r.batch = b.id))",
    "no batch is left open":
        "SELECT id FROM batch WHERE state = 'open'",
    "every leaf has its place":
        "SELECT count(*) FROM ledger_leaf HAVING count(*) <> max(idx) + 1",
    "a head covers everything":
        "SELECT max(size) FROM ledger_head HAVING max(size) <> (SELECT count(*) FROM ledger_leaf)",
}


def hold_rows(c):
    for sentence, question in NOTHING.items():
        found = c.sql(question)
        assert not found, f"{sentence}, but not {len(found)}: {found[:3]}"
    # a row says what its leaves have made of it: as many as its revision counts
    leaves = collections.Counter(record for (record,) in c.sql(
        "SELECT record FROM ledger_text WHERE instr(body, char(10) || 'field ') > 0"))
    for table in ("listing", "appeal", "batch", "user_account", "centre", "signing_key"):
        for record, revision in c.sql(f"SELECT id, revision FROM {table}"):
            assert leaves[record] == revision, (table, record, revision, leaves[record])


def acts_by_record(c):
    acts = collections.defaultdict(list)
    for record, act in c.sql("SELECT record, act FROM ledger_leaf ORDER BY idx"):
        acts[record].append(act)
    return acts


class Town:
    """One store, its people, and what they believe."""

    def __init__(self, seed):
        self.seed, self.rng = seed, random.Random(seed)
        self.count, self.heads, self.is_over = itertools.count(1), {}, False
        self.until = instant(dt.datetime.now(ZONE) + dt.timedelta(days=20))
        self.c = Mortal("real")
        self.people = [Person(self, f"p{i}") for i in range(3)]
        self.feeder = Feeder(self, "f")
        self.clients = [*self.people, self.feeder]

    def ingest(self, file, rng, is_killed):
        """The answer; None when there was none."""
        path = os.path.join(self.c.folder, "feed.csv")
        text = file.text("csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        by_pipe = rng.random() < 0.5
        child = subprocess.Popen([YUMEN, "ingest", "listings", "-" if by_pipe else path, "--json",
                                  "--data", self.c.data], stdin=subprocess.PIPE, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**os.environ, "YUMEN_TOKEN": self.c.tokens["ann"]})
        if is_killed:
            threading.Timer(rng.uniform(0.01, 0.4), child.kill).start()
        try:
            out, _ = child.communicate(text if by_pipe else None, timeout=2 * PATIENCE_S)
        except BrokenPipeError:
            out, _ = child.communicate()
        return json.loads(out) if child.returncode in (0, 3) and out.startswith("{") else None

    # -- one round --

    def work(self, *script):
        self.is_over = False
        self.feeder.script = list(script)
        for client in self.clients:
            client.begin()

    def die(self):
        self.c.kill()
        self.is_over = True
        for client in self.clients:
            client.end()
        self.is_over = False

    def rise(self):
        self.c.start()
        for client in self.clients:
            client.settle()

    def hold(self):
        c = self.c
        c.drained()
        self.hold_model()
        hold_rows(c)
        hold_zone(c)
        kept = hold_heads(c, self.heads)
        size = c.get("/v1/audit/head").value["size"]
        for client in self.clients:
            deeds = [deed for deed in client.deeds if deed.key]
            for deed in deeds[-6:] + self.rng.sample(deeds, min(6, len(deeds))):
                same_answer(deed, client)
        assert c.get("/v1/audit/head").value["size"] == size, "a repetition has done something"
        self.feeder.hold()
        self.hold_model()
        return kept

    def hold_model(self):
        c, acts = self.c, acts_by_record(self.c)
        rows = {value: (id_, state, batch) for id_, value, state, batch in
                c.sql("SELECT id, value, state, batch FROM listing")}
        assert len(rows) == c.one("SELECT count(*) FROM listing"), "something is listed twice"
        states = dict(c.sql("SELECT id, state FROM appeal"))
        known = set()
        for life in (life for person in self.people for life in person.lives):
            assert rows[life.value] == (life.id, life.state, None), (vars(life), rows[life.value])
            assert acts[life.id] == life.acts, (vars(life), acts[life.id])
            if life.appeal:
                assert states.pop(life.appeal) == life.appeal_state, vars(life)
                assert acts[life.appeal] == life.appeal_acts, (vars(life), acts[life.appeal])
            known.add(life.value)
        assert not states, f"appeals nobody knows of: {states}"
        for file in self.feeder.files:
            for row in file.rows:
                id_, state, batch = rows[row["value"]]
                wanted = ("in_force", ["listing.propose", "listing.approve"])
                if batch not in self.feeder.approved:
                    wanted = ("proposed", ["listing.propose"])
                assert (state, acts[id_]) == wanted, (row, state, batch, acts[id_])
                known.add(row["value"])
        assert known == set(rows), f"listings nobody knows of: {list(set(rows) - known)[:4]}"
        counts = {id_: tuple(rest) for id_, *rest in c.sql(
            "SELECT id, accepted, duplicate, refused FROM batch WHERE state = 'done'")}
        for file in self.feeder.files:
            for batch, *said in file.batches:
                assert counts[batch] == tuple(said), (counts[batch], said)


# ---- the moments ---------------------------------------------------------------------------------

SEEN = "SELECT count(*) FROM feed_seen"
APPROVED = "SELECT count(*) FROM ledger_leaf WHERE act = 'listing.approve'"


def under_load(town):
    town.work()
    time.sleep(town.rng.uniform(0.3, 2.5))
    town.die()


def in_a_feed(town):
    """Some of its rows are in, some are not."""
    count = town.rng.choice([3500, 6000])
    before = town.c.one(SEEN)
    town.work(lambda: town.feeder.feed(count))
    assert town.c.until(SEEN, before + town.rng.randrange(1, count)), "the feed does not move"
    time.sleep(town.rng.uniform(0, 0.1))
    town.die()


def in_an_approval(town):
    town.work(lambda: town.feeder.feed(2500), town.feeder.approve)
    before = town.c.one(APPROVED)
    assert town.c.until(APPROVED, before + town.rng.randrange(1, 2000)), "nothing is approved"
    town.die()


def while_starting(town):
    """With much to deliver, and several times over."""
    in_an_approval(town)
    for _ in range(town.rng.randrange(2, 6)):
        town.c.launch()
        time.sleep(town.rng.uniform(0, 0.06))
        town.c.kill()


def twice_in_a_row(town):
    under_load(town)
    town.rise()
    town.work()
    time.sleep(town.rng.uniform(0, 0.05))
    town.die()


def while_stopping(town):
    before = town.c.one(SEEN)
    town.work(lambda: town.feeder.feed(5000))
    town.c.until(SEEN, before + 1000)
    town.c.server.send_signal(signal.SIGTERM)
    time.sleep(town.rng.choice([0, 0.01, 0.03, town.rng.uniform(0, 0.2)]))
    town.die()


def in_a_backup(town):
    """The server dies, or the backup, or both. A backup that is there is a whole one."""
    c = town.c
    secret, file = (os.path.join(c.folder, name) for name in ("passphrase", "one.bak"))
    with open(secret, "w", encoding="utf-8") as f:
        f.write("correct horse battery staple\n")
    words = [YUMEN, "backup", file, "--passphrase-file", secret, "--data", c.data]
    town.work()
    time.sleep(0.5)
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(town.rng.uniform(0, 0.25))
    is_its_end = town.rng.random() < 0.5
    if is_its_end:
        child.kill()
    town.die()
    code = child.wait(PATIENCE_S)
    if not os.path.exists(file):
        assert code != 0, "a backup that says it is there is not"
        c.run("backup", file, "--passphrase-file", secret)
    new = os.path.join(c.folder, "restored")
    subprocess.run([YUMEN, "restore", file, "--data", new, "--passphrase-file", secret,
                    "--no-erasures"], check=True, capture_output=True, timeout=PATIENCE_S)
    subprocess.run([YUMEN, "audit", "verify", "--data", new], check=True, capture_output=True,
                   timeout=PATIENCE_S)
    shutil.rmtree(new)
    os.unlink(file)


def in_an_ingest(town):
    """The child that reads a file dies, with the server and without one."""
    town.work(lambda: town.feeder.ingest(is_killed=True))
    time.sleep(town.rng.uniform(0.3, 0.6))
    town.die()
    town.rise()
    town.c.stop()
    assert town.c.server.returncode == 0
    with contextlib.suppress(Gone):
        town.feeder.ingest(is_killed=True)


def ingesting(town):
    town.work(town.feeder.ingest, town.feeder.ingest)
    time.sleep(town.rng.uniform(0.1, 1.0))
    town.die()


PLANS = [under_load, in_a_feed, in_an_approval, while_starting, twice_in_a_row, while_stopping,
         in_a_backup, in_an_ingest, ingesting]


# ---- timers --------------------------------------------------------------------------------------


def micros(text):
    when = dt.datetime.fromisoformat(text)
    return (when - dt.datetime.fromtimestamp(0, dt.timezone.utc)) // dt.timedelta(microseconds=1)


class Calendar:
    """What is due, by the test's own reckoning."""

    def __init__(self):
        self.due = {}  # (record, act): micros

    def listing(self, id_, from_, until, is_approved, approved_at):
        self.due[id_, "listing.expire"] = until
        if is_approved and from_ > approved_at:
            self.due[id_, "listing.begin"] = from_

    def ended(self, id_, at):
        self.due.pop((id_, "listing.begin"), None)
        self.due.pop((id_, "listing.expire"), None)
        self.due[id_, "listing.erase"] = at + LISTING_RETENTION // dt.timedelta(microseconds=1)

    def closed(self, ref, at):
        self.due.pop((ref, "appeal.late"))
        self.due[ref, "appeal.erase"] = at + APPEAL_RETENTION // dt.timedelta(microseconds=1)

    def fire(self, to):
        """[(due, record, act)] up to an instant, in order."""
        waiting = [(due, record, act) for (record, act), due in self.due.items() if due <= to]
        heapq.heapify(waiting)
        fired = []
        while waiting:
            due, record, act = heapq.heappop(waiting)
            if self.due.pop((record, act), None) is None:
                continue
            fired.append((due, record, act))
            if act == "listing.expire":
                self.ended(record, due)
                if self.due[record, "listing.erase"] <= to:
                    heapq.heappush(waiting, (self.due[record, "listing.erase"], record,
                                             "listing.erase"))
        return fired


class Timers:
    def __init__(self, seed, count):
        self.rng, self.count = random.Random(seed), count
        self.c = Mortal("manual")
        self.begun = self.c.now()
        self.calendar, self.heads = Calendar(), {}
        self.fired = 0  # leaves of the centre itself that were expected so far

    def minute(self, low, high):
        return self.begun + dt.timedelta(minutes=self.rng.randrange(low, high))

    def feed(self, stem, is_approved):
        """Crowds that end in the same instant, and every instant between."""
        lines, terms = [",".join(COLUMNS)], {}
        for i in range(self.count):
            until = self.begun + dt.timedelta(days=10) if i % 5 == 0 else self.minute(60, 28000)
            from_ = self.minute(30, 28000) if i % 3 == 0 else self.begun
            if from_ >= until:
                from_ = self.begun
            value = f"{stem}{i}.example.net"
            terms[value] = micros(from_.isoformat()), micros(until.isoformat())
            lines.append(f"domain,{value},block,phishing,fraud_law_24,crash,{instant(from_)},"
                         f"{instant(until)},exact,notice")
        done = self.c.feed("\n".join(lines) + "\n", "ann").value
        assert done["accepted"] == self.count, done
        if is_approved:
            done = self.c.post(f"/v1/batches/{done['batch']}/approve", user="bob").value
            assert done["approved"] == self.count, done
        now = micros(self.c.get("/v1/me").value["now"])
        ids = dict(self.c.sql("SELECT value, id FROM listing"))
        for value, (from_, until) in terms.items():
            self.calendar.listing(ids[value], from_ // 10**6 * 10**6, until // 10**6 * 10**6,
                                  is_approved, now)
        return [ids[value] for value in terms]

    def prepare(self):
        c, calendar = self.c, self.calendar
        c.step(minutes=1)
        proposed = self.feed("waits", False)
        standing = self.feed("stands", True)
        chosen = self.rng.sample(standing, 70)
        refs = {}
        for n, listing in enumerate(chosen[:40]):
            refs[listing] = c.file_appeal(listing, address=f"10.1.0.{n}")
            due = c.get(f"/v1/appeals/{refs[listing]}").value["due_at"]
            calendar.due[refs[listing], "appeal.late"] = micros(due)
            if n % 10 == 9:
                c.step(minutes=3)
                self.fired += len(calendar.fire(micros(c.get("/v1/me").value["now"])))
        for listing, ref in list(refs.items())[:8]:
            done = c.withdraw_appeal(ref).value
            calendar.closed(ref, micros(done["decided_at"]))
        for listing in chosen[50:]:
            done = c.post(f"/v1/listings/{listing}/lift", {"why": "over"}, user="lea").value
            calendar.ended(listing, micros(done["ended_at"]))
        for listing in self.rng.sample(proposed, 20):
            done = c.post(f"/v1/listings/{listing}/refuse", {"why": "no"}, user="bob").value
            calendar.ended(listing, micros(done["ended_at"]))

    FIRED = ("SELECT count(*) FROM ledger_leaf WHERE act IN ('listing.begin', 'listing.expire',"
             " 'listing.erase', 'appeal.late', 'appeal.erase')")

    def deadly_step(self, to, kills, key):
        """Sets the clock; dies within it, so often; then sets it again, with the same key."""
        headers = {"Idempotency-Key": key}
        body = {"now": to.isoformat()}
        wanted = self.calendar.fire(micros(to.isoformat()))
        before = self.c.one(self.FIRED)
        for kill in range(kills):
            def ask():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    self.c.post("/v1/clock", body, headers=headers)
            asking = threading.Thread(target=ask, daemon=True)
            asking.start()
            self.c.until(self.FIRED, before + len(wanted) * (kill + 1) // (kills + 1), seconds=10)
            time.sleep(self.rng.uniform(0, 0.02))
            self.c.kill()
            asking.join(PATIENCE_S)
            self.c.start()
        done = self.c.post("/v1/clock", body, headers=headers)
        assert (done.status, micros(done.value["now"])) == (200, micros(to.isoformat())), done
        self.hold_fired(wanted)

    def hold_fired(self, wanted):
        rows = self.c.sql(
            "SELECT at, record, act, actor FROM ledger_leaf WHERE act IN ('listing.begin',"
            " 'listing.expire', 'listing.erase', 'appeal.late', 'appeal.erase') ORDER BY idx"
            " LIMIT -1 OFFSET ?", self.fired)
        assert {row[3] for row in rows} <= {"centre"}
        found = [row[:3] for row in rows]
        if found != wanted:
            missing = collections.Counter(wanted) - collections.Counter(found)
            added = collections.Counter(found) - collections.Counter(wanted)
            first = next(i for i, pair in enumerate(itertools.zip_longest(found, wanted))
                         if pair[0] != pair[1])
            raise AssertionError(f"{len(found)} fired, {len(wanted)} were due; missing"
                                 f" {list(missing.items())[:2]}, too many"
                                 f" {list(added.items())[:2]}; the first out of order is {first}:"
                                 f" {found[first:first + 2]} for {wanted[first:first + 2]}")
        self.fired += len(found)
        # The answer means: everything due is done, and delivered.
        assert self.c.one("SELECT count(*) FROM outbox WHERE topic = 'rpz'") == 0
        hold_rows(self.c)
        same_map(zone_kept(self.c), self.zone(), "the zone")
        self.c.drained()
        head = self.c.get("/v1/audit/head").value
        self.heads[head["size"]] = head

    def zone(self):
        now = micros(self.c.get("/v1/me").value["now"])
        return {value: "notice" for value, in self.c.sql(
            "SELECT value FROM listing WHERE state = 'in_force' AND \"from\" <= ?"
            " AND until > ?", now, now)}

    def run(self):
        c = self.c
        self.prepare()
        c.kill()
        c.start()
        self.deadly_step(self.begun + dt.timedelta(days=4), 0, "first")
        self.deadly_step(self.begun + dt.timedelta(days=4, seconds=1), 0, "nothing is due")
        c.kill()
        c.start()
        self.hold_fired([])  # nothing by itself, and nothing again
        assert c.now() == self.begun + dt.timedelta(days=4, seconds=1), "time has gone back"
        self.deadly_step(self.begun + dt.timedelta(days=11), 2, "second")
        self.deadly_step(self.begun + dt.timedelta(days=30), 1, "third")
        assert c.one("SELECT count(*) FROM listing WHERE state IN ('proposed', 'in_force')") == 0
        c.kill()
        c.start()
        self.deadly_step(self.begun + dt.timedelta(days=430), 2, "fourth")  # all is erased
        with open(os.path.join(c.data, "erasures.journal"), encoding="utf-8") as file:
            journal = {line.split(" ")[0] for line in file}
        erased = {record for record, in c.sql(
            "SELECT record FROM ledger_leaf WHERE act IN ('listing.erase', 'appeal.erase')")}
        assert erased and journal == erased, (len(journal), len(erased))
        hold_heads(c, self.heads)


# ---- the whole -----------------------------------------------------------------------------------


def births(rng):
    """An init that dies is done over, or has been done."""
    with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
        for n in range(8):
            data = os.path.join(folder, str(n))
            words = [YUMEN, "init", "--drill", "--data", data]
            child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0, 0.03))
            child.kill()
            child.wait()
            if not os.path.exists(os.path.join(data, "yumen.db")):
                subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S)
            subprocess.run([YUMEN, "audit", "verify", "--data", data], check=True,
                           capture_output=True, timeout=PATIENCE_S)
            assert "yumen.db.new" not in os.listdir(data)


def leftovers(c):
    strange = [name for name in os.listdir(c.data) if name.startswith("spool")]
    assert not strange, f"rows of a feed lie beside the store: {strange}"


def by_verifier(c, kept):
    """The second verifier, which shares no code with the server, once a town."""
    export = os.path.join(c.folder, "export")
    c.run("audit", "export", export, "--purpose", "crash test")
    key = c.run("audit", "key").stdout.strip()
    done = subprocess.run([VERIFIER, "--key", key, "--head", kept, export], capture_output=True,
                          text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def towns(seed, rounds):
    rng = random.Random(seed)
    plans = rng.sample(PLANS, len(PLANS))
    plans += rng.choices(PLANS, k=max(0, rounds - len(PLANS)))
    for first in range(0, rounds, ROUNDS_A_TOWN):
        town = Town(f"{seed} {first}")
        with town.c:
            for number, plan in enumerate(plans[first:min(first + ROUNDS_A_TOWN, rounds)], first):
                began = time.monotonic()
                print(f"round {number + 1}: {plan.__name__}", end="", flush=True)
                plan(town)
                town.rise()
                leftovers(town.c)
                kept = town.hold()
                print(f", held: {town.c.one('SELECT count(*) FROM ledger_leaf')} leaves,"
                      f" {time.monotonic() - began:.1f} s", flush=True)
            by_verifier(town.c, kept)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    said = parser.parse_args()
    for program in (YUMEN, VERIFIER):
        if not os.path.exists(program):
            print(f"there is no program: {program}")
            return 77
    print(f"seed {said.seed}" + ("" if shutil.which("dig") else "; no dig: the zone as kept only"))
    began = time.monotonic()
    births(random.Random(said.seed))
    timers = Timers(said.seed, 1200)
    with timers.c:
        timers.run()
        print(f"timers: {timers.fired} fired once each, in order; {time.monotonic() - began:.1f} s",
              flush=True)
    towns(said.seed, said.rounds)
    print(f"held; {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
