"""Tags for allauth's own templates, which are in Django's language: our one layout around them, our fields inside."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from frontend import fields

register = template.Library()


@register.simple_block_tag(takes_context=True)
def shell(context: Context, content: SafeString, title: str) -> SafeString:
    """Put content into layout.html. The title says "Error:" first where the page's form was refused."""
    form = context.get("form")
    refused = isinstance(form, BaseForm) and form.is_bound and not form.is_valid()
    page = {"content": content, "page_title": f"{'Error: ' if refused else ''}{title.strip()}"}
    return mark_safe(get_template("layout.html").render(page, context.get("request")))  # noqa: S308  # rendered with autoescape


@register.simple_tag
def govuk_form(form: BaseForm) -> SafeString:
    """All of a form's fields."""
    return fields.every_field(form)


@register.simple_tag
def govuk_field(bound: BoundField, **layout: Any) -> SafeString:
    """One field, laid out as frontend.fields.field says."""
    return fields.field(bound, **layout)


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    return fields.error_summary(form)
