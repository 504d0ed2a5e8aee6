"""The house's scripts on a toy project: tools/test.sh counts, fails and says so."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / 'tools'
PRESETS = {
    'version': 6,
    'configurePresets': [
        {'name': name, 'generator': 'Ninja', 'binaryDir': '${sourceDir}/build/${presetName}',
         'cacheVariables': {'TOY_PRESET': name}} for name in ('release', 'dev')
    ],
}
PASS = 'add_test(NAME pass COMMAND ${CMAKE_COMMAND} -E true)\n'
FAIL = 'add_test(NAME fail COMMAND ${CMAKE_COMMAND} -E false)\n'


class ToyProject(unittest.TestCase):
    """A project in a temporary folder that has the scripts, presets, and a bootstrap.sh that does nothing."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)
        (self.root / 'tools').mkdir()
        for name in ('run.sh', 'test.sh', 'phase.sh'):
            shutil.copy(TOOLS / name, self.root / 'tools')
        (self.root / 'tools/bootstrap.sh').write_text('exit 0\n')
        (self.root / 'CMakePresets.json').write_text(json.dumps(PRESETS))

    def run_script(self, script, content, *arguments, folder=None):
        """(exit status, standard output's lines, standard error) of a script when CMakeLists.txt has `content`."""
        (self.root / 'CMakeLists.txt').write_text(
            'cmake_minimum_required(VERSION 3.25)\nproject(toy LANGUAGES NONE)\nenable_testing()\n' + content)
        done = subprocess.run(['bash', self.root / 'tools' / script, *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False, cwd=folder)
        return done.returncode, done.stdout.splitlines(), done.stderr


class TestShTest(ToyProject):
    def run_tests(self, tests, *flags):
        return self.run_script('test.sh', tests, *flags)

    def test_passing_tests_are_counted_over_all_presets(self):
        status, lines, errors = self.run_tests(PASS, '--preset', 'release', '--preset', 'dev')
        self.assertEqual((status, lines[-1]), (0, '2 passed, 0 failed'), errors)
        self.assertEqual(sum(line.startswith('100% tests passed') for line in lines[-10:]), 2)

    def test_a_failing_test_fails_the_run_also_when_a_later_preset_passes(self):
        failing = PASS + 'if(TOY_PRESET STREQUAL release)\n' + FAIL + 'endif()\n'
        status, lines, _ = self.run_tests(failing, '--preset', 'release', '--preset', 'dev')
        self.assertEqual((status, lines[-1]), (1, '2 passed, 1 failed'))
        self.assertIn('50% tests passed, 1 tests failed out of 2', lines)

    def test_a_test_whose_program_is_missing_fails(self):
        status, lines, _ = self.run_tests(PASS + 'add_test(NAME lost COMMAND no_such_program)\n', '--preset', 'dev')
        self.assertEqual((status, lines[-1]), (1, '1 passed, 1 failed'))

    def test_a_project_without_tests_fails(self):
        status, lines, _ = self.run_tests('', '--preset', 'release')
        self.assertEqual((status, lines[-1]), (1, '0 passed, 1 failed'))

    def test_a_failed_configuration_fails_and_shows_its_log(self):
        status, lines, errors = self.run_tests('message(FATAL_ERROR "no such luck")\n', '--preset', 'release')
        self.assertEqual((status, lines[-1]), (1, '0 passed, 1 failed'))
        self.assertIn('no such luck', errors)

    def test_a_failed_build_fails_and_shows_its_log(self):
        broken = 'add_custom_target(broken ALL COMMAND ${CMAKE_COMMAND} -E cat no_such_file)\n'
        status, lines, errors = self.run_tests(PASS + broken, '--preset', 'release')
        self.assertEqual((status, lines[-1]), (1, '0 passed, 1 failed'))
        self.assertIn('no_such_file', errors)

    def test_heavy_tests_run_in_release_and_only_with_full_in_dev(self):
        heavy = (PASS + 'add_test(NAME slow COMMAND ${CMAKE_COMMAND} -E true)\n'
                 'set_tests_properties(slow PROPERTIES LABELS heavy)\n')
        self.assertEqual(self.run_tests(heavy, '--preset', 'release')[1][-1], '2 passed, 0 failed')
        self.assertEqual(self.run_tests(heavy, '--preset', 'dev')[1][-1], '1 passed, 0 failed')
        self.assertEqual(self.run_tests(heavy, '--preset', 'dev', '--full')[1][-1], '2 passed, 0 failed')

    def test_skipped_tests_count_neither_way(self):
        skipped = (PASS + 'add_test(NAME off COMMAND ${CMAKE_COMMAND} -E true)\n'
                   'set_tests_properties(off PROPERTIES DISABLED ON)\n')
        self.assertEqual(self.run_tests(skipped, '--preset', 'release')[1][-1], '1 passed, 0 failed')

    def test_an_unknown_flag_is_a_usage_error(self):
        self.assertEqual(self.run_tests(PASS, '--sideways')[0], 2)


# A `nephoscope` that prints its arguments, leaves a result where the first -o says, and exits with 3.
COMMAND = """file(WRITE ${CMAKE_BINARY_DIR}/nephoscope [[#!/bin/sh
printf '%s\\n' "$@"
while [ "$1" != -o ]; do shift; done
mkdir -p "$2" && touch "$2/results.json"
exit 3
]])
file(CHMOD ${CMAKE_BINARY_DIR}/nephoscope PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
add_custom_target(nephoscope)
"""


class RunShTest(ToyProject):
    def test_the_default_scenario_runs_and_the_status_is_the_commands(self):
        status, lines, errors = self.run_script('run.sh', COMMAND)
        results = f'{self.root}/results/elb-fortnight'
        self.assertEqual(lines, ['run', f'{self.root}/scenarios/capacity/elb-fortnight.yaml', '-o', results], errors)
        self.assertEqual(status, 3)
        self.assertEqual(errors.splitlines()[-1], f'results: {results}/results.json')

    def test_paths_are_the_callers_and_flags_are_passed_on(self):
        folder = self.root / 'elsewhere'
        folder.mkdir()
        _, lines, _ = self.run_script('run.sh', COMMAND, 'my.yaml', '--seed', '7', '-o', 'out', folder=folder)
        self.assertEqual(lines, ['run', 'my.yaml', '--seed', '7', '-o', 'out'])
        self.assertTrue((folder / 'out/results.json').is_file())

    def test_flags_alone_keep_the_default_scenario(self):
        lines = self.run_script('run.sh', COMMAND, '--seed', '7')[1]
        self.assertTrue(lines[1].endswith('elb-fortnight.yaml'))
        self.assertEqual(lines[-2:], ['--seed', '7'])

    def test_a_failed_build_runs_nothing(self):
        status, lines, errors = self.run_script('run.sh', 'add_custom_target(nephoscope COMMAND no_such_compiler)\n')
        self.assertNotEqual(status, 0)
        self.assertEqual(lines, [])
        self.assertIn('no_such_compiler', errors)


class BootstrapTest(unittest.TestCase):
    def run_bootstrap(self, packages, *flags):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(TOOLS / 'bootstrap.sh', folder)
            pathlib.Path(folder, 'apt-packages.txt').write_text(packages)
            return subprocess.run(['bash', pathlib.Path(folder, 'bootstrap.sh'), *flags], capture_output=True,
                                  text=True, stdin=subprocess.DEVNULL, check=False)

    @unittest.skipUnless(shutil.which('dpkg-query'), 'no Debian here')
    def test_nothing_missing_means_no_work_and_no_words(self):
        done = self.run_bootstrap('[base]\ndpkg  # always there\n')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))

    def test_unknown_sections_are_refused(self):
        for flag in ('--novel', 'base', '-x'):
            done = self.run_bootstrap('[base]\ndpkg\n', flag)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"unknown flag '{flag}'", done.stderr)


if __name__ == '__main__':
    unittest.main()
