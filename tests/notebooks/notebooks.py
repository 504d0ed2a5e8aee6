"""Runs every notebook's code, short and without a screen. Arguments: the command, the repository."""

import json
import os
import pathlib
import sys

NAMES = ('cells', 'metadata', 'nbformat', 'nbformat_minor')


def code_of(notebook):
    """The code cells of a notebook, in order. None of them has outputs: those would be stale."""
    assert set(notebook) == set(NAMES), 'no notebook of format 4'
    cells = [cell for cell in notebook['cells'] if cell['cell_type'] == 'code']
    for cell in cells:
        assert not cell['outputs'], 'clear the outputs before committing'
    return [''.join(cell['source']) for cell in cells]


def main(command, root):
    os.environ.update(NEPHOSCOPE=command, NEPHOSCOPE_FLAGS='--replications 1', MPLBACKEND='agg')
    os.chdir(root)
    paths = sorted(pathlib.Path('notebooks').glob('*.ipynb'))
    assert paths, 'no notebooks'
    for path in paths:
        namespace = {}
        for number, code in enumerate(code_of(json.loads(path.read_text(encoding='utf-8')))):
            exec(compile(code, f'{path}, code cell {number + 1}', 'exec'), namespace)  # its own text
        figures = namespace['plt'].get_fignums()
        assert figures, f'{path} draws nothing'
        namespace['plt'].close('all')
        print(f'{path}: runs')


main(*sys.argv[1:])
