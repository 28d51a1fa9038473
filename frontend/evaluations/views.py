"""The delegate's form after an event, by its signed link: no sign-in, and nothing happens until it is sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from bookings.models import Booking
from evaluations import answering, concern, links, refusals
from evaluations.models import Evaluation
from frontend.evaluations.forms import AnswerForm
from reporting.release import LEAST_ANSWERS


# No answer may get into an error report.
@sensitive_post_parameters()
@sensitive_variables()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The form; sent once, it gives thanks. Opening it changes nothing, so mail scanners may."""
    reference = links.booking_of(token)
    found = Booking.objects.select_related("event__course", "event__evaluation")
    booking = found.filter(reference=reference).first() if reference else None
    if booking is None:
        return render(request, "evaluations/wrong_link.html", status=404)
    try:
        evaluation = answering.open_evaluation(booking)
        form = AnswerForm(evaluation.questionnaire.questions.all(), request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            answering.send(booking=booking, answers=form.answers())
            return redirect("evaluations:thanks")
    except refusals.AnswerRefused as refusal:
        return _refused(request, booking, refusal)
    return render(request, "evaluations/answer.html", _form_page(booking, evaluation, form))


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The same for everybody: its address does not say who has answered."""
    return render(request, "evaluations/thanks.html", _concern() | {"least": LEAST_ANSWERS})


def _refused(request: HttpRequest, booking: Booking, refusal: refusals.AnswerRefused) -> HttpResponse:
    context = {
        "event": booking.event,
        "refusal": str(refusal),
        "is_answered": isinstance(refusal, refusals.AlreadyAnswered),
        "is_closed": isinstance(refusal, refusals.Closed),
    }
    return render(request, "evaluations/nothing_to_answer.html", context | _concern())


def _form_page(booking: Booking, evaluation: Evaluation, form: AnswerForm) -> dict[str, object]:
    return _concern() | {"event": booking.event, "evaluation": evaluation, "form": form, "least": LEAST_ANSWERS}


def _concern() -> dict[str, object]:
    return {"concern_heading": concern.HEADING, "concern_sentences": concern.sentences()}
