"""Carries foldlab's workers to a Ray cluster: started by foldlab's ``ray()`` executor, one for each notebook.

It decides nothing: no queue of jobs, no retry. One actor for each lease holds its GPUs and owns one ``node`` process, whose
bytes go through here unread. On stdin and stdout: one line of JSON for each message, behind it as many raw bytes as its
``bytes`` says.

in:  init {address} · open {lease, gpus, cpus, resources, argv, env, cwd} · data {lease, bytes} · kill {lease}
out: again · ready {ray, python} · state {lease, text} · data {lease, bytes} · output {lease, bytes}
     · ended {lease, reason, code} · fatal {message}
"""

import asyncio
import json
import os
import signal
import sys
import time

# what Ray and others print must not come between the messages
OUT = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

STATE_SECONDS = 2.0
PARENT_SECONDS = 0.5
# bytes that an actor holds before it lets its worker wait
BACKLOG = 32 << 20
CONNECT_TRIES = 5
CONNECT_PAUSE_SECONDS = 0.5


def emit(event, payload=None, **fields):
    if payload is not None:
        fields["bytes"] = len(payload)
    OUT.write(json.dumps({"ev": event, **fields}).encode() + b"\n" + (payload or b""))
    OUT.flush()


def fail(message):
    emit("fatal", message=message)
    sys.exit(1)


try:
    import ray
except ImportError as error:
    fail(f"this Python ({sys.executable}) has no Ray ({error}); pip install 'foldlab[ray]' there, or name another by ray({{ python }})")

LOST = (ray.exceptions.RayActorError, ray.exceptions.RayError, ConnectionError)


class Worker:
    """The actor: one lease. It dies with its raylet, and its process with it, however either ends."""

    def __init__(self, argv, env, cwd):
        self.argv, self.env, self.cwd = argv, env, cwd
        self.out, self.err, self.code = bytearray(), bytearray(), None

    async def start(self):
        import ctypes
        import socket

        context = ray.get_runtime_context()
        host, node = socket.gethostname(), context.get_node_id()
        hosts = [each["NodeManagerHostname"] for each in ray.nodes() if each["Alive"]]
        gpus = context.get_accelerator_ids().get("GPU", [])
        env = {
            **os.environ,
            "FOLDLAB_NODE": host if hosts.count(host) < 2 else f"{host}-{node[:6]}",
            "CUDA_VISIBLE_DEVICES": ",".join(gpus),
            **self.env,
        }
        self.wake, self.room = asyncio.Event(), asyncio.Event()
        self.room.set()

        def die_with_parent():
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

        self.process = await asyncio.create_subprocess_exec(
            "sh",
            "-c",
            'exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2',
            *self.argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=env,
            cwd=self.cwd if os.path.isdir(self.cwd) else None,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.tasks = [asyncio.ensure_future(self._watch(os.getppid())), asyncio.ensure_future(self._read())]

    async def _watch(self, raylet):
        # an actor outlives a killed raylet by a minute or more, and its GPU is somebody else's by then
        while os.getppid() == raylet:
            await asyncio.sleep(PARENT_SECONDS)
        os._exit(1)

    async def _read(self):
        async def collect(stream, into):
            while chunk := await stream.read(1 << 20):
                into += chunk
                self.wake.set()
                if len(into) > BACKLOG:
                    self.room.clear()
                    await self.room.wait()

        await asyncio.gather(collect(self.process.stdout, self.out), collect(self.process.stderr, self.err))
        self.code = await self.process.wait()
        self.wake.set()

    async def poll(self):
        """What has come since the last call, as soon as there is anything: output, errors, exit code."""
        while not (self.out or self.err or self.code is not None):
            self.wake.clear()
            await self.wake.wait()
        taken = bytes(self.out), bytes(self.err), self.code
        self.out.clear()
        self.err.clear()
        self.room.set()
        return taken

    async def write(self, data):
        self.process.stdin.write(data)


leases = {}
tasks = set()


def gpus_of(resources):
    return resources.get("GPU", 0)


async def tell_state(lease, gpus):
    """While Ray has no place: why."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(STATE_SECONDS)
        free, total = await loop.run_in_executor(None, lambda: (ray.available_resources(), ray.cluster_resources()))
        what = f"{gpus_of(free):g} of {gpus_of(total):g} GPUs are free" if gpus else f"{free.get('CPU', 0):g} of {total.get('CPU', 0):g} CPUs are free"
        emit("state", lease=lease, text=f"waiting for Ray, {what}")


async def carry(lease, actor, gpus):
    waiting = asyncio.ensure_future(tell_state(lease, gpus))
    try:
        await actor.start.remote()
        waiting.cancel()
        emit("state", lease=lease, text="")
        while True:
            out, err, code = await actor.poll.remote()
            if err:
                emit("output", err, lease=lease)
            if out:
                emit("data", out, lease=lease)
            if code is not None:
                return emit("ended", lease=lease, reason=None, code=code)
    except LOST as error:
        emit("ended", lease=lease, reason=f"its Ray actor is lost ({str(error).strip().splitlines()[0][:300]})", code=None)
    finally:
        waiting.cancel()
        leases.pop(lease, None)
        ray.kill(actor, no_restart=True)


def connect(address):
    for left in reversed(range(CONNECT_TRIES)):
        try:
            return ray.init(address=address, log_to_driver=False, logging_level="error")
        except ConnectionError as error:
            # behind ray:// is a process for each client, forked by one with gRPC's threads: some of the first ones crash
            # before they begin, which Ray says half a minute later, and the next goes well
            if left == 0 or "Starting Ray client server failed" not in str(error):
                raise
            emit("again")
            time.sleep(CONNECT_PAUSE_SECONDS)


def do_init(message):
    try:
        connect(message["address"])
    except Exception as error:  # whatever Ray raises, the notebook must hear it
        fail(f"{type(error).__name__}: {str(error).strip()[:2000]}")
    emit("ready", ray=ray.__version__, python=sys.version.split()[0])


def do_open(message):
    options = {"num_gpus": message["gpus"], "num_cpus": message["cpus"], "max_restarts": 0}
    if message.get("resources"):
        options["resources"] = message["resources"]
    # only methods of its own, so that they keep their order
    actor = ray.remote(Worker).options(**options).remote(message["argv"], message["env"], message["cwd"])
    leases[message["lease"]] = actor
    task = asyncio.ensure_future(carry(message["lease"], actor, message["gpus"]))
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def do_data(message, payload):
    if actor := leases.get(message["lease"]):
        actor.write.remote(payload)


def do_kill(message):
    if actor := leases.get(message["lease"]):
        ray.kill(actor, no_restart=True)


async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        message = json.loads(line)
        if message["op"] == "data":
            do_data(message, await reader.readexactly(message["bytes"]))
        else:
            {"init": do_init, "open": do_open, "kill": do_kill}[message["op"]](message)
    # the notebook is gone: Ray ends the actors of a driver that has left
    for actor in leases.values():
        ray.kill(actor, no_restart=True)
    ray.shutdown()
    os._exit(0)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (BrokenPipeError, asyncio.IncompleteReadError):
        os._exit(0)
