"""The stores that `kg load` knows (profiles.toml): where each has its endpoints, and how it takes data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from kg import text_files
from kg.errors import InputError, UnknownName, nearest

FILE = Path(__file__).with_name("profiles.toml")
NO_ENDPOINT = "-"


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of store; the head of profiles.toml says what each entry means."""

    name: str
    title: str
    matches: tuple[str, ...]
    server: str
    query: str
    update: str
    graph_store: str
    dataset: str
    replace: str
    authentication: str
    union: str
    bulk: str
    documentation: str
    tried: str = ""
    graph: str = "graph"
    quads: str = "application/n-quads"
    note: str = ""

    @property
    def told(self) -> str:
        """The store with the version that was tried, for people."""
        how = f"tried with {self.tried}" if self.tried else "untried: written from its documentation"
        return f"{self.title} ({how})"

    def base(self, url: str) -> str | None:
        """What the paths of the endpoints are put after, when the URL looks like one of such a store."""
        matches = (re.fullmatch(pattern, url) for pattern in self.matches)
        return next((match["base"] for match in matches if match), None)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The URLs of one store."""

    profile: Profile
    query: str
    update: str
    graph_store: str
    dataset: str
    """Empty when the store does not take N-Quads whole."""


def profiles() -> dict[str, Profile]:
    """All profiles by name."""
    return read(FILE)


def read(file: Path) -> dict[str, Profile]:
    """The profiles of a file. Raises InputError when it is no such file."""
    try:
        tables = tomllib.loads(text_files.read(file))
        return {name: Profile(name, **table) for name, table in tables.items()}
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the profile is not TOML: {error}", at=str(file)) from None
    except TypeError as error:
        raise InputError(f"that is no profile: {error}", at=str(file), hint=f"write it as in {FILE}") from None


def named(name: str) -> Profile:
    """The profile of a name, or the first of a TOML file of one's own. Raises UnknownName or InputError."""
    known = read(Path(name)) if name.endswith(".toml") else profiles()
    if name.endswith(".toml") and known:
        return next(iter(known.values()))
    if name not in known:
        raise UnknownName(f"there is no profile {name!r}", hint=nearest(name, sorted(profiles())))
    return known[name]


def by_url(url: str) -> Profile | None:
    """The profile that a URL of its usual form tells."""
    return next((profile for profile in profiles().values() if profile.base(url)), None)


def by_server(header: str) -> Profile | None:
    """The profile that the Server header of an answer tells."""
    return next((profile for profile in profiles().values() if header.startswith(profile.server)), None)


def endpoints(profile: Profile, url: str) -> Endpoints:
    """The endpoints of a store at a URL; a URL of another form is what their paths are put after."""
    base = (profile.base(url) or _without_path(profile, url)).rstrip("/")
    dataset = "" if profile.dataset == NO_ENDPOINT else base + profile.dataset
    return Endpoints(profile, base + profile.query, base + profile.update, base + profile.graph_store, dataset)


def _without_path(profile: Profile, url: str) -> str:
    """A URL without the path of an endpoint that it ends with."""
    plain = url.rstrip("/")
    paths = sorted({profile.query, profile.update, profile.graph_store}, key=len, reverse=True)
    return next((plain.removesuffix(path) for path in paths if path and plain.endswith(path)), plain)
