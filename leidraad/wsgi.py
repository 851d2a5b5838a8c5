"""The web application, for gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leidraad.settings")
BOOT_ERROR = 3  # with this code gunicorn stops; with any other it would try the same again for ever

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.stderr.write(f"Leidraad cannot start: {error}\n")
    sys.exit(BOOT_ERROR)
