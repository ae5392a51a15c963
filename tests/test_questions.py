"""The canned query for a question in somebody's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg import questions
from tests.conftest import Outcome

Kg = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Which big companies went back to work first?", "leading-firms"),
        ("How many small businesses had reopened?", "sme-resumption"),
        ("What share of the factories was running in Guangdong?", "operating-rates"),
        ("Who are the officials that the texts name?", "officials"),
        ("Which companies started making masks?", "production-switches"),
        ("What help did firms get when raw materials were short?", "assistance"),
        ("Are there unpaid bills?", "arrears"),
        ("What happened in late February 2020?", "calendar"),
        ("What does the ministry want by the end of 2023?", "targets"),
        ("How many little giants does China have?", "niche-champions"),
        ("Do the newspapers contradict each other?", "conflicts"),
        ("What did Zhao Zhiguo say?", "statements"),
    ],
)
def test_the_query_is_among_the_nearest(words: str, name: str) -> None:
    assert name in [query.name for query in questions.matching(words)][:3]


def test_the_list_is_of_the_nearest_with_their_questions(kg: Kg) -> None:
    done = kg("query", "--about", "unpaid bills")
    assert done.out.startswith("arrears ")
    assert "unpaid bills" in done.out
    assert len(done.out.splitlines()) <= 5


def test_words_that_no_query_has_say_where_to_look(kg: Kg) -> None:
    done = kg("query", "--about", "xyzzy")
    assert (done.code, done.out) == (3, "")
    assert "kg show NAME tells of one thing" in done.err


def test_a_question_in_place_of_a_name_names_the_nearest(kg: Kg) -> None:
    assert "did you mean arrears" in kg("query", "unpaid bills to small firms").err
    assert "did you mean leading-firms?" in kg("query", "leading-firm").err
