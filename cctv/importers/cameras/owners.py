"""Which agency of the register a text names, however it is spelled."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from cctv.importers.cameras.town import Town
from cctv.importers.cameras.values import Value, guess, problem, read

_SHORT_OWNERS = {
    "dishub": "dinas perhubungan", "kominfo": "dinas komunikasi informatika",
    "diskominfo": "dinas komunikasi informatika", "satpolpp": "satuan polisi pamong praja",
    "pol pp": "polisi pamong praja", "satpol": "satuan polisi", "polresta": "polres", "kepolisian": "polres",
    "polri": "polres", "dinkes": "dinas kesehatan", "disdikbud": "dinas pendidikan kebudayaan",
    "disdik": "dinas pendidikan", "dikbud": "dinas pendidikan kebudayaan", "dpupr": "dpuprprkp",
    "pupr": "dpuprprkp", "dinas pekerjaan umum": "dpuprprkp", "disperindag": "dinas perindustrian perdagangan",
    "badan penanggulangan bencana daerah": "bpbd",
}  # fmt: skip
_SHORT_OWNER = re.compile(rf"\b(?:{'|'.join(sorted(_SHORT_OWNERS, key=len, reverse=True))})\b")
_NO_OWNER = re.compile(r"\b(?:pemerintah|pemkot|pemda|kota|kab|kabupaten|mojokerto|dan|milik|uptd?|bidang|cctv)\b")
_LIKENESS, _CLEAR = 86, 6


@lru_cache(maxsize=4096)
def read_owner(text: str, town: Town) -> Value:
    """Find the agency of the register that a text names.

    Parameters
    ----------
    text : str
        Cell.
    town : Town
        With the agencies.

    Returns
    -------
    Value
        ``agency_id``; ``problem`` if none or several fit.
    """
    plain = _plain_owner(text)
    if not text.strip(" -"):
        return Value(raw=text)
    scored: list[tuple[float, str]] = []
    for owner in town.owners:
        names = {_plain_owner(owner.name), _plain_owner(owner.agency_id.replace("-", " "))}
        if plain in names:
            return read(owner.agency_id, text)
        scored.append((max(_owner_likeness(plain, name) for name in names), owner.agency_id))
    best = sorted(scored, reverse=True)[:2]
    if best and best[0][0] >= _LIKENESS and (len(best) == 1 or best[0][0] - best[1][0] >= _CLEAR):
        return guess(best[0][1], text, "owner_like")
    return problem(text, "owner_unknown")


def _owner_likeness(plain: str, name: str) -> float:
    score = fuzz.token_sort_ratio(plain, name)
    words, known = set(plain.split()), set(name.split())
    # "dinas perhubungan" inside "dinas perhubungan seksi lalu lintas"; one common word such as "dinas" is not enough.
    inside = (words >= known or known >= words) and len((words & known) - {"dinas", "badan", "swasta"}) > 0
    return max(score, 90.0 if inside else 0.0)


@lru_cache(maxsize=4096)
def _plain_owner(text: str) -> str:
    plain = re.sub(r"\([^)]*\)|[^\w\s]", " ", text.lower().replace(".", ""))
    plain = _SHORT_OWNER.sub(lambda match: _SHORT_OWNERS[match.group()], plain.replace("satpol pp", "satpolpp"))
    return re.sub(r"\s+", " ", _NO_OWNER.sub(" ", plain)).strip()
