"""Where a server is, and the proxy on the way there."""

from __future__ import annotations

import base64
import ipaddress
import os
from typing import List, NamedTuple, Optional
from urllib.parse import SplitResult, unquote, urlsplit

from ._errors import KlockError

_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNIX = "unix:"


class Address(NamedTuple):
    """Where a server is: a host and port, or a Unix socket."""

    scheme: str
    host: str
    port: int
    prefix: str
    socket: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, by a name that shows it, so that a server started here can serve it."""
        return self.scheme == "http" and self.host in _LOCAL_NAMES

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there never leaves this machine."""
        if self.socket or self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(self.host.partition("%")[0])
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return (mapped or address).is_loopback

    @property
    def authority(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{_UNIX}{self.socket}" if self.socket else f"{self.scheme}://{self.authority}{self.prefix}"


class Proxy(NamedTuple):
    """A proxy that the environment names."""

    host: str
    port: int
    variable: str
    credentials: Optional[str]

    def __str__(self) -> str:
        return f"http://{self.host}:{self.port} (which {self.variable} names)"


def parse_urls(urls: str) -> List[Address]:
    """Reads one URL, or several of one cluster with commas between them.

    Raises:
        KlockError: ``INVALID_REQUEST`` when one of them is no URL, and which one.
    """
    if not isinstance(urls, str) or urls.startswith(_UNIX) or "," not in urls:
        return [parse_url(urls)]
    each = [url.strip() for url in urls.split(",")]
    return [parse_url(url, f"base_url, server {index} of {len(each)},") for index, url in enumerate(each, 1)]


def parse_url(url: str, name: str = "base_url") -> Address:
    """Reads ``http://host:port``, ``https://host:port`` or ``unix:/path/to/socket``.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is no such URL.
    """
    if isinstance(url, str) and url.startswith(_UNIX):
        if not url.startswith(_UNIX + "/") or "\0" in url:
            raise _invalid(name)
        return Address("unix", "localhost", 80, "", url[len(_UNIX) :])
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except (TypeError, ValueError, AttributeError):
        raise _invalid(name) from None
    if not isinstance(url, str) or parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.query or parts.fragment:
        raise _invalid(name)
    if parts.username is not None:
        raise KlockError("INVALID_REQUEST", f"{name} holds a name or password: hand the key over as api_key.")
    return Address(parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme], parts.path.rstrip("/"))


def _invalid(name: str) -> KlockError:
    allowed = "it must be http:// or https:// and a host, as http://localhost:3100, or unix: and a socket's absolute path"
    return KlockError("INVALID_REQUEST", f"{name} is not a server's URL: {allowed}.")


def proxy_to(address: Address) -> Optional[Proxy]:
    """The proxy that the environment names for an address: none for this machine, nor for what ``no_proxy`` lists.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is of a kind that is not known.
    """
    if address.is_loopback or not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass  # here: it is slow to load

    proxies = getproxies()
    kind = address.scheme if address.scheme in proxies else "all"
    if kind not in proxies or proxy_bypass(address.authority):
        return None
    variable = next(name for name in sorted(os.environ, reverse=True) if name.lower() == f"{kind}_proxy" and os.environ[name])
    url = proxies[kind]
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    else:
        host = host if parts.scheme == "http" else None
    if not host:
        raise KlockError("INVALID_REQUEST", f"{variable} names a proxy of a kind that is not known: it must be http:// and a host.")
    credentials = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        credentials = "Basic " + base64.b64encode(pair).decode("ascii")
    return Proxy(host, port or 80, variable, credentials)
