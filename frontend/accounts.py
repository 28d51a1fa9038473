"""allauth's ways of signing in, in our words: forms, refusals, mail, and what happens once somebody is in."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from frontend import access, context, formats
from people import accounts, acting
from people.models import Account

logger = logging.getLogger(__name__)

EMAIL_CONFIRMED = "account/messages/email_confirmed.txt"
# Session key: stay signed in on this device, asked for together with a code.
REMEMBER = "remember"

PASSWORD_HINT = "At least 10 characters, and not one that others would guess. Three random words work well."  # noqa: S105


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which reads with the account who may act under it."""

    def get_user(self, user_id: int) -> Account | None:
        account = acting.account_with_persons(user_id)
        return account if account and self.user_can_authenticate(account) else None


def link_if_verified(account: Account) -> bool:
    """Give the account the persons known by its address, if that has been shown to be theirs. Whether it got any."""
    return is_verified(account) and bool(accounts.link(account))


def is_verified(account: Account) -> bool:
    """Whether the account's address has been shown to be its holder's."""
    return bool(EmailAddress.objects.filter(user=account, email=account.email, verified=True).exists())


def _word(field: forms.Field, *, label: str, empty: str, hint: str = "") -> None:
    field.label, field.help_text, field.error_messages["required"] = label, hint, empty


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth has no types
    """Password, or with the button "code" the same address gets a code instead: one page, nothing typed twice.

    A code goes to whoever asks, known or new: who they are is asked when they have shown that the address is theirs.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], label="Email address", empty="Enter your email address")
        _word(self.fields["password"], label="Password", empty="Enter your password, or ask for a code")
        self.fields["remember"].label = "Keep me signed in on this device"
        if "by_code" in self.data:
            self.fields["password"].required = False

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        if "by_code" in self.data:
            self.user = accounts.for_code(self.cleaned_data["login"])
        if "by_code" in self.data and self.cleaned_data["remember"]:
            request.session[REMEMBER] = True  # until the code is typed
        response: HttpResponse = super().login(request, redirect_url)
        return response

    def clean_password(self) -> str:
        """Empty when a code was asked for, even if the browser filled it in: allauth then sends the code."""
        return "" if "by_code" in self.data else self.cleaned_data["password"]


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "The one that your agency gave you: your bookings are found by it."
        _word(self.fields["email"], label="Work email address", empty="Enter your work email address", hint=hint)
        _word(self.fields["password1"], label="Password", empty="Choose a password", hint=PASSWORD_HINT)


class AddEmailForm(AllauthAddEmailForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["required"] = "Enter your new email address"


class RequestLoginCodeForm(AllauthRequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["required"] = "Enter your email address"

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self._user = accounts.for_code(email)
        return email


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["required"] = "Enter your email address"


def _ask_once(form: forms.Form) -> None:
    """A new password is typed once: it can be shown to check it, and a code by e-mail gets one in without it."""
    del form.fields["password2"]
    _word(form.fields["password1"], label="New password", empty="Choose a password", hint=PASSWORD_HINT)


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)
        _word(self.fields["oldpassword"], label="Current password", empty="Enter your current password")


class SetPasswordForm(AllauthSetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)


class ResetPasswordKeyForm(AllauthResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks us."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ask the training team to open it again.",
        "email_password_mismatch": "The email address or the password is not right",
        "enter_current_password": "The current password is not right",
        "incorrect_code": "The code is not right. Check the newest email from us",
        "incorrect_password": "The password is not right",
        "rate_limited": "That was too often in a short time. Wait a few minutes, then try again",
        "same_as_current": "This is the address that you have now",
        "too_many_login_attempts": "That was too many tries. Wait 5 minutes, then try again, or ask for a code",
    }

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Signed in, by whichever way: whoever is known by this address acts under it from now on."""
        link_if_verified(user)
        if request.session.pop(REMEMBER, False):
            request.session.set_expiry(settings.SESSION_COOKIE_AGE)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        old = Account.objects.values_list("email", flat=True).get(pk=email_address.user_id)
        confirmed: bool = super().confirm_email(request, email_address)
        new = Account.objects.values_list("email", flat=True).get(pk=email_address.user_id)
        if confirmed and new != old:
            accounts.change_email(account=email_address.user, old=old, new=new)
        return confirmed

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for an address, whichever Host is asked: with one count a Host there would be more tries."""
        return str(credentials.get("email", "")).lower()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether allauth asks again: never, as we do. It would keep what was posted in the session and post it itself.

        A sign-in just now is as good as being asked again, and who has neither password nor factor is asked too.
        """
        if super().is_reauthentication_required(app=app, **kwargs) and not access.has_shown_who_lately(self.request):
            raise ImmediateHttpResponse(access.ask_who(self.request))
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        logger.warning("A sign-in by password was refused.")  # never whose: an address may be a mistyped password

    def format_email_subject(self, subject: str) -> str:
        return subject  # the templates name the partnership

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what was done; but not to who signs in for the first time what the address is that they just typed."""
        if message_template != EMAIL_CONFIRMED or request.user.is_authenticated:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: somebody waits for it. A mail server that is down is told in words; it is no error page."""
        if not self._sent(template_prefix, email, context):
            messages.error(
                self.request, "We could not send the email just now. Nothing is lost: wait a minute and try again."
            )
            raise ImmediateHttpResponse(redirect("account_login"))

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Say what was changed to whoever reads the address; allauth calls this after each such change."""
        if template_prefix.startswith("mfa/"):
            self._end_other_sessions(user)
        facts = {"when": formats.full_moment(timezone.now())} | (context or {})
        self._sent(template_prefix, email or user.email, facts)

    def _end_other_sessions(self, account: Account) -> None:
        """Sessions that were opened without the new factor, or with the one that is gone, are not worth what it is."""
        accounts.sign_out_everywhere(account=account)
        account.refresh_from_db(fields=["epoch"])
        update_session_auth_hash(self.request, account)

    def _sent(self, template_prefix: str, email: str, context: dict[str, Any]) -> bool:
        message = self.render_mail(template_prefix, email, self._facts(email) | context)
        try:
            message.send()
        except (SMTPException, OSError):
            logger.exception("mail %s not sent", template_prefix)
            return False
        return True

    def _facts(self, email: str) -> dict[str, Any]:
        name, training_email = context.partnership()
        return {
            "email": email,
            "partnership_name": name,
            "training_email": training_email,
            # Never from the request's Host, which its sender may choose.
            "site_url": settings.SITE_URL,
        }
