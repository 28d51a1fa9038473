"""Invoice numbers: 1 to N with no gap, whoever else issues and whatever fails."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from invoicing import numbering
from invoicing.models import NumberSeries


class Failed(Exception):
    pass


@pytest.mark.django_db
def test_numbers_follow_each_other_per_series_and_year():
    taken = [numbering.next_number(*key) for key in [("INV", "2018-19")] * 2 + [("INV", "2019-20"), ("CN", "2018-19")]]
    assert taken == [1, 2, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_taken_in_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        numbering.next_number("INV", "2018-19")
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twelve_threads_with_failures_between_leave_no_gap():
    # Red with a PostgreSQL sequence, or with max(number) + 1: gaps, or a number twice.
    chance = random.Random(6)  # a list of which fail, made before the threads start, so that each run is the same
    fails = [chance.random() < 0.15 for _ in range(480)]

    def issue(attempt):
        try:
            with transaction.atomic():
                number = numbering.next_number("INV", "2018-19")
                if fails[attempt]:
                    raise Failed
        except Failed:
            return None
        else:
            return number
        finally:
            if attempt % 40 == 39:
                connection.close()

    def work(thread):
        return [issue(thread * 40 + turn) for turn in range(40)]

    with ThreadPoolExecutor(12) as threads:
        numbers = [number for part in threads.map(work, range(12)) for number in part if number]
    assert len(numbers) == fails.count(False)
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert NumberSeries.objects.get().last_number == len(numbers)
