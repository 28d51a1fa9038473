"""Signing a test's client in without the pages for it, as somebody who has just done it."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY


def enter(client, account, *, seconds_ago=0):
    """Sign the client in to the account; with seconds_ago as somebody who gave their password that long ago."""
    account.refresh_from_db()  # its epoch may have counted up
    client.force_login(account)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - seconds_ago}]
    session[AUTHENTICATION_METHODS_SESSION_KEY + "_user"] = str(account.pk)
    session.save()
