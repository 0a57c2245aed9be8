# SPDX-License-Identifier: Apache-2.0
"""
Goal: a machine's clock that jumps, a month on or days back, loses nothing and is told: listings
  expire by it, what cannot be brought back stays, the ledger stays whole.
Method: the whole program under libfaketime with its real clock, which is moved while it runs;
  the monotonic clock goes on as always.
"""
import datetime as dt
import glob
import os
import sys
import time

import centre as c

LIBRARY = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")


class Moved(c.Centre):
    """Its clock shows what move() says, against the true one."""

    def launch(self):
        self.file = os.path.join(self.folder, "clock")
        self.move("+0")
        mine = {"LD_PRELOAD": LIBRARY[0], "FAKETIME_TIMESTAMP_FILE": self.file,
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        os.environ.update(mine)
        try:
            super().launch()
        finally:
            for name in mine:
                del os.environ[name]

    def move(self, by):
        with open(self.file + ".new", "w", encoding="ascii") as file:
            file.write(by)
        os.replace(self.file + ".new", self.file)

    def leap(self, user):
        return self.get("/v1/centre", user=user).value.get("clock_leap")

    def until(self, what, is_so):
        end = time.monotonic() + c.PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, what + "\n" + self.log()
            time.sleep(0.05)


def metric(centre, name):
    lines = centre.get("/metrics", local=True).text.splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + " "))


def main():
    if not LIBRARY:
        print("skipped: no libfaketime")
        sys.exit(77)
    with open(c.YUMEN, "rb") as program:
        if b"__asan_init" in program.read():
            print("skipped: a sanitizer wants to be loaded first")
            sys.exit(77)
    with Moved(clock="real") as centre:
        centre.add_user("ann", "analyst")
        centre.add_user("bob", "approver")
        centre.add_user("aud", "auditor")
        days = lambda n: c.instant(centre.now() + dt.timedelta(days=n))
        short = centre.list_now("ann", "bob", value="one.example", until=days(2))
        long = centre.list_now("ann", "bob", value="two.example", until=days(80))
        state = lambda listing: centre.listing(listing, "ann")["state"]
        assert centre.leap("ann") is None and metric(centre, "yumen_clock_leaps_total") == 0

        centre.move("+40d")
        centre.until("a listing that is due by the new time expires",
                     lambda: state(short) == "expired")
        assert state(long) == "in_force", "one that is not, stays"
        centre.until("it is told", lambda: centre.leap("ann") is not None)
        assert abs(centre.leap("ann")["by_s"] - 40 * 86400) < 60, centre.leap("ann")
        assert '"event":"clock.leapt"' in centre.log()
        assert centre.listing(short, "ann")["value"] == "one.example", "nothing is erased"

        centre.move("-2d")
        centre.until("and back", lambda: metric(centre, "yumen_clock_leaps_total") == 2)
        assert centre.leap("ann")["by_s"] < -40 * 86400
        assert (state(short), state(long)) == ("expired", "in_force")
        assert centre.verdict("two.example")["verdict"] == "pass", "by this time it has not begun"

        centre.move("+0")
        centre.until("to the true time", lambda: metric(centre, "yumen_clock_leaps_total") == 3)
        assert centre.verdict("two.example")["verdict"] == "block"
        again = centre.list_now("ann", "bob", value="one.example", until=days(2))
        assert state(again) == "in_force", "it can be proposed again"
        assert centre.verdict("one.example")["verdict"] == "block"
        assert centre.stop() == 0
        assert centre.run("audit", "verify").returncode == 0, "the ledger is whole"
        centre.start()
        assert (state(short), state(long), state(again)) == ("expired", "in_force", "in_force")
    print("ok")


main()
