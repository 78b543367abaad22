"""Asks a kernel for input through jupyter_client, as nbclient, consoles and servers do. Prints what happened as JSON."""
import json
import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name=sys.argv[1])
asked = []


def stdin_hook(message):
    asked.append(message["content"])
    client.input("Ada" if not message["content"]["password"] else "secret")


def run(code, **options):
    outputs = []
    reply = client.execute_interactive(code, output_hook=outputs.append, stdin_hook=stdin_hook, timeout=60, **options)
    text = "".join(m["content"].get("text", "") for m in outputs if m["msg_type"] == "stream")
    return {"status": reply["content"]["status"], "ename": reply["content"].get("ename"), "text": text}


try:
    result = {
        "prompt": run("console.log('hello', prompt('Name: '))"),
        "password": run("console.log((await input.password('Key: ')).length)"),
        "refused": run("prompt('Name: ')", allow_stdin=False),
        "after": run("console.log('alive')"),
        "asked": asked,
    }
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(result))
