"""The words of `satu explain`, in English and Indonesian, for people who do not work with data."""

from __future__ import annotations

from collections.abc import Iterator

from assets.few_records import EVERY_PHONE
from pipelines.explain import Apart, Attribute, Explanation, Record
from pipelines.identity_view import Row
from pipelines.pair_evidence import Line, Pair
from transforms.identity.evidence import strength
from warehouse.contracts import Text

DETAILED_PAIRS = 8
SHOWN_OTHERS = 4
LONGEST_VALUE = 48
_SUMMARY = ("full_name", "phone", "email", "birth_date", "city")
_EVENTS = {
    "merged": Text("merged into this customer", "digabung ke pelanggan ini"),
    "split": Text("this customer was split off it", "pelanggan ini dipisahkan darinya"),
    "reassigned": Text("the number changed", "nomornya berganti"),
}
_CAUSES = {
    "evidence ties their records together": "bukti mengikat catatan mereka",
    "evidence no longer ties their records": "bukti tidak lagi mengikat catatan mereka",
    "an earlier record became the anchor": "catatan yang lebih awal menjadi jangkar",
}
RULES = {
    "trust": Text("the most trusted source", "sumber paling tepercaya"),
    "recency": Text("the latest statement", "pernyataan terbaru"),
    "frequency": Text("said most often", "paling sering dinyatakan"),
    "first": Text("the first statement", "pernyataan pertama"),
    "inferred": Text("follows from the identity number", "disimpulkan dari nomor identitas"),
}
_WORDS = {
    "title": Text("Customer {id}, as known on {day}", "Pelanggan {id}, per {day}"),
    "asked": Text("(you asked for {id}, its earlier number)", "(Anda mencari {id}, nomor lamanya)"),
    "records": Text("Records", "Catatan"),
    "one_record": Text(
        "There is only one record, so there is nothing to tie together.",
        "Hanya ada satu catatan, jadi tidak ada yang perlu diikat.",
    ),
    "no_details": Text("no contact details", "tanpa data kontak"),
    "why": Text("Why they are one person", "Mengapa mereka satu orang"),
    "more_pairs": Text(
        "Other pairs of these records that agree: {n}", "Pasangan lain dari catatan ini yang cocok: {n}"
    ),
    "start": Text("before looking", "titik awal"),
    "rarely": Text("two records are rarely one person", "dua catatan jarang satu orang"),
    "rare": Text("the values they share are rare", "nilai yang sama itu jarang dipakai"),
    "common": Text("the values they share are common", "nilai yang sama itu umum dipakai"),
    "household": Text(
        "people of one household would agree like that, too", "orang serumah pun akan cocok seperti itu"
    ),
    "together": Text("together", "jumlah"),
    "needed": Text("{threshold:+.1f} are needed", "diperlukan {threshold:+.1f}"),
    "decisions": Text("What stewards decided", "Keputusan petugas"),
    "same": Text("one person", "satu orang"),
    "different": Text("two people", "dua orang"),
    "not_yet": Text(", not in this release yet", ", belum tampak di rilis ini"),
    "apart": Text("Close, but kept apart", "Mirip, tetapi dipisahkan"),
    "customer": Text("Customer {id}", "Pelanggan {id}"),
    "more_apart": Text("Customers less close than these: {n}", "Pelanggan yang kurang mirip dari ini: {n}"),
    "none_apart": Text("No other customer came close.", "Tidak ada pelanggan lain yang mirip."),
    "competing": Text("Where the records disagree", "Yang berbeda antarcatatan"),
    "undisputed": Text("Undisputed values: {n}", "Nilai yang tidak berbeda: {n}"),
    "instead": Text("not {value}", "bukan {value}"),
    "spelling": Text("also written {value}", "juga ditulis {value}"),
    "doubtful": Text("doubtful", "meragukan"),
    "more_values": Text("and {n} more", "dan {n} lagi"),
    "earlier": Text("Earlier numbers", "Nomor lama"),
    "legend": Text(
        "The figures are bits: +1 doubles the odds that two records are one person, -1 halves them.",
        "Angka dalam bit: +1 menggandakan peluang keduanya satu orang, -1 mengurangi separuhnya.",
    ),
    "one": Text("These two records are one person.", "Kedua catatan ini satu orang."),
    "two": Text("These two records are two people.", "Kedua catatan ini dua orang."),
    "nothing": Text(
        "They state nothing that could be compared.",
        "Tidak ada isi keduanya yang dapat dibandingkan.",
    ),
}


def say(name: str, language: str, **values: object) -> str:
    """A phrase in a language, with its values put in."""
    return str(getattr(_WORDS[name], language)).format(**values)


def said(text: Text, language: str) -> str:
    """A text in a language."""
    return str(getattr(text, language))


def explanation_text(found: Explanation, language: str) -> str:
    """The explanation of one customer as a page of plain text."""
    numbers = {record.record_key: str(record.number) for record in found.records}
    lines = [say("title", language, id=found.customer_id, day=found.as_of)]
    if found.earlier_id is not None:
        lines.append(say("asked", language, id=found.earlier_id))
    lines += ["", say("records", language), *_records(found.records, language)]
    lines += ["", say("why", language), *_why(found, numbers, language)]
    if found.decisions:
        lines += ["", say("decisions", language)]
        lines += [_decision(row, numbers, language) for row in found.decisions]
    lines += ["", say("apart", language), *_apart(found, numbers, language)]
    lines += _competing(found.attributes, numbers, language)
    if found.earlier_ids:
        lines += ["", say("earlier", language)]
        lines += [_earlier(row, language) for row in found.earlier_ids]
    return "\n".join([*lines, "", say("legend", language)])


def pair_text(pairs: list[Pair], is_one: bool, language: str) -> str:
    """What is between two records."""
    lines = [say("one" if is_one else "two", language)]
    if not pairs:
        lines.append(say("nothing", language))
    for pair in pairs:
        lines += ["", *pair_lines(pair, f"{pair.record_a} / {pair.record_b}", language)]
    return "\n".join([*lines, "", say("legend", language)])


def pair_lines(pair: Pair, title: str, language: str) -> list[str]:
    """A pair in detail: a title, a line per comparison, the sum and what follows."""
    if pair.is_decided:
        return [f"  {title}: {said(pair.rule_words, language)}"]
    rows = [(line.bits, said(line.strength, language), _shown(line, language)) for line in pair.evidence]
    rarity = round(pair.rarity_bits, 1)
    if rarity:
        words = say("rare" if rarity > 0 else "common", language)
        rows.append((rarity, said(strength(rarity), language), words))
    if round(pair.household_bits, 1):
        words = said(strength(pair.household_bits), language)
        rows.append((pair.household_bits, words, say("household", language)))
    rows.append((pair.start_bits, say("start", language), say("rarely", language)))
    needed = say("needed", language, threshold=pair.threshold)
    rows.append((pair.weight, say("together", language), needed))
    wide = max(len(words) for _, words, _ in rows)
    chance = f"{said(pair.chance, language)} ({percent(pair.probability)})"
    lines = [f"  {title}: {chance}, {said(pair.rule_words, language)}"]
    lines += [f"      {bits:+6.1f}  {words:<{wide}}  {text}" for bits, words, text in rows]
    if not pair.is_used:
        lines.append(f"      → {said(pair.verdict, language)}")
    return lines


def percent(probability: float) -> str:
    """A probability as people write it, never rounded to certainty."""
    if 0.9995 <= probability < 1 or probability == 1:
        return "> 99.9 %"
    if probability < 0.0005:
        return "< 0.1 %"
    return f"{100 * probability:.1f} %" if probability > 0.99 else f"{100 * probability:.0f} %"


def summary_of(values: dict[str, list[str]], language: str) -> str:
    """Who a record speaks of, in one line."""
    shown = [", ".join(_of_a_kind(name, values)) for name in _SUMMARY if _of_a_kind(name, values)]
    return " · ".join(shown) if shown else say("no_details", language)


def _of_a_kind(name: str, values: dict[str, list[str]]) -> list[str]:
    """The best value of an attribute; of phones every one, for any of them may be what records share."""
    if name != "phone":
        return values.get(name, [])[:1]
    return list(dict.fromkeys([*values.get(name, []), *values.get(EVERY_PHONE, [])]))


def _shown(line: Line, language: str) -> str:
    values = (", " if line.is_shared else " / ").join(shorten(value) for value in line.values)
    return said(line.words, language) + (f" ({values})" if values else "")


def shorten(value: str) -> str:
    """A value that fits a line."""
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 3].rstrip() + "..."


def first_words(description: str) -> str:
    """What a description names: `Mobile phone, E.164; several ...` is `Mobile phone`."""
    for sign in (",", ";", " ("):
        description = description.partition(sign)[0]
    return description


def _records(records: list[Record], language: str) -> Iterator[str]:
    keys = max(len(record.record_key) for record in records)
    channels = max(len(", ".join(record.channels)) for record in records)
    for record in records:
        where = ", ".join(record.channels)
        summary = summary_of(record.values, language)
        yield f"  {record.number:>2}  {record.record_key:<{keys}}  {where:<{channels}}  {summary}"


def _why(found: Explanation, numbers: dict[str, str], language: str) -> Iterator[str]:
    if not found.pairs:
        yield f"  {say('one_record', language)}"
    for position, pair in enumerate(found.pairs):
        title = f"{numbers[pair.record_a]} = {numbers[pair.record_b]}"
        lines = pair_lines(pair, title, language)
        yield from lines if position < DETAILED_PAIRS else lines[:1]
    if found.count_more_pairs:
        yield f"  {say('more_pairs', language, n=found.count_more_pairs)}"


def _decision(row: Row, numbers: dict[str, str], language: str) -> str:
    pair = " / ".join(numbers.get(key, key) for key in map(str, (row["record_a"], row["record_b"])))
    origin = ", ".join(row[name] for name in ("decided_on", "by") if row[name])
    words = say(row["decision"], language) + ("" if row["is_shown"] else say("not_yet", language))
    note = f": {row['note']}" if row["note"] else ""
    return f"  {pair}  {words}" + (f" ({origin})" if origin else "") + note


def _apart(found: Explanation, numbers: dict[str, str], language: str) -> Iterator[str]:
    if not found.kept_apart:
        yield f"  {say('none_apart', language)}"
    for apart in found.kept_apart:
        yield from pair_lines(apart.pair, _apart_title(apart, numbers, language), language)
    if found.count_more_apart:
        yield f"  {say('more_apart', language, n=found.count_more_apart)}"


def _apart_title(apart: Apart, numbers: dict[str, str], language: str) -> str:
    name = f" ({apart.name})" if apart.name else ""
    pair = apart.pair
    return (
        f"{say('customer', language, id=apart.customer_id)}{name}, {numbers[pair.record_a]} / {pair.record_b}"
    )


def _competing(attributes: list[Attribute], numbers: dict[str, str], language: str) -> list[str]:
    disputed = [attribute for attribute in attributes if attribute.others]
    if not disputed:
        return []
    lines = ["", say("competing", language)]
    for attribute in disputed:
        origin = _origin(numbers, attribute.record_key, attribute.channel, attribute.seen_on)
        rule = said(RULES[attribute.rule], language)
        lines.append(
            f"  {first_words(said(attribute.label, language))}: {attribute.value}  ({origin}; {rule})"
        )
        for other in attribute.others[:SHOWN_OTHERS]:
            words = say("spelling" if other["is_spelling"] else "instead", language, value=other["value"])
            origin = _origin(numbers, other["record_key"], other["channel"], other["seen_on"])
            doubt = f"; {say('doubtful', language)}" if other["is_doubtful"] else ""
            lines.append(f"      {words}  ({origin}{doubt})")
        if len(attribute.others) > SHOWN_OTHERS:
            lines.append(f"      {say('more_values', language, n=len(attribute.others) - SHOWN_OTHERS)}")
    undisputed = len(attributes) - len(disputed)
    return [*lines, f"  {say('undisputed', language, n=undisputed)}"] if undisputed else lines


def _origin(numbers: dict[str, str], record_key: str, channel: str, seen_on: str) -> str:
    return f"{numbers.get(record_key, record_key)}, {channel}, {seen_on}"


def _earlier(row: Row, language: str) -> str:
    cause = row["cause"] if language == "en" else _CAUSES.get(row["cause"], row["cause"])
    return (
        f"  {row['previous_customer_id']}  {said(_EVENTS[row['event']], language)}, {row['as_of']}: {cause}"
    )
