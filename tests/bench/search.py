#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
search - how long a page of the lists takes, for every filter the console can send.

    YUMEN_TOKEN=... tests/bench/search.py http://127.0.0.1:9611 [SOURCE...]

Against a running centre of any size. Each page of 100 is asked five times; what is told is the
median of each and the worst of them. SOURCE: names of sources to filter by.
"""
import http.client
import itertools
import json
import os
import statistics
import sys
import time
import urllib.parse

STATES = ("", "proposed", "in_force", "expired", "lifted", "refused")
KINDS = ("", "number", "domain", "url", "account", "device", "company")
ACTIONS = ("", "block", "warn", "allow")
TYPED = ("a", "s", "www.", "paypal", "paypal.com", "weebly.com", "blogspot.com", "com", "139",
         "https://evil", "nothing-at-all-like-this")
TURNS, PAGE, DEEP = 5, 100, 20


class Asker:
    def __init__(self, url):
        self.door = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
        self.headers = {"Authorization": "Bearer " + os.environ["YUMEN_TOKEN"]}

    def page(self, **query):
        began = time.perf_counter()
        asked = {k: v for k, v in query.items() if v}
        said = urllib.parse.urlencode({**asked, "limit": PAGE})
        self.door.request("GET", "/v1/listings?" + said, headers=self.headers)
        reply = self.door.getresponse()
        page = json.loads(reply.read())
        assert reply.status == 200, page
        return page, (time.perf_counter() - began) * 1000

    def median(self, **query):
        return statistics.median(self.page(**query)[1] for _ in range(TURNS))


def tell(name, times):
    worst = max(times, key=lambda pair: pair[0])
    middle = statistics.median(ms for ms, _ in times)
    print(f"{name:20} {len(times):4}  median {middle:.1f} ms  worst {worst[0]:.1f} ms  {worst[1]}")


def main():
    ask, sources = Asker(sys.argv[1]), sys.argv[2:]
    plain = [dict(zip(("state", "kind", "action"), c))
             for c in itertools.product(STATES, KINDS, ACTIONS)]
    tell("state, kind, action", [(ask.median(**q), q) for q in plain])
    tell("typed", [(ask.median(q=q, kind=k, state=s), (q, k, s)) for q in TYPED
                   for k in ("", "domain", "number") for s in ("", "lifted")])
    if sources:
        tell("source", [(ask.median(source=n, state=s, kind=k), (n, s, k)) for n in sources
                        for s in STATES for k in ("", "domain")])
    cursor, times = "", []
    for turn in range(DEEP):
        page, ms = ask.page(kind="domain", cursor=cursor)
        times.append((ms, turn))
        cursor = page["next"]
        if cursor is None:
            break
    tell("page after page", times)


if __name__ == "__main__":
    main()
