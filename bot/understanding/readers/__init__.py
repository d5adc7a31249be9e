"""The readers of typed answers, by name.

A reader is a pure function of the question and the text: it never raises, and gives None rather than a guess.
"""

from collections.abc import Callable, Mapping

from bot.understanding.readers.choice import read_choice
from bot.understanding.readers.date import read_date
from bot.understanding.readers.free_text import read_free_text
from bot.understanding.readers.language import read_language
from bot.understanding.readers.name import read_name
from bot.understanding.readers.number import read_number
from bot.understanding.readers.phone import read_phone
from bot.understanding.readers.postcode import read_postcode
from bot.understanding.readers.scale import read_scale
from bot.understanding.readers.time import read_time
from bot.understanding.readers.times import read_days, read_hours, read_times
from bot.understanding.readers.until import read_until
from bot.understanding.readers.yes_no import read_yes_no
from bot.understanding.types import Asked, Reading

Reader = Callable[[Asked, str], Reading | None]

READERS: Mapping[str, Reader] = {
    "choice": read_choice,
    "date": read_date,
    "days": read_days,
    "free_text": read_free_text,
    "hours": read_hours,
    "language": read_language,
    "name": read_name,
    "number": read_number,
    "phone": read_phone,
    "postcode": read_postcode,
    "scale": read_scale,
    "time": read_time,
    "times": read_times,
    "until": read_until,
    "yes_no": read_yes_no,
}
