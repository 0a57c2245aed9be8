#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: `yumen drill bank` speaks the protocol of a provider: it fetches orders by long poll or takes
those that are pushed, does them in its book, answers each with a receipt that names its ask, and
reports its transfers as its book lets them happen; its faults are those its manners say.
Method: a centre of a few lines, which only keeps what it is told, on loopback; its clock is moved
by hand, so that nothing here depends on how quick a machine is.
"""
import base64
import contextlib
import datetime as dt
import hashlib
import http.client
import http.server
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import xml.etree.ElementTree as ET

YUMEN = os.environ["YUMEN"]
PATIENCE_S = 60
ZONE = dt.timezone(dt.timedelta(hours=8))
BEGIN = dt.datetime(2026, 10, 12, 9, 0, tzinfo=ZONE)


def at(seconds):
    return BEGIN + dt.timedelta(seconds=seconds)


def ms(seconds):
    return int(at(seconds).timestamp() * 1000)


# ---- Ed25519 (RFC 8032), to check only: the plain formulas, by nobody's library ------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, -1, P) % P


def point_of(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    assert (x * x - x2) % P == 0
    return (P - x if x & 1 != sign else x), y


def plus(a, b):
    t = D * a[0] * b[0] * a[1] * b[1]
    return ((a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, P) % P,
            (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P)


def times(n, point):
    total = (0, 1)
    while n:
        if n & 1:
            total = plus(total, point)
        point, n = plus(point, point), n >> 1
    return total


def is_signed(key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % Q
    left = times(s, point_of(BASE_Y.to_bytes(32, "little")))
    return s < Q and left == plus(point_of(r), times(h, point_of(key)))


def check_signature(key, method, path, body, headers):
    """RFC 9421 over what Signature-Input says, and the Content-Digest of RFC 9530 with it."""
    label, params = headers["Signature-Input"].split("=", 1)
    digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
    assert headers["Content-Digest"] == digest
    values = {"@method": method, "@path": path, "content-digest": digest}
    names = re.findall(r'"([^"]+)"', params[:params.index(")")])
    assert names == list(values), names
    base = "".join(f'"{name}": {values[name]}\n' for name in names)
    base += '"@signature-params": ' + params
    value = re.fullmatch(label + r"=:(.+):", headers["Signature"])[1]
    assert is_signed(bytes.fromhex(key), base.encode(), base64.b64decode(value))
    return dict(re.findall(r';(\w+)="?([^";]+)"?', params))


class FakeCentre:
    """Keeps orders by ask, receipts and rows; answers a long poll when there is news."""

    def __init__(self):
        self.change = threading.Condition()
        self.now, self.asks, self.receipts, self.rows = BEGIN, [], [], []
        self.looks, self.trouble, self.seen = 0, 0, []
        self.is_cn, self.write = False, camt056
        self.key, self.stamps, self.documents = None, [], []
        centre = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def say(self, status, value):
                kind = "application/json"
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                if isinstance(value, bytes):
                    kind = 'multipart/mixed; boundary="a-b"'
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if isinstance(value, bytes):
                    self.send_header("Yumen-Next", str(len(centre.asks)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def do_GET(self):
                path, _, query = self.path.partition("?")
                if path == "/v1/me":
                    with centre.change:
                        centre.looks += 1
                        now = centre.now.isoformat()
                        centre.change.notify_all()
                    return self.say(200, {"user": None, "now": now})
                return self.say(*centre.orders(path, urllib.parse.parse_qs(query), self.headers))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.say(*centre.take(self.path, body, self.headers))

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a bank that went while it was being answered

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        with self.change:
            self.trouble = 503
            self.change.notify_all()
        self.server.shutdown()
        self.server.server_close()

    def orders(self, path, query, headers):
        assert path == "/v1/providers/bank-a/orders", path
        assert headers["Authorization"] == "Bearer token-of-a", headers
        after = int(query.get("after", ["0"])[0])
        with self.change:
            self.seen.append((after, headers.get("Accept")))
            self.change.wait_for(lambda: len(self.asks) > after or self.trouble,
                                 float(query["wait"][0]))
            if self.trouble:
                return self.trouble, {}
            if headers["Accept"] == "application/xml":
                return 200, mail([self.write(ask) for ask in self.asks[after:]])
            return 200, {"items": self.asks[after:], "next": str(len(self.asks))}

    def take(self, path, body, headers):
        with self.change:
            if self.trouble:
                return self.trouble, {}
            self.change.notify_all()
            if self.key:
                self.stamps.append(check_signature(self.key, "POST", path, body, headers))
            if path == "/v1/providers/bank-a/messages":
                assert headers["Content-Type"].startswith("application/xml")
                self.documents.append(body)
                self.receipts.append(cn_reply(body) if self.is_cn else camt029(body))
                return 200, {}
            if path == "/v1/feeds/transfers":
                assert headers["Content-Type"] == "application/x-ndjson"
                self.rows += [json.loads(line) for line in body.decode().splitlines()]
                return 200, {"accepted": 1}
            order = re.fullmatch("/v1/orders/([^/]+)/receipt", path)[1]
            self.receipts.append({"order": order, **json.loads(body)})
            if not any(a["order"] == order for a in self.asks):
                return 404, {"code": "order.unknown"}
            return 200, {}

    # ---- what a test does ----------------------------------------------------------------

    def speak_cn(self, is_firm=False):
        self.is_cn, self.write = True, lambda ask: cn_request(ask, is_firm)

    def ask(self, order, asked="place", **said):
        with self.change:
            number = 1 + sum(a["order"] == order for a in self.asks)
            made = {"order": order, "kind": "hold", "asked": asked, "ask": number,
                    "target": {"kind": "account", "value": "m1", "bank": "bank-a"},
                    "amount": 0, "currency": "CNY", "until": at(90000).isoformat(), **said}
            self.asks.append(made)
            self.change.notify_all()
        return made

    def until(self, wanted, what):
        with self.change:
            if not self.change.wait_for(wanted, PATIENCE_S):
                raise AssertionError(f"{what}: {self.receipts} {self.rows}")

    def answer(self, order, number, result=None):
        """The newest receipt of an ask, once there is one (with this result)."""
        def found():
            return [r for r in self.receipts if r["order"] == order and r["ask"] == number
                    and r["result"] == (result or r["result"])]
        self.until(found, f"no receipt {result} of {order}/{number}")
        return found()[-1]

    def to(self, seconds):
        """Moves the clock, and waits until the bank has looked at it twice: it has then acted."""
        with self.change:
            self.now = max(self.now, at(seconds))
            looks = self.looks
        self.until(lambda: self.looks >= looks + 3, "the bank does not look at the clock")


OURS = "urn:yumen:bank:1"
CAMT056 = "urn:iso:std:iso:20022:tech:xsd:camt.056.001.08"
CAMT029 = "{urn:iso:std:iso:20022:tech:xsd:camt.029.001.09}"


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02}"


def camt056(ask):
    """As much of one as a bank reads."""
    payment = ask.get("payment")
    told = "" if not payment else (
        f"<Payment><Transfer>{payment['transfer']}</Transfer><Payer>{payment['from']}</Payer>"
        f"<Amount Ccy='CNY'>{yuan(payment['amount'])}</Amount><At>{payment['time']}</At></Payment>")
    return ("<?xml version='1.0' encoding='UTF-8'?>"
            f"<Document xmlns='{CAMT056}'><FIToFIPmtCxlReq>"
            f"<Case><Id>{ask['order']}-{ask['ask']}</Id></Case><Undrlyg><TxInf><SplmtryData><Envlp>"
            f"<Order xmlns='{OURS}'><Kind>{ask['kind']}</Kind><Asked>{ask['asked']}</Asked>"
            f"<Account>{ask['target']['value']}</Account><Bank>{ask['target']['bank']}</Bank>"
            f"<Amount Ccy='CNY'>{yuan(ask['amount'])}</Amount><Until>{ask['until']}</Until>{told}"
            "</Order></Envlp></SplmtryData></TxInf></Undrlyg></FIToFIPmtCxlReq></Document>"
            ).encode()


def stamp(text):
    return dt.datetime.fromisoformat(text).astimezone(ZONE).strftime("%Y%m%d%H%M%S")


FIRM_CODES = {"stop": ("A00105", "A00107"), "query": ("A00311", None)}


def cn_request(ask, is_firm=False):
    """As much of one as a bank, or a payment firm, reads."""
    group = {"stop": "1001", "query": "1003"}.get(ask["kind"], "1002")
    code = group + {"place": "01", "lift": "03", "trim": "03", "extend": "05"}[ask["asked"]]
    if is_firm:
        code = FIRM_CODES.get(ask["kind"], ("A00205", "A00207"))[ask["asked"] != "place"]
    payment = ask.get("payment")
    told = "" if not payment else (
        f"<TransferOut><AccountNumber>{payment['from']}</AccountNumber></TransferOut>"
        f"<TransferNumber>{payment['transfer']}</TransferNumber>"
        f"<TransferAmount>{yuan(payment['amount'])}</TransferAmount>"
        f"<TransferTime>{stamp(payment['time'])}</TransferTime>")
    return (f"<Message><Head><TxCode>{code}</TxCode></Head><Body><ApplicationID>{ask['order']}-"
            f"{ask['ask']:0{35 - len(ask['order'])}}</ApplicationID><OrderKind>{ask['kind']}"
            f"</OrderKind><Operation>{ask['asked']}</Operation>{told}<AccountNumber>"
            f"{ask['target']['value']}</AccountNumber><FreezeAmount>{yuan(ask['amount'])}"
            f"</FreezeAmount><ExpireTime>{stamp(ask['until'])}</ExpireTime></Body></Message>"
            ).encode()


def cn_reply(body):
    root = ET.fromstring(body)
    result = {"100000": "done", "100001": "partial", "100002": "pending"}
    application = root.findtext("Body/ApplicationID")
    assert len(application) == 36, application
    made = {"order": application.rpartition("-")[0], "ask": int(application.rpartition("-")[2]),
            "result": result.get(root.findtext("Body/Result"), "refused"),
            "tx": root.findtext("Head/TxCode"), "code": root.findtext("Body/Result"),
            "key": root.findtext("Body/FeedbackID"), "reason": root.findtext("Body/FailureCause"),
            "at": root.findtext("Body/FeedbackTime")}
    for name, tag in (("held", "FrozenAmount"), ("balance", "AccountBalance")):
        if root.findtext("Body/" + tag) is not None:
            made[name] = round(float(root.findtext("Body/" + tag)) * 100)
    return made


def mail(documents):
    parts = [b"Content-Type: application/xml\r\n\r\n" + d for d in documents]
    return b"".join(b"--a-b\r\n" + p + b"\r\n" for p in parts) + b"--a-b--\r\n"


def camt029(body):
    """A receipt as the JSON form would say it; what is said twice must agree."""
    root = ET.fromstring(body)
    said = root.find(f".//{{{OURS}}}Receipt")
    details = root.find(f".//{CAMT029}TxInfAndSts")
    case = said.findtext(f"{{{OURS}}}Case")
    assert details.findtext(f"{CAMT029}RslvdCase/{CAMT029}Id") == case
    words = {"PDCR": "pending", "CNCL": "done", "PECR": "partial", "RJCR": "refused"}
    result = words[root.findtext(f".//{CAMT029}Sts/{CAMT029}Conf")]
    assert said.findtext(f"{{{OURS}}}Result") == result
    made = {"order": case.rpartition("-")[0], "ask": int(case.rpartition("-")[2]),
            "result": result, "key": details.findtext(f"{CAMT029}CxlStsId"),
            "reason": details.findtext(f".//{CAMT029}AddtlInf"),
            "code": details.findtext(f".//{CAMT029}Cd")}
    for name in ("Held", "Balance"):
        amount = said.find(f"{{{OURS}}}{name}")
        if amount is not None:
            assert amount.attrib == {"Ccy": "CNY"}
            made[name.lower()] = round(float(amount.text) * 100)
    return made


ACCOUNTS = """account,bank,name,opening
m1,bank-a,Li Lei,100000
m2,bank-a,,0
v1,bank-b,,
"""
TRANSFERS = f"""id,time,from,to,amount,currency,from_bank,to_bank,status,balance_after
t0,{ms(-3600)},v1,m1,60000,CNY,bank-b,bank-a,booked,
t1,{ms(100)},m1,m2,150000,CNY,bank-a,bank-a,booked,10000
t2,{ms(200)},m1,m2,20000,CNY,bank-a,bank-a,pending,10000
t2,{ms(200)},m1,m2,20000,CNY,bank-a,bank-a,booked,10000
t3,{ms(300)},v1,m1,5000,CNY,bank-b,bank-a,booked,
"""


class Bank:
    """The program, beside the centre."""

    def __init__(self, centre, folder, manners="prompt", way="pull", more=()):
        paths = {}
        for name, text in (("accounts", ACCOUNTS), ("transfers", TRANSFERS),
                           ("token", "token-of-a\n")):
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "w", encoding="utf-8") as file:
                file.write(text)
        self.process = subprocess.Popen(
            [YUMEN, "drill", "bank", "--id", "bank-a", "--yumen", centre.url, "--token-file",
             paths["token"], "--accounts", paths["accounts"], "--transfers", paths["transfers"],
             "--manners", manners, "--way", way, "--clock", "manual", "--json", *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.greeting = self.process.stdout.readline()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        out, said = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0 and said == "", (self.process.returncode, said)
        return json.loads(out)

    def push(self, value):
        port = int(re.search(r"listening on http://127\.0\.0\.1:(\d+)", self.greeting)[1])
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            link.request("POST", "/orders", body, {"Content-Type": "application/json"})
            return link.getresponse().status
        finally:
            link.close()


@contextlib.contextmanager
def running(**how):
    centre = FakeCentre()
    with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
        bank = Bank(centre, folder, **how)
        try:
            yield centre, bank
        finally:
            if bank.process.poll() is None:
                bank.process.kill()
            bank.process.communicate()
            centre.close()


PAYMENT = {"from": "v1", "amount": 60000, "time": at(-3500).isoformat(), "transfer": "t0"}


class Json(unittest.TestCase):
    def test_holds_what_is_told(self):
        with running() as (centre, bank):
            self.assertIn("accounts 2, transfers 4", bank.greeting)
            centre.ask("o1", amount=60000, payment=PAYMENT)
            placed = centre.answer("o1", 1)
            self.assertEqual((placed["result"], placed["held"], placed["balance"]),
                             ("done", 60000, 160000))
            centre.to(150)  # t1 wants 150,000 of the 100,000 that are usable
            centre.until(lambda: centre.rows, "no row")
            self.assertEqual([(r["id"], r["status"], r["balance_after"]) for r in centre.rows],
                             [("t1", "rejected", 160000)])
            centre.ask("o1", "trim", amount=50000)
            self.assertEqual(centre.answer("o1", 2)["held"], 50000)
            centre.to(250)
            centre.until(lambda: len(centre.rows) == 3, "no rows of t2")
            self.assertEqual([(r["id"], r["status"], r["balance_after"]) for r in centre.rows[1:]],
                             [("t2", "pending", 160000), ("t2", "booked", 140000)])
            centre.ask("o1", "extend", amount=50000, until=at(100000).isoformat())
            self.assertEqual(centre.answer("o1", 3)["result"], "done")
            centre.ask("o1", "lift")
            lifted = centre.answer("o1", 4)
            self.assertEqual((lifted["result"], lifted["held"]), ("done", 0))
            counts = bank.stop()
            self.assertEqual((counts["refused"], counts["strange"], counts["rows"]), (0, 0, 3))
            self.assertEqual(counts["receipts"], 4)
            self.assertEqual(len({r["key"] for r in centre.receipts}), 4)

    def test_compares_before_it_acts(self):
        with running() as (centre, bank):
            other = {"kind": "account", "value": "m1", "bank": "bank-a", "name": "Han Meimei"}
            for n, (said, reason) in enumerate([
                    ({"target": {**other, "value": "m9"}}, "no such account"),
                    ({"target": other}, "other name"),
                    ({"payment": {**PAYMENT, "amount": 61000}}, "other amount"),
                    ({"payment": {**PAYMENT, "time": at(0).isoformat()}}, "other time"),
                    ({"payment": {**PAYMENT, "from": "v2"}}, "no such payment"),
                    ({"kind": "block"}, "cannot do this")]):
                centre.ask(f"o{n}", amount=100, **said)
                receipt = centre.answer(f"o{n}", 1)
                self.assertEqual((receipt["result"], receipt["reason"]), ("refused", reason))
            bank.stop()

    def test_fills_up_and_ends_by_itself(self):
        with running() as (centre, bank):
            centre.ask("o1", amount=163000, until=at(400).isoformat())
            self.assertEqual(centre.answer("o1", 1)["held"], 160000)
            centre.to(300)
            fuller = centre.answer("o1", 1, "done")
            self.assertEqual((fuller["held"], fuller["balance"]), (163000, 165000))
            centre.to(401)
            centre.ask("o2", amount=165000)
            self.assertEqual(centre.answer("o2", 1)["result"], "done")
            centre.ask("o1", "lift")  # it has ended; that it is gone is confirmed
            self.assertEqual(centre.answer("o1", 2)["result"], "done")
            bank.stop()

    def test_knows_what_it_has_heard(self):
        with running() as (centre, bank):
            first = centre.ask("o1", amount=100)
            centre.answer("o1", 1)
            with centre.change:
                centre.asks.append(first)  # the same ask once more
                centre.change.notify_all()
            centre.ask("o2", amount=100)
            centre.answer("o2", 1)
            self.assertEqual(bank.stop()["receipts"], 2)
            self.assertEqual(centre.seen[0], (0, "application/json"))
            self.assertEqual([r["order"] for r in centre.receipts], ["o1", "o2"])

    def test_sends_again_what_was_not_taken(self):
        with running() as (centre, bank):
            with centre.change:
                centre.trouble = 503
                centre.change.notify_all()
            centre.to(250)
            with centre.change:
                centre.trouble = 0
            centre.until(lambda: len(centre.rows) >= 3, "no rows after the trouble")
            centre.ask("o1", amount=100)
            centre.answer("o1", 1)
            self.assertEqual(len(centre.rows), 3)
            bank.stop()


class Iso20022(unittest.TestCase):
    def test_answers_recalls(self):
        with running(more=["--form", "iso20022"]) as (centre, bank):
            centre.ask("o1", amount=60005, payment=PAYMENT)
            placed = centre.answer("o1", 1)
            self.assertEqual((placed["result"], placed["held"], placed["balance"]),
                             ("done", 60005, 160000))
            centre.ask("o2", amount=100, payment={**PAYMENT, "amount": 5})
            refused = centre.answer("o2", 1)
            self.assertEqual((refused["result"], refused["code"], refused["reason"]),
                             ("refused", "NOOR", "other amount"))
            centre.ask("o1", "lift")
            self.assertEqual(centre.answer("o1", 2)["held"], 0)
            centre.ask("o<&>3", kind="dance")
            counts = bank.stop()
            self.assertEqual(len({r["key"] for r in centre.receipts}), 3)
            self.assertEqual((counts["receipts"], counts["refused"]), (3, 0))

    def test_reads_what_is_pushed(self):
        with running(way="push", more=["--form", "iso20022"]) as (centre, bank):
            order = camt056(centre.ask("o1", amount=100))
            self.assertEqual(bank.push(order), 202)
            self.assertEqual(bank.push(order.replace(b"hold", b"dance")), 400)
            self.assertEqual(bank.push(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), 400)
            self.assertEqual(centre.answer("o1", 1)["held"], 100)
            bank.stop()


class Cn(unittest.TestCase):
    def test_answers_requests(self):
        with running(more=["--form", "cn"]) as (centre, bank):
            centre.speak_cn()
            centre.ask("o1", amount=60005, payment=PAYMENT)
            placed = centre.answer("o1", 1)
            self.assertEqual((placed["tx"], placed["code"], placed["held"], placed["balance"]),
                             ("100202", "100000", 60005, 160000))
            self.assertEqual(placed["at"], stamp(at(0).isoformat()))
            centre.ask("o2", kind="stop")
            self.assertEqual(centre.answer("o2", 1)["tx"], "100102")
            centre.ask("o2", "lift", kind="stop")
            self.assertEqual(centre.answer("o2", 2)["tx"], "100104")
            centre.ask("o1", "trim", amount=5)
            self.assertEqual((centre.answer("o1", 2)["tx"], centre.answer("o1", 2)["held"]),
                             ("100204", 5))
            centre.ask("o3", amount=5, target={"kind": "account", "value": "m9", "bank": ""})
            self.assertEqual(centre.answer("o3", 1)["code"], "200010")
            centre.ask("o4", amount=5, payment={**PAYMENT, "time": at(0).isoformat()})
            self.assertEqual(centre.answer("o4", 1)["reason"], "other time")
            self.assertEqual((bank.stop()["refused"], len(centre.receipts)), (0, 6))


    def test_answers_as_a_payment_firm(self):
        with running(more=["--form", "cn", "--kind", "payment"]) as (centre, bank):
            centre.speak_cn(is_firm=True)
            centre.ask("o1", amount=60005, payment=PAYMENT)
            placed = centre.answer("o1", 1)
            self.assertEqual((placed["tx"], placed["code"], placed["held"]),
                             ("A00206", "100000", 60005))
            for ask, (asked, held) in enumerate([("trim", 5), ("extend", 5), ("lift", 0)], 2):
                centre.ask("o1", asked, amount=held, until=at(100000).isoformat())
                said = centre.answer("o1", ask)
                self.assertEqual((said["tx"], said["code"], said["held"]),
                                 ("A00208", "100000", held))
            centre.ask("o2", kind="stop")
            self.assertEqual(centre.answer("o2", 1)["tx"], "A00106")
            centre.ask("o2", "lift", kind="stop")
            self.assertEqual(centre.answer("o2", 2)["tx"], "A00108")
            centre.ask("o3", kind="query")
            self.assertEqual((centre.answer("o3", 1)["tx"], centre.answer("o3", 1)["balance"]),
                             ("A00312", 160000))
            centre.ask("o4", amount=5, target={"kind": "account", "value": "m9", "bank": ""})
            self.assertEqual(centre.answer("o4", 1)["code"], "200010")
            bank.stop()

    def test_hears_its_own_codes_only(self):
        for kind, is_firm in (("bank", True), ("payment", False)):
            with running(way="push", more=["--form", "cn", "--kind", kind]) as (centre, bank):
                centre.speak_cn(is_firm=not is_firm)
                order = centre.ask("o1", amount=100)
                self.assertEqual(bank.push(cn_request(order, is_firm)), 400)
                self.assertEqual(bank.push(cn_request(order, not is_firm)), 202)
                freeze = cn_request({**order, "kind": "stop", "order": "o2"}, not is_firm)
                self.assertEqual(bank.push(freeze.replace(b">stop<", b">hold<")), 400)
                centre.answer("o1", 1)
                bank.stop()


class Signed(unittest.TestCase):
    def test_below_everything_it_sends(self):
        with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
            path = os.path.join(folder, "key")
            for _ in range(2):  # made, then read again
                with running(more=["--key", path]) as (centre, bank):
                    centre.key = re.search("signs with ([0-9a-f]{64})$", bank.greeting.strip())[1]
                    centre.to(250)
                    centre.ask("o1", amount=100)
                    centre.answer("o1", 1)
                    bank.stop()
                    self.assertGreater(len(centre.stamps), 1)
                    self.assertEqual(len({s["nonce"] for s in centre.stamps}), len(centre.stamps))
                    self.assertEqual({s["keyid"] for s in centre.stamps}, {"bank-a"})
                    self.assertTrue(all(ms(0) <= int(s["created"]) * 1000 <= ms(250)
                                        for s in centre.stamps))
            with open(path, "w", encoding="ascii") as file:
                file.write("no key")
            with running(more=["--key", path]) as (centre, bank):
                self.assertEqual(bank.process.wait(PATIENCE_S), 3)


class Faults(unittest.TestCase):
    def test_untidy(self):
        with running(manners="untidy") as (centre, bank):
            for n in range(40):
                centre.ask(f"o{n}", amount=100)
                centre.answer(f"o{n}", 1, "done")
            centre.to(60)
            keys = [r["key"] for r in centre.receipts]
            self.assertLess(len(set(keys)), len(keys))  # some came twice
            self.assertTrue(any(r["order"].startswith("NOBODY") for r in centre.receipts))
            late = 0
            for n in range(40):
                said = [r["result"] for r in centre.receipts if r["order"] == f"o{n}"]
                self.assertEqual(set(said), {"pending", "done"})
                late += said[0] == "done"
            self.assertTrue(0 < late < 40)
            self.assertGreater(bank.stop()["refused"], 0)

    def test_greedy_then_trims(self):
        with running(manners="greedy") as (centre, bank):
            centre.ask("o1", amount=1000)
            self.assertEqual(centre.answer("o1", 1)["held"], 1500)
            centre.ask("o1", "trim", amount=1000)
            self.assertEqual(centre.answer("o1", 2)["held"], 1000)
            bank.stop()

    def test_deaf_to_lifts(self):
        with running(manners="deaf") as (centre, bank):
            centre.ask("o1", amount=160000, until=at(400).isoformat())
            centre.answer("o1", 1)
            centre.ask("o1", "lift")
            centre.to(250)  # t2 finds nothing usable
            centre.until(lambda: centre.rows[-1:] and centre.rows[-1]["id"] == "t2"
                         and centre.rows[-1]["status"] == "rejected", "t2 was not rejected")
            centre.to(500)
            self.assertEqual([r["ask"] for r in centre.receipts], [1])
            bank.stop()

    def test_silent_for_a_day(self):
        with running(manners="silent") as (centre, bank):
            centre.ask("o1", amount=100)
            centre.to(23 * 3600)
            self.assertEqual((centre.receipts, centre.rows, centre.seen), ([], [], []))
            centre.to(25 * 3600)
            self.assertEqual(centre.answer("o1", 1)["result"], "done")
            centre.until(lambda: len(centre.rows) == 3, "its day was not told afterwards")
            bank.stop()

    def test_slow(self):
        with running(manners="slow", more=["--seed", "4"]) as (centre, bank):
            centre.ask("o1", amount=100)
            centre.until(lambda: centre.seen, "it does not ask")
            centre.to(20)
            self.assertFalse([r for r in centre.receipts if r["result"] != "pending"])
            centre.to(30 * 3600)
            centre.to(60 * 3600)  # should it have heard of it only now
            self.assertEqual(centre.answer("o1", 1, "done")["held"], 100)
            bank.stop()


class Push(unittest.TestCase):
    def test_takes_what_is_posted(self):
        with running(way="push") as (centre, bank):
            order = centre.ask("o1", amount=100)
            self.assertEqual(bank.push(order), 202)
            self.assertEqual(bank.push(order), 202)
            self.assertEqual(bank.push(b"{\"order\":\"o2\"}"), 400)
            self.assertEqual(bank.push(b"nothing"), 400)
            centre.answer("o1", 1)
            counts = bank.stop()
            self.assertEqual((counts["receipts"], counts["strange"]), (1, 2))
            self.assertEqual(centre.seen, [])


class Refusals(unittest.TestCase):
    def test_says_what_is_wrong(self):
        with tempfile.TemporaryDirectory(prefix="yumen-test-") as folder:
            token = os.path.join(folder, "token")
            with open(token, "w", encoding="utf-8") as file:
                file.write("x\n")
            good = {"--id": "a", "--yumen": "http://127.0.0.1:9", "--token-file": token,
                    "--accounts": token}
            for change, code in [({"--yumen": "http://192.0.2.1:80"}, 3), ({"--form": "fax"}, 3),
                                 ({"--way": "pigeon"}, 3), ({"--manners": "polite"}, 1),
                                 ({"--token-file": folder + "/no"}, 1), ({"--seed": "x"}, 3),
                                 ({"--kind": "shop"}, 3)]:
                words = [w for pair in {**good, **change}.items() for w in pair]
                done = subprocess.run([YUMEN, "drill", "bank", *words], capture_output=True,
                                      text=True, timeout=PATIENCE_S, check=False)
                self.assertEqual(done.returncode, code, (change, done))
                self.assertTrue(done.stderr, change)
            done = subprocess.run([YUMEN, "drill", "bank", "--id", "a"], capture_output=True,
                                  text=True, timeout=PATIENCE_S, check=False)
            self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
