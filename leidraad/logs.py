"""How everything that runs writes its log: one line an event, as JSON in production."""

from typing import Any

import structlog


def logging_of(level: str, *, as_json: bool) -> dict[str, Any]:
    """The logging configuration. Sets structlog up to write through it."""
    context: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *context,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(),
        "foreign_pre_chain": [*context, structlog.processors.format_exc_info],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The relay tells each second that it had nothing to do, and at each start that Redis is not RabbitMQ.
            "django_celery_outbox": {"level": "WARNING"},
            "django_celery_outbox.relay._relay": {"level": "ERROR"},
        },
    }
