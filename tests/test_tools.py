"""What the Makefile runs."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path

import pytest

from benchmarks.__main__ import Result, modules, parse, table
from tools import demo
from tools.server import HOST, NoServer, free_port, serving


def test_a_taken_port_is_told_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"Port {port} .* make demo PORT={port + 1}"):
            demo.check_port(port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_told(port: int) -> None:
    with pytest.raises(SystemExit, match=f"Port {port} of {HOST} cannot be used"):
        demo.check_port(port)


def test_a_free_port_may_be_used() -> None:
    demo.check_port(free_port())


def test_a_server_answers_while_it_is_wanted(tmp_path: Path) -> None:
    with serving([], tmp_path / "log", ["--memory"]) as address:
        assert urllib.request.urlopen(f"{address}/-/versions.json").status == 200
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}/-/versions.json")


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(NoServer, match=r"absent\.db.* does not exist"),
        serving([tmp_path / "absent.db"], tmp_path / "log"),
    ):
        raise AssertionError("it did start")


def test_a_port_taken_meanwhile_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        clash, free = taken.getsockname()[1], free_port()
        ports = iter([clash, free])
        monkeypatch.setattr("tools.server.free_port", lambda: next(ports))
        with serving([], tmp_path / "log", ["--memory"]) as address:
            assert address == f"http://{HOST}:{free}"


def test_results_are_read_from_what_benchmarks_print() -> None:
    lines = [
        "warming up\n",
        "ratio 2.50 (target 3.0 or less)\n",
        "page: ratio 1.20 (target 1.1 or less)\n",
        "mail: ratio 5.20 (target 5.0 or more)\n",
    ]
    assert list(parse("benchmarks.analysis", lines)) == [
        Result("analysis", 2.5, 3.0),
        Result("page", 1.2, 1.1),
        Result("mail", 5.2, 5.0, "more"),
    ]


def test_the_table_says_what_is_met() -> None:
    shown = table([Result("analysis", 2.5, 3.0), Result("page", 1.2, 1.1), Result("x: broke off")])
    assert [line.split()[-1] for line in shown.splitlines()] == ["met", "yes", "NO", "NO"]


def test_benchmarks_are_the_modules_with_a_main() -> None:
    found = modules()
    assert "benchmarks.analysis" in found
    assert not {"benchmarks.__main__", "benchmarks.generate"} & set(found)
