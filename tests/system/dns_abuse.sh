#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: whoever floods, dribbles, sits, lies or loops, a declared secondary gets its changes before
#   the gate gives up on anybody (docs/benchmarks.md says how soon), and it neither grows nor falls.
# Method: dns_peer on loopback; attackers on 127.0.0.9 to .60, the secondary on 127.0.0.1, fifty
#   more on 127.0.2.*; a change is published and fetched by IXFR in the middle of each attack.
set -uo pipefail
: "${DNS_PEER:?}"
exec python3 - "$DNS_PEER" <<'PY'
import os, random, re, select, socket, struct, subprocess, sys, threading, time

random.seed(20261122)
PRIMARY = "127.0.0.1"
NAME = b"\3rpz\5yumen\0"
AXFR, IXFR, SOA = 252, 251, 6
faults = []

def fault(text):
    faults.append(text)
    print("FAULT:", text)

# --- the gate, and what it says ---
notify = socket.socket(type=socket.SOCK_DGRAM)
notify.bind((PRIMARY, 0))
many = []
for i in range(1, 51):
    ear = socket.socket(type=socket.SOCK_DGRAM)
    ear.bind((f"127.0.2.{i}", 0))
    many.append(ear)
told = [a for e in many for a in ("--secondary", "%s:%d" % e.getsockname())]
gate = subprocess.Popen(
    [sys.argv[1], "--listen", PRIMARY + ":0", "--a", "192.0.2.80",
     "--secondary", f"{PRIMARY}:{notify.getsockname()[1]}", *told],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
notes, ready, lock = {}, threading.Event(), threading.Lock()
port = 0

def listen():
    global port
    for line in gate.stdout:
        words = line.split()
        if words[0] == "ready":
            port = int(words[1])
            ready.set()
        if words[0] == "note":
            with lock:
                notes[words[1]] = notes.get(words[1], 0) + 1

threading.Thread(target=listen, daemon=True).start()
if not ready.wait(20):
    sys.exit("the gate does not start")

def say(*lines):
    gate.stdin.write("\n".join(lines) + "\n")
    gate.stdin.flush()

def question(kind, serial=0):
    soa = b"\xc0\x0c" + struct.pack(">HHIH", SOA, 1, 0, 22) + b"\0\0"
    soa += struct.pack(">5I", serial, 0, 0, 0, 0)
    head = struct.pack(">6H", random.getrandbits(16), 0, 1, 0, int(kind == IXFR), 0)
    return head + NAME + struct.pack(">HH", kind, 1) + (soa if kind == IXFR else b"")

def framed(packet):
    return struct.pack(">H", len(packet)) + packet

def connect(source, wait=8):
    s = socket.socket()
    s.settimeout(wait)
    s.bind((source, 0))
    s.connect((PRIMARY, port))
    return s

def take(s):
    data = b""
    while len(data) < 2 or len(data) < 2 + struct.unpack(">H", data[:2])[0]:
        piece = s.recv(65536)
        if not piece:
            return b""
        data += piece
    return data[2:]

serial = 1
PATIENCE_S = 8 # nobody is closed for idling, dribbling or not reading before 10

def secondary_is_served(during):
    """A change is published, fetched by IXFR, and there before the gate gives up on anybody."""
    global serial
    begin = time.monotonic()
    say(f"put during-{serial}.example notice", "publish")
    serial += 1
    fetched = False
    while not fetched and time.monotonic() - begin < PATIENCE_S:
        try:
            with connect(PRIMARY) as s:
                s.sendall(framed(question(IXFR, serial - 1)))
                fetched = struct.unpack(">H", take(s)[6:8])[0] == 5
        except (OSError, struct.error):
            pass
        time.sleep(0.01)
    ms = (time.monotonic() - begin) * 1000
    print(f"  {ms:5.0f} ms for a change during {during}")
    if not fetched:
        fault(f"the secondary waits for more than {PATIENCE_S} s during {during}")

def memory_kb():
    with open(f"/proc/{gate.pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])

say("fill 50000", "publish")
serial += 1
secondary_is_served("peace")
before_kb = memory_kb()

def everybody_is_served(during):
    """A change is published: each of the fifty hears of it and has fetched it."""
    global serial
    for ear in many: # what they heard of earlier changes
        ear.setblocking(False)
        try:
            while True:
                ear.recv(4096)
        except BlockingIOError:
            pass
    begin = time.monotonic()
    say(f"put all-{serial}.example notice", "publish")
    serial += 1
    waiting = set(many)
    while waiting and time.monotonic() - begin < PATIENCE_S:
        for ear in select.select(list(waiting), [], [], 0.1)[0]:
            packet, sender = ear.recvfrom(4096)
            answer = bytearray(packet)
            answer[2] |= 0x80
            answer[6:8] = b"\0\0"
            ear.sendto(bytes(answer[:12 + len(NAME) + 4]), sender)
            with connect(ear.getsockname()[0]) as s:
                s.sendall(framed(question(IXFR, serial - 1)))
                if struct.unpack(">H", take(s)[6:8])[0] == 5:
                    waiting.remove(ear)
    ms = (time.monotonic() - begin) * 1000
    print(f"  {ms:5.0f} ms until fifty secondaries have a change during {during}")
    if waiting:
        fault(f"{len(waiting)} of fifty secondaries do not have the change during {during}")

print("== fifty secondaries")
everybody_is_served("peace")

print("== thousands of idle connections")
idle = []
for i in range(3000):
    try:
        idle.append(connect(f"127.0.0.{9 + i % 50}"))
    except OSError:
        pass
    if i % 1000 == 500:
        secondary_is_served("idle connections")
def turned_away():
    with lock:
        return notes.get("turned-away", 0)
end = time.monotonic() + 60 # they are told one by one
while turned_away() < 2500 and time.monotonic() < end:
    time.sleep(0.05)
turned_away = turned_away()
print(f"  {turned_away} turned away")
if turned_away < 2500:
    fault(f"only {turned_away} of 3000 were turned away")

print("== a question, one byte a second")
def dribble():
    for s in idle: # the ones that still sit there send nothing more than this
        try:
            s.send(b"\0")
        except OSError:
            pass
for _ in range(12):
    dribble()
    time.sleep(1)
secondary_is_served("dribble")
alive = 0
end = time.monotonic() + 60
for s in idle:
    s.settimeout(max(0.01, end - time.monotonic()))
    try:
        alive += s.recv(1) != b""
    except TimeoutError:
        alive += 1
    except OSError:
        pass
    s.close()
if alive:
    fault(f"{alive} idle connections outlived their time")

print("== bytes that are no question")
udp = socket.socket(type=socket.SOCK_DGRAM)
udp.bind(("127.0.0.9", 0))
udp.setblocking(False)
whole = question(IXFR, 1)
for i in range(20000):
    bad = bytearray(whole if i % 2 else os.urandom(random.randrange(0, 600)))
    for _ in range(random.randrange(4)):
        if bad:
            bad[random.randrange(len(bad))] = random.randrange(256)
    udp.sendto(bytes(bad[:random.randrange(len(bad) + 1)]), (PRIMARY, port))
    try:
        while True:
            if len(udp.recv(65535)) > 600:
                fault("a stranger got more than he can have sent")
    except BlockingIOError:
        pass
secondary_is_served("noise by UDP")
for i in range(500):
    try:
        with connect("127.0.0.10") as s:
            s.sendall(framed(os.urandom(random.randrange(12, 300))) if i % 2 else os.urandom(50))
    except OSError:
        pass
secondary_is_served("noise by TCP")

print("== AXFR in a loop")
given, begin = 0, time.monotonic()
for _ in range(200):
    with connect(PRIMARY) as s:
        s.sendall(framed(question(AXFR)))
        answer = take(s)
        given += len(answer) > 3 and answer[3] & 15 == 0
took = time.monotonic() - begin
print(f"  {given} of 200 were given in {took:.1f} s")
if given > 20 + took / 5: # sixteen at once, then one in five seconds
    fault("a loop of AXFR is not bounded")
secondary_is_served("a loop of AXFR")

print("== transfers that nobody reads")
stuck = []
for i in range(16):
    s = connect(PRIMARY)
    s.sendall(framed(question(IXFR, 1)) * 20) # 1.4 MB each, fifty thousand names
    stuck.append(s)
secondary_is_served("stuck transfers")
everybody_is_served("stuck transfers")
for s in stuck:
    s.close()
time.sleep(0.3)

after_kb = memory_kb()
print(f"memory {before_kb} kB before, {after_kb} kB after")
if after_kb > before_kb + 32000:
    fault("memory has grown")
say("quit")
if gate.wait(10) != 0:
    fault(f"the gate ended with {gate.returncode}")
print("notes:", dict(sorted(notes.items())))
sys.exit(1 if faults else 0)
PY
