"""The utilisation report, as the command line prints it."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.models import Scope
from api.shapes import Shape, text, whole
from api.views import PersonRequest, View, require
from reporting import formats
from reporting.permissions import may_see_report
from reporting.utilisation import report

WHO = "A coordinator or a member of the L&D sub-group"


def counted(help_text: str = "") -> serializers.DictField:
    return serializers.DictField(child=serializers.IntegerField(), help_text=help_text)


def figures() -> serializers.DictField:
    return serializers.DictField(
        child=serializers.FloatField(allow_null=True), help_text="By the key of the figure; see definitions."
    )


class ReportConference(Shape):
    title = text()
    delegates = whole()
    workshops = whole()


class ReportEvaluation(Shape):
    responses = whole()
    response_percent = serializers.FloatField(allow_null=True)
    mean_before = serializers.FloatField(allow_null=True)
    mean_after = serializers.FloatField(allow_null=True)
    improved = whole(null=True)
    same = whole(null=True)
    lower = whole(null=True)


class ReportCourse(Shape):
    events = whole()
    places = whole()
    attended = whole()


class ReportLedger(Shape):
    """Each booking once: where it came from, and how it ended."""

    bookings = whole()
    sources = counted()
    outcomes = counted()
    identity = text()
    adds_up = serializers.BooleanField()


class ReportCut(Shape):
    code = text()
    name = text()
    figures = figures()
    ledger = ReportLedger()


class ReportWorkshop(Shape):
    conference = text()
    title = text()
    places = whole()
    chosen = whole()
    attended = whole()


class ReportConferences(Shape):
    figures = figures()
    ledger = ReportLedger()
    workshops = ReportWorkshop(many=True)


class ReportELearning(Shape):
    figures = figures()
    ledger = ReportLedger()


class ReportDefinition(Shape):
    figure = text()
    name = text()
    unit = text()
    numerator = text()
    denominator = text(allow_null=True)
    rule = text()


class ReportYear(Shape):
    """All figures of one financial year."""

    financial_year = text("As on pages: 2018/19.")
    events_delivered = whole()
    events_cancelled = whole()
    places_offered = whole()
    delegates_attended = whole()
    did_not_attend = whole()
    late_cancellations = whole()
    early_cancellations = whole()
    charges = whole()
    charges_waived = whole()
    non_attendance_pence = whole()
    conferences = ReportConference(many=True)
    utilisation_percent = serializers.FloatField(allow_null=True)
    evaluation = ReportEvaluation()
    people_trained = whole()
    by_course = serializers.DictField(child=ReportCourse(), help_text="By the course's title.")
    by_agency = counted("Delegates attended, by the agency's name.")
    unknown_outcomes = whole("Bookings without an outcome, as their registers are not closed.")
    over_100_percent = serializers.BooleanField()
    utilisation_percent_with_conferences = serializers.FloatField(allow_null=True)
    people_trained_counted_again = whole()
    figures = figures()
    ledger = ReportLedger()
    ledger_of_cancelled_events = ReportLedger()
    adds_up = serializers.BooleanField()
    courses = ReportCut(many=True)
    agencies = ReportCut(many=True)
    conferences_apart = ReportConferences()
    e_learning_apart = ReportELearning()


class UtilisationReport(ReportYear):
    """A financial year, the year before beside it, and what each figure means."""

    headline = text()
    counted_at = serializers.DateTimeField()
    provisional = serializers.BooleanField(help_text="Whether a register is still open.")
    year_before = ReportYear()
    definitions = ReportDefinition(many=True)


class Utilisation(View):
    scopes = {"GET": Scope.REPORT}

    @extend_schema(
        operation_id="read_utilisation_report",
        summary="Read the utilisation report",
        description="The same figures as on the page and the command line. For coordinators and the sub-group.",
        parameters=[
            OpenApiParameter(
                "year",
                {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "example": "2018-19"},
                OpenApiParameter.PATH,
                description="The financial year.",
            )
        ],
        responses={200: UtilisationReport},
        tags=["Report"],
    )
    def get(self, request: PersonRequest, year: str) -> Response:
        require(may_see_report(request.person), who=WHO)
        try:
            found = report(year)
        except ValueError as error:
            raise Http404 from error
        return Response(formats.as_json(found))
