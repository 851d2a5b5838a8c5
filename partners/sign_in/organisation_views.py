"""The two addresses of signing in at one's own organisation: there, and back."""

from collections.abc import Callable

import requests
import structlog
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from partners.sign_in.organisation import not_now, provider_of

log = structlog.get_logger(__name__)


def _asked(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    provider = provider_of(provider_id)
    if provider is None:
        raise Http404
    try:
        return view(request, provider_id)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError) as error:
        log.warning("openid_provider_away", provider=provider_id, error=type(error).__name__)
        return not_now(request, provider)


@require_GET
def there(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _asked(views.login, request, provider_id)


@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _asked(views.callback, request, provider_id)
