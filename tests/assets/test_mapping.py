"""Mappings held against the columns of a file before any row is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.mapping import check_mapping, compile_unit
from warehouse.errors import ConfigError
from warehouse.workspace import Workspace, load_workspace

COLUMNS = ["Id", "Day", "Name"]


def workspace_with(home: Path, full_name: str, where: str = "TRUE") -> Workspace:
    (home / "channels").mkdir()
    (home / "satu.yaml").write_text("company: Toko\n", encoding="utf-8")
    (home / "channels" / "shop.yaml").write_text(
        f"channel: shop\nsource: {{path: landing/*.csv}}\n"
        f"maps:\n  contacts:\n    where: {where}\n    source_id: Id\n    full_name: {full_name}\n",
        encoding="utf-8",
    )
    return load_workspace(home)


@pytest.mark.parametrize(
    "expression",
    [
        "substr(Name)",
        "regexp_extract(Name, '(')",
        "strptime(Day, '%Q')",
        "make_date(Day, Day)",
        "CAST(Day AS DECIMAL(40, 2))",
    ],
)
def test_an_expression_the_engine_refuses_is_named_with_its_place(tmp_path: Path, expression: str) -> None:
    workspace = workspace_with(tmp_path, expression)
    channel = workspace.channels["shop"]
    with pytest.raises(ConfigError, match="cannot be computed") as caught:
        compile_unit(workspace, channel, channel.mappings[0], COLUMNS)
    assert (caught.value.file, caught.value.line) == ("channels/shop.yaml", 7)
    assert [str(problem) for problem in check_mapping(workspace, channel, COLUMNS)] == [str(caught.value)]


def test_a_condition_the_engine_refuses_is_named_too(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, "Name", where="substr(Name) = 'a'")
    channel = workspace.channels["shop"]
    with pytest.raises(ConfigError, match=r"where: .*cannot be computed"):
        compile_unit(workspace, channel, channel.mappings[0], COLUMNS)


def test_an_expression_that_can_be_computed_passes(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, "concat_ws(' ', upper(Name), make_date(Day))")
    assert check_mapping(workspace, workspace.channels["shop"], COLUMNS) == []


@pytest.mark.parametrize(
    "first_line", [["Budi Hartono", "Bandung", "Guru"], ["Dicetak oleh Budi"], ["a,Budi"]]
)
def test_a_first_line_that_may_be_data_is_never_shown(tmp_path: Path, first_line: list[str]) -> None:
    workspace = workspace_with(tmp_path, "Nama")
    (said,) = check_mapping(workspace, workspace.channels["shop"], first_line)
    assert "Budi" not in str(said) and "Bandung" not in str(said) and said.fix
    with pytest.raises(ConfigError) as caught:
        compile_unit(
            workspace, workspace.channels["shop"], workspace.channels["shop"].mappings[0], first_line
        )
    assert str(caught.value) == str(said)


def test_a_column_of_records_that_is_missing_is_named_whole(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, "customer.name")
    (said,) = check_mapping(workspace, workspace.channels["shop"], ["Id", "Name"])
    assert "there is no column `customer.name`" in str(said)
