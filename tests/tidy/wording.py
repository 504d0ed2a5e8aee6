"""What the text of files may not contain, and how long and how neat it is."""

import ast
import re

from cpp_text import code_of, line_at, mutable_globals, scan
from tree import Finding

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MAX_CPP_COLUMNS = 120

SIMULATED = ('engine/', 'models/')  # where results come from

# (rule, folders, pattern over code without comments and literals, message)
FORBIDDEN_CODE = [
    ('platform-math', SIMULATED,
     r'(?<!\w)(?:std)?::(?:log2|log10|log1p|log|exp2|expm1|exp|pow|sinh|sin|cosh|cos|tanh|tan|asin|acos|atan2|atan'
     r'|tgamma|lgamma|erfc|erf|cbrt|hypot|fma)[fl]?\s*\(',
     'differs between machines; use engine/random/elementary.hpp'),
    ('platform-random', SIMULATED,
     r'#\s*include\s*<random>|\bstd::(?:mt19937|random_device|default_random_engine|minstd_rand)\w*|(?<![\w.>])s?rand\s*\(',
     'draws are addressed; use engine/random'),
    ('real-clock', SIMULATED,
     r'\b(?:system|steady|high_resolution|utc|file)_clock\b|\bgettimeofday\b|\bclock_gettime\b|(?<![\w.>])time\s*\(\s*(?:nullptr|NULL|0)',
     'results may not depend on the real time'),
    ('await-in-condition', ('engine/', 'models/', 'tools/', 'tests/'), r'\b(?:if|while|switch)\s*\([^;{}]*\bco_await\b',
     'g++ 12 miscompiles it: give the result a name first'),
    ('shared-owner', ('engine/', 'models/', 'tools/', 'tests/'), r'\bstd::(?:shared_ptr|make_shared|weak_ptr)\b',
     'own values or unique_ptr, lend references'),
]

# (path, rule) -> why it is right there.
CODE_EXCEPTIONS = {
    ('models/study/points.cpp', 'real-clock'): 'wall_seconds, which tells how long the computation took',
    ('models/study/store.cpp', 'real-clock'): 'when finished replications were last synced to the disk',
    ('models/study/store.hpp', 'real-clock'): 'when finished replications were last synced to the disk',
}

# Files with state that outlives a Simulation, and why that cannot be seen in results.
MUTABLE_GLOBALS = {
    'engine/core/frame_pool.hpp': 'recycled memory of coroutine frames',
    'engine/core/frame_pool.cpp': 'recycled memory of coroutine frames',
}

# The engine could simulate a bakery.
AWS_WORDS = re.compile(
    r'\bS3\b|(?i:(?<![A-Za-z0-9])(?:aws|amazon|ec2|sqs|sns|dynamo(?:db)?|elb|alb|nlb|route ?53|cloudwatch|cloudformation|cloudfront'
    r'|beanstalk|kinesis|fargate|elasticache|rds|ecs|eks|ebs|iam|kms)(?![A-Za-z0-9]))')

# Spelled in pieces, so that this file passes its own rules.
UNFINISHED = re.compile(r'\b(?:TO' r'DO|FIX' r'ME|X' r'XX|HA' r'CK)\b')
MACHINE_PATH = re.compile(r'(?<![\w./-])/(?:work|home|root|Users|tmp)/[\w.]')
REGISTRY_HOST = re.compile(r'https?://[^\s"\'<>]*(?:registry|artifact|\.pkg\.dev)|"resolved":\s*"http', re.IGNORECASE)

# Text that is not ours to lay out: quoted law, bad input on purpose, bundler's output.
FREE_LAYOUT = ('LICENSE', 'tests/bad_input/', 'tests/fuzz/corpus/', 'tools/report/dist/', 'tools/report/package-lock.json')


def _matches(path, text, pattern, rule, message, source=None):
    source = text if source is None else source
    for match in pattern.finditer(source):
        yield Finding(path, line_at(source, match.start()), rule, f'{match.group().strip()}: {message}')


def check_forbidden_code(tree):
    for rule, folders, pattern, message in FORBIDDEN_CODE:
        for path, text in tree.cpp(*folders):
            if (path, rule) not in CODE_EXCEPTIONS:
                yield from _matches(path, text, re.compile(pattern), rule, message, code_of(text))


def check_globals(tree):
    for path, text in tree.cpp(*SIMULATED):
        if path in MUTABLE_GLOBALS:
            continue
        yield from _matches(path, text, re.compile(r'\bthread_local\b'), 'global', 'no state outside a Simulation',
                            code_of(text))
        for line in mutable_globals(text):
            yield Finding(path, line, 'global', 'a variable that outlives its function must be const')


def check_engine_words(tree):
    for path, text in tree.items(under='engine/'):
        yield from _matches(path, text, AWS_WORDS, 'engine-words', 'the engine knows nothing of AWS')


def check_headers(tree):
    using = re.compile(r'^[ \t]*using\s+namespace\s+(?!std::(?:\w+::)*\w*literals\s*;)[\w:]+', re.MULTILINE)
    for path, text in tree.items('.hpp'):
        if not re.search(r'^#pragma once$', text, re.MULTILINE):
            yield Finding(path, 1, 'pragma-once', 'a header needs #pragma once')
        yield from _matches(path, text, using, 'using-namespace', 'imposes names on every includer', code_of(text))


def check_everywhere(tree):
    for path, text in tree.items():
        if path.startswith(FREE_LAYOUT):
            continue
        yield from _matches(path, text, UNFINISHED, 'unfinished', 'finish it or leave it out')
    for path, text in tree.items():
        yield from _matches(path, text, MACHINE_PATH, 'machine-path', 'a path of somebody\'s machine')
        yield from _matches(path, text, REGISTRY_HOST, 'registry-host', 'an address of a package registry')


def check_layout(tree):
    for path, text in tree.items():
        if path.startswith(FREE_LAYOUT) or not text:
            continue
        if not text.endswith('\n') or text.endswith('\n\n'):
            yield Finding(path, text.count('\n') + 1, 'final-newline', 'end with exactly one line end')
        for number, line in enumerate(text.split('\n'), 1):
            if line != line.rstrip():
                yield Finding(path, number, 'trailing-space', 'white space at the end of the line')
            if '\t' in line:
                yield Finding(path, number, 'tab', 'indent with spaces')
            if path.endswith(('.cpp', '.hpp')) and len(line) > MAX_CPP_COLUMNS:
                yield Finding(path, number, 'line-length', f'{len(line)} columns; at most {MAX_CPP_COLUMNS}')


def _functions(path, text):
    """(line, lines) of the functions of a C++ or Python file."""
    if path.endswith('.py'):
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return  # check_python_syntax tells
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.lineno, node.end_lineno - node.lineno + 1
    elif path.endswith(('.cpp', '.hpp')):
        yield from scan(text)[0]


def check_python_syntax(tree):
    for path, text in tree.items('.py'):
        try:
            ast.parse(text)
        except SyntaxError as error:
            yield Finding(path, error.lineno or 1, 'python-syntax', error.msg)


def check_lengths(tree):
    for path, text in tree.items('.cpp', '.hpp', '.py', '.sh'):
        count = text.count('\n')
        if count > MAX_FILE_LINES:
            yield Finding(path, count, 'file-length', f'{count} lines; at most {MAX_FILE_LINES}')
        for line, lines in _functions(path, text):
            if lines > MAX_FUNCTION_LINES:
                yield Finding(path, line, 'function-length', f'{lines} lines; at most {MAX_FUNCTION_LINES}')


RULES = [check_forbidden_code, check_globals, check_engine_words, check_headers, check_everywhere, check_layout,
         check_python_syntax, check_lengths]
