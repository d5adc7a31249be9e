"""What every page and answer of web chat has in common: its headers, its cookie, and where a form may come from."""

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.webchat.settings import ChatSettings

LARGEST_FORM = 16_384
"""Bytes; a message of 2,000 characters in any script fits."""

DENIED_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)

HEADERS: Mapping[str, str] = {
    # nothing stays in the browser (R18)
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, noarchive",
    # one origin only (R19); no inline code, no string becomes markup
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

COARSE = {4: 24, 6: 48}
"""Bits of an address, by its version, that make a source: a street's worth of neighbours, never one person."""
_KEY = secrets.token_bytes(32)

R = TypeVar("R", bound=Response)


def source_of(request: Request) -> str:
    """An opaque word for the network a request comes from; nobody can lead it back once this process has ended.

    Empty where it is not known: on this machine, or behind a proxy that does not say (docs/operating.md).
    """
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if address.is_private:
        return ""
    network = ipaddress.ip_network((address, COARSE[address.version]), strict=False)
    return hashlib.blake2b(network.network_address.packed, key=_KEY, digest_size=16).hexdigest()


def quieten(response: R) -> R:
    """Put our headers on a response."""
    response.headers.update(HEADERS)
    return response


def remember(response: Response, settings: ChatSettings, token: str) -> None:
    """Set the one cookie (R18): gone with the browser, out of reach of scripts, never sent from another site."""
    response.set_cookie(
        settings.cookie_name, token, path="/", secure=settings.cookie_secure, httponly=True, samesite="strict"
    )


def forget_cookie(response: Response, settings: ChatSettings) -> None:
    """Take the cookie away."""
    response.delete_cookie(
        settings.cookie_name, path="/", secure=settings.cookie_secure, httponly=True, samesite="strict"
    )


def forget_everything(response: Response, settings: ChatSettings) -> None:
    """Take away all that the browser may hold for this host.

    Not `"cache"`, which stalls browsers; `no-store` does that work.
    """
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    forget_cookie(response, settings)


def from_our_own_page(request: Request, settings: ChatSettings) -> bool:
    """Whether a post comes from one of our pages.

    1. A browser that says where a request comes from (Sec-Fetch-Site) is believed.
    2. One that is older says Origin. Ours is fine. So is `null`: with `no-referrer` a form of ours is sent with it;
       there the SameSite cookie is what keeps other sites out.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "null")
    return origin == "null" or origin == settings.public_origin or urlsplit(origin).netloc == request.url.netloc


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a plain form post. Raises HTTPException: 413 for too many bytes, 400 for too many fields."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=16))
    except ValueError:
        raise HTTPException(400) from None
