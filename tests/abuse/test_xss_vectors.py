"""The vectors themselves."""

from __future__ import annotations

from abuse.xss_vectors import VECTORS


def test_there_are_sixty_different_ones() -> None:
    assert len({name for name, _ in VECTORS}) == len({payload for _, payload in VECTORS}) == 60


def test_each_would_be_noticed() -> None:
    shown = [name for name, text in VECTORS if "alert" not in text and "tracker" not in text]
    assert shown == ["img-onerror-entities", "url-data"]  # they hide their alert in an encoding
