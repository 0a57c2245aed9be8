#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a carrier's switch that sends an INVITE hears what the centre has decided, when it has decided
it: 608 on a block, 302 with a warning on a warn, 302 otherwise, and again 302 after the lift; who
is of no trunk hears nothing. What a number says of itself is answered as docs/carriers has it.
Where a 608 sends a rejected caller, there is a signed card of where to turn, which a backup keeps
signing. What networks have signed of calls is checked with certificates that were laid into a
folder, and counted; no answer waits for that.
Method: the whole program; requests made here; the openssl program checks the card, and SIPp is
somebody else's user agent. Skipped at the end when one of these is not installed.
"""
import base64
import json
import os
import re
import stat
import shutil
import socket
import subprocess
import sys
import time

from centre import YUMEN, Centre
from ports import free_port

PATIENCE_S = 60
BLOCKED, WARNED, FREE = "+8613900000001", "+8613900000002", "+8613912345678"
OUTSIDE = "https://centre.example"
REDRESS = f"{OUTSIDE}/v1/redress/card"


class Switch:
    """A carrier's, at an address of this machine."""

    def __init__(self, port, source="127.0.0.1"):
        self.at = ("127.0.0.1", port)
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind((source, 0))
        self.udp.settimeout(PATIENCE_S)
        self.source, self.own_port = self.udp.getsockname()
        self.calls = 0

    def close(self):
        self.udp.close()

    def request(self, caller, method="INVITE", lines="", rport=";rport",
                uri="sip:8008208820@127.0.0.1:5099"):
        self.calls += 1
        number = self.calls
        return (f"{method} {uri} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {self.source}:{self.own_port};branch=z9hG4bK{number}{rport}\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:{caller}@carrier.example>;tag={number}\r\n"
                f"To: <sip:8008208820@carrier.example>\r\nCall-ID: {number}@{self.own_port}\r\n"
                f"CSeq: 1 {method}\r\n{lines}Content-Length: 0\r\n\r\n").encode()

    def send(self, packet):
        self.udp.sendto(packet, self.at)

    def hear(self):
        reply = self.udp.recv(65535).decode()
        assert reply.startswith("SIP/2.0 ") and reply.endswith("\r\n\r\n"), reply
        return reply

    def ask(self, caller, **how):
        self.send(self.request(caller, **how))
        return self.hear()

    def status(self, caller, **how):
        return int(self.ask(caller, **how)[8:11])


def open_centre():
    centre = Centre("drill", begins=False)
    port = free_port()
    os.mkdir(os.path.join(centre.data, "signers"))
    with open(os.path.join(centre.data, "yumen.yaml"), "w", encoding="utf-8") as f:
        f.write(f"sip:\n  listen: 127.0.0.1:{port}\n  redress_url: {REDRESS}\n"
                "  redress_email: help@centre.example\n  redress_tel: +86-10-12345678\n"
                "  certificates: signers\n  forged: warn\n  trunks:\n"
                "  - {name: home, from: [127.0.0.1]}\n"
                "  - {name: abroad, from: [127.0.0.2], kind: international, reject: 603}\n")
    centre.start()
    centre.add_user("ann", "analyst,feeder")
    centre.add_user("bob", "approver")
    return centre, port


def until(what, wanted, patience_s=PATIENCE_S):
    """The tables hear of a decision a moment after it was made."""
    end = time.monotonic() + patience_s
    while True:
        got = what()
        if got == wanted or time.monotonic() > end:
            assert got == wanted, f"{got}, not {wanted}"
            return
        time.sleep(0.01)


def metric(centre, name):
    text = centre.ask("GET", "/metrics", local=True).text
    return int(re.search(rf"^{re.escape(name)} (\d+)$", text, re.M)[1])


def decisions_are_heard(centre, home):
    assert home.status(BLOCKED) == 302
    listing = centre.propose("ann", kind="number", value=BLOCKED, basis="telecom_rules")
    assert home.status(BLOCKED) == 302, "proposed is not listed"
    centre.approve("bob", listing)
    until(lambda: home.status(BLOCKED), 608)
    assert f"\r\nCall-Info: <{REDRESS}>;purpose=jwscard\r\n" in home.ask(BLOCKED)
    assert home.status(FREE) == 302
    assert home.status(FREE, lines=f"P-Asserted-Identity: <tel:{BLOCKED}>\r\n") == 608
    asserted = f"P-Asserted-Identity: <tel:{FREE}>\r\n"
    assert home.status(BLOCKED, lines=asserted) == 608, "who is asserted hid who is shown"
    assert home.status("+8613912345679", lines=asserted) == 302
    for surplus in ("Require: x\r\n", "Diversion: <sip:1@x>\r\n" * 5, "Call-ID: 2\r\n"):
        assert home.status(BLOCKED, lines=surplus) == 608, surplus
    for help_at in ("sip:110@x", "tel:96110", "urn:service:sos"):
        assert home.status(BLOCKED, uri=help_at) == 302, help_at
    reply = centre.post(f"/v1/listings/{listing}/lift", {"why": "wrong"}, user="bob")
    assert reply.status == 200, reply
    until(lambda: home.status(BLOCKED), 302)
    centre.list_now("ann", "bob", kind="number", value=BLOCKED, basis="telecom_rules")
    until(lambda: home.status(BLOCKED), 608)


def warnings_are_announced(centre, home):
    centre.list_now("ann", "bob", kind="number", value=WARNED, basis="telecom_rules",
                    action="warn")
    wanted = 'Contact: "涉诈风险 Suspected scam" <sip:8008208820@127.0.0.1:5099>\r\n'
    until(lambda: wanted in home.ask(WARNED), True)
    assert "Contact: <sip:8008208820@127.0.0.1:5099>\r\n" in home.ask(FREE)


def trunks_differ(centre, abroad):
    assert abroad.status(BLOCKED) == 603
    assert abroad.status("+12125550100") == 302
    blocked = f"P-Asserted-Identity: <tel:{BLOCKED}>\r\n"
    assert abroad.status("+12125550100", lines=blocked) == 302, "who asserts abroad is not known"
    assert abroad.status(BLOCKED, lines="P-Asserted-Identity: <tel:+12125550100>\r\n") == 603
    assert 'Contact: "' in abroad.ask(FREE), "a domestic number from abroad is announced"
    assert abroad.status("+8696110") == 603, "a short code never has a country's code"
    bank = "+861058118888"
    centre.list_now("ann", "bob", kind="number", value=bank, basis="telecom_rules",
                    action="allow")
    until(lambda: abroad.status(bank), 603)
    assert metric(centre, 'yumen_sip_requests_total{trunk="abroad",reason="official"}') >= 1
    assert metric(centre, 'yumen_sip_requests_total{trunk="home",reason="official"}') == 0


def what_a_number_says_of_itself(centre, home, abroad):
    """The table of docs/carriers: of each reason a call, how it is answered, and counted."""
    reject, warn, clear = 608, "warned", 302
    for trunk, switch, caller, wanted, reason in (
            ("home", home, "+8696110", reject, "short_code"),
            ("home", home, "+86110", reject, "short_code"),
            ("home", home, "110", clear, "clear"),
            ("home", home, "96110", clear, "clear"),
            ("abroad", abroad, "110", 603, "short_code"),
            ("abroad", abroad, "96110", 603, "short_code"),
            ("abroad", abroad, "95588", 603, "short_code"),
            ("abroad", abroad, "+861058118888", 603, "official"),
            ("abroad", abroad, "+8613812345678", warn, "domestic"),
            ("home", home, "+861391234567", reject, "impossible"),
            ("home", home, "+86139123456789", reject, "impossible"),
            ("abroad", abroad, "+1234567890123456", 603, "impossible"),
            ("home", home, "+8617912345678", warn, "unassigned"),
            ("home", home, "17912345678", warn, "unassigned"),
            ("home", home, "02612345678", warn, "unassigned"),
            ("abroad", abroad, "+999123456789", warn, "unassigned"),
            ("abroad", abroad, "+1212555010", warn, "unassigned"),
            ("abroad", abroad, "+442070313000", clear, "clear"),
            ("home", home, "8001", clear, "nameless")):
        counter = f'yumen_sip_requests_total{{trunk="{trunk}",reason="{reason}"}}'
        before = metric(centre, counter)
        reply = switch.ask(caller)
        got = warn if 'Contact: "' in reply else int(reply[8:11])
        assert got == wanted, (trunk, caller, wanted, reply)
        assert metric(centre, counter) == before + 1, (trunk, caller, reason)
    ours = "+8617900000001"
    centre.list_now("ann", "bob", kind="number", value=ours, basis="telecom_rules", action="allow")
    until(lambda: 'Contact: "' in home.ask(ours), False)


def the_rest_of_the_protocol(home):
    packet = home.request(BLOCKED)
    home.send(packet)
    first = home.hear()
    home.send(packet)
    assert home.hear() == first, "a retransmission got something else"
    assert f";received=127.0.0.1;rport={home.own_port}\r\n" in first
    assert home.status(FREE, method="OPTIONS") == 200
    assert home.status(FREE, method="REGISTER") == 405
    home.send(home.request(BLOCKED, method="ACK"))
    home.send(home.request(BLOCKED, method="CANCEL"))
    home.send(b"\r\n\r\n")
    home.send(first.encode())  # a response
    assert home.status(FREE, method="OPTIONS", rport="") == 200, "something else came first"


def strangers_hear_nothing(centre, port):
    stranger = Switch(port, source="127.0.0.9")
    before = metric(centre, "yumen_sip_strangers_total")
    stranger.send(stranger.request(BLOCKED))
    until(lambda: metric(centre, "yumen_sip_strangers_total"), before + 1)
    stranger.udp.setblocking(False)
    try:
        raise AssertionError(stranger.udp.recv(65535))
    except BlockingIOError:
        pass
    stranger.close()


def outside(centre, url):
    """What somebody reads who follows an address that he was told."""
    assert url.startswith(OUTSIDE + "/"), url
    reply = centre.get(url.removeprefix(OUTSIDE))
    assert reply.status == 200, reply
    return reply


def unpacked(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def openssl(centre, *words, **files):
    """Whether it says yes, and what it says."""
    for name, content in files.items():
        with open(os.path.join(centre.folder, name), "wb") as f:
            f.write(content)
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, timeout=60,
                          cwd=centre.folder)
    return done.returncode == 0, done.stdout


def as_der(pair):
    """The two numbers of a signature, as openssl wants them."""
    numbers = b""
    for half in (pair[:32], pair[32:]):
        number = half.lstrip(b"\0")
        number = b"\0" * (not number or number[0] > 127) + number
        numbers += bytes((2, len(number))) + number
    return bytes((0x30, len(numbers))) + numbers


def card_of(centre, jws):
    """Checked by somebody else's program, with what the card itself names."""
    head, body, signature = jws.split(".")
    header = json.loads(unpacked(head))
    assert header == {"alg": "ES256", "typ": "vcard+json",
                      "x5u": f"{OUTSIDE}/v1/redress/certificate"}, header
    reply = outside(centre, header["x5u"])
    assert reply.headers["Content-Type"] == "application/pem-certificate-chain", reply.headers
    is_fine, key = openssl(centre, "x509", "-in", "c.pem", "-noout", "-pubkey",
                           **{"c.pem": reply.body})
    assert is_fine and key.startswith("-----BEGIN PUBLIC KEY-----"), reply.text
    words = ["verify", "-no_check_time", "-CAfile", "c.pem", "c.pem"]
    assert openssl(centre, *words)[0], "the certificate is not what it says"
    assert len(unpacked(signature)) == 64, signature
    files = {"k.pem": key.encode(), "s.der": as_der(unpacked(signature))}
    words = ["dgst", "-sha256", "-verify", "k.pem", "-signature", "s.der", "m"]
    assert openssl(centre, *words, m=f"{head}.{body}".encode(), **files)[0], "not its signature"
    assert not openssl(centre, *words, m=f"{head}.{body}x".encode())[0], "anything is signed"
    return json.loads(unpacked(body))


def the_card_says_where_to_turn(centre, home):
    url = re.search(r"\r\nCall-Info: <(.*)>;purpose=jwscard\r\n", home.ask(BLOCKED))[1]
    reply = outside(centre, url)
    assert reply.headers["Content-Type"] == "application/jose", reply.headers
    card = card_of(centre, reply.text)
    now = int(centre.now().timestamp())
    assert now - 3600 < card["iat"] <= now and card["exp"] == card["iat"] + 86400, (card, now)
    name = centre.get("/v1/me").value["centre"]["name"]
    assert card["jcard"] == ["vcard", [
        ["version", {}, "text", "4.0"], ["kind", {}, "text", "org"], ["fn", {}, "text", name],
        ["url", {}, "uri", f"{OUTSIDE}/appeal"], ["email", {}, "text", "help@centre.example"],
        ["tel", {}, "uri", "tel:+86-10-12345678"]]], card
    assert outside(centre, url).text == reply.text, "it was signed for whoever asked"
    centre.step(hours=1)
    later = outside(centre, url).text
    assert later != reply.text and card_of(centre, later)["iat"] >= card["iat"] + 3600


def a_restored_centre_signs_with_the_same_key(centre):
    key = os.path.join(centre.data, "keys", "redress.pem")
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600, oct(os.stat(key).st_mode)
    words = os.path.join(centre.folder, "passphrase")
    with open(words, "w", encoding="utf-8") as f:
        f.write("a long passphrase\n")
    os.chmod(words, 0o600)
    backup, new = os.path.join(centre.folder, "one.bak"), os.path.join(centre.folder, "new")
    centre.run("backup", backup, "--passphrase-file", words)
    done = subprocess.run([YUMEN, "restore", backup, "--data", new, "--passphrase-file", words,
                           "--no-erasures"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    with open(key, "rb") as f, open(os.path.join(new, "keys", "redress.pem"), "rb") as g:
        assert f.read() == g.read()


def a_wrong_key_is_named(centre):
    """Nor does it open its doors then; and without SIP there is no card."""
    centre.stop()
    key = os.path.join(centre.data, "keys", "redress.pem")
    with open(key, "w", encoding="utf-8") as f:
        f.write("-----BEGIN NOTHING-----\n")
    centre.launch()
    assert centre.server.wait(60) != 0
    assert "redress.pem" in centre.log(), centre.log()
    os.remove(os.path.join(centre.data, "yumen.yaml"))
    centre.start()
    for path in ("/v1/redress/card", "/v1/redress/certificate"):
        reply = centre.get(path)
        assert reply.status == 404 and reply.value["code"] == "redress.closed", reply


def a_card_ends_with_its_certificate(centre, home):
    """Nobody starts with one that has ended; when it ends later, no 608 names a card."""
    key = os.path.join(centre.data, "keys", "redress.pem")
    with open(key, encoding="utf-8") as f:
        before = f.read()
    assert metric(centre, "yumen_redress_until_seconds") > time.time() + 3000 * 86400
    centre.stop()
    assert openssl(centre, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                   "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=centre",
                   "-days", "2")[0]
    with open(key, "w", encoding="utf-8") as f:
        for name in ("key.pem", "cert.pem"):
            with open(os.path.join(centre.folder, name), encoding="utf-8") as part:
                f.write(part.read())
    centre.start()
    until(lambda: home.status(BLOCKED), 608)
    assert "Call-Info" in home.ask(BLOCKED) and "redress_ending" in centre.log(), centre.log()
    ends = metric(centre, "yumen_redress_until_seconds")
    assert abs(ends - time.time() - 2 * 86400) < 3600, ends
    card = json.loads(unpacked(outside(centre, REDRESS).text.split(".")[1]))
    assert card["exp"] <= ends, card
    centre.step(days=3)
    until(lambda: "Call-Info" in home.ask(BLOCKED), False)
    assert home.status(BLOCKED) == 608 and "redress_expired" in centre.log(), centre.log()
    reply = centre.get("/v1/redress/card")
    assert reply.status == 404 and reply.value["code"] == "redress.expired", reply
    centre.stop()
    centre.launch()
    assert centre.server.wait(60) != 0
    assert "redress.pem" in centre.log() and "not valid now" in centre.log(), centre.log()
    with open(key, "w", encoding="utf-8") as f:
        f.write(before)
    centre.start()
    until(lambda: "Call-Info" in home.ask(BLOCKED), True)


# ---- what networks sign --------------------------------------------------------------------------

SIGNED_URL = "https://network.example/sti.pem"
PROVIDER = """[ca]
basicConstraints=critical,CA:TRUE
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
1.3.6.1.5.5.7.1.26=ASN1:SEQUENCE:numbers
[numbers]
range=EXPLICIT:1,SEQUENCE:range
[range]
start=IA5STRING:8613912345000
count=INTEGER:1000
[req]
distinguished_name=dn
[dn]
"""


def packed(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def as_pair(der):
    """The two numbers of openssl's signature side by side."""
    pair, at = b"", 2
    for _ in range(2):
        size = der[at + 1]
        pair += der[at + 2:at + 2 + size].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + size
    return pair


class Network:
    """Signs calls with a certificate from an authority of its own."""

    def __init__(self, centre):
        self.centre = centre
        self.ask("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca", "-days", "30",
                 "-config", "p.cnf", "-extensions", "ca", **{"p.cnf": PROVIDER.encode()})
        for name in ("leaf", "thief"):
            self.ask("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                     name + ".key")
        self.ask("req", "-new", "-key", "leaf.key", "-subj", "/CN=leaf", "-out", "leaf.csr",
                 "-config", "p.cnf")
        self.ask("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                 "-CAcreateserial", "-days", "30", "-extfile", "p.cnf", "-extensions", "leaf",
                 "-out", "leaf.pem")

    def ask(self, *words, **files):
        assert openssl(self.centre, *words, **files)[0], words

    def bytes_of(self, name):
        with open(os.path.join(self.centre.folder, name), "rb") as f:
            return f.read()

    def lay(self, name, content):
        """As an operator does: whole, or not there."""
        place = os.path.join(self.centre.data, "signers", name)
        with open(place + ".new", "wb") as f:
            f.write(content)
        os.rename(place + ".new", place)

    def identity(self, caller=FREE, key="leaf", name="Identity", age_s=0, **claimed):
        head = {"alg": "ES256", "ppt": "shaken", "typ": "passport", "x5u": SIGNED_URL}
        claims = {"attest": "A", "dest": {"tn": ["868008208820"]},
                  "iat": int(self.centre.now().timestamp()) - age_s,
                  "orig": {"tn": caller.lstrip("+")}, "origid": "one", **claimed}
        message = ".".join(packed(json.dumps(part).encode()) for part in (head, claims))
        self.ask("dgst", "-sha256", "-sign", key + ".key", "-out", "s.der", "m",
                 m=message.encode())
        signature = packed(as_pair(self.bytes_of("s.der")))
        return f"{name}: {message}.{signature};info=<{SIGNED_URL}>;alg=ES256;ppt=shaken\r\n"


def what_networks_sign_is_checked(centre, home, abroad):
    def count(finding, trunk="home"):
        return metric(centre,
                      f'yumen_sip_passports_total{{trunk="{trunk}",finding="{finding}"}}')

    def signers():
        reply = centre.get("/v1/signers", user="ann")
        assert reply.status == 200 and reply.value["checks"], reply
        return reply.value

    def is_found(finding, switch=home, caller=FREE, **signed):
        trunk = "abroad" if switch is abroad else "home"
        before = count(finding, trunk)
        reply = switch.ask(caller, lines=network.identity(**signed))
        until(lambda: count(finding, trunk), before + 1)
        return reply

    network = Network(centre)
    centre.step(minutes=30)  # its certificates begin now, and the centre's clock stands
    assert signers()["items"] == [] and signers()["unknown"] == []
    assert is_found("unknown_certificate").startswith("SIP/2.0 302 ")
    assert [(u["x5u"], u["count"]) for u in signers()["unknown"]] == [(SIGNED_URL, 1)]
    network.lay("roots.pem", network.bytes_of("ca.pem"))
    network.lay("broken.pem", b"x5u: https://other.example/\n")
    network.lay("network.pem", f"x5u: {SIGNED_URL}\n".encode() + network.bytes_of("leaf.pem"))
    until(lambda: [i["taken"] for i in signers()["items"]], [False, True], 60)
    broken, taken = signers()["items"]
    assert broken["code"] == "tncert.none" and broken["reason"], broken
    assert taken["x5u"] == [SIGNED_URL] and taken["from"] < taken["until"], taken
    assert metric(centre, "yumen_sip_signers") == 1
    assert 'Contact: "' not in is_found("attested_a")
    is_found("attested_b", attest="B")
    is_found("attested_c", switch=abroad, attest="C", name="y", dest={"tn": ["8008208820"]})
    is_found("stale", age_s=120)
    is_found("not_entitled", orig={"tn": "8613800000000"})
    is_found("other_caller", caller="+8613912345679")
    is_found("other_callee", dest={"tn": ["868008208821"]})
    assert 'Contact: "' not in home.ask(FREE), "nothing was forged yet"
    assert 'Contact: "' not in is_found("forged", key="thief"), "it waited for the signature"
    assert 'Contact: "' in home.ask(FREE), "whose signature was forged is announced"
    assert 'Contact: "' not in home.ask("+8613912345677")
    assert count("unread") == 0 and count("malformed") == 0


SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="screened">
<send retrans="500"><![CDATA[

INVITE sip:8008208820@[remote_ip]:5099 SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:CALLER@carrier.example>;tag=[call_number]
To: <sip:8008208820@carrier.example>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:CALLER@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
<recv response="STATUS"></recv>
<send><![CDATA[

ACK sip:8008208820@[remote_ip]:5099 SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:CALLER@carrier.example>;tag=[call_number]
To: <sip:8008208820@carrier.example>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Content-Length: 0

]]></send>
</scenario>
"""


def sipp_agrees(centre, port):
    for transport, caller, status in (("u1", BLOCKED, 608), ("u1", FREE, 302),
                                      ("t1", BLOCKED, 608), ("t1", FREE, 302)):
        path = os.path.join(centre.folder, "screened.xml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(SCENARIO.replace("CALLER", caller).replace("STATUS", str(status)))
        words = ["sipp", "-sf", path, "-t", transport, "-i", "127.0.0.1", "-p", str(free_port()),
                 "-m", "50", "-r", "100", "-nostdin", f"127.0.0.1:{port}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120,
                              cwd=centre.folder, env={**os.environ, "TERM": "dumb"})
        assert done.returncode == 0, (done.returncode, done.stdout[-3000:], done.stderr)


def main():
    centre, port = open_centre()
    with centre:
        home, abroad = Switch(port), Switch(port, source="127.0.0.2")
        decisions_are_heard(centre, home)
        warnings_are_announced(centre, home)
        trunks_differ(centre, abroad)
        what_a_number_says_of_itself(centre, home, abroad)
        the_rest_of_the_protocol(home)
        strangers_hear_nothing(centre, port)
        absent = [name for name in ("openssl", "sipp") if shutil.which(name) is None]
        if "openssl" not in absent:
            what_networks_sign_is_checked(centre, home, abroad)
            the_card_says_where_to_turn(centre, home)
            a_card_ends_with_its_certificate(centre, home)
        home.close()
        abroad.close()
        if "sipp" not in absent:
            sipp_agrees(centre, port)
        a_restored_centre_signs_with_the_same_key(centre)
        a_wrong_key_is_named(centre)
    if absent:
        print("skipped:", *absent, "not installed; all that does not need it went well",
              file=sys.stderr)
        sys.exit(77)


main()
