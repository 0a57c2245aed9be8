# SPDX-License-Identifier: Apache-2.0
"""
Goal: stations, beats and officers come in by web and command line, alike in both formats; a later
row replaces an earlier one, the same is a duplicate, what is wrong is refused by row, column and
reason, and nobody changes what lies in a division that is not theirs. No officer has a place.
Method: one drill; Python's sqlite3 reads what stands in the store.
"""
import json
import os
import sqlite3
import subprocess
import tempfile
import unittest

from centre import YUMEN, Centre

SQUARE = {"type": "Polygon",
          "coordinates": [[[103, 36], [104, 36], [104, 37], [103, 37], [103, 36]]]}
BOW = {"type": "Polygon",
       "coordinates": [[[103, 36], [104, 37], [104, 36], [103, 36.9], [103, 36]]]}
STATIONS = ("station,division,name,lon,lat\ns1,620102,East,103.834209,36.061\n"
            "s2,620103,West,,\ns3,630102,Beyond,,\ns4,620102,Swapped,36.06,103.8\n")


class Stations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.c = c = Centre()
        cls.addClassCleanup(c.close)
        c.add_user("ann", "feeder", "62")
        c.add_user("lan", "feeder", "620103")
        c.add_user("olga", "officer", "62")

    def rows(self, query):
        db = sqlite3.connect(os.path.join(self.c.data, "yumen.db"))
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def take(self, feed, rows, user="ann", **how):
        reply = self.c.feed(rows, user, feed=feed, **how)
        self.assertEqual(reply.status, 200, reply)
        told = [(r["row"], r["column"], r["code"]) for r in reply.value["refusals"]]
        return reply.value["accepted"], reply.value["duplicate"], told

    def test_1_stations(self):
        refused = [(3, "division", "permit.division"), (4, "lon", "spot.range")]
        self.assertEqual(self.take("stations", STATIONS), (2, 0, refused))
        self.assertEqual(self.take("stations", STATIONS)[:2], (0, 2))
        moved = {"station": "s2", "division": "620103", "name": "West", "lon": 103.7, "lat": 36.05}
        self.assertEqual(self.take("stations", json.dumps(moved), content="application/x-ndjson"),
                         (1, 0, []))
        self.assertEqual(self.rows('SELECT "id", "division", "lon", "lat" FROM station'
                                   ' ORDER BY "id"'),
                         [("s1", "620102", 103834209, 36061000),
                          ("s2", "620103", 103700000, 36050000)])
        # Neither another's station nor one's own given away.
        self.assertEqual(self.take("stations", "station,division,name\ns1,620103,Mine\n"
                                   "s2,620102,Yours\ns2,620103,Ours\n", "lan"),
                         (1, 0, [(1, "division", "permit.division"),
                                 (2, "division", "permit.division")]))

    def test_2_beats(self):
        rows = [{"beat": "b1", "station": "s1", "name": "B1", "boundary": SQUARE},
                {"beat": "b2", "station": "s2", "name": "B2"},
                {"beat": "b3", "station": "s9", "name": "B3"},
                {"beat": "b4", "station": "s1", "name": "B4", "boundary": BOW},
                {"beat": "b5", "station": "s1", "name": "B5", "boundary": "{}"}]
        sent = "\n".join(json.dumps(row) for row in rows)
        refused = [(3, "station", "station.unknown"), (4, "boundary", "boundary.crosses"),
                   (5, "boundary", "boundary.kind")]
        self.assertEqual(self.take("beats", sent, content="application/x-ndjson"), (2, 0, refused))
        self.assertEqual(self.take("beats", sent, content="application/x-ndjson")[:2], (0, 2))
        ((boundary, lon, lat),) = self.rows('SELECT "boundary", "lon", "lat" FROM beat'
                                            ' WHERE "id" = \'b1\'')
        self.assertEqual(json.loads(boundary)["coordinates"], [SQUARE["coordinates"]])
        self.assertEqual((lon, lat), (103500000, 36500000))
        self.assertEqual(self.take("beats", "beat,station,name\nb1,s2,Taken\n", "lan"),
                         (0, 0, [(1, "station", "permit.division")]))

    def test_3_officers(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "officers.csv")
            with open(path, "w", encoding="utf-8") as f:
                f.write("officer,name,station,beat,duty,lon\no1,One,s1,b1,on,103.8\n"
                        "o2,Two,s2,,2026-11-23T08:00:00+08:00/2026-11-24T08:00:00+08:00,\n"
                        "o3,Three,s1,b9,on,\no4,Four,s1,,tomorrow,\n")
            done = subprocess.run([YUMEN, "ingest", "officers", path, "--data", self.c.data,
                                   "--json"], env={**os.environ, "YUMEN_TOKEN":
                                                   self.c.tokens["ann"]},
                                  capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual((told["accepted"], told["refused"]), (2, 2))
        self.assertEqual([(r["row"], r["column"], r["code"]) for r in told["refusals"]],
                         [(3, "beat", "beat.unknown"), (4, "duty", "duty.malformed")])
        columns = [c[1] for c in self.rows("PRAGMA table_info(officer)")]
        self.assertEqual(columns, ["id", "name", "station", "beat", "on_from", "on_until", "batch"])
        self.assertEqual(self.take("officers", "officer,name,station,duty\no1,One,s1,off\n"),
                         (1, 0, []))
        self.assertEqual(self.rows('SELECT "id", "on_from" IS NULL FROM officer ORDER BY "id"'),
                         [("o1", 1), ("o2", 0)])
        self.assertEqual(self.take("officers", "officer,name,station,duty\no1,One,s2,on\n", "lan"),
                         (0, 0, [(1, "station", "permit.division")]))

    def test_4_who_may(self):
        reply = self.c.feed("station,division,name\ns7,62,No\n", "olga", feed="stations")
        self.assertEqual((reply.status, reply.code), (403, "permit.role"))
        batches = self.c.get("/v1/batches", user="ann").value["items"]
        self.assertTrue({"stations", "beats", "officers"} <= {b["feed"] for b in batches})


if __name__ == "__main__":
    unittest.main()
