"""The tests of abuse sign in as those of pages do."""

from tests.frontend.conftest import sign_in

__all__ = ["sign_in"]
