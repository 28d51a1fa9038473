from django.test import RequestFactory

from frontend import paging


def page(address, rows):
    return paging.page_of(RequestFactory().get(address), rows, per_page=10)


def test_one_page_has_no_links():
    assert page("/", range(10)).links is None


def test_an_empty_list_is_a_page_of_nothing():
    empty = page("/", [])
    assert (empty.rows, empty.total, empty.links) == ([], 0, None)


def test_links_keep_the_filters():
    links = page("/?agency=wmp&page=2", range(25)).links
    assert links["previous"] == {"href": "?agency=wmp&page=1"}
    assert links["next"] == {"href": "?agency=wmp&page=3"}
    assert [item["current"] for item in links["items"]] == [False, True, False]


def test_a_page_that_is_none_gives_the_nearest():
    assert page("/?page=99", range(25)).first == 21
    assert page("/?page=mice", range(25)).first == 1


def test_many_pages_are_shortened():
    items = page("/?page=10", range(300)).links["items"]
    assert [item.get("number") for item in items] == [1, None, 9, 10, 11, None, 30]
    assert items[1] == items[5] == {"ellipsis": True}


def test_sorting_turns_round_and_starts_at_the_first_page():
    request = RequestFactory().get("/?agency=wmp&page=3")
    assert paging.sorted_address(request, "name") == "?agency=wmp&sort=name"
    assert paging.sorted_address(RequestFactory().get("/?sort=name"), "name") == "?sort=-name"
    assert paging.sorted_address(RequestFactory().get("/?sort=-name"), "name") == "?sort=name"
