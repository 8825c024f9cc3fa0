"""Make the environment ready: Python, .venv, packages; with --dev test tools and a browser, with --bench rivals.

Standard library only, and old syntax only, so that an old Python can still say what is wrong. Running it again is
quick and harmless; once installed it works without a network. Messages are Indonesian: office staff read them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = ROOT / "var" / "setup.log"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def fail(sentence: str, hint: str = "") -> NoReturn:
    """End with one clear line."""
    sys.stderr.write("GAGAL: " + sentence + (" " + hint if hint else "") + "\n")
    sys.exit(1)


def step(number: int, total: int, text: str) -> None:
    """Print one line of the step list."""
    sys.stdout.write(f"[{number}/{total}] {text}\n")
    sys.stdout.flush()


def check_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info < OLDEST:
        fail(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} terlalu lama; dibutuhkan Python 3.11 atau lebih baru.",
            "Pasang Python 3.11 lalu jalankan: make run PYTHON=python3.11",
        )


def check_folder() -> None:
    """Refuse a folder that cannot be written."""
    try:
        LOG.parent.mkdir(exist_ok=True)
        LOG.write_text("", encoding="utf-8")
    except OSError as error:
        fail(
            f"folder {ROOT} tidak bisa ditulis ({error.strerror}).",
            "Salin proyek ke folder yang boleh ditulis, misalnya folder rumah Anda.",
        )


def run_logged(command: list[str]) -> bool:
    """Run a command quietly; its output goes to the log."""
    with LOG.open("a", encoding="utf-8") as log:
        return subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode == 0


def make_venv() -> None:
    """Create .venv unless it is there and works."""
    if PYTHON.exists() and run_logged([str(PYTHON), "-c", "import pip"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not run_logged([sys.executable, "-m", "venv", str(VENV)]):
        fail(
            "lingkungan Python (.venv) tidak bisa dibuat; rinciannya di var/setup.log.",
            "Di Debian/Ubuntu pasang dulu: sudo apt install python3-venv",
        )


def install(requirements: Path) -> None:
    """Install the packages of a requirements file unless exactly these are installed."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8") + requirements.read_text(encoding="utf-8")
    mark = hashlib.sha256(text.encode()).hexdigest()
    stamp = VENV / (requirements.stem + ".installed")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-r", str(requirements)]
    if not run_logged(command):
        fail(
            "paket Python tidak bisa dipasang; biasanya karena sambungan internet terputus.",
            "Periksa sambungan lalu ulangi perintah yang sama. Rinciannya di var/setup.log.",
        )
    stamp.write_text(mark, encoding="utf-8")


def ensure_browser() -> None:
    """Have a Chromium for the browser tests."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        run_logged(["apt-get", "update", "-qq"])
        run_logged(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "chromium"])
        if any(shutil.which(name) for name in BROWSERS):
            return
    if not run_logged([str(PYTHON), "-m", "playwright", "install", "chromium"]):
        fail(
            "peramban Chromium untuk uji tampilan tidak ada dan tidak bisa dipasang.",
            "Pasang sendiri, misalnya: sudo apt install chromium",
        )


def main() -> None:
    """Go through the steps."""
    parser = argparse.ArgumentParser(description="Siapkan lingkungan")
    parser.add_argument("--dev", action="store_true", help="juga alat uji dan peramban")
    parser.add_argument("--bench", action="store_true", help="juga pembanding kecepatan")
    asked = parser.parse_args()
    total = 4 if asked.dev else 3
    step(1, total, "Memeriksa Python dan folder")
    check_python()
    check_folder()
    step(2, total, "Menyiapkan lingkungan Python (.venv)")
    make_venv()
    step(3, total, "Memasang paket (pertama kali butuh internet dan beberapa menit)")
    wanted = "-bench" if asked.bench else "-dev" if asked.dev else ""
    install(ROOT / f"requirements{wanted}.txt")
    if asked.dev:
        step(4, total, "Menyiapkan peramban untuk uji tampilan")
        ensure_browser()


if __name__ == "__main__":
    main()
