"""A real Datasette server, as a child process on a free port of 127.0.0.1."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from datasette.version import __version__

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
ATTEMPTS = 5  # somebody may take the free port before the server does
PAUSE = 0.05  # seconds between two looks
PATIENCE = 30.0  # seconds until a server that does not answer is given up


class NoServer(Exception):
    """The server did not start; the message holds its log."""


def configuration() -> list[str]:
    """The arguments with which the demo's own titles, facets and queries are served.

    Datasette 1.0 reads part of them from datasette.yaml; 0.65 reads all from metadata.json, and
    settings from neither.
    """
    arguments = ["--metadata", str(ROOT / "metadata.json")]
    if __version__.startswith("0."):
        return [*arguments, "--setting", "suggest_facets", "off"]
    return [*arguments, "--config", str(ROOT / "datasette.yaml")]


def free_port() -> int:
    """A port nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(databases: Sequence[Path], log: Path, arguments: Sequence[str] = ()) -> Iterator[str]:
    """Serve the databases while the context lasts; gives the address, ``http://127.0.0.1:PORT``.

    ``arguments`` are further ones of ``datasette serve``. The server is this interpreter's
    Datasette and writes its output to ``log``. Raises NoServer with that output.
    """
    for _ in range(ATTEMPTS):
        port = free_port()
        command = [sys.executable, "-m", "datasette", "serve", *map(str, databases)]
        command += ["--host", HOST, "--port", str(port), *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            if _answers(process, log):
                yield f"http://{HOST}:{port}"
                return
        finally:
            process.terminate()
            process.wait()
        if "address already in use" not in log.read_text(errors="replace").lower():
            break
    said = log.read_text(errors="replace")
    raise NoServer(f"{' '.join(command)} did not serve. It said:\n{said}")


def _answers(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Wait until the server answers. False when it ended or says nothing for too long.

    Its log tells, and not a request to the port, which another program may have taken meanwhile.
    """
    waited = 0.0
    while waited < PATIENCE:
        try:
            process.wait(timeout=PAUSE)
        except subprocess.TimeoutExpired:
            waited += PAUSE
        else:
            return False
        if b"Uvicorn running on" in log.read_bytes():
            return True
    return False
