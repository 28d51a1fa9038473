"""The program's addresses and the tests' own: `pytest.mark.urls("tests.frontend.urls")`."""

from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as program
from tests.frontend import gallery

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [
    *program,
    path("gallery/", gallery.gallery, name="gallery"),
    path("sensitive/", gallery.sensitive, name="sensitive"),
    path("api/v1/anything", gallery.anything, name="anything"),
    path("bare/", gallery.anything, name="bare"),
    path("forbidden/", gallery.forbidden, name="forbidden"),
    path("broken/", gallery.broken, name="broken"),
]
