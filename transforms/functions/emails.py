"""E-mail addresses: what was said, tidied, and a key under which slips and aliases of one mailbox meet."""

from __future__ import annotations

from transforms.functions.registry import Function, let, null_if_empty

_ADDRESS = r"^[a-z0-9_](?:[a-z0-9_%+-]|[.][a-z0-9_%+-])*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,24}\z"

# How the names of large providers are misspelt, and how their endings are: .con .cmo .cm .co .om .comm ...
_PROVIDERS = {
    "gmail": "gmail|gmai|gmial|gamil|gmal|gmil|gnail|gmaill|gmaul|gmsil|gimail|gemail|gmall|gmali|gail|"
    "ggmail|gmaail|gmailk|gmaiil|gmaio|gmaik|gmaol|gmqil|gmwil|gmaeil|gmaim|gmaili|gmael|gmeil|hmail|fmail|gmxil",
    "yahoo": "yahoo|yaho|yahooo|yhaoo|yhoo|yaoo|yaahoo|yahho|yahou|yahhoo|yahhooo|yaboo|yahpo|yahop|yshoo|"
    "tahoo|uahoo|yahoi|yahoe|ahoo",
    "hotmail": "hotmail|hotmal|hotmial|hotmai|homail|hotmil|hormail|hotmaill|hotnail|hotamil|htmail|"
    "hitmail|hotmaol",
    "outlook": "outlook|outlok|outloo|oulook|outllok|outlool|outllook|otlook|outlouk",
    "icloud": "icloud|iclod|icoud|iclould|icluod|icload|iclud|icloude",
    "ymail": "ymail",
    "rocketmail": "rocketmail|rocketmai|roketmail|rocketmal|rocktmail",
}
_COM = (
    "[.](?:con|cmo|comm|coml|comn|comq|cok|cim|cpm|xom|vom|om|ocm|cm|co|c|coom|clm|cpom|colm|com)"
    "|[.]com[.](?:com|id)"
)
_CO_ID = (
    "[.](?:co[.]id|co[.]is|co[.]ud|co[.]i|co[.]di|co[.]idd|coid|com[.]id|c[.]id|ci[.]id|id|con[.]id|co[.]od)"
)
_SLIPS = (
    (f"(?:{_PROVIDERS['gmail']})(?:{_COM}|{_CO_ID})", "gmail.com"),
    (f"(?:{_PROVIDERS['yahoo']})(?:{_CO_ID})", "yahoo.co.id"),
    *(
        (f"(?:{_PROVIDERS[name]})(?:{_COM})", f"{name}.com")
        for name in ("yahoo", "hotmail", "outlook", "icloud", "ymail", "rocketmail")
    ),
)
# One mailbox under several names.
_SAME_MAILBOX = (
    ("googlemail[.]com", "gmail.com"),
    ("(?:me|mac)[.]com", "icloud.com"),
    ("(?:protonmail[.]com|pm[.]me)", "proton.me"),
)
_KEY_DOMAINS = (*_SLIPS, *_SAME_MAILBOX)
_NO_ENDING = r"[.](?:con|cmo|ocm|vom|xom|coom|comm)\z"  # of no country, whatever the domain
_RIGHT = r"@(?:(?:gmail|yahoo|hotmail|outlook|icloud|ymail|rocketmail)[.]com|yahoo[.]co[.]id)\z"
_TO_MEND = "(?:@(?:" + "|".join(slip for slip, _ in _KEY_DOMAINS) + rf")\z|{_NO_ENDING})"

_ROLES = (
    "info|informasi|admin|admins|administrator|administrasi|adm|noreply|no-reply|no_reply|donotreply|do-not-reply|"
    "no[.]reply|sales|penjualan|support|cs|cso|customerservice|customer[.]service|customer-service|customercare|"
    "customer[.]care|marketing|mkt|pemasaran|promo|finance|keuangan|hrd|hr|hrga|hc|recruitment|rekrutmen|career|"
    "careers|karir|office|kantor|contact|contactus|kontak|hello|halo|hi|hai|mail|webmaster|postmaster|hostmaster|"
    "abuse|root|billing|invoice|tagihan|purchasing|pembelian|procurement|pengadaan|accounting|akunting|tax|pajak|"
    "order|orders|pesanan|toko|store|shop|service|servis|services|help|helpdesk|it|itsupport|it[.]support|mailer-daemon|"
    "team|tim|newsletter|news|media|press|humas|pr|legal|sekretariat|secretary|sekretaris|reception|resepsionis|"
    "reservation|reservasi|booking|warehouse|gudang|logistik|logistics|ga|security|owner|feedback|enquiries|enquiry"
)
_PLACEHOLDER_LOCALS = (
    "test|tes|testing|test[0-9]+|asdf|asdfgh|asd|qwerty|abc|abcd|xxx+|aaa+|none|noemail|no-email|nomail|no[.]email|"
    "na|n[.]a|null|email|emailku|tidakada|tidak[.]ada|tidak_ada|tdkada|gakada|belumada|kosong|nil|dummy|example|unknown|anonymous|"
    "anonim|user|username|yourname|your[.]name|nama|namaanda"
)
_PLACEHOLDERS = (
    rf"^(?:(?:{_PLACEHOLDER_LOCALS})@.*|.*@(?:test|tes|testing|example|dummy|asdf|none|noemail|nomail|email|xxx+|"
    r"invalid|mouse|localhost|abc|domain|yourdomain|tidakada|null)[.](?:com|co[.]id|id|org|net|test)"
    r"|(?:mickey|donald|minnie)@.*)\z"
)


def _tidy(x: str) -> str:
    """The first address of a cell, lower case, without mailto: and brackets."""
    lowered = f"regexp_replace(trim(lower({x})), '^(?:mailto:|[^@]*<)', '')"
    return f"regexp_replace({lowered}, '(?:[ ;>/|]|,[^@,]*@|, |,\\z|[.]\\z).*\\z', '')"


def _in_shape(x: str) -> str:
    """A cell that holds no address as it stands, with its signs mended: budi @gmail,com, budi[at]gmailcom."""
    known = "|".join(name for name in _PROVIDERS)
    text = f"regexp_replace(lower({x}), ' *(?:@|[(]at[)]|[[]at[]]) *', '@', 'g')"
    text = f"regexp_replace({text}, '@({known}),? *[.]?com\\z', '@\\1.com')"
    text = f"regexp_replace({text}, '@({known})\\z', '@\\1.com')"
    return f"regexp_replace({text}, '@yahoo(?:,co[.,]id|[.]co,id|coid)\\z', '@yahoo.co.id')"


def _norm_email(x: str) -> str:
    tidy = _tidy(x)
    found = f"""CASE WHEN regexp_matches({tidy}, '{_ADDRESS}') THEN {tidy}
        ELSE regexp_extract({_tidy(_in_shape(x))}, '{_ADDRESS}', 0) END"""
    return null_if_empty("email_valid", f"regexp_replace({found}, '{_PLACEHOLDERS}', '')")


def _mended(email: str) -> str:
    """The domain that was meant; nothing is looked at twice when it is a well-known one already."""
    meant = email
    for slip, domain in _KEY_DOMAINS:
        meant = f"regexp_replace({meant}, '@(?:{slip})\\z', '@{domain}')"
    meant = f"regexp_replace({meant}, '{_NO_ENDING}', '.com')"
    return f"""CASE WHEN regexp_matches({email}, '{_RIGHT}') THEN {email}
        WHEN regexp_matches({email}, '{_TO_MEND}') THEN {meant} ELSE {email} END"""


_LOCAL = "split_part(split_part(key_email, '@', 1), '+', 1)"
_MAILBOX = f"""CASE WHEN key_email LIKE '%@gmail.com' THEN concat(replace({_LOCAL}, '.', ''), '@gmail.com')
    WHEN contains(key_email, '@') THEN concat({_LOCAL}, '@', split_part(key_email, '@', 2)) END"""

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
        _norm_email("x"),
        "VARCHAR",
        "The first address of a cell in lower case. Signs are mended (gmail,com), spelling is kept as said. "
        "NULL when it has no valid shape, is masked or a placeholder.",
    ),
    Function(
        "email_key",
        ("email",),
        let("key_email", _mended("email"), _MAILBOX),
        "VARCHAR",
        "The mailbox a norm_email means, for comparing: slips in well-known domains corrected (gmial.com, "
        ".con), other names of one provider joined, +tags off, dots off where Gmail ignores them.",
    ),
    Function(
        "is_role_email",
        ("email",),
        f"regexp_matches(email, '^(?:{_ROLES})[0-9]*@')",
        "BOOLEAN",
        "The address of an office, not of a person: info@, admin@, noreply@, cs@ ... Also of an email_key.",
    ),
)
