import itertools
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.cache import caches

from config.environment import contrast_with_white
from frontend import charts

AGENCIES = [("West Midlands Police", 412), ("Probation <&> parole", None), ("Nobody", 0)]
MONTHS = [("Apr", 310, 280), ("May", 320, None), ("Jun", 330, 331)]


@pytest.fixture(autouse=True)
def nothing_drawn_before():
    caches["charts"].clear()


def texts(drawn):
    return [element.text for element in ElementTree.fromstring(drawn).iter() if element.text and element.text.strip()]


@pytest.mark.parametrize(
    "chart",
    [
        charts.bars("Delegates", AGENCIES),
        charts.bars("Use", [("A", 90, 81)], series=("2018/19", "2017/18"), unit="%"),
        charts.columns("Charges", [("Apr", Decimal("75.50"))], unit="£"),
        charts.lines("Places", MONTHS, series=("Offered", "Attended")),
        charts.bars("Nothing", []),
        charts.lines("Nothing", []),
        charts.columns("All nought", [("Apr", 0)]),
    ],
    ids=lambda chart: f"{chart.kind} {chart.title}",
)
@pytest.mark.parametrize("draw", [charts.svg, charts.narrow_svg])
def test_a_chart_is_one_picture_without_scripts_and_styles(draw, chart):
    drawn = draw(chart)
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root}
    title, description = root.get("aria-labelledby").split()
    assert named[title] == chart.title
    assert named[description].startswith("Chart of ")
    assert not re.search(r"<script|<style|style=|\son\w+=|href|javascript", drawn)
    assert sum(1 for element in root.iter() if "role" in element.attrib) == 1


@pytest.mark.parametrize("draw", [charts.svg, charts.narrow_svg])
def test_each_bar_says_its_figure_and_no_figure_is_not_nought(draw):
    said = texts(draw(charts.bars("Delegates", AGENCIES)))
    assert {"412", "–", "0", "Probation <&> parole"} <= set(said)


LONGEST = "Staffordshire and West Midlands Community Rehabilitation Company"


@pytest.mark.parametrize(
    "chart",
    [
        charts.bars("Delegates", [(LONGEST, 9_999, 8_888), ("Police", None, 0)], series=("2018/19", "2017/18")),
        charts.bars("Money", [(LONGEST, 123_456)], unit="£"),
        charts.columns("Answers", [*((str(scale), 1_000) for scale in range(11)), ("Not relevant", 3)]),
        charts.lines("Places", MONTHS, series=("Offered", "Attended")),
        charts.columns("Nothing", []),
    ],
    ids=lambda chart: chart.title,
)
def test_the_narrow_picture_is_no_wider_than_a_telephone_and_says_all_names_and_figures(chart):
    drawn = charts.narrow_svg(chart)
    assert ElementTree.fromstring(drawn).get("width") == "345"
    said = " ".join(texts(drawn))
    for label, figures in zip(chart.labels, chart.figures, strict=True):
        assert label in said
        assert all(charts.written(figure, chart.unit) in said for figure in figures)
    if len(chart.series) > 1:
        assert all(name in said for name in chart.series)


def test_the_description_says_the_highest_and_the_lowest():
    chart = charts.bars("Use", [("A", 90, 81), ("B", 71, None)], series=("2018/19", "2017/18"), unit="%")
    assert charts.description(chart) == (
        "Chart of 2 figures. 2018/19: highest A, 90%; lowest B, 71%. 2017/18: highest A, 81%; lowest A, 81%. "
        "The table below holds them all."
    )


@pytest.mark.parametrize("kind", [charts.bars, charts.columns, charts.lines])
def test_axes_begin_at_nought(kind):
    spec = charts.specification(kind("High", [("A", 95), ("B", 99)]))
    domains = re.findall(r"'domain': (\[[^\]]*\])", str(spec))
    assert any(domain.startswith("[0, ") for domain in domains)


def test_lines_are_named_at_their_ends_one_above_the_other():
    placed = charts._name_places(charts.lines("Places", MONTHS, series=("Offered", "Attended")))
    assert [(name, label) for name, label, _ in placed] == [("Offered", "Jun"), ("Attended", "Jun")]
    assert placed[1][2] - placed[0][2] > 10


def test_a_line_that_ends_early_is_named_where_it_ends():
    placed = charts._name_places(
        charts.lines("Places", [("Apr", 3, 4), ("May", None, 5)], series=("2026/27", "2025/26"))
    )
    assert [(name, label) for name, label, _ in placed] == [("2026/27", "Apr"), ("2025/26", "May")]


def test_a_chart_is_drawn_once_per_content(monkeypatch):
    chart = charts.bars("Delegates", AGENCIES)
    first = charts.svg(chart)
    monkeypatch.setattr(charts, "specification", lambda _: pytest.fail("drawn again"))
    assert charts.svg(charts.bars("Delegates", AGENCIES)) == first
    with pytest.raises(pytest.fail.Exception):
        charts.svg(charts.bars("Delegates", [("West Midlands Police", 413)]))


def test_two_charts_on_a_page_have_ids_of_their_own():
    a, b = charts.bars("A", AGENCIES), charts.bars("B", AGENCIES)
    drawn = [charts.svg(a), charts.narrow_svg(a), charts.svg(b), charts.narrow_svg(b)]
    ids = [name for one in drawn for name in re.findall(r'\sid="([^"]+)"', one)]
    assert len(set(ids)) == len(ids) == 8


def test_a_png_is_made_of_the_same():
    assert charts.png(charts.bars("Delegates", AGENCIES)).startswith(b"\x89PNG")


def test_what_cannot_be_told_apart_is_refused():
    with pytest.raises(ValueError, match="1 to 6"):
        charts.bars("Many", [("A", *range(7))], series=list("abcdefg"))
    with pytest.raises(ValueError, match="same label"):
        charts.bars("Twice", [("A", 1), ("A", 2)])
    with pytest.raises(ValueError, match="2 figures"):
        charts.bars("Short", [("A", 1)], series=("this", "last"))


def test_colours_are_seen_on_white_and_told_apart_in_grey():
    contrasts = sorted(map(contrast_with_white, charts.COLOURS))
    assert contrasts[0] >= 3  # WCAG 2.2, 1.4.11
    assert all(darker / lighter >= 1.3 for lighter, darker in itertools.pairwise(contrasts))


# Machado, Oliveira and Fernandes 2009, severity 1.0, in linear RGB.
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@pytest.mark.parametrize("kind", BLINDNESS)
def test_colours_are_told_apart_by_colour_blind_eyes(kind):
    def seen(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        mixed = [sum(m * c for m, c in zip(row, linear, strict=True)) for row in BLINDNESS[kind]]
        return [round(255 * max(0, min(1, c)) ** (1 / 2.2)) for c in mixed]

    for one, other in itertools.combinations(charts.COLOURS, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen(one), seen(other), strict=True)) ** 0.5
        assert distance > 40, (one, other)
