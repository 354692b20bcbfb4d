"""A small llama: RMSNorm, rotary positions on adjacent pairs, grouped key-value heads, SwiGLU, tied embeddings."""

import math

import torch
import torch.nn.functional as F
from torch import nn

SIZE = dict(vocabulary=1024, dim=128, layers=4, heads=4, kv_heads=2, hidden=352, context=256)
EPSILON = 1e-5
BASE = 10000.0


def normal(x, gain):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON) * gain


class Block(nn.Module):
    def __init__(self, dim, heads, kv_heads, hidden, layers):
        super().__init__()
        self.heads, self.kv_heads, self.head = heads, kv_heads, dim // heads

        def matrix(rows, columns, scale=0.02):
            return nn.Parameter(torch.randn(rows, columns) * scale)

        # Matrices that add to the residual stream start smaller, the more there are.
        into = 0.02 / math.sqrt(2 * layers)
        self.qkv = matrix((heads + 2 * kv_heads) * self.head, dim)
        self.out = matrix(dim, heads * self.head, into)
        self.gate_up = matrix(2 * hidden, dim)
        self.down = matrix(dim, hidden, into)
        self.before_attention = nn.Parameter(torch.ones(dim))
        self.before_feed = nn.Parameter(torch.ones(dim))

    def forward(self, x, cos, sin, bias):
        n, t, _ = x.shape
        qkv = (normal(x, self.before_attention) @ self.qkv.T).view(n, t, -1, self.head).transpose(1, 2)
        q, k, v = qkv.split([self.heads, self.kv_heads, self.kv_heads], 1)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        # Each key-value head serves heads / kv_heads query heads.
        q = q.reshape(n, self.kv_heads, self.heads // self.kv_heads, t, self.head)
        attention = (q @ k.unsqueeze(2).transpose(3, 4) / math.sqrt(self.head) + bias).softmax(-1)
        mixed = (attention @ v.unsqueeze(2)).reshape(n, self.heads, t, self.head).transpose(1, 2).reshape(n, t, -1)
        x = x + mixed @ self.out.T
        gate, up = (normal(x, self.before_feed) @ self.gate_up.T).chunk(2, -1)
        return x + (F.silu(gate) * up) @ self.down.T


def rotate(x, cos, sin):
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)


class Llama(nn.Module):
    def __init__(self, vocabulary, dim, layers, heads, kv_heads, hidden, context):
        super().__init__()
        self.embedding = nn.Parameter(torch.randn(vocabulary, dim) * 0.02)
        self.blocks = nn.ModuleList(Block(dim, heads, kv_heads, hidden, layers) for _ in range(layers))
        self.last = nn.Parameter(torch.ones(dim))
        angles = torch.arange(context)[:, None] * frequencies(dim // heads)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        self.register_buffer("future", torch.full((context, context), -1e9).triu(1), persistent=False)

    def forward(self, ids):
        """Logits of the token after each position: ids [n, t] -> [n, t, vocabulary]."""
        t = ids.shape[1]
        x = F.embedding(ids, self.embedding)
        for block in self.blocks:
            x = block(x, self.cos[:t], self.sin[:t], self.future[:t, :t])
        return normal(x, self.last) @ self.embedding.T


def frequencies(head):
    return BASE ** (-torch.arange(0, head, 2).float() / head)
