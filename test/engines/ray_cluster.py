"""A Ray cluster on this machine: a head without GPUs and two nodes with two GPUs each, which are numbers.

Its argument, as JSON: ``nodes``, each with ``gpus`` and, to be in a network of its own, ``namespace`` and ``ip``; and the
head's ``ip``.

Prints one line of JSON when it is up, obeys lines on stdin (``kill i``: SIGKILL of node i's raylet, ``add``: another node)
with a line each, and ends with it.
"""

import contextlib
import ctypes
import json
import os
import random
import signal
import socket
import sys

OUT = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)

from ray.cluster_utils import Cluster  # noqa: E402

STORE = 128 << 20
asked = json.loads(sys.argv[1])


def say(**fields):
    print(json.dumps(fields), file=OUT)


def free_port():
    """Below those that the system gives out, which Ray's own processes take while the cluster starts."""
    while True:
        with socket.socket() as free:
            port = random.randrange(24_000, 32_000)
            try:
                free.bind(("0.0.0.0", port))
            except OSError:
                continue
            return port


@contextlib.contextmanager
def inside(namespace):
    """What this thread starts is in that network."""
    if namespace is None:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as own, open(f"/run/netns/{namespace}") as there:
        if libc.setns(there.fileno(), 0):
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
        try:
            yield
        finally:
            libc.setns(own.fileno(), 0)


def address(ip):
    return {} if ip is None else {"node_ip_address": ip}


client_port = free_port()

cluster = Cluster(
    initialize_head=True,
    head_node_args={
        "num_cpus": 0,
        "num_gpus": 0,
        "object_store_memory": STORE,
        "include_dashboard": False,
        "ray_client_server_port": client_port,
        **address(asked.get("ip")),
    },
)


def add(gpus=2, namespace=None, ip=asked.get("ip")):
    with inside(namespace):
        return cluster.add_node(num_cpus=4, num_gpus=gpus, object_store_memory=STORE, **address(ip))


def raylet(node):
    return node.all_processes["raylet"][0].process.pid


nodes = [add(**each) for each in asked["nodes"]]
say(address=cluster.address, outside=f"ray://127.0.0.1:{client_port}")
for line in sys.stdin:
    word, *rest = line.split()
    if word == "kill":
        os.kill(raylet(nodes[int(rest[0])]), signal.SIGKILL)
        say(killed=rest[0])
    elif word == "add":
        nodes.append(add())
        say(added=len(nodes) - 1)
cluster.shutdown()
