"""Files in an object store: what a contract says of them, and those that are new as deliveries in landing."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pyarrow import fs

from warehouse.errors import ConfigError, InputError, SatuError
from warehouse.files import fsync_dir, private_dir
from warehouse.sources.environment import checked, is_secret, resolved
from warehouse.sources.object_store import Store, StoreAway, StoredObject
from warehouse.sources.staged import STAGED
from warehouse.yamltext import YamlNode

KEYS = (
    "url",
    "pattern",
    "endpoint",
    "region",
    "account",
    "access_key",
    "secret_key",
    "session_token",
    "timeout_seconds",
    "format",
)
_SECRETS = ("access_key", "secret_key", "session_token")
_PLAIN = ("endpoint", "region", "account")
_S3, _GOOGLE, _AZURE, _FOLDER = "s3", "gs", "az", "file"
_TRIES, _CONNECT_SECONDS = 3, 20
_HASH_BYTES = 12
_ASKED_AT_ONCE = 16
_LONGEST_NAME_BYTES = 200
_SIGNS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_SIGN = re.compile(r"(\*\*/|\*\*|\*|\?)")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff/\\]")


@dataclass(frozen=True)
class ObjectSource:
    """Where objects are, and which of them. Keys that are not given are looked for in the usual places."""

    url: str
    pattern: str
    endpoint: str | None = None
    region: str | None = None
    account: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    session_token: str | None = None
    timeout_seconds: int = 60

    def opened(self) -> Store:
        """The store; nothing is asked yet."""
        scheme, root = _parts(resolved(self.url))
        given = {name: resolved(value) for name in (*_SECRETS, *_PLAIN) if (value := getattr(self, name))}
        if scheme == _FOLDER:
            return Store(fs.LocalFileSystem(), root)
        where = urlsplit(given.pop("endpoint", ""))
        if scheme == _GOOGLE:
            at: dict[str, Any] = (
                {"scheme": where.scheme, "endpoint_override": where.netloc} if where.netloc else {}
            )
            wait = timedelta(seconds=self.timeout_seconds)
            return Store(fs.GcsFileSystem(anonymous=bool(at), retry_time_limit=wait, **at), root)
        if scheme == _AZURE:
            if "account" not in given:
                raise ConfigError("`account` is missing", fix="add `account:`, the storage account's name")
            kinds = ("blob_storage", "dfs_storage") if where.netloc else ()
            at = {f"{kind}_authority": where.netloc for kind in kinds}
            at |= {f"{kind}_scheme": where.scheme for kind in kinds}
            key = given.get("secret_key")
            return Store(fs.AzureFileSystem(given["account"], account_key=key, **at), root)
        given.pop("account", None)
        files = fs.S3FileSystem(
            endpoint_override=where.geturl() or None,
            connect_timeout=min(self.timeout_seconds, _CONNECT_SECONDS),
            request_timeout=self.timeout_seconds,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_TRIES),
            **given,
        )
        return Store(files, root)

    def objects(self, store: Store) -> list[StoredObject]:
        """The objects that match, by name, without hidden ones."""
        matches = re.compile(_regular(self.pattern), re.DOTALL).fullmatch
        return [one for one in store.objects() if matches(one.name) and not _is_hidden(one.name)]


@dataclass(frozen=True)
class Fetched:
    """How many objects match, how many of them are new, and what kept others from being fetched."""

    seen: int
    new: int
    problem: SatuError | None


def fetch_new(source: ObjectSource, folder: Path, day: date, secret: bytes) -> Fetched:
    """Each object that was not fetched before, into a folder of its own that appears once it is whole.

    The folder's name stands for the object as it was written, so that it is known for as long as its folder
    is there, whatever became of the file. One that cannot be fetched keeps no other from it.
    """
    store = source.opened()
    found = source.objects(store)
    staged = private_dir(folder) / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    known = {path.name.rpartition("-")[2] for path in folder.iterdir() if path != staged}
    if not found and not known:
        raise InputError("nothing there matches", fix="correct `source.url` or `source.pattern`")
    new, problems = 0, []
    # a folder of an earlier version is marked by what the listing says alone, and stays known by it
    asked = [one for one in found if _mark(one.as_listed, secret) not in known]
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as pool:
        for one, answer in [(one, pool.submit(store.identified, one)) for one in asked]:
            try:
                wanted = answer.result()
                mark = _mark(wanted.version, secret)
                if mark in known:
                    continue
                _fetch(store, wanted, staged / mark, folder / f"{day.isoformat()}-{mark}")
                new += 1
            except InputError as problem:
                problems.append((one, problem))
                if isinstance(problem, StoreAway):
                    pool.shutdown(wait=False, cancel_futures=True)
                    break
            finally:
                shutil.rmtree(staged, ignore_errors=True)
    return Fetched(len(found), new, _first_of(problems))


def newest_into(source: ObjectSource, folder: Path, count: int) -> list[Path]:
    """The objects written last, at most so many, the newest last."""
    store = source.opened()
    newest = sorted(source.objects(store), key=lambda one: (one.written_ns, one.name))[-count:]
    made = []
    for number, one in enumerate(newest):
        path = private_dir(folder / str(number)) / _file_name(one.name)
        store.copy(one, path)
        made.append(path)
    return made


def read_object_source(node: YamlNode, spec: dict[str, YamlNode]) -> ObjectSource:
    """The source of a contract; a secret in it is refused."""
    if "url" not in spec:
        raise node.error("`url` is missing", "add `url: s3://bucket/folder`")
    url = checked(spec["url"])
    if not is_secret(url):
        try:
            _parts(url)
        except ConfigError as problem:
            raise spec["url"].error(problem.message, problem.fix or "") from None
    for name in _SECRETS:
        if name in spec and not is_secret(checked(spec[name])):
            raise spec[name].error(
                "the contract holds a secret", f"put it into the environment: `{name}: env:SHOP_S3_KEY`"
            )
    if ("access_key" in spec) != ("secret_key" in spec) and "account" not in spec:
        raise node.error("`access_key` and `secret_key` belong together", "add the other one, or name none")
    if "endpoint" in spec and not is_secret(checked(spec["endpoint"])):
        where = urlsplit(spec["endpoint"].text())
        if where.scheme not in ("http", "https") or not where.hostname or where.password:
            raise spec["endpoint"].error(
                "this is not the address of an object store", "write e.g. https://minio.company.id:9000"
            )
    return ObjectSource(
        url=url,
        pattern=spec["pattern"].text() if "pattern" in spec else "**",
        timeout_seconds=spec["timeout_seconds"].integer(1, 3600) if "timeout_seconds" in spec else 60,
        **{name: spec[name].text() for name in (*_SECRETS, *_PLAIN) if name in spec},
    )


def _parts(url: str) -> tuple[str, str]:
    """The kind of store, and bucket and prefix (or the folder)."""
    scheme, _, rest = url.partition("://")
    root = rest.strip("/")
    if scheme == _FOLDER and rest.startswith("/"):
        return scheme, "/" + unquote(root)
    if scheme not in (_S3, _GOOGLE, _AZURE) or not root or "@" in root.partition("/")[0]:
        raise ConfigError(
            "this is not the address of an object store",
            fix="write e.g. s3://bucket/folder, gs://bucket, az://container or file:///mnt/exports",
        )
    return scheme, root


def _mark(version: str, secret: bytes) -> str:
    key = hashlib.sha256(secret).digest()
    text = version.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_HASH_BYTES, key=key).hexdigest()


def _regular(pattern: str) -> str:
    return "".join(_SIGNS.get(part) or re.escape(part) for part in _SIGN.split(pattern))


def _is_hidden(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last != ".." and last.startswith((".", "~$"))


def _file_name(name: str) -> str:
    """The last part of an object's name as a file may be called: beginning and end of one too long."""
    last = _NOT_IN_NAMES.sub("_", name.rpartition("/")[2])
    encoded = last.encode()
    if len(encoded) <= _LONGEST_NAME_BYTES:
        return last
    half = _LONGEST_NAME_BYTES // 2
    return encoded[:half].decode("utf-8", "ignore") + encoded[-half:].decode("utf-8", "ignore")


def _fetch(store: Store, one: StoredObject, staged: Path, final: Path) -> None:
    """A folder of one file, renamed into place. Staged a folder deeper, it matches no pattern of landing."""
    private_dir(staged.parent)
    path = private_dir(staged) / _file_name(one.name)
    store.copy(one, path)
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    fsync_dir(staged)
    os.rename(staged, final)
    fsync_dir(final.parent)


def _first_of(problems: Sequence[tuple[StoredObject, InputError]]) -> SatuError | None:
    if not problems:
        return None
    one, first = problems[0]
    name = "/".join(map(_file_name, one.name.split("/")))
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return InputError(f"`{name}`{more} was not fetched: {first.message}", fix=first.fix)
