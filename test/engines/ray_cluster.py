"""A Ray cluster on this machine: a head without GPUs and two nodes with two GPUs each, which are numbers.

Prints one line of JSON when it is up, obeys lines on stdin (``kill i``: SIGKILL of node i's raylet, ``add``: another node)
with a line each, and ends with it.
"""

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


client_port = free_port()

cluster = Cluster(
    initialize_head=True,
    head_node_args={
        "num_cpus": 0,
        "num_gpus": 0,
        "object_store_memory": STORE,
        "include_dashboard": False,
        "ray_client_server_port": client_port,
    },
)


def add():
    return cluster.add_node(num_cpus=4, num_gpus=2, object_store_memory=STORE)


def raylet(node):
    return node.all_processes["raylet"][0].process.pid


nodes = [add(), add()]
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
