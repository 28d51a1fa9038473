"""Charts as pictures inside the page: bars, columns and lines, with figures written at them.

    charts.svg(charts.bars("Delegates by agency", [("Police", 412), ("Probation", None)]))
    charts.svg(charts.bars("Utilisation", rows, series=("2018/19", "2017/18"), unit="%"))  # (label, this year, before)
    charts.svg(charts.lines("Places by month", [("Apr", 310, 280), …], series=("Offered", "Attended")))

None is "no figure" and is drawn as a gap, never as 0. The template puts the picture in components/chart.html, which
gives it its definition, its source and its table. One specification makes the SVG of pages and the PNG of documents.

On a phone the same picture would be too small to read or too wide to see, so narrow_svg() draws another one of the same
chart: always bars, as names have no room under columns. The style sheet shows the one that fits.
"""

import hashlib
import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any, Literal
from xml.etree.ElementTree import Element, register_namespace, tostring  # our own SVG is read by defusedxml

from defusedxml.ElementTree import fromstring
from django.core.cache import caches
from django.utils.safestring import SafeString

from frontend import formats

Figure = int | float | Decimal | None
Unit = Literal["", "%", "£"]

# Told apart in grey and with any kind of colour blindness: each is 1.3 times as light as the next, and all have a
# contrast of 3 with white (tests/frontend/test_charts.py).
COLOURS = ("#14507a", "#c08400", "#700b3c", "#178780", "#110806", "#ad3a22")

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset({"svg", "g", "path", "line", "rect", "text", "tspan", "defs", "clipPath"})

FONT = "Atkinson Hyperlegible, Arial, Helvetica, sans-serif"
TEXT = "#0b0c0c"
GREY = "#505a5f"
WIDTH = 760  # pixels of the picture's own scale; the page fits it to its column
LABELS = 260  # of them, for the names of bars, on two lines where they are long
LABEL_LETTERS = 34  # of a line of such a name
# The narrow picture has letters of the same size: 15 pixels on a telephone, 12 at least on a screen of 320.
NARROW_WIDTH = 345
NARROW_LABEL_LETTERS = 14  # with longer names than that they stand above their bars,
NARROW_LINE_LETTERS = 44  # so many letters on a line
NARROW_ROOM = 1.25  # for the figure at the longest bar's end
# Kept until something in the chart changes; a version for when the drawing itself does.
KEEP_FOR, VERSION = 30 * 24 * 3600, 2


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: for each label a figure per series, in the order given."""

    kind: Literal["bars", "columns", "lines"]
    title: str
    labels: tuple[str, ...]
    series: tuple[str, ...]
    figures: tuple[tuple[float | None, ...], ...]
    unit: Unit


def bars(title: str, rows: Sequence[Sequence[Any]], *, series: Sequence[str] = ("",), unit: Unit = "") -> Chart:
    """Horizontal bars, for things with names; the caller sorts them. rows: (label, figure, figure of series 2, …)."""
    return _chart("bars", title, rows, series, unit)


def columns(title: str, rows: Sequence[Sequence[Any]], *, series: Sequence[str] = ("",), unit: Unit = "") -> Chart:
    """Upright columns, for months and other short names in time."""
    return _chart("columns", title, rows, series, unit)


def lines(title: str, rows: Sequence[Sequence[Any]], *, series: Sequence[str] = ("",), unit: Unit = "") -> Chart:
    """Lines over months, each named at its end."""
    return _chart("lines", title, rows, series, unit)


def svg(chart: Chart) -> SafeString:
    """The chart as <svg role="img"> with title and description, without scripts or styles. Drawn once per content."""
    return _drawn(chart, narrow=False)


def narrow_svg(chart: Chart) -> SafeString:
    """The same for narrow screens."""
    return _drawn(chart, narrow=True)


def _drawn(chart: Chart, *, narrow: bool) -> SafeString:
    content = json.dumps([VERSION, narrow, asdict(chart)], sort_keys=True)
    key = f"chart-{hashlib.sha256(content.encode()).hexdigest()}"
    drawn = caches["charts"].get(key)
    if drawn is None:
        import vl_convert  # slow to start, and only needed here

        spec = narrow_specification(chart) if narrow else specification(chart)
        drawn = _accessible(vl_convert.vegalite_to_svg(spec), chart, f"chart-{key[-8:]}")
        caches["charts"].set(key, drawn, KEEP_FOR)
    return SafeString(drawn)


def png(chart: Chart, *, scale: float = 2) -> bytes:
    """The same picture for documents; scale 2 is 144 dots an inch."""
    import vl_convert  # slow to start, and only needed here

    drawn: bytes = vl_convert.vegalite_to_png(specification(chart), scale=scale)
    return drawn


def _chart(kind: Any, title: str, rows: Sequence[Sequence[Any]], series: Sequence[str], unit: Unit) -> Chart:
    if not 1 <= len(series) <= len(COLOURS):
        raise ValueError(f"{len(series)} series: 1 to {len(COLOURS)} can be told apart")
    figures = tuple(tuple(None if f is None else float(f) for f in row[1:]) for row in rows)
    if any(len(each) != len(series) for each in figures):
        raise ValueError(f"each row needs a label and {len(series)} figures")
    labels = tuple(str(row[0]) for row in rows)
    if len(set(labels)) != len(labels):
        raise ValueError("two rows have the same label: they would be drawn as one")
    return Chart(kind, title, labels, tuple(series), figures, unit)


def written(value: float | None, unit: Unit) -> str:
    """A figure as it is written at its bar: 3,412, 95%, £10,350."""
    if unit == "£":
        return formats.money(value)
    if unit == "%":
        return formats.percent(value)
    return formats.number(value, 0 if value is None or value == int(value) else 1)


# --- The specification -----------------------------------------------------------------------------------------------


def specification(chart: Chart) -> dict[str, Any]:
    """The chart in Vega-Lite's words, for vl-convert."""
    alt = _altair()
    base = alt.Chart(alt.Data(values=_values(chart)))
    picture = {"bars": _wide_bars, "columns": _columns, "lines": _lines}[chart.kind](alt, base, chart)
    return _configured(alt, picture, legend_columns=2)


def narrow_specification(chart: Chart) -> dict[str, Any]:
    """The same as bars, with short names before them and long ones above them."""
    alt = _altair()
    base = alt.Chart(alt.Data(values=_values(chart)))
    are_short = max(map(len, chart.labels), default=0) <= NARROW_LABEL_LETTERS
    picture = (_bars if are_short else _named_bars)(alt, base, chart, NARROW_ROOM)
    # Names and legend count into the width, so that each such picture is as wide as the others.
    fitted = alt.AutoSizeParams(type="fit-x", contains="padding")
    return _configured(alt, picture.properties(width=NARROW_WIDTH, autosize=fitted), legend_columns=1)


def _altair() -> Any:
    return import_module("altair")  # two seconds; its functions have no types


def _values(chart: Chart) -> list[dict[str, Any]]:
    return [
        {"label": label, "series": name, "figure": figure, "written": written(figure, chart.unit), "from": figure or 0}
        for label, row in zip(chart.labels, chart.figures, strict=True)
        for name, figure in zip(chart.series, row, strict=True)
    ]


def _configured(alt: Any, picture: Any, *, legend_columns: int) -> dict[str, Any]:
    configured = picture.configure(
        font=FONT, background="white", padding={"left": 4, "right": 12, "top": 6, "bottom": 4}
    )
    configured = configured.configure_view(stroke=None).configure_axis(
        labelFontSize=15, labelColor=TEXT, domain=False, ticks=False, labelPadding=8, labelLimit=LABELS, title=None
    )
    legend = {"orient": "top", "title": None, "labelFontSize": 15, "symbolSize": 180, "symbolType": "square"}
    configured = configured.configure_legend(**legend, columns=legend_columns, labelLimit=300)
    spec: dict[str, Any] = configured.to_dict(validate=False)
    return spec


def _colour(alt: Any, chart: Chart, *, legend: bool) -> Any:
    scale = alt.Scale(domain=list(chart.series), range=list(COLOURS[: len(chart.series)]))
    kept = alt.Legend() if legend and len(chart.series) > 1 else None
    return alt.Color("series:N", scale=scale, sort=list(chart.series), legend=kept)


def _room(chart: Chart) -> float:
    """Where the axis of figures ends: above the highest, so that what is written at it has room."""
    highest = max((f for row in chart.figures for f in row if f is not None), default=0)
    return max(highest, 1) * 1.02


def _wide_bars(alt: Any, base: Any, chart: Chart) -> Any:
    return _bars(alt, base, chart, 1.1).properties(width=WIDTH - LABELS - 24)


def _bars(alt: Any, base: Any, chart: Chart, room: float) -> Any:
    each = 30 if len(chart.series) == 1 else 22
    lines = {label: textwrap.wrap(label, LABEL_LETTERS, max_lines=2, placeholder="…") for label in chart.labels}
    axis = alt.Axis(labelLimit=LABELS, labelExpr=f"{json.dumps(lines)}[datum.label]")
    y = alt.Y("label:N", sort=list(chart.labels), axis=axis, scale=alt.Scale(paddingInner=0.28))
    offset = alt.YOffset("series:N", sort=list(chart.series))
    height = max(len(chart.labels), 1) * (each * len(chart.series) + 12)
    return _bars_with_figures(alt, base.encode(y=y, yOffset=offset), chart, room).properties(height=height)


def _named_bars(alt: Any, base: Any, chart: Chart, room: float) -> Any:
    """Narrow bars, each group under its name: the lines of the name are rows of the group, as its bars are."""
    wrapped = [textwrap.wrap(label, NARROW_LINE_LETTERS, max_lines=2, placeholder="…") for label in chart.labels]
    above = [f"name {place}" for place in range(max(map(len, wrapped)))]
    names = [
        {"label": label, "series": row, "words": words}
        for label, lines in zip(chart.labels, wrapped, strict=True)
        for row, words in zip(above[-len(lines) :], lines, strict=True)
    ]
    rows = [*above, *chart.series]
    y = alt.Y("label:N", sort=list(chart.labels), axis=None, scale=alt.Scale(paddingInner=0.16))
    offset = alt.YOffset("series:N", sort=rows, scale=alt.Scale(domain=rows))
    picture = _bars_with_figures(alt, base.encode(y=y, yOffset=offset), chart, room)
    words = alt.Chart(alt.Data(values=names)).mark_text(align="left", fontSize=15, color=TEXT)
    words = words.encode(y=y, yOffset=offset, x=alt.value(0), text="words:N")
    height = len(chart.labels) * (21 * len(rows) + 14)
    return alt.layer(picture, words).properties(height=height)


def _bars_with_figures(alt: Any, placed: Any, chart: Chart, room: float) -> Any:
    """Bars, and at the end of each its figure: for that the longest leaves so much room, as a ratio."""
    marks = placed.mark_bar().encode(color=_colour(alt, chart, legend=True), x=_along(alt, chart, "figure", room))
    words = placed.mark_text(align="left", dx=6, fontSize=15, color=TEXT)
    return alt.layer(marks, words.encode(text="written:N", x=_along(alt, chart, "from", room)))


def _along(alt: Any, chart: Chart, name: str, room: float) -> Any:
    """The axis of the bars' figures. It is not drawn: each bar says its own."""
    return alt.X(f"{name}:Q", axis=None, scale=alt.Scale(domain=[0, _room(chart) * room], nice=False, zero=True))


def _upright(alt: Any, base: Any, chart: Chart) -> Any:
    x = alt.X("label:N", sort=list(chart.labels), axis=alt.Axis(labelAngle=0), scale=alt.Scale(paddingInner=0.2))
    unit = {"%": "datum.label + '%'", "£": "'£' + datum.label"}.get(chart.unit)
    axis = alt.Axis(grid=True, gridColor="#d8dde0", tickCount=5, format=",d", **({"labelExpr": unit} if unit else {}))
    y = alt.Y("figure:Q", axis=axis, scale=alt.Scale(domain=[0, _room(chart) * 1.08], zero=True))
    return base.encode(x=x, y=y)


def _columns(alt: Any, base: Any, chart: Chart) -> Any:
    drawn = _upright(alt, base, chart).encode(xOffset=alt.XOffset("series:N", sort=list(chart.series)))
    layers = [drawn.mark_bar().encode(color=_colour(alt, chart, legend=True))]
    if len(chart.series) == 1:  # more would run into each other; the table has them
        layers.append(drawn.mark_text(dy=-9, fontSize=14, color=TEXT).encode(text="written:N"))
    return alt.layer(*layers).properties(width=WIDTH - 80, height=300)


def _lines(alt: Any, base: Any, chart: Chart) -> Any:
    drawn = _upright(alt, base, chart)
    colour = _colour(alt, chart, legend=False)
    line = drawn.mark_line(strokeWidth=3).encode(color=colour)
    points = drawn.mark_point(filled=True, size=60, opacity=1).encode(
        color=colour, shape=alt.Shape("series:N", sort=list(chart.series), legend=None)
    )
    names = [{"series": name, "label": label, "figure": at} for name, label, at in _name_places(chart)]
    ends = _upright(alt, alt.Chart(alt.Data(values=names)), chart)
    words = ends.mark_text(align="left", dx=12, fontSize=15, fontWeight="bold", color=TEXT).encode(text="series:N")
    return alt.layer(line, points, words).properties(width=WIDTH - 200, height=300)


def _name_places(chart: Chart) -> list[tuple[str, str, float]]:
    """Each line's name, with the label and the height of its last figure; two at one label stand above each other."""
    between = _room(chart) * 1.08 * 20 / 300
    known = [
        [(label, at) for label, row in zip(chart.labels, chart.figures, strict=True) if (at := row[place]) is not None]
        for place in range(len(chart.series))
    ]
    ends = [(name, *figures[-1]) for name, figures in zip(chart.series, known, strict=True) if name and figures]
    placed: list[tuple[str, str, float]] = []
    for name, label, figure in sorted(ends, key=lambda end: end[2]):
        lower = [height for _, at, height in placed if at == label]
        placed.append((name, label, max(figure, lower[-1] + between) if lower else figure))
    return placed


# --- For those who do not see it -------------------------------------------------------------------------------------


def _accessible(drawn: str, chart: Chart, key: str) -> str:
    """The SVG as one picture with a name and a description, and with nothing in it but shapes and text."""
    root = fromstring(drawn)
    for element in root.iter():
        if element.tag.removeprefix(SVG) not in SHAPES:
            raise ValueError(f"a chart has no business with {element.tag}")
        for attribute in set(element.attrib):
            if attribute == "role" or attribute.startswith(("aria-", "on", "pointer-events", "class")):
                del element.attrib[attribute]
    root.attrib.update({"role": "img", "aria-labelledby": f"{key}-title {key}-desc", "focusable": "false"})
    for place, (name, text) in enumerate((("title", chart.title), ("desc", description(chart)))):
        element = Element(f"{SVG}{name}", {"id": f"{key}-{name}"})
        element.text = text
        root.insert(place, element)
    register_namespace("", SVG.strip("{}"))
    return tostring(root, encoding="unicode")


def description(chart: Chart) -> str:
    """What one would read off the chart: how many things, the highest and the lowest. The table holds all."""
    said = []
    for place, name in enumerate(chart.series):
        found = [(row[place], label) for label, row in zip(chart.labels, chart.figures, strict=True)]
        known = [(figure, label) for figure, label in found if figure is not None]
        if not known:
            said.append(f"{name or 'All'}: no figures.")
            continue
        (high, at_high), (low, at_low) = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
        start = f"{name}: highest" if name else "Highest"
        said.append(f"{start} {at_high}, {written(high, chart.unit)}; lowest {at_low}, {written(low, chart.unit)}.")
    return f"Chart of {formats.plural(len(chart.labels), 'figure')}. {' '.join(said)} The table below holds them all."
