"""Drives one Jupyter kernel for the tests: JSON lines in (commands), JSON lines out (messages and answers).

One thread: a ZeroMQ socket must not be shared by two.

Commands: {"op": "execute", "id": n, "code": text}, {"op": "send", "id": n, "type": msg_type, "content": {...}},
{"op": "interrupt"}, {"op": "kill"}, {"op": "stop"}
"""

import asyncio
import json
import os
import signal
import subprocess
import sys

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager


def emit(event, **fields):
    sys.stdout.write(json.dumps({"event": event, **fields}, default=str) + "\n")


async def forward(event, channel):
    while True:
        message = await channel.get_msg(timeout=None)
        emit(
            event,
            id=message["header"]["msg_id"],
            type=message["msg_type"],
            parent=message["parent_header"].get("msg_id"),
            content=message["content"],
        )
        # a burst of thousands is handed on in large pieces
        if not await channel.socket.poll(0):
            sys.stdout.flush()


async def obey(manager, client, lines):
    while line := await lines.readline():
        command = json.loads(line)
        op = command["op"]
        if op == "execute":
            emit("sent", id=command["id"], message=client.execute(command["code"]))
            sys.stdout.flush()
        elif op == "send":
            message = client.session.msg(command["type"], command["content"])
            emit("sent", id=command["id"], message=message["header"]["msg_id"])
            sys.stdout.flush()
            client.shell_channel.send(message)
        elif op == "interrupt":
            await manager.interrupt_kernel()
        elif op == "kill":
            os.kill(manager.provisioner.pid, signal.SIGKILL)
        elif op == "stop":
            return


async def main():
    kernel_name, cwd = sys.argv[1:3]
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    manager = AsyncKernelManager(kernel_name=kernel_name)
    # Node makes the pipes that it writes to non-blocking, for everybody who holds them: with our stdout inherited, what
    # does not fit in at once would be lost
    await manager.start_kernel(cwd=cwd, stdout=subprocess.DEVNULL)
    # a client that is slower than the kernel must not drop messages either
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.RCVHWM, 0)
    client = manager.client(context=context)
    client.start_channels()
    forwarding = []
    try:
        await client.wait_for_ready(timeout=90)
        forwarding = [
            asyncio.create_task(forward("iopub", client.iopub_channel)),
            asyncio.create_task(forward("shell", client.shell_channel)),
        ]
        emit("ready", pid=manager.provisioner.pid)
        sys.stdout.flush()
        await obey(manager, client, lines)
    finally:
        for task in forwarding:
            task.cancel()
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    asyncio.run(main())
