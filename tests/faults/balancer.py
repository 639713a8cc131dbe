"""A balancer before several machines: passes each connection on to the next one that takes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from tests.support.ports import free_ports

_PIECE = 1 << 16


class Balancer:
    """Turns through the machines' ports. One that refuses is passed over; where none takes it the caller is let go."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = tuple(ports)
        self._next = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side closes it."""
        machine = await self._machine()
        if machine is not None:
            their_reader, their_writer = machine
            await asyncio.gather(_passed(reader, their_writer), _passed(their_reader, writer))
        await _closed(writer)

    async def _machine(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self.ports:
            self._next = (self._next + 1) % len(self.ports)
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.ports[self._next])
        return None


async def _passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes; a side that is gone ends the other one, too."""
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def balancing(machines: int) -> AsyncIterator[tuple[str, tuple[int, ...]]]:
    """Serve before so many machines; yields the address to call, and the port that each machine is to listen on."""
    balancer = Balancer(free_ports(machines))
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", balancer.ports
