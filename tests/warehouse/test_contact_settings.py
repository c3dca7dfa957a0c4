"""`contact:` of `satu.yaml`: rules of contact in, settings or a sentence out."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.contact import ContactSettings
from warehouse.errors import ConfigError
from warehouse.settings import read_settings


def contact(folder: Path, text: str) -> ContactSettings:
    (folder / "satu.yaml").write_text(f"company: Toko\ncontact: {text}\n", encoding="utf-8")
    return read_settings(folder / "satu.yaml").contact


def test_rules_of_contact_are_read_and_the_rest_keeps_its_default(tmp_path: Path) -> None:
    said = "{channels: [push, email], without_consent: [Service, delivery], max_contacts: 3}"
    assert contact(tmp_path, said) == ContactSettings(
        ("push", "email"), ("delivery", "service"), max_contacts=3
    )
    assert contact(tmp_path, "{window_days: 7, max_per_channel: 0}") == ContactSettings(
        window_days=7, max_per_channel=0
    )
    owned = contact(tmp_path, "{owner: {days: 90, by: [orders, interactions]}}")
    assert owned == ContactSettings(owner_days=90, owner_by=("interactions", "orders"))
    assert contact(tmp_path, '{hours: "08:00 - 20:00"}') == ContactSettings(hours=("08:00", "20:00"))


@pytest.mark.parametrize(
    "text",
    [
        "{channels: []}",
        "{channels: [email, email]}",
        "{channels: [fax]}",
        "{window_days: 0}",
        "{max_contacts: -1}",
        "{owner: {days: 0}}",
        "{owner: {by: [orders]}}",
        '{hours: "20:00-08:00"}',
        "{hours: office}",
    ],
)
def test_a_wrong_rule_is_refused_by_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"satu.yaml line 2"):
        contact(tmp_path, text)
