"""What allauth's own pages of second factors leave open."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect


class RemoveKeyView(RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """allauth asks whether a factor may go for apps only."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, f"{adapter.error_messages['cannot_delete_authenticator']}.")
            return HttpResponseRedirect(self.get_success_url())
        response: HttpResponse = super().form_valid(form)
        return response


remove_key = RemoveKeyView.as_view()
