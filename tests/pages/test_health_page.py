"""The health screen: what was counted is what is shown, to those whose cameras they are."""

from datetime import UTC, datetime

import pandas as pd

from cctv.i18n import WIB
from cctv.permissions import Role
from cctv.registry.camera_health import Poll, add_round
from cctv.registry.cameras import list_cameras
from cctv.ui.health import hour_chart, hour_frame

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)


def test_the_screen_tells_what_was_counted(screen, runtime):
    working = [camera for camera in list_cameras(runtime.registry) if camera.status == "on"]
    polls = [Poll(working[0].camera_id, "silent"), *(Poll(one.camera_id, "") for one in working[1:])]
    add_round(runtime.registry, polls, datetime.now(UTC))
    app = screen("kesehatan", Role.OPERATOR)
    assert not app.exception
    assert any(f"{len(working) - 1} / " in block.proto.body for block in app.get("html"))
    contradicted = app.dataframe[1].value
    assert contradicted["kode"].to_list() == [working[0].camera_id]
    assert contradicted["jawaban terakhir"].to_list() == ["kamera diam, tidak mengirim gambar"]
    assert not [heading for heading in app.subheader if "snapd" in heading.value]


def test_an_administrator_sees_the_picture_service(screen):
    app = screen("kesehatan", Role.ADMIN)
    assert [heading.value for heading in app.subheader if "snapd" in heading.value]


def test_hours_are_told_in_local_time_and_cells_name_what_is_missing():
    hours = pd.DataFrame({"owner": ["A", "A"], "hour": [NOW.replace(minute=0)] * 2, "share": [1.0, 0.5]})
    frame = hour_frame(hours)
    assert frame[["share", "cameras", "at", "answered"]].to_numpy().tolist() == [[0.75, 2, "25/11 16.00", "75,0 %"]]
    chart = hour_chart(frame, NOW).to_dict()
    day = chart["layer"][0]["encoding"]["x"]["sort"]
    assert len(day) == 24
    assert day[-1] == f"{NOW.astimezone(WIB):%d/%m %H}.00"
