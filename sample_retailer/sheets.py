"""What somebody wrote about themselves: names, phones, addresses as they end up in a file.

A sheet is one account or one form. The same person writes the same name in many ways, so each sheet draws its
own habits; an order taken later under the account shows the address and phone that hold on its day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_retailer.lexicon import Lexicon
from sample_retailer.people import People
from sample_retailer.places import STREETS, Places
from sample_retailer.randoms import Streams, pick
from sample_retailer.text import Scribe, dates, words

HONORIFICS = (
    ("", "Bapak", "Bpk", "Pak", "Sdr.", "Tn.", "Mas", "Bpk."),
    ("", "Ibu", "Bu", "Ny.", "Sdri.", "Nn.", "Mbak", "Ibu"),
)
TITLES = (("", "H.", "H.", "dr.", "Ir.", "Drs.", "Prof."), ("", "Hj.", "Hj.", "dr.", "Ir.", "Dra.", "Prof."))
DEGREES = (
    "", ", S.E.", ", S.H.", ", S.T.", ", S.Kom.", ", S.Pd.", ", M.M.", ", S.Sos.", ", M.Si.", " SE",
    ", AMd.", ", S.E., M.M.",
)  # fmt: skip
_DOMAINS = (
    "gmail.com", "gmail.com", "gmail.com", "gmail.com", "yahoo.com", "yahoo.co.id", "outlook.com",
    "icloud.com", "ymail.com", "rocketmail.com",
)  # fmt: skip
_SLIPPED = ("gmial.com", "gmai.com", "gmail.co", "yaho.com")
EDUCATION = ("SMA", "SMK", "D3", "S1", "S2", "SMP")
OCCUPATION = (
    "Karyawan swasta", "Ibu rumah tangga", "Wiraswasta", "PNS", "Guru", "Mahasiswa", "Perawat", "Pensiunan",
    "Pengemudi", "Petani",
)  # fmt: skip
PHONE_STYLES = [0.34, 0.2, 0.12, 0.12, 0.06, 0.08, 0.04, 0.04]

_STREET = "CASE form % 4 WHEN 0 THEN 'Jl. ' WHEN 1 THEN 'Jalan ' WHEN 2 THEN 'Jln. ' ELSE 'JL ' END"
_SQL = {
    "name": """cased(slip(concat_ws(' ', honorific, title, n1, n2, n3), slip_at), case_style)
        || coalesce(degree, '')""",
    "phone": "written_phone(phone_n, phone_style)",
    "first_phone": "written_phone(first_phone_n, phone_style)",
    "other_phone": "written_phone(other_phone_n, (phone_style + 1) % 6)",
    "landline": "written_landline(landline_n, phone_style)",
    "email": """CASE WHEN NOT has_email THEN NULL ELSE replace(replace(replace(lower(CASE email_style % 4
        WHEN 0 THEN concat_ws('.', w1, w2) WHEN 1 THEN concat(w1, w2) WHEN 2 THEN w1 || '_'
        ELSE w1[1] || coalesce(w2, w1)
        END), '..', '.'), ' ', ''), '''', '') || person_id || '@' || domain END""",
    "nik": """CASE WHEN has_nik THEN lpad(nik_district::VARCHAR, 6, '0')
        || lpad((day(born) + 40 * sex)::VARCHAR, 2, '0') || strftime(born, '%m%y')
        || lpad((nik_serial + nik_slip)::VARCHAR, 4, '0') END""",
    "birth_date": "written_date(born, birth_style)",
    "birth_iso": "strftime(born, '%Y-%m-%d')",
    "address": f"""CASE WHEN form < 10 THEN {_STREET} || street || ' No. ' || house || ', RT '
          || lpad(rt::VARCHAR, 3, '0') || '/RW ' || lpad(rw::VARCHAR, 3, '0')
          || ', Kel. ' || village || ', Kec. ' || district
        WHEN form < 14 THEN {_STREET} || street || ' no.' || house || ', ' || village || ', ' || district
        WHEN form < 16 THEN upper({_STREET} || street || ' NO ' || house || ' RT' || rt || ' RW' || rw || ' '
          || village)
        WHEN form < 18 THEN 'Gg. ' || street || ' ' || house || ' RT ' || rt || '/' || rw || ' ' || village
        ELSE 'Perum Griya ' || street || ' Blok ' || chr((65 + house % 12)::INTEGER) || '/' || house % 40
          || ', ' || village END""",
    "city": """CASE WHEN form % 5 = 0 THEN replace(city_name, 'Kabupaten ', 'Kab. ')
        WHEN form % 5 = 1 THEN upper(replace(city_name, 'Kota ', '')) WHEN form % 5 = 2 THEN city_name
        ELSE replace(replace(city_name, 'Kota ', ''), 'Kabupaten ', 'Kab ') END""",
    "region": "region_name",
    "postcode": "postcode_text",
    "sex": "CASE sex WHEN 0 THEN 'L' ELSE 'P' END",
    "education": "education_name",
    "occupation": "occupation_name",
}
_AFTER_MOVE = {"address", "city", "region", "postcode"}


@dataclass(frozen=True)
class Sheets:
    """Written columns, one row per sheet. `at` gives them as they hold on a day."""

    table: pa.Table
    phone_since: np.ndarray
    moved_on: np.ndarray

    def at(self, index: np.ndarray, day: np.ndarray, *names: str) -> dict[str, pa.ChunkedArray]:
        """Columns `names` for sheet numbers `index`, as of the days given."""
        rows = pa.array(index)
        out = {}
        for name in names:
            now = self.table.column(name).combine_chunks().take(rows)
            if f"first_{name}" in self.table.column_names:
                since = self.phone_since if name == "phone" else self.moved_on
                before = self.table.column(f"first_{name}").combine_chunks().take(rows)
                now = pc.if_else(pa.array(day < since[index]), before, now)
            out[name] = now
        return out


@dataclass(frozen=True)
class Desk:
    """Everything needed to fill in sheets for the people of a chunk."""

    people: People
    lexicon: Lexicon
    places: Places
    scribe: Scribe
    draw: Streams
    typo: float

    def fill(
        self,
        purpose: str,
        person: np.ndarray,
        names: tuple[str, ...],
        *,
        honorific: float = 0.08,
        careful: float = 1.0,
        nik: float = 0.75,
    ) -> Sheets:
        """One sheet per entry of `person`; a `careful` above 1 makes fewer slips."""
        rng = self.draw(f"sheet {purpose}")
        typo = self.typo / careful
        columns = self._name(rng, person, honorific, typo) | self._reach(rng, person, typo, nik)
        form = pick(rng, [1.0] * 20, len(person))
        select = {n: _SQL[n] for n in names}
        here = self._place(person, form, self.people.village, self.people.street)
        table = self.scribe.write(columns | here, select)
        dated = [n for n in names if n in _AFTER_MOVE]
        if dated:
            there = self._place(person, form, self.people.first_village, self.people.first_street)
            earlier = self.scribe.write(there, {f"first_{n}": _SQL[n] for n in dated})
            for name in earlier.column_names:
                table = table.append_column(name, earlier.column(name))
        if "phone" in names:
            first = self.scribe.write(columns, {"first_phone": _SQL["first_phone"]})
            table = table.append_column("first_phone", first.column(0))
        return Sheets(table, self.people.phone_since[person], self.people.moved_on[person])

    def _name(
        self, rng: np.random.Generator, person: np.ndarray, honorific: float, typo: float
    ) -> dict[str, object]:
        people, lexicon, count = self.people, self.lexicon, len(person)
        first, second, third = people.words[person].T
        chance = rng.random((6, count))
        short = np.where(chance[0] < 0.06, lexicon.initial[second], np.where(chance[0] < 0.11, 0, second))
        second = np.where(third > 0, np.where(chance[0] < 0.16, short, second), short)
        third = np.where(chance[1] < 0.2, 0, np.where(chance[1] < 0.29, lexicon.initial[third], third))
        led = np.isin(first, lexicon.muhammad)
        other = lexicon.muhammad[rng.integers(0, len(lexicon.muhammad), count)]
        first = np.where(led & (chance[2] < 0.55), other, first)
        old = chance[3] < np.where(people.fond_of_old_spelling[person], 0.6, 0.004)
        spelled = [np.where(old, lexicon.old[w], w) for w in (first, second, third)]
        sex, size = people.sex[person], len(HONORIFICS[0])
        polite = np.where(rng.random(count) < honorific, rng.integers(1, size, count), 0) + size * sex
        title = np.where(chance[4] < 0.6, people.honours[person], 0) + len(TITLES[0]) * sex
        return {
            "honorific": words(polite, [h or None for h in HONORIFICS[0] + HONORIFICS[1]]),
            "title": words(title, [t or None for t in TITLES[0] + TITLES[1]]),
            "degree": words(np.where(chance[5] < 0.5, people.degree[person], 0), DEGREES),
            "n1": words(spelled[0], lexicon.words, empty=0),
            "n2": words(spelled[1], lexicon.words, empty=0),
            "n3": words(spelled[2], lexicon.words, empty=0),
            "slip_at": np.where(rng.random(count) < typo, rng.integers(1, 60, count), 0),
            "case_style": pick(rng, [0.86, 0.09, 0.05], count),
        }

    def _reach(
        self, rng: np.random.Generator, person: np.ndarray, typo: float, nik: float
    ) -> dict[str, object]:
        people, count = self.people, len(person)
        wrong = np.where(rng.random(count) < typo / 2, 10 ** rng.integers(0, 7, count), 0)
        slipped = rng.random(count) < typo / 2
        domain = (people.id[person] * 7 + people.email_style[person]) % len(_DOMAINS)
        mistake = len(_DOMAINS) + rng.integers(0, len(_SLIPPED), count)
        first_word, second_word = people.words[person, 0], people.words[person, 1]
        return {
            "phone_n": people.phone[person] + wrong,
            "first_phone_n": people.first_phone[person] + wrong,
            "other_phone_n": people.first_phone[person],
            "phone_style": pick(rng, PHONE_STYLES, count),
            "landline_n": people.landline[person],
            "has_email": people.has_email[person],
            "email_style": people.email_style[person],
            "person_id": people.id[person] + 11,
            "w1": words(first_word, self.lexicon.words),
            "w2": words(second_word, self.lexicon.words, empty=0),
            "domain": words(np.where(slipped, mistake, domain), _DOMAINS + _SLIPPED),
            "has_nik": rng.random(count) < nik,
            "nik_district": people.nik_district[person],
            "nik_serial": people.nik_serial[person],
            "nik_slip": np.where(rng.random(count) < typo, rng.integers(100, 999, count), 0),
            "born": dates(people.born[person]),
            "birth_style": pick(rng, [0.6, 0.15, 0.15, 0.1], count),
            "sex": people.sex[person],
            "education_name": words(people.id[person] * 5 % len(EDUCATION), EDUCATION),
            "occupation_name": words(people.id[person] * 3 % 7 + people.sex[person] * 2, OCCUPATION),
        }

    def _place(
        self, person: np.ndarray, form: np.ndarray, village: np.ndarray, street: np.ndarray
    ) -> dict[str, object]:
        here, house = village[person], self.people.house[person]
        city = self.places.city_of[here]
        return {
            "form": form,
            "house": house,
            "rt": house % 12 + 1,
            "rw": house % 9 + 1,
            "street": words(street[person], STREETS),
            "village": words(here, self.places.village),
            "district": words(here, self.places.district),
            "postcode_text": words(here, self.places.postcode),
            "city_name": words(city, self.places.cities),
            "region_name": words(city, self.places.regions),
        }
