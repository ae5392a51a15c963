"""What `kg load` costs against a store's own best upload over HTTP, as ratios in the same run.

    python benchmarks/load.py [--quads 100000] [--rounds 3] [--stores oxigraph,virtuoso]

Each round starts a new server for each way, so that no way finds what another left. The stores' own ways are curl's: to
the Oxigraph server one POST of the N-Quads without a transaction, to Virtuoso, which takes no N-Quads, a POST of the
N-Triples of each graph, all over one connection (cutting the file is not counted). Of `kg load` two times are taken:
until the last triple was sent, with the look at what the store holds, and until all was counted and a sample compared.
What is printed is the median of the rounds: seconds by the clock and triples a second, seconds of the processors (of
server and client), and the speed by each as a ratio to the store's own way.

Needs curl, the Oxigraph server (PyPI oxigraph) and Virtuoso (Debian virtuoso-opensource).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from kg import profiles, terms, web  # noqa: E402 - the project is not a package on the path of a script
from kg.credentials import Credentials  # noqa: E402
from kg.loading import Load  # noqa: E402
from kg.record import Record  # noqa: E402
from kg.remote import Remote  # noqa: E402
from tests import servers  # noqa: E402
from tests.servers import Server  # noqa: E402

Way = Callable[[Server, Record, dict[str, Path], Callable[[], None]], None]
STORES: dict[str, Callable[[Path], Server]] = {"oxigraph": servers.oxigraph, "virtuoso": servers.virtuoso}
OWN, SENT, CHECKED = "its own way", "kg load, sent", "kg load, sent and checked"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of the processors."""

    clock: float
    processor: float

    def since(self, before: Cost) -> Cost:
        """What was added."""
        return Cost(self.clock - before.clock, self.processor - before.processor)


def main() -> None:
    """Run the rounds and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stores", default=",".join(STORES))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        record = generated(Path(scratch), options.quads)
        triples = sum(record.counts().values())
        print(f"{triples:,} triples in {len(record.counts())} graphs, {record.path.stat().st_size / 1e6:.1f} MB")
        graphs = cut(record, Path(scratch, "graphs"))
        for store in options.stores.split(","):
            costs: dict[str, list[Cost]] = defaultdict(list)
            for _ in range(options.rounds):
                costs[OWN].append(served(store, record, graphs, by_curl)[-1])
                *_, sent, checked = served(store, record, graphs, by_kg)
                costs[SENT].append(sent)
                costs[CHECKED].append(checked)
            report(store, triples, costs)


def generated(scratch: Path, quads: int) -> Record:
    """A graph of the form of the real one, sorted as a generation is."""
    done = subprocess.run(
        [sys.executable, str(HERE / "generate.py"), "--quads", str(quads)], stdout=subprocess.PIPE, check=True
    )
    path = scratch / "graph.nq"
    path.write_bytes(b"".join(sorted(set(done.stdout.splitlines(keepends=True)))))
    return Record(path)


def cut(record: Record, folder: Path) -> dict[str, Path]:
    """The N-Triples of each graph as a file."""
    folder.mkdir()
    found = {}
    for number, graph in enumerate(sorted(record.counts())):
        found[graph] = folder / f"{number}.nt"
        found[graph].write_bytes(b"".join(record.body(graph)))
    return found


def served(store: str, record: Record, graphs: dict[str, Path], way: Way) -> list[Cost]:
    """What a way costs on a new server, after each of its steps."""
    with tempfile.TemporaryDirectory() as folder, servers.running(STORES[store](Path(folder))) as server:
        started = spent(server)
        costs: list[Cost] = []
        way(server, record, graphs, lambda: costs.append(spent(server).since(started)))
        return costs


def spent(server: Server) -> Cost:
    """The clock, and the processor time of the server, of this process and of the curl that it has run."""
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # utime and stime, as proc(5) numbers them from the state on
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time() + children.ru_utime + children.ru_stime
    return Cost(time.perf_counter(), own + ticks / os.sysconf("SC_CLK_TCK"))


def by_curl(server: Server, record: Record, graphs: dict[str, Path], step: Callable[[], None]) -> None:
    """Upload in the store's own way."""
    if server.name == "oxigraph":
        blocks = [_block(f"{server.graph_store}?no_transaction", record.path, "application/n-quads", server)]
    else:
        blocks = [
            _block(f"{server.graph_store}?{urlencode({'graph-uri': graph})}", path, "application/n-triples", server)
            for graph, path in graphs.items()
        ]
    config = server.folder / "curl"
    config.write_text("\nnext\n".join(blocks), encoding="utf-8")
    subprocess.run(["curl", "--config", str(config)], check=True, capture_output=True)
    step()


def _block(url: str, file: Path, media_type: str, server: Server) -> str:
    lines = ["silent", "fail", "request = POST", f'header = "Content-Type: {media_type}"', f'url = "{url}"']
    who = ["digest", f'user = "{server.user}:{server.password}"'] if server.user else []
    return "\n".join([*lines, *who, f'upload-file = "{file}"'])


def by_kg(server: Server, record: Record, graphs: dict[str, Path], step: Callable[[], None]) -> None:
    """Load as `kg load` does; a step is a request, the last one the comparison."""
    with web.Client(Credentials(server.user, server.password), seconds=600) as client:
        remote = Remote(client, profiles.endpoints(profiles.named(server.name), server.query))
        Load(record, remote, terms.PREFIXES["graph"], tell=lambda *_: step()).add()
    step()


def report(store: str, triples: int, costs: dict[str, list[Cost]]) -> None:
    """Print the medians of each way."""
    medians = {
        way: Cost(statistics.median(cost.clock for cost in each), statistics.median(cost.processor for cost in each))
        for way, each in costs.items()
    }
    own = medians[OWN]
    for way, cost in medians.items():
        speed = f"{triples / cost.clock:9,.0f} triples/s"
        ratios = f"{own.clock / cost.clock:5.2f} by the clock, {own.processor / cost.processor:5.2f} by processor time"
        print(f"{store:9} {way:25} {cost.clock:6.2f} s {speed} {cost.processor:6.2f} s of processors; {ratios}")


if __name__ == "__main__":
    main()
