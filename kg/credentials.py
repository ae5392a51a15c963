"""Who we are to a server: a name and password, or a token, from the environment, netrc or a prompt.

Secrets come neither from a URL nor from an option: the list of processes and the history of the shell show those.
"""

from __future__ import annotations

import netrc
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from kg.errors import InputError, UsageError

USER, PASSWORD, TOKEN = "KG_ENDPOINT_USER", "KG_ENDPOINT_PASSWORD", "KG_ENDPOINT_TOKEN"
"""Variables of the environment; a token is sent as a bearer token (RFC 6750) and goes before a password."""

HINT = f"{USER} and {PASSWORD}, or {TOKEN}, or netrc hold them; --user NAME asks for the password"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name with its password, or a token, or nothing; secrets do not show in its repr."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def hidden_in(self, text: str) -> str:
        """A text of the server with our secrets blotted out, should it echo them."""
        for secret in filter(None, (self.password, self.token)):
            text = text.replace(secret, "…")
        return text


def address(url: str) -> tuple[str, str]:
    """A URL as it may be shown and sent, and the user that it names. Raises UsageError.

    >>> address("http://dba@localhost:8890/sparql")
    ('http://localhost:8890/sparql', 'dba')
    """
    try:
        parts = urlsplit(url)
        host, port, password = parts.hostname, parts.port, parts.password
    except ValueError:
        parts, host, port, password = urlsplit(""), None, None, None
    if password is not None:
        raise UsageError("the URL holds a password, which the list of processes shows", hint=HINT)
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        raise UsageError("that is not the URL of an endpoint", hint="for example http://localhost:7878/query")
    where = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    return urlunsplit((parts.scheme, where, parts.path, parts.query, "")), parts.username or ""


def find(url: str, user: str = "", ask: Callable[[str], str] | None = None) -> Credentials:
    """The credentials for a server: environment, then netrc, then `ask` for the password of `user`.

    `user` narrows the search to that name. None found is no error: many endpoints want none. Raises InputError for a
    netrc file that does not parse.
    """
    known = _from_environment() or _from_netrc(urlsplit(url).hostname or "") or Credentials()
    if user and known.user != user:
        return Credentials(user, ask(f"Password of {user} at {url}: ") if ask else "")
    return known


def _from_environment() -> Credentials | None:
    found = Credentials(*(os.environ.get(name, "") for name in (USER, PASSWORD, TOKEN)))
    return found if found.user or found.token else None


def _from_netrc(host: str) -> Credentials | None:
    path = os.environ.get("NETRC") or os.path.expanduser("~/.netrc")
    if not os.path.isfile(path):
        return None
    try:
        entry = netrc.netrc(path).authenticators(host)
    except netrc.NetrcParseError as error:  # its message may quote a password
        raise InputError("the netrc file does not parse", at=f"{path}:{error.lineno}") from None
    except (OSError, UnicodeDecodeError):
        raise InputError("the netrc file cannot be read", at=path) from None
    return Credentials(entry[0], entry[2] or "") if entry else None
