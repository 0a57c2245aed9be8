# SPDX-License-Identifier: Apache-2.0
"""
worlds - simulated provinces that differ in more than their seed: for learning from and for judging.

    folder = emit(yumen, folder, "learn-3", scale=20000, days=5)

The parameters are those of src/drill/data/world.yaml, most figures about telephones drawn anew
around them, by the name of the world alone: the same name gives the same world. A model that is
learnt from one world knows that world; one that is learnt from many has to look at what they share.
"""
import csv
import hashlib
import math
import os
import random
import re
import subprocess

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
USUAL = os.path.join(SOURCE, "src/drill/data/world.yaml")

# Figures of `telephones` and `dialling`: from, to. Where the larger is many times the smaller, the
# logarithm is drawn evenly.
FIGURES = {
    "telephones": {
        "contacts": (12, 100), "contacts_sigma": (0.6, 1.3), "activity": (0.7, 1.5),
        "favour": (2, 5),
        "outside": (0.05, 0.4), "answered": (0.5, 0.9), "talk_s": (20, 90),
        "talk_sigma": (0.8, 1.4),
        "back": (0.2, 0.7), "back_unknown": (0.02, 0.15), "away": (0.03, 0.35),
        "flips": (0.02, 0.3),
        "imei_days": (200, 1200), "per_cell": (200, 1500), "handed": (0, 0.6),
    },
    "dialling": {
        "outside": (0.1, 0.97), "answered": (0.15, 0.65), "talk_s": (12, 110),
        "talk_sigma": (0.8, 1.4),
        "pause_s": (12, 600), "pause_sigma": (0.4, 1.4), "again": (0.01, 0.4), "texts": (0, 0.4),
        "cap": (8, 200), "swap_s": (5, 120), "life_days": (1, 30), "move_days": (2, 30),
        "friends": (0, 0.3), "mimic_s": (20, 150), "at_once": (1, 8), "shown": (4, 300),
        "borrowed": (0, 0.25),
    },
}
TALKS = {"friends": (0.4, 3.5), "errands": (0.03, 0.6), "firms": (0.8, 8), "texts": (0.02, 2)}
# Of each kind of honest line: by how much a figure is multiplied, or between what it is drawn.
LINE_TIMES = {"own": (0.4, 2), "work": (0.3, 2.2), "rung": (0.3, 2.5), "talk_s": (0.5, 2.5),
              "regulars": (0.3, 3), "range": (0.3, 3), "step_min": (0.5, 2), "texts": (0.2, 3)}
LINE_DRAWN = {"again": (0.02, 0.9), "near": (0.05, 1), "answered": (0.25, 0.97),
              "back": (0.02, 0.5)}
RACKS = {"ports": (1, 32), "sims": (1, 12), "swap_calls": (2, 80), "mimic": (0, 0.45),
         "sectors": (0, 0.8)}
BYPASSES = {"ports": (2, 32), "sims": (1, 12), "swap_calls": (1, 40), "mimic": (0, 0.2),
            "sectors": (0, 0.8), "pause_s": (60, 3600), "regulars": (3, 80), "again": (0, 0.95),
            "answered": (0.4, 0.95), "talk_s": (20, 180), "sigma": (0.6, 1.4),
            "life_days": (3, 60)}
HOURS = ("shift", "talk", "day", "office", "evening", "meals")
WHOLE = {"contacts", "favour", "talk_s", "imei_days", "per_cell", "pause_s", "cap", "swap_s",
         "life_days", "move_days", "mimic_s", "at_once", "shown", "regulars", "range", "step_min",
         "ports", "sims", "swap_calls", "per", "least", "rack_per", "bypass_per", "cards"}
SHARES = {"texts", "again", "near", "answered", "back"}


def draw(dice, low, high):
    if low > 0 and high / low > 4:
        return math.exp(dice.uniform(math.log(low), math.log(high)))
    return dice.uniform(low, high)


def shown(name, value):
    if name in WHOLE:
        return str(max(0 if name == "range" else 1, round(value)))
    return f"{value:.4f}"


class World:
    def __init__(self, name):
        digest = hashlib.sha256(name.encode()).digest()
        self.dice = random.Random(digest)
        self.seed = int.from_bytes(digest[:4], "big") >> 2
        with open(USUAL, encoding="utf-8") as file:
            self.text = file.read()

    def put(self, section, name, value):
        """`name: {value: …` within a section."""
        pattern = rf"(^{section}:\n(?:[ #].*\n|\n)*?  {name}: +\{{(?:value|per_day|per): )[-\d.]+"
        self.text, count = re.subn(pattern, lambda m: m[1] + shown(name, value), self.text,
                                   flags=re.M)
        assert count == 1, (section, name)

    def rows(self, section, change):
        """change(figures) of every `- {name: …}` of a section; figures are texts."""
        def put(match):
            row = match[0]
            figures = dict(re.findall(r"(\w+): ([^,{}\"\n]+)(?=[,}])", row))
            for name, value in change(dict(figures)).items():
                row, count = re.subn(rf"\b{name}: [^,{{}}\n]+(?=[,}}])", f"{name}: {value}", row,
                                     count=1)
                assert count == 1, (section, name)
            return row

        begin = re.search(rf"^{section}:\n", self.text, flags=re.M).end()
        after = re.search(r"^\S", self.text[begin:] + "\n#", flags=re.M)
        part = self.text[begin:begin + after.start()]
        part = re.sub(r"  - \{(?:[^{}])*\}", put, part)
        self.text = self.text[:begin] + part + self.text[begin + after.start():]

    def vary(self):
        dice = self.dice
        for section, figures in FIGURES.items():
            for name, (low, high) in figures.items():
                self.put(section, name, draw(dice, low, high))
        for name, (low, high) in TALKS.items():
            self.put("talks", name, draw(dice, low, high))

        def carrier(_):
            cell, imei = dice.random() < 0.75, dice.random() < 0.75
            return {"phases": int(dice.random() < 0.4), "gives_cell": int(cell),
                    "gives_imei": int(imei)}

        def line(figures):
            new = {name: shown(name, draw(dice, *LINE_DRAWN[name]))
                   for name in LINE_DRAWN if dice.random() < 0.5}
            for name, (low, high) in LINE_TIMES.items():
                value = float(figures[name]) * draw(dice, low, high)
                new[name] = shown(name, min(value, 1) if name in SHARES else value)
            if figures["range"] == "0":
                del new["range"]
            if int(figures["cards"]) > 2:
                new["cards"] = str(round(int(figures["cards"]) * draw(dice, 0.1, 3)))
            if float(figures["lends"]) > 0:
                new["lends"] = f"{draw(dice, 0.3, 1):.4f}"
            if dice.random() < 0.3 and figures["regular"] == "0":
                new["hours"] = dice.choice(HOURS)
            return new

        def rack(_):
            new = {name: shown(name, draw(dice, *bounds)) for name, bounds in RACKS.items()}
            new["imei"] = dice.choice(("fixed", "slot", "random"))
            new["hours"] = dice.choice(HOURS)
            return new

        def bypass(_):
            new = {name: shown(name, draw(dice, *bounds)) for name, bounds in BYPASSES.items()}
            new["imei"] = dice.choice(("device", "fixed", "slot", "random"))
            new["hours"] = dice.choice(("talk", "day", "evening"))
            return new

        self.rows("carriers", carrier)
        self.rows("lines", line)
        self.rows("racks", rack)
        self.rows("bypasses", bypass)

    def crowd(self, alikes):
        """Many more of whom there is to learn from: who dials for scams, and their look-alikes."""
        self.put("dialling", "rack_per", 4000)
        self.put("dialling", "bypass_per", 8000)
        self.text = re.sub(r"(  handset: \{per: )\d+", r"\g<1>250", self.text)
        self.text = re.sub(r"(  abroad:  \{per: )\d+", r"\g<1>12000", self.text)
        if alikes:
            self.rows("lines", lambda row: {"per": str(max(8, int(row["per"]) // 4))})


def emit(yumen, folder, name, scale, days, usual=False, alikes=True):
    """usual: the parameters as they come. alikes: as many more look-alikes as of those who dial."""
    world = World(name)
    if not usual:
        world.vary()
        world.crowd(alikes)
    here = os.path.join(folder, name)
    config = here + ".yaml"
    with open(config, "w", encoding="utf-8") as file:
        file.write(world.text)
    subprocess.run([yumen, "drill", "--emit", here, "--config", config, "--seed", str(world.seed),
                    "--scale", str(scale), "--days", str(days)], check=True,
                   stdout=subprocess.DEVNULL)
    tell_borrowed(here)
    return here


def tell_borrowed(here):
    """Subscribers whose number was shown by others are honest, and a kind of their own."""
    truth = os.path.join(here, "truth/numbers.csv")
    with open(truth, encoding="utf-8") as file:
        known = {line.split(",")[0] for line in file}
    borrowed = {}
    with open(os.path.join(here, "truth/scam_calls.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["caller"] not in known:
                borrowed.setdefault(row["caller"], row["time"])
    with open(truth, "a", encoding="utf-8") as file:
        file.writelines(f"{number},0,borrowed,,,{time}\n" for number, time in borrowed.items())
