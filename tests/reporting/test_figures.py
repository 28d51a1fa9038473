"""How values are made of what was counted."""

from decimal import Decimal

import pytest

from reporting.definitions import FIGURES, MEASURES, CutKind, Unit, figures_of
from reporting.figures import Cut, percent, rounded
from reporting.ledger import Ledger
from reporting.measures import measures


def cut(kind=CutKind.ALL, *, withholds=False, **counted):
    ledger = Ledger.of(counted)
    return Cut(kind, "", "All", measures(counted, {}, ledger), ledger, Ledger.of({}), withholds)


def test_a_published_quarter_comes_out_as_published():
    """metrics.md, Worked example: 318 booked, 29 cancelled, 20 did not attend, 35 walk-ins, 393 places."""
    quarter = cut(
        events=20, places_offered=393, bookings=353, source_booked=318, source_walk_in=35, outcome_attended=304,
        outcome_did_not_attend=20, outcome_cancelled_in_time=29, booked_who_came=269, booked_who_did_not_come=20,
    )  # fmt: skip
    assert quarter["delegates_attended"] == 304
    assert quarter["utilisation"] == Decimal("77.4")
    assert quarter["show_up_rate"] == Decimal("93.1")
    assert quarter["dna_rate"] == Decimal("6.9")
    assert quarter["booked"] == 318
    assert quarter.ledger.adds_up
    assert Decimal("95.6") not in quarter.numbers().values()  # 304 of 318: walk-ins in the top only


@pytest.mark.parametrize(
    ("attended", "places", "in_data", "in_headlines"),
    [
        (3412, 3581, "95.3", 95),
        (1, 16, "6.3", 6),
        (19, 2000, "1.0", 1),
        (9525, 10000, "95.3", 95),
        (945, 1000, "94.5", 95),
    ],
)
def test_percentages_round_half_up_to_one_decimal_in_data_and_to_whole_ones_in_headlines(
    attended, places, in_data, in_headlines
):
    assert percent(attended, places) == Decimal(in_data)
    value = cut(places_offered=places, outcome_attended=attended).value("utilisation")
    assert (value.value, value.whole) == (Decimal(in_data), in_headlines)


def test_means_round_half_up_to_two_decimals():
    assert cut(responses=8, answers_before=8, sum_before=Decimal(43))["mean_before"] == Decimal("5.38")  # 5.375
    assert rounded(Decimal("7.945"), Unit.SCORE) == Decimal("7.95")


def test_nothing_divided_by_nothing_is_no_figure_and_not_zero():
    nothing = cut()
    assert nothing["utilisation"] is None
    assert nothing["mean_before"] is None
    assert nothing["median_wait"] is None
    assert nothing["delegates_attended"] == 0
    assert nothing["invoiced_amount"] == 0


def test_utilisation_over_100_per_cent_is_flagged_and_the_capped_figure_stands_beside_it():
    full = cut(places_offered=20, places_used=20, outcome_attended=21).value("utilisation")
    assert (full.value, full.is_flagged) == (Decimal("105.0"), True)
    assert not cut(places_offered=20, outcome_attended=20).value("utilisation").is_flagged


def test_a_ledger_with_a_booking_that_ended_in_no_known_way_does_not_add_up():
    ledger = Ledger.of({"bookings": 3, "source_booked": 3, "outcome_attended": 2})
    assert not ledger.adds_up
    assert ledger.identity == "3 booked = 3 bookings ≠ 2 attended"


def test_evaluation_is_left_out_where_it_may_not_be_shown_and_the_number_of_answers_is_not():
    few = cut(CutKind.COURSE, withholds=True, responses=4, answers_before=4, sum_before=Decimal(20), improved=4)
    assert few["responses"] == 4
    assert few["mean_before"] is None
    assert few.value("improved").is_withheld
    assert few.value("improved").numerator is None
    assert few.numbers()["improved"] is None


def test_a_cut_has_only_the_figures_that_are_about_it():
    with pytest.raises(KeyError):
        cut(CutKind.AGENCY)["utilisation"]
    with pytest.raises(KeyError):
        cut(CutKind.E_LEARNING)["utilisation"]


def test_every_figure_says_in_words_what_it_is_made_of():
    for figure in FIGURES.values():
        assert figure.name
        assert figure.rule
        assert MEASURES[figure.numerator]
        assert figure.denominator is None or MEASURES[figure.denominator]


def test_every_kind_of_cut_can_make_all_its_figures():
    for kind in CutKind:
        made = Cut(kind, "", "", {**cut().measures, "all_attended": 0}, Ledger.of({}), Ledger.of({}))
        assert [value.figure for value in made.values()] == list(figures_of(kind))
