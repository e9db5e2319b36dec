"""Executes a notebook without a browser, as `npm start -- --headless` does.

Prints a line whenever a run in it gets further, and writes the executed notebook even when a cell fails.
Exit code 0 when every cell succeeded, 1 when one failed (its error is on stderr), 130 when interrupted.
"""

import argparse
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError


class Progress:
    """One line for each thing that changed in a run model since the last one."""

    def __init__(self):
        self.started = time.monotonic()
        self.seen = {}

    def say(self, text):
        print(f"[{time.monotonic() - self.started:6.1f} s] {text}", flush=True)

    def update(self, model):
        run = self.seen.setdefault(model["id"], {"activity": None, "units": {}, "ensembles": 0})
        units = model["units"]
        finished = [unit for unit in units if unit["status"] in ("done", "failed", "cancelled")]
        for unit in finished:
            key = (unit["repIndex"], unit["cvIndex"], unit["attempt"])
            if run["units"].get(key) != unit["status"]:
                run["units"][key] = unit["status"]
                # a unit that ran again is the same unit
                place = f"{len({key[:2] for key in run['units']})} of {len(units)}"
                self.say(f"{place}: fold {unit['cvIndex']}, repetition {unit['repIndex']} {describe_unit(unit, model)}")
        for ensemble in model["ensembles"][run["ensembles"] :]:
            self.say(f"ensemble of repetition {ensemble['repIndex']} ({ensemble['method']}): {scores(ensemble['test'], model)}")
        run["ensembles"] = len(model["ensembles"])
        if model["activity"] and model["activity"] != run["activity"] and not run["units"]:
            self.say(model["activity"])
        run["activity"] = model["activity"]


def describe_unit(unit, model):
    if unit["status"] != "done":
        return f"{unit['status']} {unit['error']}".strip()
    parts = [f"{part} {scores(unit[part], model)}" for part in ("validation", "test") if unit[part]]
    return f"done{' (cached)' if unit['cached'] else ''}: {', '.join(parts)}"


def scores(metrics, model):
    """The first metric, the one that a view shows by default."""
    names = [name for name in model["metrics"] if name in metrics][:1]
    values = [(name, metrics[name]) for name in names]
    return ", ".join(f"{name} {value:.4f}" if isinstance(value, (int, float)) else f"{name} {value}" for name, value in values)


class Client(NotebookClient):
    """Shows progress and stderr while it executes."""

    def __init__(self, notebook, run_mime, **options):
        super().__init__(notebook, **options)
        self.run_mime = run_mime
        self.progress = Progress()

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] in ("display_data", "update_display_data"):
            model = content["data"].get(self.run_mime)
            if model:
                self.progress.update(model)
        elif msg["msg_type"] == "stream" and content["name"] == "stderr":
            sys.stderr.write(content["text"])
            sys.stderr.flush()
        return super().process_message(msg, cell, cell_index)


def join_streams(notebook):
    """One output for consecutive prints, as JupyterLab saves them."""
    for cell in notebook.cells:
        joined = []
        for output in cell.get("outputs", []):
            last = joined[-1] if joined else None
            if last and output.output_type == last.output_type == "stream" and output.name == last.name:
                last.text += output.text
            else:
                joined.append(output)
        if "outputs" in cell:
            cell.outputs = joined


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--output", type=Path, required=True, help="where to write the executed notebook")
    parser.add_argument("--kernel", default="foldlab")
    parser.add_argument("--run-mime", default="application/vnd.foldlab.run.v1+json")
    args = parser.parse_args()

    notebook = nbformat.read(args.notebook, as_version=4)
    client = Client(
        notebook,
        args.run_mime,
        kernel_name=args.kernel,
        timeout=None,
        record_timing=False,
        resources={"metadata": {"path": str(args.notebook.resolve().parent)}},
    )
    client.progress.say(f"executing {args.notebook}")
    exit_code = 1
    try:
        client.execute()
        exit_code = 0
        client.progress.say("all cells executed")
    except CellExecutionError as error:
        print(f"\nA cell of {args.notebook} failed: {error.ename}: {error.evalue}\n\n{error}", file=sys.stderr)
    except DeadKernelError as error:
        print(f"\nThe kernel ended while it executed {args.notebook}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        exit_code = 130
    finally:
        join_streams(notebook)
        args.output.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, args.output)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
