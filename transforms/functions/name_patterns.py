"""Words that stand around names: honorifics before, degrees after, placeholders instead.

Lady, Dame, Sri, Raden and the like are not among them: in Indonesia they are names.
"""

from __future__ import annotations

_HONORIFIC_WORDS = (
    "bapak bpk bp pak ibu bu saudara saudari sdr sdri sodara ny nyonya tn tuan nn nona mas mbak mba "
    "kakak kak abang bang gus tante om h hj haji hajah hajjah kh kyai kiai ust ustad ustadz ustaz ustadzah "
    "drs dra dr drg drh dokter ir prof alm almh almarhum almarhumah pdt pendeta romo dato datuk datin encik "
    "puan kapten letkol kolonel mayjen brigjen letjen jenderal akbp kompol iptu ipda aiptu bripka "
    "mr mrs ms mx miss sir lord rev reverend capt captain mme mlle herr frau sr sra srta dhr mevr mej"
)
HONORIFICS = "|".join(sorted(_HONORIFIC_WORDS.split(), key=lambda word: (-len(word), word)))

# One degree, its dots optional: s.e., s.kom, m.m., ph.d., sp.og(k), a.md.keb
_FIELD = (
    "kom|pd|sos|si|ag|ip|ikom|kep|ked|keb|farm|gz|psi|hum|sn|ds|stat|mat|ars|tp|pt|akun|th|kh|kes|sc|ak|eng|"
    "kn|sw|ba|mb|st|us|e|h|t|k|m|i|p|a"
)
DEGREE = (
    rf"(?:[sm][. ]?[. ]?(?:{_FIELD})(?:[. ][. ]?(?:{_FIELD}))?"
    r"|ph[. ]?[. ]?d|d[.][. ]?(?:r|sc|ba)|sp[.]? ?[a-z]{1,4}(?:[.] ?k[.]?|[(]k[)])?"
    r"|a[. ]?[. ]?m[. ]?a?[. ]?d(?:[. ][. ]?[a-z]{1,4})?|b[.]? ?(?:sc|a|ba|eng|com|bus)|mba|skm|sst|llm|lc"
    r"|ak|ca|cpa|cfa|apt|ns|ll[.]m|jr|sr|jnr|snr|ii|iii|iv|esq|esquire|bart|bt|baronet|md|m[.]d|mbe|obe|cbe"
    r"|kbe|dbe|kcb|gcb|kcmg|gcmg|kg|kt|mp|qc|kc|mc|vc|dso|frs|frse|frcs|bsc|msc|dphil|edd|jd|dds|dvm|pmp|rn)"
)
# The same where no comma announces it: the dots (or an unmistakable word) must.
_DOTTED = (
    rf"(?:[sm][.](?:{_FIELD})(?:[.](?:{_FIELD}))?|ph[.]d|d[.](?:sc|ba)|sp[.][a-z]{{1,4}}(?:[(]k[)])?"
    r"|a[.]m[.]?d(?:[.][a-z]{1,4})?|b[.](?:sc|a|ba|eng|com)|ll[.]m|apt[.]|ns[.])"
)
UNDOTTED = (
    "jr|jnr|esq|obe|cbe|kbe|se|sh|st|mm|mt|mh|skom|ssos|spd|skm|sst|mba|mpd|msi|mkom|mkes|phd|amd|"
    "alm|almh|almarhum|almarhumah"
)

# 1st Baron Tennyson, Duke of Wellington: a rank of nobility and all that follows it.
_RANK = (
    "baron(?:ess|et)?|earl|countess|count|duke|duchess|marquess|marquis|marchioness|viscount(?:ess)?|prince|"
    "princess|lord|king|queen|emperor|empress"
)
_STYLE = rf"(?:,? +(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)(?: (?:{_RANK}).*)?|, *(?:the )?(?:{_RANK}) of .*)"

LEADING = rf"^[ .,(]*(?:(?:{HONORIFICS})[ .,)/&]+)+"
LEADING_MUHAMMAD = rf"^[ .,(]*(?:(?:{HONORIFICS})[ .,)/&]+)*m[.]"
TRAILING = rf"(?:,[ ]*{DEGREE}(?:[ .,]+{DEGREE})*|(?:[ .,]+{_DOTTED})+|{_STYLE})[ .,]*\z"
# "Santoso, Budi H.", "Smith, Sir John": one comma, and after it words or initials, no degree like S.Tr.Kes.
_LETTER = "[^ ,.0-9/&()]"
SURNAME_FIRST = rf"^[^,0-9/&()]+, *(?:{_LETTER}[.] *|{_LETTER}+[.]? +|{_LETTER}+[.]?\z)+\z"
TRAILING_PAREN = r"[ ]*[(](?:alm|almh|almarhum|almarhumah)[.]?[)][ .,]*\z"
LEADING_WORDS = rf"^(?:(?:{HONORIFICS}) +)+"
TRAILING_WORDS = rf"(?: +(?:{UNDOTTED})[.]?)+\z"

# A few very frequent names and their variants, on text whose blanks are doubled, so that neighbours share
# none.
RESPELT = {
    "muhammad": "m(?:u|o|oe)(?:h|ch|kh)am+[ae]d|muh|moh|moch|much|moeh|muhd|mohd|mhd",
    "abdul": "abd|abdoel",
    "ahmad": "a[ck]hmad|ahmat",
    "siti": "sitti|sity",
    "nur": "noer|noor",
    "binti": "bte|binte|bint|bt",
}

# Words that link the parts of a name and that people leave out.
LINKS = (
    "bin|binti|ibnu|ibn|al|el|van|von|vom|zu|der|den|ter|ten|te|de|del|della|delle|dello|di|da|do|dos|das|du|"
    "la|le|los|las|y|e|af|av|zur|thoe"
)

PLACEHOLDERS = (
    "test|tes|testing|tester|test user|user|coba|dummy|asdf|asdfg|asdfgh|asdasd|qwe|qwerty|"
    "qwertyuiop|zxcv|abc|abcd|"
    "mickey mouse|donald duck|john doe|jane doe|spongebob|spongebob squarepants|batman|superman|"
    "tidak ada|tidak tahu|tidak diketahui|tdk ada|ga ada|gak ada|tanpa nama|belum ada|kosong|rahasia|"
    "anonim|anonymous|"
    "anonymized|no name|noname|name|nama|nama lengkap|first name|last name|full name|n a|na|nan|nil|"
    "null|none|"
    "undefined|unknown|guest|tamu|umum|customer|pelanggan|pembeli|konsumen|cash|tunai|walk in|walkin|"
    "walk in customer|admin|administrator|hamba allah|fulan|fulanah|lorem ipsum|deleted|deleted user"
)
