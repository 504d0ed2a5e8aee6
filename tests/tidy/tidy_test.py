"""Each rule of tidy.py fires on a small bad sample, and a clean sample passes."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import tidy

# Words that the rules look for are spelled in pieces: this file has to pass them too.
MODELINE = '# yaml-language-server: $schema=../schema/scenario.schema.json\n'

CLEAN = {
    'engine/base/time.hpp': '#pragma once\nusing namespace std::chrono_literals;\nconstexpr int kOne = 1;\n',
    'engine/core/loop.hpp': '#pragma once\n#include "engine/base/time.hpp"\n#include "engine/core/frame_pool.hpp"\n',
    'engine/core/frame_pool.hpp': '#pragma once\ninline thread_local int pool = 0;\n',
    'models/common/request.hpp': '#pragma once\n#include <cmath>\n#include "engine/core/loop.hpp"\n',
    'models/sqs/sqs.hpp': '#pragma once\n#include "models/common/request.hpp"\n',
    'models/sqs/sqs.md': '# Queue\n',
    'models/registry.cpp': '#include "models/sqs/sqs.hpp"\n',
    'scenarios/services/sqs.yaml': MODELINE + 'nephoscope: 1\n',
    'tests/models/sqs_test.cpp': '#include <doctest/doctest.h>\n#include "models/sqs/sqs.hpp"\n',
}


def findings(files=None):
    """What tidy finds in CLEAN with `files` replaced or added; a file of None is left out."""
    files = {**CLEAN, **(files or {})}
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            if text is not None:
                place = pathlib.Path(folder, path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding='utf-8')
        return tidy.check(folder)


class TidyTest(unittest.TestCase):
    def fires(self, rule, path, text, line=1):
        """Adding (or changing) one file makes `rule` fire there, and no other rule anywhere."""
        found = findings({path: text})
        self.assertEqual({(f.path, f.line, f.rule) for f in found}, {(path, line, rule)}, [str(f) for f in found])

    def silent(self, path, text):
        self.assertEqual([str(f) for f in findings({path: text})], [])


class CommandTest(TidyTest):
    def run_main(self, files):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
            for path, text in files.items():
                pathlib.Path(folder, path).write_text(text, encoding='utf-8')
            return tidy.main([folder]), out.getvalue()

    def test_clean_tree_has_no_findings(self):
        self.assertEqual([str(f) for f in findings()], [])

    def test_a_finding_is_printed_with_its_place_and_fails_the_run(self):
        status, out = self.run_main({'a.md': 'one\ntwo \n'})
        self.assertEqual(status, 1)
        self.assertIn('a.md:2: trailing-space: ', out)

    def test_without_findings_the_run_succeeds(self):
        self.assertEqual(self.run_main({'a.md': 'one\n'}), (0, '0 findings\n'))


class IncludeTest(TidyTest):
    def test_engine_layers_follow_the_arrows(self):
        self.fires('include-arrow', 'engine/base/a.cpp', '#include "engine/core/loop.hpp"\n')
        self.fires('include-arrow', 'engine/network/a.cpp', '\n#include "models/common/request.hpp"\n', line=2)
        self.silent('engine/queueing/a.cpp', '#include "engine/core/loop.hpp"\n')

    def test_an_engine_layer_without_a_row_may_include_nothing(self):
        self.fires('include-arrow', 'engine/novel/a.cpp', '#include "engine/base/time.hpp"\n')

    def test_services_meet_only_through_common(self):
        self.fires('include-arrow', 'models/common/a.cpp', '#include "models/sqs/sqs.hpp"\n')
        sns = {
            'models/sns/sns.cpp': '#include "models/sqs/sqs.hpp"\n',
            'models/sns/sns.md': '# Topic\n',
            'scenarios/services/sns.yaml': MODELINE,
            'tests/models/sns/topic_test.cpp': '#include "engine/base/time.hpp"\n',
        }
        self.assertEqual([(f.path, f.rule) for f in findings(sns)], [('models/sns/sns.cpp', 'include-arrow')])

    def test_services_do_not_include_the_wiring(self):
        registry = {'models/registry.hpp': '#pragma once\n', 'models/sqs/a.cpp': '#include "models/registry.hpp"\n'}
        self.assertEqual([f.rule for f in findings(registry)], ['include-arrow'])

    def test_tools_and_study_may_include_models(self):
        self.silent('tools/nephoscope/a.cpp', '#include "models/sqs/sqs.hpp"\n')
        self.silent('models/study/a.cpp', '#include "models/sqs/sqs.hpp"\n#include "engine/base/time.hpp"\n')

    def test_nothing_but_tests_includes_tests(self):
        support = {'tests/support/s.hpp': '#pragma once\n', 'tools/a.cpp': '#include "tests/support/s.hpp"\n'}
        self.assertEqual([(f.path, f.rule) for f in findings(support)], [('tools/a.cpp', 'include-arrow')])

    def test_quoted_includes_start_at_the_root(self):
        self.fires('include-path', 'models/sqs/sqs.cpp', '#include "sqs.hpp"\n')

    def test_each_wrapped_library_has_one_owner(self):
        for include in ['yaml-cpp/yaml.h', 'simgrid/s4u.hpp', 'Eigen/Dense', 'Random123/philox.h', 'CLI/CLI.hpp',
                        'doctest/doctest.h']:
            self.fires('wrapped-library', 'engine/core/a.cpp', f'#include <{include}>\n')
        self.silent('engine/config/a.cpp', '#include <yaml-cpp/yaml.h>\n')
        self.silent('engine/network/a.cpp', '#include <simgrid/s4u.hpp>\n')
        self.silent('tests/engine/stats/a_test.cpp', '#include <Eigen/Dense>\n')

    def test_a_header_nobody_includes_is_dead(self):
        self.fires('dead-header', 'engine/base/spare.hpp', '#pragma once\n')


class ServiceTest(TidyTest):
    def test_a_service_brings_page_scenario_and_test(self):
        for path in ['models/sqs/sqs.md', 'scenarios/services/sqs.yaml', 'tests/models/sqs_test.cpp']:
            found = findings({path: None})
            self.assertEqual([(f.path, f.rule) for f in found], [('models/sqs', 'service')])
            self.assertIn(path, found[0].text)

    def test_a_scenario_names_its_schema_first(self):
        path = 'scenarios/deployments/peak.yaml'
        self.fires('modeline', path, 'nephoscope: 1\n')
        self.fires('modeline', path, 'nephoscope: 1\n' + MODELINE)
        self.fires('modeline', path, MODELINE.replace('../schema', 'schema'))
        self.silent(path, MODELINE)


class CodeTest(TidyTest):
    def test_platform_mathematics_is_not_for_results(self):
        self.fires('platform-math', 'engine/base/a.cpp', 'double f(double x) { return std::log(x); }\n')
        self.fires('platform-math', 'models/sqs/a.cpp', 'double f(double x) { return ::pow (x, 2); }\n')
        self.silent('engine/base/a.cpp', 'double f(double x) { return std::sqrt(x) + random::log(x); }  // std::log()\n')
        self.silent('tests/engine/base/a_test.cpp', 'double f(double x) { return std::log(x); }\n')

    def test_platform_randomness_is_not_for_results(self):
        for code in ['#include <random>\n', 'std::mt19937 make();\n', 'int f() { return rand(); }\n',
                     'std::random_device make();\n']:
            self.fires('platform-random', 'models/sqs/a.cpp', code)

    def test_real_clocks_are_not_for_results(self):
        self.fires('real-clock', 'engine/core/a.cpp', 'auto f() { return std::chrono::steady_clock::now(); }\n')
        self.fires('real-clock', 'engine/core/a.cpp', 'auto f() { return time(nullptr); }\n')
        self.silent('engine/core/a.cpp', 'auto f(Simulation& s) { return s.now(); }\n')

    def test_no_await_stands_in_a_condition(self):
        self.fires('await-in-condition', 'engine/core/a.cpp', 'Process f() {\n  if (co_await g()) co_return;\n}\n', 2)
        self.silent('engine/core/a.cpp', 'Process f() {\n  const bool over = co_await g();\n  if (over) co_return;\n}\n')

    def test_shared_owners_are_not_used(self):
        self.fires('shared-owner', 'tools/a.cpp', 'std::shared_ptr<int> f();\n')

    def test_globals_do_not_change(self):
        for code in ['int counter = 0;\n', 'namespace a {\nnamespace {\nstd::vector<int> seen;\n}\n}\n',
                     'inline Table table{1, 2};\n', 'void f() {\n  static int calls = 0;\n}\n',
                     'class A {\n  static inline int n_ = 0;\n};\n']:
            line = next(i for i, text in enumerate(code.split('\n'), 1) if text.endswith(';'))
            self.fires('global', 'models/sqs/a.cpp', code, line)
        self.fires('global', 'models/sqs/a.cpp', 'void f() { thread_local const int x = 0; }\n')

    def test_constants_functions_and_members_are_no_globals(self):
        self.silent('models/sqs/a.cpp', (
            'using Wide = int;\n__extension__ using Wider = __int128;\nextern const int kFar;\n'
            'constexpr int kOne = 1;\nconst Table kTable{{1, 2}, {3}};\nint f(Options o = {});\n'
            'bool operator==(A a, B b);\nstruct S {\n  int n = 0;\n  static int make(int n);\n};\n'
            'template <typename T>\nclass Box {\n  T value;\n};\nenum class Kind { one, two };\n'
            'const Table& all() {\n  static const Table table = {1};\n  return table;\n}\n'))

    def test_the_engine_knows_no_aws_words(self):
        self.fires('engine-words', 'engine/queueing/a.cpp', '// like S' 'QS does\n')
        self.fires('engine-words', 'engine/queueing/a.cpp', 'int e' 'c2_instances();\n')
        self.silent('engine/queueing/a.cpp', 'int lawsuit(int s3);  // a lambda\n')
        self.silent('models/sqs/a.cpp', '// like S' 'QS does\n')

    def test_headers_are_guarded_and_impose_no_names(self):
        self.fires('pragma-once', 'engine/base/time.hpp', '// Time.\nint f();\n')
        self.fires('using-namespace', 'engine/base/time.hpp', '#pragma once\nusing namespace std;\n', line=2)


class TextTest(TidyTest):
    def test_nothing_is_unfinished(self):
        for word in ['TO' 'DO', 'FIX' 'ME', 'X' 'XX', 'HA' 'CK']:
            self.fires('unfinished', 'notes.md', f'{word}: later\n')
        self.silent('tools/a.sh', 'mktemp -d name.XXXXXX\n')

    def test_no_paths_of_a_machine(self):
        for path in ['/wo' 'rk/main', '/ho' 'me/ada/x', '/tm' 'p/bash_jobs.0']:
            self.fires('machine-path', 'notes.md', f'see {path}\n')
        self.silent('notes.md', 'see https://example.com/home/page and scenarios/tmp/x\n')

    def test_no_package_registries(self):
        self.fires('registry-host', 'notes.md', 'http' 's://registry.example.org/x\n')
        self.fires('registry-host', 'tools/report/package-lock.json', '"resol' 'ved": "https://example.org/x.tgz"\n')

    def test_layout(self):
        self.fires('tab', 'a.md', 'a\tb\n')
        self.fires('trailing-space', 'a.md', 'a\nb \n', line=2)
        self.fires('trailing-space', 'a.md', 'a\r\n')
        self.fires('final-newline', 'a.md', 'a')
        self.fires('final-newline', 'a.md', 'a\n\n', line=3)
        self.fires('line-length', 'models/sqs/a.cpp', '// ' + 'x' * 118 + '\n')
        self.silent('models/sqs/a.cpp', '// ' + 'x' * 117 + '\n')
        self.silent('tests/bad_input/tab.yaml', 'a:\tb')

    def test_long_files(self):
        self.fires('file-length', 'models/sqs/a.cpp', 'int f();\n' * 501, line=501)
        self.silent('models/sqs/a.cpp', 'int f();\n' * 500)

    def test_long_functions(self):
        def function(lines):
            return 'A::A(int n)\n    : n_{n} {\n' + '  if (n > 0) { --n; }\n' * (lines - 3) + '}\n'

        spread = 'namespace a {\nint f() { return 1; }\n' + function(61) + '}\n'
        self.fires('function-length', 'models/sqs/a.cpp', spread, line=3)
        self.silent('models/sqs/a.cpp', function(60) + function(60))
        self.fires('function-length', 'tools/a.py', 'def f():\n' + '    x = 1\n' * 60)

    def test_broken_python(self):
        self.fires('python-syntax', 'tools/a.py', 'x = 1\ndef (:\n', line=2)

    def test_braces_in_literals_and_comments_do_not_count(self):
        literals = 'auto f() { return "{" + std::string(R"({{)") + \'{\'; }  // {\n'
        self.silent('models/sqs/a.cpp', literals + 'int g();\n' * 80)


if __name__ == '__main__':
    unittest.main()
