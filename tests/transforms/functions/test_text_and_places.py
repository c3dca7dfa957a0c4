from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.functions.text import BASES

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("  a   b ", "a b"),
        ("a\u200bb", "ab"),
        ("a\u00a0\tb", "a b"),
        ("e\u0301", "é"),
        ("\ufeffBudi", "Budi"),
        ("   ", None),
        ("", None),
        (None, None),
    ],
)
def test_clean_text_has_no_invisible_characters(call: Call, written: str, clean: str | None) -> None:
    assert call("clean_text", written) == clean


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(alphabet=" ab.\t\u00a0\u200be\u0301~", max_size=10), max_size=40))
def test_text_that_is_clean_already_takes_the_short_way_to_the_same_answer(
    con: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    rows = con.execute(
        "SELECT clean_text(x), rtrim(clean_text(concat(x, ' \u200b'))) FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS x)",
        [texts],
    ).fetchall()
    for short, long in rows:
        assert short == long


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("José Åsa", "Jose Asa"),
        ("Jose\u0301", "Jose"),
        ("Ørsted Łódź Đặng Þór", "Orsted Lodz Dang thor"),
        ("Straße Æsop œuvre", "Strasse aesop oeuvre"),
        ("Йёлка", "Иелка"),
        ("Ελλάδα", "Ελλαδα"),
        ("ＡＢ１２", "AB12"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("ガキ", "ガキ"),
        ("한국", "한국"),
        ("José ガ", "Jose ガ"),
        (None, None),
    ],
)
def test_accents_fold_where_the_letter_stays_the_same(call: Call, written: str, folded: str | None) -> None:
    assert call("fold_accents", written) == folded
    assert call("fold_accents", folded) == folded


def test_the_table_of_accents_for_other_engines_is_what_duckdb_does(call_each: Call) -> None:
    letters = "".join(BASES)
    assert "".join(call_each("strip_accents", list(letters))) == "".join(BASES.values())


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("L", "male"),
        ("P", "female"),
        ("Laki-laki", "male"),
        ("perempuan", "female"),
        ("Pria", "male"),
        ("wanita", "female"),
        ("M", "male"),
        ("f", "female"),
        ("Male", "male"),
        ("LK", "male"),
        ("pr", "female"),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_sex_in_both_languages(call: Call, written: str, sex: str | None) -> None:
    assert call("norm_sex", written) == sex
    assert call("norm_sex", sex) == sex


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("12345", "12345"),
        ("12345.0", "12345"),
        (" 40 123", "40123"),
        ("1234", None),
        ("01234", None),
        (None, None),
    ],
)
def test_a_postcode_has_five_digits(call: Call, written: str, postcode: str | None) -> None:
    assert call("norm_postcode", written, "ID") == call("norm_postcode", written, None) == postcode
    assert call("norm_postcode", postcode, "ID") == postcode


@pytest.mark.parametrize(
    ("written", "country", "postcode"),
    [
        ("2600", "AU", "2600"),
        ("2600.0", "AU", "2600"),
        ("sw1a 1aa", "GB", "SW1A1AA"),
        ("1015 CJ", "NL", "1015CJ"),
        ("02139-4307", "US", "02139"),
        ("560 001", "IN", "560001"),
        ("London", "GB", None),
        ("00000", "US", None),
        ("9999", "AU", None),
        ("-", "AU", None),
        ("12345678901", "BR", None),
        (None, "GB", None),
    ],
)
def test_a_postcode_of_another_country_keeps_its_letters(
    call: Call, written: str, country: str, postcode: str | None
) -> None:
    assert call("norm_postcode", written, country) == postcode
    assert call("norm_postcode", postcode, country) == postcode


@pytest.mark.parametrize(
    "written",
    [
        "Jl. Merdeka No.12, RT.003/RW.004, Kel. Gambir",
        "Jalan Merdeka no 12 RT 3/4 kelurahan gambir",
        "jln merdeka nomor 12 rt/rw 03/04 Kel Gambir",
        "JL MERDEKA NO12 RT03 RW04 KEL. GAMBIR",
    ],
)
def test_one_address_in_many_forms_is_one_key(call: Call, written: str) -> None:
    assert call("norm_address", written) == "jl merdeka no 12 rt 3 rw 4 kel gambir"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Jl. Merdeka No.12, RT.003/RW.004, Kel. Gambir", "merdeka 12 3 4 gambir"),
        ("Jalan Merdeka no 12 RT 3/4 kelurahan gambir", "merdeka 12 3 4 gambir"),
        ("jln merdeka nomor 12 rt/rw 03/04 Kel Gambir", "merdeka 12 3 4 gambir"),
        ("JL MERDEKA NO12 RT03 RW04 KEL. GAMBIR", "merdeka 12 3 4 gambir"),
        ("Perum. Ma'ruf Asri Blok C5/007", "maruf asri c5 7"),
        ("Perumahan Maruf Asri, Blok C5 No. 7", "maruf asri c5 7"),
        ("Dsn. Krajan, Ds. Sukamaju, Kec. Cibinong, Kab. Bogor", "krajan sukamaju cibinong bogor"),
        ("Gg. Mawar KM 7", "mawar 7"),
        ("12 High Street", "12 high"),
        ("12, High St.", "12 high"),
        ("5 O’Connell Rd", "5 oconnell"),
        ("Straße des 17. Juni 135", "des 17 juni 135"),
        ("Calle de Alcalá, 45", "de alcala 45"),
        ("東京都千代田区1-1", "東京都千代田区1 1"),
        ("Jl.", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_compared_by_the_words_that_differ(call: Call, written: str, key: str | None) -> None:
    assert call("address_key", written) == key


@pytest.mark.parametrize(
    ("written", "tail"),
    [
        (
            "Jl. Merdeka No.12, Kel. Gambir, Kec. Gambir, Kota Jakarta Pusat 10110",
            "kec. gambir, kota jakarta pusat 10110",
        ),
        ("Jl. Margonda 5, Beji, Depok 16424", "beji, depok 16424"),
        ("jl merdeka 5 bandung", "5 bandung"),
        ("Desa Sukamaju Kec Cibinong Kab Bogor Jawa Barat", "kec cibinong kab bogor jawa barat"),
        ("Jl Bandung", None),
        ("", None),
        (None, None),
    ],
)
def test_the_end_of_an_address_names_the_regions(call: Call, written: str, tail: str | None) -> None:
    assert call("address_tail", written) == tail


ADDRESSES = st.lists(
    st.sampled_from(
        [
            "Jl.",
            "jalan",
            "Gg",
            "No.12",
            "no012",
            "RT",
            "003/004",
            "rt03",
            "rw/",
            "/",
            "0",
            "kel",
            "Kelurahan",
            "'",
            "12a",
            "RTX",
            "-",
            "00jl",
            "0",
            "Rd",
            "Ö",
            "五",
        ]
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(ADDRESSES.map(" ".join), st.text(max_size=12)), max_size=40))
def test_normalising_twice_changes_nothing(call_each: Call, texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    for function in (
        "norm_address",
        "address_key",
        "address_tail",
        "fold_accents",
        "clean_text",
    ):
        once = call_each(function, texts)
        assert call_each(function, once) == once
    for country in ("ID", "GB", "US", ""):
        once = call_each("norm_postcode", texts, country)
        assert call_each("norm_postcode", once, country) == once
