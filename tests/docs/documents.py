#!/usr/bin/env python3
"""Runs the commands whose output the documents show, and compares.

usage: documents.py BINARY ROOT [--update]

A document marks such a block with the line `<!-- output of: nephoscope ... -->` before it. The command runs in
ROOT; wall-clock seconds are not compared. --update writes the blocks anew.
"""
import pathlib
import re
import shlex
import subprocess
import sys

DOCUMENTS = ["README.md"]
BLOCK = re.compile(r"(<!-- output of: nephoscope (?P<command>[^\n]*?) -->\n```\n)(?P<text>.*?)(```\n)", re.DOTALL)
SECONDS = re.compile(r"events, [0-9.]+ m?s\b")


def output_of(binary, root, command):
    """What the command prints, with its wall-clock seconds blanked out."""
    done = subprocess.run([binary, *shlex.split(command)], cwd=root, capture_output=True, text=True)
    text = done.stdout + (done.stderr if done.returncode == 2 else "")
    return SECONDS.sub("events, … s", text)


def main(binary, root, update):
    failures = 0
    blocks = 0
    for name in DOCUMENTS:
        path = pathlib.Path(root, name)

        def check(match):
            nonlocal failures, blocks
            blocks += 1
            now = output_of(binary, root, match["command"])
            if now == match["text"]:
                return match[0]
            failures += 1
            if not update:
                print(f"{name}: the output of `nephoscope {match['command']}` is now:\n{now}")
            return match[1] + now + match[4]

        text = BLOCK.sub(check, path.read_text(encoding="utf-8"))
        if update:
            path.write_text(text, encoding="utf-8")
    print(f"{blocks} blocks, {failures} {'rewritten' if update else 'out of date'}")
    return 0 if blocks > 0 and (update or failures == 0) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], "--update" in sys.argv[3:]))
