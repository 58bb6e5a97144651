"""The real app beside the real sandbox, in one process, on a clock of its own."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import digests
from bot import service
from bot.app import App
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from tests.journeys.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
MISSION = Path(__file__).parents[3] / "shared" / "reports" / "000_c7abbe822af4d6eb.txt"


@dataclasses.dataclass
class Stage:
    """Everything a journey may touch."""

    world: World
    app: App
    sandbox: Sandbox
    settings: Settings

    async def morning(self, day: str, hour: str = "08:01") -> None:
        """Let the clock run to that minute in Shanghai."""
        instant = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SHANGHAI)
        await self.world.advance_to(instant)


Raise = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Raise]:
    """Raises the curtain: ``await stage(report, **sections of the settings)``."""
    async with contextlib.AsyncExitStack() as stack:

        async def raise_(report: Path = SAMPLE, **sections: object) -> Stage:
            sandbox = Sandbox(tokens=(service.DEMO_TOKEN,))
            sandbox.seed()
            await sandbox.start(port=0)
            stack.push_async_callback(sandbox.stop)
            world = World(sandbox.url)
            stack.push_async_callback(world.close)
            settings = dataclasses.replace(Settings(), **sections)  # type: ignore[arg-type]
            settings = service.for_demo(settings, sandbox.url, None, tmp_path)
            app = await service.beside(sandbox, settings, (report.read_bytes(), report.name))
            stack.push_async_callback(app.stop)
            await app.start()
            return Stage(world, app, sandbox, settings)

        yield raise_


@pytest.fixture
def mission() -> Path:
    if not MISSION.exists():
        pytest.skip("the mission's report is not here (../shared/reports)")
    return MISSION
