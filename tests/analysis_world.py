"""Evidence made by hand for tests of the analysis: one article by ``press``, claims, assertions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sqlite_utils import Database

from datasette_leaks.analysis.assess import assess
from datasette_leaks.analysis.model import Assessment, Evidence

VOICE = "press"


@dataclass
class World:
    """Judged rows, as dictionaries of their columns by primary key."""

    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    assertions: dict[str, dict[str, Any]] = field(default_factory=dict)
    derivations: dict[tuple[str, str], str] = field(default_factory=dict)
    source_relations: dict[tuple[str, str, str], str] = field(default_factory=dict)
    claim_relations: dict[tuple[str, str, str], str] = field(default_factory=dict)
    reviews: list[tuple[Any, ...]] = field(default_factory=list)

    def source(self, id_: str, kind: str = "person", named: int = 1) -> None:
        """Add a source; its name is its id in capitals."""
        self.sources[id_] = {"kind": kind, "named": named}

    def claim(
        self, id_: str, kind: str = "statement", state: str = "accepted", voice: str = VOICE
    ) -> None:
        """Add a claim of the article that ``voice`` published."""
        self.claims[id_] = {
            "kind": kind, "state": state, "independence": "presumed", "voice": voice,
        }  # fmt: skip

    def says(
        self,
        source: str,
        claim: str = "c",
        stance: str = "asserts",
        *,
        basis: str = "unstated",
        state: str = "accepted",
        after: tuple[str, ...] = (),
        id_: str | None = None,
        on: str | None = None,
    ) -> str:
        """Add an assertion, its source and claim if they are new, and what it derives from."""
        if source not in self.sources:
            self.source(source)
        if claim not in self.claims:
            self.claim(claim)
        made = id_ or f"{claim}--{source}--{len(self.assertions):02}"
        self.assertions[made] = {
            "claim": claim, "source": source, "stance": stance, "basis": basis, "state": state,
            "said_on": on,
        }  # fmt: skip
        for parent in after:
            self.derivations[made, parent] = "accepted"
        return made

    def joined(self, one: str, kind: str, other: str, state: str = "accepted") -> None:
        """Relate two sources."""
        self.source_relations[one, kind, other] = state

    def related(self, one: str, kind: str, other: str, state: str = "accepted") -> None:
        """Relate two claims."""
        self.claim_relations[one, kind, other] = state

    def articles(self) -> dict[str, int]:
        """Each publisher's article, by the publisher."""
        voices = sorted({VOICE, *(claim["voice"] for claim in self.claims.values())})
        return {voice: number for number, voice in enumerate(voices, 1)}

    def evidence(self, order: Callable[[list[Any]], list[Any]] = list) -> Evidence:
        """The rows as the analysis reads them, unordered tables in an order of choice."""
        article = self.articles()
        sources = {**{voice: {"kind": "outlet", "named": 1} for voice in article}, **self.sources}
        return Evidence(
            sources=order([(i, i.upper(), s["kind"], s["named"]) for i, s in sources.items()]),
            source_relations=order([(*key, state) for key, state in self.source_relations.items()]),
            claims=sorted(
                (
                    *(i, f"Text of {i}.", n, c["kind"], article[c["voice"]], c["independence"]),
                    *(0, 0, c["state"], c["voice"]),
                )
                for n, (i, c) in enumerate(self.claims.items(), 1)
            ),
            claim_relations=order([(*key, state) for key, state in self.claim_relations.items()]),
            assertions=sorted(
                (i, a["claim"], a["source"], a["stance"], a["basis"], a["state"], a["said_on"])
                for i, a in self.assertions.items()
            ),
            derivations=order([(*key, state) for key, state in self.derivations.items()]),
            reviews=order(list(self.reviews)),
        )

    def assess(self, claim: str = "c", scope: str = "accepted") -> Assessment:
        """The claim's assessment."""
        return assess(self.evidence(), claim, scope)

    def status(self, claim: str = "c", scope: str = "accepted") -> str:
        """The claim's status."""
        return self.assess(claim, scope).status

    def store(self, db: Database) -> None:
        """Write the rows into an empty database of ours."""
        evidence = self.evidence()
        conn = db.conn
        with db.atomic():
            conn.executemany(
                "INSERT INTO documents (id, slug, title, kind, voice_id) "
                "VALUES (?, ?, 'A', 'article', ?)",
                [(number, f"a{number}", voice) for voice, number in self.articles().items()],
            )
            conn.execute("INSERT INTO dossiers (id, title, path, sha256) VALUES ('d', '', '', '')")
            conn.executemany(
                "INSERT INTO sources (id, name, number, kind, named, protected, dossier_id, "
                "position) VALUES (?, ?, ?, ?, ?, 0, 'd', 1)",
                [(i, n, at, k, named) for at, (i, n, k, named) in enumerate(evidence.sources)],
            )
            conn.executemany(
                "INSERT INTO source_relations (source_id, kind, other_id, state, position) "
                "VALUES (?, ?, ?, ?, 1)",
                evidence.source_relations,
            )
            conn.executemany(
                "INSERT INTO claims (id, text, number, kind, article_id, independence, "
                "reported_corroboration, paraphrase_exceeds_quote, state, dossier_id, position, "
                "line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'd', 1, 1)",
                [row[:9] for row in evidence.claims],
            )
            conn.executemany(
                "INSERT INTO claim_relations (claim_id, kind, other_id, state, position) "
                "VALUES (?, ?, ?, ?, 1)",
                evidence.claim_relations,
            )
            conn.executemany(
                "INSERT INTO assertions (id, claim_id, source_id, stance, basis, state, said_on, "
                "dossier_id, position, line) VALUES (?, ?, ?, ?, ?, ?, ?, 'd', 1, 1)",
                evidence.assertions,
            )
            conn.executemany(
                "INSERT INTO derivations (assertion_id, derived_from_id, state, position) "
                "VALUES (?, ?, ?, 1)",
                evidence.derivations,
            )


def counts(found: Assessment) -> tuple[int, int, int, int]:
    """P, U, E and N."""
    w = found.weights
    return len(w.origins), len(w.unidentified), len(w.echoes), len(w.against)


STATES = st.sampled_from(["accepted", "accepted", "accepted", "proposed", "rejected"])
IDS = [f"a{number}" for number in range(9)]
CLAIMS = ["c", "d", "e", "f"]
SOURCES = ["s0", "s1", "s2", "s3", VOICE]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Small worlds with everything in them: cycles, proposals, rejections, retractions."""
    world = World()
    for source in SOURCES[:-1]:
        world.source(
            source,
            draw(st.sampled_from(["person", "outlet", "coded_source", "collective"])),
            draw(st.sampled_from([1, 1, 1, 0])),
        )
    for claim in CLAIMS:
        kind = draw(st.sampled_from(["statement"] * 4 + ["opinion"]))
        world.claim(claim, kind, draw(STATES), draw(st.sampled_from([VOICE, VOICE, "s0"])))
    stances = ["asserts", "asserts", "corroborates", "echoes", "denies", "disputes", "retracts"]
    for id_ in IDS[: draw(st.integers(0, len(IDS)))]:
        world.says(
            draw(st.sampled_from(SOURCES)),
            draw(st.sampled_from(CLAIMS)),
            draw(st.sampled_from([*stances, "declines_to_comment"])),
            basis=draw(st.sampled_from(["unstated", "first_hand", "second_hand"])),
            state=draw(STATES),
            id_=id_,
            on=draw(st.sampled_from([None, "2012", "2012-10-05", "2013-01"])),
        )
    made = sorted(world.assertions)
    if made:
        ends = st.tuples(st.sampled_from(made), st.sampled_from(made))
        world.derivations = draw(st.dictionaries(ends, STATES, max_size=9))
    world.source_relations = draw(_relations(SOURCES, ["same_as", "dependent_on"], 2))
    kinds = ["narrower_than", "narrower_than", "same_as", "in_tension_with", "supports", "restates"]
    world.claim_relations = draw(_relations(CLAIMS, kinds, 5))
    return world


def _relations(
    ids: list[str], kinds: list[str], most: int
) -> st.SearchStrategy[dict[tuple[str, str, str], str]]:
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(kinds), st.sampled_from(ids))
    return st.dictionaries(ends.filter(lambda key: key[0] != key[2]), STATES, max_size=most)
