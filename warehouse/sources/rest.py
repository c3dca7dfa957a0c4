"""Records of a service that answers GET requests with JSON, page after page."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from warehouse.errors import InputError
from warehouse.sources.environment import checked, is_secret, resolved
from warehouse.sources.model import Record
from warehouse.yamltext import YamlNode

KEYS = ("url", "headers", "query", "records", "pages", "since", "timeout_seconds", "max_megabytes")
_SECRET_NAME = re.compile(r"auth|cookie|token|secret|passw|api.?key", re.IGNORECASE)
_TRIES, _FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 4, 1.0, 60.0
_MOST_PAGES = 100_000
_MEGABYTE = 1 << 20
_SCHEME = re.compile(r"(\w+ )(env:.*)")


@dataclass(frozen=True)
class Pages:
    """How the next page is found: a `link` or a `cursor` in the answer, else by counting in `parameter`."""

    link: str | None = None
    cursor: str | None = None
    parameter: str | None = None
    first: int = 1


@dataclass(frozen=True)
class RestSource:
    """Where to ask, and where in the answer the records are. `parameter` takes the highest `since`."""

    url: str
    headers: dict[str, str]
    query: dict[str, str]
    path: str | None
    pages: Pages | None
    since: str | None
    parameter: str | None
    timeout_seconds: int
    max_megabytes: int

    def records(self, home: Path, at_least: str | None, limit: int | None = None) -> Iterator[Record]:
        """The records of all pages; with a limit, of as many pages as that takes."""
        asked, count = self._first(at_least), 0
        opener = urllib.request.build_opener(_SameHost)
        left = self.max_megabytes * _MEGABYTE
        seen: set[str] = set()
        number = self.pages.first if self.pages else 1
        while asked not in seen and len(seen) < _MOST_PAGES:
            seen.add(asked)
            body = self._body(opener, asked, left)
            left -= len(body)
            answer = _parsed(body)
            found = _records(answer, self.path)
            yield from found if limit is None else found[: limit - count]
            count += len(found)
            number += 1
            following = self._following(asked, answer, number if found else None)
            if following is None or (limit is not None and count >= limit):
                return
            asked = following
        raise InputError("the pages of the answer do not end", fix="correct `source.pages`")

    def _first(self, at_least: str | None) -> str:
        query = {name: resolved(value) for name, value in self.query.items()}
        if self.parameter is not None and at_least is not None:
            query[self.parameter] = at_least
        if self.pages is not None and self.pages.parameter is not None and self.pages.cursor is None:
            query[self.pages.parameter] = str(self.pages.first)
        return _with_query(resolved(self.url), query)

    def _following(self, asked: str, answer: Any, number: int | None) -> str | None:
        """The next page's address. Counted pages end with the first that is empty: it has no `number`."""
        pages = self.pages
        if pages is None:
            return None
        if pages.link is not None:
            link = _at(answer, pages.link)
            return _same_host(asked, str(link)) if link else None
        if pages.cursor is not None:
            cursor = _at(answer, pages.cursor)
            return _with_query(asked, {str(pages.parameter): str(cursor)}) if cursor else None
        return None if number is None else _with_query(asked, {str(pages.parameter): str(number)})

    def _body(self, opener: urllib.request.OpenerDirector, asked: str, left: int) -> bytes:
        headers = {name: _header(value) for name, value in self.headers.items()}
        for tried in range(1, _TRIES + 1):
            try:
                request = urllib.request.Request(asked, headers={"Accept": "application/json"} | headers)
                with opener.open(request, timeout=self.timeout_seconds) as answer:
                    body: bytes = answer.read(left + 1)
                break
            except urllib.error.HTTPError as error:
                if error.code != 429 and error.code < 500:
                    raise _refused(error.code) from None
                if tried == _TRIES:
                    raise InputError(
                        f"the service answers {error.code}, also when asked {_TRIES} times",
                        fix="ask who runs it",
                    ) from None
                _wait(tried, error.headers.get("Retry-After"))
            except (OSError, http.client.HTTPException, ValueError):
                if tried == _TRIES:
                    raise InputError(
                        "the service cannot be reached", fix="see that it runs and that `source.url` is right"
                    ) from None
                _wait(tried, None)
        if len(body) > left:
            raise InputError(
                f"the answer is larger than {self.max_megabytes:,} MB",
                fix="raise `source.max_megabytes`, or ask for less with `since`",
            )
        return body


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows no redirection to another host, which would be given the headers."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        return super().redirect_request(req, fp, code, msg, headers, _same_host(req.full_url, newurl))


def read_rest_source(node: YamlNode, spec: dict[str, YamlNode]) -> RestSource:
    """The source of a contract; a secret in it is refused."""
    if "url" not in spec:
        raise node.error("`url` is missing", "add `url: https://shop.company.id/api/customers`")
    url = checked(spec["url"])
    parts = urlsplit(url)
    if not is_secret(url) and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise spec["url"].error(
            "this is not the address of a service", "write e.g. https://shop.id/api/orders"
        )
    since = spec["since"].mapping(("field", "parameter")) if "since" in spec else {}
    if since and len(since) < 2:
        raise spec["since"].error("`since` needs `field` and `parameter`", "add the other one")
    given = {key: _pairs(spec[key]) if key in spec else {} for key in ("headers", "query")}
    if parts.password is not None or any(_SECRET_NAME.search(name) for name, _ in parse_qsl(parts.query)):
        raise spec["url"].error(
            "the contract holds a secret", "put it into the environment: `url: env:SHOP_URL`"
        )
    return RestSource(
        url=url,
        headers=given["headers"],
        query=given["query"],
        path=spec["records"].text() if "records" in spec else None,
        pages=_pages(spec["pages"]) if "pages" in spec else None,
        since=since["field"].text() if since else None,
        parameter=since["parameter"].text() if since else None,
        timeout_seconds=spec["timeout_seconds"].integer(1, 3600) if "timeout_seconds" in spec else 60,
        max_megabytes=spec["max_megabytes"].integer(1, 100_000) if "max_megabytes" in spec else 1024,
    )


def _pairs(node: YamlNode) -> dict[str, str]:
    found = {}
    for name, value in node.mapping().items():
        text = value.text()
        if _SECRET_NAME.search(name) and not is_secret(text) and not _SCHEME.fullmatch(text):
            raise value.error(
                "the contract holds a secret", f"put it into the environment: `{name}: env:SHOP_TOKEN`"
            )
        found[name] = text if _SCHEME.fullmatch(text) else checked(value)
    return found


def _pages(node: YamlNode) -> Pages:
    spec = node.mapping(("link", "cursor", "parameter", "first"))
    if "link" not in spec and "parameter" not in spec:
        raise node.error("how are pages asked for?", "add `link`, `parameter`, or `cursor` and `parameter`")
    return Pages(
        link=spec["link"].text() if "link" in spec else None,
        cursor=spec["cursor"].text() if "cursor" in spec else None,
        parameter=spec["parameter"].text() if "parameter" in spec else None,
        first=spec["first"].integer(0) if "first" in spec else 1,
    )


def _header(value: str) -> str:
    scheme = _SCHEME.fullmatch(value)
    return f"{scheme[1]}{resolved(scheme[2])}" if scheme else resolved(value)


def _with_query(address: str, more: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | more
    return urlunsplit(parts._replace(query=urlencode(query)))


def _same_host(asked: str, following: str) -> str:
    address = urljoin(asked, following)
    if urlsplit(address)[:2] != urlsplit(asked)[:2]:
        raise InputError("the service leads to another host", fix="ask that host with a channel of its own")
    return address


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("the answer is not JSON", fix="correct `source.url`") from None


def _records(answer: Any, path: str | None) -> list[Record]:
    found = answer if path is None else _at(answer, path)
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise InputError("the answer has no list of records there", fix="correct `source.records`")
    return found


def _at(answer: Any, path: str) -> Any:
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _refused(code: int) -> InputError:
    if code in (401, 403):
        return InputError(f"the service refuses the login ({code})", fix="see that the secret is still valid")
    if code == 404:
        return InputError("the service has nothing at this address (404)", fix="correct `source.url`")
    return InputError(f"the service refuses the request ({code})", fix="correct `source.query`")


def _wait(tried: int, asked_for: str | None) -> None:
    """Twice as long after each try, or as long as the service asks for."""
    seconds = (
        float(asked_for) if asked_for and asked_for.isdigit() else _FIRST_WAIT_SECONDS * 2 ** (tried - 1)
    )
    time.sleep(min(seconds, _LONGEST_WAIT_SECONDS))
