"""The pinned identity model in `models/identity/<version>.json`: nights read it, none changes it."""

from __future__ import annotations

import json
from pathlib import Path

from assets.context import Context
from transforms.identity.model import IdentityModel
from warehouse.errors import ConfigError
from warehouse.files import write_atomic

AUTO = "auto"


def pinned_version(context: Context) -> str | None:
    """The version in use: the one satu.yaml names, else the newest; None when there is none yet."""
    wanted = context.workspace.settings.identity_model
    known = versions(context)
    if wanted == AUTO:
        return known[-1] if known else None
    if wanted not in known:
        raise ConfigError(
            f"there is no identity model {wanted!r}", file=context.workspace.home / "satu.yaml",
            fix=f"write `auto` or one of {', '.join(known)}" if known else "write `auto`",
        )  # fmt: skip
    return wanted


def pinned_model(context: Context) -> IdentityModel | None:
    """The model in use; None when none was trained yet."""
    version = pinned_version(context)
    if version is None:
        return None
    path = _folder(context) / f"{version}.json"
    try:
        return IdentityModel.from_dict(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"the identity model cannot be read: {error}", file=path, fix="run `satu train-identity`"
        ) from None


def pin(context: Context, model: IdentityModel) -> str:
    """Keep a model as the next version; its name."""
    last = max((int(version[1:]) for version in versions(context)), default=0)
    version = f"v{last + 1:03d}"
    folder = _folder(context)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / f"{version}.json", json.dumps(model.to_dict(), indent=1).encode(), 0o600)
    return version


def versions(context: Context) -> list[str]:
    """Every version there is, the oldest first."""
    return sorted(p.stem for p in _folder(context).glob("v*.json") if p.stem[1:].isdigit())


def _folder(context: Context) -> Path:
    return context.workspace.models / "identity"
