"""foldlab's JupyterLab extension: it is files, found by JupyterLab where pip puts them.

The SDK that runs cross-validation is the npm package ``foldlab``; its command ``npx foldlab kernel install`` adds the kernel.
"""

from importlib.metadata import version
from pathlib import Path

__version__ = version("foldlab")

KERNEL_ASSETS = Path(__file__).parent / "kernel"
"""Logos for a kernelspec of one's own; ``npx foldlab kernel install`` brings its own."""
