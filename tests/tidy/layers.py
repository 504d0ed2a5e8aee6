"""Who may include whom, and what every service's folder brings along. The tables are the law."""

import posixpath
import re

from tree import Finding

# engine/KEY may include engine/VALUE (and itself).
ENGINE_ARROWS = {
    'base': set(),
    'core': {'base'},
    'queueing': {'base', 'core'},
    'random': {'base'},
    'stats': {'base'},
    'network': {'base', 'core'},
    'config': {'base'},
}

# Folders of models/ that are no services; `study` and the files of models/ itself wire services together.
NOT_SERVICES = {'common', 'deployments', 'faults', 'pricing', 'study'}
WIRING = {'models', 'models/study'}

# (service, service it may include). Services meet through models/common; a pair here needs a decision in
# CONTRIBUTING.md.
ALLOWED_SERVICE_PAIRS = {
    # An environment makes the configurations of the groups and load balancers that it expands into.
    ('elasticbeanstalk', 'autoscaling'),
    ('elasticbeanstalk', 'elasticloadbalancing'),
}

# Libraries that one layer wraps for all others: prefix of the include -> layers.
WRAPPED_LIBRARIES = {
    'yaml-cpp/': {'engine/config'},
    'simgrid/': {'engine/network', 'tests', 'tools'},  # tools/bench compares with it
    'Eigen/': {'engine/stats', 'tests'},
    'Random123/': {'engine/random', 'tests'},
    'CLI/': {'tools'},
    'doctest/': {'tests'},
}

# What a service need not bring, and why: service -> subset of {'page', 'scenario', 'test'}.
SERVICE_EXCEPTIONS = {}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def includes(text):
    """(line, path, quoted) of each include directive."""
    for match in _INCLUDE.finditer(text):
        yield text.count('\n', 0, match.start()) + 1, match.group(2), match.group(1) == '"'


def layer(path):
    """'engine/core', 'models' (its own files), 'models/sqs', 'tools' or 'tests'; '' for anything else."""
    parts = path.split('/')
    if parts[0] in ('tools', 'tests'):
        return parts[0]
    if parts[0] in ('engine', 'models'):
        return '/'.join(parts[:2]) if len(parts) > 2 else parts[0]
    return ''


def may_include(user, used):
    if user == used or user == 'tests':
        return True
    if user.startswith('engine/'):
        return used.startswith('engine/') and used[7:] in ENGINE_ARROWS.get(user[7:], set())
    if used.startswith('engine/'):
        return True
    if user == 'tools' or user in WIRING:
        return used.startswith('models')
    if user == 'models/common':
        return False
    return used == 'models/common' or (user[7:], used[7:]) in ALLOWED_SERVICE_PAIRS


def check_includes(tree):
    for path, text in tree.cpp('engine/', 'models/', 'tools/', 'tests/'):
        user = layer(path)
        for line, target, quoted in includes(text):
            if quoted and target not in tree.texts:
                yield Finding(path, line, 'include-path', f'"{target}" is no path from the repository\'s root')
            elif quoted and not may_include(user, layer(target)):
                yield Finding(path, line, 'include-arrow', f'{user} may not include {layer(target)} ({target})')
            for prefix, owners in WRAPPED_LIBRARIES.items():
                if target.startswith(prefix) and user not in owners:
                    yield Finding(path, line, 'wrapped-library', f'only {", ".join(sorted(owners))} may include {target}')


def check_dead_headers(tree):
    used = {target for _, text in tree.cpp() for _, target, _ in includes(text)}
    for path, _ in tree.items('.hpp'):
        if path not in used:
            yield Finding(path, 1, 'dead-header', 'nobody includes this header')


def check_services(tree):
    services = {path.split('/')[1] for path, _ in tree.cpp('models/') if path.count('/') > 1} - NOT_SERVICES
    for service in sorted(services):
        needs = {
            'page': [f'models/{service}/{service}.md'],
            'scenario': [f'scenarios/services/{service}.yaml'],
            'test': [f'tests/models/{service}_test.cpp', f'tests/models/{service}/'],
        }
        for need, places in needs.items():
            excused = need in SERVICE_EXCEPTIONS.get(service, set())
            if not excused and not any(path.startswith(place) for place in places for path in tree.texts):
                yield Finding(f'models/{service}', 1, 'service', f'has no {need}: {" or ".join(places)}')


SCHEMA = 'scenarios/schema/scenario.schema.json'
_MODELINE = re.compile(r'# yaml-language-server: \$schema=(\S+)\n')


def check_modelines(tree):
    for path, text in tree.items('.yaml', under='scenarios/'):
        match = _MODELINE.match(text)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match.group(1))) if match else ''
        if target != SCHEMA:
            relative = posixpath.relpath(SCHEMA, posixpath.dirname(path))
            yield Finding(path, 1, 'modeline', f'must begin with "# yaml-language-server: $schema={relative}"')


RULES = [check_includes, check_dead_headers, check_services, check_modelines]
