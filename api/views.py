"""What the views of the API share: who is let in, what may be asked, pages of rows."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import HttpRequest
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from api import throttling
from api.authentication import TokenAuthentication
from api.bodies import Body, JsonBody
from api.models import Scope, Token
from api.queries import Query
from people.models import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

Q = TypeVar("Q", bound=Query)

SIGN_IN = "Send a token as “Authorization: Bearer …”, or sign in to the pages. /api/ says how."
NO_PERSON = "You are signed in, and have yet to choose who you are: open /who-are-you/ in this browser."


class Encoder(JSONEncoder):
    """Sums as text: as numbers, £0.10 would be an approximation."""

    def default(self, obj: Any) -> Any:
        return str(obj) if isinstance(obj, Decimal) else super().default(obj)


class Json(JSONRenderer):
    encoder_class = Encoder


class PersonRequest(Request):
    """A request behind View: it knows who acts."""

    person: Person
    auth: Token | None


class View(APIView):
    """One address. scopes says which scope a token needs, by method; None: any token will do."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    # Who may do what, the views ask of the same functions as the pages.
    permission_classes = []
    parser_classes = [JsonBody]
    renderer_classes = [Json]
    # No OPTIONS: /api/v1/schema says it all.
    http_method_names = ["get", "head", "post"]

    scopes: ClassVar[Mapping[str, Scope | None]]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        throttling.count_address(request._request)
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise NotAuthenticated(SIGN_IN)
        token = cast(Token | None, request.auth)
        throttling.count_holder(f"token:{token.pk}" if token else f"account:{request.user.pk}")
        self._refuse_without_scope(request, token)

    def _refuse_without_scope(self, request: Request, token: Token | None) -> None:
        if getattr(request, "person", None) is None:
            raise PermissionDenied(NO_PERSON)
        scope = self.scopes.get("GET" if request.method == "HEAD" else request.method or "")
        if token and scope and scope not in token.scopes:
            raise PermissionDenied(f"This token is not for that: it lacks the scope “{scope}” ({scope.label.lower()}).")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-store")
        return response


def require(allowed: bool, *, who: str) -> None:
    """Raise PermissionDenied unless allowed; who says who can: "A coordinator"."""
    if not allowed:
        raise DjangoPermissionDenied(who)


def asked(request: Request, kind: type[Q]) -> Q:
    """What the address asks for. Raises ValidationError, also for what is not declared."""
    query = kind(data=request.query_params)
    query.is_valid(raise_exception=True)
    return query


def sent(request: Request, kind: type[Body]) -> dict[str, Any]:
    """What the body says. Raises ValidationError, also for what is not declared."""
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def page_of(
    request: Request,
    query: Query,
    rows: "QuerySet[Any, Any]",
    shape: Callable[[Any], dict[str, Any]],
) -> Response:
    """One page of the rows, each in its shape. In two statements, however many there are."""
    total = rows.count()
    page, size = query.validated_data["page"], query.validated_data["page_size"]
    shown: Iterable[Any] = rows[(page - 1) * size : page * size]
    return Response(
        {
            "count": total,
            "next": _address(request._request, page + 1) if page * size < total else None,
            "previous": _address(request._request, page - 1) if page > 1 else None,
            "results": [shape(row) for row in shown],
        }
    )


def _address(request: HttpRequest, page: int) -> str:
    return request.build_absolute_uri(f"{request.path}?{urlencode(request.GET.dict() | {'page': page})}")
