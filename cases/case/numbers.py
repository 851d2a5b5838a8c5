"""Case numbers: the year of opening and a counter, "Z-2026-000123", with more digits when a year needs them."""

from django.db import connection


def next_numbers(year: int, count: int = 1) -> list[str]:
    """Reserve `count` numbers. Holds the year's counter row until the transaction ends, so that no number is given twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_casecounter (year, last) VALUES (%s, %s)"
            " ON CONFLICT (year) DO UPDATE SET last = cases_casecounter.last + %s RETURNING last",
            [year, count, count],
        )
        (last,) = cursor.fetchone()
    return [f"Z-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
