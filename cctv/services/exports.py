"""Rankings as files: every row says what kind of number it is, who took it out and when; every export is logged."""

import json
from datetime import UTC, datetime

import pandas as pd

from cctv.i18n import moment
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.planning import Ranking
from cctv.services.runtime import Runtime

KIND = "perkiraan di atas data kota sintetis, bukan untuk pengadaan"


def ranking_csv(runtime: Runtime, account: Account, ranking: Ranking) -> bytes:
    """Write a ranking as CSV.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it out.
    ranking : Ranking
        What to write.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, semicolons, as office programs here open it.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    return _marked(runtime, account, ranking, "csv").to_csv(index=False, sep=";", decimal=",").encode("utf-8-sig")


def ranking_geojson(runtime: Runtime, account: Account, ranking: Ranking) -> bytes:
    """Write a ranking as GeoJSON points.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it out.
    ranking : Ranking
        What to write.

    Returns
    -------
    bytes
        EPSG:4326.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    rows = json.loads(_marked(runtime, account, ranking, "geojson").to_json(orient="records"))
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]}}
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _marked(runtime: Runtime, account: Account, ranking: Ranking, form: str) -> pd.DataFrame:
    accounts.require(account, Permission.PLAN)
    log_access(runtime.registry, account.username, "unduh_usulan", ranking.plan.fingerprint, form)
    return ranking.rows.assign(
        sifat_angka=KIND if ranking.is_synthetic else "perkiraan",
        sidik=ranking.plan.fingerprint,
        metode=ranking.method_version,
        diunduh_oleh=account.username,
        diunduh_pada=moment(datetime.now(UTC)),
    )
