"""python3 export.py WORK/stories.pt model.onnx: weights -> ONNX (opset 15) with a key-value cache.

The graph is built node by node, so that it is small and says exactly what config.json says: ids, pos [n, t] int64;
mask [n, t, p + t] (1 = may look) and past [2 * layers, n, kv heads, p, head] float32 -> logits [n, V] of the last position,
all_logits [n, t, V], present (as past, p + t long), hidden [n, dim]. Matrices are stored as float16 behind casts.
"""

import math
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from network import EPSILON, SIZE, Llama, frequencies

VOCABULARY, DIM, LAYERS = SIZE["vocabulary"], SIZE["dim"], SIZE["layers"]
HEADS, KV, HIDDEN = SIZE["heads"], SIZE["kv_heads"], SIZE["hidden"]
HEAD, SHARE = DIM // HEADS, HEADS // KV
nodes, constants, stored = [], [], {}


def constant(value, dtype):
    array = np.ascontiguousarray(np.array(value, dtype=dtype))
    key = (array.tobytes(), array.shape, str(array.dtype))
    if key not in stored:
        stored[key] = f"c{len(stored)}"
        constants.append(numpy_helper.from_array(array, stored[key]))
    return stored[key]


def ints(*values):
    return constant(values, np.int64)


def number(value):
    return constant(value, np.float32)


def op(kind, *inputs, out=None, **attributes):
    """Adds a node; `out` names its outputs, or says how many there are."""
    names = [f"n{len(nodes)}"] if out is None else [f"n{len(nodes)}_{i}" for i in range(out)] if isinstance(out, int) else [out]
    nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
    return names[0] if len(names) == 1 else names


def matrix(tensor):
    return op("Cast", constant(tensor.detach().numpy(), np.float16), to=TensorProto.FLOAT)


def normal(x, gain):
    mean = op("ReduceMean", op("Mul", x, x), axes=[-1], keepdims=1)
    return op("Mul", op("Div", x, op("Sqrt", op("Add", mean, number(EPSILON)))), constant(gain.detach().numpy(), np.float32))


def build(model):
    # (a, b) -> (-b, a) in each adjacent pair, as a product with a matrix.
    turn = np.zeros((HEAD, HEAD), dtype=np.float32)
    for i in range(0, HEAD, 2):
        turn[i + 1, i], turn[i, i + 1] = -1, 1
    angle = op("Mul", op("Unsqueeze", op("Cast", "pos", to=TensorProto.FLOAT), ints(2, 3)),
               constant(np.repeat(frequencies(HEAD).numpy(), 2), np.float32))
    cos, sin = op("Cos", angle), op("Sin", angle)
    # Query heads that share a key-value head are laid one after the other along the time axis.
    bias = op("Unsqueeze", op("Concat", *[op("Mul", op("Sub", number(1), "mask"), number(-1e9))] * SHARE, axis=1), ints(1))
    embedding = matrix(model.embedding)
    x = op("Gather", embedding, "ids", axis=0)
    present = []
    for layer, block in enumerate(model.blocks):
        h = normal(x, block.before_attention)
        qkv = op("Reshape", op("MatMul", h, matrix(block.qkv.T)), ints(0, 0, HEADS + 2 * KV, HEAD))
        qk, v = op("Split", qkv, ints(HEADS + KV, KV), out=2, axis=2)
        qk = op("Add", op("Mul", qk, cos), op("Mul", op("MatMul", qk, constant(turn, np.float32)), sin))
        q, k = op("Split", qk, ints(HEADS, KV), out=2, axis=2)
        q = op("Reshape", op("Mul", q, number(1 / math.sqrt(HEAD))), ints(0, 0, KV, SHARE, HEAD))
        q = op("Reshape", op("Transpose", q, perm=[0, 2, 3, 1, 4]), ints(0, KV, -1, HEAD))
        k = op("Concat", op("Gather", "past", constant(2 * layer, np.int64), axis=0), op("Transpose", k, perm=[0, 2, 1, 3]), axis=2)
        v = op("Concat", op("Gather", "past", constant(2 * layer + 1, np.int64), axis=0), op("Transpose", v, perm=[0, 2, 1, 3]), axis=2)
        present += [op("Unsqueeze", k, ints(0)), op("Unsqueeze", v, ints(0))]
        weights = op("Softmax", op("Add", op("MatMul", q, op("Transpose", k, perm=[0, 1, 3, 2])), bias), axis=-1)
        mixed = op("Reshape", op("MatMul", weights, v), ints(0, KV, SHARE, -1, HEAD))
        mixed = op("Reshape", op("Transpose", mixed, perm=[0, 3, 1, 2, 4]), ints(0, 0, DIM))
        x = op("Add", x, op("MatMul", mixed, matrix(block.out.T)))
        h = normal(x, block.before_feed)
        gate, up = op("Split", op("MatMul", h, matrix(block.gate_up.T)), ints(HIDDEN, HIDDEN), out=2, axis=2)
        x = op("Add", x, op("MatMul", op("Mul", op("Mul", gate, op("Sigmoid", gate)), up), matrix(block.down.T)))
    x = normal(x, model.last)
    op("Concat", *present, axis=0, out="present")
    op("MatMul", x, op("Transpose", embedding, perm=[1, 0]), out="all_logits")
    op("Gather", "all_logits", constant(-1, np.int64), axis=1, out="logits")
    op("Gather", x, constant(-1, np.int64), axis=1, out="hidden")


if __name__ == "__main__":
    model = Llama(**SIZE)
    model.load_state_dict(torch.load(sys.argv[1]))
    build(model)
    value = helper.make_tensor_value_info
    float32, int64 = TensorProto.FLOAT, TensorProto.INT64
    cache = [2 * LAYERS, "n", KV]
    graph = helper.make_graph(
        nodes,
        "stories",
        [value("ids", int64, ["n", "t"]), value("pos", int64, ["n", "t"]), value("mask", float32, ["n", "t", "s"]),
         value("past", float32, [*cache, "p", HEAD])],
        [value("logits", float32, ["n", VOCABULARY]), value("all_logits", float32, ["n", "t", VOCABULARY]),
         value("present", float32, [*cache, "s", HEAD]), value("hidden", float32, ["n", DIM])],
        constants,
    )
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    whole.ir_version = 8
    onnx.checker.check_model(whole, full_check=True)
    onnx.save(whole, sys.argv[2])
