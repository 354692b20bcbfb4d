"""python3 check.py tokenizer.json: the file says what tokenizer.py would write, and prints the tokens of some texts as JSON."""

import json
import sys
import tempfile

from tokenizer import Tokenizer

TEXTS = ["", "Once upon a time", " don't stop\n\n  now", "h\u00e9llo \u65e5\u672c 123", "a<|eos|>b"]

tokenizer = Tokenizer.read(sys.argv[1])
with tempfile.NamedTemporaryFile() as copy:
    tokenizer.write(copy.name)
    with open(copy.name, encoding="utf-8") as ours, open(sys.argv[1], encoding="utf-8") as theirs:
        assert json.load(ours) == json.load(theirs), "the file differs from what tokenizer.py writes"
print(json.dumps({text: tokenizer.encode(text) for text in TEXTS}))
