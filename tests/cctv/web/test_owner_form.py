"""The form of an owner over HTTP, through the real guard: what a link opens, what is kept, what stays closed."""

import asyncio
import io
import re

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from cctv.registry import accounts
from cctv.registry.contacts import Contact
from cctv.registry.owner_links import token_of
from cctv.registry.self_registration import list_registrations
from cctv.services import letters, owners, registration_review, self_registration
from cctv.services import runtime as runtime_module
from cctv.services.price_list import today_here
from cctv.services.request_limits import RequestLimit
from cctv.settings import read_settings
from cctv.web import answers, routes
from cctv.web.middleware import middleware

OWNER = {
    "name": "Toko <b>Melati</b>", "sector": "shop", "address": "Jl Rahasia 9", "kelurahan": "Meri", "lon": None,
    "lat": None, "cameras_stated": None, "note": "catatan dalam",
}  # fmt: skip
FORM = {
    "person": "Ibu Uji", "phone": "0800", "consent": "register", "statement": "yes", "name_0": "Pintu <script>",
    "direction_0": "W", "type_0": "fixed", "works_0": "yes",
}  # fmt: skip


class Client:
    """Asks the app inside this process."""

    def __init__(self, runner, app):
        self.runner, self.app = runner, app

    def get(self, path, **given):
        return self.runner.run(self._ask("GET", path, given))

    def post(self, path, **given):
        return self.runner.run(self._ask("POST", path, given))

    async def _ask(self, method, path, given):
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **given)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    folder = tmp_path_factory.mktemp("formulir")
    settings = {"CCTV_DATABASE": f"{folder}/c.duckdb", "CCTV_CACHE_DIR": str(folder), "CCTV_DEMO_PASSWORD": "x" * 12}
    opened = runtime_module.open_runtime(read_settings(settings))
    yield opened
    opened.registry.close()


@pytest.fixture
def client(runtime, monkeypatch):
    """Anybody on the internet."""
    monkeypatch.setattr(runtime_module, "_runtime", runtime)
    monkeypatch.setattr(self_registration, "by_address", RequestLimit(60, 600.0))
    monkeypatch.setattr(self_registration, "by_link", RequestLimit(15, 600.0))
    app = Starlette(
        routes=routes.build_routes(), middleware=middleware(),
        exception_handlers=answers.exception_handlers(),
    )  # fmt: skip
    with asyncio.Runner() as runner:
        yield Client(runner, app)


@pytest.fixture(scope="module")
def link(runtime):
    """The address in the letter of one owner."""
    editor = accounts.require_account(runtime.registry, "petugas")
    owner = owners.record(runtime, editor, OWNER, Contact("Bapak Lama", phone="0811"), source="uji")
    (letter,) = letters.issue(runtime, editor, [owner.owner_id], today_here())
    return f"/daftar/{token_of(runtime.settings.secret_key, letter.link_id)}"


def key_in(page: str) -> str:
    return re.search(r'name="kunci" value="([^"]+)"', page)[1]


def test_the_form_shows_the_name_of_its_owner_and_nothing_else(client, link):
    page = client.get(link)
    assert page.status_code == 200
    assert "Toko &lt;b&gt;Melati&lt;/b&gt;" in page.text
    for secret in ("Jl Rahasia", "Bapak Lama", "0811", "catatan dalam", "swasta-0001", "K-0001"):
        assert secret not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in page.headers
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page.text)


def test_a_form_with_a_photo_waits_for_a_person(client, link, runtime):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    fields = {**FORM, "kunci": key_in(client.get(link).text)}
    files = {"photo_0": ("../../x.png", out.getvalue(), "image/png"), "photo_1": ("", b"", "application/octet-stream")}
    for _ in range(2):  # a second press of the button
        assert client.post(link, data=fields, files=files).status_code == 200
    (form,) = list_registrations(runtime.registry)
    assert (form.state, form.consent, form.photos, form.cameras[0].name) == (
        "waiting",
        "register",
        (0,),
        "Pintu <script>",
    )
    editor = accounts.require_account(runtime.registry, "petugas")
    assert registration_review.photo_of(runtime, editor, form.registration_id, 0)[:2] == b"\xff\xd8"
    photo = f"/foto-pendaftaran/{form.registration_id}/0.jpg"
    assert client.get(photo).status_code == 401


def test_a_faulty_form_comes_back_with_what_was_typed(client, link, runtime):
    before = len(list_registrations(runtime.registry))
    typed = {**FORM, "kunci": key_in(client.get(link).text), "statement": "", "position_0": "<i>entah</i>"}
    page = client.post(link, data=typed)
    assert page.status_code == 400
    assert "Ibu Uji" in page.text
    assert "Pintu &lt;script&gt;" in page.text
    assert "<i>entah" not in page.text
    assert client.post(link, data={**typed, **{f"lain_{n}": "x" for n in range(60)}}).status_code == 413
    assert client.post(link, data={**typed, "note": "x" * 5000}).status_code in (400, 413)
    assert len(list_registrations(runtime.registry)) == before


def test_a_foreign_key_another_site_and_too_many_requests_are_refused(client, link):
    assert client.post(link, data={**FORM, "kunci": "x.y"}).status_code == 404
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://jahat.example"}
    assert client.post(link, data=FORM, headers=foreign).status_code == 403
    assert {client.get(link).status_code for _ in range(20)} == {200, 429}
    assert client.get("/peta").status_code == 401
