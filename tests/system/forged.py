#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: what a bank's programs say is believed when the bank's key has signed it, once, as it was said
and now; on each of the doors by which a bank says what it has done. Who is signed in at the console
needs no key.
Method: a centre whose bank is this test, with two keys that openssl makes; skipped without openssl.
"""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from centre import instant
from reports import BANKS, MULE, World

CN = """<Message><Head><TxCode>100102</TxCode><TransSerialNumber>{key}</TransSerialNumber>
<CreateTime>{stamp}</CreateTime></Head><Body><ApplicationID>{order}-000000001</ApplicationID>
<Result>100000</Result><Currency>CNY</Currency><FrozenAmount>{held}</FrozenAmount>
<FeedbackTime>{stamp}</FeedbackTime></Body></Message>"""


class Key:
    def __init__(self, folder, name):
        self.path = os.path.join(folder, name)
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path],
                       check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER"],
                             check=True, capture_output=True).stdout
        self.public = der[-32:].hex()

    def sign(self, text):
        with tempfile.NamedTemporaryFile() as file:
            file.write(text.encode())
            file.flush()
            return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.path,
                                   "-in", file.name], check=True, capture_output=True).stdout


@unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
class Forged(unittest.TestCase):
    def open_world(self, form="json"):
        folder = tempfile.mkdtemp(prefix="yumen-test-")
        self.addCleanup(shutil.rmtree, folder)
        self.key, self.other, self.nonces = Key(folder, "key"), Key(folder, "other"), 0
        self.w = World(BANKS.replace("codes: [BKA]",
                                     f"codes: [BKA], form: {form}, key: {self.key.public}"))
        self.addCleanup(self.w.close)
        self.order = self.w.report({"to": MULE, "bank": "BKA", "amount": 500000,
                                    "time": instant(self.w.now())}).value["orders"][0]["order"]

    def signed(self, path, body, key=None, nonce=None, **wrong):
        """Headers of an honest signature, but for what is wrong."""
        self.nonces += 1
        made = {"method": "POST", "path": path, "body": body,
                "created": int(self.w.now().timestamp()), **wrong}
        digest = base64.b64encode(hashlib.sha256(made["body"].encode()).digest()).decode()
        params = (f'("@method" "@path" "content-digest");created={made["created"]}'
                  f';nonce="{nonce or f"nonce-{self.nonces:08d}"}";keyid="bank-a"')
        base = (f'"@method": {made["method"]}\n"@path": {made["path"]}\n'
                f'"content-digest": sha-256=:{digest}:\n"@signature-params": {params}')
        mark = base64.b64encode((key or self.key).sign(base)).decode()
        return {"Content-Digest": f"sha-256=:{digest}:", "Signature-Input": f"sig={params}",
                "Signature": f"sig=:{mark}:"}

    def say(self, path, body, headers, content="application/json"):
        return self.w.ask("POST", path, body, user="bank-a",
                          headers={"Content-Type": content, **headers})

    def none_is_believed(self, path, body, content="application/json"):
        now = int(self.w.now().timestamp())
        forged = {
            "signature.absent": {},
            "signature.wrong": self.signed(path, body, self.other),
            "signature.digest": self.signed(path, body + " "),
            "signature.stale": self.signed(path, body, created=now - 301),
        }
        forged_also = {"another path": self.signed("/v1/orders/other/receipt", body),
                       "another method": self.signed(path, body, method="PUT")}
        for code, headers in forged.items():
            with self.subTest(code):
                said = self.say(path, body, headers, content)
                self.assertEqual((said.status, said.code), (403, code))
        for what, headers in forged_also.items():
            with self.subTest(what):
                said = self.say(path, body, headers, content)
                self.assertEqual((said.status, said.code), (403, "signature.wrong"))

    def state(self):
        o = self.w.get(f"/v1/orders/{self.order}", user="an").value
        return o["state"], o["held"], len(o["receipts"])

    def test_a_receipt(self):
        self.open_world()
        path, body = f"/v1/orders/{self.order}/receipt", json.dumps({"result": "done", "held": 70})
        self.none_is_believed(path, body)
        self.assertEqual(self.state(), ("sent", 0, 0))
        good = self.signed(path, body)
        self.assertEqual(self.say(path, body, good).status, 200)
        self.assertEqual(self.state(), ("executed", 70, 1))
        again = self.say(path, body, good)
        self.assertEqual((again.status, again.code), (403, "signature.replayed"))
        # after a restart nobody remembers what was used once: then it is the receipt that is there
        self.w.stop()
        self.w.start()
        self.assertIn(self.say(path, body, good).status, (200, 403))
        self.assertEqual(self.state(), ("executed", 70, 1))

    def test_a_message(self):
        self.open_world("cn")
        path = "/v1/providers/bank-a/messages"
        body = CN.format(order=self.order, key="K1", held="0.70",
                         stamp=self.w.now().strftime("%Y%m%d%H%M%S"))
        self.none_is_believed(path, body, "application/xml")
        self.assertEqual(self.state(), ("sent", 0, 0))
        good = self.signed(path, body)
        self.assertEqual(self.say(path, body, good, "application/xml").status, 200)
        self.assertEqual(self.state(), ("executed", 70, 1))
        again = self.say(path, body, good, "application/xml")
        self.assertEqual((again.status, again.code), (403, "signature.replayed"))

    def test_a_share(self):
        self.open_world()
        path, body = "/v1/shares/nothing/receipt", json.dumps({"result": "done"})
        self.none_is_believed(path, body)
        said = self.say(path, body, self.signed(path, body))
        self.assertEqual((said.status, said.code), (404, "share.absent"))

    def test_another_currency(self):
        self.open_world()
        path = f"/v1/orders/{self.order}/receipt"
        body = json.dumps({"result": "done", "held": 500000, "currency": "JPY"})
        said = self.say(path, body, self.signed(path, body))
        self.assertEqual((said.status, said.code), (409, "receipt.currency"))
        self.assertEqual(self.state(), ("sent", 0, 0))
        body = json.dumps({"result": "done", "held": 500000, "currency": "CNY"})
        self.assertEqual(self.say(path, body, self.signed(path, body)).status, 200)
        self.assertEqual(self.state(), ("executed", 500000, 1))


if __name__ == "__main__":
    unittest.main()
