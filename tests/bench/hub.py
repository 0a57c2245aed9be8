#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: an account with ten million transfers, half in and half out, that stolen money goes to and
  comes from: what each question about it costs the server, in time and memory, and how long others
  wait meanwhile. For docs/benchmarks.md; no judgement.
Method: one file with the account's month, a victim who pays it, a mule who does, and a mule that it
  pays; an incident of both payments; its trail by each method, the account's pages, a report of the
  payment to it. Beside each, somebody asks /v1/me without a pause.

  YUMEN=build/src/app/yumen tests/bench/hub.py [TRANSFERS]
"""
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, os.path.join(SOURCE, "tests/system"))
from centre import YUMEN, Centre  # noqa: E402  pylint: disable=wrong-import-position

TRANSFERS = int((sys.argv[1:] + ["10000000"])[0])
HUB, MULE, SECOND, CASHER, VICTIM, OTHER = ("9000000001", "7000000001", "7000000002", "7000000003",
                                            "6000000001", "6000000002")
MONTH_MS, HOUR_MS, PATIENCE_S = 30 * 86400 * 1000, 3600 * 1000, 600
METHODS = ("reach", "fifo", "lifo", "haircut", "poison")


def write_world(path, now_ms):
    dice = random.Random(1)
    begin, held = now_ms - MONTH_MS, 10 ** 12
    told = {  # where in the month, who pays whom, fen
        0.10: ("v1", VICTIM, HUB, 5000000), 0.101: ("v2", OTHER, MULE, 8000000),
        0.102: ("p1", MULE, HUB, 3000000), 0.1021: ("p2", MULE, SECOND, 5000000),
        0.103: ("p3", HUB, CASHER, 4990000)}
    marks = sorted(told)
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,time,from,to,amount,from_bank,to_bank,balance_after\n")
        lines = []
        for i in range(TRANSFERS):
            at = begin + i * (MONTH_MS - HOUR_MS) // TRANSFERS
            while marks and at - begin >= marks[0] * MONTH_MS:
                name, payer, payee, fen = told[marks.pop(0)]
                held += fen * ((payee == HUB) - (payer == HUB))
                lines.append(f"{name},{at},{payer},{payee},{fen},A,A,"
                             f"{held if payer == HUB else ''}\n")
            who, fen = 8000000000 + dice.getrandbits(20), 1 + dice.getrandbits(16)
            if i % 2 == 0:
                held += fen
                lines.append(f"h{i},{at},{who},{HUB},{fen},A,A,\n")
            else:
                held -= fen
                lines.append(f"h{i},{at},{HUB},{who},{fen},A,A,{held}\n")
            if len(lines) > 50000:
                file.write("".join(lines))
                lines = []
        file.write("".join(lines))


class Beside:
    """The slowest answer of somebody who asks all the time."""

    def __init__(self, centre):
        self.centre, self.slowest, self.stop = centre, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def ask(self):
        while not self.stop.is_set():
            begun = time.monotonic()
            link = http.client.HTTPConnection("127.0.0.1", self.centre.port, timeout=PATIENCE_S)
            link.request("GET", "/v1/me")
            link.getresponse().read()
            link.close()
            self.slowest = max(self.slowest, time.monotonic() - begun)
            time.sleep(0.005)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def memory(centre):
    with open(f"/proc/{centre.server.pid}/status", encoding="utf-8") as file:
        said = dict(re.findall(r"(VmHWM|VmRSS|RssAnon):\s+(\d+) kB", file.read()))
    return {name: int(kib) // 1024 for name, kib in said.items()}


def processor_s(centre):
    with open(f"/proc/{centre.server.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(centre, what, method, path, body=None):
    with open(f"/proc/{centre.server.pid}/clear_refs", "w", encoding="utf-8") as file:
        file.write("5")  # VmHWM begins anew
    before = memory(centre)
    link = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=PATIENCE_S)
    headers = {"Authorization": "Bearer " + centre.tokens["an"], "Content-Type": "application/json",
               "Accept-Language": "en"}
    with Beside(centre) as beside:
        begun, spent = time.monotonic(), processor_s(centre)
        link.request(method, path, None if body is None else json.dumps(body), headers)
        answer = link.getresponse()
        said = answer.read()
        took, spent = time.monotonic() - begun, processor_s(centre) - spent
    link.close()
    value = json.loads(said)
    more = memory(centre)["VmHWM"] - before["VmRSS"]
    note = value.get("code", "") or json.dumps(value.get("totals", ""))
    print(f"{what:22} {answer.status} {took * 1000:9.1f} ms, processor {spent:6.2f} s,"
          f" {more:6} MiB more, others waited {beside.slowest * 1000:7.1f} ms at most,"
          f" {len(said) / 1024:8.1f} KiB {note}", flush=True)
    return value


def main():
    centre = Centre("drill", clock="real", begins=False)
    try:
        path = os.path.join(centre.data, "yumen.yaml")
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"(?m)^providers:.*\n", "providers:\n  - {id: b-a, name: A, kind: bank,"
                          " can: [hold, stop, freeze], codes: [A]}\n", file.read(), count=1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        centre.start()
        centre.add_user("an", "operator,analyst,feeder")
        world = os.path.join(centre.folder, "hub.csv")
        write_world(world, int(time.time() * 1000))
        begun = time.monotonic()
        subprocess.run([YUMEN, "ingest", "transfers", world, "--data", centre.data], check=True,
                       env={**os.environ, "YUMEN_TOKEN": centre.tokens["an"]},
                       stdout=subprocess.DEVNULL)
        print(f"{TRANSFERS} transfers of one account taken in within"
              f" {time.monotonic() - begun:.1f} s; {memory(centre)}")
        made = ask(centre, "incident", "POST", "/v1/incidents", {"transfers": ["v1", "v2"]})
        incident = "/v1/incidents/" + made["incident"]
        for method in METHODS:
            ask(centre, "trail " + method, "GET", f"{incident}/trail?method={method}")
        page = ask(centre, "account, newest", "GET", f"{incident}/accounts/{HUB}")
        if "transfers" in page:
            print("  of", page["transfers"]["total"], "next", page["transfers"].get("next"))
            ask(centre, "account, next page", "GET",
                f"{incident}/accounts/{HUB}?cursor={page['transfers']['next']}")
        said = ask(centre, "report", "POST", "/v1/reports",
                   {"channel": "96110", "victim": {"number": "13900000001"},
                    "transfers": [{"id": "v1"}]})
        print("  orders", [(o["target"]["value"], o["amount"]) for o in said.get("orders", [])])
        ask(centre, "race", "GET", incident + "/race")
        ask(centre, "refund", "GET", f"{incident}/refund?account={HUB}")
    finally:
        centre.close()


main()
