# SPDX-License-Identifier: Apache-2.0
"""
centre - a store and its server for the system tests in Python, spoken to through its public doors.

    with Centre("drill") as centre:
        centre.add_user("ann", "analyst", division="6201")
        reply = centre.get("/v1/listings", user="ann")      # reply.status, .headers, .value, .text

Every answer is held against docs/openapi.json as it comes (openapi.py): what is not documented, or
not as documented, fails the test that asked. Nothing outside a temporary folder and loopback.
"""
import datetime as dt
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from openapi import Document

SOURCE = os.environ.get("SOURCE") or os.path.realpath(os.path.join(os.path.dirname(__file__),
                                                                   "../.."))
YUMEN = os.environ.get("YUMEN", os.path.join(SOURCE, "build-gcc/src/app/yumen"))
VERIFIER = os.environ.get("VERIFIER", os.path.join(SOURCE, "build-gcc/tools/verifier/yumen-verify"))
ZONE = dt.timezone(dt.timedelta(hours=8))  # the zone of profile cn
PATIENCE_S = 120  # a test that holds never waits so long: how soon is no claim of any

DOCUMENT = Document(os.path.join(SOURCE, "docs/openapi.json"))


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def value(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The problem's code, "" for no problem."""
        is_problem = self.headers.get("Content-Type") == "application/problem+json"
        return self.value.get("code", "") if is_problem else ""

    def __repr__(self):
        return f"<{self.status} {dict(self.headers)} {self.body[:600]!r}>"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("yumen", timeout=PATIENCE_S)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def instant(when):
    return when.isoformat(timespec="seconds")


class Centre:
    def __init__(self, kind="drill", clock="manual", begins=True):
        self.folder = tempfile.mkdtemp(prefix="yumen-test-")
        self.data = os.path.join(self.folder, "data")
        self.kind, self.clock = kind, clock
        self.tokens, self.server, self.port, self.public_url = {}, None, 0, ""
        self.keys = {}  # of appeals, by their reference
        words = [] if kind == "real" else ["--" + kind]
        self.run("init", *words, "--profile", "cn")
        if begins:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- the program -------------------------------------------------------------------------

    def run(self, *words, may_fail=False):
        done = subprocess.run([YUMEN, *words, "--data", self.data], capture_output=True, text=True,
                              timeout=PATIENCE_S)
        if done.returncode != 0 and not may_fail:
            raise AssertionError(f"yumen {' '.join(words)}: {done.returncode} {done.stderr}")
        return done

    def start(self):
        self.launch()
        self.await_doors()

    def launch(self):
        """Starts the server and waits for nothing."""
        words = [YUMEN, "serve", "--data", self.data, "--listen", "127.0.0.1:0"]
        if self.clock == "manual":
            words += ["--clock", "manual"]
        self.log_path = os.path.join(self.folder, "log")
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.server = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def await_doors(self):
        end = time.monotonic() + PATIENCE_S
        while True:
            found = re.search(r"serving .* on (http://127\.0\.0\.1:(\d+))", self.log())
            if found:
                self.public_url, self.port = found[1], int(found[2])
                return
            if self.server.poll() is not None or time.monotonic() > end:
                raise AssertionError("yumen serve does not start: " + self.log())
            time.sleep(0.01)

    def log(self):
        with open(self.log_path, encoding="utf-8") as log:
            return log.read()

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(PATIENCE_S)
        return self.server.returncode if self.server else 0

    def close(self):
        try:
            code = self.stop()
        finally:
            if self.server and self.server.poll() is None:
                self.server.kill()
                self.server.wait()
            shutil.rmtree(self.folder, ignore_errors=True)
        if code != 0:
            raise AssertionError(f"yumen serve ended with {code}")

    # ---- asking ------------------------------------------------------------------------------

    def headers_for(self, user, headers):
        made = {"Accept-Language": "en"}
        if user is not None:
            made["Authorization"] = "Bearer " + self.tokens[user]
        made.update(headers or {})
        return made

    def ask(self, method, path, body=None, *, user=None, headers=None, local=False):
        """One request. A str or bytes body goes as it is, anything else as JSON."""
        headers = self.headers_for(user, headers)
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        link = (UnixConnection(os.path.join(self.data, "yumen.sock")) if local else
                http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S))
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        finally:
            link.close()
        is_ours = headers.get("Host", "127.0.0.1").split(":")[0] in ("127.0.0.1", "localhost")
        DOCUMENT.hold(method, path, body, headers, reply, is_ours)
        return reply

    def get(self, path, **how):
        query = how.pop("query", None)
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self.ask("GET", path, **how)

    def post(self, path, body=None, **how):
        return self.ask("POST", path, {} if body is None else body, **how)

    # ---- what tests do all the time ----------------------------------------------------------

    def add_user(self, name, roles, division="", password=""):
        body = {"name": name, "roles": roles, "token": True}
        if division:
            body["division"] = division
        if password:
            body["password"] = password
        reply = self.post("/v1/users", body, local=True)
        assert reply.status == 201, reply
        self.tokens[name] = reply.value["token"]
        return reply.value

    def now(self):
        return dt.datetime.fromisoformat(self.get("/v1/me").value["now"])

    def set_clock(self, when):
        return self.post("/v1/clock", {"now": when.isoformat()})

    def step(self, **by):
        reply = self.set_clock(self.now() + dt.timedelta(**by))
        assert reply.status == 200, reply

    def proposal(self, **said):
        body = {"kind": "domain", "action": "block", "reason": "phishing", "basis": "fraud_law_24",
                "source": "test", "evidence": "two reports"}
        body["until"] = instant(self.now() + dt.timedelta(days=30))
        body.update(said)
        return {key: value for key, value in body.items() if value is not None}

    def propose(self, user, **said):
        reply = self.post("/v1/listings", self.proposal(**said), user=user)
        assert reply.status == 201, reply
        return reply.value["listing"]

    def approve(self, user, listing):
        reply = self.post(f"/v1/listings/{listing}/approve", user=user)
        assert reply.status == 200, reply
        return reply.value

    def list_now(self, proposer, approver, **said):
        listing = self.propose(proposer, **said)
        self.approve(approver, listing)
        return listing

    def listing(self, listing, user):
        reply = self.get(f"/v1/listings/{listing}", user=user)
        assert reply.status == 200, reply
        return reply.value

    def verdict(self, value, kind=None):
        reply = self.get("/v1/check", query={"kind": kind,
                                             "value": value} if kind else {"q": value})
        assert reply.status == 200, reply
        return reply.value

    def feed(self, rows, user, content="text/csv", **how):
        body = gzip.compress(rows.encode()) if how.pop("packed", False) else rows.encode()
        headers = {"Content-Type": content, **how.pop("headers", {})}
        return self.ask("POST", "/v1/feeds/" + how.pop("feed", "listings"), body, user=user,
                        headers=headers)

    def file_appeal(self, listing, statement="This is my shop.", address="192.0.2.1", **said):
        """Each address has its own ten appeals."""
        body = {"listing": listing, "statement": statement, **said}
        reply = self.post("/v1/appeals", body, headers={"X-Forwarded-For": address})
        assert reply.status == 201, reply
        self.keys[reply.value["appeal"]] = reply.value["secret"]
        return reply.value["appeal"]

    def withdraw_appeal(self, ref, address="192.0.2.1", user=None):
        return self.post(f"/v1/appeals/{ref}/withdraw", {"secret": self.keys[ref]}, user=user,
                         headers={"X-Forwarded-For": address})


class Stream:
    """GET /v1/stream, event by event."""

    def __init__(self, centre, user, last=None, after=None):
        headers = centre.headers_for(user, {"Last-Event-ID": str(last)} if last else {})
        self.link = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=PATIENCE_S)
        place = "" if after is None else f"?after={after}"
        self.link.request("GET", "/v1/stream" + place, headers=headers)
        self.answer = self.link.getresponse()
        self.status = self.answer.status
        DOCUMENT.seen.add(("GET", "/v1/stream", self.status))
        self.last = last

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.answer.close()
        self.link.close()

    def next(self):
        """(name, id, data) of the next event; None at the end of the stream."""
        event = {}
        while True:
            line = self.answer.readline().decode()
            if line == "":
                return None
            if line.strip() == "":
                if "id" in event:
                    self.last = int(event["id"])
                if "data" in event:
                    data = json.loads(event["data"])
                    DOCUMENT.hold_event(event["event"], data)
                    return event["event"], int(event["id"]), data
                event = {}
                continue
            name, _, value = line.rstrip("\n").partition(":")
            event[name] = value.lstrip()
