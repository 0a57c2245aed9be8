#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: who is sent to look for a device is told where its cell stands, if the centre's file of cells
says so, and only for a purpose; a bad row is named and costs no other; a file that is none is
refused before the doors open.
Method: a device put into the store as a detector would; files good, odd and wrong.
"""
import json
import os
import sqlite3
import unittest

from centre import Centre

CELLS = """\ufeffcell,lon,lat,name
460-00-1-2,103.834249,36.061380,兰州 城关
460-00-1-3,-0.5,-33.8688
460-00-1-4,181,36,beyond
460-00-1-5,103.8342490,36,too fine
460-00-1-6,1e2,36,an exponent
,103,36,no cell
460-00-1-2,1,1,again
460-00-1-7,103
460-00-1-8,103,36,"quoted, name"
460-00-1-9,"103,36,a quote is open
460-00-2-1,103,.5,no whole part
460-00-2-2,180,90,the pole
"""
BAD = {4: "cells.degrees", 5: "cells.degrees", 6: "cells.degrees", 7: "cells.cell",
       8: "cells.repeated", 9: "cells.columns", 11: "csv.quote_open", 12: "cells.degrees"}


class Cells(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.centre = Centre("drill", begins=False)
        cls.write(CELLS)
        with open(os.path.join(cls.centre.data, "yumen.yaml"), "w", encoding="utf-8") as file:
            file.write("calls: {cells: cells.csv}\n")
        cls.centre.start()
        cls.centre.add_user("ann", ["analyst"])

    @classmethod
    def tearDownClass(cls):
        cls.centre.close()

    @classmethod
    def write(cls, text):
        with open(os.path.join(cls.centre.data, "cells.csv"), "w", encoding="utf-8") as file:
            file.write(text)

    def place_of(self, cell):
        now = int(self.centre.now().timestamp()) * 10**6
        db = sqlite3.connect(os.path.join(self.centre.data, "yumen.db"))
        db.execute("INSERT OR REPLACE INTO sim_box VALUES ('BX', NULL, ?, 'found', 2, 8, 90, 9,"
                   " 20500, '[]', 1, 2, ?, ?, ?, NULL, NULL, NULL, '', 1)",
                   (cell, now, now, now + 10**12))
        db.commit()
        db.close()
        self.assertNotIn("place", self.centre.get("/v1/boxes/BX", user="ann").value)
        reply = self.centre.get("/v1/boxes/BX?purpose=a%20search", user="ann")
        self.assertEqual((reply.status, reply.value["cell"]), (200, cell))
        return reply.value.get("place")

    def test_1_where_cells_stand(self):
        for cell, wanted in (
                ("460-00-1-2", {"name": "兰州 城关", "lon": 103.834249, "lat": 36.06138}),
                ("460-00-1-3", {"lon": -0.5, "lat": -33.8688}),
                ("460-00-1-8", {"name": "quoted, name", "lon": 103, "lat": 36}),
                ("460-00-2-2", {"name": "the pole", "lon": 180, "lat": 90}),
                ("460-00-1-4", None), ("460-00-1-9", None), ("460-00-9-9", None)):
            self.assertEqual(self.place_of(cell), wanted, cell)

    def test_2_bad_rows_are_named(self):
        lines = [json.loads(line) for line in self.centre.log().splitlines()
                 if line.startswith("{")]
        named = {line["row"]: line["why"] for line in lines if line["event"] == "cells_row"}
        self.assertEqual(named, BAD)
        said = [line for line in lines if line["event"] == "cells_read"]
        self.assertEqual([(line["cells"], line["bad"]) for line in said], [(4, len(BAD))])

    def test_3_what_is_no_such_file_is_refused(self):
        self.centre.stop()
        for text, why in (("a,b,c\n1,2,3\n", "cell,lon,lat,name"), ("", "cell,lon,lat,name"),
                          (None, "cannot be read")):
            if text is None:
                os.remove(os.path.join(self.centre.data, "cells.csv"))
            else:
                self.write(text)
            self.centre.launch()
            self.assertNotEqual(self.centre.server.wait(60), 0)
            self.assertIn(why, self.centre.log())
        self.write(CELLS)
        self.centre.start()


if __name__ == "__main__":
    unittest.main()
