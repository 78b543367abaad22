"""TensorFlow training steps on Keras' layers, on request: reads lines "MODEL OPTIMIZER BATCH MILLISECONDS", answers milliseconds.

The argument says what a step is: `graph`, a tf.function with a GradientTape; or `fit`, Keras' own loop over an epoch."""
import json
import os
import sys
import time

sys.path.pop(0)  # this folder: `import tensorflow` would find this file
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(2)
tf.config.threading.set_inter_op_parallelism_threads(2)
import keras
from keras import layers

keras.utils.set_random_seed(0)
STEPS, FEATURES, UNITS = 50, 32, 128
TOKENS, WIDTH, HEADS, HIDDEN, BLOCKS = 64, 128, 4, 512, 2


def transformer():
    inputs = x = keras.Input((TOKENS, WIDTH))
    for _ in range(BLOCKS):
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        x = layers.Add()([x, layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(y, y)])
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        x = layers.Add()([x, layers.Dense(WIDTH)(layers.Dense(HIDDEN, activation="relu")(y))])
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-5)(x))
    return keras.Model(inputs, layers.Dense(10)(x))


MODELS = {
    "mlp": lambda: keras.Sequential(
        [keras.Input((784,)), layers.Dense(512, activation="relu"), layers.Dense(10)]
    ),
    "cnn": lambda: keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(10),
    ]),
    "lstm": lambda: keras.Sequential([keras.Input((STEPS, FEATURES)), layers.LSTM(UNITS), layers.Dense(10)]),
    "transformer": transformer,
}
OPTIMIZERS = {"sgd": lambda: keras.optimizers.SGD(0.01), "adam": lambda: keras.optimizers.Adam(0.001)}


def data(model, samples):
    x = np.random.randn(samples, *model.input_shape[1:]).astype("float32")
    return x, np.random.randint(0, 10, samples)


def graph_turn(kind, optimizer_name, batch):
    model = MODELS[kind]()
    optimizer = OPTIMIZERS[optimizer_name]()
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    x, y = map(tf.constant, data(model, batch))
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        return loss

    for _ in range(3):
        step(x, y).numpy()

    def turn(milliseconds):
        times = []
        end = time.perf_counter() + milliseconds / 1000
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            step(x, y).numpy()
            times.append((time.perf_counter() - start) * 1000)
        return times

    return turn


class StepTime(keras.callbacks.Callback):
    """Milliseconds a step, averaged from the end of the first step to the end of the last: without the epoch's set-up."""

    def on_epoch_begin(self, epoch, logs=None):
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(time.perf_counter())

    def average(self):
        return (self.ends[-1] - self.ends[0]) * 1000 / (len(self.ends) - 1)


def fit_turn(kind, optimizer_name, batch):
    model = MODELS[kind]()
    model.compile(OPTIMIZERS[optimizer_name](), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    last = None

    def turn(milliseconds):
        nonlocal last
        count = 10 if last is None else max(3, min(200, round(milliseconds / last)))
        times = StepTime()
        model.fit(*data(model, batch * (count + 1)), batch_size=batch, epochs=1, verbose=0, callbacks=[times])
        last = times.average()
        return [last]

    return turn


MODE = sys.argv[1]
names = {"graph": f"TensorFlow {tf.__version__}, tf.function", "fit": f"Keras {keras.__version__} fit"}
print(json.dumps({"name": names[MODE]}), flush=True)
turns = {}
for line in sys.stdin:
    kind, optimizer_name, batch, milliseconds = line.split()
    key = (kind, optimizer_name, int(batch))
    if key not in turns:
        turns.clear()
        keras.backend.clear_session()
        turns[key] = {"graph": graph_turn, "fit": fit_turn}[MODE](*key)
    print(json.dumps(turns[key](int(milliseconds))), flush=True)
