"""What validation costs against a cold build without it, and against other engines, on graphs of several sizes.

    python benchmarks/validate.py [--sizes 1,10] [--rounds 1] [--limit SECONDS] [--node DIR] [--engines kg,pyrudof]

A graph of size N is N times the real one (benchmarks/generate.py), with a known number of violations planted. Each
engine runs as a process of its own, reading included, in turn; what counts is processor time (user and system, with
children), the median of the rounds, and the ratio to the build of that size. `agrees` compares the set of results
(node, shape, severity) with that of pySHACL as it is, where that ended within the limit, and otherwise with kg's.

Others take part where they are installed: pyrudof (pip install pyrudof), Apache Jena (Debian libapache-jena-java),
shacl-engine and rdf-validate-shacl (npm install shacl-engine rdf-validate-shacl n3 rdf-ext in DIR). maplib 0.20 is
left out: its SHACL is not in the package that PyPI has.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg import layout, rdf, terms

HERE = Path(__file__).parent
SH = terms.STANDARD["sh"]
ICR = terms.PREFIXES["icr"]
LONGEST_BUILD = 36_000
PLANTED_EACH = 5
"""Faults of each kind for each size."""

FAULTS = {
    "Noted-comment": ("saidIn", '<{subject}> <http://www.w3.org/2000/01/rdf-schema#comment> "planted" .', ""),
    "Claim-saidIn": ("saidIn", "<{subject}> <{icr}saidIn> <{base}scheme/comparator/eq> .", ""),
    "QuantityValue-unit": ("unit", "<{subject}> <{icr}unit> <http://qudt.org/vocab/unit/PARSEC> .", "drop"),
    "QuantityValue-numericValue": ("numericValue", '<{subject}> <{icr}numericValue> "many" .', ""),
    "Paragraph-paragraphRole": ("paragraphRole", "", "drop"),
    "Passage-sha256": ("inParagraph", '<{subject}> <{icr}sha256> "abcd"^^<{xsd}hexBinary> .', ""),
}
"""Shape that must fire: the property whose subjects get the fault, the line added, whether theirs is dropped."""

JARS = Path("/usr/share/java")
JENA_CORE = JARS / "jena-core.jar"
JENA = re.compile(
    r"(jena-[a-z0-9-]+|guava|failureaccess|slf4j-(api|simple)|commons-[a-z0-9]+|thrift|dexx\.collection|caffeine"
    r"|protobuf[a-z-]*|jsonld-java|gson|jackson-[a-z]+|httpclient[a-z5]*|httpcore[a-z5]*)\.jar"
)
Results = set[tuple[str, str, str]]
Engine = tuple[list[str], Path | None]
"""A command, and the folder that it runs in."""


@dataclass
class Run:
    """One run of a process: processor seconds, memory of the largest process in megabytes, and how it ended."""

    seconds: float
    megabytes: float
    status: int
    out: bytes


def run(command: list[str], limit: int, cwd: Path | None = None, env: dict[str, str] | None = None) -> Run:
    """Run a process, for no more than the limit in processor seconds."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            ["prlimit", f"--cpu={limit}", *command], stdout=out, cwd=cwd, env={**os.environ, **(env or {})}
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode, out.read())


def plant(lines: list[bytes], size: int) -> tuple[list[bytes], set[tuple[str, str]]]:
    """The lines of N-Triples with faults, and the node and shape of each result that these must give."""
    planted: dict[str, str] = {}
    lines = list(lines)
    for shape, (prop, line, drop) in FAULTS.items():
        found = [i for i, text in enumerate(lines) if f" <{ICR}{prop}> ".encode() in text]
        found = [i for i in found if _subject(lines[i]) not in planted]
        count = PLANTED_EACH * size
        for i in found[:: max(1, len(found) // count)][:count]:
            subject = _subject(lines[i])
            planted[subject] = terms.PREFIXES["shp"] + shape
            new = line.format(subject=subject, icr=ICR, base=terms.BASE, xsd=terms.STANDARD["xsd"]).encode()
            lines[i] = new if drop else lines[i] + b"\n" + new
    return [line for line in lines if line], set(planted.items())


def _subject(line: bytes) -> str:
    return line.split(b" ", 1)[0].decode()[1:-1]


def results(report: bytes, form: RdfFormat) -> Results:
    """Node, shape and severity of each result in a report."""
    nodes: dict[str, dict[str, str]] = {}
    for quad in parse(report, format=form):
        nodes.setdefault(str(quad.subject), {})[quad.predicate.value] = getattr(quad.object, "value", "")
    parts = (SH + "focusNode", SH + "sourceShape", SH + "resultSeverity")
    return {tuple(node[part] for part in parts) for node in nodes.values() if SH + "resultSeverity" in node}  # type: ignore[misc]


def jena_classpath(folder: Path) -> str:
    """The class path of the tools of Apache Jena as Debian packages it; a part of it is unpacked into a folder."""
    # Debian's jar keeps the messages of its XML parser where the parser does not look
    with zipfile.ZipFile(JENA_CORE) as archive:
        for name in archive.namelist():
            if name.startswith("org/apache/jena/ext/xerces/") and not name.endswith("/"):
                target = folder / name.replace("org/apache/jena/ext/", "")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
    jars = [str(path) for path in sorted(JARS.glob("*.jar")) if JENA.fullmatch(path.name)]
    return ":".join([*jars, str(folder)])


def engines(node: Path | None, scratch: Path) -> dict[str, Engine]:
    """The command and working folder of each engine that is here; data, shapes and report are added to it."""
    found: dict[str, Engine] = {}
    for name, script in (("kg", "with_kg.py"), ("pyrudof", "with_pyrudof.py"), ("pySHACL as it is", "with_pyshacl.py")):
        module = script.removeprefix("with_").removesuffix(".py")
        if not subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False).returncode:
            found[name] = ([sys.executable, str(HERE / "engines" / script)], None)
    for name in ("shacl-engine", "rdf-validate-shacl"):
        if node and (node / "node_modules" / name).is_dir():
            script = str(HERE / "engines" / "with_node.mjs")
            found[name] = (["node", "--max-old-space-size=8000", script, name], node)
    if JENA_CORE.exists():
        found["Jena shacl"] = (["java", "-cp", jena_classpath(scratch), "shacl.shacl", "validate"], None)
    return found


def judged(
    name: str, engine: tuple[list[str], Path | None], data: Path, shapes: Path, limit: int
) -> tuple[Run, Results | None]:
    """One run of an engine, and its results if it ended well."""
    command, cwd = engine
    report = data.with_suffix(".report.nt")
    report.unlink(missing_ok=True)
    if name == "Jena shacl":
        done = run([*command, "--shapes", str(shapes), "--data", str(data)], limit, cwd)
        return done, None if done.status else results(done.out, RdfFormat.TURTLE)
    done = run([*command, str(data), str(shapes), str(report)], limit, cwd)
    return done, None if done.status else results(report.read_bytes(), RdfFormat.N_TRIPLES)


def measure(size: int, given: argparse.Namespace, scratch: Path, shapes: Path) -> None:
    """Build a graph of the size, plant faults, let every engine judge it, and print the table."""
    project, data = scratch / f"project-{size}", scratch / f"{size}.nt"
    seeds, _ = rdf.read_project(layout.walk(layout.data_path("seeds"), ".ttl"))
    claims = size * sum(quad.predicate.value == ICR + "saidIn" for quad in seeds)
    generate = [sys.executable, str(HERE / "generate.py"), "--claims", str(claims), "--turtle", str(project)]
    subprocess.run(generate, check=True)
    steps = [sys.executable, str(HERE / "build_steps.py"), "--reasoner"]
    folders = [scratch / f"store-{size}-{number}" for number in range(given.rounds)]
    environment = {"PYTHONPATH": str(project)}
    built = [run([*steps, "rules", str(folder)], LONGEST_BUILD, env=environment) for folder in folders]
    reports = [json.loads(done.out)["steps"] for done in built]
    median = {name: statistics.median(r[name]["processor"] for r in reports) for name in reports[0]}
    checks = median.pop("checks")
    total = sum(median.values())
    print(f"\nsize {size}: {json.loads(built[0].out)['quads']:,} quads; processor seconds, median of {given.rounds}")
    for name, taken in median.items():
        print(f"  {name:32}{taken:9.2f}{taken / total:8.2f}")
    print(f"  {'cold build without validation':32}{total:9.2f}{1:8.2f}  {built[0].megabytes:,.0f} MB")
    owlrl = run([*steps, "owlrl", str(scratch / f"owlrl-{size}")], given.limit, env=environment)
    if owlrl.status:
        print(f"  {'reason with owlrl instead':32}   not done after {given.limit} s, {owlrl.megabytes:,.0f} MB")
    else:
        taken = json.loads(owlrl.out)["steps"]["reason"]["processor"]
        print(f"  {'reason with owlrl instead':32}{taken:9.2f}{taken / total:8.2f}  {owlrl.megabytes:,.0f} MB")
    body = rdf.serialise(rdf.parse_lines((folders[0] / "graph.nq").read_bytes()), "ntriples", {})
    lines, planted = plant(sorted(set(body.splitlines())), size)
    data.write_bytes(b"\n".join(lines) + b"\n")
    print(f"\n  {'validation by':32}{'seconds':>9}{'/ build':>8}{'MB':>8}  planted found  results  agrees")
    print(f"  {'checks in queries/check':32}{checks:9.2f}{checks / total:8.2f}")
    print_engines(given, data, shapes, total, planted)


def print_engines(
    given: argparse.Namespace, data: Path, shapes: Path, total: float, planted: set[tuple[str, str]]
) -> None:
    """Let the engines judge in turn, round by round, and print a line for each."""
    runs: dict[str, list[Run]] = {}
    found: dict[str, Results | None] = {}
    every = {
        name: engine
        for name, engine in engines(given.node, data.parent).items()
        if not given.engines or name in given.engines
    }
    for _ in range(given.rounds):
        for name, engine in every.items():
            done, found[name] = judged(name, engine, data, shapes, given.limit)
            runs.setdefault(name, []).append(done)
    reference = found.get("pySHACL as it is") or found.get("kg") or set()
    for name, times in sorted(runs.items(), key=lambda item: statistics.median(r.seconds for r in item[1])):
        seconds, memory = statistics.median(r.seconds for r in times), max(r.megabytes for r in times)
        line = f"  {name:32}{seconds:9.2f}{seconds / total:8.2f}{memory:8,.0f}"
        mine = found[name]
        if mine is None:
            print(f"{line}  ended with status {times[-1].status} (limit {given.limit} s)")
            continue
        hit = len(planted & {(node, shape) for node, shape, _ in mine})
        agrees = "yes" if mine == reference else f"no: {len(reference - mine)} missing, {len(mine - reference)} extra"
        print(f"{line}  {hit:5} of {len(planted):<5}{len(mine):9}  {agrees}")


def main() -> None:
    """Read the arguments and print a table for each size."""
    parser = argparse.ArgumentParser(description="Compare the cost of validation with that of a build.")
    parser.add_argument("--sizes", default="1", help="sizes, as multiples of the real graph: 1,10 (1)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each, in turn (1)")
    parser.add_argument("--limit", type=int, default=900, help="processor seconds that an engine may take (900)")
    parser.add_argument(
        "--engines", type=lambda names: names.split(","), help="only these of the engines that are here"
    )
    parser.add_argument("--node", type=Path, help="folder with node_modules")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder, "shapes.ttl")
        shapes.write_bytes(
            b"".join(Path(path).read_bytes() for path in layout.walk(layout.data_path("shapes"), ".ttl"))
        )
        for size in map(int, given.sizes.split(",")):
            measure(size, given, Path(folder), shapes)


if __name__ == "__main__":
    main()
