"""The Jinja2 environment of the pages: what templates may call, and a loud word for names that do not exist."""

from typing import Any

from django.templatetags.static import static
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader

from frontend import fields, formats, govuk, paging, returning
from frontend.addresses import address
from training import booking_window


class Loud(ChainableUndefined):
    """A missing name may be asked for (GOV.UK's macros do so all the time) but never printed."""

    def __str__(self) -> str:
        self._fail_with_undefined_error()

    __html__ = __str__


def environment(**options: Any) -> Environment:
    """The environment that settings.TEMPLATES names; Django hands in its own loader over frontend/templates."""
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options["loader"] = ChoiceLoader([options["loader"], macros])
    options["undefined"] = Loud
    # Blocks leave no empty lines behind: pages are read by people with the source open, too.
    env = Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  # Django sets autoescape
    env.globals.update(
        static=static,
        url=address,
        field=fields.field,
        fields=fields.every_field,
        error_summary=fields.error_summary,
        error_texts=fields.error_texts,
        component_again=govuk.component_again,
        tag=formats.tag,
        booking_window=booking_window.words,
        sorted_address=paging.sorted_address,
        opened_from=returning.opened_from,
        opened_from_event=returning.opened_from_event,
        back_to_event=returning.back_to_event,
        kept_list=returning.kept_list,
        is_opened_from_a_list=returning.is_opened_from_a_list,
        list_address=returning.list_address,
    )
    env.filters.update(formats.FILTERS)
    return env
