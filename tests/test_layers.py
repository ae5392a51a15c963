"""The import rule, one owner for each library, and what a plain query may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "kg").rglob("*.py"))

# A module may import those in layers before its own (imports inside functions count as well).
LAYERS = [
    {"kg.errors", "kg", "kg.visible"},
    {"kg.layout", "kg.terms", "kg.model", "kg.packing", "kg.sorting", "kg.units"},
    {
        "kg.bulk",
        "kg.datatypes",
        "kg.executables",
        "kg.inferring",
        "kg.links",
        "kg.queries",
        "kg.rdf",
        "kg.sentences",
        "kg.graph_slices",
        "kg.spotting",
        "kg.engine",
        "kg.sssom",
        "kg.store",
        "kg.text_files",
        "kg.texts",
        "kg.turtle",
        "kg.checking",
        "kg.assembly",
        "kg.generations",
        "kg.build",
    },
    {
        "kg.closure",
        "kg.contradiction",
        "kg.credentials",
        "kg.dates",
        "kg.evidence",
        "kg.intervals",
        "kg.label_words",
        "kg.normal",
        "kg.phrases",
        "kg.places",
        "kg.profiles",
        "kg.proof",
        "kg.shape_rewriting",
        "kg.wording",
    },
    {"kg.lookup", "kg.questions", "kg.record", "kg.skeleton", "kg.testimony", "kg.weakness", "kg.web"},
    {"kg.identifiers", "kg.matching", "kg.protocol", "kg.roles"},
    {"kg.comparable", "kg.guards", "kg.remote", "kg.scene", "kg.subjects", "kg.verify"},
    {"kg.loading", "kg.proposals"},
    {"kg.figure_rules", "kg.situation_rules"},
    {"kg.comparing"},
    {"kg.triples", "kg.vocabulary", "kg.shape_descriptions", "kg.diagram"},
    {"kg.render"},
    {
        "kg.reason",
        "kg.shapes",
        "kg.citing",
        "kg.frames",
        "kg.showing",
        "kg.coverage",
        "kg.render_why",
        "kg.selecting",
        "kg.forms",
        "kg.jsonld",
        "kg.export",
        "kg.dataset_description",
        "kg.federating",
        "kg.reconciling",
        "kg.dump",
        "kg.walking",
        "kg.why",
        "kg.wheel",
    },
    {"kg.link_proposals", "kg.marks"},
    {"kg.charts", "kg.sketch", "kg.vega"},
    {"kg.api"},
    {"kg.folders", "kg.site_graph", "kg.site_paths", "kg.templating"},
    {"kg.site_claims"},
    {"kg.site_pages", "kg.site_lists"},
    {"kg.catalogue", "kg.conflicts", "kg.graph_counts", "kg.reference", "kg.schema_org", "kg.render_walk"},
    {"kg.site", "kg.judging", "kg.verdicts"},
    {
        "kg.aligning",
        "kg.changes",
        "kg.endpoint",
        "kg.foreign",
        "kg.unknown_names",
        "kg.reckoning",
        "kg.reports",
        "kg.sandbox",
        "kg.validate",
    },
    {
        "kg.cli",
        "kg.cli.align",
        "kg.cli.app",
        "kg.cli.ask",
        "kg.cli.chain",
        "kg.cli.cite",
        "kg.cli.complete",
        "kg.cli.conflicts",
        "kg.cli.curate",
        "kg.cli.diff",
        "kg.cli.evidence",
        "kg.cli.explain",
        "kg.cli.export",
        "kg.cli.federate",
        "kg.cli.find",
        "kg.cli.link",
        "kg.cli.load",
        "kg.cli.options",
        "kg.cli.pager",
        "kg.cli.plot",
        "kg.cli.reckon",
        "kg.cli.reference",
        "kg.cli.site",
        "kg.cli.validate",
        "kg.__main__",
    },
]
OWNERS = {
    "SPARQLWrapper": {"kg.endpoint"},
    "altair": {"kg.vega"},
    "filelock": {"kg.build"},
    "hatchling": {"kg.wheel"},
    "httpx": {"kg.web"},
    "jinja2": {"kg.templating"},
    "markupsafe": {"kg.templating"},
    "owlrl": {"kg.reason"},
    "pandas": {"kg.frames"},
    "polars": {"kg.frames"},
    "pyoxigraph": {
        "kg.aligning",
        "kg.api",
        "kg.site_claims",
        "kg.bulk",
        "kg.changes",
        "kg.checking",
        "kg.closure",
        "kg.endpoint",
        "kg.engine",
        "kg.datatypes",
        "kg.site_pages",
        "kg.dataset_description",
        "kg.dump",
        "kg.executables",
        "kg.export",
        "kg.federating",
        "kg.foreign",
        "kg.forms",
        "kg.frames",
        "kg.generations",
        "kg.graph_counts",
        "kg.identifiers",
        "kg.inferring",
        "kg.protocol",
        "kg.jsonld",
        "kg.site_graph",
        "kg.links",
        "kg.unknown_names",
        "kg.normal",
        "kg.places",
        "kg.rdf",
        "kg.record",
        "kg.remote",
        "kg.render",
        "kg.reports",
        "kg.shapes",
        "kg.site",
        "kg.store",
        "kg.testimony",
        "kg.triples",
        "kg.turtle",
        "kg.validate",
        "kg.verdicts",
    },
    "pyshacl": {"kg.shapes"},
    "rdflib": {"kg.unknown_names", "kg.reason", "kg.shapes", "kg.shape_rewriting"},
    "rich": {"kg.render", "kg.sketch"},
    "typer": {
        "kg.cli.align",
        "kg.cli.app",
        "kg.cli.chain",
        "kg.cli.cite",
        "kg.cli.complete",
        "kg.cli.conflicts",
        "kg.cli.diff",
        "kg.cli.curate",
        "kg.cli.evidence",
        "kg.cli.explain",
        "kg.cli.export",
        "kg.cli.federate",
        "kg.cli.find",
        "kg.cli.link",
        "kg.cli.load",
        "kg.cli.options",
        "kg.cli.plot",
        "kg.cli.reckon",
        "kg.cli.reference",
        "kg.cli.site",
        "kg.cli.validate",
    },
    "yaml": {"kg.sssom"},
    "vl_convert": {"kg.vega"},
    "zstandard": {"kg.packing"},
}
HEAVY = (
    "altair",
    "httpx",
    "typer",
    "rich",
    "jinja2",
    "pandas",
    "polars",
    "rdflib",
    "pyshacl",
    "owlrl",
    "SPARQLWrapper",
)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, *, top: bool = False) -> set[str]:
    """Modules that a file imports; with top, only those it imports when it is itself imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_module_is_in_a_layer() -> None:
    assert {name_of(path) for path in MODULES} == set().union(*LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_at_the_top_point_to_lower_layers(path: Path) -> None:
    module = name_of(path)
    level = next(i for i, layer in enumerate(LAYERS) if module in layer)
    higher = set().union(*LAYERS[level + 1 :])
    assert not imported(path, top=True) & higher


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_library_has_its_owner(path: Path) -> None:
    used = {name.split(".")[0] for name in imported(path)}
    for library in OWNERS.keys() & used:
        assert name_of(path) in OWNERS[library], f"{name_of(path)} imports {library}"


def loaded_by(*argv: str) -> set[str]:
    """Top-level modules that are loaded when the command has run."""
    code = (
        "import sys\nfrom kg.cli import run\nstatus = run(sys.argv[1:])\n"
        "print('\\n'.join(sorted({m.split('.')[0] for m in sys.modules})), file=sys.stderr)\nsys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_a_plain_query_loads_nothing_heavy() -> None:
    assert not loaded_by("query", "leading-firms", "--format", "tsv") & set(HEAVY)


def test_the_same_finder_sees_what_the_full_command_loads() -> None:
    assert "typer" in loaded_by("query", "leading-firms", "--help")
