"""Benchmarks against peers: `make bench`.

A benchmark is a module here with a ``main()`` that needs no arguments. It measures ours and the
peer in the same run and says each result with ``report``; a figure without its peer says nothing
on another machine.
"""

from __future__ import annotations


def report(name: str, ratio: float, target: float) -> None:
    """Print a result: ``ratio`` is ours divided by the peer's, ``target`` the most it should be."""
    print(f"{name}: ratio {ratio:.2f} (target {target:.1f} or less)", flush=True)
