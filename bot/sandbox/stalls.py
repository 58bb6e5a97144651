"""How late the sandbox itself was: what piled up while it was held up is no fault of the sender.

A request is counted when it is taken up, not when it arrived. On a busy machine the sandbox may be
held up for a while, and then finds at once what was sent, well paced, over that while.
"""

import asyncio
import time
from collections import deque

BEAT_S = 0.05
NOTICED_S = 0.1  # less is covered by the tenth that every limit forgives
MEMORY_S = 1.5
MOST_S = 1.0


class Stalls:
    def __init__(self) -> None:
        self._late: deque[tuple[float, float]] = deque()

    async def watch(self) -> None:
        """Note every beat that comes late, for as long as the sandbox runs."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(BEAT_S)
            now = time.monotonic()
            self.note(now, now - began - BEAT_S)

    def note(self, now: float, late: float) -> None:
        if late > NOTICED_S:
            self._late.append((now, late))

    def slack(self, now: float) -> float:
        """By how many seconds a sliding second may be too long just now."""
        while self._late and self._late[0][0] < now - MEMORY_S:
            self._late.popleft()
        if not self._late:
            return 0.0
        return min(max(late for _, late in self._late), MOST_S)
