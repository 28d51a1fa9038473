"""Invoice numbers: one after the other without a gap, per series and financial year."""

from django.db import connection, transaction

# One statement both locks the row and counts. A PostgreSQL sequence would not do: what rolls back leaves a gap in it.
NEXT_NUMBER = """
    insert into invoicing_numberseries (series, financial_year, last_number) values (%s, %s, 1)
    on conflict (series, financial_year) do update set last_number = invoicing_numberseries.last_number + 1
    returning last_number
"""


def next_number(series: str, financial_year: str) -> int:
    """The number after the last one, from 1.

    Take it last in the transaction that issues: whoever else issues in the series waits from here until that one ends,
    and a transaction that fails gives the number back. Raises TransactionManagementError outside a transaction, where
    the number would be used up at once.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken in the transaction that issues the invoice.")
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [series, financial_year])
        (number,) = cursor.fetchone()
    return int(number)
