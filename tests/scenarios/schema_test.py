#!/usr/bin/env python3
"""The JSON Schema, judged by another implementation: it accepts every shipped scenario and rejects bad ones.

Usage: schema_test.py [ROOT]. Needs Debian's python3-jsonschema and python3-yaml. YAML is read as its version 1.2
says (the core schema), as editors and the program do: `yes` and 2026-03-02 are texts.
"""

import json
import pathlib
import re
import sys
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = 'scenarios/schema/scenario.schema.json'

# What no schema can say: references, and the order of magnitude of texts like 91d.
BEYOND_SCHEMAS = {'reference', 'binary_unit'}
RANGES = {'min', 'max', 'above'}

# Likewise of mistakes with units: magnitudes, calendars, names of metrics; and spellings that YAML itself reads as
# the number or truth value that is meant.
BEYOND_PATTERNS = re.compile(
    r'.*-(negative|too_precise|overflow|huge_exponent|order|no_such_day|no_such_hour|above_hundred'
    r'|capital|hexadecimal|octal|bare_point|point_last)|price-(leading_zero|no_digits)'
    r'|expectation-(no_unit|wrong_unit|unknown_metric)|recurrence-(past_the_hour|unknown_day)'
    r'|range-(not_a_number|no_step|mixed_units|reversed)')


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ('null', r'(~|null|Null|NULL|)', ['~', 'n', 'N', '']),
    ('bool', r'(true|True|TRUE|false|False|FALSE)', list('tTfF')),
    ('int', r'([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)', list('-+0123456789')),
    ('float', r'([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)', list('-+.0123456789')),
]:
    CoreLoader.add_implicit_resolver(f'tag:yaml.org,2002:{tag}', re.compile(f'^{pattern}$'), first)


def read(path):
    """The document in a file, or None if it is no YAML."""
    try:
        return yaml.load(path.read_bytes().decode('utf-8'), CoreLoader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return None


def rule_of(path):
    match = re.match(r'# rule: (.*): (?:(\S+) )?(\w+)\n', path.read_text(encoding='utf-8'))
    return match.groups()


class SchemaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads((ROOT / SCHEMA).read_text(encoding='utf-8'))
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def is_plain_bound(self, table, key, kind):
        """Whether the bound of that rule is a bare number, which a schema can compare."""
        own = self.schema if table == 'scenario' else self.schema['definitions'][table]
        own = own if 'properties' in own else next(each for each in own['anyOf'] if 'properties' in each)
        fields = own['properties']
        for part in key.split('.')[:-1]:
            fields = fields[part]['properties']
        field = fields[key.split('.')[-1]]
        return re.fullmatch(r'-?[0-9.]+', field[f'x-{kind}']) is not None and 'pattern' not in json.dumps(field)

    def test_the_schema_is_one(self):
        jsonschema.Draft7Validator.check_schema(self.schema)

    def test_every_shipped_scenario_is_accepted_and_names_the_schema(self):
        paths = sorted(ROOT.glob('scenarios/**/*.yaml'))
        self.assertTrue(paths)
        for path in paths:
            with self.subTest(path.relative_to(ROOT).as_posix()):
                errors = [error.message for error in self.validator.iter_errors(read(path))]
                self.assertEqual(errors, [])
                line = path.read_text(encoding='utf-8').splitlines()[0]
                named = re.fullmatch(r'# yaml-language-server: \$schema=(\S+)', line)
                self.assertIsNotNone(named, 'the first line names the schema')
                self.assertEqual((path.parent / named[1]).resolve(), ROOT / SCHEMA)

    def test_every_broken_rule_that_a_schema_can_state_is_rejected(self):
        paths = sorted(ROOT.glob('tests/bad_input/rules/**/*.yaml'))
        self.assertTrue(paths)
        for path in paths:
            table, key, kind = rule_of(path)
            if kind in BEYOND_SCHEMAS or (kind in RANGES and not self.is_plain_bound(table, key, kind)):
                continue
            with self.subTest(path.relative_to(ROOT).as_posix()):
                self.assertFalse(self.validator.is_valid(read(path)))

    def test_every_mistake_with_a_unit_that_a_pattern_can_state_is_rejected(self):
        paths = sorted(ROOT.glob('tests/bad_input/units/*.yaml'))
        self.assertTrue(paths)
        for path in paths:
            if BEYOND_PATTERNS.fullmatch(path.stem):
                continue
            with self.subTest(path.name):
                self.assertFalse(self.validator.is_valid(read(path)))


if __name__ == '__main__':
    if len(sys.argv) > 1:
        ROOT = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
