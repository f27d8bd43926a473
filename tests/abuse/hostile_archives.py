"""Reads hostile archives, each in a process of its own with a bound on time and memory.

``python -m abuse.hostile_archives FOLDER`` prints a JSON object: what is wrong with each, by name.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from abuse.hostile_containers import CONTAINERS, Container
from abuse.hostile_run import apart, bounded, unsound

from datasette_leaks.loaders.mail import choose_mail


def read(container: Container, path: Path) -> list[str]:
    """What is wrong with what an archive gives."""
    loader = choose_mail(path)
    if loader is None:
        return ["no loader takes it"]
    told, subjects, refused, places = [], [], [], []
    for raw in loader.messages(path):
        places.append((raw.member, raw.offset, raw.problem is None))
        if raw.problem:
            refused.append(raw.problem.found)
            if not raw.problem.place and raw.member:
                told.append(f"{raw.problem} does not say where")
            str(raw.problem).encode()
            continue
        data = raw.data
        if data is None:
            data = loader.read(path, raw.member, raw.offset, raw.length)
        elif loader.read(path, raw.member, raw.offset, raw.length) != data:
            told.append(f"{raw.member}, byte {raw.offset} reads otherwise the second time")
        message = loader.parse(data)
        told += unsound(data, message)
        subjects.append(message.subject)
    if len(set(places)) < len(places):
        told.append("two messages are at one place")
    if not places:
        told.append("nothing came of it: no message and no problem")
    if container.subjects is not None and tuple(subjects) != container.subjects:
        told.append(f"gives {subjects!r:.200}, not {container.subjects}")
    if container.refused is not None and (
        len(refused) != len(container.refused)
        or any(word not in found for word, found in zip(container.refused, refused, strict=True))
    ):
        told.append(f"refuses {refused!r:.300}, not {container.refused[:9]}")
    return told


def run(folder: Path) -> dict[str, list[str]]:
    """What is wrong with the archives of the set, by name; they are made in ``folder``."""
    wrong = {}
    for number, container in enumerate(CONTAINERS):

        def make() -> list[str]:
            place = folder / str(number)  # noqa: B023, called before the next one
            place.mkdir()
            return [str(container.make(place))]  # noqa: B023

        path = Path(apart(make)[0])

        def work() -> list[str]:
            bounded()
            return read(container, path)  # noqa: B023

        if told := apart(work):
            wrong[container.name] = told
    return wrong


if __name__ == "__main__":
    json.dump(run(Path(sys.argv[1])), sys.stdout)
