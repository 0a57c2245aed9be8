# SPDX-License-Identifier: Apache-2.0
"""Goal: what Unbound's own tests expect of a policy zone holds for one that comes from this gate.
Method: tests/data/rpz_unbound (replay scripts of Unbound): each case's zones are put into dns_peer,
fetched by a real Unbound with the case's overrides, and the case's questions are asked of it. The
servers that a case brings along are played by this test.

A zone of ours says NOTICE where a case has records of its own ("local data"): the question is then
asked for an address, and our notice stands for them. Left out, because no listing says it: triggers
on addresses and name servers, rpz-drop, CNAMEs of one name's own, a name with two CNAMEs (the first
counts, as the case says); and what then depends on them."""
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from ports import free_port

PEER, SOURCE = os.environ["DNS_PEER"], os.environ["SOURCE"]
CASES = os.path.join(SOURCE, "tests/data/rpz_unbound")
NOTICE = "192.0.2.80"
os.environ["PATH"] += ":/usr/sbin"
for tool in ("unbound", "dig"):
    if not shutil.which(tool):
        print(f"skipped: no {tool}")
        sys.exit(77)

POLICIES = {".": "nxdomain", "*.": "nodata", "rpz-passthru.": "passthru",
            "rpz-tcp-only.": "tcp-only"}
OTHER_TRIGGERS = re.compile(r"\brpz-(ip|nsip|nsdname|client-ip)$")
faults = []


# --- reading a case ---

class Zone:
    def __init__(self, name):
        self.name, self.options, self.records = name.rstrip("."), [], []


def read_zones(text):
    """The rpz: blocks before CONFIG_END, each with its file's records: (owner, type, data)."""
    zones, in_file, zone = [], False, None
    for line in text.split("CONFIG_END")[0].splitlines():
        line = line.split(";")[0].rstrip()
        word = line.strip().split(":")[0]
        if word == "name" and zone is not None and zone.name is None:
            zone.name = line.split('"')[1].rstrip(".")
        elif line == "rpz:":
            zones.append(zone := Zone(""))
            zone.name = None
        elif line in ("server:", "stub-zone:"):
            zone = None
        elif word.startswith("rpz-") and "override" in word:
            zone.options.append(line.strip())
        elif line.startswith("TEMPFILE_CONTENTS"):
            in_file, origin = True, zone.name + "."
        elif line == "TEMPFILE_END":
            in_file = False
        elif in_file and line.startswith("$ORIGIN"):
            origin = line.split()[1]
        elif in_file:
            zone.records += read_record(line, origin, zone.name)
    return zones


def read_record(line, origin, zone):
    """One record below the zone's name, or none."""
    m = re.match(r"(\S+)\s+(?:\d+\s+)?(?:IN\s+)?(CNAME|TXT|A)\s+(.*)", line)
    if not m:
        return []
    owner = m[1].rstrip(".") if m[1].endswith(".") else f"{m[1]}.{origin}".rstrip(".")
    owner = owner[:-len(zone) - 1] if owner.endswith("." + zone) else owner
    return [(owner, m[2], m[3].strip())]


def sections(entry):
    """What one ENTRY says: its lines by section; "" are the lines before the first."""
    found, section = {"": []}, ""
    for line in entry.splitlines():
        line = line.split(";")[0].strip()
        if line.startswith("SECTION"):
            section = line.split()[1]
            found.setdefault(section, [])
        elif line:
            found[section].append(line.split())
    return found


def read_steps(text):
    """(number, kind, entry) of the scenario; TIME_PASSES has no entry."""
    for m in re.finditer(r"^STEP (\d+) (\w+)[^\n]*\n(?:\s*ENTRY_BEGIN\n(.*?)ENTRY_END)?", text,
                         re.S | re.M):
        yield int(m[1]), m[2], sections(m[3] or "")


def world_data(text):
    """Records of the answers that the case's own servers give."""
    ranges = text.split("STEP ")[0].split("SCENARIO_BEGIN")[1]
    for entry in re.findall(r"ENTRY_BEGIN\n(.*?)ENTRY_END", ranges, re.S):
        for words in sections(entry).get("ANSWER", []):
            record = [w for w in words if w != "IN"]
            if record[1] in ("TXT", "A", "CNAME"):
                yield record[0].rstrip(".") + ".", record[1], " ".join(record[2:])


def axfr_data(text, zone):
    """What the case's primary gives when it is asked: the zone after TIME_PASSES."""
    for entry in re.findall(r"ENTRY_BEGIN\n(.*?)ENTRY_END", text, re.S):
        found = sections(entry)
        if found.get("QUESTION", [[]])[0][-1:] == ["AXFR"]:
            return [r for words in found["ANSWER"] for r in
                    read_record(" ".join(words), "", zone) if not words[0].startswith(zone)]
    return None


def policies(records):
    """{owner: policy} as a listing could say it, and the owners that none can."""
    says, cannot = {}, set()
    for owner, kind, data in records:
        policy = POLICIES.get(data) if kind == "CNAME" else "notice"
        if owner == "*" or OTHER_TRIGGERS.search(owner) or policy is None:
            cannot.add(owner)
        else:
            says.setdefault(owner, policy)
    return says, cannot


# --- the servers of a case ---

class World(threading.Thread):
    """Answers what the case's own servers answer, and NXDOMAIN."""

    def __init__(self, data):
        super().__init__(daemon=True)
        self.data = {}
        for owner, kind, rdata in data:
            self.data.setdefault(owner.lower(), []).append((kind, rdata))
        self.port = free_port()
        self.udp = socket.socket(type=socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.start()

    @staticmethod
    def wire_name(name):
        return b"".join(bytes([len(l)]) + l.encode() for l in name.split(".") if l) + b"\0"

    def rdata(self, kind, text):
        if kind == "A":
            return socket.inet_aton(text)
        text = text.strip('"').encode()
        return self.wire_name(text.decode()) if kind == "CNAME" else bytes([len(text)]) + text

    def answer(self, packet):
        at, labels = 12, []
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]].decode().lower())
            at += 1 + packet[at]
        kind = {1: "A", 5: "CNAME", 16: "TXT"}.get(struct.unpack(">H", packet[at + 1:at + 3])[0])
        found = [r for r in self.data.get(".".join(labels) + ".", []) if r[0] in (kind, "CNAME")]
        head = packet[:2] + struct.pack(">5H", 0x8580 | (0 if found else 3), 1, len(found), 0, 0)
        body = b""
        for record_kind, text in found:
            data = self.rdata(record_kind, text)
            number = {"A": 1, "CNAME": 5, "TXT": 16}[record_kind]
            body += b"\xc0\x0c" + struct.pack(">2HIH", number, 1, 60, len(data)) + data
        return head + packet[12:at + 5] + body

    def run(self):
        while True:
            try:
                packet, sender = self.udp.recvfrom(4096)
                self.udp.sendto(self.answer(packet), sender)
            except (OSError, IndexError, struct.error):
                if self.udp.fileno() < 0:
                    return


class Case:
    def __init__(self, name, notice=("--a", NOTICE)):
        self.text = open(os.path.join(CASES, name + ".rpl"), encoding="utf-8").read()
        self.name, self.dir = name, tempfile.mkdtemp()
        self.zones, self.started, self.peers = read_zones(self.text), [], []
        self.asked, self.left_out = 0, []
        self.world, self.port = World(world_data(self.text)), free_port()
        rpz = "".join(self.peer(zone, notice) for zone in self.zones)
        self.unbound("resolver", self.port, 'module-config: "respip iterator"\n'
                     "    do-not-query-localhost: no\n    cache-max-ttl: 0\n",
                     'forward-zone:\n    name: "."\n'
                     f"    forward-addr: 127.0.0.1@{self.world.port}\n{rpz}")

    def unbound(self, name, port, server, rest):
        path = os.path.join(self.dir, name + ".conf")
        with open(path, "w", encoding="utf-8") as f:
            f.write(f'server:\n    interface: 127.0.0.1@{port}\n    username: ""\n    chroot: ""\n'
                    f'    directory: "{self.dir}"\n    pidfile: ""\n    use-syslog: no\n'
                    "    do-daemonize: no\n"
                    f"    access-control: 127.0.0.0/8 allow\n    {server}\n"
                    f"remote-control:\n    control-enable: no\n{rest}")
        log = open(os.path.join(self.dir, name + ".log"), "w", encoding="utf-8")
        self.started.append(subprocess.Popen(["unbound", "-d", "-c", path], stdout=log, stderr=log))

    def peer(self, zone, notice):
        """Serves the zone; gives the resolver's block for it."""
        peer = subprocess.Popen(
            [PEER, "--listen", "127.0.0.1:0", "--zone", zone.name + ".", *notice,
             "--secondary", f"127.0.0.1:{self.port}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.started.append(peer)
        for line in peer.stdout:
            if line.startswith("ready"):
                port = line.split()[1]
                break
        zone.says, zone.cannot = policies(zone.records)
        zone.peer = peer
        self.publish(zone, [f"put {owner} {policy}" for owner, policy in zone.says.items()] +
                     [f"put {owner} nxdomain" for owner in zone.cannot if owner == "*"])
        options = "".join(f"    {o}\n" for o in zone.options)
        return f'rpz:\n    name: "{zone.name}"\n    primary: 127.0.0.1@{port}\n{options}'

    @staticmethod
    def publish(zone, lines):
        zone.peer.stdin.write("\n".join(lines + ["publish\n"]))
        zone.peer.stdin.flush()

    def close(self):
        for process in self.started:
            process.kill()
            process.wait()
        self.world.udp.close()
        shutil.rmtree(self.dir)

    # --- asking ---

    def dig(self, name, kind, is_tcp):
        transport = "+tcp" if is_tcp else "+notcp"
        out = subprocess.run(["dig", "+time=2", "+tries=2", transport, "+ignore",
                              "-p", str(self.port), "@127.0.0.1", name, kind],
                             capture_output=True, text=True, check=False).stdout
        flags = re.search(r"^;; flags: ([a-z ]*);", out, re.M)
        rcode = re.search(r"status: (\w+)", out)
        answer = re.search(r"^;; ANSWER SECTION:\n(.*?)\n\n", out, re.S | re.M)
        records = sorted(" ".join(l.split()[:1] + l.split()[3:]) for l in answer[1].splitlines()) \
            if answer else []
        is_cut = flags is not None and "tc" in flags[1].split()
        return (rcode[1] if rcode else "nothing", is_cut, records)

    def local_data(self):
        """The texts that a zone's own records would give, where the notice stands now."""
        return {data for zone in self.zones for _, kind, data in zone.records if kind != "CNAME"}

    def wanted(self, check, question):
        """(rcode, is truncated, records), what to ask for, or None when no listing says it."""
        name, kind = question[0], question[-1]
        reply = next(w for w in check[""] if w[0] == "REPLY")
        rcode = next(w for w in reply if w in ("NOERROR", "NXDOMAIN", "REFUSED"))
        records, local = [], self.local_data()
        for words in check.get("ANSWER", []):
            words = [w for w in words if w != "IN"]
            owner, data = words[0].rstrip(".") + ".", " ".join(words[2:])
            if data in local and words[1] == kind:
                kind_now, data = "A", NOTICE
            else:
                kind_now = words[1]
            records.append(f"{owner} {kind_now} {data}")
        kinds = {r.split()[1] for r in records if r.split()[1] != "CNAME"}
        kind = kinds.pop() if len(kinds) == 1 else kind
        return (rcode, "TC" in reply, sorted(set(records))), (name, kind)

    def depends_on_cannot(self, name):
        """Is the name one that a zone speaks of in a way that no listing can?"""
        name = name.rstrip(".")
        parts = name.split(".")
        above = {name} | {"*." + ".".join(parts[i:]) for i in range(1, len(parts))} | {"*"}
        return any(above & zone.cannot for zone in self.zones) or OTHER_TRIGGERS.search(name)

    def check(self, number, want, ask, is_tcp):
        self.asked += 1
        end = time.monotonic() + 10
        while (got := self.dig(*ask, is_tcp)) != want:
            if time.monotonic() > end:
                faults.append(f"{self.name} step {number}: {ask} gives {got}, not {want}")
                print("FAULT:", faults[-1])
                return
            time.sleep(0.05)

    def play(self):
        question, is_tcp = None, False
        for number, kind, entry in read_steps(self.text):
            if kind == "QUERY":
                question = entry["QUESTION"][0]
                is_tcp = ["MATCH", "TCP"] in entry[""]
            elif kind == "TIME_PASSES":
                self.zone_anew()
            elif kind == "CHECK_ANSWER":
                if self.depends_on_cannot(question[0]):
                    self.left_out.append(f"{number - 1}:{question[0]}")
                    continue
                self.check(number, *self.wanted(entry, question), is_tcp)
        print(f"{self.name}: {self.asked} answers; left out: {' '.join(self.left_out) or 'none'}")

    def zone_anew(self):
        """The second state of a case's zone: ours takes it by what changes."""
        zone = self.zones[0]
        records = axfr_data(self.text, zone.name)
        says, zone.cannot = policies(records)
        self.publish(zone, [f"lift {owner}" for owner in zone.says if owner not in says] +
                     [f"put {owner} {policy}" for owner, policy in says.items()])
        zone.says, zone.records = says, records


def root_wildcard():
    """The case blocks every name there is; a zone of ours must never say that."""
    case = Case("rpz_rootwc")
    case.check(0, ("NXDOMAIN", False, []), ("a", "TXT"), False)  # the zone has come over
    case.check(0, ("NOERROR", False, ['c.a. TXT "answer from upstream ns"']), ("c.a", "TXT"), False)
    case.world.data["x."] = case.world.data["y.tld."] = [("TXT", '"free"')]
    for name in ("x.", "y.tld."):
        case.check(0, ("NOERROR", False, [name + ' TXT "free"']), (name, "TXT"), False)
    print(f"rpz_rootwc: the wildcard of everything is refused; {case.asked} answers without it")
    case.close()


def cname_wildcard():
    """A notice by name. That the resolver finds it behind another CNAME is a repair of Unbound's
    later than Debian's 1.17, whoever the zone comes from: asked for directly."""
    case = Case("rpz_cname_wild", ("--cname", "static.gotham6.a."))
    case.publish(case.zones[0], ["put *.gotham5.a notice"])  # the case's target is our notice host
    for name in ("host.gotham5.a.", "b.host.gotham5.a."):
        case.check(20, ("NOERROR", False, [f"{name} CNAME static.gotham6.a.",
                                           "static.gotham6.a. A 1.2.3.4"]), (name, "A"), False)
    print(f"rpz_cname_wild: {case.asked} answers; left out: 20:www.gotham.a. 40:www.gotham2.a.")
    case.close()


for name in ("rpz_qname", "rpz_passthru", "rpz_qname_override", "rpz_axfr"):
    case = Case(name)
    case.play()
    case.close()
cname_wildcard()
root_wildcard()
print("left out whole: rpz_clientip, rpz_respip: triggers that no listing makes")
print(f"{len(faults)} faults")
sys.exit(1 if faults else 0)
