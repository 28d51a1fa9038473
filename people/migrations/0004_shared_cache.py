"""The table of the cache that all web processes share (settings.CACHES): limits on tries, and codes already used."""

from django.db import migrations

# Unlogged: what a crash of the server loses here are counts of the last minutes. As Django's createcachetable else.
TABLE = """
create unlogged table shared_cache (
  cache_key varchar(255) not null primary key, value text not null, expires timestamptz not null);
create index shared_cache_expires on shared_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_account_epoch")]

    operations = [migrations.RunSQL(TABLE, "drop table shared_cache")]
