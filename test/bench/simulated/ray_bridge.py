"""foldlab's bridge to Ray, whose leases are not actors: few actors hold many of them, each with a connection to a simulated
worker (farm.cjs) for a process. The calls of the bridge, their number and what they carry are the real ones.
"""

import asyncio
import importlib.util
import os
import sys
from types import SimpleNamespace

spec = importlib.util.spec_from_file_location("bridge", sys.argv[1])
bridge = importlib.util.module_from_spec(spec)
sys.modules["bridge"] = bridge
spec.loader.exec_module(bridge)
ray = bridge.ray
ray.cloudpickle.register_pickle_by_value(bridge)

HOLDERS = 4


class Simulated(bridge.Worker):
    async def start(self):
        self.wake, self.room = asyncio.Event(), asyncio.Event()
        self.room.set()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.argv)
        writer.write(f"{self.env['FOLDLAB_BEAT_MS']}\n".encode())
        nothing = asyncio.StreamReader()
        nothing.feed_eof()

        async def wait():
            return 0

        self.process = SimpleNamespace(stdin=writer, stdout=reader, stderr=nothing, wait=wait)
        self.tasks = [asyncio.ensure_future(self._read())]


class Holder:
    """The actor: many leases."""

    def __init__(self):
        self.workers = {}

    async def start(self, lease, port, env):
        self.workers[lease] = Simulated(port, env, None)
        await self.workers[lease].start()

    async def poll(self, lease):
        return await self.workers[lease].poll()

    async def write(self, lease, data):
        await self.workers[lease].write(data)

    async def kill(self, lease):
        if worker := self.workers.pop(lease, None):
            worker.process.stdin.close()


class SimulatedRay:
    """Ray, but for what makes and ends actors."""

    holders = []
    ports = os.environ["FARM_PORTS"].split()
    leases = 0

    def __getattr__(self, name):
        return getattr(ray, name)

    def remote(self, _):
        return self

    def options(self, **_):
        def make(argv, env, cwd):
            if not self.holders:
                kind = ray.remote(Holder).options(num_cpus=0, max_concurrency=10_000)
                self.holders.extend(kind.remote() for _ in range(HOLDERS))
            self.leases += 1
            lease, holder = self.leases, self.holders[self.leases % HOLDERS]
            port = int(self.ports[lease % len(self.ports)])

            def call(method, *first):
                return SimpleNamespace(remote=lambda *rest: method.remote(lease, *first, *rest))

            return SimpleNamespace(
                start=call(holder.start, port, {"FOLDLAB_BEAT_MS": env["FOLDLAB_BEAT_MS"]}),
                poll=call(holder.poll),
                write=call(holder.write),
                kill=call(holder.kill),
            )

        return SimpleNamespace(remote=make)

    def kill(self, handle, no_restart):
        handle.kill.remote()


bridge.ray = SimulatedRay()
asyncio.run(bridge.main())
