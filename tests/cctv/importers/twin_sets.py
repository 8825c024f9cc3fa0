"""Two lists of the same city with known repeats: shared names, cameras 5 to 40 m apart, noise of a second survey."""

import math
import random

from cctv.importers.cameras.duplicates import Twin

SIDES = ("Utara", "Timur", "Selatan", "Barat")
STREETS = ("Gajah Mada", "Majapahit", "Empunala", "Pahlawan", "Bhayangkara", "Brawijaya", "Surodinawan", "Raden Wijaya")
SHORT = {"Gajah Mada": "Gajahmada", "Majapahit": "Mojopahit", "Empunala": "Mpunala"}
OWNERS = ("dishub", "diskominfo", "polres", "satpolpp")
NAN = float("nan")


def twin_set(n: int = 1200, seed: int = 5) -> tuple[list[Twin], list[Twin], set[tuple[str, str]]]:
    """Make a register and a second list: about a third of the list repeats the register, the rest is new.

    38 % of the cameras share their name with another one; neighbours stand 5 to 40 m apart; a repeated camera is
    off by the noise of two surveys (4 m), keeps its direction unless the second list has none (5 %), and its name
    is as likely as not spelled in another way.
    """
    chance = random.Random(seed)
    cameras: list[Twin] = []
    names = [f"Simpang {a} - {b}" for a in STREETS for b in STREETS if a < b]
    while len(cameras) < n:
        x, y = chance.uniform(0, 6000), chance.uniform(0, 5000)
        owner = chance.choice(OWNERS)
        own_name = f"{chance.choice(('Jl', 'Gang', 'Depan'))} {chance.choice(STREETS)} {len(cameras)}"
        name = chance.choice(names) if chance.random() < 0.25 else own_name
        for side in chance.sample(range(4), chance.choices((1, 2, 3, 4), (55, 25, 10, 10))[0]):
            azimuth = 90.0 * side if chance.random() < 0.95 else NAN
            turn, reach = chance.uniform(0, 2 * math.pi), chance.uniform(5, 20)
            spot = x + reach * math.cos(turn), y + reach * math.sin(turn)
            if any(math.hypot(c.x_m - spot[0], c.y_m - spot[1]) < 5 for c in cameras[-4:]):
                continue
            key = f"K-{len(cameras):04d}"
            stream = f"rtsp://10.0.0.1/{key}" if chance.random() < 0.3 else ""
            cameras.append(Twin(key, f"{name} Arah {SIDES[side]}", *spot, 15.0, azimuth, owner, stream, key))
    register, fresh = cameras[: 2 * n // 3], cameras[2 * n // 3 :]
    repeated = chance.sample(register, n // 4)
    rows = [_again(camera, chance) for camera in repeated]
    truth = {(row.key, camera.key) for row, camera in zip(rows, repeated, strict=True)}
    rows += [
        Twin(f"b:{c.key}", c.name, c.x_m, c.y_m, c.error_m, c.azimuth_deg, c.agency_id, c.stream, c.key) for c in fresh
    ]
    chance.shuffle(rows)
    return rows, register, truth


def _again(camera: Twin, chance: random.Random) -> Twin:
    name = camera.name
    for long, short in SHORT.items() if chance.random() < 0.5 else ():
        name = name.replace(long, short)
    if chance.random() < 0.3:
        name = f"CCTV {name}".replace("Simpang", "SP.")
    azimuth = NAN if chance.random() < 0.05 else camera.azimuth_deg
    stream = camera.stream if chance.random() < 0.5 else ""
    x, y = camera.x_m + chance.gauss(0, 2.8), camera.y_m + chance.gauss(0, 2.8)
    return Twin(f"a:{camera.key}", name, x, y, 15.0, azimuth, camera.agency_id, stream, f"a:{camera.key}")
