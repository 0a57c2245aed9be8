# SPDX-License-Identifier: Apache-2.0
"""What tests/bench/resolvers.sh measures: see there."""
import http.client
import json
import multiprocessing
import os
import socket
import statistics
import struct
import sys
import time

HTTP, DNS = int(sys.argv[1]), int(sys.argv[2])
ANN, BOB = sys.argv[3:5]
TIMES = int(sys.argv[5])
WHAT = sys.argv[6:]
NOTICE, TRUTH = "192.0.2.80", "203.0.113.7"
ZONE = b"\3rpz\5yumen\0"
RATE = 200  # other people's queries a second
PATIENCE = 60


def call(token, path, body):
    peer = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=PATIENCE)
    head = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    peer.request("POST", path, json.dumps(body), head)
    reply = peer.getresponse()
    answer = json.loads(reply.read())
    if reply.status >= 300:
        sys.exit(f"{path}: {reply.status} {answer}")
    return answer


def propose(name):
    body = {"kind": "domain", "value": name, "action": "block", "reason": "phishing",
            "basis": "fraud_law_32", "source": "bench", "evidence": "seen",
            "until": int((time.time() + 30 * 86400) * 1000)}
    return f"/v1/listings/{call(ANN, '/v1/listings', body)['listing']}"


def question(name, number, kind=1):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split(".") if l)
    return struct.pack(">6H", number & 65535, 0x100, 1, 0, 0, 0) + labels + b"\0" + \
        struct.pack(">2H", kind, 1)


def address(reply, asked):
    """The first answer's address; its owner is a pointer to the question. Empty without one."""
    if struct.unpack(">H", reply[6:8])[0] == 0:
        return ""
    kind, = struct.unpack(">H", reply[len(asked) + 2:len(asked) + 4])
    return socket.inet_ntoa(reply[len(asked) + 12:len(asked) + 16]) if kind == 1 else ""


def spread(seconds):
    ms = sorted(1000 * s for s in seconds)
    return f"median {statistics.median(ms):.0f} ms, least {ms[0]:.0f}, most {ms[-1]:.0f}"


# --- Yumen's own share: approval sent, NOTIFY heard, IXFR read to its end ---

def take(peer, size):
    data = b""
    while len(data) < size:
        piece = peer.recv(size - len(data))
        if not piece:
            sys.exit("the transfer was cut off")
        data += piece
    return data


def transfer(kind, serial):
    """Bytes of an answer, read to its end: the second SOA that it ends with is its last record."""
    with socket.socket() as peer:
        peer.bind(("127.0.0.6", 0))
        peer.connect(("127.0.0.1", DNS))
        soa = b"\xc0\x0c" + struct.pack(">HHIH", 6, 1, 0, 22) + b"\0\0" + \
            struct.pack(">5I", serial, 0, 0, 0, 0)
        ask = struct.pack(">6H", 7, 0, 1, 0, int(kind == 251), 0) + ZONE + \
            struct.pack(">2H", kind, 1) + (soa if kind == 251 else b"")
        peer.sendall(struct.pack(">H", len(ask)) + ask)
        peer.shutdown(socket.SHUT_WR)
        total = 0
        while True:
            size = peer.recv(1, socket.MSG_WAITALL)
            if not size:
                return total
            size += take(peer, 1)
            total += len(take(peer, struct.unpack(">H", size)[0]))


def own():
    hear = socket.socket(type=socket.SOCK_DGRAM)
    hear.bind(("127.0.0.6", 5399))
    hear.settimeout(PATIENCE)
    wire = socket.socket(type=socket.SOCK_DGRAM)
    wire.connect(("127.0.0.1", DNS))

    def heard():
        packet, sender = hear.recvfrom(4096)
        hear.sendto(packet[:2] + bytes([packet[2] | 0x80]) + packet[3:6] + b"\0\0" + packet[8:12] +
                    packet[12:12 + len(ZONE) + 4], sender)
        return time.monotonic()

    def serial_now():
        wire.send(question("rpz.yumen", 1, 6))
        reply = wire.recv(4096)
        return struct.unpack(">I", reply[-20:-16])[0]

    times, whole = [], []
    heard()
    for i in range(TIMES):
        path, serial = propose(f"own{os.getpid()}-{i}.example"), serial_now()
        begin = time.monotonic()
        call(BOB, path + "/approve", {})
        heard()
        transfer(251, serial)
        times.append(time.monotonic() - begin)
    print(f"yumen's own share, approval sent to IXFR served: {spread(times)}")
    for _ in range(3):
        begin = time.monotonic()
        size = transfer(252, 0)
        whole.append(time.monotonic() - begin)
    print(f"yumen's AXFR of {size / 1e6:.1f} MB, unsigned: {spread(whole)}")


# --- a resolver ---

def probe(port, is_over, found):
    """Asks for innocent names at RATE, cached ones and new ones: how long each answer takes."""
    peer = socket.socket(type=socket.SOCK_DGRAM)
    peer.connect(("127.0.0.1", port))
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sent, waits, number = {}, [], 0
    begin = over = time.monotonic()
    while not is_over.is_set() or (sent and time.monotonic() - over < 20):
        now = time.monotonic()
        if is_over.is_set() and number >= 0:
            over, number = now, -1
        if number >= 0 and now >= begin + number / RATE:
            is_new = number % 4 == 0
            name = f"new{number}-{os.getpid()}.example" if is_new else f"free{number % 50}.example"
            peer.send(question(name, number))
            sent[number & 65535] = now
            number += 1
            continue
        peer.settimeout(0.001)
        try:
            reply = peer.recv(4096)
            waits.append(time.monotonic() - sent.pop(struct.unpack(">H", reply[:2])[0], now))
        except (socket.timeout, ConnectionRefusedError):
            pass
    found.put((len(waits), len(sent), max(waits), sorted(waits)[len(waits) // 2]))


def until_answer(port, name, wanted, begin):
    peer = socket.socket(type=socket.SOCK_DGRAM)
    peer.connect(("127.0.0.1", port))
    peer.settimeout(PATIENCE)
    for number in range(100000):
        asked = question(name, number)
        peer.send(asked)
        try:
            while struct.unpack(">H", (reply := peer.recv(4096))[:2])[0] != number & 65535:
                pass
        except ConnectionRefusedError:
            continue
        if address(reply, asked) == wanted:
            return time.monotonic() - begin
        if time.monotonic() - begin > PATIENCE:
            break
        time.sleep(0.002)
    sys.exit(f"{name} is not {wanted}")


def resolver(who, port):
    blocked, lifted, stalls = [], [], []
    for i in range(TIMES):
        name = f"one{os.getpid()}-{i}.example"
        path = propose(name)
        until_answer(port, name, TRUTH, time.monotonic())  # it has the name in its cache now
        is_over, found = multiprocessing.Event(), multiprocessing.Queue()
        prober = multiprocessing.Process(target=probe, args=(port, is_over, found))
        prober.start()
        time.sleep(0.5)
        begin = time.monotonic()
        call(BOB, path + "/approve", {})
        blocked.append(until_answer(port, name, NOTICE, begin))
        time.sleep(0.5)
        begin = time.monotonic()
        call(BOB, path + "/lift", {"why": "bench"})
        lifted.append(until_answer(port, name, TRUTH, begin))
        time.sleep(0.5)
        is_over.set()
        stalls.append(found.get())
        prober.join()
    print(f"{who}: approval to blocked, cached a moment before: {spread(blocked)}")
    print(f"{who}: lift to true: {spread(lifted)}")
    answered, lost = (sum(s[i] for s in stalls) for i in (0, 1))
    usual = 1000 * statistics.median(s[3] for s in stalls)
    print(f"{who}: {answered} other queries at {RATE}/s during {2 * TIMES} updates: {lost} lost,"
          f" median {usual:.1f} ms, slowest of each time {spread([s[2] for s in stalls])}")


if WHAT[0] == "own":
    own()
else:
    resolver(WHAT[1], int(WHAT[2]))
