"""numpy, PyTorch or TensorFlow (the argument): reads lines "CASE MILLISECONDS", answers the microseconds of a call."""
import json
import os
import pathlib
import sys
import time

sys.path.pop(0)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "2")
CASES = json.loads((pathlib.Path(__file__).parent.parent / "cases.json").read_text())


def numpy_calls():
    import numpy as np

    def softmax(a):
        e = np.exp(a - a.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    one = np.float32(1)
    calls = {
        "add": np.add, "addNumber": lambda a: np.add(a, one), "relu": lambda a: np.maximum(a, 0), "exp": np.exp,
        "tanh": np.tanh, "sum": np.sum, "sumFirst": lambda a: a.sum(0), "sumLast": lambda a: a.sum(1),
        "maxLast": lambda a: a.max(1), "softmax": softmax, "matMul": np.matmul, "flatten": lambda a: a.reshape(4),
        "tail": lambda a: a[1:3],
    }
    return f"numpy {np.__version__}", calls, lambda shape: np.random.randn(*shape).astype("float32")


def torch_calls():
    import torch
    from torch.nn.functional import conv2d

    torch.set_num_threads(2)
    torch.set_grad_enabled(False)
    calls = {
        "add": torch.add, "addNumber": lambda a: a + 1, "relu": torch.relu, "exp": torch.exp, "tanh": torch.tanh,
        "sum": torch.sum, "sumFirst": lambda a: a.sum(0), "sumLast": lambda a: a.sum(1),
        "maxLast": lambda a: a.amax(1), "softmax": lambda a: torch.softmax(a, -1), "matMul": torch.matmul,
        "conv2d": conv2d, "flatten": lambda a: a.reshape(4), "tail": lambda a: a[1:3],
    }
    return f"PyTorch {torch.__version__}", calls, torch.randn


def tensorflow_calls():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    calls = {
        "add": tf.add, "addNumber": lambda a: a + 1.0, "relu": tf.nn.relu, "exp": tf.exp, "tanh": tf.tanh,
        "sum": tf.reduce_sum, "sumFirst": lambda a: tf.reduce_sum(a, 0), "sumLast": lambda a: tf.reduce_sum(a, 1),
        "maxLast": lambda a: tf.reduce_max(a, 1), "softmax": tf.nn.softmax, "matMul": tf.matmul,
        "conv2d": lambda a, b: tf.nn.conv2d(a, b, 1, "VALID"), "flatten": lambda a: tf.reshape(a, [4]),
        "tail": lambda a: tf.slice(a, [1], [2]),
    }
    return f"TensorFlow {tf.__version__}", calls, tf.random.normal


LIBRARY = sys.argv[1]
name, calls, make = {"numpy": numpy_calls, "torch": torch_calls, "tensorflow": tensorflow_calls}[LIBRARY]()


def operand(shape, op, place):
    if LIBRARY == "torch" and op == "conv2d":  # its own layout: images and filters with channels first
        order = (0, 3, 1, 2) if place == 0 else (3, 2, 0, 1)
        return make([shape[axis] for axis in order])
    return make(shape)


def measure(case, milliseconds):
    call = calls.get(case["op"])
    if call is None:
        return None
    operands = [operand(shape, case["op"], i) for i, shape in enumerate(case["shapes"])]

    def timed(count):
        start = time.perf_counter()
        for _ in range(count):
            call(*operands)
        return (time.perf_counter() - start) * 1000

    timed(1)
    count = 1
    while (taken := timed(count)) <= milliseconds / 4:
        count *= 2
    count = max(1, round(count * milliseconds / taken))
    return timed(count) * 1000 / count


print(json.dumps({"name": name}), flush=True)
for line in sys.stdin:
    index, milliseconds = map(int, line.split())
    print(json.dumps({"microseconds": measure(CASES[index], milliseconds)}), flush=True)
