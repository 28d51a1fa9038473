"""The PDF of an invoice: what it says, for whom it can be read, and that it is the same each time."""

import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from pypdf import PdfReader

from invoicing import document
from invoicing.models import Invoice, InvoiceLine
from outbox import pdf

SELLER = {
    "name": "Anyshire Safeguarding Partnership",
    "address": "1 High Street, Anytown, AN1 1AA",
    "email": "training@anyshire.example",
    "vat_number": "GB 123 4567 89",
    "payment_details": "Anyshire Council\nSort code 00-00-00, account 12345678",
}
PAYER = {
    "reference": "P1",
    "name": "Anyshire Police",
    "address": "2 Low Street, Anytown",
    "email": "pay@police.example",
}


def invoice(count=1, *, vat=False, seller=None, payer=None, **facts):
    """An issued invoice and its lines, which no database needs to hold."""
    one = {"net_amount": Decimal("75.00"), "vat_treatment": "standard" if vat else "outside-scope"}
    one |= {"vat_rate": Decimal("20.00"), "vat_amount": Decimal("15.00")} if vat else {"vat_amount": Decimal(0)}
    lines = [
        InvoiceLine(
            booking_reference=f"BOOKING{number:03}",
            course=facts.get("course", "Neglect"),
            event_reference=f"EV{number}",
            event_on=date(2018, 6, 5),
            reason=facts.get("reason", "Did not attend (policy of 1 April 2016): £75."),
            **one,
        )
        for number in range(count)
    ]
    made = Invoice(
        reference="INV-2018-19-0042",
        month=date(2018, 6, 1),
        issued_at=datetime(2018, 7, 3, 9, 30, tzinfo=UTC),
        due_on=date(2018, 8, 2),
        net_amount=sum(line.net_amount for line in lines),
        vat_amount=sum(line.vat_amount for line in lines),
        parties={"seller": SELLER | (seller or {}), "payer": PAYER | (payer or {}), "purchase_order": "PO-17"},
    )
    return made, lines


def read(*args, **facts):
    return PdfReader(io.BytesIO(document.made(*invoice(*args, **facts))))


def text(reader):
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def places_of(page):
    """Where its words begin, from the left."""
    places = []
    page.extract_text(visitor_text=lambda words, cm, tm, font, size: places.append(cm[4] + tm[4]))
    return places


def tags(node, found=None):
    """The kinds of all elements of the document's structure."""
    found = [] if found is None else found
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            tags(one, found)
    elif isinstance(node, dict):
        found.extend([node["/S"]] if "/S" in node else [])
        if "/K" in node:
            tags(node.raw_get("/K"), found)
    return found


def test_it_says_all_that_an_invoice_must():
    said = text(read())
    for words in (
        "Invoice INV-2018-19-0042", "Anyshire Safeguarding Partnership", "1 High Street", "AN1 1AA", "Anyshire Police",
        "2 Low Street", "3 July 2018", "2 August 2018", "PO-17", "BOOKING000", "Neglect", "5 Jun 2018", "EV0",
        "Did not attend (policy of 1 April 2016): £75.", "£75.00", "time of supply", "VAT: outside the scope",
        "Sort code 00-00-00", "Quote INV-2018-19-0042 when you pay", "training@anyshire.example", "Page 1 of 1",
    ):  # fmt: skip
        assert words in said
    assert "VAT invoice" not in said, "titled so only where VAT is charged"


def test_with_vat_it_is_a_vat_invoice_with_rate_net_vat_and_gross():
    said = text(read(2, vat=True))
    for words in ("VAT invoice INV-2018-19-0042", "GB 123 4567 89", "20 %", "£15.00", "£150.00", "£30.00", "£180.00"):
        assert words in said


def test_it_is_tagged_for_screen_readers_with_title_language_and_table_heads():
    reader = read(2)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Invoice INV-2018-19-0042"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    kinds = tags(root["/StructTreeRoot"])
    assert kinds.count("/H1") == 1
    assert kinds.count("/TH") == 5 + 2, "of the charges, and of the totals"
    assert "/Table" in kinds


def test_many_lines_go_over_pages_each_with_the_head_and_its_number():
    reader = read(60)
    assert len(reader.pages) > 2
    said = [page.extract_text() for page in reader.pages]
    assert all(f"Page {number} of {len(said)}" in page for number, page in enumerate(said, 1))
    with_lines = [page for page in said if "BOOKING" in page]
    assert all("Net amount" in page for page in with_lines)
    assert all(text(reader).count(f"BOOKING{number:03}") == 1 for number in range(60))


def test_what_people_wrote_is_printed_and_never_run():
    hostile = '#eval("1+1") $x$ @ref <script>alert(1)</script> {{7*7}} *b* _i_ `r` // c /* d */ #panic() \\'
    reader = read(course=hostile, payer={"name": hostile}, reason=hostile)
    # Without spaces, as lines end elsewhere in a narrow column.
    assert text(reader).replace(" ", "").count(hostile.replace(" ", "")) == 3


def test_text_that_turns_itself_round_is_printed_as_it_was_typed():
    said = text(read(payer={"name": "ecilop \u202e\u2066Police\u2069 \u200f"}))
    assert "ecilop Police" in said


def test_an_address_and_an_account_number_are_copied_as_they_are():
    long = "training-administration@anyshire-safeguarding.example", "GB29NWBK60161331926819"
    said = text(read(seller={"email": long[0], "payment_details": f"IBAN {long[1]}"}))
    assert all(word in said for word in long)
    assert not {character for character in said if not character.isprintable()}


def test_ten_thousand_characters_without_a_space_stay_on_the_pages():
    reader = read(course="x" * 10_000, payer={"name": "y" * 10_000})
    said = text(reader).replace(" ", "")
    assert said.count("x") >= 10_000
    assert said.count("y") >= 10_000
    for page in reader.pages:
        assert all(0 <= x <= page.mediabox.width for x in places_of(page))


@pytest.mark.parametrize("words", ["日本", "😀", "ﷺ", "a\x07b\x00", "\ud800", "".join(map(chr, range(0x4E00, 0x4F00)))])
def test_letters_that_the_font_does_not_have_leave_a_mark_and_a_note(words):
    said = text(read(payer={"name": f"Police {words} Anyshire"}))
    assert "Police" in said
    assert "Anyshire" in said
    assert ("font does not have" in said) == (not words.startswith(("a", "\ud800")))


def test_accents_and_other_alphabets_of_europe_are_printed():
    name = "Siân Ó Briain, Łódź, Ελλάδα, Жук, Größe"
    assert name in text(read(payer={"name": name}))


def test_the_same_invoice_has_the_same_bytes_in_another_process():
    here = document.made(*invoice(40))
    facts = document.facts(*invoice(40))
    program = (
        "import hashlib, json, sys; from datetime import UTC, datetime; from outbox import pdf;"
        "made = pdf.compiled(sys.argv[1], json.load(sys.stdin), created_at=datetime(2018, 7, 3, 9, 30, tzinfo=UTC));"
        "sys.stdout.buffer.write(made)"
    )
    command = [sys.executable, "-c", program, document.TEMPLATE]
    there = [
        subprocess.run(
            command, input=json.dumps(facts).encode(), cwd=settings.BASE_DIR, capture_output=True, check=True
        )
        for _ in range(2)
    ]
    assert [one.stdout == here for one in there] == [True, True]


def test_a_draft_has_no_document():
    made, lines = invoice()
    made.issued_at = None
    with pytest.raises(ValueError, match="not issued"):
        document.made(made, lines)


def test_an_invoice_of_before_addresses_and_bank_details_were_kept_is_still_printed():
    made, lines = invoice()
    for party, gone in (("seller", "payment_details"), ("payer", "address")):
        made.parties[party] = {name: value for name, value in made.parties[party].items() if name != gone}
    assert document.made(made, lines).startswith(b"%PDF")


def test_a_wrong_template_is_told_and_not_tried_for_ever(tmp_path):
    template = tmp_path / "wrong.typ"
    template.write_text("#nothing-of-that-name")
    with pytest.raises(pdf.CannotBeDrawn, match=r"wrong\.typ"):
        pdf.compiled(str(template), {}, created_at=datetime(2018, 7, 3, tzinfo=UTC))
