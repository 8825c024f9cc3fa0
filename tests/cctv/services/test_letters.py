"""Letters to owners: numbers, links, files that can be opened and read, and templates that are refused with reasons."""

import io
import re
import zipfile
from datetime import date, timedelta

import cv2
import numpy as np
import pypdfium2
import pytest
from docx import Document

from cctv.errors import AccessError, ImportProblemsError, RegistryError, ValidationError
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.registry.contacts import Contact
from cctv.registry.doctor import doctor
from cctv.registry.letters import LetterRule, letter_rule, list_letters, template_of, written_number
from cctv.registry.owner_links import find_link, token_of
from cctv.registry.owners import get_owner
from cctv.reports.letter_template import DEFAULTS
from cctv.services import letter_settings, letters, owners
from cctv.services.letter_content import link_of
from cctv.services.price_list import today_here

BASE = "https://cctv.contoh.invalid"
FIELDS = {
    "name": "Toko <Melati> & Co", "sector": "shop", "address": "=1+1", "kelurahan": "", "lon": 112.43945,
    "lat": -7.4664, "cameras_stated": None, "note": "",
}  # fmt: skip


@pytest.fixture
def runtime(city_runtime):
    """One register for this file: every test has owners of its own."""
    return city_runtime


@pytest.fixture
def editor(runtime, account_of):
    return account_of(runtime, Role.EDITOR)


@pytest.fixture
def admin(runtime, account_of):
    return account_of(runtime, Role.ADMIN)


def record(runtime, editor, owner_id="", **changes):
    return owners.record(runtime, editor, {**FIELDS, **changes}, Contact("Rahasia"), source="survei", owner_id=owner_id)


def pdf_text(body):
    document = pypdfium2.PdfDocument(body)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def docx_text(body):
    document = Document(io.BytesIO(body))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    heads = [p.text for section in document.sections for p in section.header.paragraphs]
    return "\n".join([*heads, *(p.text for p in document.paragraphs), *cells])


def docx_of(*paragraphs, head=""):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if head:
        document.sections[0].header.paragraphs[0].text = head
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_both_files_say_the_same_and_the_code_opens_the_form(runtime, editor):
    record(runtime, editor, "swasta-mal")
    (letter,) = letters.issue(runtime, editor, ["swasta-mal"], today_here())
    link = link_of(runtime, letter, BASE)
    for name in letters.FILES:
        file = letters.letter_file(runtime, editor, letter.letter_id, name, BASE)
        text = pdf_text(file.body) if name.endswith("pdf") else docx_text(file.body)
        assert "{{" not in text
        plain = re.sub(r"[\s￾\u00ad]+", "", text)
        expected = [letter.letter_number, "Pusatbelanjaswasta(sintetis)", "PelindunganDataPribadi", "K-0093"]
        expected += [link] if name.startswith("surat") else ["Persetujuan(pilihsatu)"]
        assert [words for words in expected if words not in plain] == []
        assert "Rahasia" not in text
    picture = pypdfium2.PdfDocument(letters.letter_file(runtime, editor, letter.letter_id, "surat.pdf", BASE).body)
    pages = [np.array(page.render(scale=3).to_pil().convert("L")) for page in picture]
    picture.close()
    read = {cv2.QRCodeDetector().detectAndDecode(page)[0] for page in pages}
    assert link in read
    assert recent_access(runtime.registry, 1)[0].action == letters.ACTION


def test_the_file_holds_no_token_and_a_link_dies_with_its_day_and_with_a_withdrawal(runtime, editor):
    owner = record(runtime, editor)
    (letter,) = letters.issue(runtime, editor, [owner.owner_id], today_here())
    token = token_of(runtime.settings.secret_key, letter.link_id)
    with runtime.registry.cursor() as cursor:
        kept = str([cursor.table(name).fetchall() for name in ("owner_link", "letter", "history")])
    assert token not in kept
    link = find_link(runtime.registry, token)
    assert link is not None
    assert link.works(link.expires_on)
    assert not link.works(link.expires_on + timedelta(days=1))
    assert owners.close_links(runtime, editor, owner, "bocor") == 1
    with pytest.raises(RegistryError, match="link_closed"):
        letters.letter_file(runtime, editor, letter.letter_id, "surat.pdf", BASE)
    assert find_link(runtime.registry, token + "x") is None


def test_numbers_follow_each_other_and_begin_anew_with_the_year(runtime, editor):
    first, second = record(runtime, editor, name="A"), record(runtime, editor, name="B")
    before = len(list_letters(runtime.registry))
    made = letters.issue(runtime, editor, [first.owner_id, second.owner_id], today_here())
    assert [letter.sequence for letter in made] == [before + 1, before + 2]
    (old,) = letters.issue(runtime, editor, [first.owner_id], date(2025, 3, 1))
    assert (old.sequence, old.letter_number) == (1, "1/CCTV/III/2025")
    assert written_number("{tahun}-{urut}", 7, date(2026, 12, 1)) == "2026-7"
    for wrong in ([], ["tidak-ada"], [first.owner_id] * 2):
        with pytest.raises(ValidationError):
            letters.issue(runtime, editor, wrong, today_here())
    assert doctor(runtime.registry) == []


def test_a_whole_batch_is_one_zip_and_marking_it_sent_is_all_or_nothing(runtime, editor, account_of):
    found = [record(runtime, editor, name=name).owner_id for name in ("C", "D")]
    made = [letter.letter_id for letter in letters.issue(runtime, editor, found, today_here())]
    with zipfile.ZipFile(io.BytesIO(letters.letters_zip(runtime, editor, made, BASE).body)) as archive:
        names = archive.namelist()
        index = archive.read("daftar-surat.csv").decode("utf-8-sig")
    assert len(names) == 1 + 2 * len(letters.FILES)
    assert "'=1+1" in index
    assert "/daftar/" not in index
    letters.mark_sent(runtime, editor, made, today_here())
    assert {get_owner(runtime.registry, key).state for key in found} == {"letter_sent"}
    owners.take_step(runtime, editor, get_owner(runtime.registry, found[1]),
                     owners.NewStep("agreed", today_here(), consent="register"))  # fmt: skip
    before = get_owner(runtime.registry, found[0]).version
    with pytest.raises(ValidationError):
        letters.mark_sent(runtime, editor, made, today_here())
    assert get_owner(runtime.registry, found[0]).version == before
    for role in (Role.VIEWER, Role.PLANNER, Role.OPERATOR):
        account = account_of(runtime, role)
        with pytest.raises(AccessError):
            letters.letters_zip(runtime, account, made, BASE)
        with pytest.raises(AccessError):
            letters.issue(runtime, account, found, today_here())


GOOD = ("{{nomor}} {{tanggal}} {{nama_pemilik}} {{tautan}} {{penanda_tangan}}", "{{dasar_hukum}}", "{{tabel_kamera}}")


@pytest.mark.parametrize(
    ("paragraphs", "head", "codes"),
    [
        (GOOD[1:], "", ["template_missing"] * 5),
        ((*GOOD, "{{gaji}}"), "", ["template_unknown"]),
        ((*GOOD, "{{nomor"), "", ["template_half_mark"]),
        ((*GOOD, "lihat {{peta}} ini"), "", ["template_not_alone"]),
        (GOOD, "{{peta}}", ["template_not_alone"]),
        (("{{ nomor }}",), "", ["template_missing"] * 6),
    ],
)
def test_a_bad_template_is_refused_with_what_is_wrong_and_the_old_one_stays(runtime, admin, paragraphs, head, codes):
    with pytest.raises(ImportProblemsError) as caught:
        letter_settings.put_template(runtime, admin, "surat", docx_of(*paragraphs, head=head), "uji.docx")
    assert [problem.code for problem in caught.value.problems] == codes
    assert template_of(runtime.registry, "surat") is None


def _with_part(name, body):
    out = io.BytesIO(docx_of(*GOOD))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, body)
    return out.getvalue()


def test_hostile_files_are_no_templates(runtime, admin):
    remote = docx_of(*GOOD)
    document = Document(io.BytesIO(remote))
    document.part.relate_to("http://jahat.invalid/x.dotm", "http://x/attachedTemplate", is_external=True)
    out = io.BytesIO()
    document.save(out)
    refused = {
        "template_outside": out.getvalue(),
        "template_macro": _with_part("word/vbaProject.bin", b"x"),
        "template_entity": _with_part("word/x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"),
    }
    for code, docx in refused.items():
        with pytest.raises(ImportProblemsError, match=code):
            letter_settings.put_template(runtime, admin, "surat", docx, "uji.docx")
    for docx in (b"", b"PK\x03\x04", b"x" * 5_000_001, _with_part("word/media/bom.bin", bytes(61_000_000))):
        with pytest.raises(ImportProblemsError, match="template_unreadable"):
            letter_settings.put_template(runtime, admin, "surat", docx, "uji.docx")


def test_a_replaced_template_is_used_at_once_and_can_be_taken_back(runtime, editor, admin):
    owner = record(runtime, editor)
    (letter,) = letters.issue(runtime, editor, [owner.owner_id], today_here())
    with pytest.raises(AccessError):
        letter_settings.put_template(runtime, editor, "formulir", DEFAULTS["formulir"].read_bytes(), "uji.docx")
    letter_settings.put_template(runtime, admin, "surat", docx_of(*GOOD, "Salam hangat"), "uji.docx")
    for name, text in (("surat.docx", docx_text), ("surat.pdf", pdf_text)):
        words = text(letters.letter_file(runtime, editor, letter.letter_id, name, BASE).body)
        assert "Salam hangat" in words
        assert "Toko <Melati> & Co" in words
    letter_settings.put_template(runtime, admin, "surat", None, "")
    assert "Salam hangat" not in docx_text(
        letters.letter_file(runtime, editor, letter.letter_id, "surat.docx", BASE).body
    )
    assert doctor(runtime.registry) == []


def test_the_rule_is_checked_as_a_whole_and_only_admins_set_it(runtime, editor, admin):
    good = {name: value for name, value in vars(LetterRule()).items() if name != "version"}
    with pytest.raises(AccessError):
        letter_settings.save_rule(runtime, editor, LetterRule(), good, "isi")
    for address in ("cctv", "javascript:alert(1)", "https://", "https://a/?x=1"):
        with pytest.raises(ValidationError, match="public_address"):
            letter_settings.save_rule(runtime, admin, LetterRule(), {**good, "public_address": address}, "isi")
    bad = {**good, "number_pattern": "{tahun}/{minggu}", "reply_days": 0, "signer": " "}
    with pytest.raises(ValidationError) as caught:
        letter_settings.save_rule(runtime, admin, LetterRule(), bad, "isi")
    assert {problem.code for problem in caught.value.problems} == {"number_pattern", "out_of_range", "required"}
    letter_settings.save_rule(
        runtime, admin, LetterRule(), {**good, "public_address": "https://cctv.invalid/a/"}, "isi"
    )
    assert letter_rule(runtime.registry).version == 1
    owner = record(runtime, editor)
    (letter,) = letters.issue(runtime, editor, [owner.owner_id], today_here())
    assert link_of(runtime, letter, BASE).startswith("https://cctv.invalid/a/daftar/")
