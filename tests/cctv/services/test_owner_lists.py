"""Lists of owners from a file: understood, or refused as a whole with every reason by row."""

import pytest
import xlsxwriter

from cctv.errors import AccessError, ImportProblemsError, ValidationError
from cctv.permissions import Role
from cctv.registry.owners import contact_of, list_owners
from cctv.services.owner_lists import import_owners

HEAD = "Daftar pemilik 2026;;;;\nNama;Jenis;Alamat;Kelurahan;Koordinat;Jumlah kamera;Narahubung;Telepon\n"


@pytest.fixture
def editor(city_runtime, account_of):
    return account_of(city_runtime, Role.EDITOR)


def taken(runtime, account, folder, text, name="daftar.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_owners(runtime, account, path, name)


def test_every_row_is_understood(city_runtime, editor, tmp_path):
    rows = 'Bank Uji;Bank;Jl A 1;;"-7,4664 112,43945";4;Ibu X;0800\n;;;;;;;\nToko Uji;toko;;Meri;;;;\n'
    assert taken(city_runtime, editor, tmp_path, HEAD + rows) == 2
    bank, shop = sorted(list_owners(city_runtime.registry), key=lambda owner: owner.name)
    assert (bank.sector, bank.kelurahan, bank.cameras_stated, bank.lat) == ("bank", "Balongsari", 4, -7.4664)
    assert (shop.sector, shop.kelurahan, shop.cameras_stated, shop.lon) == ("shop", "Meri", None, None)
    assert contact_of(city_runtime.registry, bank.owner_id).person == "Ibu X"
    with pytest.raises(ValidationError, match="taken"):
        taken(city_runtime, editor, tmp_path, HEAD + rows)


def test_a_workbook_is_read_as_well(city_runtime, editor, tmp_path):
    path = tmp_path / "daftar.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate((("Pemilik", "Jenis", "Kamera"), ("Hotel Uji", "hotel", 12))):
            sheet.write_row(row, 0, cells)
    assert import_owners(city_runtime, editor, path, "daftar.xlsx") == 1
    assert next(o for o in list_owners(city_runtime.registry) if o.name == "Hotel Uji").cameras_stated == 12


def test_bad_rows_are_all_named_and_none_is_kept(city_runtime, editor, account_of, tmp_path):
    before = list_owners(city_runtime.registry)
    rows = "A;warung;;Antah;entah;banyak;;\nB;toko;;;;;;\nb;toko;;Blooto;-7.4664, 112.43945;;;\n;toko;;;;;;\n"
    with pytest.raises(ValidationError) as caught:
        taken(city_runtime, editor, tmp_path, HEAD + rows)
    assert [(p.where.split()[-1], p.code) for p in caught.value.problems] == [
        ("3", "form_position"), ("3", "choice"), ("3", "not_number"), ("3", "kelurahan_unknown"),
        ("5", "kelurahan_elsewhere"), ("5", "taken"), ("6", "required"),
    ]  # fmt: skip
    for text, error in (("a;b\n1;2\n", ImportProblemsError), (HEAD, ValidationError)):
        with pytest.raises(error):
            taken(city_runtime, editor, tmp_path, text)
    with pytest.raises(AccessError):
        taken(city_runtime, account_of(city_runtime, Role.PLANNER), tmp_path, HEAD + "C;toko;;;;;;\n")
    assert list_owners(city_runtime.registry) == before
