#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Goal: other centres read what people here listed as a feed of MISP's, with what has ended marked so;
what their events say comes in as tips, counted with who brought it, and blocks nothing; how often a
source was right is measured.
Method: a drill's centre; names and hashes worked out again by Python's own uuid and hashlib.
"""
import hashlib
import unittest
import uuid

from push import Counted


class Misp(unittest.TestCase):
    def open_world(self):
        w = Counted("")
        self.addCleanup(w.close)
        w.add_user("peer", ["feeder"])
        w.add_user("ap", ["approver"])
        return w

    def fetch(self, w, name, status=200, user="peer", **query):
        said = w.get(f"/v1/misp/{name}", user=user, query=query)
        self.assertEqual(said.status, status, said)
        return said

    def send(self, w, *attributes, objects=(), status=200, user="peer"):
        body = {"Event": {"info": "peer", "Attribute": list(attributes), "Object": list(objects)}}
        said = w.post("/v1/misp", body, user=user)
        self.assertEqual(said.status, status, said)
        return said

    def tips(self, w, **query):
        return w.get("/v1/tips", user="an", query=query).value

    def test_out(self):
        w = self.open_world()
        self.assertEqual(self.fetch(w, "manifest.json").value, {})
        ours = {
            "phishing.example": ("domain", "suffix", "domain"),
            "only.example": ("domain", "exact", "hostname"),
            "http://a.example/x": ("url", None, "url"),
            "+8613912345678": ("number", None, "phone-number"),
            "6222021001001234563": ("account", None, "cc-number"),
            "ICBC:1234567890": ("account", None, "bank-account-nr"),
        }
        names = {}
        for value, (kind, match, _) in ours.items():
            names[value] = w.list_now("an", "ap", kind=kind, value=value, match=match)
        w.propose("an", value="waiting.example")
        w.list_now("an", "ap", value="good.example", action="allow", reason="verified")
        lifted = w.post(f"/v1/listings/{names['only.example']}/lift", {"why": "x"}, user="an")
        self.assertEqual(lifted.status, 200, lifted)
        manifest = self.fetch(w, "manifest.json").value
        self.assertEqual(len(manifest), 1)
        [(name, head)] = manifest.items()
        self.assertEqual(str(uuid.UUID(name)), name)
        event = self.fetch(w, f"{name}.json").value["Event"]
        self.assertEqual((event["uuid"], event["timestamp"], event["Orgc"]),
                         (name, head["timestamp"], head["Orgc"]))
        found = {a["value"]: a for a in event["Attribute"]}
        self.assertEqual({v: a["type"] for v, a in found.items()},
                         {v: t for v, (_, _, t) in ours.items()})
        self.assertEqual([v for v, a in found.items() if a["deleted"]], ["only.example"])
        self.assertEqual([v for v, a in found.items() if not a["to_ids"]], ["only.example"])
        for value, attribute in found.items():
            self.assertEqual(uuid.UUID(attribute["uuid"]).version, 5)
        rows = self.fetch(w, "hashes.csv").text.split()
        self.assertEqual(sorted(rows), sorted(
            f"{hashlib.md5(v.encode()).hexdigest()},{name}" for v in ours))
        again = self.fetch(w, f"{name}.json").value["Event"]
        self.assertEqual(again, event)
        self.fetch(w, f"{uuid.uuid4()}.json", status=404)
        self.fetch(w, "other", status=404)
        self.fetch(w, "manifest.json", status=401, user=None)

    def test_in(self):
        w = self.open_world()
        domain = {"type": "domain", "value": "Bad.Example.", "to_ids": True}
        said = self.send(
            w, domain, domain, {"type": "hostname|port", "value": "host.example|443"},
            {"type": "domain", "value": "seen.example", "to_ids": False},
            {"type": "domain", "value": "gone.example", "deleted": True},
            {"type": "sha256", "value": "00"}, {"type": "phone-number", "value": "nobody"},
            {"type": 7}, objects=[{"Attribute": [{"type": "phone-number",
                                                  "value": "+86 139 1234 5678"}]}])
        self.assertEqual(said.value, {"accepted": 3, "beyond": 0, "skipped": 3, "refused": 2})
        tips = self.tips(w)
        self.assertEqual(sorted(t["value"] for t in tips["items"]),
                         ["+8613912345678", "bad.example", "host.example"])
        self.assertEqual(w.verdict("bad.example")["verdict"], "pass")
        self.send(w, domain)
        self.assertEqual({t["told"] for t in self.tips(w)["items"]}, {1})
        for body in ({}, {"Event": []}, {"response": []}, {"response": [{}]}):
            said = w.post("/v1/misp", body, user="peer")
            self.assertEqual((said.status, said.code), (400, "misp.no_event"), said)
        both = {"response": [{"Event": {"Attribute": [domain]}}] * 2}
        self.assertEqual(w.post("/v1/misp", both, user="peer").value["accepted"], 1)
        self.send(w, domain, user="ap", status=403)
        many = [{"type": "domain", "value": f"d{i}.example"} for i in range(5001)]
        self.send(w, *many, status=422)

    def test_a_share_of_the_day(self):
        """What is above it is left out, and told; on the next day it comes in."""
        w = self.open_world()
        w.configure(r"(?m)^  program_day: 5000$", "  program_day: 5")
        many = [{"type": "domain", "value": f"d{i}.example"} for i in range(8)]
        said = self.send(w, *many).value
        self.assertEqual((said["accepted"], said["beyond"]), (5, 3))
        self.assertEqual(self.send(w, *many, status=429).code, "tip.too_many")
        today = self.tips(w)["today"]
        self.assertEqual((today["told"], today["beyond"]), (5, 11))
        w.step(days=1)
        self.assertEqual(self.send(w, *many[5:]).value["accepted"], 3)
        self.assertEqual(self.tips(w)["total"], 8)

    def test_what_a_source_is_worth(self):
        w = self.open_world()
        self.send(w, *({"type": "domain", "value": f"d{i}.example"} for i in range(4)))
        ids = {t["value"]: t["tip"] for t in self.tips(w)["items"]}

        def decide(decision, name, **more):
            said = w.post("/v1/tips/decide", {"decision": decision, "why": "x",
                                              "tips": [ids[name]], **more}, user="an").value
            self.assertEqual(said["decided"], 1, said)
        decide("dismiss", "d0.example")
        for name in ("d1.example", "d2.example"):
            decide("list", name, basis="fraud_law_24")
        for tip in self.tips(w, state="listed")["items"]:
            w.approve("ap", tip["listing"])
        [source] = self.tips(w)["sources"]
        self.assertEqual((source["name"], source["right"], source["wrong"], source["waiting"]),
                         ("peer", 2, 1, 1))
        self.assertAlmostEqual(source["share_percent"], 66.667, delta=0.1)
        self.assertLess(source["low_percent"], source["share_percent"])
        listing = self.tips(w, state="listed")["items"][0]["listing"]
        w.post(f"/v1/listings/{listing}/lift", {"why": "honest after all"}, user="an")
        [source] = self.tips(w)["sources"]
        self.assertEqual((source["right"], source["wrong"]), (1, 2))


if __name__ == "__main__":
    unittest.main(verbosity=2)
