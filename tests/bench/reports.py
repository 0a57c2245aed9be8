#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: from a victim's report to the orders in the banks' queues, with a province's transfers there:
  how long one answer takes (it is the commit), at so many reports a second. For docs/benchmarks.md;
  no judgement.
Method: a drill of about TRANSFERS transfers goes in through the front door; then the drill's own
  victims report, all their payments by their ids, RATE a second, each on a connection of its own
  when its moment has come, whether earlier ones are answered or not. Beside it, in the same folder
  and at the same time, a file is written and synced (fdatasync) each 10 ms: the peer.

  YUMEN=build/src/app/yumen tests/bench/reports.py [TRANSFERS [RATE [REPORTS]]]
"""
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, os.path.join(SOURCE, "tests/system"))
from centre import YUMEN, Centre  # noqa: E402  pylint: disable=wrong-import-position

TRANSFERS, RATE, REPORTS = (int(word) for word in
                            (sys.argv[1:] + ["1000000", "100", "2000"][len(sys.argv) - 1:]))
A_SUBSCRIBER = 20.5  # transfers in a drill's 30 days
SYNC_EVERY_S, WARM = 0.01, 100
REST_S = float(os.environ.get("REST_S", "60"))  # runs are merged when no row has come for 20 s
VICTIMS = (REPORTS + WARM) / 25  # a day, in 30 days: enough to report so many


def emit(folder, *words):
    subprocess.run([YUMEN, "drill", "--emit", folder, "--seed", "1", "--without", "calls", *words],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def drill(folder):
    """The files of a drill, and what its victims have to say."""
    subscribers = max(1000, int(TRANSFERS / A_SUBSCRIBER))
    emit(folder + "-small", "--scale", "1000")
    config = folder + ".yaml"
    with open(folder + "-small/world.yaml", encoding="utf-8") as file:
        text = re.sub(r"(victims: +\{value: )[0-9.]+", rf"\g<1>{VICTIMS * 1e6 / subscribers:.1f}",
                      file.read(), count=1)
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    emit(folder, "--scale", str(subscribers), "--config", config)
    told = []
    with open(os.path.join(folder, "truth/incidents.ndjson"), encoding="utf-8") as file:
        for line in file:
            told.append([t["transfer"] for t in json.loads(line)["transfers"]])
            if len(told) == REPORTS + WARM:
                break
    with open(os.path.join(folder, "world.yaml"), encoding="utf-8") as file:
        codes = re.findall(r"\{code: (DRILL\w+)", file.read())
    return told, codes


def know_banks(centre, codes):
    banks = "".join(f"  - {{id: b-{c.lower()}, name: {c}, kind: bank, can: [hold, stop, freeze],"
                    f" codes: [{c}]}}\n" for c in codes)
    path = os.path.join(centre.data, "yumen.yaml")
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"(?m)^providers:.*\n", "providers:\n" + banks, file.read(), count=1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def take_in(centre, folder):
    begun = time.monotonic()
    env = {**os.environ, "YUMEN_TOKEN": centre.tokens["fee"]}
    subprocess.run([YUMEN, "ingest", "transfers", os.path.join(folder, "transfers.csv"), "--data",
                    centre.data], check=True, env=env, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return time.monotonic() - begun


def sync_all_the_time(path, stop, times):
    file = os.open(path, os.O_CREAT | os.O_WRONLY)
    while not stop.is_set():
        os.write(file, b"x" * 4096)
        begun = time.monotonic()
        os.fdatasync(file)
        times.append((time.monotonic() - begun) * 1000)
        time.sleep(SYNC_EVERY_S)
    os.close(file)


def report(centre, index, transfers):
    link = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=60)
    body = json.dumps({"channel": "96110", "victim": {"number": f"139{index:08d}"},
                       "transfers": [{"id": t} for t in transfers[:20]]})
    begun = time.monotonic()
    status, said = 0, b"no answer"
    try:
        link.request("POST", "/v1/reports", body,
                     {"Authorization": "Bearer " + centre.tokens["nan"],
                      "Content-Type": "application/json"})
        answer = link.getresponse()
        status, said = answer.status, answer.read()
    except TimeoutError:
        pass
    took = (time.monotonic() - begun) * 1000
    link.close()
    return status, took, json.loads(said) if status == 201 else said.decode()


def load(centre, told):
    """Each at its moment; (status, ms, answer) of each."""
    found = [None] * len(told)
    begins = time.monotonic() + 0.5

    def one(i):
        time.sleep(max(0.0, begins + i / RATE - time.monotonic()))
        found[i] = report(centre, i, told[i])

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(told))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def quantiles(times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]  # noqa: E731
    return (f"p50 {at(.5):.1f} ms, p90 {at(.9):.1f}, p99 {at(.99):.1f},"
            f" most {times[-1]:.1f} ({len(times)})")


def main():
    with open("/proc/loadavg", encoding="utf-8") as file:
        print("load at the start", file.read().split()[0])
    centre = Centre("drill", clock="real", begins=False)
    try:
        folder = os.path.join(centre.folder, "drill")
        told, codes = drill(folder)
        know_banks(centre, codes)
        centre.start()
        for name, role in (("fee", "feeder"), ("nan", "operator")):
            centre.add_user(name, [role])
        took = take_in(centre, folder)
        with open(os.path.join(folder, "drill.json"), encoding="utf-8") as file:
            rows = json.load(file)["rows"]
        print(f"{rows} rows of transfers taken in within {took:.1f} s", flush=True)
        time.sleep(REST_S)
        found = load(centre, told[:WARM])
        stop, times = threading.Event(), []
        peer = threading.Thread(target=sync_all_the_time,
                                args=(os.path.join(centre.data, "peer"), stop, times))
        peer.start()
        found = load(centre, told[WARM:])
        stop.set()
        peer.join()
        good = [f for f in found if f[0] == 201]
        orders = sum(len(f[2]["orders"]) for f in good)
        print(f"{len(good)} of {len(found)} reports taken at {RATE} a second, {orders} orders sent,"
              f" {sum(1 for f in good if f[2]['joined'])} joined an incident")
        for status, _, said in [f for f in found if f[0] != 201][:3]:
            print("refused:", status, said[:300])
        if found:
            print("report to orders:", quantiles([f[1] for f in found]))
            print("fdatasync beside: ", quantiles(times))
    finally:
        centre.close()


main()
