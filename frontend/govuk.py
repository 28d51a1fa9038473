"""GOV.UK's components, by the macros of govuk-frontend-jinja."""

from functools import lru_cache
from typing import Any, cast

from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.safestring import SafeString

Params = dict[str, Any]


def component(name: str, params: Params) -> SafeString:
    """The component's macro called with params, escaped."""
    template = cast(Jinja2, engines["pages"]).env.get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
    macro = "govuk" + "".join(word.capitalize() for word in name.split("-"))
    return SafeString(getattr(template.module, macro)(params))  # rendered with autoescape


def component_again(name: str, params: Params) -> SafeString:
    """The same, kept: for what page after page asks for. The macros take long over many choices."""
    return _kept(name, _Same(params))


class _Same:
    """Params that equal others by what is written in them."""

    def __init__(self, params: Params) -> None:
        self.params, self.written = params, repr(params)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.written == other.written

    def __hash__(self) -> int:
        return hash(self.written)


@lru_cache(maxsize=200)
def _kept(name: str, same: _Same) -> SafeString:
    return component(name, same.params)
