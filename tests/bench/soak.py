# SPDX-License-Identifier: Apache-2.0
"""What tests/bench/soak.sh does and measures: see there."""
import http.client
import json
import random
import socket
import statistics
import struct
import sys
import threading
import time

DIR, HTTP, ANN, BOB, NAMES = sys.argv[1], int(sys.argv[2]), *sys.argv[3:5], int(sys.argv[5])
WHAT = sys.argv[6:]
NOTICE, TRUTH = "192.0.2.80", "203.0.113.7"
PATIENCE = 60
CHURN = 1000        # entries that vanish from the list, and as many new ones, each minute
DECIDE_EVERY_S = 2  # an approval, and a lift
LIST_EVERY_S = 60
LOOK_EVERY_S = 10   # memory
AGAIN_S = 1         # a question without an answer is asked again
SLOW_S = 0.1        # what an update may delay an answer by
WATCH_EVERY_S = 0.01


def call(token, method, path, body, kind="application/json"):
    peer = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=600)
    head = {"Authorization": "Bearer " + token, "Content-Type": kind}
    peer.request(method, path, body if isinstance(body, bytes) else json.dumps(body), head)
    reply = peer.getresponse()
    answer = json.loads(reply.read() or b"{}")
    if reply.status >= 300:
        sys.exit(f"{path}: {reply.status} {answer}")
    return answer


def name_of(i):
    """A hundred names to an owner, so that no list looks as if it were of one."""
    return f"soak{i}.first-list.example" if i < 50 else f"n{i}.shop{i // 100:x}.top"


def take(first):
    text = "".join(name_of(i) + "\n" for i in [*range(50), *range(50 + first, NAMES + first)])
    return call(ANN, "POST", "/v1/sources/soak/lists", text.encode(), "text/plain")


def fill():
    call(ANN, "POST", "/v1/sources", {
        "name": "soak", "role": "enforces", "kind": "domain", "action": "block", "match": "suffix",
        "reason": "phishing", "basis": "fraud_law_32", "licence": "CC0-1.0", "origin": "bench",
        "term_days": 30})
    call(BOB, "POST", "/v1/sources/soak/approve", {})
    begin = time.monotonic()
    took = take(0)
    print(f"{NAMES} domains taken in within {time.monotonic() - begin:.1f} s: {took['state']}")
    random.seed(1)
    with open(f"{DIR}/questions", "w", encoding="ascii") as file:
        for i in range(20000):
            stays = name_of(random.randrange(NAMES // 2, NAMES))  # not among those that vanish
            print(stays if i % 2 else f"free{random.randrange(5000)}.example", "A", file=file)


def answer(port, name, within_s):
    """The address, "" for an answer without one, None when there was no answer in time."""
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.connect(("127.0.0.1", port))
        peer.settimeout(within_s)
        labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
        try:
            peer.send(struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1")
            reply = peer.recv(4096)
        except (TimeoutError, ConnectionRefusedError):
            return None
    at = 12 + len(labels) + 5 + 12
    return socket.inet_ntoa(reply[at:at + 4]) if len(reply) >= at + 4 else ""


def until_answer(port, name, wanted, begin):
    while time.monotonic() - begin < PATIENCE:
        if answer(port, name, AGAIN_S) == wanted:
            return time.monotonic() - begin
        time.sleep(0.005)
    return None


class Watch(threading.Thread):
    """Asks one resolver for the same name, again and again, and remembers when it was slow: what
    the centre was doing then, and how long nothing came. A question without an answer is asked
    again after AGAIN_S; where that one is answered at once, the first was lost, not late."""

    def __init__(self, who, port, doing):
        super().__init__(daemon=True)
        self.who, self.port, self.doing = who, port, doing
        self.asked, self.lost, self.slow, self.is_over = 0, 0, [], False

    def run(self):
        begin = time.monotonic()
        while not self.is_over:
            during = self.doing[0]
            asked_at = asked_last = time.monotonic()
            while answer(self.port, name_of(11), AGAIN_S) is None and not self.is_over:
                asked_last = time.monotonic()
                self.lost += 1
            ended = time.monotonic()
            self.asked += 1
            silent = ended - asked_at
            if silent > SLOW_S:
                alone = AGAIN_S < silent < 2 * AGAIN_S and ended - asked_last < SLOW_S
                why = "one lost, or just late" if alone else during
                self.slow.append((silent, asked_at - begin, why))
            time.sleep(WATCH_EVERY_S)

    def say(self):
        self.is_over = True
        self.slow.sort(reverse=True)
        print(f"{self.who}: asked {self.asked} times without a pause, {len(self.slow)} answers"
              f" after more than {1000 * SLOW_S:.0f} ms, {self.lost} asked again")
        for silent, at, during in self.slow[:5]:
            print(f"{self.who}: {1000 * silent:.0f} ms at {at:.0f} s, during: {during}")


def pss_mib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(l.split()[1]) // 1024 for l in file if l.startswith("Pss:"))


class Soak:
    def __init__(self, seconds, pid, places):
        self.ends = time.monotonic() + seconds
        self.places = [(who, int(port), int(pid)) for who, port, pid in
                       (p.split(":") for p in places)]
        self.pids = {"yumen": int(pid), **{who: pid for who, _, pid in self.places}}
        self.memory = {who: [] for who in self.pids}
        self.waits = {who: [] for who, _, _ in self.places}
        self.missed, self.decisions, self.lists, self.in_force = 0, 0, 0, []
        self.doing = [""]
        self.watches = [Watch(who, port, self.doing) for who, port, _ in self.places]

    def see(self, name, wanted, begin):
        for who, port, _ in self.places:
            wait = until_answer(port, name, wanted, begin)
            if wait is None:
                print(f"FAULT: {who} does not answer {wanted} for {name}")
                self.missed += 1
            else:
                self.waits[who].append(wait)

    def decide(self):
        name = f"one{self.decisions}.decided.example"
        body = {"kind": "domain", "value": name, "action": "block", "reason": "phishing",
                "basis": "fraud_law_32", "source": "bench", "evidence": "seen",
                "until": int((time.time() + 30 * 86400) * 1000)}
        listing = call(ANN, "POST", "/v1/listings", body)["listing"]
        begin = time.monotonic()
        call(BOB, "POST", f"/v1/listings/{listing}/approve", {})
        self.see(name, NOTICE, begin)
        self.in_force.append((name, listing))
        if len(self.in_force) > 20:
            name, listing = self.in_force.pop(0)
            begin = time.monotonic()
            call(BOB, "POST", f"/v1/listings/{listing}/lift", {"why": "bench"})
            self.see(name, TRUTH, begin)
        self.decisions += 1

    def run(self):
        for watch in self.watches:
            watch.start()
        due = {self.decide: DECIDE_EVERY_S, self.renew: LIST_EVERY_S, self.look: LOOK_EVERY_S}
        at = {act: time.monotonic() + every for act, every in due.items()}
        while time.monotonic() < self.ends:
            act = min(at, key=at.get)
            time.sleep(max(0, at[act] - time.monotonic()))
            at[act] = max(at[act] + due[act], time.monotonic())
            self.doing[0] = act.__name__
            act()
            self.doing[0] = "after " + act.__name__
        self.say()

    def renew(self):
        self.lists += 1
        took = take(self.lists * CHURN % (NAMES // 2))
        if took["state"] != "done":
            print(f"FAULT: a list is {took['state']}: {took}")
            self.missed += 1

    def look(self):
        for who, pid in self.pids.items():
            self.memory[who].append(pss_mib(pid))

    def say(self):
        print(f"{self.decisions} approvals, {self.decisions - len(self.in_force)} lifts,"
              f" {self.lists} lists with {CHURN} entries gone and {CHURN} new;"
              f" {self.missed} not seen within {PATIENCE} s")
        for who, waits in self.waits.items():
            ms = sorted(1000 * w for w in waits) or [0]
            print(f"{who}: a decision is seen within {statistics.median(ms):.0f} ms (median),"
                  f" {ms[len(ms) * 99 // 100]:.0f} (99 of 100), {ms[-1]:.0f} (most)")
        for watch in self.watches:
            watch.say()
        for who, mib in self.memory.items():
            fifths = (mib[k * len(mib) // 5:(k + 1) * len(mib) // 5] or mib for k in range(5))
            print(f"{who}: MiB Pss at the start {mib[0]}, means of each fifth " +
                  ", ".join(f"{statistics.mean(fifth):.0f}" for fifth in fifths))


if WHAT[0] == "fill":
    fill()
else:
    Soak(int(WHAT[1]), WHAT[2], WHAT[3:]).run()
