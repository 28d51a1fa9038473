"""Who the program acts for."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import shapes
from api.views import PersonRequest, View


class Me(View):
    scopes = {"GET": None}

    @extend_schema(
        operation_id="read_me",
        summary="Who am I?",
        description="Whom the token acts for and what it is for: the first thing to try.",
        responses={200: shapes.Me},
        tags=["You"],
    )
    def get(self, request: PersonRequest) -> Response:
        person, token = request.person, request.auth
        return Response(
            {
                "reference": person.reference,
                "name": person.name,
                "agency": person.agency.name,
                "roles": sorted(person.roles),
                "scopes": token.scopes if token else None,
                "expires_on": token.expires_on if token else None,
            }
        )
