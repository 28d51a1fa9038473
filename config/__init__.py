import gc

# Loading makes hundreds of thousands of objects that stay. To look through them for rubbish again and again takes a
# tenth of the time of a start, and of a request.
gc.set_threshold(50_000)

from config.celery import app as celery_app  # noqa: E402  # loaded after that

__all__ = ["celery_app"]
