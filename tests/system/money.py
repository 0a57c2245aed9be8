# SPDX-License-Identifier: Apache-2.0
"""
Goal: a centre that dies in the middle of a file of transfers has afterwards every row that it said
it had accepted, and of the others each wholly or not at all; and it forgets what is too old.
Method: SIGKILL while `yumen ingest` runs, at several moments; then what was answered before, and
the whole file, are sent again: the first must all be known, and after the second everything is.
"""
import datetime
import json
import os
import re
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from centre import PATIENCE_S, YUMEN, Centre  # noqa: E402

ROWS = 150_000
HEADER = "id,time,from,to,amount,from_bank,channel\n"


def rows(stem, count, begin):
    return [f"{stem}{i},{begin + i * 10},a{i % 977},b{i * 7 % 991},{i + 1},BANK,mobile\n"
            for i in range(count)]


def milliseconds(centre, **before):
    return int((centre.now() - datetime.timedelta(**before)).timestamp() * 1000)


class Mortal(Centre):
    def kill(self):
        self.server.kill()
        self.server.wait()

    def send(self, text):
        return self.post("/v1/feeds/transfers", text, user="fay",
                         headers={"Content-Type": "text/csv"}).value

    def ingest(self, path):
        return subprocess.Popen([YUMEN, "ingest", "transfers", path, "--json", "--data", self.data],
                                env={**os.environ, "YUMEN_TOKEN": self.tokens["fay"]},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def journal_bytes(self):
        folder = os.path.join(self.data, "trail")
        return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)
                   if name.startswith("journal-"))


def counts(answer):
    return answer["accepted"], answer["duplicate"], answer["refused"]


class Killed(unittest.TestCase):
    def test_in_the_middle_of_a_file(self):
        with Mortal() as c:
            c.add_user("fay", "feeder,operator,analyst")
            begin = milliseconds(c, days=3)
            answered = HEADER + "".join(rows("before", 3000, begin))
            self.assertEqual(counts(c.send(answered)), (3000, 0, 0))
            path = os.path.join(c.folder, "many.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(HEADER + "".join(rows("many", ROWS, begin)))
            for moment in range(3):
                known = c.journal_bytes()
                reading = c.ingest(path)
                end = time.monotonic() + PATIENCE_S
                # The first time at once; then when something of the file, and more of it, is there.
                while (reading.poll() is None and time.monotonic() < end
                       and c.journal_bytes() < known + moment * 200_000):
                    time.sleep(0.001)
                c.kill()
                reading.wait()
                c.start()
                self.assertEqual(counts(c.send(answered)), (0, 3000, 0))
            reading = c.ingest(path)
            self.assertEqual(reading.wait(), 0)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertEqual(counts(c.send(text)), (0, ROWS, 0))
            opened = c.post("/v1/incidents", {"transfers": [f"many{ROWS - 1}"]}, user="fay")
            self.assertEqual(opened.value["stolen"], ROWS)

    def test_missing_transfers_are_named(self):
        with Mortal() as c:
            c.add_user("fay", "feeder,operator,analyst")
            c.send(HEADER + "".join(rows("one", 3, milliseconds(c, days=1))))
            refused = c.ask("POST", "/v1/incidents", {"transfers": ["one1", "nine", "one2", "ten"]},
                            user="fay")
            self.assertEqual((refused.status, refused.code), (404, "transfer.unknown"))
            self.assertTrue(refused.value["detail"].startswith("nine, ten: "), refused.value)

    def test_what_is_too_large_is_told_what_to_do(self):
        with Mortal() as c:
            c.add_user("fay", "feeder,operator,analyst")
            head = ("POST /v1/feeds/transfers HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    "Accept-Language: en\r\n"
                    f"Content-Length: {33 << 20}\r\n\r\n")
            with socket.create_connection(("127.0.0.1", c.port), timeout=PATIENCE_S) as link:
                link.sendall(head.encode())
                answer = link.makefile("rb").read().decode()
            self.assertTrue(answer.startswith("HTTP/1.1 413 "), answer)
            self.assertIn("yumen ingest", json.loads(answer.split("\r\n\r\n")[1])["detail"])


class Retention(unittest.TestCase):
    def test_old_transfers_are_forgotten(self):
        with Mortal() as c:
            c.add_user("fay", "feeder,operator,analyst")
            c.send(HEADER + "".join(rows("old", 100, milliseconds(c, days=200))))
            said = {"transfers": ["old7"]}
            self.assertEqual(c.ask("POST", "/v1/incidents", said, user="fay").status, 201)
            c.stop()
            path = os.path.join(c.data, "yumen.yaml")
            with open(path, encoding="utf-8") as file:
                text, found = re.subn(r"(?m)^  transfers_days: 0$", "  transfers_days: 30",
                                      file.read())
            self.assertEqual(found, 1)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            c.start()
            end = time.monotonic() + PATIENCE_S
            while c.ask("POST", "/v1/incidents", said, user="fay").status != 404:
                self.assertLess(time.monotonic(), end, "it is never forgotten")
                time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
