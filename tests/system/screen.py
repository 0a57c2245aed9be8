#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what a running centre answers from its tables is what the store says, listing by listing:
after a start without a file, with one, with a damaged one, with one that is behind, and at once
after each approval and lift.
Method: listings that resemble each other; questions about them and their neighbours, put to the
server, and then to the program alone, which has no tables and asks the store.
"""
import datetime as dt
import json
import os
import random
import re
import signal
import time

from centre import PATIENCE_S, Centre

TABLES = "screen.tables"
LABELS = ["a", "b", "shop", "pay", "x1"]


def draw_name(draw):
    labels = [draw.choice(LABELS) for _ in range(draw.randint(1, 6))]
    return ".".join(labels) + draw.choice([".example", ".example.org", ".com"])


def draw_listing(draw):
    kind = draw.choice(["domain"] * 4 + ["number", "account", "url"])
    said = {"kind": kind, "action": draw.choice(["block", "block", "warn", "allow"])}
    said["basis"] = "telecom_rules" if kind == "number" else "fraud_law_24"
    if kind == "domain":
        said["value"] = draw_name(draw)
        said["match"] = draw.choice(["exact", "suffix"])
    elif kind == "number":
        said["value"] = f"+86139{draw.randint(0, 40):08d}"
    elif kind == "account":
        said["value"] = f"ICBC:6222{draw.randint(0, 40):010d}"
    else:
        said["value"] = "https://" + draw_name(draw) + draw.choice(["/", "/a"])
    return said


def neighbours(said):
    kind, value = said["kind"], said["value"]
    yield kind, value
    if kind == "domain":
        yield kind, "a." + value
        yield kind, "www.b." + value
        yield kind, "x" + value
        yield "url", f"https://{value}/a"
        if value.count(".") > 1:
            yield kind, value.partition(".")[2]
    elif kind == "number":
        yield kind, value[:-1] + str((int(value[-1]) + 1) % 10)


def metric(centre, name):
    text = centre.ask("GET", "/metrics", local=True).text
    return int(re.search(rf"^{name} (-?\d+)$", text, re.M)[1])


def await_tables(centre):
    end = time.monotonic() + PATIENCE_S
    while metric(centre, "yumen_screen_ready") == 0 or \
            metric(centre, "yumen_screen_behind_leaves") > 0:
        assert time.monotonic() < end, "the tables do not come"
        time.sleep(0.02)


def short(verdict):
    return (verdict.get("verdict", verdict.get("code")), verdict.get("listing"))


def ask_tables(centre, questions):
    """Every question through the batch; all of them must have been answered from the tables."""
    await_tables(centre)
    before = metric(centre, "yumen_screen_asked_store_total")
    found = {}
    for at in range(0, len(questions), 500):
        some = questions[at:at + 500]
        items = [{"kind": kind, "value": value} for kind, value in some]
        reply = centre.post("/v1/screen", {"items": items}, user="ann")
        assert reply.status == 200, reply
        found.update(zip(some, map(short, reply.value["verdicts"])))
    assert metric(centre, "yumen_screen_asked_store_total") == before
    return found


def ask_store(centre, questions):
    """The program alone."""
    found = {}
    for kind in {kind for kind, _ in questions}:
        values = [value for k, value in questions if k == kind]
        for at in range(0, len(values), 100):
            some = values[at:at + 100]
            done = centre.run("check", "--kind", kind, "--json", *some, may_fail=True)
            answers = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
            assert len(answers) == len(some), done
            found.update(zip([(kind, value) for value in some], map(short, answers)))
    return found


def same(a, b, questions):
    for question in questions:
        assert a[question] == b[question], f"{question}: {a[question]} and {b[question]}"


def make_world(centre, draw, count):
    questions, listings = [], []
    for _ in range(count):
        said = draw_listing(draw)
        reply = centre.post("/v1/listings", centre.proposal(**said), user="ann")
        if reply.status != 201:
            continue
        listing = reply.value["listing"]
        centre.approve("bob", listing)
        listings.append(listing)
        questions += neighbours(said)
    return list(dict.fromkeys(questions)), listings


def at_once(centre):
    """A verdict never trails the approval or the lift that was answered."""
    for i in range(30):
        value = f"at-once-{i}.example"
        listing = centre.list_now("ann", "bob", value=value)
        assert centre.verdict(value)["verdict"] == "block"
        reply = centre.post(f"/v1/listings/{listing}/lift", {"why": "test"}, user="bob")
        assert reply.status == 200, reply
        assert centre.verdict(value)["verdict"] == "pass"


def short_listing(centre, seconds):
    """Its end, and the listing; none where the machine was too slow to approve it before that."""
    until = dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=seconds)
    said = centre.proposal(value="short.example", until=until.isoformat(timespec="milliseconds"))
    reply = centre.post("/v1/listings", said, user="ann")
    if reply.status == 201:
        listing = reply.value["listing"]
        if centre.post(f"/v1/listings/{listing}/approve", user="bob").status == 200:
            return until, listing
    assert dt.datetime.now(dt.timezone.utc) > until, reply
    return until, None


def ends_by_itself(centre):
    listing, seconds = None, 3
    while listing is None:
        until, listing = short_listing(centre, seconds)
        seconds *= 2
    while dt.datetime.now(dt.timezone.utc) < until - dt.timedelta(milliseconds=100):
        verdict = centre.verdict("short.example")["verdict"]
        now = dt.datetime.now(dt.timezone.utc)
        assert verdict == "block" or now >= until, (now, until)
        time.sleep(0.05)
    time.sleep(0.15)
    assert centre.verdict("short.example")["verdict"] == "pass"
    end = time.monotonic() + PATIENCE_S  # the store does it later: that is news to the tables
    while centre.listing(listing, "ann")["state"] != "expired":
        assert time.monotonic() < end, "it stays in force"
        time.sleep(0.02)


def main():
    draw = random.Random(7)
    with Centre("drill", clock="real") as centre:
        path = os.path.join(centre.data, TABLES)
        centre.add_user("ann", "analyst")
        centre.add_user("bob", "approver commander".split())
        questions, listings = make_world(centre, draw, 150)
        at_once(centre)
        ends_by_itself(centre)
        for listing in listings[::5]:
            assert centre.post(f"/v1/listings/{listing}/lift", {"why": "test"},
                               user="bob").status == 200
        tables = ask_tables(centre, questions)
        assert {v for v, _ in tables.values()} == {"pass", "warn", "block"}
        centre.stop()
        same(tables, ask_store(centre, questions), questions)

        centre.start()  # with the file
        same(tables, ask_tables(centre, questions), questions)
        assert metric(centre, "yumen_screen_builds_total") == 0
        more, _ = make_world(centre, draw, 30)
        tables = ask_tables(centre, questions + more)
        centre.server.send_signal(signal.SIGKILL)  # the file is behind now
        centre.server.wait()
        same(tables, ask_store(centre, questions + more), questions + more)

        centre.start()
        same(tables, ask_tables(centre, questions + more), questions + more)
        assert metric(centre, "yumen_screen_builds_total") == 0
        centre.stop()
        damages = [lambda b: b[:len(b) // 2], lambda b: b"", lambda b: b[:-4096] + bytes(4096),
                   lambda b: b[:100] + bytes([b[100] ^ 1]) + b[101:]]
        for damage in damages:
            with open(path, "rb") as file:
                whole = file.read()
            with open(path, "wb") as file:
                file.write(damage(whole))
            centre.start()
            same(tables, ask_tables(centre, questions + more), questions + more)
            assert metric(centre, "yumen_screen_builds_total") == 1
            centre.stop()
        os.unlink(path)
        centre.start()
        same(tables, ask_tables(centre, questions + more), questions + more)
    print(f"{len(questions + more)} questions, the same each time")


if __name__ == "__main__":
    main()
