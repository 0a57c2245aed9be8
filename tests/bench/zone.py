# SPDX-License-Identifier: Apache-2.0
"""What tests/bench/zone.sh measures: rates of intake and approval, times to a changed answer."""
import http.client
import json
import socket
import statistics
import struct
import sys
import threading
import time

HTTP, BIND, UNBOUND = (int(a) for a in sys.argv[1:4])
ANN, BOB, TRUTH, NOTICE = sys.argv[4:8]
NAMES = int(sys.argv[8])
RESOLVERS = {"BIND": BIND, "Unbound": UNBOUND}
CHUNK = 100000  # rows a request: well below its 32 MiB
SINGLES = 20


def call(token, path, body, kind="application/json"):
    peer = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=900)
    head = {"Authorization": "Bearer " + token, "Content-Type": kind}
    peer.request("POST", path, body, head)
    reply = peer.getresponse()
    answer = json.loads(reply.read())
    if reply.status >= 300:
        sys.exit(f"{path}: {reply.status} {answer}")
    return answer


def question(name, number):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    return struct.pack(">6H", number, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def address(reply, asked):
    """The first answer's address; its owner is a pointer to the question. Empty without one."""
    if struct.unpack(">H", reply[6:8])[0] == 0:
        return ""
    kind, = struct.unpack(">H", reply[len(asked) + 2:len(asked) + 4])
    return socket.inet_ntoa(reply[len(asked) + 12:len(asked) + 16]) if kind == 1 else ""


def watch(port, name, wanted, since, found, key):
    """Asks until the answer is as wanted and notes how long after `since` that was."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.connect(("127.0.0.1", port))
    peer.settimeout(1)
    for number in range(30000):
        try:
            asked = question(name, number)
            peer.send(asked)
            if address(peer.recv(4096), asked) == wanted:
                found[key] = time.monotonic() - since
                return
        except (socket.timeout, ConnectionRefusedError):
            pass
        time.sleep(0.002)


def times_to(names, wanted, act):
    """Seconds from the beginning of `act` to each resolver's first wanted answer for each name."""
    found = {}
    since = time.monotonic()
    watchers = [threading.Thread(target=watch, args=(port, name, wanted, since, found, (who, name)))
                for who, port in RESOLVERS.items() for name in names]
    for watcher in watchers:
        watcher.start()
    act()
    found["act"] = time.monotonic() - since
    for watcher in watchers:
        watcher.join()
    return found


def row(name, until_ms):
    return f"domain,{name},block,phishing,fraud_law_32,bench,{until_ms}\n"


def load(until_ms):
    """All names, by feed and batch."""
    for start in range(0, NAMES, CHUNK):
        end = min(start + CHUNK, NAMES)
        rows = "kind,value,action,reason,basis,source,until\n" + "".join(
            row(f"n{i}.d{i % 997}.example", until_ms) for i in range(start, end))
        begin = time.monotonic()
        batch = call(ANN, "/v1/feeds/listings", rows, "text/csv")
        took = time.monotonic() - begin
        assert batch["accepted"] == end - start, batch
        print(f"intake of {end - start}: {took:.2f} s, {(end - start) / took:.0f} rows/s")
        first, last = (f"n{i}.d{i % 997}.example" for i in (start, end - 1))
        path = f"/v1/batches/{batch['batch']}/approve"
        found = times_to([first, last], NOTICE, lambda path=path: call(BOB, path, "{}"))
        took = found["act"]
        print(f"approval of {end - start}: {took:.2f} s, {(end - start) / took:.0f} a second")
        for who in RESOLVERS:
            print(f"  {who}: first name blocked {found[who, first]:.2f} s after the batch was sent "
                  f"for approval, last name {found[who, last] - took:+.2f} s after it was approved")


def spread(seconds):
    ms = sorted(1000 * s for s in seconds)
    return f"median {statistics.median(ms):.0f} ms, least {ms[0]:.0f}, most {ms[-1]:.0f}"


def singles(until_ms):
    """One more name, many times over: approval, then lift."""
    blocked = {who: [] for who in RESOLVERS}
    lifted = {who: [] for who in RESOLVERS}
    for i in range(SINGLES):
        name = f"single{i}.example"
        body = {"kind": "domain", "value": name, "action": "block", "reason": "phishing",
                "basis": "fraud_law_32", "source": "bench", "until": until_ms, "evidence": "seen"}
        path = f"/v1/listings/{call(ANN, '/v1/listings', json.dumps(body))['listing']}"
        times_to([name], TRUTH, lambda: None)  # both have it in their caches now
        found = times_to([name], NOTICE, lambda path=path: call(BOB, path + "/approve", "{}"))
        for who in RESOLVERS:
            blocked[who].append(found[who, name])
        body = json.dumps({"why": "bench"})
        found = times_to([name], TRUTH,
                         lambda path=path, body=body: call(BOB, path + "/lift", body))
        for who in RESOLVERS:
            lifted[who].append(found[who, name])
    for who in RESOLVERS:
        print(f"{who}, {NAMES} names in force, {SINGLES} times, from sending the request:")
        print(f"  approval to blocked: {spread(blocked[who])}")
        print(f"  lift to true:        {spread(lifted[who])}")


until = int((time.time() + 30 * 86400) * 1000)
load(until)
singles(until)
