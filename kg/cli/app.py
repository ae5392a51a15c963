"""The full command line: every command with its options and help. Owns typer."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import kg
from kg import queries, text_files
from kg.cli import (
    align,
    ask,
    chain,
    cite,
    complete,
    conflicts,
    curate,
    diff,
    evidence,
    explain,
    export,
    federate,
    find,
    link,
    load,
    plot,
    reckon,
    reference,
    site,
    validate,
)
from kg.cli.options import ROW_FORMATS, EndpointUrl, Quiet, StoreDir
from kg.errors import Exit, InputError, KgError, SyntaxProblem, UnknownName, UsageError, nearest

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=True)

Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table, csv, tsv, json, jsonl, markdown, xml, xlsx or parquet; a table on a terminal, else tsv.",
    ),
]

NEAREST = 5
"""How many queries `kg query --about` names."""
ANY_PARAMETER = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Settings of commands that take the parameters of a query."""


def run(argv: list[str]) -> int:
    """Run the full command line and return its exit status."""
    try:
        result = app(args=argv, prog_name="kg", standalone_mode=False)
    except Exception as error:
        # typer carries its own Click, which must not be imported: its usage errors are known by what they have
        if isinstance(error, KgError) or not hasattr(error, "format_message"):
            raise
        command = getattr(getattr(error, "ctx", None), "command_path", "kg")
        raise UsageError(str(error.format_message()), hint=f"{command} --help shows how it is written") from None
    except SystemExit as leaving:  # typer leaves by itself, with 1, when the reader of a pipe has gone
        raise (leaving.__context__ if isinstance(leaving.__context__, BrokenPipeError) else leaving) from None
    return result if isinstance(result, int) else Exit.OK


@app.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Ask the evidence-first knowledge graph of China's industrial chains."""
    if version:
        typer.echo(f"kg {kg.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(
    cls=complete.AnswerCommand,
    context_settings={**ANY_PARAMETER, "help_option_names": []},
    options_metavar="[--PARAM VALUE …] [OPTIONS]",
    short_help="Answer a question; without a name, list them all",
)
def query(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Name of the query; left out, all are listed.", autocompletion=complete.names)
    ] = None,
    form: Format = None,
    store: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
    no_pager: Annotated[
        bool, typer.Option("--no-pager", help="Print a long answer on the terminal at once, not through the pager.")
    ] = False,
    about: Annotated[
        str | None, typer.Option("--about", help="List only the queries that share words with this question.")
    ] = None,
    evidence: Annotated[
        str | None,
        typer.Option("--evidence", help="none, short [default], or full: title, passages with digests, speaker, …"),
    ] = None,
    identifiers: Annotated[
        str | None,
        typer.Option(
            "--identifiers",
            metavar="DATASET",
            help="Add what wikidata, geonames or another data set calls the things of each row; all for all of them.",
            autocompletion=complete.datasets,
        ),
    ] = None,
    show_help: Annotated[bool, typer.Option("--help", help="Show this, or the query's own help.")] = False,
) -> int:
    """Run a canned query; without a name, list them with their questions."""
    if name is None:
        if show_help:
            typer.echo(context.get_help())
        else:
            ask.write(_query_list(about, form))
        return Exit.OK
    if show_help:
        typer.echo(_query_help(name))
        return Exit.OK
    request = ask.Request(
        name,
        ask.params(context.args),
        form=form,
        directory=store,
        endpoint=endpoint,
        evidence=evidence,
        identifiers=identifiers,
        quiet=quiet,
        paged=not no_pager,
    )
    return ask.answer(request)


def _query_list(about: str | None, form: str | None) -> bytes:
    """The queries with their questions, or those nearest to a question, as text or in one of ROW_FORMATS.

    Raises UnknownName when there is none, UsageError for a format that there is not.
    """
    from kg import questions, render

    if form is not None and form not in ROW_FORMATS:
        raise UsageError(f"queries are not listed as {form}", hint=nearest(form, list(ROW_FORMATS)))

    found = [queries.read(name) for name in queries.names()] if about is None else questions.matching(about)[:NEAREST]
    if not found:
        raise UnknownName(
            f"no query shares a word with {about!r}", hint="kg query lists all; kg show NAME tells of one thing"
        )
    if form is not None:
        return render.records(["name", "question"], [[query.name, query.question] for query in found], form)
    width = max(len(query.name) for query in found)
    return "".join(f"{query.name:{width}}  {query.question}\n" for query in found).encode()


def _query_help(name: str) -> str:
    query = queries.read(name)
    lines = [f"kg query {query.name}: {query.title}", "", query.question]
    if query.params:
        lines += ["", "Parameters"]
        lines += [f"  {queries.option(p.name)} ({p.type})  {p.meaning}" for p in query.params.values()]
    lines += ["", "Columns"]
    width = max(map(len, query.columns), default=0)
    for column in query.columns.values():
        lines.append(f"  {column.name:{width}}  {column.meaning}" + (f" [{column.unit}]" if column.unit else ""))
    return "\n".join([*lines, "", f"The file: {query.file}"])


@app.command(short_help="Run any SPARQL query")
def sparql(
    file: Annotated[str, typer.Argument(help="A file with a SPARQL query, or - for standard input.")],
    form: Format = None,
    store: StoreDir = None,
    endpoint: EndpointUrl = None,
    seconds: Annotated[float, typer.Option("--timeout", help="Seconds after which the query is stopped.")] = 60.0,
    hosts: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="HOST", help="Let SERVICE call this host; may be given again."),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Run any SPARQL query over the union of the graphs, in a process of its own or on an endpoint, with a deadline."""
    text = _read_stdin() if file == "-" else text_files.read(file, hint="name a file, or - for stdin")
    ask.write(_answer(text, ask.checked_format(form), store, endpoint, seconds, quiet, file, hosts or []))
    return Exit.OK


def _answer(
    text: str,
    form: str,
    directory: str | None,
    endpoint: str | None,
    seconds: float,
    quiet: bool,
    at: str,
    hosts: list[str],
) -> bytes:
    """The answer to a user's own query, from a process of its own or from an endpoint, which has its own guards."""
    from kg import sandbox
    from kg import store as stores

    sandbox.refuse_no_query(text, at, seconds)
    url = stores.endpoint_url(directory, endpoint)
    if not url:
        return sandbox.run(text, form, directory, seconds=seconds, quiet=quiet, at=at, hosts=hosts)
    if hosts:
        raise UsageError("--allow-host is for the embedded store: an endpoint calls what its own settings allow")
    from kg import terms
    from kg.endpoint import Endpoint

    try:
        return ask.rendered(Endpoint(url, seconds=seconds).as_stored().ask(text, terms.PREFIXES), form)
    except SyntaxProblem as problem:
        problem.at = (problem.at or "").replace("query", at, 1)
        raise


def _read_stdin() -> str:
    """What is piped in. Raises InputError when nothing is or it is not UTF-8."""
    if sys.stdin is None:
        raise InputError("standard input is closed", hint="pipe a query in, or name a file")
    return text_files.decoded(sys.stdin.buffer.read(), "standard input")


@app.command(short_help="Make the store from the Turtle")
def build(
    store: StoreDir = None,
    force: Annotated[bool, typer.Option("--force", help="Build even when the store is up to date.")] = False,
    warnings: Annotated[
        bool, typer.Option("--warnings", help="Tell what is allowed but doubtful; builds anew.")
    ] = False,
    added: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="DIR",
            help="Folder with documents of your own, in the layout of seeds, to be built in as well; may be given "
            "again. The store remembers its folders.",
        ),
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Build without the folders that the store remembers.")] = False,
    quiet: Quiet = False,
) -> int:
    """Make the store from the Turtle: derive, reason, validate, check, load."""
    from kg import build as builder
    from kg import layout

    if added and alone:
        raise UsageError("--with and --alone contradict each other", hint="give one of them")
    folders = () if alone else added or None
    directory = store or layout.default_store()
    summary = builder.build(directory, folders, force=force or warnings, quiet=quiet, warnings=warnings)
    typer.echo(
        f"{summary.quads} quads, {summary.inferred} of them inferred; sha256 {summary.sha256}\n{summary.generation}"
    )
    return Exit.OK


# in the order in which `kg --help` lists them: asking, explaining, curating, publishing
app.command(short_help="Show all about one thing, with evidence")(find.show)
app.command(short_help="Find things by name, misspelt ones too")(find.search)
app.command(cls=complete.AnswerCommand, context_settings=ANY_PARAMETER, short_help="Draw the answer to a question")(
    plot.plot
)
app.command(short_help="Walk from a policy or firm to those it leads")(chain.chain)
app.command("sum", short_help="Add the figures of claims as intervals")(reckon.sum_)
app.command(short_help="Subtract one claim's figure from another's")(reckon.difference)
app.command(context_settings=ANY_PARAMETER, short_help="Join our facts with those of Wikidata")(federate.federate)
app.command(cls=complete.AnswerCommand, context_settings=ANY_PARAMETER, short_help="Cite the answer to a question")(
    cite.cite
)
app.command(short_help="Show all that stands behind a claim or triple")(explain.why)
app.command(short_help="List claims on one matter side by side")(conflicts.conflicts)
app.command(short_help="Re-read the texts and check every claim")(evidence.verify)
app.command(short_help="Count what the claims carry of each text")(evidence.coverage)
app.command("new-document", short_help="Print the skeleton of a further document")(curate.new_document)
app.command(short_help="Print the Turtle of a passage or claim")(curate.passage)
app.command(short_help="Find what is wrong in RDF files or the graph")(validate.validate)
app.command(short_help="Propose links to other data sets")(link.link)
app.command(short_help="Map supply-chain graphs of others to our terms")(align.align)
app.command(short_help="Write the graph to files")(export.export)
app.command(short_help="Load the graph into a store elsewhere")(load.load)
app.command(short_help="Say what changed between two releases")(diff.diff)
app.command(short_help="Write a static site")(site.site)
app.command(short_help="Write the reference of terms, shapes and queries")(reference.reference)
