"""Write the template of the annex to the terms of reference; edit the DOCX in an office program, or the text here."""

from pathlib import Path

from docx import Document

TARGET = Path(__file__).resolve().parents[1] / "cctv" / "reports" / "kak_template.docx"
#: A line that starts with # is a heading; every other block is a paragraph.
TEXT = """
# Latar belakang
Sebagian ruang publik Kota Mojokerto belum terlihat kamera pengawas mana pun. Rencana {{nama}} ({{kode}})
mengusulkan {{jumlah_titik}} titik di kelurahan {{kelurahan}} untuk tahun anggaran {{tahun}}.

# Dasar hukum
Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, pasal 17: alat pemroses data visual di tempat
umum hanya untuk keamanan, pencegahan bencana, dan lalu lintas, dengan informasi di area itu, dan tidak untuk
mengidentifikasi seseorang. Dasar lain diisi oleh OPD.

# Maksud dan tujuan
Menambah bagian kebutuhan berbobot yang terlihat dari {{sebelum}} menjadi {{sesudah}} bila semua titik rencana
terpasang (perkiraan, tingkat {{tingkat}}). Pekerjaan ini tidak menjanjikan turunnya kejahatan.

# Ruang lingkup
Pengadaan dan pemasangan kamera, braket atau tiang, panel dengan UPS, serat optik, sambungan PLN, perekam, dan papan
informasi pada titik berikut.

{{tabel_titik}}

# Anggaran
Jumlah {{biaya}} dengan PPN, pagu {{pagu}}. Sumber dana: {{sumber_dana}}. Rincian pada RAB.

# Pelaksana
OPD pengampu: {{opd}}. Jadwal, keluaran, dan penerima diisi oleh OPD.

# Spesifikasi
Spesifikasi tidak menunjuk merek. Tingkat gambar yang diminta: {{tingkat}}. Bila kamera dengan TKDN hanya tersedia
dengan resolusi lebih rendah, jangkauan dan letak titik harus dihitung ulang.

# Cara menghitung dan batasnya
Metode {{metode}}, sidik {{sidik}}, dihitung {{dihitung}}. Selisih terbukti dari pilihan terbaik paling jauh
{{selisih}}. {{batas}}
"""


def main() -> None:
    """Write the file."""
    document = Document()
    document.add_heading("Kerangka acuan kerja (lampiran)", 0)
    document.add_paragraph("{{nama}}, tahun anggaran {{tahun}}")
    for block in TEXT.strip().split("\n\n"):
        head, _, rest = block.partition("\n")
        if head.startswith("# "):
            document.add_heading(head.removeprefix("# "), 1)
        document.add_paragraph(" ".join((rest if head.startswith("# ") else block).split()))
    document.save(str(TARGET))


if __name__ == "__main__":
    main()
