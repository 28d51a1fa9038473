"""The utilisation report as a workbook: figures as numbers, charts that Excel draws, and every figure's definition.

Imports openpyxl, which is slow to load: import this where it is used.
"""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.utils import timezone
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList

from outbox import workbooks
from outbox.workbooks import Sheet, Workbook
from reporting import layout
from reporting.definitions import FIGURES, MONEY, Unit
from reporting.document import remarks
from reporting.figures import Cut, Value
from reporting.formats import defined, headline
from reporting.utilisation import Report
from training.moments import full_moment

FORMATS = {
    Unit.NUMBER: workbooks.WHOLE,
    Unit.PERCENT: workbooks.PERCENT,
    Unit.POUNDS: workbooks.POUNDS,
    Unit.DAYS: workbooks.TENTH,
    Unit.SCORE: "0.00",
}
# Told apart in grey; those of the pages' charts.
COLOURS = ("14507A", "C08400")
# Rows at the height of a chart's line of bars, and centimetres of such a line.
LINE, HEAD = 0.9, 3.0
SUMMARY_WIDTHS, CUT_WIDTHS = (38, 14, 14, 90), (44, 14)


def write(
    report: Report,
    file: IO[bytes],
    *,
    partnership: str,
    money: bool,
    remark: str = "",
    definitions: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write the workbook to a binary file; money only for who may see it.

    Of a published report: remark says so, and definitions are those that it was made by, as formats.defined() has them.
    """
    workbook = Workbook(f"Utilisation report {report.year.label}, {partnership}")
    _summary(workbook, report, partnership, money, remark)
    _courses(workbook, report)
    _agencies(workbook, report)
    _conferences(workbook, report)
    if money:
        _money(workbook, report)
    _evaluation(workbook, report)
    _definitions(workbook, report, money, definitions or defined())
    workbook.save(file)


def _summary(workbook: Workbook, report: Report, partnership: str, money: bool, remark: str) -> None:
    sheet = workbook.sheet("Summary", widths=SUMMARY_WIDTHS)
    sheet.styled([f"Utilisation report {report.year.label}"], bold=True, size=16)
    for line in (partnership, remark, headline(report, money=money), *remarks(report), _counted(report)):
        if line:
            sheet.row([line])
    for one in (report.this, report.before):
        sheet.row([f"Ledger {one.year.label}: {one.whole.ledger.identity}"])
    sheet.row([])
    first = sheet.rows + 1
    _years(sheet, report, layout.YEAR_BESIDE_YEAR)
    sheet.row([])
    _years(sheet, report, layout.figure_keys("training"))
    _chart(sheet, "Year beside year", first, (2, 3), rows=3, at="F2")


def _courses(workbook: Workbook, report: Report) -> None:
    cuts = sorted(report.this.courses, key=lambda cut: -(cut["places_offered"] or 0))
    sheet = _by(workbook, "By course", "Course", cuts, layout.BY_COURSE)
    delivered = sum(bool(cut["places_offered"]) for cut in cuts)
    place = layout.BY_COURSE.index("utilisation") + 2
    _chart(sheet, "Utilisation by course, per cent", 1, (place,), rows=delivered, at="K2")


def _agencies(workbook: Workbook, report: Report) -> None:
    before = {cut.code: cut.value("delegates_attended") for cut in report.before.agencies}
    cuts = sorted(report.this.agencies, key=lambda cut: -(cut["delegates_attended"] or 0))
    head = f"Delegates attended {report.before.year.label}"
    sheet = _by(workbook, "By agency", "Agency", cuts, layout.BY_AGENCY, {head: [before[cut.code] for cut in cuts]})
    attended = layout.BY_AGENCY.index("delegates_attended") + 2
    came = sum(bool(cut["delegates_attended"]) for cut in cuts)
    _chart(sheet, "Delegates attended by agency", 1, (attended, len(layout.BY_AGENCY) + 2), rows=came, at="L2")


def _conferences(workbook: Workbook, report: Report) -> None:
    heads = ["Conference", "Delegates", "Workshop", "Places", "Chosen", "Attended"]
    sheet = workbook.sheet("Conferences", heads, (44, 12, 44, 12, 12, 12))
    for one in report.this.each_conference:
        for workshop in one.workshops:
            row = [one.title, one.delegates, workshop.title, workshop.places, workshop.chosen, workshop.attended]
            sheet.row(row, ["", *[workbooks.WHOLE] * 5])
        if not one.workshops:
            sheet.row([one.title, one.delegates])
    if not report.this.each_conference:
        sheet.row([f"There was no conference in {report.year.label}."])


def _money(workbook: Workbook, report: Report) -> None:
    sheet = workbook.sheet("Money", widths=SUMMARY_WIDTHS)
    _years(sheet, report, layout.figure_keys("money"))
    sheet.row([])
    _cuts(sheet, "Agency", report.this.agencies, layout.MONEY_BY_AGENCY)


def _evaluation(workbook: Workbook, report: Report) -> None:
    sheet = workbook.sheet("Evaluation", widths=SUMMARY_WIDTHS)
    _years(sheet, report, layout.figure_keys("evaluation"))
    sheet.row([])
    _cuts(sheet, "Course", report.this.courses, layout.EVALUATION_BY_COURSE)


def _definitions(workbook: Workbook, report: Report, money: bool, definitions: Sequence[Mapping[str, Any]]) -> None:
    heads = ["Figure", "Unit", "Numerator", "Denominator", "Rule"]
    sheet = workbook.sheet("Definitions", heads, (30, 10, 44, 44, 100))
    for one in definitions:
        if money or one["figure"] not in MONEY:
            sheet.row([one["name"], one["unit"], one["numerator"], one["denominator"] or "", one["rule"]])
    sheet.row([])
    sheet.row([_counted(report)])


def _years(sheet: Sheet, report: Report, keys: Sequence[str]) -> None:
    heads = ["Figure", report.this.year.label, report.before.year.label, "How it is counted"]
    sheet.styled(heads, bold=True, fill=workbooks.HEAD_FILL)
    for now, then in layout.pairs(report, keys):
        number_format = FORMATS[now.figure.unit]
        sheet.row([now.figure.name, shown(now), shown(then), now.figure.rule], ["", number_format, number_format])


def _by(
    workbook: Workbook,
    name: str,
    first: str,
    cuts: Sequence[Cut],
    keys: Sequence[str],
    more: dict[str, list[Value]] | None = None,
) -> Sheet:
    """A sheet of its own, whose head stays and filters; more: columns beside the cuts' own figures."""
    more = more or {}
    heads = [first, *(FIGURES[key].name for key in keys), *more]
    sheet = workbook.sheet(name, heads, [CUT_WIDTHS[0], *[CUT_WIDTHS[1]] * (len(heads) - 1)])
    for place, cut in enumerate(cuts):
        _cut(sheet, cut.name, [*(cut.value(key) for key in keys), *(values[place] for values in more.values())])
    sheet.filter_all()
    return sheet


def _cuts(sheet: Sheet, first: str, cuts: Sequence[Cut], keys: Sequence[str]) -> None:
    sheet.styled([first, *(FIGURES[key].name for key in keys)], bold=True, fill=workbooks.HEAD_FILL)
    for cut in cuts:
        _cut(sheet, cut.name, [cut.value(key) for key in keys])


def _cut(sheet: Sheet, name: str, values: Sequence[Value]) -> None:
    sheet.row([name, *map(shown, values)], ["", *(FORMATS[value.figure.unit] for value in values)])


def shown(value: Value) -> Any:
    """A number as a number; "withheld" where too few answered; nothing where there is no figure."""
    return "withheld" if value.is_withheld else value.value


def _counted(report: Report) -> str:
    return f"Counted {full_moment(timezone.localtime(report.counted_at))}."


def _chart(sheet: Sheet, title: str, head: int, columns: Sequence[int], *, rows: int, at: str) -> None:
    """Bars of the columns' first rows below the row of heads; their names are in column A, the table is beside it."""
    if not rows:
        return
    chart = BarChart()
    chart.type, chart.title, chart.gapWidth = "bar", title, 60
    for place, column in enumerate(columns):
        chart.add_data(Reference(sheet.sheet, min_col=column, min_row=head, max_row=head + rows), titles_from_data=True)
        chart.series[place].graphicalProperties.solidFill = COLOURS[place]
    chart.set_categories(Reference(sheet.sheet, min_col=1, min_row=head + 1, max_row=head + rows))
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    chart.x_axis.scaling.orientation = "maxMin"  # the first row at the top
    chart.y_axis.scaling.min = 0
    chart.x_axis.delete = chart.y_axis.delete = False  # some versions of Excel hide axes that do not say so
    chart.y_axis.crosses = "max"
    if len(columns) == 1:
        chart.legend = None
    chart.width, chart.height = 26, HEAD + LINE * rows * len(columns)
    sheet.sheet.add_chart(chart, at)
