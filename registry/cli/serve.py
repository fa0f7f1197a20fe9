"""`registry serve`: the web process."""

import errno
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

from registry.kernel.errors import Refused
from registry.settings import DEMONSTRATION_KEY, announce, settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_BACKLOG = 2048


class SeveralWorkersOnSqlite(Refused):
    """SQLite serves its writers in no order; inside one process they queue."""

    code = "several_workers_on_sqlite"


class DemonstrationKeyExposed(Refused):
    """Everybody knows the demonstration key, so it never serves beyond this machine."""

    code = "demonstration_key_exposed"


class PortTaken(Refused):
    """Another program listens there."""

    code = "port_taken"


class AddressUnusable(Refused):
    """The host is no address of this machine, or the port is not for us."""

    code = "address_unusable"


def serve_command(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=0, max=65535, help="端口；0 由系统选择")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="网页进程数；SQLite 只能为 1")] = 1,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="不启动后台任务进程")] = False,
) -> None:
    """Serve the web pages, with one worker for long work."""
    serve(host, port, workers, with_worker=not no_worker)


def serve(host: str, port: int, workers: int, *, with_worker: bool = True) -> None:
    """Serve the web pages until interrupted, and keep a worker beside them.

    Raises:
        SeveralWorkersOnSqlite: more than one process on SQLite.
        DemonstrationKeyExposed: the demonstration key beyond loopback.
        PortTaken, AddressUnusable: nobody can listen there.
    """
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    check(host, workers)
    listening = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"
    if is_loopback(host):
        announce(address)
    typer.echo(f"登记簿网页：{address}/（按 Ctrl+C 停止）")
    config = uvicorn.Config(
        "registry.cli.serve:application",
        factory=True,
        workers=workers,
        server_header=False,
        log_level="warning",
    )
    # uvicorn ends in good order and raises the signal again: then the worker ends, then we die of the signal.
    signal.signal(signal.SIGTERM, _end)
    with _dying_of_signals(), listening, _worker(with_worker), suppress(KeyboardInterrupt):
        if workers > 1:
            Multiprocess(config, [listening]).run()
        else:
            uvicorn.Server(config).run([listening])


class _Ended(BaseException):
    """A signal has ended the server."""


def _end(_number: int, _frame: object) -> None:
    raise _Ended


@contextmanager
def _dying_of_signals() -> Iterator[None]:
    """Die of the signal that ended what stands inside, once that has been left in good order."""
    try:
        yield
    except _Ended:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTERM)


@contextmanager
def _worker(wanted: bool) -> Iterator[None]:
    """Keep a worker while the pages are served."""
    if not wanted:
        yield
        return
    from registry.jobs.process import WorkerChild

    child = WorkerChild()
    child.start()
    try:
        yield
    finally:
        child.stop()


def application() -> "FastAPI":
    """Return the application of this process's settings."""
    from registry.app import create_app

    app = create_app(settings())
    gc.collect()
    gc.freeze()  # all this stays: to look through it again and again would hold every request up for 0.1 s
    return app


def check(host: str, workers: int) -> None:
    """Refuse what would harm the book or open it to everybody."""
    if workers > 1 and settings().database_url.startswith("sqlite"):
        raise SeveralWorkersOnSqlite(workers=workers)
    if settings().secret_key == DEMONSTRATION_KEY and not is_loopback(host):
        raise DemonstrationKeyExposed(host=host)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a host name or address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on host and port, so that a taken port is known before anything starts."""
    with ExitStack() as undone:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            made = undone.enter_context(socket.socket(family, kind, protocol))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen(_BACKLOG)
        except OSError as error:
            refusal = PortTaken if error.errno == errno.EADDRINUSE else AddressUnusable
            raise refusal(host=host, port=port, reason=error.strerror or str(error)) from error
        undone.pop_all()
        return made
