"""Secrets of sources: a contract names the environment variable, never what is in it."""

from __future__ import annotations

import os
import re

from warehouse.errors import ConfigError
from warehouse.yamltext import YamlNode

PREFIX = "env:"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_secret(text: str) -> bool:
    """Whether a value of a contract stands in the environment."""
    return text.startswith(PREFIX)


def checked(node: YamlNode) -> str:
    """The text of a node; the name of an environment variable must be one."""
    text = node.text()
    if is_secret(text) and not _NAME.fullmatch(text.removeprefix(PREFIX)):
        raise node.error("this is not the name of an environment variable", "write e.g. env:SHOP_DB_URL")
    return text


def resolved(text: str) -> str:
    """The value itself; ConfigError names a variable that is not set."""
    if not is_secret(text):
        return text
    name = text.removeprefix(PREFIX)
    value = os.environ.get(name)
    if not value:
        raise ConfigError(
            f"the environment variable {name} is not set", fix="set it for whoever runs the night"
        )
    return value
