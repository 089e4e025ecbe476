"""Working days of banks in mainland China; a year that has not been announced yet is refused, never guessed."""

from datetime import date, timedelta

import chinese_calendar

from .errors import CalendarError


def is_working_day(day: date) -> bool:
    """Whether banks settle on this day: State Council holidays off, make-up weekend days on.

    Source: the State Council's yearly notice, through the `chinesecalendar` table. Raises `calendar.year_unknown`.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise CalendarError("year_unknown", f"no working-day calendar for {day.year}", year=day.year) from None


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the first one after it. Raises `calendar.year_unknown`."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def last_known_year() -> int:
    """The last year whose working days are known; shown to staff so that the table is renewed in time."""
    return int(max(chinese_calendar.holidays).year)
