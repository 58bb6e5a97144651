"""Real processes for the tests that kill them: a sandbox to send to, and senders."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOKEN = "123456:" + "A" * 35


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Sandbox:
    """``policybot sandbox`` in a process of its own, without limits unless a test wants them."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", self.url.rpartition(":")[2]],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(400):
            with suppress(OSError):
                self.ask("tally")
                return
            time.sleep(0.05)
        raise RuntimeError("the sandbox does not come up")

    def ask(self, what: str, body: dict[str, Any] | None = None, method: str = "") -> Any:
        request = urllib.request.Request(
            f"{self.url}/sandbox/{what}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method or ("GET" if body is None else "POST"),
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def crowd(self, count: int) -> range:
        """So many people who have started the bot; their chats."""
        first = self.ask("crowds", {"count": count})["first"]
        offset = seen = 0
        while seen < count:  # they come as fast as the bot fetches them
            updates = self._call("getUpdates", {"offset": offset, "timeout": 5})
            seen += len(updates)
            offset = updates[-1]["update_id"] + 1 if updates else offset
        return range(first, first + count)

    def _call(self, method: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.url}/bot{TOKEN}/{method}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["result"]

    def delivered(self) -> dict[int, int]:
        return {int(chat): one["delivered"] for chat, one in self.ask("tally")["chats"].items()}

    def total(self) -> int:
        return int(self.ask("tally")["totals"]["delivered"])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class SenderProcess:
    """``python -m tests.one_sender``; leases are short so that tests need not wait long."""

    def __init__(self, database: str, api_url: str, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.one_sender", database, api_url, *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """As the machine does it when memory runs out: no goodbye."""
        self._process.kill()
        self._process.communicate()

    def stop(self) -> int:
        """SIGTERM, once it listens to it; its exit code."""
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self._process.terminate()
        self._process.communicate(timeout=30)
        return self._process.returncode

    @property
    def alive(self) -> bool:
        return self._process.poll() is None
