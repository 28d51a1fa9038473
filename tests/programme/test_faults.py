"""What is wrong with a workbook is told all at once: each fault once, with its cell, and nothing is written."""

from datetime import date
from io import StringIO

import openpyxl
import pytest
from django.core.management import call_command

from people.models import Agency
from programme import importing
from programme.problems import ImportRefused
from tests.programme.workbooks import DEMONSTRATION, put, raw, save, small
from training.models import Event

pytestmark = pytest.mark.django_db


def problems(sheets):
    with pytest.raises(ImportRefused) as refused:
        importing.write(raw(sheets))
    return refused.value.problems


def only(sheets):
    (problem,) = problems(sheets)
    return problem


def plant(book):
    """Twenty faults; returns the cell of each, and a word that tells it."""
    bookings, events, answers, charging = (book[name] for name in ("Bookings", "Events", "Evaluations", "Charging"))
    conference = next(row for row in range(2, 9000) if bookings.cell(row, 11).value)
    cancelled = next(row for row in range(2, 9000) if bookings.cell(row, 7).value == "Cancelled")
    events["B5"] = "XYZ"
    events["G9"] = "twenty"
    events["G12"] = "=10+12"
    events["E15"] = "08:00"
    events["H18"] = "Postponed"
    bookings["B40"] = "31/02/2019"
    bookings["F50"] = "Brum Police"
    bookings["I70"] = "maybe"
    bookings.merge_cells("C80:D80")
    bookings["B90"] = date(2019, 8, 1)
    bookings.cell(cancelled, 8).value = "01/01/2016"
    bookings["D100"] = "jade.lewis at nps"
    bookings.cell(conference, 11).value = "Basket weaving"
    bookings.append([cell.value for cell in bookings[110]])
    answers["B30"] = "nobody@elsewhere.example"
    answers["E31"] = 9
    charging["F2"] = -75
    charging["E4"] = "fortnights"
    book["Agencies"]["C1"] = "Sort"
    del book["Partnership"]
    return {
        "Events!B5": "the course 'XYZ'",
        "Events!G9": "'twenty' is not a whole number",
        "Events!G12": "formula",
        "Events!E15": "ends at 08:00",
        "Events!H18": "'Postponed' is not understood",
        "Bookings!B40": "no day '31/02/2019'",
        "Bookings!F50": "the agency 'Brum Police'",
        "Bookings!I70": "'maybe' is not understood",
        "Bookings!C80": "merged",
        "Bookings!B90": "after the event",
        f"Bookings!H{cancelled}": "before it was booked",
        "Bookings!D100": "not an e-mail address",
        f"Bookings!K{conference}": "'Basket weaving'",
        f"Bookings!C{bookings.max_row}": "in row 110 already",
        "Evaluations!B30": "did not attend",
        "Evaluations!E31": "'9' is out of range",
        "Charging!F2": "negative",
        "Charging!E4": "'fortnights' is not understood",
        "Agencies, row 1": "no column 'Type'",
        "Partnership": "no sheet Partnership",
    }


def test_twenty_planted_faults_are_told_with_their_cells_and_nothing_is_written(tmp_path):
    book = openpyxl.load_workbook(DEMONSTRATION)
    planted = plant(book)
    book.save(tmp_path / "faults.xlsx")
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_programme", str(tmp_path / "faults.xlsx"), stdout=out)

    assert ended.value.code == 1
    *lines, last = out.getvalue().splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    told = {where.split(" (")[0]: what for where, what in told.items()}
    assert set(told) == set(planted)
    assert [cell for cell, word in planted.items() if word not in told[cell]] == []
    assert len(lines) == len(planted) == 20
    assert last == "20 problems. Nothing was written. Correct the workbook and import it again."
    assert not Event.objects.exists()
    assert not Agency.objects.exists()


def test_an_unknown_agency_is_told_with_what_it_may_be():
    problem = only(put(small(), "Bookings", 2, Agency="Anyshire polise"))

    assert problem.cell == "Bookings!E3"
    assert "Did you mean 'Anyshire Police'?" in problem.todo


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Anyshire polise", "Anyshire Police"),
        ("Police, Anyshire", "Anyshire Police"),
        ("Constabluary", "Constabulary"),
        ("NPPS", "NPS"),
        ("Anyshire scools", "Anyshire schools"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_the_name_that_was_meant(said, meant):
    sheets = put(small(), "Agencies", 2, Short_name="NPS")

    assert f"Did you mean '{meant}'?" in only(put(sheets, "Bookings", 2, Agency=said)).todo


@pytest.mark.parametrize("said", ["Ministry of Nobody", "Nobody", "Acme", "EHA"])
def test_what_is_like_no_name_gets_no_suggestion(said):
    sheets = put(small(), "Agencies", 2, Short_name="NPS", Also_known_as="DA; IND; EY")

    assert only(put(sheets, "Bookings", 2, Agency=said)).todo.startswith("Correct it")


@pytest.mark.parametrize(
    ("sheet", "repeated", "named", "cells"),
    [
        ("Agencies", {"Short_name": "AP"}, {"Agency": "Ministry of Nobody"}, ["Agencies!D3", "Bookings!E3"]),
        ("Agencies", {"Also_known_as": "The police"}, {"Agency": "Ministry of Nobody"}, ["Agencies!C3", "Bookings!E3"]),
        ("Courses", {"Code": "NEG"}, {"Event": "E9"}, ["Courses!B3", "Events!A4", "Bookings!C3"]),
        ("Events", {"Event": "E1"}, {"Event": "E9"}, ["Events!B3", "Bookings!C3", "Bookings!C5"]),
    ],
)
def test_a_name_that_stands_twice_hides_no_name_that_nobody_knows(sheet, repeated, named, cells):
    sheets = put(put(small(), sheet, 2, **repeated), "Bookings", 2, **named)

    assert [problem.cell for problem in problems(sheets)] == cells


def test_a_name_that_many_rows_use_is_told_once_with_its_cells():
    sheets = small()
    for row in (1, 2, 3):
        put(sheets, "Bookings", row, Agency="The Council")

    assert str(only(sheets)).startswith("Bookings!E2 (Agency) and 2 more (Bookings!E3, Bookings!E4): nobody knows")


def test_a_faulty_event_does_not_make_its_bookings_complain():
    assert only(put(small(), "Events", 1, Date="31/02/2019")).cell == "Events!D2"
    assert only(put(small(), "Events", 1, Course_code="XYZ")).cell == "Events!A2"
    assert only(put(small(), "Events", 1, Status="Gone")).cell == "Events!C2"
    assert only(put(small(), "Events", 1, Event=None)).cell == "Events!B2"


@pytest.mark.parametrize(
    "sheet", ["Partnership", "Charging", "Exemptions", "Agencies", "Courses", "Events", "Bookings"]
)
def test_a_missing_sheet_is_told_once_by_its_name(sheet):
    sheets = small()
    del sheets[sheet]

    problem = only(sheets)

    assert problem.cell == sheet
    assert "Add it, with the columns" in problem.todo


@pytest.mark.parametrize(
    ("sheet", "column"),
    [(sheet, column) for sheet, rows in small().items() for column in rows[0]],
)
def test_a_missing_column_is_told_once_by_its_name(sheet, column):
    sheets = small()
    at = sheets[sheet][0].index(column)
    for row in sheets[sheet]:
        del row[at]

    found = [str(problem) for problem in problems(sheets)]

    # The only column of sheet Exemptions, and without one of the two of sheet Partnership there are no headings.
    assert len(found) == 1, found
    assert "no headings" in found[0] or "no column" in found[0]


@pytest.mark.parametrize("column", small()["Bookings"][0])
def test_a_column_missing_from_the_bookings_does_not_make_the_answers_complain(column):
    sheets = small(**answers(["ann.lee@police.example", "E1", 3, None]))
    at = sheets["Bookings"][0].index(column)
    for row in sheets["Bookings"]:
        del row[at]

    assert f"no column '{column}'" in only(sheets).what


def test_a_column_that_is_nearly_right_is_pointed_out():
    sheets = small()
    sheets["Events"][0][6] = "Place"

    assert "Is it 'Place'? Then name that column 'Places'" in only(sheets).todo


def test_other_faults_are_told_beside_a_missing_column():
    sheets = small()
    sheets["Bookings"][0][9] = "Why"
    sheets["Bookings"].append(list(sheets["Bookings"][1]))
    put(sheets, "Bookings", 2, Attended="maybe")

    assert [problem.cell for problem in problems(sheets)] == ["Bookings, row 1", "Bookings!H3", "Bookings!A7"]


@pytest.mark.parametrize(
    ("cells", "row", "cell"),
    [
        ({"Booked_on": "13/06/2019"}, 1, "D2"),
        ({"Booked_on": 43000}, 1, "D2"),
        ({"Booked_on": "01/05/19"}, 1, "D2"),
        ({"Booked_on": None}, 1, "D2"),
        ({"Delegate": None}, 1, "A2"),
        ({"Email": "ann.lee"}, 1, "B2"),
        ({"Event": "E9"}, 1, "C2"),
        ({"Status": "Perhaps"}, 1, "G2"),
        ({"Status": "Event cancelled"}, 1, "G2"),
        ({"Attended": None}, 1, "H2"),
        ({"Cancelled_on": "01/06/2019"}, 1, "I2"),
        ({"Cancelled_on": None}, 3, "I4"),
        ({"Cancelled_on": "13/06/2019"}, 3, "I4"),
        ({"Cancelled_on": "02/05/2019"}, 3, "I4"),
        ({"Attended": "Y"}, 3, "H4"),
        ({"Status": "Booked"}, 5, "G6"),
    ],
)
def test_a_booking_that_cannot_be_is_told_with_its_cell(cells, row, cell):
    assert only(put(small(), "Bookings", row, **cells)).cell == f"Bookings!{cell}"


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"End": "09:00"}, "F2"),
        ({"Start": "25:00"}, "E2"),
        ({"Places": 0}, "G2"),
        ({"Places": 12.5}, "G2"),
        ({"Status": "Planned"}, "C2"),
        ({"Date": date(2090, 1, 1)}, "C2"),
        ({"Event": "E2"}, "B3"),
    ],
)
def test_an_event_that_cannot_be_is_told_with_its_cell(cells, cell):
    assert problems(put(small(), "Events", 1, **cells))[0].cell == f"Events!{cell}"


def test_two_people_on_one_booking_row_are_told_apart_or_not_at_all():
    sheets = small()
    sheets["Bookings"].append(list(sheets["Bookings"][1]))
    put(sheets, "Bookings", 6, Booked_on="06/05/2019", Delegate="Anne LEE")

    problem = only(sheets)

    assert problem.cell == "Bookings!A7"
    assert "in row 2 already" in problem.what


def test_who_cancelled_may_have_booked_again():
    sheets = small()
    sheets["Bookings"].append(["Cy Fox", "cy@schools.example", "E1", "05/06/2019", "AP", "", "Booked", "Y", None, None])

    importing.write(raw(sheets))

    assert Event.objects.get(reference="E1").bookings.filter(delegate__name="Cy Fox").count() == 2


def test_one_name_for_two_agencies_is_told():
    problem = only(put(small(), "Agencies", 2, Short_name="Constabulary"))

    assert problem.cell == "Agencies!D3"
    assert "also a name of Anyshire Police" in problem.what


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"Amount": -1}, "E3"),
        ({"Amount": "lots"}, "E3"),
        ({"Amount": 1.005}, "E3"),
        ({"VAT": None}, "F3"),
        ({"Notice": None}, "G3"),
        ({"Notice_unit": "days or so"}, "H3"),
        ({"Reason": "Late"}, "A3"),
        ({"Applies_to": "Trains"}, "C3"),
        ({"In_force_from": "April"}, "B3"),
    ],
)
def test_a_charging_rule_that_cannot_be_is_told_with_its_cell(cells, cell):
    assert only(put(small(), "Charging", 2, **cells)).cell == f"Charging!{cell}"


def test_text_that_begins_with_an_equals_sign_is_text_where_the_cell_says_text(tmp_path):
    book = openpyxl.load_workbook(save(small(), tmp_path / "year.xlsx"))
    for sheet, at in (("Events", "H2"), ("Bookings", "J3")):
        book[sheet][at].value = "=1+1"
        book[sheet][at].data_type = "s"
    book.save(tmp_path / "year.xlsx")

    importing.run(tmp_path / "year.xlsx")

    assert Event.objects.get(reference="E1").sessions.get().room.venue.name == "=1+1"


def test_a_workshop_without_a_sheet_of_workshops_is_one_fault():
    sheets = small()
    for row in sheets["Bookings"]:
        row.append("County lines")
    sheets["Bookings"][0][-1] = "Workshop"

    problem = only(sheets)

    assert problem.cell == "Workshops"
    assert "5 bookings name one, first Bookings!K2" in problem.what


def answers(*rows):
    return {"Evaluations": [["Email", "Event", "Confidence after (1-5)", "Comment"], *map(list, rows)]}


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (["ann.lee@police.example", "E1", 6, None], "C2"),
        (["ann.lee@police.example", "E1", 2.5, None], "C2"),
        (["bo@schools.example", "E1", 3, None], "A2"),
        (["ann.lee@police.example", "E2", 3, None], "A2"),
        (["ann.lee@police.example", "E7", 3, None], "B2"),
    ],
)
def test_an_answer_that_cannot_be_is_told_with_its_cell(row, cell):
    assert only(small(**answers(row))).cell == f"Evaluations!{cell}"


def test_one_delegate_answers_once():
    row = ["ann.lee@police.example", "E1", 3, None]

    assert "answered 2 times" in only(small(**answers(row, row))).what


def test_the_answer_of_who_is_told_as_a_faulty_booking_is_not_told_again():
    row = ["ann.lee@police.example", "E1", 3, None]

    for cells in ({"Email": "ann.lee(at)police"}, {"Attended": "maybe"}, {"Event": "E9"}, {"Email": None}):
        assert only(put(small(**answers(row)), "Bookings", 1, **cells)).cell.startswith("Bookings!")
