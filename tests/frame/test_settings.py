"""A wrong environment stops the start with one line that names the value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "LEIDRAAD_ENV": "production",
    "SECRET_KEY": "Zr8vK2mQ9xW4tB7nL1pD6sF3hJ0gC5aE-yU_iO8rT4wN2kM7qX9vB3",
    "DATABASE_URL": "postgres://leidraad_app@127.0.0.1/leidraad",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "ALLOWED_HOSTS": "leidraad.invalid",
    "EMAIL_URL": "smtp://mail.invalid:25",
    "LEIDRAAD_SEAL_KEY": "/nowhere/seal.key",
    "LEIDRAAD_SEAL_DIR": "/nowhere/seals",
}


def start(*command: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    wanted = {**GOOD, **changes}
    env = {name: value for name, value in wanted.items() if value is not None} | {"PATH": os.environ["PATH"]}
    asked = [sys.executable, str(ROOT / "manage.py"), *(command or ("help", "check"))]
    return subprocess.run(asked, env=env, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)


def test_a_whole_production_environment_starts() -> None:
    result = start()

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", None),
        ("DATABASE_URL", "no-such-scheme://x"),
        ("DATABASE_URL", "sqlite:///somewhere"),
        ("REDIS_URL", None),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("DATABASE_POOL_SIZE", "many"),
        ("DATABASE_POOL_SIZE", "0"),
        ("CSRF_TRUSTED_ORIGINS", "leidraad.invalid"),
        ("LEIDRAAD_LOG_LEVEL", "LOUD"),
        ("EMAIL_URL", None),
        ("EMAIL_URL", "mail.invalid"),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("LEIDRAAD_ENV", "prodution"),
        ("LEIDRAAD_TODAY", "23-11-2026"),
        ("LEIDRAAD_TODAY", "2026-11-23"),
        ("LEIDRAAD_DEMO", "1"),
        ("LEIDRAAD_DEMO", "perhaps"),
        ("LEIDRAAD_DEBUG", "1"),
        ("LEIDRAAD_TLS", "0"),
        ("LEIDRAAD_LOCK_MINUTES", "0"),
        ("LEIDRAAD_SECOND_FACTOR", "sometimes"),
        ("LEIDRAAD_OPENID_PROVIDERS", "{"),
        ("LEIDRAAD_OPENID_PROVIDERS", '[{"id": "dtv"}]'),
        ("LEIDRAAD_SEAL_KEY", None),
        ("LEIDRAAD_SEAL_DIR", None),
        ("LEIDRAAD_READ_LOG_RETENTION", "60"),
        ("LEIDRAAD_SIGNAL_NIGHT", "late"),
    ],
)
def test_a_missing_malformed_or_unsafe_value_is_named_in_one_line(name: str, value: str | None) -> None:
    result = start(**{name: value})

    assert result.returncode != 0
    assert result.stderr.startswith("Leidraad cannot start:"), result.stderr
    assert name in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_production_passes_every_check_that_django_has_for_it() -> None:
    here = {name: os.environ.get(name) for name in ("DATABASE_URL", "LEIDRAAD_NODE_MODULES")}

    result = start("check", "--deploy", "--fail-level", "DEBUG", **here)

    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


def test_production_keeps_passwords_with_argon2_and_cookies_for_this_host_alone() -> None:
    result = start("diffsettings", "--all")

    lines = dict(line.strip("# ").split(" = ", 1) for line in result.stdout.splitlines() if " = " in line)
    assert lines["PASSWORD_HASHERS"].startswith("['django.contrib.auth.hashers.Argon2PasswordHasher'")
    for kind in ("SESSION", "CSRF"):
        assert lines[f"{kind}_COOKIE_NAME"].startswith("'__Host-")
        assert lines[f"{kind}_COOKIE_SECURE"] == lines[f"{kind}_COOKIE_HTTPONLY"] == "True"
    assert (lines["SESSION_EXPIRE_AT_BROWSER_CLOSE"], lines["LEIDRAAD_SECOND_FACTOR"]) == ("True", "None")
