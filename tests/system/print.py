# SPDX-License-Identifier: Apache-2.0
"""
Goal: a trail on paper says all that the trail says, in both languages, the same each time; what is
no trail is refused with a place; what does not add up says so on the first page.
Method: print made-up trails of 0, 1, 60 and 5,000 accounts, read the PDFs back with poppler, and
look for every account, transfer, sum and page number; then spoil documents one way at a time.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("SOURCE") or os.path.realpath(os.path.join(os.path.dirname(__file__),
                                                                   "../.."))
YUMEN = os.environ.get("YUMEN", os.path.join(SOURCE, "build-gcc/src/app/yumen"))
PRINT = os.path.join(os.path.dirname(YUMEN), "yumen-print")
FANS = (1, 3, 2, 7, 5)


def money(fen):
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def account(i):
    return f"6222{i:015d}"


def make(count, method="fifo"):
    """A tree of accounts: each keeps a part, loses some by an exit and passes the rest on."""
    stolen = 100000000 + count
    times = "2026-11-20T10:00:00+08:00"
    trail = {"incident": "INC-7", "method": method, "as_of": "2026-11-22T20:18:00+08:00",
             "currency": "CNY", "nodes": [], "edges": [], "exits": [], "ambiguities": [],
             "sources": [{"transfer": "V1", "from": account(999999), "to": account(0),
                          "amount": stolen, "time": times}],
             "totals": {"stolen": stolen, "present": 0, "held": 0, "exited": 0, "unknown": 0}}
    totals, first = trail["totals"], 1
    if count == 0:
        totals["unknown"] = stolen
    amounts, layers = {0: stolen}, {0: 1}
    for i in range(count):
        has = amounts[i]
        fan = min(FANS[i % len(FANS)] + (11 if count > 100 else 0), count - first)
        share = has // (fan + 1)
        for k in range(first, first + fan):
            amounts[k], layers[k] = share, layers[i] + 1
            trail["edges"].append({"transfer": f"T{k:06d}", "from": account(i), "to": account(k),
                                   "time": times, "amount": share + k, "attributed": share,
                                   "layer": layers[k], "status": "booked"})
        first += fan
        left = has - fan * share
        out = left // 3 if i % 4 == 0 else 0
        held = (left - out) // 2 if i % 3 == 0 else 0
        trail["nodes"].append({"account": account(i), "bank": "ICBC", "layer": layers[i],
                               "received": has + i, "attributed": has, "present": left - out,
                               "held": held, "exited": out, "unknown": 0, "first": times,
                               "last": times})
        totals["present"] += left - out
        totals["held"] += held
        totals["exited"] += out
        if out:
            trail["exits"].append({"account": account(i), "kind": "atm", "amount": out})
    if count > 1:
        trail["ambiguities"].append({"account": account(1), "transfers": ["T000001", "V1"],
                                     "reason": "two orders in one second"})
    if method == "reach":
        for node in trail["nodes"]:
            for key in ("attributed", "present", "held", "exited", "unknown"):
                del node[key]
        for edge in trail["edges"]:
            del edge["attributed"]
        trail["totals"] = {"stolen": stolen}
    return trail


def run(document, *words):
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return subprocess.run([PRINT, *words], input=text, capture_output=True, check=False)


def printed(document, lang):
    done = run(document, "trail", "--lang", lang)
    assert done.returncode == 0 and not done.stderr, (done.returncode, done.stderr[:300])
    return done.stdout


def read_back(pdf):
    """(words without the white space that lines are broken at, the same a page, pdfinfo's lines)"""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as f:
        f.write(pdf)
        f.flush()
        text = subprocess.run(["pdftotext", "-raw", f.name, "-"], capture_output=True, check=True)
        info = subprocess.run(["pdfinfo", "-isodates", f.name], capture_output=True, check=True)
        fonts = subprocess.run(["pdffonts", f.name], capture_output=True, check=True)
    pages = [re.sub(r"\s+", "", page) for page in text.stdout.decode().split("\f")[:-1]]
    for line in fonts.stdout.decode().splitlines()[2:]:
        assert "NotoSansCJK" in line and re.search(r" yes yes yes ", line), line
    return "".join(pages), pages, info.stdout.decode()


def check_whole(trail, lang):
    pdf = printed(trail, lang)
    assert pdf == printed(trail, lang), "the same document gave other bytes"
    text, pages, info = read_back(pdf)
    assert f"Pages:           {len(pages)}" in info, info
    assert "A4" in info and "CreationDate:    2026-11-22T12:18:00Z" in info, info
    for i, page in enumerate(pages):
        assert f"{i + 1}/{len(pages)}" in page, f"page {i + 1} has no number"
    wanted = {money(amount) for amount in trail["totals"].values()}
    wanted |= {n["account"] for n in trail["nodes"]} | {e["transfer"] for e in trail["edges"]}
    wanted |= {money(e["amount"]) for e in trail["edges"]} | {"INC-7", "V1", account(999999)}
    wanted |= {money(n["received"]) for n in trail["nodes"]}
    wanted |= {re.sub(r"\s", "", a["reason"]) for a in trail["ambiguities"]}
    wanted.add({"zh": "资金链路说明", "en": "Statementofwherethemoneywent"}[lang])
    missing = sorted(w for w in wanted if w not in text)
    assert not missing, (lang, len(trail["nodes"]), missing[:5])
    assert ("警告" if lang == "zh" else "Warning") not in text
    print(f"{len(trail['nodes'])} accounts, {lang}: {len(pages)} pages, {len(pdf)} bytes")


def check_refused(document, why):
    done = run(document, "trail", "--lang", "en")
    assert done.returncode == 3 and not done.stdout, (why, done.returncode, done.stderr[:300])
    assert why in done.stderr.decode(), (why, done.stderr)


def check_bad():
    check_refused(b"", "json.malformed")
    check_refused(b"{}", "print.not_a_trail")
    check_refused(b"[" * 100000, "json.too_deep")
    check_refused({**make(3), "method": "dice"}, "method (print.wrong)")
    many = make(2)
    many["edges"] *= 100000
    check_refused(many, "print.too_many")
    sums = make(3)
    for node in sums["nodes"]:
        node["present"] = 2 ** 63 - 1
    check_refused(sums, "print.overflow")
    over = json.dumps(make(2)).replace('"layer": 2', '"layer": 99999999999999999999').encode()
    check_refused(over, "json.malformed")
    for words in ((), ("poem",), ("trail", "--lang", "xx"), ("trail", "trail")):
        assert run(make(1), *words).returncode == 2, words
    assert run(b"", "--help").returncode == 0


def check_doubtful():
    trail = make(5)
    trail["totals"]["unknown"] += 1
    trail["nodes"][2]["account"] = "6222\u202e\u05d0" + "9" * 40
    trail["nodes"][2]["bank"] = "银" * 60
    _, pages, _ = read_back(printed(trail, "en"))
    assert "Warning:" in pages[0] and "\u2260" in pages[0], pages[0][:500]
    assert "U+202E" in "".join(pages) and "\u202e" not in "".join(pages)


def main():
    if shutil.which("pdftotext") is None:
        print("there is no pdftotext")
        return 77
    for count in (0, 1, 60):
        for lang in ("zh", "en"):
            check_whole(make(count), lang)
    check_whole(make(60, "reach"), "en")
    check_whole(make(5000), "zh")
    check_bad()
    check_doubtful()
    return 0


if __name__ == "__main__":
    sys.exit(main())
