"""Reading and parsing messages on a Dask cluster: the way past one machine.

The same task as in workers.py runs on the cluster's workers, and rows come back over its wire. They
must see an archive under the path it has here, and run the same version of datasette-leaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

from datasette_leaks.loaders.registry import MailLoader

from .connection import StoreError
from .workers import Fault, Result, Task, read_messages

_TIMEOUT = 10  # seconds for the scheduler to answer


def _version() -> str:
    return version("datasette-leaks")


class Cluster:
    """The workers behind a Dask scheduler at ``address`` (``tcp://host:port``), as Workers are.

    A context manager. Raises StoreError where it cannot be used.
    """

    def __init__(self, address: str, loaders: Sequence[MailLoader]) -> None:
        try:
            from distributed import Client
            from distributed.scheduler import KilledWorker
        except ImportError as error:
            advice = "Install it with `pip install 'datasette-leaks[dask]'`"
            raise StoreError(f"--scheduler needs Dask, which is not installed. {advice}") from error
        self._killed: type[Exception] = KilledWorker
        self._loaders = tuple(loaders)
        try:
            self._client: Any = Client(address, timeout=_TIMEOUT, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise StoreError(
                f"{address}: no Dask scheduler answers there ({error}). Start one with "
                "`dask scheduler`, and workers with `dask worker ADDRESS`"
            ) from error
        try:
            self.jobs = self._check(address)
        except BaseException:
            self._client.close()
            raise
        self._threads = ThreadPoolExecutor(self.jobs, "leaks-cluster")

    def _check(self, address: str) -> int:
        """The number of tasks that run at once. Raises StoreError where there are none."""
        jobs: int = sum(self._client.nthreads().values())
        if not jobs:
            raise StoreError(f"{address}: has no workers. Start one with `dask worker {address}`")
        found = {str(said) for said in self._client.run(_version, on_error="return").values()}
        if found != {_version()}:
            raise StoreError(
                f"{address}: its workers need datasette-leaks {_version()}, as here; they have "
                f"{', '.join(sorted(found))}"
            )
        return jobs

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    @property
    def ready(self) -> bool:
        """True: the workers were there before us."""
        return True

    def submit(self, task: Task) -> Future[list[Result]]:
        """Read the messages of a task, as read_messages() does."""
        return self._threads.submit(self._run, task)

    def _run(self, task: Task) -> list[Result]:
        try:
            return self._call(task)
        except self._killed:
            pass
        results: list[Result] = []
        for place in task.places:
            try:
                results += self._call(Task(task.loader, task.path, (place,)))
            except self._killed as killed:
                results.append(Fault(f"reading it ended the process that did: {killed}"))
        return results

    def _call(self, task: Task) -> list[Result]:
        future = self._client.submit(read_messages, self._loaders, task, pure=False)
        results: list[Result] = future.result()
        return results
