"""Write the templates of the circular letter and of the data-sharing form that come along; edit the text here."""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

FOLDER = Path(__file__).resolve().parents[1] / "cctv" / "reports"
#: First letters of a line: ^ in the middle, ^^ in the middle and bold, = bold, > towards the right.
LETTER = """
^^SURAT EDARAN
^Nomor: {{nomor}}
^tentang
^^Penggabungan kamera pengawas milik swasta dengan Peta CCTV Kota Mojokerto

Yth. {{nama_pemilik}}
{{alamat}}
Kelurahan {{kelurahan}}, Kota Mojokerto

1. Pemerintah Kota Mojokerto menyusun satu peta kamera pengawas di ruang publik, agar diketahui ruang publik mana yang \
sudah terpantau dan mana yang belum. Kami mengajak Saudara menggabungkan kamera yang menghadap ruang publik.
2. Dasar hukum:
{{dasar_hukum}}
3. Keikutsertaan bersifat sukarela. Saudara memilih: (a) kamera hanya dicatat pada peta, tanpa gambar; atau (b) kamera \
dicatat dan gambar langsungnya dapat dilihat pusat kendali. Persetujuan dapat dicabut kapan saja; kamera Saudara \
kemudian dikeluarkan dari semua tampilan.
4. Kamera dipakai hanya untuk keamanan, pencegahan bencana, dan lalu lintas, tidak untuk mengidentifikasi seseorang. \
Di tempat kamera perlu ada papan informasi.
5. Menurut register kami per {{tanggal_data}} tercatat {{jumlah_kamera}} kamera milik Saudara.
{{tabel_kamera}}
{{peta}}
{{keterangan_peta}}
6. Mohon mengisi formulir melalui tautan di bawah ini atau kodenya paling lambat {{batas_jawab}}. Tautan ini \
khusus untuk Saudara, jangan dibagikan, dan berlaku sampai {{berlaku_sampai}}.
{{tautan}}
{{kode_qr}}

>Mojokerto, {{tanggal}}
>{{jabatan}}
>
>
>{{penanda_tangan}}
>{{nip}}
"""
FORM = """
^^FORMULIR BERBAGI DATA KAMERA PENGAWAS
^Lampiran surat nomor {{nomor}}, {{tanggal}}

=1. Pemilik
Nama: {{nama_pemilik}}
Alamat: {{alamat}}, Kelurahan {{kelurahan}}
Narahubung (nama, jabatan, telepon): ________________________________

=2. Kamera menurut register per {{tanggal_data}}: {{jumlah_kamera}}
{{tabel_kamera}}
{{peta}}
{{keterangan_peta}}
Kamera lain yang belum tercatat (letak, arah, jenis): __________________________________
______________________________________________________________________

=3. Persetujuan (pilih satu)
[   ]  Kamera dicatat pada peta, tanpa gambar.
[   ]  Kamera dicatat pada peta, dan gambar langsung dapat dilihat pusat kendali.
[   ]  Tidak setuju.

=4. Ketentuan
Dasar hukum:
{{dasar_hukum}}
Gambar dipakai hanya untuk keamanan, pencegahan bencana, dan lalu lintas. Alamat siaran disandikan dan tidak pernah \
ditampilkan. Setiap orang yang melihat gambar dicatat. Persetujuan ini dapat dicabut kapan saja secara tertulis; \
kamera kemudian dikeluarkan dari semua tampilan.

>Mojokerto, ______________________
>Pemilik atau kuasanya
>
>
>(____________________________)
"""
TEMPLATES = {"surat": ("letter_template.docx", LETTER), "formulir": ("sharing_form_template.docx", FORM)}


def main() -> None:
    """Write both files."""
    for name, text in TEMPLATES.values():
        document = Document()
        style = document.styles["Normal"]
        style.font.name, style.font.size = "Arial", Pt(10.5)
        style.paragraph_format.space_after = Pt(3)
        for section in document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(2.5)
            section.top_margin = section.bottom_margin = Cm(2)
            head = section.header.paragraphs[0]
            head.alignment, head.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(12)
            for words, size in (("PEMERINTAH KOTA MOJOKERTO", 13), ("{{pengirim}}", 11)):
                run = head.add_run(words)
                run.bold, run.font.size = True, Pt(size)
                if size > 11:  # noqa: PLR2004 - the line above the other one
                    run.add_break()
        for line in text.replace("\\\n", "").strip().split("\n"):
            _paragraph(document, line)
        document.save(str(FOLDER / name))


def _paragraph(document, line: str) -> None:  # noqa: ANN001 - the library hides its class
    words = line.lstrip("^=>")
    marks = line[: len(line) - len(words)]
    paragraph = document.add_paragraph()
    run = paragraph.add_run(words)
    run.bold = marks in ("^^", "=")
    if words.startswith("{{dasar"):
        paragraph.paragraph_format.left_indent = Cm(0.6)
    if marks.startswith("^"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif marks == ">":
        paragraph.paragraph_format.left_indent = Cm(9)
    elif words[:2].rstrip(".").isdigit():
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.6), Cm(-0.6)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


if __name__ == "__main__":
    main()
