from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Budi Santoso", "budi santoso"),
        ("  BUDI   santoso ", "budi santoso"),
        ("Bpk. H. Budi Santoso, S.E., M.M.", "budi santoso"),
        ("Bapak Budi Santoso", "budi santoso"),
        ("Ibu Hj. Siti Aminah, S.Kom", "siti aminah"),
        ("Ny.Dewi", "dewi"),
        ("Drg. Rina, A.Md.Kep", "rina"),
        ("Prof. Dr. dr. Agus Sp.OG(K)", "agus"),
        ("Dr. Ir. KH. Agus Salim, Ph.D", "agus salim"),
        ("Budi Santoso SE MM", "budi santoso"),
        ("Mrs. Jane Smith", "jane smith"),
        ("Budi (Alm.)", "budi"),
        ("(alm) Budi", "budi"),
        ("Moh. Rizki", "muhammad rizki"),
        ("Dr. H. M. Rizki", "muhammad rizki"),
        ("Mochammad Rizki", "muhammad rizki"),
        ("Moehammad Rizki", "muhammad rizki"),
        ("Rizki Muhamad", "rizki muhammad"),
        ("Budi M.", "budi m"),
        ("Abd. Rahman", "abdul rahman"),
        ("Achmad Noer", "ahmad nur"),
        ("St. Nurhaliza", "siti nurhaliza"),
        ("Ma'ruf Amin", "maruf amin"),
        ("D’Angelo", "dangelo"),
        ("José Núñez", "jose nunez"),
        ("Santoso, Budi", "budi santoso"),
        ("Santoso, Budi H.", "budi h santoso"),
        ("Widodo, Ir. H. Joko", "joko widodo"),
        ("Smith, Sir John, 3rd Baronet", "john smith"),
        ("King, Martin Luther, Jr.", "martin luther king"),
        ("Ma, Jack", "jack ma"),
        ("Budi, S.Tr.Kes", "budi s tr kes"),
        ("Alfred Tennyson, 1st Baron Tennyson", "alfred tennyson"),
        ("Arthur Wellesley, Duke of Wellington, KG", "arthur wellesley"),
        ("John Smith Jr.", "john smith"),
        ("Jane Doe, PhD", "jane doe"),
        ("Mr. & Mrs. Smith", "smith"),
        ("Bapak/Ibu Budi", "budi"),
        ("Lord Byron", "byron"),
        ("Rev. Thomas Bayes FRS", "thomas bayes frs"),
        ("Herr Hans Müller", "hans muller"),
        ("Lady Marsella", "lady marsella"),
        ("Dame Sihombing", "dame sihombing"),
        ("Seán O'Neil", "sean oneil"),
        ("Ronald Mc Donald", "ronald mcdonald"),
        ("Ludwig van der Rohe", "ludwig van der rohe"),
        ("Siti bte Ahmad", "siti binti ahmad"),
        ("Søren Ørsted", "soren orsted"),
        ("Łukasz Groß", "lukasz gross"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("Иванов, Йосиф", "иосиф иванов"),
        ("Ελένη Παπαδοπούλου", "ελενη παπαδοπουλου"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("Jack Ma", "jack ma"),
        ("Anne-Marie", "anne marie"),
        ("山田 太郎", "山田 太郎"),
        ("B*** S***", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_compared_without_what_stands_around_it(
    call: Call, written: str, normal: str | None
) -> None:
    assert call("norm_name", written) == normal


@pytest.mark.parametrize(
    ("written", "shown", "titles"),
    [
        ("Bpk. H. Budi Santoso, S.E., M.M.", "Budi Santoso", "Bpk. H., S.E., M.M."),
        ("Budi Santoso SE", "Budi Santoso", "SE"),
        ("Budi Santoso SE, MM", "Budi Santoso", "SE, MM"),
        ("(Alm.) Budi Santoso", "Budi Santoso", "(Alm.)"),
        ("Budi Santoso (Alm.)", "Budi Santoso", "(Alm.)"),
        ("Sir Isaac Newton", "Isaac Newton", "Sir"),
        ("Alfred Tennyson, 1st Baron Tennyson", "Alfred Tennyson", "1st Baron Tennyson"),
        ("Smith, John A.", "Smith, John A.", None),
        ("Dr.", None, "Dr."),
        ("  Ma'ruf \u200b Amin ", "Ma'ruf Amin", None),
        ("Moh. Rizki", "Moh. Rizki", None),
        ("Dr. Rina", "Rina", "Dr."),
        ("Rina, A.Md.Kep", "Rina", "A.Md.Kep"),
        (" ", None, None),
        (None, None, None),
    ],
)
def test_a_name_is_shown_without_titles_and_with_its_own_letters(
    call: Call, written: str, shown: str | None, titles: str | None
) -> None:
    assert call("name_display", written) == shown
    assert call("name_titles", written) == titles


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("soekarno", "sukarno"),
        ("soeharto", "suharto"),
        ("tjipto", "cipto"),
        ("djoko", "joko"),
        ("njoman", "nyoman"),
        ("sjarif", "syarif"),
        ("gandjar", "ganjar"),
        ("moeljono", "mulyono"),
        ("chairil", "khairil"),
    ],
)
def test_old_and_new_spelling_share_a_key(call: Call, old: str, new: str) -> None:
    assert call("name_key_old", old) == call("name_key_old", new)


def test_joko_is_not_yoko(call: Call) -> None:
    assert call("name_key_old", "joko") != call("name_key_old", "yoko")


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("siti binti ahmad", "siti ahmad"),
        ("ludwig van der rohe", "ludwig rohe"),
        ("maria de la cruz", "maria cruz"),
        ("ronald macdonald", "ronald mcdonald"),
        ("van der", "van der"),
        ("budi santoso", "budi santoso"),
        (None, None),
    ],
)
def test_words_that_link_parts_of_a_name_are_left_out_of_its_core(call: Call, name: str, core: str) -> None:
    assert call("name_core", name) == core
    assert call("name_core", core) == core


def test_tokens_are_distinct_and_sorted(call: Call) -> None:
    assert call("name_tokens", "siti budi siti") == ["budi", "siti"]


@pytest.mark.parametrize(
    "name",
    [
        "test",
        "TES",
        "asdf",
        "Mickey Mouse",
        "tidak ada",
        "N/A",
        "-",
        "b",
        "xxx",
        "Walk-in",
        "no name",
        "null",
        "123",
    ],
)
def test_placeholders_are_no_names(call: Call, name: str) -> None:
    assert call("is_placeholder_name", name) is True


@pytest.mark.parametrize("name", ["Budi", "Tessa", "Adi", "Nana", "Umum Santoso", "Ng"])
def test_real_names_are_no_placeholders(call: Call, name: str) -> None:
    assert call("is_placeholder_name", name) is False


def test_masked_values_are_seen(call: Call) -> None:
    assert call("is_masked", "B*** S***") is True
    assert call("is_masked", "Budi") is False


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("budi santoso", "budi santoso", True),
        ("budi santoso", "santoso budi", True),
        ("budi", "budi santoso", True),
        ("budi santoso", "budi hartono santoso", True),
        ("b santoso", "budi santoso", True),
        ("muhammad rizki", "m rizki", True),
        ("nurhaliza", "nur haliza", True),
        ("budi santoso", "budi santosso", True),
        ("santoso", "santsoo", True),
        ("budi kusumawardhani", "budi kusumawardani", True),
        ("febrianti", "pebrianti", True),
        ("soekarno", "sukarno", True),
        ("djoko widodo", "joko widodo", True),
        ("budi santoso", "siti santoso", False),
        ("budi santoso", "budi hartono", False),
        ("joko", "yoko", False),
        ("doni", "deni", False),
        ("andika putra", "andika putri", False),
        ("kartini", "martini", False),
        ("b s", "budi santoso", False),
        ("b", "budi", False),
        (None, "budi", None),
        ("budi", None, None),
    ],
)
def test_names_agree_when_they_allow_one_person(call: Call, a: str, b: str, agree: bool | None) -> None:
    assert call("names_agree", a, b) is agree
    assert call("names_agree", b, a) is agree


PIECES = "budi|Budi,|Smith,|J.|Jr.|3rd Baron|of|Sir|O'Neil|mc|van|binti|siti|h.|H|M|moh.|muh|abd|st|se|S.E.|S.Kom,|MM|pak|bpk.|bapak|(alm)|noer|dr.|é|ß|İ|12|-|."
WORDS = st.sampled_from(PIECES.split("|"))
NAMES = st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text(max_size=12))


@settings(deadline=None, max_examples=25)
@given(st.lists(NAMES, max_size=40))
def test_normalising_twice_changes_nothing(call_each: Call, names: list[str]) -> None:
    once = call_each("norm_name", [name.replace("\0", "") for name in names])
    assert call_each("norm_name", once) == once


def letters(text: str | None) -> list[str]:
    return sorted(c for c in text or "" if c.isalnum())


@settings(deadline=None, max_examples=25)
@given(st.lists(NAMES, max_size=40))
def test_nothing_of_a_cell_is_lost_between_name_and_titles(
    con: duckdb.DuckDBPyConnection, names: list[str]
) -> None:
    rows = con.execute(
        "SELECT clean_text(x), name_display(x), name_titles(x) FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS x)",
        [[name.replace("\0", "") for name in names]],
    ).fetchall()
    for clean, shown, titles in rows:
        assert letters(clean) == sorted(letters(shown) + letters(titles))


KEYS = st.lists(
    st.sampled_from(["budi", "b", "siti", "santoso", "santosa", "s", "soekarno", "sukarno", "ng"]),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=40)
@given(KEYS.map(" ".join), KEYS.map(" ".join))
def test_agreement_is_symmetric(call: Call, a: str, b: str) -> None:
    assert call("names_agree", a, b) == call("names_agree", b, a)
    assert call("names_agree", a, a) is True
