"""Byte-level byte-pair encoding: learns merges from texts, encodes, and reads and writes tokenizer.json.

Ids: 0 <|bos|>, 1 <|eos|>, then the 256 bytes, then one token a merge.
"""

import json
from collections import Counter
from itertools import pairwise

import regex

SPECIAL = ["<|bos|>", "<|eos|>"]
# Text is cut into words first (contractions, letters, digits, other signs, each with a space before it, white space);
# no token crosses a cut. The same expression is behind "use_regex" of the ByteLevel pre-tokenizer.
WORD = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


def alphabet():
    """The character that stands for each byte: itself if printable, else the next one from U+0100 on."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in shown]
    return {**{b: chr(b) for b in shown}, **{b: chr(256 + i) for i, b in enumerate(hidden)}}


LETTER = alphabet()


def spell(word):
    return [LETTER[byte] for byte in word.encode()]


def join_pair(symbols, pair):
    joined, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair:
            joined.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            joined.append(symbols[i])
            i += 1
    return joined


def learn(texts, size):
    """The merges of a vocabulary of `size` tokens: again and again the most frequent pair (of equals the smallest)."""
    count = Counter(word for text in texts for word in WORD.findall(text))
    words = [(spell(word), n) for word, n in count.items()]
    merges, taken = [], set(LETTER.values())
    while len(SPECIAL) + 256 + len(merges) < size:
        pairs = Counter()
        for symbols, n in words:
            for pair in pairwise(symbols):
                pairs[pair] += n
        # Two ways to the same string would give one token two ids.
        fresh = [(-n, pair) for pair, n in pairs.items() if pair[0] + pair[1] not in taken]
        if not fresh:
            break
        pair = min(fresh)[1]
        merges.append(pair)
        taken.add(pair[0] + pair[1])
        words = [(join_pair(symbols, pair) if pair[0] in symbols else symbols, n) for symbols, n in words]
    return merges


class Tokenizer:
    def __init__(self, merges):
        self.merges = merges
        self.rank = {pair: i for i, pair in enumerate(merges)}
        names = SPECIAL + list(map(LETTER.get, range(256))) + [a + b for a, b in merges]
        self.id = {name: i for i, name in enumerate(names)}
        self.known = {}

    def word(self, word):
        if word not in self.known:
            symbols = spell(word)
            while len(symbols) > 1:
                best = min(pairwise(symbols), key=lambda pair: self.rank.get(pair, len(self.rank)))
                if best not in self.rank:
                    break
                symbols = join_pair(symbols, best)
            self.known[word] = [self.id[s] for s in symbols]
        return self.known[word]

    def encode(self, text):
        return [token for word in WORD.findall(text) for token in self.word(word)]

    def write(self, path):
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        added = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        model = {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": self.id, "merges": [f"{a} {b}" for a, b in self.merges],
        }
        whole = {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [{"id": i, "content": name, **added} for i, name in enumerate(SPECIAL)],
            "normalizer": None, "pre_tokenizer": byte_level, "post_processor": None, "decoder": byte_level, "model": model,
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(whole, file, ensure_ascii=False, indent=0)

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8") as file:
            return Tokenizer([tuple(merge.split(" ")) for merge in json.load(file)["model"]["merges"]])
