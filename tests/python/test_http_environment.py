"""What the environment says to KlockHttpClient and the facade: the key, proxies, servers. And what a program says to all its HTTP."""

import contextlib
import http.client
import http.server
import os
import socket
import ssl
import threading
import urllib.request

import pytest

import servers
from klock import Klock, KlockClient, KlockError, KlockHttpClient
from klock._address import parse_url, proxy_to

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_key_of_the_environment(tmp_path, monkeypatch):
    keys = tmp_path / "keys"
    keys.write_text("writer\nother\n")
    with servers.running("--api-key-file", str(keys)) as url:
        monkeypatch.setenv("KLOCK_API_KEY", "writer")
        assert KlockHttpClient(url).list_leases() == []
        monkeypatch.setenv("KLOCK_API_KEY", "wrong")
        assert KlockHttpClient(url, api_key="other").list_leases() == [], "an argument counts for more"
        for value, argument in (("wrong", None), ("", None), ("writer", "")):
            monkeypatch.setenv("KLOCK_API_KEY", value)
            with pytest.raises(KlockError) as caught:
                KlockHttpClient(url, api_key=argument).list_leases()
            assert caught.value.code == "UNAUTHORIZED"
    monkeypatch.setenv("KLOCK_API_KEY", "two\nlines")
    with pytest.raises(ValueError, match="KLOCK_API_KEY"):
        KlockHttpClient(url)


@contextlib.contextmanager
def proxy(answers=200):
    """A proxy that keeps what it was asked, and forwards it when it is to answer 200."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            body = b'{"success":true,"data":[]}' if answers == 200 else b"the proxy says no"
            self.send_response(answers)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_CONNECT(self):
            asked.append((self.path, dict(self.headers)))
            self.send_error(answers if answers != 200 else 502)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9"])
def test_this_machine_is_never_reached_through_a_proxy(server, monkeypatch, host):
    with proxy() as (address, asked):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{address}")
        with KlockHttpClient(server.replace("127.0.0.1", host), api_key="secret", auto_start=False) as client:
            with contextlib.suppress(KlockError):  # the server listens at 127.0.0.1 alone, and may say so
                client.list_leases()
        assert asked == []


@pytest.mark.parametrize(
    "url, is_direct",
    [
        ("http://[::1]:3100", True),
        ("http://[::ffff:127.0.0.1]:3100", True),
        ("http://klock.localhost", True),
        ("unix:/run/klock.sock", True),
        ("http://klock.example", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example", False),
    ],
)
def test_what_is_this_machine(monkeypatch, url, is_direct):
    monkeypatch.setenv("http_proxy", "http://gateway.example:3128")
    assert (proxy_to(parse_url(url)) is None) == is_direct


def test_elsewhere_the_proxy_is_used_and_named(monkeypatch):
    with proxy() as (address, asked):
        monkeypatch.setenv("HTTP_PROXY", f"http://user:p%40ss@{address}")
        assert KlockHttpClient("http://klock.example:3100/base", api_key="secret").list_leases() == []
        ((path, headers),) = asked
        assert path == "http://klock.example:3100/base/leases" and headers["Host"] == "klock.example:3100"
        assert headers["Authorization"] == "Bearer secret" and headers["Proxy-Authorization"] == "Basic dXNlcjpwQHNz"
        monkeypatch.setenv("https_proxy", f"http://user:p%40ss@{address}")
        with pytest.raises(KlockError) as caught:
            KlockHttpClient("https://klock.example", api_key="secret").list_leases()
        path, headers = asked[-1]
        assert path == "klock.example:443" and "secret" not in str(headers), "the key is for the server alone"
        assert address in caught.value.message and "https_proxy" in caught.value.message and "p@ss" not in caught.value.message


def test_what_a_proxy_says_itself_is_told_with_its_name(monkeypatch):
    with proxy(503) as (address, _):
        monkeypatch.setenv("http_proxy", address)
        with pytest.raises(KlockError) as caught:
            KlockHttpClient("http://klock.example").list_leases()
        assert address in caught.value.message and "http_proxy" in caught.value.message
    monkeypatch.setenv("http_proxy", f"127.0.0.1:{servers.free_port()}")
    with pytest.raises(KlockError) as caught:
        KlockHttpClient("http://klock.example").list_leases()
    assert caught.value.code == "STORAGE_UNAVAILABLE" and "http_proxy" in caught.value.message


@pytest.mark.parametrize("listed", ["*", "klock.example", ".example", "other, klock.example:80"])
def test_no_proxy_is_obeyed(monkeypatch, listed):
    monkeypatch.setenv("http_proxy", "http://gateway.example:3128")
    monkeypatch.setenv("no_proxy", listed)
    assert proxy_to(parse_url("http://klock.example")) is None
    assert (proxy_to(parse_url("http://elsewhere.test")) is None) == (listed == "*")


def test_a_proxy_of_another_kind_is_refused(monkeypatch):
    for value in ("socks5://gateway.example", "https://gateway.example", "http://", "http://gateway:port"):
        monkeypatch.setenv("HTTP_PROXY", value)
        with pytest.raises(ValueError, match="HTTP_PROXY"):
            KlockHttpClient("http://klock.example")


def test_what_a_program_says_to_all_its_http_is_not_for_klock(server, monkeypatch, capsys):
    with proxy() as (address, asked):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{address}"}))
        monkeypatch.setattr(urllib.request, "_opener", None)
        urllib.request.install_opener(opener)
        monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
        monkeypatch.setattr(ssl, "_create_default_https_context", ssl._create_unverified_context)
        before = socket.getdefaulttimeout()
        socket.setdefaulttimeout(0.001)
        try:
            with KlockHttpClient(server, api_key="secret") as client:
                assert client.list_leases() == [] and asked == []
            elsewhere = KlockHttpClient("https://klock.example")._servers.each[0]._new()
        finally:
            socket.setdefaulttimeout(before)
        assert elsewhere._context.verify_mode == ssl.CERT_REQUIRED and elsewhere._context.check_hostname
        assert "secret" not in capsys.readouterr().out


@pytest.fixture
def at_socket(tmp_path):
    path = tmp_path / "klock.sock"
    with servers.process("--socket", str(path), "--port", "0"):
        yield path


def test_a_server_at_a_socket(at_socket):
    with KlockHttpClient(f"unix:{at_socket}") as client:
        assert client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)["success"]
        assert len(client.list_leases()) == 1 and repr(client) == f"KlockHttpClient('unix:{at_socket}')"
    with pytest.raises(KlockError) as caught:
        KlockHttpClient(f"unix:{at_socket}.not").list_leases()
    assert caught.value.code == "STORAGE_UNAVAILABLE" and f"{at_socket}.not" in caught.value.message
    for url in ("unix:", "unix:relative", "unix:/a\0b"):
        with pytest.raises(ValueError):
            KlockHttpClient(url)


def test_where_the_environment_names_a_server_the_facade_asks_that(server, at_socket, monkeypatch):
    for name, value, url in (("KLOCK_SOCKET", str(at_socket), f"unix:{at_socket}"), ("KLOCK_SERVER", server, server)):
        monkeypatch.setenv(name, value)  # a server counts for more than a socket
        with Klock.embedded("agent", storage="auto") as klock, klock.file("/a"):
            assert isinstance(klock.client, KlockHttpClient) and not klock.client.auto_start_enabled()
            assert [lease["agent_id"] for lease in KlockHttpClient(url).list_leases()] == ["agent"]
    with Klock.embedded("agent", storage="memory") as klock:
        assert isinstance(klock.client, KlockClient)


def test_a_relative_socket_counts_from_here(at_socket, monkeypatch):
    monkeypatch.chdir(at_socket.parent)
    monkeypatch.setenv("KLOCK_SOCKET", at_socket.name)
    with Klock.embedded(storage="auto") as klock:
        monkeypatch.chdir("/")
        assert klock.list_leases() == [] and os.getcwd() == "/"
