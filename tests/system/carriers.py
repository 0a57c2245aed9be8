#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a real Kamailio set up as docs/carriers/kamailio.cfg says has its calls screened: what is
blocked ends with 608 and where to turn, what is announced reaches the telephone under other words,
the rest as it was; nothing else in a request lets a blocked number through, but to whom everybody
can call; a call that stands goes on; and when Yumen is away, every call goes through.
Method: the configuration as it is in docs, with other addresses and more patience; a telephone that
calls and one that is called, made here. Skipped when Kamailio is not installed.
"""
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from centre import SOURCE, Centre
from ports import free_port

PATIENCE_S = 60
BLOCKED, WARNED, FREE = "+8613900000001", "+8613900000002", "+8613912345678"
KAMAILIO = shutil.which("kamailio", path=os.environ["PATH"] + ":/usr/sbin")


def header(message, name):
    return re.search(rf"(?m)^{name}: (.*?)\r$", message)[1]


class Called:
    """The telephone at the end: answers each INVITE, and remembers it by its Call-ID."""

    def __init__(self):
        self.port = free_port()
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.calls = {}
        self.within = {}
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            packet, peer = self.udp.recvfrom(65535)
            request = packet.decode()
            method, call = request.split(" ")[0], header(request, "Call-ID")
            if header(request, "To").endswith(";tag=9"):
                self.within.setdefault(call, []).append(method)
            elif method == "INVITE":
                self.calls[call] = request
            if method not in ("INVITE", "BYE"):
                continue
            kept = [line for line in request.split("\r\n")
                    if re.match(r"(Via|From|To|Call-ID|CSeq|Record-Route):", line)]
            kept = [line + ";tag=9" if re.match("To: [^;]*$", line) else line for line in kept]
            kept.append(f"Contact: <sip:b@127.0.0.1:{self.port}>")
            self.udp.sendto("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""])
                            .encode(), peer)


class Caller:
    """The telephone at the beginning."""

    def __init__(self, port):
        self.at = ("127.0.0.1", port)
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.udp.settimeout(1)
        self.port = self.udp.getsockname()[1]
        self.calls = 0

    def call(self, number, lines="", tag="", to="8008208820"):
        """Call-ID and final answer. Asks again, as one does over UDP, until it comes."""
        self.calls += 1
        call_id = f"{self.calls}@{self.port}"
        packet = (f"INVITE sip:{to}@127.0.0.1 SIP/2.0\r\n"
                  f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{self.calls}\r\n"
                  f"Max-Forwards: 70\r\nFrom: \"A\" <sip:{number}@carrier.example>;tag=1\r\n"
                  f"To: <sip:{to}@carrier.example>{tag}\r\nCall-ID: {call_id}\r\n"
                  f"CSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:{self.port}>\r\n"
                  f"{lines}Content-Length: 0\r\n\r\n").encode()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.udp.sendto(packet, self.at)
            with contextlib.suppress(socket.timeout):
                while True:
                    answer = self.udp.recv(65535).decode()
                    is_ours = header(answer, "Call-ID") == call_id
                    if is_ours and not answer.startswith("SIP/2.0 1"):
                        return call_id, answer
        raise AssertionError(f"no answer to the call of {number}")

    def within(self, answer, method):
        """The answer to a request of a call that stands; nothing to an ACK."""
        self.calls += 1
        branch, seq = self.calls, 1 if method == "ACK" else self.calls + 1
        kept = "".join(f"{name}: {header(answer, name)}\r\n" for name in ("From", "To", "Call-ID"))
        target = header(answer, "Contact").strip("<>")
        packet = (f"{method} {target} SIP/2.0\r\nMax-Forwards: 70\r\n"
                  f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{branch}\r\n"
                  f"Route: {header(answer, 'Record-Route')}\r\n{kept}CSeq: {seq} {method}\r\n"
                  f"Contact: <sip:a@127.0.0.1:{self.port}>\r\nContent-Length: 0\r\n\r\n").encode()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.udp.sendto(packet, self.at)
            if method == "ACK":
                return ""
            with contextlib.suppress(socket.timeout):
                while True:
                    reply = self.udp.recv(65535).decode()
                    is_ours = header(reply, "CSeq") == f"{seq} {method}"
                    if is_ours and not reply.startswith("SIP/2.0 1"):
                        return reply
        raise AssertionError(f"no answer to {method}")


@contextlib.contextmanager
def kamailio(folder, screen, onward, patience_ms):
    port = free_port()
    with open(os.path.join(SOURCE, "docs/carriers/kamailio.cfg"), encoding="utf-8") as f:
        text = f.read()
    for was, is_now in (("udp:192.0.2.10:5060", f"udp:127.0.0.1:{port}"),
                        ("sip:192.0.2.1:5060", f"sip:127.0.0.1:{screen}"),
                        ("sip:192.0.2.20:5060", f"sip:127.0.0.1:{onward}"),
                        ('"fr_timer", 500', f'"fr_timer", {patience_ms}')):
        assert text.count(was) == 1, was
        text = text.replace(was, is_now)
    path = os.path.join(folder, f"kamailio-{port}.cfg")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    with open(os.path.join(folder, f"kamailio-{port}.log"), "w+", encoding="utf-8") as log:
        server = subprocess.Popen([KAMAILIO, "-DD", "-E", "-m", "32", "-M", "8", "-Y", folder,
                                   "-f", path], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                  start_new_session=True)
        try:
            yield port
        except AssertionError:
            log.seek(0)
            print(log.read()[-4000:], file=sys.stderr)
            raise
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE_S)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(server.pid, 9)


def until_judged(centre):
    end = time.monotonic() + PATIENCE_S
    wanted = {"yumen_screen_ready 1", "yumen_screen_behind_leaves 0"}
    while not wanted <= {*centre.ask("GET", "/metrics", local=True).text.splitlines()}:
        assert time.monotonic() < end, "the tables stay behind"
        time.sleep(0.02)


def calls_are_screened(caller, called):
    call, answer = caller.call(FREE)
    assert answer.startswith("SIP/2.0 200 "), answer
    assert header(called.calls[call], "From").startswith(f'"A" <sip:{FREE}@'), called.calls[call]
    call, answer = caller.call(BLOCKED)
    assert answer.startswith("SIP/2.0 608 Rejected"), answer
    assert header(answer, "Call-Info") == "<https://centre.example/redress>;purpose=jwscard"
    assert call not in called.calls, "a blocked call rang"
    call, answer = caller.call(WARNED)
    assert answer.startswith("SIP/2.0 200 "), answer
    shown = header(called.calls[call], "From")
    assert shown.startswith(f'"涉诈风险 Suspected scam" <sip:{WARNED}@'), shown


def nothing_lets_a_listed_number_through(caller, called, own_port):
    """Neither what makes Yumen refuse a request, nor what makes Kamailio not ask."""
    route = f"Route: <sip:127.0.0.1:{own_port};lr>\r\n"
    away = route + f"Route: <sip:127.0.0.1:{called.port};lr>\r\n"
    five = "".join(f"Diversion: <sip:{i}@x>\r\n" for i in range(5))
    for lines, tag in (("Proxy-Require: x\r\n", ""), ("Require: x\r\n", ""), (five, ""),
                       (f"P-Asserted-Identity: <sip:{FREE}@x>\r\n", ""),
                       (f"P-Preferred-Identity: <sip:{FREE}@x>\r\n", ""),
                       (route, ";tag=z"), (away, ";tag=z"), (away, ""), ("", ";tag=z")):
        call, answer = caller.call(BLOCKED, lines, tag)
        assert answer.startswith("SIP/2.0 608 "), (lines, tag, answer)
        assert call not in called.calls, f"a blocked call rang: {lines}{tag}"
    call, answer = caller.call(FREE, "Require: x\r\n")
    assert answer.startswith("SIP/2.0 420 "), answer
    assert call not in called.calls, "a call that was refused rang"
    call, answer = caller.call(FREE, f"P-Asserted-Identity: <sip:{BLOCKED}@x>\r\n")
    assert answer.startswith("SIP/2.0 200 "), answer
    assert "P-Asserted-Identity" not in called.calls[call], "who asserts is not a telephone"


def who_is_listed_may_call_for_help(caller, called):
    for number in ("110", "96110"):
        call, answer = caller.call(BLOCKED, "Require: x\r\n", to=number)
        assert answer.startswith("SIP/2.0 200 "), answer
        assert called.calls[call].startswith(f"INVITE sip:{number}@"), called.calls[call]


def a_call_that_stands_goes_on(caller, called):
    """ACK, a second INVITE and BYE of a call reach who was called, by its dialog."""
    call, answer = caller.call(FREE)
    for method in ("ACK", "INVITE", "BYE"):
        reply = caller.within(answer, method)
        assert method == "ACK" or reply.startswith("SIP/2.0 200 "), reply
    end = time.monotonic() + PATIENCE_S
    while not {"ACK", "INVITE", "BYE"} <= {*called.within[call]}:
        assert time.monotonic() < end, called.within
        time.sleep(0.02)


def main():
    if KAMAILIO is None:
        print("skipped: kamailio is not installed", file=sys.stderr)
        sys.exit(77)
    centre, port = Centre("drill", begins=False), free_port()
    with open(os.path.join(centre.data, "yumen.yaml"), "w", encoding="utf-8") as f:
        f.write(f"sip:\n  listen: 127.0.0.1:{port}\n"
                "  redress_url: https://centre.example/redress\n"
                "  trunks: [{name: kamailio, from: [127.0.0.1]}]\n")
    called = Called()
    with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
        with centre:
            centre.start()
            centre.add_user("ann", "analyst,feeder")
            centre.add_user("bob", "approver")
            for number, action in ((BLOCKED, "block"), (WARNED, "warn")):
                centre.list_now("ann", "bob", kind="number", value=number, action=action,
                                basis="telecom_rules")
            until_judged(centre)
            with kamailio(folder, port, called.port, 20000) as at:
                calls_are_screened(Caller(at), called)
                nothing_lets_a_listed_number_through(Caller(at), called, at)
                who_is_listed_may_call_for_help(Caller(at), called)
                a_call_that_stands_goes_on(Caller(at), called)
        with kamailio(folder, port, called.port, 500) as at:
            _, answer = Caller(at).call(BLOCKED)
            assert answer.startswith("SIP/2.0 200 "), answer


main()
