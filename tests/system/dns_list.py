#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a gateway that asks the DNS list hears what the centre has decided, when it has decided it: on
approval, lift and expiry; over UDP and TCP, with EDNS and without; and nobody can make the list
flood a third party, or fall. A resolver that asks label by label hears it, too.
Method: the whole program; dig, and packets made here; hostile bytes; the answers of rbldnsd, name
by name, from a list that says the same (skipped when rbldnsd is not installed).
"""
import contextlib
import datetime as dt
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

from centre import SOURCE, Centre, instant
from ports import free_port

A, NS, SOA, HINFO, TXT, AAAA, ANY = 1, 2, 6, 13, 16, 28, 255
NOERROR, FORMERR, NXDOMAIN, NOTIMP, REFUSED = 0, 1, 3, 4, 5
PATIENCE_S = 60
os.environ["PATH"] += ":/usr/sbin"


# ---- packets ----------------------------------------------------------------------------------

def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def question(name, kind=A, edns=True, ident=None):
    ident = random.getrandbits(16) if ident is None else ident
    head = struct.pack(">6H", ident, 0x0100, 1, 0, 0, int(edns))
    opt = b"\0" + struct.pack(">HHIH", 41, 1232, 0, 0) if edns else b""
    return head + wire_name(name) + struct.pack(">HH", kind, 1) + opt


def skip_name(packet, at):
    while packet[at] != 0:
        if packet[at] >= 0xC0:
            return at + 2
        at += 1 + packet[at]
    return at + 1


class Answer:
    """The header, and records as (section, type, ttl, rdata)."""

    def __init__(self, packet):
        self.size = len(packet)
        self.ident, flags, *counts = struct.unpack(">6H", packet[:12])
        self.rcode, self.is_cut, self.is_ours = flags & 15, bool(flags & 0x200), bool(flags & 0x400)
        at = 12
        for _ in range(counts[0]):
            at = skip_name(packet, at) + 4
        self.records = []
        for section, count in enumerate(counts[1:]):
            for _ in range(count):
                at = skip_name(packet, at)
                kind, _, ttl, size = struct.unpack(">HHIH", packet[at:at + 10])
                self.records.append((section, kind, ttl, packet[at + 10:at + 10 + size]))
                at += 10 + size
        assert at == len(packet), "something follows the message"

    def of(self, kind, section=0):
        return [r[3] for r in self.records if r[0] == section and r[1] == kind]

    @property
    def addresses(self):
        return sorted(".".join(map(str, r)) for r in self.of(A))

    @property
    def text(self):
        found = self.of(TXT)
        return found[0][1:].decode() if found else ""

    @property
    def ttl(self):
        return self.records[0][2]


class List:
    """Where the list is asked."""

    def __init__(self, port, at="127.0.0.1", source="127.0.0.1"):
        self.at = (at, port)
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind((source, 0))
        self.udp.settimeout(PATIENCE_S)
        self.source = source

    def close(self):
        self.udp.close()

    def ask(self, name, kind=A, **how):
        packet = question(name, kind, **how)
        self.udp.sendto(packet, self.at)
        while True:
            answer = Answer(self.udp.recv(65535))
            if answer.ident == struct.unpack(">H", packet[:2])[0]:
                return answer

    def connect(self):
        link = socket.socket()
        link.settimeout(PATIENCE_S)
        link.bind((self.source, 0))
        link.connect(self.at)
        return link

    def ask_tcp(self, name, kind=A):
        with self.connect() as link:
            packet = question(name, kind)
            link.sendall(struct.pack(">H", len(packet)) + packet)
            data = b""
            while len(data) < 2 or len(data) < 2 + struct.unpack(">H", data[:2])[0]:
                piece = link.recv(65536)
                assert piece, "the connection ends before the answer"
                data += piece
        return Answer(data[2:])


def open_centre(options=""):
    centre = Centre("drill", begins=False)
    port = free_port()
    with open(os.path.join(centre.data, "yumen.yaml"), "w", encoding="utf-8") as f:
        f.write(f"dns:\n  list:\n    listen: 127.0.0.1:{port}\n{options}")
    centre.start()
    centre.add_user("ann", "analyst,feeder")
    centre.add_user("bob", "approver")
    return centre, port


def metric(centre, answer):
    text = centre.ask("GET", "/metrics", local=True).text
    return int(re.search(rf'^yumen_dns_list_questions_total{{answer="{answer}"}} (\d+)$', text,
                         re.M)[1])


def questions(centre):
    """How many it has done with."""
    text = centre.ask("GET", "/metrics", local=True).text
    return sum(map(int, re.findall(r"^yumen_dns_list_questions_total{[^}]*} (\d+)$", text, re.M)))


def heard(who, name):
    """The words that come, or none."""
    try:
        return who.ask(name, TXT).text
    except socket.timeout:
        return ""


def number_name(number):
    return ".".join(reversed(number.lstrip("+"))) + ".num.yumen"


def until(what, wanted):
    """The names between are gathered in the background."""
    end = time.monotonic() + PATIENCE_S
    while True:
        got = what()
        if got == wanted or time.monotonic() > end:
            assert got == wanted, f"{got}, not {wanted}"
            return
        time.sleep(0.02)


def settled(centre):
    """The tables in memory have heard of everything: what is not listed is NXDOMAIN from now on."""
    wanted = ("yumen_screen_ready 1", "yumen_screen_behind_leaves 0")
    until(lambda: {*wanted} <= {*centre.ask("GET", "/metrics", local=True).text.splitlines()}, True)


# ---- what it says ------------------------------------------------------------------------------

def decisions_are_heard_at_once(centre, ask):
    name = "evil.example.com.dbl.yumen"
    until(lambda: ask(name).rcode, NXDOMAIN)
    listing = centre.propose("ann", value="evil.example.com", match="exact")
    settled(centre)
    assert ask(name).rcode == NXDOMAIN, "proposed is not listed"
    centre.approve("bob", listing)
    answer = ask(name)
    assert (answer.rcode, answer.addresses) == (NOERROR, ["127.0.0.2"]) and answer.is_ours
    assert answer.ttl == 300
    words = ask(name, TXT).text
    assert f"{centre.public_url}/appeal?listing={listing}" in words and "hishing" in words, words
    assert centre.get(f"/appeal?listing={listing}").status == 200
    settled(centre)
    assert ask("www.evil.example.com.dbl.yumen").rcode == NXDOMAIN, "listed exactly"
    # What stands between is no NXDOMAIN (RFC 8020), or who asks label by label stops there.
    for between in ("example.com", "com"):
        answer = ask(between + ".dbl.yumen")
        assert (answer.rcode, answer.addresses) == (NOERROR, []) and answer.of(SOA, 1), between
    reply = centre.post(f"/v1/listings/{listing}/lift", {"why": "wrong"}, user="bob")
    assert reply.status == 200, reply
    assert not ask(name).addresses, "a lift is heard at once"
    settled(centre)
    answer = ask(name)
    assert answer.rcode == NXDOMAIN and answer.ttl == 60 and answer.of(SOA, 1)


def words_agree_with_check(centre, ask):
    centre.list_now("ann", "bob", value="shop.example", match="suffix", action="warn")
    centre.list_now("ann", "bob", value="bad.shop.example", match="suffix")
    centre.list_now("ann", "bob", value="good.bad.shop.example", match="exact", action="allow")
    wanted = {"shop.example": ["127.0.0.3"], "a.b.shop.example": ["127.0.0.3"],
              "bad.shop.example": ["127.0.0.2"], "x.bad.shop.example": ["127.0.0.2"],
              "good.bad.shop.example": [], "xshop.example": []}
    said = {"127.0.0.2": "block", "127.0.0.3": "warn"}
    for name, addresses in wanted.items():
        assert ask(name + ".dbl.yumen").addresses == addresses, name
        verdict = centre.verdict(name, "domain")["verdict"]
        assert verdict == (said[addresses[0]] if addresses else "pass")
    # The question's own letters come back, and A-labels are what is asked.
    centre.list_now("ann", "bob", value="bücher.example")
    assert ask("XN--bcher-KVA.Example.DBL.yumen").addresses == ["127.0.0.2"]


def numbers_are_asked_as_in_enum(centre, ask):
    centre.list_now("ann", "bob", kind="number", value="139 1234 5678", basis="telecom_rules")
    assert ask("8.7.6.5.4.3.2.1.9.3.1.6.8.num.yumen").addresses == ["127.0.0.2"]
    settled(centre)
    assert ask(number_name("+8613912345679")).rcode == NXDOMAIN
    for between in ("6.8", "1.6.8", "7.6.5.4.3.2.1.9.3.1.6.8"):
        answer = ask(between + ".num.yumen")
        assert (answer.rcode, answer.addresses) == (NOERROR, []), between
    assert ask("x.6.8.num.yumen").rcode == NXDOMAIN


def listings_end(centre, ask):
    name = "brief.example.dbl.yumen"
    centre.list_now("ann", "bob", value="brief.example",
                    until=instant(centre.now() + dt.timedelta(seconds=100)))
    assert 90 <= ask(name).ttl <= 100, "an answer outlives its listing"
    centre.step(seconds=99)
    assert ask(name).ttl <= 1
    centre.step(seconds=2)
    assert not ask(name).addresses
    settled(centre)
    assert ask(name).rcode == NXDOMAIN


def below_a_test_point_is_found(centre, ask):
    """invalid is never listed, but what is below it may be: then it is no NXDOMAIN (RFC 8020)."""
    assert ask("invalid.dbl.yumen").rcode == NXDOMAIN
    centre.list_now("ann", "bob", value="shop.invalid")
    assert ask("shop.invalid.dbl.yumen").addresses == ["127.0.0.2"]
    above = ask("invalid.dbl.yumen")
    assert above.rcode == NOERROR and not above.addresses


def nothing_denies_what_is_below(centre, ask):
    """Not even in the moment between a decision and the tables in memory (RFC 8020)."""
    for i in range(30):
        centre.list_now("ann", "bob", value=f"login.fresh{i}.example")
        above = ask(f"fresh{i}.example.dbl.yumen")
        assert above.rcode == NOERROR and not above.addresses, i


def test_points(ask):
    assert ask("test.dbl.yumen").addresses == ["127.0.0.2"] and ask("test.dbl.yumen", TXT).text
    assert ask("invalid.dbl.yumen").rcode == NXDOMAIN
    for listed, not_listed in (("2.0.0.127", "1.0.0.127"), ("2.0.0.0.0.0.0", "1.0.0.0.0.0.0")):
        assert ask(listed + ".num.yumen").addresses == ["127.0.0.2"]
        assert ask(not_listed + ".num.yumen").rcode == NXDOMAIN


def dig(port, *words):
    done = subprocess.run(["dig", "@127.0.0.1", "-p", str(port), "+tries=1",
                           f"+time={PATIENCE_S}", *words], capture_output=True, text=True)
    return done.stdout


def dig_agrees(port):
    said = dig(port, "test.dbl.yumen", "A")
    assert "status: NOERROR" in said, said
    assert re.search(r"\sA\s+127\.0\.0\.2$", said, re.M), said
    assert re.search(r"udp: 1232", said)
    assert "127.0.0.2" in dig(port, "+tcp", "+short", "test.dbl.yumen", "A")
    assert "127.0.0.2" in dig(port, "+noedns", "+short", "test.dbl.yumen", "A")
    assert "127.0.0.2" in dig(port, "+cookie=0102030405060708", "+short", "test.dbl.yumen", "A")
    assert "127.0.0.2" in dig(port, "+dnssec", "+nsid", "+short", "test.dbl.yumen", "A")
    assert "RFC8482" in dig(port, "+notcp", "test.dbl.yumen", "ANY")
    assert "BADVERS" in dig(port, "+edns=1", "+noednsneg", "test.dbl.yumen")
    assert "NOTIMP" in dig(port, "+opcode=2", "test.dbl.yumen")
    for words in (("version.bind", "CH", "TXT"), ("yumen", "SOA"), ("dbl.yumen", "AXFR", "+notcp"),
                  ("example.com", "A")):
        said = dig(port, *words)
        assert "REFUSED" in said or "Transfer failed" in said, (words, said)
    soa = dig(port, "+short", "dbl.yumen", "SOA").split()
    assert len(soa) == 7 and soa[6] == "60", soa
    assert dig(port, "+short", "num.yumen", "NS").strip() == "localhost."
    said = dig(port, "test.dbl.yumen", "AAAA")
    assert "NOERROR" in said and "ANSWER: 0" in said and "AUTHORITY: 1" in said, said


# ---- what is sent to hurt ----------------------------------------------------------------------

def hostile_bytes(centre, port, draw):
    known, stranger = List(port), List(port, source="127.0.0.9")
    seeds = [question("test.dbl.yumen", kind) for kind in (A, TXT, ANY, 250)]
    seeds += [question("a" * 63 + ".dbl.yumen"), question("8.num.yumen", edns=False)]
    sent_most = 0
    for i in range(4000):
        packet = bytearray(draw.choice(seeds))
        for _ in range(draw.randrange(4)):
            packet[draw.randrange(len(packet))] = draw.randrange(256)
        packet = packet[:draw.randrange(len(packet) + 1)] if i % 3 == 0 else packet
        (known if i % 2 else stranger).udp.sendto(bytes(packet), known.at)
        sent_most = max(sent_most, len(packet))
    known.udp.sendto(bytes(9000), known.at) # longer than any question
    stranger.udp.settimeout(1)
    try:
        while True:
            assert len(stranger.udp.recv(65535)) <= sent_most, "a stranger got more than he sent"
    except socket.timeout:
        pass
    for length in (0, 11, 65535):
        with known.connect() as link:
            link.sendall(struct.pack(">H", length) + bytes(20))
            link.settimeout(PATIENCE_S)
            try:
                while link.recv(4096):
                    pass
            except ConnectionResetError:
                pass
    with stranger.connect() as link: # closed at once
        try:
            assert link.recv(1) == b""
        except ConnectionResetError:
            pass
    known.close()
    stranger.close()
    fresh = List(port)
    assert fresh.ask("test.dbl.yumen").addresses == ["127.0.0.2"]
    assert fresh.ask_tcp("test.dbl.yumen").addresses == ["127.0.0.2"]
    fresh.close()
    for answer in ("malformed", "refused", "dropped", "unimplemented"):
        assert metric(centre, answer) > 0, answer


def strangers_and_floods():
    """Nobody is trusted, five answers a second."""
    centre, port = open_centre("    clients: [127.0.0.0/16, 127.9.0.0/16]\n"
                               "    trusted: [192.0.2.1]\n"
                               "    answers_per_s: 5\n    slip: 2\n")
    with centre:
        listing = centre.list_now("ann", "bob", value="evil.example")
        flood, other = List(port, source="127.0.1.7"), List(port, source="127.9.0.1")
        stranger = List(port, source="127.77.0.1")
        sent = question("evil.example.dbl.yumen", TXT)
        stranger.udp.sendto(sent, stranger.at)
        refused = stranger.udp.recv(65535)
        assert len(refused) <= len(sent) and refused[3] & 15 == REFUSED
        begin, before = time.monotonic(), questions(centre)
        for _ in range(100):
            flood.udp.sendto(sent, flood.at)
        until(lambda: questions(centre) - before, 100)
        took = time.monotonic() - begin
        whole = cut = 0
        flood.udp.settimeout(1)  # they are counted before they leave
        with contextlib.suppress(socket.timeout):
            while True:
                packet = flood.udp.recv(65535)
                answer = Answer(packet)
                cut += answer.is_cut
                whole += not answer.is_cut
                assert len(packet) <= (len(sent) if answer.is_cut else 5 * len(sent))
        assert 1 <= whole <= 6 + 5 * took, f"{whole} whole answers in {took:.1f} s"
        assert cut >= 20, f"{cut} cut answers"
        assert metric(centre, "limited") >= 20 and metric(centre, "slipped") >= 20
        assert other.ask("evil.example.dbl.yumen", TXT).text, "another network pays for it"
        # Who really asked comes back over TCP, which has no rate; dig does so by itself.
        for _ in range(20):
            assert listing in flood.ask_tcp("evil.example.dbl.yumen", TXT).text
        assert metric(centre, "words") >= 20
        # And after a moment it is over; what is beyond the rate until then may have no answer.
        flood.udp.settimeout(1)
        until(lambda: listing in heard(flood, "evil.example.dbl.yumen"), True)
        for who in (flood, other, stranger):
            who.close()


def cut_answers_are_fetched_by_dig():
    """One answer a second, each other one cut: dig asks again over TCP."""
    centre, port = open_centre("    trusted: [192.0.2.1]\n    answers_per_s: 1\n    slip: 1\n")
    with centre:
        listing = centre.list_now("ann", "bob", value="evil.example")
        for _ in range(4):
            assert listing in dig(port, "+short", "evil.example.dbl.yumen", "TXT")


def a_drill_stays_at_home():
    centre = Centre("drill", clock="real", begins=False)
    with open(os.path.join(centre.data, "yumen.yaml"), "w", encoding="utf-8") as f:
        f.write(f"dns:\n  list:\n    listen: 0.0.0.0:{free_port()}\n")
    done = centre.run("serve", "--listen", "127.0.0.1:0", may_fail=True)
    assert done.returncode != 0 and "this machine only" in done.stderr, done
    centre.close()


# ---- behind a resolver -------------------------------------------------------------------------

def resolver_start(folder, port):
    """Unbound with the file of docs/resolvers, as strict as it can be."""
    own = free_port()
    with open(os.path.join(SOURCE, "docs/resolvers/unbound/yumen-list.conf"),
              encoding="utf-8") as f:
        ours = f.read().replace("192.0.2.53@5300", f"127.0.0.1@{port}")
    assert "192.0.2" not in ours
    with open(f"{folder}/unbound.conf", "w", encoding="utf-8") as f:
        f.write(f"""server:
    interface: 127.0.0.1@{own}
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    do-not-query-localhost: no
    qname-minimisation-strict: yes
    harden-below-nxdomain: yes
    use-caps-for-id: yes
remote-control:
    control-enable: no
{ours}""")
    return subprocess.Popen(["unbound", "-d", "-c", f"{folder}/unbound.conf"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            stdin=subprocess.DEVNULL), own


def a_strict_resolver_finds_every_listing(centre, port):
    """It asks label by label, in letters of either case, and stops where it is told NXDOMAIN."""
    server, own = resolver_start(centre.folder, port)
    try:
        until(lambda: "127.0.0.2" in dig(own, "+short", "test.dbl.yumen", "A"), True)
        centre.list_now("ann", "bob", value="login.a.b.c.bank.example", match="exact")
        centre.list_now("ann", "bob", kind="number", value="+8613900000001",
                        basis="telecom_rules")
        for name in ("login.a.b.c.bank.example.dbl.yumen", number_name("+8613900000001")):
            said = dig(own, name, "A")
            assert re.search(r"\sA\s+127\.0\.0\.2$", said, re.M), said
            assert "appeal?listing=" in dig(own, "+short", name, "TXT")
        settled(centre)
        assert "NXDOMAIN" in dig(own, "z.bank.example.dbl.yumen", "A")
    finally:
        server.terminate()
        server.wait()


# ---- beside rbldnsd ----------------------------------------------------------------------------

def draw_list(draw):
    """Domains without an allow above a block, where more exact is no stronger with us."""
    labels = ["a", "b", "pay", "shop", "x1"]
    rows = {}
    for _ in range(120):
        name = ".".join(draw.choice(labels) for _ in range(draw.randint(1, 3))) + \
            draw.choice([".example", ".example.com"])
        rows[name] = (draw.choice(["exact", "suffix"]), "block")
    for name in draw.sample(sorted(rows), 10):
        below = "good." + name
        rows[below] = ("suffix", "allow")
    numbers = {f"+86139{draw.randrange(40):08d}" for _ in range(20)}
    return rows, numbers


def rbldnsd_start(folder, rows, numbers):
    with open(f"{folder}/names", "w", encoding="utf-8") as f:
        f.write(":2:listed\n")
        for name, (match, action) in rows.items():
            f.write(("!" if action == "allow" else "") + ("." if match == "suffix" else "") + name
                    + "\n")
        f.write("test\n")
    with open(f"{folder}/numbers", "w", encoding="utf-8") as f:
        f.write(":2:listed\n" + "".join(number_name(n)[:-len(".num.yumen")] + "\n"
                                        for n in numbers))
    port = free_port()
    os.chmod(folder, 0o755) # it reads as a user of its own
    server = subprocess.Popen(
        ["rbldnsd", "-n", "-w", folder, "-b", f"127.0.0.1/{port}", "dbl.yumen:dnset:names",
         "num.yumen:dnset:numbers"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return server, port


def rbldnsd_agrees(centre, ask, draw):
    rows, numbers = draw_list(draw)
    for name, (match, action) in rows.items():
        centre.list_now("ann", "bob", value=name, match=match, action=action)
    for number in numbers:
        centre.list_now("ann", "bob", kind="number", value=number, basis="telecom_rules")
    folder = tempfile.mkdtemp(prefix="yumen-rbldnsd-")
    settled(centre)
    server, port = rbldnsd_start(folder, rows, numbers)
    try:
        theirs = List(port)
        theirs.udp.settimeout(0.5)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                theirs.ask("test.dbl.yumen")
                break
            except OSError:
                assert time.monotonic() < end and server.poll() is None, "rbldnsd does not start"
        theirs.udp.settimeout(PATIENCE_S)
        names = {n + ".dbl.yumen" for n in rows} | {"test.dbl.yumen", "invalid.dbl.yumen"}
        names |= {p + n for n in names for p in ("www.", "good.", "x")}
        names |= {n.partition(".")[2] for n in names}
        names |= {number_name(n) for n in numbers}
        names |= {number_name(f"+86139{k:08d}") for k in range(50)}
        listed = 0
        for name in sorted(n for n in names if n.endswith((".dbl.yumen", ".num.yumen"))):
            us, them = ask(name), theirs.ask(name)
            assert us.addresses == them.addresses, (name, us.addresses, them.addresses)
            listed += us.addresses != []
            if us.rcode != them.rcode: # rbldnsd denies what stands between
                below = [n for n in names if n.endswith("." + name)]
                assert us.rcode == NOERROR and them.rcode == NXDOMAIN and below, name
        assert listed > 100, listed
        theirs.close()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def main():
    if shutil.which("dig") is None:
        print("skipped: no dig")
        sys.exit(77)
    seed = int(os.environ.get("YUMEN_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"seed {seed}")
    draw = random.Random(seed)
    centre, port = open_centre("    clients: [127.0.0.1]\n")
    with centre:
        listed = List(port)
        decisions_are_heard_at_once(centre, listed.ask)
        words_agree_with_check(centre, listed.ask)
        numbers_are_asked_as_in_enum(centre, listed.ask)
        listings_end(centre, listed.ask)
        test_points(listed.ask)
        test_points(listed.ask_tcp)
        below_a_test_point_is_found(centre, listed.ask)
        nothing_denies_what_is_below(centre, listed.ask)
        dig_agrees(port)
        if shutil.which("unbound") is not None:
            a_strict_resolver_finds_every_listing(centre, port)
        hostile_bytes(centre, port, draw)
        listed.close()
        waiting = List(port)
        link = waiting.connect() # does not keep the program from ending
    link.close()
    waiting.close()
    strangers_and_floods()
    cut_answers_are_fetched_by_dig()
    a_drill_stays_at_home()
    if shutil.which("rbldnsd") is None:
        print("not beside rbldnsd: it is not installed")
        return
    centre, port = open_centre()
    with centre:
        ours = List(port)
        rbldnsd_agrees(centre, ours.ask, draw)
        ours.close()


main()
