#!/usr/bin/env python
"""Django's command line. `script/manage` runs it with everything set up."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from config import command_line

        command_line.run(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # a wrong setting is told in a sentence, not by where it was read
