"""Start the real app on a free loopback port, with its own register, and wait until it answers."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "sandi-untuk-uji"
START_S = 120


@dataclass(frozen=True)
class Served:
    """Where the app is."""

    url: str
    database: Path

    @contextmanager
    def client(self, username: str | None = None):
        """Open an HTTP client, signed in if a name is given."""
        with httpx.Client(base_url=self.url, timeout=30) as client:
            if username is not None:
                answer = client.post("/masuk", data={"username": username, "password": PASSWORD})
                assert answer.status_code == 303, answer.text
            yield client


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(folder: Path, **settings: str):
    """Run the app as `streamlit run app.py` does, and end it by its process id."""
    port = free_port()
    environment = {
        **os.environ,  # noqa: TID251 - handed on to the process under test
        "CCTV_PORT": str(port), "CCTV_DATABASE": str(folder / "cameras.duckdb"), "CCTV_CACHE_DIR": str(folder / "var"),
        "CCTV_DEMO_PASSWORD": PASSWORD, "CCTV_PICTURE_CHECK_S": "0", "CCTV_CAMERA_SWEEP_S": "0", **settings,
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1"]  # fmt: skip
    log = (folder / "app.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, folder / "app.log")
        yield Served(url, folder / "cameras.duckdb")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/sehat", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"the app did not start:\n{log.read_text()[-4000:]}")
