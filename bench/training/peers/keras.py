"""Steps of Keras' fit, on request: reads lines "MODEL OPTIMIZER COUNT", answers the milliseconds of each step."""
import json
import os
import sys
import time

sys.path.pop(0)  # this folder: `import keras` would find this file
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(2)
tf.config.threading.set_inter_op_parallelism_threads(2)
import keras
from keras import layers

keras.utils.set_random_seed(0)
BATCH = 128
MODELS = {
    "mlp": lambda: [keras.Input((784,)), layers.Dense(512, activation="relu"), layers.Dense(10)],
    "cnn": lambda: [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(10),
    ],
}
OPTIMIZERS = {"sgd": lambda: keras.optimizers.SGD(0.01), "adam": lambda: keras.optimizers.Adam(0.001)}


class StepTime(keras.callbacks.Callback):
    """Milliseconds a step, averaged from the end of the first step to the end of the last: without the epoch's set-up."""

    def on_epoch_begin(self, epoch, logs=None):
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(time.perf_counter())

    def average(self):
        return (self.ends[-1] - self.ends[0]) * 1000 / (len(self.ends) - 1)


models = {}
print(json.dumps({"name": f"Keras {keras.__version__} fit (TensorFlow {tf.__version__})"}), flush=True)
for line in sys.stdin:
    kind, optimizer_name, count = line.split()
    key = (kind, optimizer_name)
    if key not in models:
        model = keras.Sequential(MODELS[kind]())
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(OPTIMIZERS[optimizer_name](), loss)
        models[key] = model
    model = models[key]
    samples = BATCH * (int(count) + 1)
    x = np.random.randn(samples, *model.input_shape[1:]).astype("float32")
    y = np.random.randint(0, 10, samples)
    times = StepTime()
    model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0, callbacks=[times])
    print(json.dumps([times.average()]), flush=True)
