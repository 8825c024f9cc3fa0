"""A list of an agency goes from a file into the register and back again, with real clicks."""

from playwright.sync_api import expect

LIST = """Lokasi;Lintang;Bujur;Arah;Kondisi;Pemilik;URL
Gang Baru;-7,4723;112,4344;Arah Barat;aktif;Dishub;rtsp://u:rahasia@10.1.2.3/1
Simpang Gajah Mada - Empunala;-7,4664;112,43945;270;aktif;Dinas Perhubungan;
Pos Lama;-7,47;112,44;;aktif;Dinas Antah;
JUMLAH;;;;3;;
"""


def test_a_list_is_looked_at_taken_over_and_taken_back(visit, tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_text(LIST, encoding="utf-8")
    page = visit("/impor", "petugas")
    page.get_by_text("Pilih berkas dari komputer").wait_for()
    page.locator("input[type=file]").set_input_files(path)
    take_over = page.get_by_role("button", name="Masukkan 2 kamera")
    expect(take_over).to_be_disabled()
    assert "rahasia" not in page.content()
    page.get_by_role("button", name="Kolom sudah diperiksa").click()
    expect(take_over).to_be_enabled()
    expect(page.get_by_text("1 bermasalah dan tidak dimasukkan")).to_be_visible()
    take_over.click()
    undo = page.get_by_text("Batalkan impor ini")
    undo.wait_for()
    expect(page.get_by_text("Dimasukkan oleh petugas")).to_be_visible()
    undo.click()
    page.get_by_label("Alasan perubahan").fill("salah berkas")
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Batalkan seluruh impor")
    expect(button).to_be_enabled()
    button.click()
    expect(page.locator("strong", has_text="dibatalkan")).to_be_visible()
