"""What the guide says of a workbook's sheets is what is read."""

from pathlib import Path

from django.conf import settings

from programme.layout import LAYOUTS
from programme.sheets.partnership import ITEMS

GUIDE = Path(settings.BASE_DIR) / "docs" / "how-to" / "import-a-workbook.md"


def listed(words):
    return tuple(word.strip() for word in words.split(",") if word.strip())


def test_the_guide_names_each_sheet_with_its_columns_and_what_it_may_lack():
    _, _, rows = GUIDE.read_text().partition("| sheet | columns | it may lack |\n|---|---|---|\n")
    told = {}
    for row in rows.partition("\n\n")[0].splitlines():
        sheet, columns, lacking = (cell.strip() for cell in row.strip("|").split("|"))
        columns, _, items = columns.partition(": a row each for ")
        is_needed = not lacking.startswith("the sheet")
        told[sheet] = (listed(columns), listed(lacking.removeprefix("the sheet").lstrip(";")), is_needed)
        assert listed(items) == (tuple(ITEMS) if sheet == "Partnership" else ())
    assert told == {name: (one.columns, one.optional, one.needed) for name, one in LAYOUTS.items()}
