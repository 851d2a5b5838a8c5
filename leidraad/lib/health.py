"""Is the process alive, and can it do its work? For balancers and the people who run it; no sign-in, no personal data."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from redis import Redis
from redis.exceptions import RedisError

BROKER_TIMEOUT = 0.5


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Says nothing about anything behind it."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 naming what failed (database, migrations). A dead broker is told as `degraded`, still 200: pages keep working."""
    failed = _failed()
    if failed:
        return JsonResponse({"status": "failed", "failed": failed}, status=503)
    if not _broker_answers():
        return JsonResponse({"status": "degraded", "degraded": ["broker"]})
    return JsonResponse({"status": "ok"})


def _failed() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ["database"]
    return ["migrations"] if waiting else []


def _broker_answers() -> bool:
    if not settings.REDIS_URL:
        return bool(settings.CELERY_TASK_ALWAYS_EAGER)
    try:
        broker = Redis.from_url(
            settings.REDIS_URL, socket_timeout=BROKER_TIMEOUT, socket_connect_timeout=BROKER_TIMEOUT
        )
        return bool(broker.ping())
    except RedisError:
        return False
