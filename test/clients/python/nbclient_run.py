"""Runs a notebook by nbclient, as its options are given in JSON; prints the failure, if there is one, and saves the notebook."""

import json
import sys

import nbclient
import nbformat

file, folder, options = sys.argv[1:]
notebook = nbformat.read(file, as_version=4)
client = nbclient.NotebookClient(
    notebook,
    kernel_name="tensorcell",
    resources={"metadata": {"path": folder}},
    **json.loads(options),
)
try:
    client.execute()
except (nbclient.exceptions.CellExecutionError, nbclient.exceptions.CellTimeoutError) as error:
    print(type(error).__name__, str(error))
nbformat.validate(notebook)
nbformat.write(notebook, file)
