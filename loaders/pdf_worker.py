"""PDFium in a process of its own: a PDF that crashes it or never ends costs that process only."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .pdf_pages import PdfError, PdfLine, PdfLink, PdfPage, PdfText, read_pdf

SECONDS = 60  # of processor time
PATIENCE = 3 * SECONDS  # of time: the machine may be busy with other things
MEMORY = 2 << 30  # bytes

# Modules are looked for where this process finds them, never in the working directory: there lie
# files of other people. The loaders are a package of their own there, as datasette_leaks takes a
# second to import.
_CHILD = """
import sys
sys.path[:] = sys.argv[2:]
from types import ModuleType
apart = sys.modules["apart"] = ModuleType("apart")
apart.__path__ = [sys.argv[1]]
from apart import pdf_worker
pdf_worker.main()
"""
_TOO_LONG = PdfError(
    f"PDFium did not end within {SECONDS} seconds", "Print the file to a new PDF and load that"
)
_TOO_MUCH = PdfError(
    f"PDFium needs more than {MEMORY >> 30} GB for it", "Print the file to a new PDF and load that"
)


def read_apart(data: bytes, seconds: float = PATIENCE) -> PdfText:
    """Read a PDF in another process. Raises PdfError, OSError where no process can be started."""
    command = [sys.executable, "-c", _CHILD, str(Path(__file__).parent), *map(str, sys.path)]
    try:
        ended = subprocess.run(  # noqa: S603
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise _TOO_LONG from None
    if ended.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _TOO_LONG
    if ended.returncode:
        raise PdfError(
            f"PDFium crashed on it ({_ending(ended.returncode)})",
            "The file is damaged or made to do harm",
        )
    answer = json.loads(ended.stdout)
    if "found" in answer:
        raise PdfError(answer["found"], answer["advice"])
    return _pdf_text(answer)


def main() -> None:
    """The other process: a PDF on standard input, its text as JSON on standard output."""
    _limit()
    answer: dict[str, Any]
    try:
        answer = asdict(read_pdf(sys.stdin.buffer.read()))
    except PdfError as error:
        answer = {"found": error.found, "advice": error.advice}
    except MemoryError:
        answer = {"found": _TOO_MUCH.found, "advice": _TOO_MUCH.advice}
    json.dump(answer, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: there the time limit alone holds
        return
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, hard))


def _ending(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"


def _pdf_text(answer: dict[str, Any]) -> PdfText:
    pages = tuple(
        PdfPage(
            tuple(PdfLine(**line) for line in page["lines"]),
            tuple(PdfLink(**link) for link in page["links"]),
        )
        for page in answer.pop("pages")
    )
    return PdfText(pages, **answer)
