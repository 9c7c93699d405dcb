"""What `docs/live.md` shows a stranger really works."""

import asyncio
import re
import sys
from pathlib import Path

from imperio.realtime.bus import MemoryBus, Message

from .support import eventually, serving

PAGE = Path(__file__).parents[2] / "docs" / "live.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


async def test_the_ten_lines_of_python_follow_a_stream_and_come_back() -> None:
    bus = MemoryBus()
    script = block("python")
    assert len(script.splitlines()) == 10
    async with serving(bus) as server:
        script = script.replace("localhost:5011", f"127.0.0.1:{server.port}")
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        try:
            await eventually(lambda: server.live.stats.streams_open)
            await asyncio.sleep(0.1)
            for number in range(3):
                await bus.publish([Message("big_wins", "big_win_announcement", {"number": number})])
            for number in range(3):
                line = await asyncio.wait_for(process.stdout.readline(), 5)
                assert line.decode().strip() == f"big_win_announcement {{'number': {number}}}"
            for guest in server.live.guests:
                guest.end()
            await asyncio.sleep(0.2)
            await bus.publish([Message("big_wins", "big_win_announcement", {"number": 3})])
            line = await asyncio.wait_for(process.stdout.readline(), 5)
            assert line.decode().strip() == "big_win_announcement {'number': 3}"
        finally:
            process.kill()
            await process.wait()


def test_every_error_code_of_the_sockets_is_written_down() -> None:
    source = (Path(__file__).parents[2] / "imperio" / "realtime" / "ws.py").read_text()
    codes = set(re.findall(r'_refuse\("(\w+)"', source))
    assert codes and all(f"`{code}`" in PAGE.read_text() for code in codes)
