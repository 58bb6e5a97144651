"""Crowds: any number of made-up subscribers who send /start, fed in as fast as the bots listen."""

import asyncio

from bot.sandbox import acts
from bot.sandbox.acts import Letter
from bot.sandbox.world import World

WAITING_MAX = 2000
BATCH = 500
START: dict[str, object] = {
    "text": "/start",
    "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
}


class Crowds:
    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: set[asyncio.Task[None]] = set()
        self.wanted = 0
        self.arrived = 0

    def gather(self, count: int, text: str = "", bot: object = None) -> int:
        """Let ``count`` new people write, a couple of thousand waiting at most; the first id."""
        self.wanted += count
        first = self._world.reserve_crowd(count)
        task = asyncio.ensure_future(self._feed(range(first, first + count), text, bot))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return first

    async def _feed(self, ids: range, text: str, bot: object) -> None:
        world = self._world
        queue = world.bot(bot).queue
        while ids:
            room = min(WAITING_MAX - len(queue), BATCH, len(ids))
            if room <= 0:
                await asyncio.sleep(0.01)
                continue
            for user_id in ids[:room]:
                user = world.add_crowd_user(user_id)
                content = None if text else dict(START)
                acts.say(world, user.id, user.id, Letter(text=text, content=content, bot=bot))
            ids = ids[room:]
            self.arrived += room
            if world.events:
                world.events.tell("crowd")
            await asyncio.sleep(0)

    async def settled(self) -> None:
        """Wait until everybody has written."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
