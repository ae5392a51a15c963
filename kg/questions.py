"""Finding the canned query for a question in somebody's own words."""

from __future__ import annotations

from kg import label_words, queries
from kg.model import Query

WEIGHTS = (4, 3, 1)
"""What a word counts that stands in the name or a tag of a query, in its title or question, in its columns."""


def matching(words: str) -> list[Query]:
    """The answer queries that share words with a question, the nearest first.

    Words are compared by their stems. A word counts the less the more queries have it.
    """
    wanted = label_words.key_words(words)
    found = [queries.read(name) for name in queries.names()]
    placed = [_places(query) for query in found]
    common = {word: sum(any(word in place for place in places) for places in placed) for word in wanted}
    scores = [
        sum(
            max(weight * (word in place) for weight, place in zip(WEIGHTS, places, strict=True)) / common[word]
            for word in wanted
            if common[word]
        )
        for places in placed
    ]
    order = sorted(zip(scores, found, strict=True), key=lambda pair: (-pair[0], pair[1].name))
    return [query for score, query in order if score]


def _places(query: Query) -> tuple[frozenset[str], ...]:
    """The stems of a query's words, by the places of WEIGHTS."""
    columns = [f"{column.name} {column.meaning}" for column in query.columns.values()]
    params = [f"{param.name} {param.meaning}" for param in query.params.values()]
    texts = (
        " ".join([query.name.replace("-", " "), *query.tags]),
        f"{query.title} {query.question}",
        " ".join([*columns, *params]),
    )
    return tuple(map(label_words.key_words, texts))
