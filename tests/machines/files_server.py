"""Serves a folder on loopback, as a release on the web, and can misbehave."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from pathlib import Path
from typing import Iterator, Optional


class _Handler(http.server.SimpleHTTPRequestHandler):
    cut: Optional[str] = None

    def log_message(self, *_: object) -> None:
        pass

    def copyfile(self, source, outputfile) -> None:  # type: ignore[no-untyped-def]
        content = source.read()
        cut = self.cut is not None and self.path.endswith(self.cut)
        # The length that was announced is that of the whole.
        outputfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.close_connection = True


@contextlib.contextmanager
def serving(folder: Path, cut: Optional[str] = None) -> Iterator[str]:
    """The address of a server of the folder; of a file whose name ends so, it sends half and hangs up."""
    handler = type("Handler", (_Handler,), {"cut": cut})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
