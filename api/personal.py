"""What tokens tell a person about themselves."""

from api.models import Token
from people import merges
from people.privacy import Part, register


def parts() -> None:
    register(
        Part(
            "API tokens",
            Token,
            lambda person: Token.objects.filter(person=person).order_by("created_on", "pk"),
            {
                "Token": "reference",
                "Name": "name",
                "For": lambda token: ", ".join(token.scopes_in_words),
                "Made on": "created_on",
                "Expires on": "expires_on",
                "Last used on": "last_used_on",
                "Taken back": "revoked_at",
            },
            {"person": "who they are", "account": "told as the sign-in"},
        )
    )
    # A token ends with the sign-in that made it.
    merges.stays("api.Token.person")
