"""An event loop in which waiting takes no time: its clock jumps to whatever is due next."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._virtual = 1000.0

    def time(self) -> float:
        return self._virtual

    def stand_still(self, seconds: float) -> None:
        """The process is frozen for so long: nothing runs, time goes on."""
        self._virtual += seconds

    def _run_once(self) -> None:
        loop: Any = self
        if not loop._ready and loop._scheduled:
            self._virtual = max(self._virtual, loop._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


def run(main: Callable[[Callable[[], float]], Awaitable[T]]) -> T:
    """Run ``main(now)`` to its end, where ``now()`` is the virtual time in seconds."""
    loop = VirtualLoop()

    async def whole() -> T:
        return await main(loop.time)

    try:
        return loop.run_until_complete(whole())
    finally:
        loop.close()
