# SPDX-License-Identifier: Apache-2.0
"""Puts numbers and a device, as detectors would have found them, into the store that is named."""
import json
import sqlite3
import sys
import time

now = int(time.time())
us, hour = now * 10**6, 3600
until = us + 20 * 86400 * 10**6
CARDS = 9
START = now - 6 * hour

cards = [{"number": f"+861391000000{i}", "turns": 3, "ends": 6, "handed": 5, "chance": 120,
          "evidence": 20.5 - i,
          "spans": [[START + (9 * k + i) * 600, START + (9 * k + i) * 600 + 500] for k in range(3)]}
         for i in range(CARDS)]
cards[0]["suspicion"] = "S3"
why = json.dumps([{"feature": "short_share", "value": 873, "part": 2.25},
                  {"feature": "callees", "value": 412, "part": 1.5},
                  {"feature": "mean_s", "value": 7, "part": 0.75},
                  {"feature": "in_calls", "value": 0, "part": -0.25}])
turns = json.dumps([{"feature": "turns", "value": 3}, {"feature": "handed_share", "value": 833},
                    {"feature": "chance_share", "value": 120}])

db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO sim_box VALUES ('BX1', 'cm', '460-00-1-2', 'found', 3, ?, 90, 9, 20500, ?,"
           " ?, ?, ?, ?, ?, NULL, NULL, NULL, '', 1)",
           (CARDS, json.dumps(cards), START * 10**6, us, us, us, until))
for i, detector, model, reasons, box in (("S1", "callers", "world", why, None),
                                         ("S2", "callers", "world", why, None),
                                         ("S3", "boxes", None, turns, "BX1")):
    db.execute("INSERT INTO suspicion VALUES (?, ?, ?, ?, ?, 4250, 16, ?, ?, 'open', NULL, ?, ?,"
               " NULL, NULL, NULL, '', 1)",
               (i, cards[int(i[1]) % 3]["number"], detector, model, model and "0" * 64, reasons,
                box, us, until))
for i in range(240):  # more than a page; older
    db.execute("INSERT INTO suspicion VALUES (?, ?, 'callers', 'world', ?, 4250, 16, ?, NULL,"
               " 'open', NULL, ?, ?, NULL, NULL, NULL, '', 1)",
               (f"A{i:03}", f"+861381000{i:04}", "0" * 64, why, us, until))
db.commit()
