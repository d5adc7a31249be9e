"""Whether Twilio made a request, by Twilio's own validator, and what the request says."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # twilio ships no types

from channels.contract import RawRequest

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MOST_FIELDS = 200


class Form(dict[str, list[str]]):
    """Form fields, each with all its values; `getlist` is how the validator asks for them."""

    def getlist(self, name: str) -> list[str]:
        """Every value of one field."""
        return self[name]

    def first(self, name: str) -> str:
        """The first value of one field, or the empty string."""
        return self.get(name, [""])[0]


def read_form(request: RawRequest) -> Form:
    """The fields of a form body. Raises ValueError, with no word of the body in it, for anything else."""
    if _media_type(request) != FORM:
        raise ValueError("body is not a form")
    try:
        text = request.body.decode("ascii")
        return Form(parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        pass
    raise ValueError("form body cannot be read")


def is_signed(request: RawRequest, token: str) -> bool:
    """Whether `X-Twilio-Signature` is right for this URL and body; never so without a token or a signature (R22).

    The validator tries the URL with its port and without, for Twilio signs either.
    """
    signature = request.headers.get("x-twilio-signature", "")
    if not token or not signature:
        return False
    try:
        signed = _signed_part(request)
        return bool(RequestValidator(token).validate(request.url, signed, signature))
    except ValueError:
        return False


def _signed_part(request: RawRequest) -> Form | str:
    """What the signature covers: all form fields, or a JSON body by the hash of it in the URL. Raises ValueError."""
    if _media_type(request) != JSON:
        return read_form(request)
    # without the hash the validator would sign the URL alone, and any body would pass
    if not any(name == "bodySHA256" and value for name, value in parse_qsl(urlsplit(request.url).query)):
        raise ValueError("JSON body without a hash")
    return request.body.decode()


def _media_type(request: RawRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
