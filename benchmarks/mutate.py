"""How many wrong changes to the seeds the checks of a curator catch: mutation tests of the data.

    python -m benchmarks.mutate [--each 12] [--seed 1] [--kind NAME] [--jobs 2] [--texts DIR] [--survivors]

A mutant is the real seeds with one triple dropped, added or changed. It is caught by `kg validate` when there is a
violation, by `kg verify` when something failed or was skipped, by `kg coverage --open` when something is open; the
three are run in this order, in this process, on what the change concerns (benchmarks/curation.py). Real data has no
violation, nothing failed and nothing open, so whatever is found is the change. New warnings are counted apart, and a
triple that still follows from the rest when it is dropped is not counted.

Which kinds of change alter the meaning is written in benchmarks/mutants.py, with a reason each.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

from benchmarks.curation import COMMANDS, SAME, Catch, Curation
from benchmarks.mutants import ALTERS, KINDS, Mutant, World
from kg import layout, rdf

ROOT = Path(__file__).resolve().parent.parent
Outcome = tuple[Mutant, Catch]


def texts_folder() -> Path:
    """The folder of the source texts: KG_TEXTS, or the one beside the checkout."""
    return Path(os.environ.get("KG_TEXTS") or ROOT.parent / "shared" / "texts")


def sample(world: World, each: int, seed: int, kinds: Iterable[str] = ()) -> Iterator[Mutant]:
    """Mutants of each kind, or of some kinds, each of another triple; the same arguments give the same mutants."""
    wanted = set(kinds)
    for kind in KINDS:
        if wanted and kind.name not in wanted:
            continue
        draw = random.Random(f"{seed} {kind.name}")
        triples = [triple for triple in world.triples if kind.concerns(world, triple)]
        made = 0
        for triple in draw.sample(triples, len(triples)):
            if made < each and (mutant := kind.mutant(world, triple, draw)):
                yield mutant
                made += 1


@cache
def curation(texts: Path) -> Curation:
    """The checks, made once in each process."""
    return Curation(World.of_project().facts, texts)


def judged(job: tuple[Mutant, Path]) -> Outcome:
    """A mutant with what catches it."""
    mutant, texts = job
    return mutant, curation(texts).catch(mutant.gone, mutant.new)


def by_commands(mutant: Mutant, texts: Path) -> str:
    """Which of the real commands catches a mutant, in a project of its own that differs in one triple."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in ("kg", "ontology", "queries", "shapes"):
            (project / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "seeds", project / "seeds")
        gone = {quad.triple for quad in mutant.gone}
        files = [Path(path) for path in layout.walk(str(project / "seeds"), ".ttl")]
        graph_of = {path: _graph(path, project) for path in files}
        for path, graph in graph_of.items():
            triples = rdf.read_turtle(path)
            if gone & set(triples):
                left = [rdf.quad_in(NamedNode(graph), triple) for triple in triples if triple not in gone]
                path.write_bytes(rdf.serialise(left, "turtle", {}))
        for quad in mutant.new:
            path = next(path for path, graph in graph_of.items() if graph == quad.graph_name.value)
            with path.open("ab") as file:
                file.write(b"\n" + rdf.serialise([quad], "ntriples", {}))
        for command in (["validate"], ["verify", "--texts", str(texts)], ["coverage", "--open", "--texts", str(texts)]):
            words = [sys.executable, "-m", "kg", *command, "--format", "tsv", "--store", str(project / "store")]
            if subprocess.run(
                words, cwd=project, env={**os.environ, "PYTHONPATH": folder}, capture_output=True, check=False
            ).returncode:
                return command[0]
    return ""


def _graph(path: Path, project: Path) -> str:
    """The named graph of a file of a copied project."""
    return rdf.graph_of(str(ROOT / path.relative_to(project)))


def table(found: list[Outcome]) -> Iterator[str]:
    """The rates by kind of change and in all, as Markdown."""
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, catch in found:
        if catch.by != SAME:
            by_kind[mutant.kind][catch.by] += 1
    columns = ["kind of change", "mutants", "caught", "rate", *COMMANDS, "warning only"]
    for effect in dict.fromkeys(kind.effect for kind in KINDS):
        rows = [(kind.name, by_kind[kind.name]) for kind in KINDS if kind.effect == effect and by_kind[kind.name]]
        if not rows:
            continue
        yield f"\n{effect}:\n"
        yield "| " + " | ".join(columns) + " |"
        yield "|" + "---|" * len(columns)
        for name, counts in [*rows, ("all", sum((counts for _, counts in rows), Counter()))]:
            caught = sum(counts[command] for command in COMMANDS)
            rate = f"{100 * caught / counts.total():.1f} %"
            cells = [name, counts.total(), caught, rate, *(counts[c] for c in COMMANDS), counts["warning"]]
            yield "| " + " | ".join(map(str, cells)) + " |"


def likely(found: list[Outcome], world: World) -> float:
    """The share that would be caught of all changes that alter meaning, each kind made to every triple it concerns."""
    possible = {kind.name: sum(kind.concerns(world, triple) for triple in world.triples) for kind in KINDS}
    kinds = {mutant.kind for mutant, _ in found if mutant.effect == ALTERS}
    weights = {kind: possible[kind] for kind in kinds}
    shares = {kind: rate([outcome for outcome in found if outcome[0].kind == kind]) for kind in kinds}
    return sum(weights[kind] * shares[kind] for kind in kinds) / sum(weights.values())


def rate(found: list[Outcome]) -> float:
    """The share of the changes that alter meaning that are caught."""
    counted = [catch.by in COMMANDS for mutant, catch in found if mutant.effect == ALTERS and catch.by != SAME]
    return sum(counted) / len(counted) if counted else 1.0


def main() -> None:
    """Judge a sample, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=12, help="mutants of each kind, where there are so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", default=[], choices=[kind.name for kind in KINDS])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--texts", type=Path, default=texts_folder())
    parser.add_argument("--survivors", action="store_true", help="list what is not caught")
    parser.add_argument("--all", action="store_true", help="list every mutant with what catches it")
    given = parser.parse_args()
    mutants = list(sample(World.of_project(), given.each, given.seed, given.kind))
    found: list[Outcome] = []
    with ProcessPoolExecutor(given.jobs) as pool:
        for mutant, catch in pool.map(judged, [(mutant, given.texts) for mutant in mutants], chunksize=4):
            found.append((mutant, catch))
            if given.all or (given.survivors and mutant.effect == ALTERS and catch.by not in (*COMMANDS, SAME)):
                print(f"{mutant.kind}: {mutant}\n    {catch.by or 'not caught'}: {catch.what}", flush=True)
    print("\n".join(table(found)))
    world = World.of_project()
    print(
        f"\nEach kind counted alike: {rate(found):.1%}; weighed by the triples it concerns: {likely(found, world):.1%}"
    )


if __name__ == "__main__":
    main()
