#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: a drill's files are the same for a seed, are what interfaces and docs/formats/drill.md say,
and never overwrite what is somebody else's; wrong options and parameters are refused with reason.
Method: small worlds in temporary folders; their bytes compared, their rows read with Python alone.
"""
import csv
import hashlib
import json
import os
import subprocess
import tempfile

YUMEN = os.environ["YUMEN"]
ACCOUNTS = "account,bank,outlet,holder_kind,holder_ref,opened,device,contact,address,ip,company"
TRANSFERS = ("id,time,from,to,amount,currency,from_bank,to_bank,channel,status,seq,balance_after,"
             "exit,device,ip")
FILES = ["accounts.csv", "transfers.csv", "truth/incidents.ndjson", "truth/moves.csv",
         "truth/mules.csv", "world.yaml", "drill.json"]
LEADS_TO = {"pending": {"booked", "rejected"}, "booked": {"reversed"}}


def drill(*words):
    return subprocess.run([YUMEN, "drill", *words], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "C"})


def made(folder, *words):
    done = drill("--emit", folder, "--scale", "2500", "--days", "6", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def digest(folder):
    total = hashlib.sha256()
    for name in FILES:
        with open(os.path.join(folder, name), "rb") as f:
            total.update(f.read())
    return total.hexdigest()


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def check_feeds(folder, counts):
    with open(os.path.join(folder, "accounts.csv"), encoding="utf-8") as f:
        assert f.readline().strip() == ACCOUNTS
    with open(os.path.join(folder, "transfers.csv"), encoding="utf-8") as f:
        assert f.readline().strip() == TRANSFERS
    accounts = {row["account"] for row in rows(folder, "accounts.csv")}
    transfers = rows(folder, "transfers.csv")
    assert len(accounts) == len(rows(folder, "accounts.csv")) > 2500
    assert len(transfers) == counts["rows"]
    state, again = {}, 0
    for row in transfers:
        before = state.get(row["id"])
        is_news = before is None or row["status"] in LEADS_TO.get(before["status"], ())
        again += not is_news
        if before is not None:
            assert all(before[k] == row[k] for k in row if k != "status"), row
        if is_news:
            state[row["id"]] = row
        assert int(row["amount"]) > 0 and row["from"] != row["to"] and row["currency"] == "CNY"
        assert row["from"] in accounts or row["to"] in accounts, row
        assert row["balance_after"] == "" or int(row["balance_after"]) >= 0
        assert (row["exit"] == "") or row["to"] not in accounts
    assert len(state) == counts["transfers"] and again == counts["again"]
    assert {row["exit"] for row in transfers} == {"", "atm", "crypto", "merchant", "abroad"}
    return state


def check_truth(folder, state, counts):
    stolen, moved = 0, {}
    for row in rows(folder, "truth/moves.csv"):
        moved[row["transfer"]] = moved.get(row["transfer"], 0) + int(row["amount"])
    for transfer, fen in moved.items():
        assert state[transfer]["status"] == "booked" and int(state[transfer]["amount"]) == fen
    with open(os.path.join(folder, "truth/incidents.ndjson"), encoding="utf-8") as f:
        incidents = [json.loads(line) for line in f]
    for i in incidents:
        assert i["stolen"] == sum(t["amount"] for t in i["transfers"])
        assert i["stolen"] == sum(p["amount"] for p in i["present"] + i["exits"]), i["incident"]
        assert all(state[t["transfer"]]["from"] == i["victim"] for t in i["transfers"])
        assert all(state[t["transfer"]]["to"] == t["account"] for t in i["exits"])
        stolen += i["stolen"]
    assert len(incidents) == counts["incidents"] > 5 and stolen == counts["stolen"]
    mules = {row["account"] for row in rows(folder, "truth/mules.csv")}
    assert len(mules) == counts["mules"]


def check_refusals(work, mine):
    theirs = os.path.join(work, "theirs")
    os.mkdir(theirs)
    with open(os.path.join(theirs, "thesis.txt"), "w", encoding="utf-8") as f:
        f.write("years of work")
    done = drill("--emit", theirs)
    assert done.returncode == 3 and "something else" in done.stderr, done
    assert os.listdir(theirs) == ["thesis.txt"]
    assert drill().returncode == 2
    assert drill("--emit", mine, "more").returncode == 2
    for words in (["--scale", "12"], ["--scale", "many"], ["--days", "0"], ["--seed", "-1"]):
        done = drill("--emit", os.path.join(work, "none"), *words)
        assert done.returncode == 3 and done.stderr, (words, done)
    config = os.path.join(work, "mine.yaml")
    with open(os.path.join(mine, "world.yaml"), encoding="utf-8") as f:
        text = f.read()
    with open(config, "w", encoding="utf-8") as f:
        f.write(text.replace("  crew: ", "  crow: "))
    done = drill("--emit", os.path.join(work, "none"), "--config", config)
    line = text[:text.index("  crew: ")].count("\n") + 1
    assert done.returncode == 3 and f"mine.yaml:{line}: scam.crow" in done.stderr, done.stderr
    with open(config, "w", encoding="utf-8") as f:
        f.write(text.replace("rebate, share", "lottery, share"))
    made(os.path.join(work, "lottery"), "--config", config)
    with open(os.path.join(work, "lottery", "truth/incidents.ndjson"), encoding="utf-8") as f:
        assert "\"scam\":\"lottery\"" in f.read()


def main():
    with tempfile.TemporaryDirectory() as work:
        one, two, other = (os.path.join(work, name) for name in ("one", "two", "other"))
        counts = made(one, "--seed", "4")
        made(two, "--seed", "4")
        made(other, "--seed", "5")
        assert digest(one) == digest(two), "the same seed gave other bytes"
        assert digest(one) != digest(other), "another seed gave the same bytes"
        state = check_feeds(one, counts)
        check_truth(one, state, counts)
        made(one, "--seed", "5")  # its own folder may be written over
        assert digest(one) == digest(other)
        check_refusals(work, one)
    print(f"{counts['rows']} rows of {counts['transfers']} transfers, "
          f"{counts['incidents']} incidents: the same twice, and they add up")


if __name__ == "__main__":
    main()
