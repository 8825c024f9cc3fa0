"""Templates of letters as an office program makes them: checked before they are taken, filled afterwards.

Marks in double braces are replaced wherever they stand. Some take the place of their whole paragraph: a table, a
picture, several lines. Nothing in a template is ever run: no formulas, no macros, no links to files elsewhere.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from cctv.errors import ImportProblemsError, Problem, raise_if_any
from cctv.reports.docx_parts import MARK, all_paragraphs, fill_marks, fill_row, place_after

#: Marks that take the place of a paragraph of the body.
BLOCKS = ("tabel_kamera", "peta", "kode_qr", "dasar_hukum")
WORDS = (
    "nomor", "tanggal", "tanggal_data", "pengirim", "nama_pemilik", "alamat", "kelurahan", "jumlah_kamera", "tautan",
    "batas_jawab", "berlaku_sampai", "penanda_tangan", "jabatan", "nip", "keterangan_peta",
)  # fmt: skip
REQUIRED = {
    "surat": ("nomor", "tanggal", "nama_pemilik", "dasar_hukum", "tabel_kamera", "tautan", "penanda_tangan"),
    "formulir": ("nomor", "nama_pemilik", "dasar_hukum", "tabel_kamera"),
}
DEFAULTS = {
    "surat": Path(__file__).with_name("letter_template.docx"),
    "formulir": Path(__file__).with_name("sharing_form_template.docx"),
}
LARGEST_BYTES, LARGEST_UNPACKED, MOST_PARTS = 5_000_000, 60_000_000, 500
PICTURE_CM = {"peta": 16.0, "kode_qr": 3.2}
_LINK_TYPE = "/hyperlink"


@dataclass(frozen=True)
class Filling:
    """What goes into a template.

    Attributes
    ----------
    words : mapping
        Mark to words, for ``WORDS``.
    lines : mapping
        Mark to lines that take its place, for ``dasar_hukum``, or for a picture that there is none of.
    head, rows : sequence
        The table of cameras.
    pictures : mapping
        Mark to PNG, for ``peta`` and ``kode_qr``.
    """

    words: Mapping[str, str]
    lines: Mapping[str, Sequence[str]]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


def check_template(docx: bytes, template_id: str) -> None:
    """Refuse a template that cannot be used, with everything that is wrong with it.

    Parameters
    ----------
    docx : bytes
        As uploaded.
    template_id : {"surat", "formulir"}
        What it is for.

    Raises
    ------
    ImportProblemsError
        ``template_unreadable`` if it is no DOCX of a usable size; else ``template_refused`` with every problem.
    """
    if len(docx) > LARGEST_BYTES:
        raise _unreadable(f"{len(docx)} bytes")
    found = list(_parts_problems(docx))
    raise_if_any(found, ImportProblemsError, code="template_refused", message=template_id)
    found = list(_mark_problems(_opened(docx), template_id))
    raise_if_any(found, ImportProblemsError, code="template_refused", message=template_id)


def fill_template(docx: bytes, filling: Filling, title: str) -> bytes:
    """Fill a checked template.

    Parameters
    ----------
    docx : bytes
        The template.
    filling : Filling
        What goes in.
    title : str
        Title of the document.

    Returns
    -------
    bytes
        DOCX.
    """
    document = _opened(docx)
    for paragraph in list(document.paragraphs):
        name = _block(paragraph)
        if name == "tabel_kamera":
            _put_table(document, paragraph, filling)
        elif name in filling.pictures:
            fill_marks(paragraph, {name: ""})
            paragraph.add_run().add_picture(io.BytesIO(filling.pictures[name]), width=Cm(PICTURE_CM[name]))
        elif name in filling.lines:
            fill_marks(paragraph, {name: "\n".join(filling.lines[name])})
    for paragraph in all_paragraphs(document):
        fill_marks(paragraph, filling.words)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _put_table(document: DocumentType, paragraph: Paragraph, filling: Filling) -> None:
    fill_marks(paragraph, {"tabel_kamera": ""})
    if not filling.rows:
        return
    table = document.add_table(rows=1 + len(filling.rows), cols=len(filling.head))
    table.style = "Table Grid" if "Table Grid" in {style.name for style in document.styles} else None
    fill_row(table, 0, filling.head, is_bold=True)
    for line, words in enumerate(filling.rows, start=1):
        fill_row(table, line, words)
    place_after(paragraph, table)


def _block(paragraph: Paragraph) -> str:
    """Name the mark that a paragraph consists of."""
    found = MARK.fullmatch(paragraph.text.strip())
    return found[1] if found and found[1] in BLOCKS else ""


def _opened(docx: bytes) -> DocumentType:
    try:
        return Document(io.BytesIO(docx))
    except Exception as error:  # the library raises what its parsers raise
        raise _unreadable(str(error)) from error


def _unreadable(why: str) -> ImportProblemsError:
    return ImportProblemsError("template_unreadable", why, {"mb": LARGEST_BYTES // 1_000_000})


def _parts_problems(docx: bytes) -> Iterator[Problem]:
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise _unreadable("too much inside")
            if any("vbaproject" in info.filename.lower() for info in infos):
                yield Problem("template_macro")
            for info in infos:
                if info.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(info)[:4096]:
                    yield Problem("template_entity", value=info.filename)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _unreadable(str(error)) from error


def _mark_problems(document: DocumentType, template_id: str) -> Iterator[Problem]:
    yield from _outside(document)
    known, seen = (*BLOCKS, *WORDS), set[str]()
    n_body = len(document.paragraphs)
    for place, paragraph in enumerate(all_paragraphs(document)):
        text = "".join(run.text for run in paragraph.runs)
        names = [str(found[1]) for found in MARK.finditer(text)]
        rest = MARK.sub("", text)
        if len(names) < len(MARK.findall(paragraph.text)):
            yield Problem("template_in_link", value=paragraph.text[:60])
        if "{{" in rest or "}}" in rest:
            yield Problem("template_half_mark", value=text[:60])
        for name in names:
            seen.add(name)
            if name not in known:
                yield Problem("template_unknown", value=name, expected=", ".join(known))
            elif name in BLOCKS and (_block(paragraph) != name or place >= n_body):
                yield Problem("template_not_alone", value=name)
    yield from (Problem("template_missing", value=name) for name in REQUIRED[template_id] if name not in seen)


def _outside(document: DocumentType) -> Iterator[Problem]:
    package = document.part.package
    for part in package.iter_parts() if package is not None else ():
        for relation in part.rels.values():
            if relation.is_external and not relation.reltype.endswith(_LINK_TYPE):
                yield Problem("template_outside", value=str(relation.target_ref)[:80])
