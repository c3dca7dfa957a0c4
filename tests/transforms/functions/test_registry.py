from __future__ import annotations

import re

import pytest
import sqlglot
from sqlglot import exp

from tests.support.sql_lint import lint_expression
from transforms.functions import FUNCTIONS, expand


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_gives(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.name == name and re.fullmatch("[a-z][a-z0-9_]+", name)
    assert function.doc.endswith(".") and function.returns
    assert function.signature == f"{name}({', '.join(function.args)}) -> {function.returns}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_body_means_the_same_on_both_engines(name: str) -> None:
    excused = ("getvariable", "engine's own hash") if name == "grouping_hash" else ("getvariable",)
    faults = [f for f in lint_expression(FUNCTIONS[name].body) if not any(word in f for word in excused)]
    assert not faults, f"{name}: {faults}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_name_of_ours_is_left_in_sparks_sql(name: str) -> None:
    call = f"{name}({', '.join(FUNCTIONS[name].args)})"
    tree = sqlglot.parse_one(f"SELECT {call}", read="duckdb")
    assert tree.find(exp.Anonymous), f"{name} is a function of SQL itself; choose another name"
    rendered = expand(tree, "spark").sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    left = {call.name.lower() for call in sqlglot.parse_one(rendered, read="spark").find_all(exp.Anonymous)}
    assert not left & set(FUNCTIONS)


def test_a_wrong_number_of_arguments_is_named() -> None:
    with pytest.raises(ValueError, match=r"norm_phone\(x, country\)"):
        expand(sqlglot.parse_one("SELECT norm_phone(x)", read="duckdb"), "spark")


def test_captured_groups_are_written_for_spark() -> None:
    tree = sqlglot.parse_one(r"SELECT regexp_replace(a, '^(x)(y)\z', '\2\1')", read="duckdb")
    assert "$2$1" in expand(tree, "spark").sql("spark")


def test_names_bound_inside_bodies_are_unique() -> None:
    bound: dict[str, str] = {}
    for function in FUNCTIONS.values():
        for name in re.findall(r"lambda (\w+):", function.body):
            assert bound.setdefault(name, function.name) == function.name, f"{name} is bound twice"
            assert all(name not in other.args for other in FUNCTIONS.values()), f"{name} is also an argument"
