"""`value:` in satu.yaml: which purchase model."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.errors import ConfigError
from warehouse.settings import read_settings


def settings(folder: Path, text: str) -> Path:
    path = folder / "satu.yaml"
    path.write_text(f"company: {{name: Toko}}\n{text}")
    return path


def test_the_model_is_chosen_by_the_data_unless_named(tmp_path: Path) -> None:
    assert read_settings(settings(tmp_path, "")).value_model == "auto"
    assert read_settings(settings(tmp_path, "value: {model: pareto_nbd}\n")).value_model == "pareto_nbd"


def test_an_unknown_model_is_refused_with_its_place_and_the_choices(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`magic` is not known here") as caught:
        read_settings(settings(tmp_path, "value: {model: magic}\n"))
    assert "satu.yaml" in str(caught.value)
    assert "auto, mbg_nbd, bg_nbd, pareto_nbd" in str(caught.value)
