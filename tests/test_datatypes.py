"""Lexical forms of XML Schema 1.1 Part 2, datatype by datatype; the values are those of the standard's productions."""

from __future__ import annotations

import pytest

from kg import datatypes

GOOD = {
    "anyURI": ["http://a/b", "", "a b"],
    "base64Binary": ["aGk=", "", "aGVs bG8="],
    "boolean": ["true", "false", "1", "0"],
    "byte": ["-128", "127"],
    "date": ["2020-02-29", "2000-02-29", "2020-04-23Z", "2020-04-23+14:00", "-0004-02-29", "12020-01-01", "0000-01-01"],
    "dateTime": ["2020-04-23T10:00:00", "2020-04-23T24:00:00", "2020-04-23T10:00:00.123-05:00"],
    "dateTimeStamp": ["2020-04-23T10:00:00Z"],
    "dayTimeDuration": ["P1DT2H", "-PT1.5S"],
    "decimal": ["1", "+1.5", "-.5", "5.", "007"],
    "double": ["1", "1e400", "INF"],
    "duration": ["P1Y", "PT1.5S", "-P1DT2H", "P1Y2M3DT4H5M6S"],
    "float": ["1.5", "1e5", "INF", "-INF", "+INF", "NaN", "1E-5", ".5"],
    "gDay": ["---31"],
    "gMonth": ["--04"],
    "gMonthDay": ["--02-29", "--12-31Z"],
    "gYear": ["2020", "-0044", "12020", "2020Z"],
    "gYearMonth": ["2020-04"],
    "hexBinary": ["0aFF", ""],
    "int": ["-2147483648"],
    "integer": ["0", "-0", "+12", "9" * 5000],
    "language": ["en", "zh-Hans"],
    "long": ["9223372036854775807"],
    "Name": ["a:b"],
    "NCName": ["ab"],
    "negativeInteger": ["-1"],
    "NMTOKEN": ["1a"],
    "nonNegativeInteger": ["0", "-0", "5"],
    "nonPositiveInteger": ["0", "-3"],
    "normalizedString": ["a  b"],
    "positiveInteger": ["1"],
    "short": ["32767"],
    "string": ["\t any"],
    "time": ["10:00:00", "24:00:00", "10:00:00.5Z"],
    "token": ["a b", ""],
    "unsignedByte": ["255", "+0"],
    "unsignedInt": ["4294967295"],
    "unsignedLong": ["18446744073709551615"],
    "unsignedShort": ["65535"],
    "yearMonthDuration": ["P1Y2M"],
}
BAD = {
    "base64Binary": ["a", "aGk", "***"],
    "boolean": ["TRUE", "yes", "", "True"],
    "byte": ["128", "-129", "1.0"],
    "date": ["2020-02-30", "2019-02-29", "1900-02-29", "2020-04-31", "2020-4-23", "23.4.2020", "2020-04-23T00:00:00",
             "020-01-01", "02020-01-01", "2020-13-01", "2020-04-23+15:00", "", " 2020-04-01"],
    "dateTime": ["2020-04-23", "2020-04-23T24:00:01", "2020-04-23T10:00", "2020-04-23 10:00:00", "2020-04-23T10:60:00"],
    "dateTimeStamp": ["2020-04-23T10:00:00"],
    "dayTimeDuration": ["P1Y", "P1DT"],
    "decimal": ["1e5", "", "INF", ".", "1,000", "+ 1", "1 000", "٣"],
    "double": ["inf", "1d"],
    "duration": ["P", "PT", "1Y", "P1S", "P1YT", "P-1Y"],
    "ENTITY": ["a"],
    "float": ["1,5", "inf", "nan", "infinity", "", "1_0", "0x10"],
    "gDay": ["---32", "31"],
    "gMonth": ["--13", "04", "--04--"],
    "gMonthDay": ["--02-30", "02-29", "--13-01"],
    "gYear": ["99", "2020-01", "20", "1e3"],
    "gYearMonth": ["2020-13", "2020-4"],
    "hexBinary": ["abc", "xy"],
    "int": ["2147483648"],
    "integer": ["1.0", "", "1e2", "1_000", "٣"],
    "language": ["e n", "", "toolonglanguage"],
    "long": ["9223372036854775808"],
    "Name": ["1a"],
    "NCName": ["a:b"],
    "negativeInteger": ["0"],
    "NMTOKEN": ["a b", ""],
    "nonNegativeInteger": ["-1"],
    "nonPositiveInteger": ["1"],
    "normalizedString": ["a\tb"],
    "positiveInteger": ["0"],
    "short": ["32768"],
    "time": ["10:00", "25:00:00", "24:00:01"],
    "token": ["  a", "a  b", "a "],
    "unsignedByte": ["256", "-1"],
    "unsignedInt": ["4294967296"],
    "unsignedLong": ["-1", "18446744073709551616", "9" * 5000],
    "unsignedShort": ["65536"],
    "yearMonthDuration": ["P1D"],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_the_standard_allows_is_allowed(name: str) -> None:
    assert [value for value in GOOD[name] if datatypes.problem(value, datatypes.XSD + name)] == []


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_the_standard_does_not_allow_is_told(name: str) -> None:
    assert [value for value in BAD[name] if not datatypes.problem(value, datatypes.XSD + name)] == []


def test_every_datatype_is_tried_both_ways() -> None:
    known = {*datatypes.FORMS, *datatypes.RANGES}
    assert known <= GOOD.keys() & BAD.keys()
    assert set(datatypes.FREE) <= GOOD.keys()


def test_other_datatypes_are_left_alone() -> None:
    assert datatypes.problem("2020-04~", "http://id.loc.gov/datatypes/edtf/EDTF") == ""
