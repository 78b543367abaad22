"""Answers benchmark requests, one JSON line each: {"model", "optimizer", "batch", "steps"} -> {"ms": [per step]}."""
import json
import sys


def serve(name, make_runner):
    """`make_runner(model, optimizer, batch)` gives a function from a number of steps to their times in milliseconds."""
    runners = {}
    print(json.dumps({"ready": name}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        key = (request["model"], request["optimizer"], request["batch"])
        try:
            if key not in runners:
                runners[key] = make_runner(*key)
            print(json.dumps({"ms": runners[key](request["steps"])}), flush=True)
        except Exception as error:  # the benchmark prints it and goes on
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
