"""Who may import a programme workbook; who may see an import is visible_to() on the model."""

from people.models import Person
from people.permissions import Right, may


def may_import(person: Person) -> bool:
    """Upload, accept and discard workbooks, one's own and those of others."""
    return may(person, Right.CHANGE_PROGRAMME)
