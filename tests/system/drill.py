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

from centre import PATIENCE_S, Centre

YUMEN = os.environ["YUMEN"]
ACCOUNTS = "account,bank,outlet,holder_kind,holder_ref,opened,device,contact,address,ip,company"
TRANSFERS = ("id,time,from,to,amount,currency,from_bank,to_bank,channel,status,seq,balance_after,"
             "exit,device,ip")
CALLS = ("id,time,caller,callee,phase,kind,answered,duration_s,caller_imsi,caller_imei,caller_cell,"
         "ingress,trunk")
VISITS = "time,subscriber,domain,resolver"
MESSAGES = "time,sender,subscriber,urls"
CALL_FILES = ["calls.csv", "truth/numbers.csv", "truth/racks.csv", "truth/scam_calls.csv",
              "visits.csv", "messages.csv", "truth/episodes.csv"]
FILES = [*CALL_FILES, "accounts.csv", "transfers.csv", "asks.csv", "truth/incidents.ndjson",
         "truth/moves.csv", "truth/mules.csv", "world.yaml", "drill.json"]
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
    asked = rows(folder, "asks.csv")
    assert list(asked[0]) == TRANSFERS.split(",") and len(asked) == counts["asks"] > 10
    came = {(row["id"], row["status"]) for row in rows(folder, "transfers.csv")}
    for row in asked:
        assert row["status"] == "pending" and int(row["amount"]) >= 100000, row
        assert (row["id"], "pending") in came and came & {(row["id"], "booked"),
                                                          (row["id"], "rejected")}, row
    accounts = {row["account"] for row in rows(folder, "accounts.csv")}
    transfers = rows(folder, "transfers.csv")
    assert len(accounts) == len(rows(folder, "accounts.csv")) > 2500
    assert len(transfers) == counts["rows"]
    state, told, again = {}, set(), 0
    for row in transfers:
        before = state.get(row["id"])
        is_news = before is None or row["status"] in LEADS_TO.get(before["status"], ())
        again += (row["id"], row["status"]) in told
        told.add((row["id"], row["status"]))
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


def check_calls(folder, counts):
    with open(os.path.join(folder, "calls.csv"), encoding="utf-8") as f:
        assert f.readline().strip() == CALLS
    persons = {row["contact"] for row in rows(folder, "accounts.csv")}
    assert len(persons) == len(rows(folder, "accounts.csv")), "two have the same telephone"
    numbers = {row["number"]: row for row in rows(folder, "truth/numbers.csv")}
    scams = {n for n, row in numbers.items() if row["scam"] == "1"}
    assert len(scams) == counts["scam_numbers"] and not persons & set(numbers)
    kinds = {row["kind"] for row in numbers.values()}
    assert kinds == {"courier", "driver", "call_centre", "agent", "hospital", "school", "dormitory",
                     "alarm", "roamer", "two_cards", "two_courier", "repair", "copied", "handset",
                     "rack", "abroad", "bypass"}, kinds
    calls, seen = rows(folder, "calls.csv"), {}
    assert len(calls) == counts["call_rows"]
    for row in calls:
        before = seen.setdefault(row["id"], (row["caller"], row["callee"], set()))
        assert before[:2] == (row["caller"], row["callee"]) and row["caller"] != row["callee"]
        before[2].add(row["phase"])
        assert (row["ingress"] == "international") == (row["trunk"] != "")
        assert row["phase"] in ("", "setup", "answer", "end") and row["kind"] in ("voice", "sms")
        assert row["caller"].startswith("+86154") and row["callee"].startswith("+86154")
        assert (row["duration_s"] != "") == (row["answered"] == "1")
        assert row["trunk"] or row["caller_imsi"].startswith("0010101")
    assert len(seen) == counts["calls"]
    assert {"", "setup", "answer", "end"} == set().union(*(s[2] for s in seen.values()))
    scam_calls = rows(folder, "truth/scam_calls.csv")
    assert len(scam_calls) == counts["scam_calls"]
    for row in scam_calls:
        assert seen[row["call"]][:2] == (row["caller"], row["callee"]), row
    told = {row["call"] for row in scam_calls}
    assert all(i in told for i, call in seen.items() if call[0] in scams)
    racks = rows(folder, "truth/racks.csv")
    assert {row["imei"] for row in racks} == {"fixed", "slot", "random", "device"}
    assert len({row["rack"] for row in racks}) == counts["racks"] == 5
    check_victims(folder, scam_calls)
    check_online(folder)


def check_victims(folder, scam_calls):
    contact = {row["account"]: row["contact"] for row in rows(folder, "accounts.csv")}
    first = {}
    for row in scam_calls:
        if row["aim"] == "victim":
            first.setdefault(row["incident"], row)
    called = 0
    with open(os.path.join(folder, "truth/incidents.ndjson"), encoding="utf-8") as f:
        for i in map(json.loads, f):
            call = first.get(i["incident"])
            if call is None:
                continue
            assert call["callee"] == contact[i["victim"]], i["incident"]
            paid = min((t["time"] for t in i["transfers"]), default=call["time"])
            called += i["begun_at"] <= call["time"] <= paid
    assert called > 3, called


def check_online(folder):
    """Visits and messages are of subscribers; a victim's episode is the incident's."""
    with open(os.path.join(folder, "visits.csv"), encoding="utf-8") as f:
        assert f.readline().strip() == VISITS
    with open(os.path.join(folder, "messages.csv"), encoding="utf-8") as f:
        assert f.readline().strip() == MESSAGES
    contact = {row["account"]: row["contact"] for row in rows(folder, "accounts.csv")}
    persons = set(contact.values())
    visits, messages = rows(folder, "visits.csv"), rows(folder, "messages.csv")
    assert len(visits) > 50 and all(row["subscriber"] in persons for row in visits)
    assert len(messages) > 500 and all(row["subscriber"] in persons for row in messages)
    assert all(row["urls"].startswith("https://") for row in messages)
    popular = {row["urls"] for row in messages} - {f"https://{v['domain']}/" for v in visits}
    assert popular, "every site is on a list"
    with open(os.path.join(folder, "truth/incidents.ndjson"), encoding="utf-8") as f:
        incidents = {i["incident"]: i for i in map(json.loads, f)}
    episodes = rows(folder, "truth/episodes.csv")
    paid = [row for row in episodes if row["transfer"]]
    assert {row["incident"] for row in paid} == set(incidents)
    assert len(episodes) > 10 * len(paid)
    for row in paid:
        i = incidents[row["incident"]]
        assert row["subscriber"] == contact[row["account"]] and row["account"] == i["victim"]
        assert row["transfer"] in {t["transfer"] for t in i["transfers"]}
        assert int(row["amount"]) == i["stolen"] and row["noticed_at"] == i["reported_at"]
        assert row["reported_at"] == "" or row["reported_at"] >= row["noticed_at"]


def check_door(folder, counts):
    """A centre takes every row of the calls, and none of them a second time."""
    centre = Centre("drill", begins=False)
    with open(os.path.join(centre.data, "yumen.yaml"), "w", encoding="utf-8") as f:
        f.write("calls: {numbers_most: 100000, calls_most: 1000000}\n")
    with centre:
        centre.start()
        body = {"name": "fay", "roles": ["feeder"], "token": True}
        token = centre.post("/v1/users", body, local=True).value["token"]

        def ingest():
            done = subprocess.run([YUMEN, "ingest", "calls", os.path.join(folder, "calls.csv"),
                                   "--json", "--data", centre.data], capture_output=True,
                                  check=False, timeout=PATIENCE_S,
                                  env={**os.environ, "YUMEN_TOKEN": token})
            assert done.returncode == 0, done
            return json.loads(done.stdout)

        said = ingest()
        assert said["refused"] == 0 and said["accepted"] + said["duplicate"] == counts["call_rows"]
        assert said["duplicate"] + said["late"] >= counts["calls_again"] > 0, said
        assert said["late"] < counts["call_rows"] / 20, said
        again = ingest()
        assert again["duplicate"] + again["late"] == counts["call_rows"], again
    return said


def check_silent(work, folder):
    silent = os.path.join(work, "silent")
    made(silent, "--seed", "3")  # of which nothing stays
    counts = made(silent, "--seed", "4", "--without", "calls")
    assert counts["calls"] == 0
    for name in FILES:
        path = os.path.join(silent, name)
        assert os.path.exists(path) == (name not in CALL_FILES), name
        if name in CALL_FILES or name == "drill.json":
            continue
        with open(path, "rb") as one, open(os.path.join(folder, name), "rb") as two:
            assert one.read() == two.read(), name
    done = drill("--emit", silent, "--without", "transfers")
    assert done.returncode == 3 and "calls" in done.stderr, done


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
        check_calls(one, counts)
        check_silent(work, one)
        check_door(one, counts)
        made(one, "--seed", "5")  # its own folder may be written over
        assert digest(one) == digest(other)
        check_refusals(work, one)
    print(f"{counts['rows']} rows of {counts['transfers']} transfers, "
          f"{counts['incidents']} incidents, {counts['call_rows']} rows of {counts['calls']} "
          "calls: "
          "the same twice, and they add up")


if __name__ == "__main__":
    main()
