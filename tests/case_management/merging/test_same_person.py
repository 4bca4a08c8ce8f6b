"""By which signs two numbers may be one person (名寄せ): two of them, the same whichever of both is asked about."""

from hypothesis import given
from hypothesis import strategies as st

from services.case_management.domain.same_person import ENOUGH, SIGNS, Traits, reasons, traits_of
from services.case_management.domain.search import Known

TEXTS = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=2)
TRAITS = st.builds(Traits, **dict.fromkeys(SIGNS, TEXTS))


def known(name: str, kana: str, birth: str = "1950-03-01", telephone: str = "", address: str = "") -> Traits:
    names = [Known("person:1", name, kana)]
    reached = [Known("detail:1", "", "", telephone=telephone, address=address)]
    return traits_of(names, reached, [birth])


@given(TRAITS, TRAITS)
def test_the_reasons_are_the_same_whichever_of_two_is_asked_about(first: Traits, second: Traits) -> None:
    assert reasons(first, second) == reasons(second, first)


@given(TRAITS, TRAITS)
def test_a_pair_has_reasons_exactly_where_it_would_be_looked_for(first: Traits, second: Traits) -> None:
    shared = set(first.keys) & set(second.keys)
    assert not reasons(first, second) or shared
    assert not shared or reasons(first, second) or first.name & second.name


@given(TRAITS, TRAITS)
def test_no_sign_alone_is_a_reason_and_names_alone_are_none(first: Traits, second: Traits) -> None:
    signs = set(reasons(first, second))
    assert not signs or len(signs) >= 2
    assert not signs or signs & {"birth", "telephone", "address"}
    assert all(pair[0] in ("birth", "telephone", "address") for pair in ENOUGH)


def test_old_and_new_characters_and_either_width_of_kana_are_the_same_name() -> None:
    her, again = known("渡邉 花子", "ワタナベ ハナコ"), known("渡辺花子", "ﾜﾀﾅﾍﾞ ﾊﾅｺ")
    assert reasons(her, again) == ("birth", "reading", "name")


def test_a_telephone_that_a_family_shares_and_a_date_that_strangers_share_are_no_reason() -> None:
    mother = known("架空 花子", "カクウ ハナコ", "1950-03-01", telephone="03-5555-0101")
    son = known("架空 太郎", "カクウ タロウ", "1980-07-01", telephone="03-5555-0101")
    assert reasons(mother, son) == ()
    assert reasons(known("架空 花子", "カクウ ハナコ"), known("仮 太郎", "カリ タロウ")) == ()


def test_a_name_before_marriage_counts_with_the_birth_date() -> None:
    names = [Known("person:1", "仮名 花子", "カメイ ハナコ"), Known("person:1", "架空 花子", "カクウ ハナコ")]
    married = traits_of(names, [], ["1950-03-01"])
    assert reasons(married, known("架空 花子", "カクウ ハナコ")) == ("birth", "other_name")
    assert reasons(married, known("架空 花子", "カクウ ハナコ", birth="1951-03-01")) == ()


def test_what_is_not_known_is_shared_with_nobody() -> None:
    nobody = traits_of([Known("person:1", "", "")], [Known("detail:1", "", "")], ["", "1950", "1950-03"])
    assert nobody == Traits()
    assert reasons(nobody, nobody) == ()
    short = known("架空 花子", "カクウ ハナコ", "", telephone="5555")
    assert reasons(short, short) == ()
