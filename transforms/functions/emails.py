"""E-mail addresses: one spelling, common slips in well-known domains repaired, no guesses elsewhere."""

from __future__ import annotations

from transforms.functions.registry import Function, let, null_if_empty

_ADDRESS = r"^[a-z0-9_](?:[a-z0-9_%+-]|[.][a-z0-9_%+-])*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,24}\z"

# A slip in the domain and what was meant. Endings: .con .cmo .cm .co .om .comm ...
_COM_SLIP = "(?:[.,](?:con|cmo|comm|coml|com[.]com|cok|cim|cpm|xom|vom|om|ocm|cm|co|c|com)|com|[.]com[.]?)"
_DOMAINS = (
    (
        r"gmail[.](?:com[.]id|co[.]id|id)|(?:gmail|gmai|gmial|gamil|gmal|gmil|gnail|gmaill|gmaul|gmsil|gimail|"
        rf"gemail|gmall|gmali|gail|ggmail|hmail|fmail){_COM_SLIP}",
        "gmail.com",
    ),
    (rf"(?:yahoo|yaho|yahooo|yhaoo|yhoo|yaoo|yaahoo|yahho|yahou|tahoo|uahoo){_COM_SLIP}", "yahoo.com"),
    (
        r"(?:yahoo|yaho|yahooo|yhaoo|yhoo|yaoo|yahho)[.](?:co[.]is|co[.]ud|co[.]i|coid|co,id|com[.]id|c[.]id|id|co[.]id)",
        "yahoo.co.id",
    ),
    (rf"(?:hotmail|hotmal|hotmial|hotmai|homail|hotmil|hormail){_COM_SLIP}", "hotmail.com"),
    (rf"(?:outlook|outlok|outloo|oulook|outllok){_COM_SLIP}", "outlook.com"),
    (rf"(?:icloud|iclod|icoud|iclould){_COM_SLIP}", "icloud.com"),
)
_ROLES = (
    "info|admin|administrator|noreply|no-reply|no_reply|donotreply|do-not-reply|sales|support|cs|customerservice|"
    "customer[.]service|marketing|finance|hrd|hr|office|kantor|contact|kontak|hello|halo|webmaster|postmaster|"
    "billing|purchasing|procurement|accounting|order|orders|toko|store|service|help|helpdesk|mailer-daemon|team"
)
_PLACEHOLDER_LOCALS = (
    "test|tes|testing|test[0-9]+|asdf|asdfgh|asd|qwerty|abc|abcd|xxx+|aaa+|none|noemail|no-email|nomail|na|null|email|"
    "tidakada|tidak[.]ada|kosong|nil|dummy|example|unknown"
)
_PLACEHOLDERS = (
    rf"^(?:(?:{_PLACEHOLDER_LOCALS})@.*|.*@(?:test|tes|testing|example|dummy|asdf|none|noemail|nomail|email|xxx+|"
    r"invalid|mouse|localhost|abc)[.](?:com|co[.]id|id|org|net|test)|(?:mickey|donald|minnie)@.*)\z"
)


def _tidy(x: str) -> str:
    """The first address of a cell, lower case, without mailto: and brackets."""
    lowered = f"regexp_replace(trim(lower({x})), '^(?:mailto:|[^@]*<)', '')"
    return f"regexp_replace({lowered}, '(?:[ ;>/|]|,[^@,]*@|, |,\\z|[.]\\z).*\\z', '')"


def _repaired(value: str) -> str:
    for slips, domain in _DOMAINS:
        value = f"regexp_replace({value}, '@(?:{slips})\\z', '@{domain}')"
    return value


_WELL_KNOWN = "@(?:(?:gmail|yahoo|hotmail|outlook|icloud|ymail)[.]com|yahoo[.]co[.]id)\\z"
_KNOWN_OR_REPAIRED = let(
    "email_tidy",
    _tidy("x"),
    f"CASE WHEN regexp_matches(email_tidy, '{_WELL_KNOWN}') THEN email_tidy ELSE "
    f"{_repaired('email_tidy')} END",
)
_VALID = f"regexp_extract({_KNOWN_OR_REPAIRED}, '{_ADDRESS}', 0)"

FUNCTIONS = (
    Function(
        "is_placeholder_email",
        ("x",),
        f"regexp_matches(lower(trim(x)), '{_PLACEHOLDERS}')",
        "BOOLEAN",
        "No address of a person: test@..., mickey@mouse.com, noemail@..., @example.com.",
    ),
    Function(
        "norm_email",
        ("x",),
        null_if_empty("email_valid", f"regexp_replace({_VALID}, '{_PLACEHOLDERS}', '')"),
        "VARCHAR",
        "The first address of a cell in lower case with slips in well-known domains repaired "
        "(gmial.com, yaho.com, "
        ".con). NULL when it has no valid shape, is masked or a placeholder.",
    ),
    Function(
        "is_role_email",
        ("email",),
        f"regexp_matches(email, '^(?:{_ROLES})[0-9]*@')",
        "BOOLEAN",
        "The address of an office, not of a person: info@, admin@, noreply@, cs@ ...",
    ),
)
