"""Who asks: a program with a token, or the person's own browser that is signed in to the pages."""

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api import tokens
from api.models import Token
from people.models import Account

SCHEME = "Bearer"
NO_ENTRY = (
    "This token lets nobody in: it is mistyped, has expired or was taken back, or what its person may do has changed. "
    "Make another one on the page API access."
)


class TokenAuthentication(BaseAuthentication):
    """Authorization: Bearer turnout_…"""

    def authenticate(self, request: Request) -> tuple[Account, Token] | None:
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        found = tokens.enter(secret.strip().decode("ascii", "replace"))
        if found is None:
            raise AuthenticationFailed(NO_ENTRY)
        token, person = found
        # As PersonMiddleware does for pages. A token counts before a cookie that came with it.
        django_request: Any = request._request
        django_request.person, django_request.persons = person, [person]
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="turnout"'
