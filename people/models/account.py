"""Accounts: a sign-in by e-mail address, for one person or several who share a mailbox."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from people.models.person import Person


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """A new account; without a password it can be signed in to by code only."""
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A sign-in. What it may do comes from the roles of the person who acts."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Counted up by the database (migration 0003) when a role, a person or the account itself goes, or the password
    # changes: whatever was signed in before holds the older count and ends.
    epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="account_email_is_in_lower_case")]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def acting(self) -> list["Person"]:
        """The persons who may act under it, with agency and roles; acting.account_with_persons() reads them with it."""
        persons = self.persons.employed().with_grants()
        return list(persons.select_related("agency").order_by("sort_name", "id"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        added = self._state.adding
        super().save(*args, **kwargs)
        if not added and not {"password", "is_active"}.isdisjoint(kwargs.get("update_fields") or {"password"}):
            # The database may have counted up, and who changes their own password stays signed in by the new count.
            self.refresh_from_db(fields=["epoch"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must hold to go on: Django asks at each request, for the fallback keys too."""
        salt = "people.Account.get_session_auth_hash"
        return salted_hmac(salt, f"{self.epoch}:{self.password}", secret=secret, algorithm="sha256").hexdigest()
