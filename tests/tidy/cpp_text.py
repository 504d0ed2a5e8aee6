"""A rough reader of C++ text: enough to measure functions and find globals, far from a parser."""

import re
from typing import NamedTuple

_LITERAL = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<tag>[^()\s\\]*)\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'",
    re.DOTALL)
_DIRECTIVE = re.compile(r'^[ \t]*#(?:\\\n|[^\n])*', re.MULTILINE)
_SCOPE = re.compile(r'(?:(?:export|inline|typedef)\s+)*(namespace|class|struct|union|enum|extern)\b')
_LABELS = re.compile(r'(?:\s*(?:public|private|protected)\s*:(?!:))*\s*')
_AFTER_PARAMETERS = re.compile(r'(?:\s*(?:const|noexcept(?:\([^()]*\))?|override|final|mutable|&&?|->[^;{}()]*))*\s*$')
_INITIALISERS = re.compile(r'\)\s*(?:noexcept\s*)?:(?!:)')


class Function(NamedTuple):
    line: int  # of the first character of its head
    lines: int


class Statement(NamedTuple):
    line: int
    text: str  # with comments and literals blanked


def _blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def code_of(text):
    """`text` with comments, string and character literals replaced by spaces; line ends stay where they are."""
    return _LITERAL.sub(_blank, text)


def line_at(text, position):
    return text.count('\n', 0, position) + 1


def _closing(code, opening):
    depth = 0
    for match in re.compile(r'[{}]').finditer(code, opening):
        depth += 1 if match.group() == '{' else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


def _without_template(head):
    while head.startswith('template'):
        depth, end = 0, len(head)
        for i, c in enumerate(head):
            depth += (c == '<') - (c == '>')
            if c == '>' and depth == 0:
                end = i + 1
                break
        head = head[end:].lstrip()
    return head


def _kind(head):
    """What the `{` after `head` opens: 'namespace', 'type', 'function' or 'value' (an initialiser)."""
    head = _without_template(head[_LABELS.match(head).end():])
    scope = _SCOPE.match(head)
    if head.count('(') > head.count(')'):
        return 'value'
    if scope and '=' not in head:
        return 'namespace' if scope.group(1) in ('namespace', 'extern') else 'type'
    if _INITIALISERS.search(head):
        return 'function' if head.rstrip()[-1] in ')}' else 'value'
    return 'function' if _AFTER_PARAMETERS.sub('', head).endswith(')') else 'value'


def scan(text):
    """The outermost functions of `text`, and the statements at namespace scope."""
    code = _DIRECTIVE.sub(_blank, code_of(text))
    functions, statements, scopes = [], [], []
    start = position = 0
    while match := re.compile(r'[{};]').search(code, position):
        position = match.end()
        head = code[start:match.start()]
        first = line_at(code, start + _LABELS.match(head).end())
        kind = _kind(head) if match.group() == '{' else match.group()
        if kind == 'value':
            position = _closing(code, match.start()) + 1
            continue
        if kind == 'function':
            position = _closing(code, match.start()) + 1
            functions.append(Function(first, line_at(code, position - 1) - first + 1))
        elif kind == '}':
            scopes = scopes[:-1]
        elif kind == ';':
            if all(scope == 'namespace' for scope in scopes) and head.strip():
                statements.append(Statement(first, ' '.join(head.split())))
        else:
            scopes.append(kind)
        start = position
    return functions, statements


_NOT_A_VARIABLE = re.compile(
    r'(?:__extension__\s+)?(using|typedef|template|extern|friend|static_assert|namespace|class|struct|union|enum|concept)\b')
_STATIC = re.compile(r'\bstatic\b([^;{}()=]*)[;{=]')


def mutable_globals(text):
    """Lines that define a variable which outlives its function and can change."""
    lines = set()
    for statement in scan(text)[1]:
        declaration = re.sub(r'operator\s*[^\s\w(]+', 'operator', statement.text)
        name = re.split(r'[={]', declaration, maxsplit=1)[0]
        constant = re.search(r'\b(const|constexpr|consteval)\b', name)
        if not _NOT_A_VARIABLE.match(declaration) and not constant and '(' not in name and len(name.split()) > 1:
            lines.add(statement.line)
    code = code_of(text)
    for match in _STATIC.finditer(code):
        if not re.search(r'\b(const|constexpr)\b', match.group(1)):
            lines.add(line_at(code, match.start()))
    return sorted(lines)
