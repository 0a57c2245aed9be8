#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a carrier without SIP keeps the numbers itself: all of them once, then what has changed; it
takes nothing that the centre has not signed, nor an answer to another question, nor an old one; and
who holds another key takes nothing. A list of a division is not taken for the country's. After a
crash, and after a restore of the centre, it has what is in force all the same.
Method: docs/carriers/fetch_list.sh as it stands, which checks with openssl, against the whole
program; and between the two somebody who changes one thing of an answer. Skipped when curl or
openssl is not installed.
"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading

from centre import SOURCE, Centre

SCRIPT = os.path.join(SOURCE, "docs", "carriers", "fetch_list.sh")
FIRST, SECOND = "+8613900000001", "+8613900000002"


class Between(http.server.ThreadingHTTPServer):
    """Hands on what the centre answers, after `change` has had it."""

    def __init__(self, centre):
        super().__init__(("127.0.0.1", 0), Passing)
        self.centre, self.change = centre, lambda reply: None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Passing(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        reply = self.server.centre.ask("GET", self.path, headers={
            "Authorization": self.headers["Authorization"]})
        self.server.change(reply)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(getattr(reply, "announced", len(reply.body))))
        self.end_headers()
        self.wfile.write(reply.body)


class Carrier:
    def __init__(self, centre, name, key, user="carrier"):
        self.folder, self.key = os.path.join(centre.folder, name), key
        os.mkdir(self.folder)
        with open(self.path("token"), "w", encoding="ascii") as f:
            f.write(centre.tokens[user])

    def path(self, name):
        return os.path.join(self.folder, name)

    def fetch(self, url, division="", proto="=http"):
        done = subprocess.run([SCRIPT, url, self.key, self.folder, "number", division],
                              capture_output=True, text=True, timeout=60,
                              env={**os.environ, "FETCH_LIST_PROTO": proto})
        return done.returncode == 0, done.stderr

    def etag(self):
        with open(self.path("etag"), encoding="ascii") as f:
            return f.read().strip()

    def listed(self):
        """What the files say, one after the other."""
        names = [name for name in os.listdir(self.folder) if name.endswith(".ndjson")]
        deltas = sorted((name for name in names if name.startswith("delta-")),
                        key=lambda name: int(name[6:-7]))
        held = {}
        for name in (["full.ndjson"] if "full.ndjson" in names else []) + deltas:
            with open(self.path(name), encoding="utf-8") as f:
                for line in map(json.loads, f):
                    held[line["listing"]] = line
        return {line["value"] for line in held.values() if line["state"] == "in_force"}


def a_carrier_follows(centre, carrier):
    url = f"http://127.0.0.1:{centre.port}"
    listing = centre.list_now("ann", "bob", kind="number", value=FIRST, basis="telecom_rules")
    centre.list_now("ann", "bob", value="evil.example.com")
    assert carrier.fetch(url) == (True, "")
    assert carrier.listed() == {FIRST}
    centre.list_now("ann", "bob", kind="number", value=SECOND, basis="telecom_rules")
    assert carrier.fetch(url) == (True, "")
    assert carrier.listed() == {FIRST, SECOND}
    assert centre.post(f"/v1/listings/{listing}/lift", {"why": "wrong"}, user="bob").status == 200
    assert carrier.fetch(url) == (True, "")
    assert carrier.listed() == {SECOND}
    assert carrier.fetch(url) == (True, ""), "nothing has changed"
    assert carrier.listed() == {SECOND}


def replaced(name, what):
    def change(reply):
        value = reply.headers[name]
        del reply.headers[name]
        reply.headers[name] = what(value)
    return change


def body_without_a_line(reply):
    reply.body = reply.body[reply.body.index(b"\n") + 1:]


def announced_too_large(reply):
    reply.announced = (512 << 20) + 1


def as_another(centre, path, user="carrier"):
    """What the centre itself says to another question, signed and all."""
    other = centre.get(path, user=user)
    assert other.status == 200 and other.headers["Signature"], other

    def change(reply):
        reply.body = other.body
        for name in list(reply.headers.keys()):
            del reply.headers[name]
        for name, value in other.headers.items():
            reply.headers[name] = value
    return change


def nobody_in_between_changes_anything(centre, carrier):
    between = Between(centre)
    before = carrier.listed()
    centre.list_now("ann", "bob", kind="number", value="+8613900000003", basis="telecom_rules")
    old = as_another(centre, "/v1/listings/export?kind=number&since=1")
    since_now = "/v1/listings/export?kind=number&since=" + carrier.etag()
    for change, complaint in (
            (body_without_a_line, "not what its digest says"),
            (replaced("ETag", lambda _: '"99999999"'), "not signed with this key"),
            (replaced("Content-Location", lambda x: x + "0"), "not signed with this key"),
            (replaced("Signature-Input", lambda x: x.replace(' "etag"', "")), "does not cover"),
            (replaced("Signature-Input", lambda x: x.replace(";created=1", ";created=2")),
             "not signed with this key"),
            (replaced("Signature", lambda x: x[:7] + ("B" if x[7] == "A" else "A") + x[8:]),
             "not signed with this key"),
            (as_another(centre, "/v1/listings/export?kind=number"), "another question"),
            (as_another(centre, "/v1/listings/export?kind=domain"), "another question"),
            (as_another(centre, since_now, user="small"), "another question"),
            (announced_too_large, "exceeded"),
            (old, "another question")):
        between.change = change
        is_taken, said = carrier.fetch(between.url)
        assert not is_taken and complaint in said, (complaint, said)
        assert carrier.listed() == before, complaint
    between.change = lambda reply: None
    assert carrier.fetch(between.url) == (True, "")
    assert carrier.listed() == before | {"+8613900000003"}
    between.shutdown()


def a_division_is_no_country(centre, key):
    url = f"http://127.0.0.1:{centre.port}"
    small = Carrier(centre, "small", key, user="small")
    assert small.fetch(url, "6201") == (True, "")
    assert small.listed() == set()
    is_taken, said = small.fetch(url)
    assert not is_taken and "another question" in said, said


def only_https_and_after_a_crash(centre, carrier):
    url = f"http://127.0.0.1:{centre.port}"
    is_taken, said = carrier.fetch(url, proto="")
    assert not is_taken and "rotocol" in said, said
    before = carrier.listed()
    for left in ("etag", "etag.new"):
        with open(carrier.path(left), "w", encoding="ascii"):
            pass
    assert carrier.fetch(url) == (True, ""), "an empty etag: everything anew"
    assert carrier.listed() == before
    assert carrier.etag() and not os.path.exists(carrier.path("etag.new"))


def a_restored_centre_is_followed(centre, carrier):
    """The centre has forgotten what the carrier knows, and goes on from before."""
    centre.stop()
    copy = os.path.join(centre.folder, "copy")
    shutil.copytree(centre.data, copy)
    centre.start()
    before = carrier.listed()
    for last in "567":
        centre.list_now("ann", "bob", kind="number", value="+861390000000" + last,
                        basis="telecom_rules")
    url = f"http://127.0.0.1:{centre.port}"
    assert carrier.fetch(url) == (True, "")
    assert len(carrier.listed()) == len(before) + 3
    centre.stop()
    shutil.rmtree(centre.data)
    os.rename(copy, centre.data)
    centre.start()
    centre.list_now("ann", "bob", kind="number", value="+8613900000008", basis="telecom_rules")
    ahead = centre.get("/v1/listings/export?since=" + carrier.etag(), user="carrier")
    assert (ahead.status, ahead.code) == (409, "export.since_ahead"), ahead
    url = f"http://127.0.0.1:{centre.port}"
    assert carrier.fetch(url) == (True, "")
    assert carrier.listed() == before | {"+8613900000008"}


def a_rotated_key_is_seen(centre, carrier):
    reply = centre.post("/v1/keys/ledger/rotate", {"why": "term"}, user="root")
    assert reply.status in (200, 201), reply
    url = f"http://127.0.0.1:{centre.port}"
    is_taken, said = carrier.fetch(url)
    assert not is_taken and "not signed with this key" in said, said
    centre.list_now("ann", "bob", kind="number", value="+8613900000004", basis="telecom_rules")
    carrier.key = centre.get("/v1/audit/head").value["public_key"]
    assert carrier.fetch(url) == (True, "")
    assert "+8613900000004" in carrier.listed()


def an_old_answer_is_seen(centre, carrier):
    centre.step(hours=1)  # it signs with its own time
    is_taken, said = carrier.fetch(f"http://127.0.0.1:{centre.port}")
    assert not is_taken and "not signed now" in said, said


def main():
    absent = [name for name in ("curl", "openssl") if shutil.which(name) is None]
    if absent:
        print("skipped:", *absent, "not installed", file=sys.stderr)
        sys.exit(77)
    with Centre() as centre:
        centre.add_user("ann", "analyst")
        centre.add_user("bob", "approver")
        centre.add_user("carrier", "provider")
        centre.add_user("root", "admin")
        centre.add_user("small", "provider", division="620100")
        key = centre.get("/v1/audit/head").value["public_key"]
        carrier = Carrier(centre, "carrier", key)
        a_carrier_follows(centre, carrier)
        nobody_in_between_changes_anything(centre, carrier)
        a_division_is_no_country(centre, key)
        only_https_and_after_a_crash(centre, carrier)
        stranger = Carrier(centre, "stranger", "0" * 63 + "1")
        assert not stranger.fetch(f"http://127.0.0.1:{centre.port}")[0]
        assert stranger.listed() == set()
        a_restored_centre_is_followed(centre, carrier)
        a_rotated_key_is_seen(centre, carrier)
        an_old_answer_is_seen(centre, carrier)


main()
