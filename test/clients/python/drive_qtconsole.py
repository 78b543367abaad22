"""Drives a Jupyter QtConsole without a screen: runs, fails, inspects, completes, interrupts, restarts. Prints its text."""

import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qtconsole.manager import QtKernelManager
from qtconsole.rich_jupyter_widget import RichJupyterWidget
from qtpy import QtCore, QtWidgets

app = QtWidgets.QApplication([])
manager = QtKernelManager(kernel_name="tensorcell")
manager.start_kernel()
client = manager.client()
client.start_channels()
console = RichJupyterWidget()
console.kernel_manager = manager
console.kernel_client = client
console.show()


def text():
    return console._control.toPlainText()


def until(wanted, limit=60):
    end = time.time() + limit
    while wanted not in text():
        app.processEvents()
        time.sleep(0.01)
        if time.time() > end:
            sys.exit(f"{wanted!r} did not come:\n{text()}")


until("In [1]")
console.execute("const answer: number = 6 * 7\nanswer")
until("Out[1]: 42")
console.execute("const wrong: string = 1")
until("not assignable")
until("In [3]")
console.execute('display.svg("<svg xmlns=\'http://www.w3.org/2000/svg\' width=\'9\' height=\'9\'/>")')
until("In [4]")
console.execute("for (;;);")


def interrupt():
    """An interrupt may overtake the cell, so it is asked for until the cell has stopped."""
    if "Interrupted" not in text():
        manager.interrupt_kernel()
        QtCore.QTimer.singleShot(500, interrupt)


QtCore.QTimer.singleShot(500, interrupt)
until("Interrupted")
until("In [5]")
console.execute("answer?")
until("const answer: number")
until("In [6]")
console._control.insertPlainText("answer.toFi")
console._complete()
until("answer.toFixed")
print(text())
client.stop_channels()
manager.shutdown_kernel(now=False)
