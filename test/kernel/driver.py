"""Drives one Jupyter kernel for the tests: JSON lines in (commands), JSON lines out (messages and answers).

Commands: {"op": "execute", "id": n, "code": text}, {"op": "interrupt"}, {"op": "kill"}, {"op": "stop"}
"""

import json
import os
import queue
import signal
import sys
import threading

import zmq
from jupyter_client.manager import KernelManager

lock = threading.Lock()


def emit(event, **fields):
    with lock:
        sys.stdout.write(json.dumps({"event": event, **fields}, default=str) + "\n")
        sys.stdout.flush()


def forward(event, receive, stopped):
    while not stopped.is_set():
        try:
            message = receive(timeout=0.2)
        except queue.Empty:
            continue
        except Exception as error:  # the channel was closed
            if not stopped.is_set():
                emit("lost", text=repr(error))
            return
        emit(
            event,
            type=message["msg_type"],
            parent=message["parent_header"].get("msg_id"),
            content=message["content"],
        )


def main():
    kernel_name, cwd = sys.argv[1:3]
    manager = KernelManager(kernel_name=kernel_name)
    manager.start_kernel(cwd=cwd)
    # a client that is slower than the kernel must not drop messages either
    context = zmq.Context()
    context.setsockopt(zmq.RCVHWM, 0)
    client = manager.client(context=context)
    stopped = threading.Event()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=90)
        for event, receive in (("iopub", client.get_iopub_msg), ("shell", client.get_shell_msg)):
            threading.Thread(target=forward, args=(event, receive, stopped), daemon=True).start()
        emit("ready", pid=manager.provisioner.pid)
        for line in sys.stdin:
            command = json.loads(line)
            op = command["op"]
            if op == "execute":
                # the lock keeps "sent" ahead of every message that it names
                with lock:
                    message_id = client.execute(command["code"])
                    sys.stdout.write(json.dumps({"event": "sent", "id": command["id"], "message": message_id}) + "\n")
                    sys.stdout.flush()
            elif op == "interrupt":
                manager.interrupt_kernel()
            elif op == "kill":
                os.kill(manager.provisioner.pid, signal.SIGKILL)
            elif op == "stop":
                break
    finally:
        stopped.set()
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
