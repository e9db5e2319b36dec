"""Executes the cells given as a JSON list on stdin with nbclient; prints the outputs of each, and the error if one failed.

Arguments: the kernel's name, the working directory.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

kernel_name, cwd = sys.argv[1:3]
cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]
notebook = nbformat.v4.new_notebook(cells=cells)
error = None
try:
    NotebookClient(notebook, kernel_name=kernel_name, timeout=90, resources={"metadata": {"path": cwd}}).execute()
except CellExecutionError as failure:
    error = {"ename": failure.ename, "evalue": failure.evalue, "text": str(failure)}
print(json.dumps({"outputs": [cell.outputs for cell in notebook.cells], "error": error}))
