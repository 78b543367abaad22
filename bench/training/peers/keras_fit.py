"""Keras's `fit` on TensorFlow, two threads: time per step of whole epochs, as a user sees it."""
import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from serve import serve

tf.config.threading.set_intra_op_parallelism_threads(2)
tf.config.threading.set_inter_op_parallelism_threads(1)
layers = keras.layers

MODELS = {
    "mlp": lambda: [layers.Flatten(), layers.Dense(512, activation="relu"), layers.Dense(10)],
    "cnn": lambda: [
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(10)],
}
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.01),
    "adam": lambda: keras.optimizers.Adam(0.001),
}


def make_runner(model_name, optimizer_name, batch):
    model = keras.Sequential([layers.Input((28, 28, 1)), *MODELS[model_name]()])
    model.compile(OPTIMIZERS[optimizer_name](), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    random = np.random.default_rng(0)

    def run(steps):
        images = random.random((batch * steps, 28, 28, 1), dtype=np.float32)
        labels = random.integers(0, 10, batch * steps)
        start = time.perf_counter()
        model.fit(images, labels, batch_size=batch, epochs=1, verbose=0)
        return [(time.perf_counter() - start) * 1000 / steps]

    run(20)
    return run


serve(f"Keras {keras.__version__} fit, TensorFlow {tf.__version__}", make_runner)
