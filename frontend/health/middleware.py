"""/livez and /readyz, answered before anything else: any Host, no TLS, no session, no line in the log."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from frontend.health import checks, views


class HealthMiddleware:
    """The first of all. Whether the process lives needs no database; whether it can serve looks at every part."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info)
        if answer is None:
            return self._status_without_database(request) or self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer()
        response["Cache-Control"] = "no-store"
        return response

    def _status_without_database(self, request: HttpRequest) -> HttpResponse | None:
        """The one page that must come when all others cannot."""
        if request.path_info == STATUS and request.method in {"GET", "HEAD"}:
            parts = checks.all_parts()
            if not parts[0].ok:
                return views.without_database(parts)
        return None


def alive() -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


def ready() -> JsonResponse:
    parts = checks.all_parts()
    is_ready = all(part.ok for part in parts)
    said = {part.name: {"ok": True} if part.ok else {"ok": False, "why": part.why} for part in parts}
    return JsonResponse({"ready": is_ready, "parts": said}, status=200 if is_ready else 503)


STATUS = "/status/"
ANSWERS: dict[str, Callable[[], HttpResponse]] = {"/livez": alive, "/readyz": ready}
