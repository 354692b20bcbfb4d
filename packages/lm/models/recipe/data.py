"""python3 data.py WORK RAW...: raw samples -> WORK/tokenizer.json, WORK/train.npy, WORK/held.npy.

A raw file holds stories separated by <|end|>. Broken ones are dropped, 400 are held out.
"""

import random
import re
import sys

import numpy as np

from tokenizer import Tokenizer, learn

VOCABULARY = 1024
HELD_OUT = 400


def sound(story):
    """Plain ASCII of a sensible length that ends as a sentence does, with quotes in pairs and no loops."""
    if not 250 <= len(story) <= 1600 or not story[0].isupper() or story[-1] not in '.!?"':
        return False
    if story.count('"') % 2 or re.search(r"[^\x20-\x7e\n]", story):
        return False
    words = re.findall(r"[a-z']+", story.lower())
    fours = list(zip(words, words[1:], words[2:], words[3:]))
    stuck = any(a == b == c for a, b, c in zip(words, words[1:], words[2:]))
    return not stuck and len(fours) >= 30 and len(set(fours)) >= 0.8 * len(fours)


def stories(paths):
    kept = {}
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as file:
            for story in file.read().split("<|end|>")[:-1]:
                story = re.sub(r"\n{2,}", "\n", re.sub(r"[ \t]+\n", "\n", story.strip()))
                if story and sound(story):
                    kept[story] = None
    unique = list(kept)
    random.Random(1).shuffle(unique)
    return unique


def packed(texts, tokenizer):
    bos, eos = 0, 1
    return np.array([t for text in texts for t in (bos, *tokenizer.encode(text), eos)], dtype=np.uint16)


if __name__ == "__main__":
    work, *raw = sys.argv[1:]
    unique = stories(raw)
    held, train = unique[:HELD_OUT], unique[HELD_OUT:]
    tokenizer = Tokenizer(learn(train, VOCABULARY))
    tokenizer.write(f"{work}/tokenizer.json")
    np.save(f"{work}/train.npy", packed(train, tokenizer))
    np.save(f"{work}/held.npy", packed(held, tokenizer))
    print(f"{len(train)} stories to train on, {len(held)} held out")
