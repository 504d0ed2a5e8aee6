#!/usr/bin/env python3
"""The house rules as a test: prints `file:line: rule: text` for each breach; exit status 1 if there is any.

Usage: tidy.py [ROOT]. ROOT is the repository that holds this file unless given. Python's standard library only.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import layers  # noqa: E402
import wording  # noqa: E402
from tree import Tree  # noqa: E402


def check(root):
    """All findings, by path and line, each once."""
    tree = Tree(root)
    return sorted({finding for rule in layers.RULES + wording.RULES for finding in rule(tree)})


def main(arguments):
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parents[2]
    findings = check(root)
    for finding in findings:
        print(finding)
    print(f'{len(findings)} findings')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
