"""python3 train.py WORK MINUTES: WORK/train.npy, held.npy -> WORK/stories.pt (weights rounded to float16).

One thread. AdamW (weight decay 0.1 on matrices), 100 warm-up steps, then a cosine from 3e-3 to 1e-4 over the given time;
bfloat16 for the products until the last 7 % of it.
"""

import math
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from network import SIZE, Llama

BATCH, WINDOW = 16, 256
PEAK, END, WARM_UP = 3e-3, 1e-4, 100


def loss_of(model, windows):
    logits = model(windows[:, :-1])
    return F.cross_entropy(logits.float().flatten(0, 1), windows[:, 1:].flatten())


def windows_at(data, places):
    return torch.from_numpy(np.stack([data[p : p + WINDOW + 1] for p in places]))


def held_out_loss(model, held):
    model.eval()
    places = range(0, len(held) - WINDOW - 1, WINDOW)
    with torch.no_grad():
        losses = [loss_of(model, windows_at(held, [p])).item() for p in places]
    model.train()
    return sum(losses) / len(losses)


def main(work, minutes):
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    data = np.load(f"{work}/train.npy").astype(np.int64)
    held = np.load(f"{work}/held.npy").astype(np.int64)
    last = len(data) - WINDOW - 1
    begins = np.flatnonzero(data[:last] == 0)
    model = Llama(**SIZE)
    groups = [
        {"params": [p for p in model.parameters() if p.ndim == 2], "weight_decay": 0.1},
        {"params": [p for p in model.parameters() if p.ndim != 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.95))
    start, step = time.time(), 0
    while (done := (time.time() - start) / (60 * minutes)) < 1:
        rate = (END + (PEAK - END) * (1 + math.cos(math.pi * done)) / 2) * min(1, (step + 1) / WARM_UP)
        for group in optimizer.param_groups:
            group["lr"] = rate
        # Half of the windows begin where a story does.
        places = np.where(random.random(BATCH) < 0.5, random.choice(begins, BATCH), random.integers(0, last, BATCH))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=done < 0.93):
            loss = loss_of(model, windows_at(data, places))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 500 == 0:
            print(f"step {step}, {100 * done:.0f} %, held-out loss {held_out_loss(model, held):.4f}", flush=True)
    with torch.no_grad():
        for p in model.parameters():
            if p.ndim == 2:
                p.copy_(p.half().float())
    torch.save(model.state_dict(), f"{work}/stories.pt")
    print(f"{step} steps, held-out loss {held_out_loss(model, held):.4f}")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
