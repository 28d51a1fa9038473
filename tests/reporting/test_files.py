"""The report as a workbook and as a PDF: the page's figures, in kinds that a spreadsheet and a screen reader take."""

import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from frontend.reports import drawn
from reporting import document, layout, spreadsheet, utilisation
from reporting.definitions import FIGURES, MONEY
from tests.factories import AgencyFactory, CourseFactory
from tests.invoicing.test_document import tags
from tests.reporting.situations import answered, booked, cancelled, charge, event, many

pytestmark = pytest.mark.django_db

SHEETS = ["Summary", "By course", "By agency", "Conferences", "Money", "Evaluation", "Definitions"]


@pytest.fixture
def year():
    """A course with enough answers and one with few, a charge, and a register that is still open."""
    police = AgencyFactory(name="=Anyshire Police")
    well, badly = CourseFactory(title="Neglect"), CourseFactory(title="@Few answers")
    one, other = event(course=well, places=12), event(course=badly, places=9)
    many(9, one, agency=police)
    many(3, other, agency=police)
    answered(one, *[(2, 8)] * 9)
    answered(other, *[(1, 9)] * 3)
    charge(booked(one, "did-not-attend", agency=police))
    cancelled(one, agency=police)
    booked(event(places=5, closed=False), None, agency=police)
    return utilisation.report("2018-19")


def workbook(report, **options):
    file = io.BytesIO()
    spreadsheet.write(report, file, **{"partnership": "Anyshire Partnership", "money": True} | options)
    return load_workbook(file)


def pdf(report, **options):
    pictures = [document.Picture(one.title, str(one.svg), one.description, one.definition) for one in drawn.of(report)]
    options = {"partnership": "Anyshire Partnership", "colour": "#1d4f76", "money": True} | options
    reader = PdfReader(io.BytesIO(document.made(report, pictures, **options)))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def rows(sheet):
    """By what stands in column A; the first of the same name."""
    found = {}
    for row in sheet.iter_rows(values_only=True):
        found.setdefault(row[0], row)
    return found


def test_every_figure_of_every_cut_is_the_pages(year):
    found = workbook(year)
    by_course = rows(found["By course"])
    for cut in year.this.courses:
        for cell, key in zip(by_course[cut.name][1:], layout.BY_COURSE, strict=False):
            assert cell == (None if cut[key] is None else pytest.approx(float(cut[key])))
    summary = rows(found["Summary"])
    for now, then in layout.pairs(year, layout.figure_keys("training")):
        assert summary[now.figure.name][1:3] == tuple(
            None if one.value is None else pytest.approx(float(one.value)) for one in (now, then)
        )


def test_the_workbook_has_its_sheets_a_title_and_its_charts_beside_their_tables(year):
    found = workbook(year)
    assert found.sheetnames == SHEETS
    assert found.properties.title == "Utilisation report 2018/19, Anyshire Partnership"
    charts = {sheet.title: sheet._charts for sheet in found if sheet._charts}
    assert {name: len(found) for name, found in charts.items()} == {"Summary": 1, "By course": 1, "By agency": 1}
    series = charts["By agency"][0].series
    assert [one.val.numRef.f for one in series] == ["'By agency'!$D$2", "'By agency'!$J$2"]
    heads = [cell.value for cell in found["By agency"][1]]
    assert (heads[3], heads[9]) == ("Delegates attended", "Delegates attended 2017/18")
    assert all(one.x_axis.delete is False and one.y_axis.delete is False for (one,) in charts.values())


def test_the_charts_of_a_workbook_begin_with_the_largest_and_show_nothing_that_is_nothing(year):
    found = workbook(year)
    chart = found["By course"]._charts[0]
    assert chart.series[0].cat.numRef.f == "'By course'!$A$2:$A$4"
    assert [row[2] for row in found["By course"].iter_rows(min_row=2, values_only=True)] == [12, 9, 5]


def test_the_workbook_says_provisional_ledger_when_counted_and_how_each_figure_is_made(year):
    found = workbook(year)
    summary = "\n".join(str(row[0]) for row in found["Summary"].iter_rows(values_only=True))
    assert "Provisional: 1 booking without an outcome" in summary
    assert f"Ledger 2018/19: {year.this.whole.ledger.identity}" in summary
    assert "Counted " in summary
    defined = rows(found["Definitions"])
    assert set(defined) >= {figure.name for figure in FIGURES.values()}
    assert defined["Utilisation"][2:4] == ("delegates attended", "places offered")


def test_numbers_are_numbers_money_is_pounds_and_names_are_never_formulas(year):
    found = workbook(year)
    cells = {row[0].value: row for row in found["Money"].iter_rows()}
    assert (cells["Proposed"][1].value, cells["Proposed"][1].data_type) == (75, "n")
    assert "£" in cells["Proposed"][1].number_format
    assert found["By course"]["E2"].number_format == '0.0" %"'
    assert found["By agency"]["A2"].value == "=Anyshire Police"
    assert not [cell for sheet in found for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_withheld_answers_are_withheld_in_both_files(year):
    row = rows(workbook(year)["Evaluation"])["@Few answers"]
    named = dict(zip(layout.EVALUATION_BY_COURSE, row[1:], strict=False))
    assert named["responses"] == 3
    assert {named[key] for key in ("mean_before", "mean_after", "improved", "same", "lower")} == {"withheld"}
    _, said = pdf(year)
    # Of the course with few answers, of the other, which would else give it away, and of the year before, with none.
    assert said.count("withheld") == 3 * 5


def test_without_the_right_to_see_money_there_is_none_in_either_file(year):
    found = workbook(year, money=False)
    assert found.sheetnames == [name for name in SHEETS if name != "Money"]
    names = {figure.name for key, figure in FIGURES.items() if key in MONEY}
    assert names.isdisjoint(rows(found["Definitions"]))
    _, said = pdf(year, money=False)
    assert "Money for non-attendance" not in said
    assert "To decide" not in said


def test_the_pdf_says_what_the_page_says(year):
    _, said = pdf(year)
    for words in (
        "Utilisation report 2018/19", "Anyshire Partnership", "Provisional: 1 booking without an outcome",
        year.this.whole.ledger.identity, "Neglect", "=Anyshire Police", "How each figure is made", "Counted ",
        "delegates attended ÷ places offered", "£75",
    ):  # fmt: skip
        assert words in said


def test_the_pdf_is_tagged_with_title_language_table_heads_and_words_for_its_charts(year):
    reader, _ = pdf(year)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Utilisation report 2018/19, Anyshire Partnership"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    kinds = tags(root["/StructTreeRoot"])
    assert kinds.count("/H1") == 1
    assert kinds.count("/Figure") == len(drawn.of(year))
    assert kinds.count("/TH") > 20


def test_money_in_the_headline_is_what_both_files_leave_out_too(year):
    for said in (pdf(year, money=False)[1], str(list(workbook(year, money=False)["Summary"].values))):
        assert "£" not in said


def test_a_year_without_anything_still_makes_both_files():
    empty = utilisation.report("2010-11")
    assert workbook(empty).sheetnames == SHEETS
    assert "Nothing in this year" in pdf(empty)[1]


def test_letters_that_no_font_has_do_not_stop_the_report():
    many(3, event(course=CourseFactory(title="安全 😀"), places=9))
    reader, said = pdf(utilisation.report("2018-19"))
    assert "font does not have" in said
    assert reader.pages
