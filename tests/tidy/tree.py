"""The repository's files as the rules see them."""

import os
import pathlib
from typing import NamedTuple

SKIPPED_FOLDERS = {'build', 'results', 'node_modules', '__pycache__'}
DOTTED_FOLDERS = {'.ci', '.devcontainer', '.github'}  # of those that begin with a dot, the ones that are read


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f'{self.path}:{self.line}: {self.rule}: {self.text}'


def _is_read(folder):
    return folder in DOTTED_FOLDERS or not (folder.startswith('.') or folder in SKIPPED_FOLDERS)


class Tree:
    """Every text file below `root`: path relative to it, with '/', to content."""

    def __init__(self, root):
        self.texts = {}
        root = pathlib.Path(root)
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if _is_read(name))
            for name in sorted(set(names) - {'.git'}):  # a file in a second working tree
                path = pathlib.Path(folder, name)
                content = path.read_bytes()
                if b'\0' not in content:
                    self.texts[path.relative_to(root).as_posix()] = content.decode('utf-8', errors='replace')

    def items(self, *suffixes, under=''):
        """(path, text) of the files below the folder `under` that end in one of `suffixes` (none: all)."""
        for path, text in self.texts.items():
            if path.startswith(under) and (not suffixes or path.endswith(suffixes)):
                yield path, text

    def cpp(self, *folders):
        for path, text in self.items('.cpp', '.hpp'):
            if not folders or path.startswith(folders):
                yield path, text
