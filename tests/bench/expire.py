# SPDX-License-Identifier: Apache-2.0
"""
Goal: say what it costs when all listings of a store end in one second, and how long a decision of
  two people waits meanwhile.
Method: a drill that has been filled, with the users lin2 (analyst) and chen2 (approver), is served;
  its clock (leap.c) leaps beyond all terms; two people propose and approve until nothing is left to
  end, or the time is up. Processor time is that of the program's own threads. libfaketime will not
  do: it makes each wait for a condition long, with the mutex held that others then wait for.

    expire.py YUMEN DATA PORT SECONDS PASSWORD
"""
import datetime as dt
import glob
import http.client
import json
import os
import statistics
import struct
import subprocess
import sys
import time

YUMEN, DATA, PORT, SECONDS, PASSWORD = (*sys.argv[1:3], int(sys.argv[3]), float(sys.argv[4]),
                                        sys.argv[5])
CLOCK = DATA + ".clock"
LEAP_DAYS = 91


def move(seconds):
    with open(CLOCK, "r+b" if os.path.exists(CLOCK) else "w+b") as file:
        file.write(struct.pack("=q", seconds))


def serve():
    shim = CLOCK + ".so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim,
                    os.path.join(os.path.dirname(__file__), "leap.c")], check=True)
    move(0)
    return subprocess.Popen([YUMEN, "serve", "--data", DATA, "--listen", f"127.0.0.1:{PORT}"],
                            env={**os.environ, "LD_PRELOAD": shim, "LEAP": CLOCK},
                            stdout=subprocess.DEVNULL)


def ask(method, path, body=None, cookie=None):
    headers = {"Origin": f"http://127.0.0.1:{PORT}", "Content-Type": "application/json"}
    if cookie:
        headers["Cookie"] = cookie
    link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    try:
        link.request(method, path, None if body is None else json.dumps(body), headers)
        answer = link.getresponse()
        text = answer.read()
        assert answer.status < 300, (path, answer.status, text)
        return text, answer.getheader("Set-Cookie")
    finally:
        link.close()


def await_ready():
    for _ in range(600):
        try:
            ask("GET", "/readyz")
            return
        except (OSError, AssertionError):
            time.sleep(0.1)
    sys.exit("it does not start")


def sign_in(name):
    _, cookie = ask("POST", "/v1/sessions", {"name": name, "password": PASSWORD})
    return cookie.split(";")[0]


def processor_s(pid):
    spent = {}
    for task in glob.glob(f"/proc/{pid}/task/*/stat"):
        with open(task, encoding="ascii") as file:
            said = file.read()
        name, rest = said[said.index("(") + 1:said.rindex(")")], said[said.rindex(")") + 2:].split()
        spent[name] = spent.get(name, 0) + (int(rest[11]) + int(rest[12])) / 100
    return spent


def in_force(cookie):
    return json.loads(ask("GET", "/v1/centre", cookie=cookie)[0])["counts"]["in_force"]


def decide(number, until, analyst, approver):
    """Proposes and approves one; how long each took."""
    began = time.monotonic()
    said = ask("POST", "/v1/listings", {
        "kind": "domain", "value": f"one{number}-{os.getpid()}.example", "action": "block",
        "reason": "phishing", "basis": "fraud_law_24", "source": "bench", "evidence": "seen",
        "until": until}, analyst)[0]
    proposed = time.monotonic()
    ask("POST", f"/v1/listings/{json.loads(said)['listing']}/approve", {}, approver)
    return [proposed - began, time.monotonic() - proposed]


def watch(server):
    time.sleep(3)
    move(LEAP_DAYS * 86400)
    analyst, approver = sign_in("lin2"), sign_in("chen2")
    then = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=LEAP_DAYS + 30)
    until = then.isoformat(timespec="seconds")
    first, spent, began = in_force(analyst), processor_s(server.pid), time.monotonic()
    waits = []
    left = first
    while time.monotonic() - began < SECONDS and left > len(waits):
        waits += decide(len(waits), until, analyst, approver)
        left = in_force(analyst)
        time.sleep(0.05)
    ended = first + len(waits) // 2 - left
    print(f"{ended} ended in {time.monotonic() - began:.1f} s; load {os.getloadavg()[0]:.1f}")
    for name, before in spent.items():
        if name in ("store", "screen"):
            each = (processor_s(server.pid)[name] - before) / max(ended, 1) * 1e6
            print(f"thread {name}: {each:.1f} us of processor each")
    waits.sort()
    print(f"{len(waits)} decisions: median {statistics.median(waits):.3f} s,"
          f" 95 of 100 {waits[len(waits) * 95 // 100]:.3f}, most {waits[-1]:.3f}")


def main():
    server = serve()
    try:
        await_ready()
        watch(server)
    finally:
        server.terminate()
        server.wait(120)
        os.remove(CLOCK)
        os.remove(CLOCK + ".so")


main()
