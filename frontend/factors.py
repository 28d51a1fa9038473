"""allauth's second factors in our words: authenticator apps, passkeys and security keys, recovery codes."""

import re
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from frontend import context
from people import second_factor
from people.models import Account


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks us."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Your role needs a second step, and this is your only one. Set up another first",
        "cannot_generate_recovery_codes": "Recovery codes stand in for an app or a key. Set up one of these first",
        "incorrect_code": "The code is not right. Wait for the next one and try again",
        "unverified_email": "Confirm your email address first",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return second_factor.may_be_removed(authenticator)

    def get_totp_issuer(self) -> str:
        return context.partnership()[0]

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "My passkey" if number == 0 else f"Passkey {number + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str | None]:
        # Never from the request's Host, which its sender may choose.
        return {"id": urlsplit(settings.SITE_URL).hostname, "name": context.partnership()[0]}

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, as part of the page: it has no styles that the content policy would refuse."""
        whole: str = super().build_totp_svg(url)
        _, _, svg = whole.partition("?>")
        return svg.strip().replace("<svg ", '<svg role="img" aria-label="Picture to scan with your app" ', 1)

    # The secret behind an app's codes is as good as the app: whoever reads the tables or a back-up must not have it.
    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = (salted_hmac("second factor", "", secret=secret, algorithm="sha256") for secret in _secrets())
    return MultiFernet([Fernet(urlsafe_b64encode(key.digest())) for key in keys])


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _spend(account: Account, code: str) -> None:
    """Refuse a code that was taken before. allauth remembers one for 30 seconds, and takes it for 90."""
    lives = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    if not cache.add(f"second-factor:{account.pk}:{re.sub(r'[^0-9]', '', code)}", "spent", timeout=lives):
        raise FactorAdapter().validation_error("incorrect_code")


class _CodeForm(forms.Form):
    """Goes before allauth's form: its words, and a code is taken once."""

    label, hint = "Code", "6 digits from your authenticator app, or a recovery code."
    user: Account

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.help_text, field.error_messages["required"] = self.label, self.hint, "Enter the code"
        field.widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's
        _spend(self.user, code)
        return code


class AuthenticateForm(_CodeForm, AllauthAuthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass


class ReauthenticateForm(_CodeForm, AllauthReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass


class ActivateForm(_CodeForm, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    label, hint = "Code from the app", "6 digits, new every half minute."

    @property
    def secret_in_groups(self) -> str:
        """As it is easiest typed; apps take it with the spaces."""
        return " ".join(re.findall(".{1,4}", self.secret))


def _name(field: forms.Field) -> None:
    field.label, field.help_text = "Name", "So that you know it again, for instance “Work laptop”."
    field.error_messages["required"] = "Enter a name"


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["name"])
        passwordless = self.fields["passwordless"]
        passwordless.label = "Let it sign me in without a password"
        passwordless.help_text = "It then asks for your finger, face or PIN each time."


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["name"])
