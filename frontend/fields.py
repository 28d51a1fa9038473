"""The one adapter from Django's form fields to GOV.UK's components.

Templates write {{ error_summary(form) }} and {{ field(form["name"]) }}; allauth's forms come through the same functions
by templatetags/shell.py. A field's label, help text, choices, errors and autocomplete come from the form; how it is
laid out (width, rows, inline…) from the template.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, cast

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.widgets import ChoiceWidget
from django.utils.encoding import force_str
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from frontend.dates import DateInput
from frontend.govuk import Params, component, component_again

NOT_FILLED_IN = forms.Field.default_error_messages["required"]
NOT_A_NUMBER = {
    forms.IntegerField.default_error_messages["invalid"],
    forms.DecimalField.default_error_messages["invalid"],
}


def field(bound: BoundField, **layout: Any) -> SafeString:
    """One field with its label, hint and error.

    layout: label, hint (replace the form's), width (2, 3, 4, 5, 10, 20, 30 characters or "full"), rows (textarea),
    inline (radios beside each other), small (small radios, checkboxes), heading (the label is the page's h1),
    label_classes ("govuk-label--m"), prefix, suffix, classes, hints (of single choices, by their value),
    reveals (what is asked below single choices once chosen, by their value), value (overrides what the form holds).
    """
    if bound.is_hidden:
        value = bound.value()
        tag = '<input type="hidden" name="{}" value="{}" id="{}">'
        return format_html(tag, bound.html_name, "" if value is None else value, bound.auto_id)
    name, shape = _shape(bound.field.widget)
    params = shape(bound, layout)
    # Lists are filtered by the same choices again and again; what somebody typed comes once.
    is_repeated = name == "select" or (name == "input" and not params["value"])
    return component_again(name, params) if is_repeated else component(name, params)


def every_field(form: BaseForm) -> SafeString:
    """All of the form's fields, in its order."""
    return mark_safe("".join(field(bound) for bound in form))  # noqa: S308  # each is escaped


def error_summary(*forms_: BaseForm) -> SafeString:
    """The box at the top of a page whose form was refused: what is wrong, linked to where. Empty without errors."""
    errors = [error for form in forms_ if form.is_bound for error in _errors(form)]
    if not errors:
        return SafeString("")
    return component("error-summary", {"titleText": "There is a problem", "errorList": errors})


def error_texts(bound: BoundField) -> list[str]:
    """The field's errors in words; Django's "This field is required." becomes what to do."""
    return [_worded(error, bound) for error in map(force_str, bound.errors)]


def _errors(form: BaseForm) -> Iterator[Params]:
    for text in form.non_field_errors():
        first = next((bound for bound in form if not bound.is_hidden), None)
        yield {"text": text, "href": f"#{first.id_for_label or first.auto_id}" if first else None}
    for bound in form:
        for text in error_texts(bound):
            yield {"text": text, "href": f"#{_first_id(bound)}"}


def _first_id(bound: BoundField) -> str:
    """Where a link from the summary puts the cursor: in a date, its first wrong part."""
    if isinstance(bound.field.widget, DateInput):
        return f"{bound.auto_id}-{next(iter(_wrong_parts(bound)), 'day')}"
    return bound.auto_id


def _worded(error: str, bound: BoundField) -> str:
    label = force_str(bound.label)
    label = label[:1].lower() + label[1:] if label[1:2].islower() else label
    if error == NOT_FILLED_IN:
        chosen = isinstance(
            bound.field.widget, forms.Select | forms.CheckboxInput | forms.RadioSelect | forms.FileInput
        )
        return f"{'Select' if chosen else 'Enter'} {label}"
    if error in NOT_A_NUMBER:
        return f"{force_str(bound.label)} must be a number"
    return error


# --- What each kind of widget becomes --------------------------------------------------------------------------------

# A placeholder goes as soon as one types, "required" speaks before one has, and maxlength cuts what is pasted.
SAID_ELSEWHERE = frozenset(
    {"placeholder", "autofocus", "required", "autocomplete", "rows", "cols", "class", "type"}
    | {"maxlength", "minlength", "min", "max", "step"}
)

Shape = Callable[[BoundField, Params], Params]


def _shape(widget: forms.Widget) -> tuple[str, Shape]:
    """GOV.UK's component for a widget, and the function that makes its parameters."""
    for kind, name, shape in SHAPES:
        if isinstance(widget, kind):
            return name, shape
    return "input", _input


def _common(bound: BoundField, layout: Params) -> Params:
    """What all components take: id, name, label, hint, error."""
    label, hint = layout.get("label", bound.label), layout.get("hint", bound.help_text)
    heading = bool(layout.get("heading"))
    params: Params = {
        "id": bound.auto_id,
        "name": bound.html_name,
        "classes": layout.get("classes", ""),
        "label": {
            "html": conditional_escape(label),
            "isPageHeading": heading,
            "classes": "govuk-label--l" if heading else layout.get("label_classes", ""),
        },
        # The macros say class names of what is not there, too.
        "formGroup": {"classes": ""},
        "button": {"classes": ""},
        "attributes": _passed_on(bound),
        "disabled": bound.field.disabled,
    }
    if hint:
        params["hint"] = {"html": conditional_escape(hint)}
    if bound.errors:
        params["errorMessage"] = {"html": SafeString("<br>").join(map(conditional_escape, error_texts(bound)))}
    return params


def _passed_on(bound: BoundField) -> Params:
    """The widget's attributes that say something to a browser; not those that GOV.UK's pages do without."""
    attributes = bound.field.widget.attrs
    return {name: value for name, value in attributes.items() if name not in SAID_ELSEWHERE and value is not False}


def _value(bound: BoundField, layout: Params) -> str:
    value = layout.get("value", bound.value())
    return "" if value is None else force_str(bound.field.widget.format_value(value) or "")


def _input(bound: BoundField, layout: Params) -> Params:
    widget = bound.field.widget
    params = _common(bound, layout) | {"value": _value(bound, layout), "type": getattr(widget, "input_type", "text")}
    params["autocomplete"] = widget.attrs.get("autocomplete")
    if params["type"] == "number":  # a wheel or an arrow key must not change what was typed
        whole = isinstance(bound.field, forms.IntegerField)
        params |= {"type": "text", "inputmode": "numeric" if whole else "decimal", "spellcheck": False}
    if params["type"] == "email" or widget.attrs.get("type") == "email":
        params |= {"type": "email", "spellcheck": False, "autocapitalize": "none"}
    for affix in ("prefix", "suffix"):
        if layout.get(affix):
            params[affix] = {"text": layout[affix]}
    width = layout.get("width", "")
    params["classes"] += " govuk-!-width-full" if width == "full" else f" govuk-input--width-{width}" if width else ""
    return params


def _password(bound: BoundField, layout: Params) -> Params:
    return _common(bound, layout) | {"value": "", "autocomplete": bound.field.widget.attrs.get("autocomplete")}


def _textarea(bound: BoundField, layout: Params) -> Params:
    return _common(bound, layout) | {"value": _value(bound, layout), "rows": layout.get("rows", 5)}


def _file(bound: BoundField, layout: Params) -> Params:
    return _common(bound, layout)


def _select(bound: BoundField, layout: Params) -> Params:
    return _common(bound, layout) | {"items": _options(bound)}


def _options(bound: BoundField) -> list[Params]:
    widget = cast(forms.Select, bound.field.widget)
    chosen = {force_str(value) for value in widget.format_value(bound.value())}
    found = []
    for value, label in widget.choices:
        inside = label if isinstance(label, list | tuple) else [(value, label)]  # a group's choices follow each other
        found += [
            {"value": force_str(v), "text": force_str(text), "selected": force_str(v) in chosen} for v, text in inside
        ]
    return found


def _choices(bound: BoundField, layout: Params) -> Params:
    """Radios or checkboxes, with the field's label as their legend."""
    params = _common(bound, layout)
    heading = params.pop("label")
    size = "govuk-fieldset__legend--l" if heading["isPageHeading"] else layout.get("legend", "")
    params["fieldset"] = {"legend": heading | {"classes": size}}
    hints, reveals = layout.get("hints", {}), layout.get("reveals", {})
    widget = cast(ChoiceWidget, bound.field.widget)
    chosen = {force_str(value) for value in widget.format_value(bound.value())}
    params["items"] = [
        {
            "value": force_str(value),
            "html": conditional_escape(cast(str, label)),
            "checked": force_str(value) in chosen,
            "disabled": bound.field.disabled,
        }
        | ({"hint": {"text": hints[value]}} if value in hints else {})
        | ({"conditional": {"html": reveals[value]}} if value in reveals else {})
        for value, label in widget.choices
    ]
    kind = "checkboxes" if isinstance(widget, forms.CheckboxSelectMultiple) else "radios"
    for wish in ("inline", "small"):
        if layout.get(wish):
            params["classes"] += f" govuk-{kind}--{wish}"
    # The macros number the choices from this; the first has none, so that the error summary finds it.
    params["idPrefix"] = params.pop("id")
    return params


def _tick(bound: BoundField, layout: Params) -> Params:
    """A single checkbox: its label stands beside it, its hint below."""
    params = _common(bound, layout)
    item = {"value": "on", "html": params.pop("label")["html"], "checked": bool(bound.value())}
    if "hint" in params:
        item["hint"] = params.pop("hint")
    if layout.get("small"):
        params["classes"] += " govuk-checkboxes--small"
    return params | {"idPrefix": params.pop("id"), "items": [item]}


def _date(bound: BoundField, layout: Params) -> Params:
    params = _common(bound, layout)
    heading = params.pop("label")
    size = "govuk-fieldset__legend--l" if heading["isPageHeading"] else layout.get("legend", "")
    values = bound.value()
    parts = DateInput.split(values) if isinstance(values, date | None) else values
    wrong = _wrong_parts(bound)
    params["fieldset"] = {"legend": heading | {"classes": size}}
    params["items"] = [
        {
            "id": f"{bound.auto_id}-{part}",
            "name": f"{bound.html_name}-{part}",
            "label": part.capitalize(),
            "value": force_str(value or ""),
            "classes": ("govuk-input--width-4" if part == "year" else "govuk-input--width-2")
            + (" govuk-input--error" if part in wrong else ""),
        }
        for part, value in zip(DateInput.PARTS, parts, strict=True)
    ]
    return params


def _wrong_parts(bound: BoundField) -> tuple[str, ...]:
    """Which of day, month and year the error is about; all of them where it does not say."""
    if not bound.errors:
        return ()
    named = {part for error in bound.errors.as_data() for part in (error.params or {}).get("parts", ())}
    return tuple(part for part in DateInput.PARTS if part in named) or DateInput.PARTS


# The first that fits: a subclass stands before its class.
SHAPES: tuple[tuple[type[forms.Widget], str, Shape], ...] = (
    (DateInput, "date-input", _date),
    (forms.CheckboxSelectMultiple, "checkboxes", _choices),
    (forms.RadioSelect, "radios", _choices),
    (forms.CheckboxInput, "checkboxes", _tick),
    (forms.Select, "select", _select),
    (forms.Textarea, "textarea", _textarea),
    (forms.PasswordInput, "password-input", _password),
    (forms.FileInput, "file-upload", _file),
)
