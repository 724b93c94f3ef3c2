"""A server that loads everything, uses klock, and then forks its workers, as gunicorn does with --preload."""

import os
import signal
import socket
import time

from klock import Klock

WORKERS = 4
REQUESTS = 40
TTL_MS = 1_000


def serve(listener, folder):
    """One worker: each request adds one to the counter. Like a web framework's application, it makes its Klock at first use."""
    with Klock.embedded(storage=f"sqlite:{folder / 'klock.db'}?synchronous=normal") as klock:
        for _ in range(REQUESTS // WORKERS):
            connection, _ = listener.accept()
            with klock.file(folder / "counter", max_retries=60):
                (folder / "counter").write_text(str(int((folder / "counter").read_text()) + 1))
            connection.sendall(b"done")
            connection.close()
        # Longer than its ttl: the thread that renews was the parent's, and the worker has one of its own.
        with klock.file(folder / f"own-{os.getpid()}", ttl_ms=TTL_MS) as guard:
            time.sleep(3 * TTL_MS / 1_000)
            assert not guard.lost


def fork_worker(listener, folder):
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            serve(listener, folder)
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            os._exit(1)
        os._exit(0)
    return pid


def test_workers_that_were_forked_from_a_used_process_lose_no_update(tmp_path):
    (tmp_path / "counter").write_text("0")
    with socket.create_server(("127.0.0.1", 0)) as listener, Klock.embedded(storage=f"sqlite:{tmp_path / 'klock.db'}") as klock:
        with klock.file(tmp_path / "preloaded", ttl_ms=TTL_MS) as guard:
            workers = [fork_worker(listener, tmp_path) for _ in range(WORKERS)]
            for _ in range(REQUESTS):
                with socket.create_connection(listener.getsockname(), timeout=60) as connection:
                    assert connection.recv(4) == b"done"
            ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers]
            assert not guard.lost, "the parent's lease is renewed all the while"
        assert ends == [0] * WORKERS
        assert klock.client.active_lease_count() == 0
    assert (tmp_path / "counter").read_text() == str(REQUESTS)
