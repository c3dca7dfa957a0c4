"""The house's rules that a review would otherwise have to look for: imports, descriptions, names, places."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from pipelines.dictionary import dictionary_markdown
from transforms.expression_nodes import ALLOWED_NAMES
from warehouse.channels import TYPES, read_channel
from warehouse.contracts import BI_PRIVACY, InputContract, Table, Text, all_tables, base_inputs
from warehouse.contracts.model import FAMILIES, PRIVACY_CLASSES, duckdb_type
from warehouse.fields import read_fields
from warehouse.landing import FORMATS, ReaderOptions

ROOT = Path(__file__).parents[1]
PACKAGES = ("pipelines", "assets", "transforms", "data_quality", "warehouse", "sample_retailer")
FOLDERS = {*PACKAGES, "tests", "benchmarks", "docs", "deploy"}
TEXT_FILES = {".py", ".sql", ".yaml", ".yml", ".md", ".toml", ".csv", ".lock", ".txt", ".json", ""}
MACHINE_PATH = re.compile(r"(?<![\w.~}/*])/(?:work|root|home|Users|opt)/\w")
REGISTRY_HOST = re.compile(r"index-url|find-links|pythonhosted|\bpypi\.", re.IGNORECASE)

TABLES = list(all_tables().values())
INPUTS = list(base_inputs().values())


def own_files(*suffixes: str) -> Iterator[Path]:
    """The repository's own files, without caches, environments and workspaces."""
    for top in sorted(ROOT.iterdir()):
        if top.is_file():
            yield from [top] if not suffixes or top.suffix in suffixes else []
        elif top.name in FOLDERS or top.name == ".ci":
            for path in sorted(top.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    yield from [path] if not suffixes or path.suffix in suffixes else []


def is_said(text: Text) -> bool:
    return bool(text.en.strip()) and bool(text.id.strip())


def test_packages_import_only_downstream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == 0


def test_top_level_holds_only_the_declared_folders() -> None:
    for package in PACKAGES:
        assert (ROOT / package / "__init__.py").is_file(), f"{package} is not a package"
    code = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert code <= FOLDERS, f"undeclared packages: {code - FOLDERS}"


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_table_is_described_in_both_languages(table: Table) -> None:
    assert is_said(table.description)
    assert table.grain.startswith("One row per "), "the grain begins with `One row per`"
    for column in table.columns:
        assert is_said(column.description), column.name
        assert column.family in FAMILIES, column.name
        assert duckdb_type(column.type), column.name
    for rule in table.rules:
        assert is_said(rule.description), rule.name
        assert rule.severity in ("error", "warn"), rule.name


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_key_is_made_of_the_tables_columns(table: Table) -> None:
    assert table.key, "no key"
    assert set(table.key) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.column_names)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_no_personal_class_in_a_table_that_bi_opens(table: Table) -> None:
    classes = {column.name: column.privacy for column in table.columns}
    assert set(classes.values()) <= set(PRIVACY_CLASSES)
    assert "secret" not in classes.values()
    if table.zone == "bi":
        personal = {name: c for name, c in classes.items() if c not in BI_PRIVACY}
        assert not personal, f"{table.name} is in the BI zone: {personal}"


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_reference_leads_to_a_column(table: Table) -> None:
    for column in table.columns:
        if column.references:
            other, _, name = column.references.partition(".")
            assert other in all_tables(), column.references
            assert name in all_tables()[other].column_names, column.references


@pytest.mark.parametrize("contract", INPUTS, ids=lambda c: c.name)
def test_every_input_contract_is_described_in_both_languages(contract: InputContract) -> None:
    assert is_said(contract.description)
    assert contract.grain.startswith("One row per ")
    assert set(contract.key) <= {*contract.field_names, "record_key"}
    assert contract.event_field is None or contract.event_field in contract.field_names
    for entry in contract.fields:
        assert is_said(entry.description), entry.name
        assert entry.purpose, entry.name
        assert entry.privacy in PRIVACY_CLASSES and entry.privacy != "secret", entry.name
    for rule in contract.rules:
        assert is_said(rule.description), rule.name


def test_contract_files_are_named_as_what_they_declare() -> None:
    folder = ROOT / "warehouse" / "contracts"
    assert {path.stem for path in (folder / "tables").glob("*.yaml")} == set(all_tables())
    assert {path.stem for path in (folder / "inputs").glob("*.yaml")} == set(base_inputs())


def test_the_dictionary_is_what_the_contracts_say_now() -> None:
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary_markdown(all_tables(), base_inputs()), "run `make docs`"


@pytest.mark.parametrize("table", [t for t in TABLES if t.published], ids=lambda t: t.name)
def test_every_published_table_is_in_the_dictionary(table: Table) -> None:
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert f"\n### {table.name}\n" in written


def test_examples_in_the_channel_guide_load(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    channel, fields = re.findall(r"```yaml\n(.*?)```", guide, flags=re.DOTALL)
    (tmp_path / "a.yaml").write_text(channel, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(fields, encoding="utf-8")
    assert len(read_channel(tmp_path / "a.yaml", "a.yaml", base_inputs()).mappings) == 3
    assert read_fields(tmp_path / "b.yaml", "b.yaml")[0].field.values == ("honda", "yamaha", "toyota")


def test_the_channel_guide_names_every_option_contract_and_function() -> None:
    guide = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    options = [option.name for option in dataclasses.fields(ReaderOptions)]
    for word in (*options, *FORMATS, *TYPES, *base_inputs()):
        assert f"`{word}`" in guide, word
    for function in re.findall(r"[a-z_]+", ALLOWED_NAMES.partition("||, ")[2]):
        assert re.search(rf"\b{function}\b", guide), function


def test_files_stand_where_the_architecture_says() -> None:
    """Every module that the table of packages in docs/architecture.md names."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (`[^|]+) \|", text, flags=re.MULTILINE)
    for cell in named:
        paths = re.findall(r"`([^`]+)`", cell)
        folder = Path(paths[0]).parent if paths[0].endswith(".py") else Path()
        for path in paths:
            for part in path.split():
                found = [ROOT / part, ROOT / folder / part]
                assert any(p.exists() for p in found), f"docs/architecture.md names {part}"


@pytest.mark.parametrize("path", list(own_files(".sql")), ids=lambda p: p.stem)
def test_every_model_opens_by_saying_its_grain(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- One row"), path.relative_to(ROOT)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", path.stem)


def test_no_two_models_share_a_name() -> None:
    names = [path.stem for path in own_files(".sql")]
    assert sorted(names) == sorted(set(names))


def test_no_file_names_a_machine_or_a_registry() -> None:
    here = Path(__file__)
    for path in own_files():
        if path == here or path.suffix not in TEXT_FILES:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for look in (MACHINE_PATH, REGISTRY_HOST):
            found = look.search(text)
            assert found is None or path.name == "Makefile", f"{path.relative_to(ROOT)}: {found.group(0)!r}"


def test_the_lock_holds_every_dependency_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(needed for extra in extras for needed in extra)]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    locked = {}
    for entry in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        name = re.split(r"[\[= ]", entry)[0]
        locked[name] = entry
        assert "--hash=sha256:" in entry, f"{name} has no hash"
    for requirement in wanted:
        name = re.split(r"[<>=\[ ]", requirement)[0].lower().replace("_", "-").replace(".", "-")
        assert name in locked, f"{name} is not in requirements.lock; run `make lock`"
