// Hostile inputs, made when the test runs: each ends in a diagnostic within two seconds and 256 MiB.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "models/scenario.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define NEPHOSCOPE_SANITIZED 1
#else
#define NEPHOSCOPE_SANITIZED 0
#endif

namespace nephoscope {
namespace {

using namespace std::string_literals;

constexpr bool kSanitized = NEPHOSCOPE_SANITIZED != 0;  // address space and time are then others
constexpr rlim_t kMemory = 256U << 20U;
constexpr unsigned kSeconds = kSanitized ? 60 : 2;

std::string repeated(const std::string& piece, std::size_t count) {
  std::string result;
  result.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) result += piece;
  return result;
}

// A scenario without mistakes, and `more` lines.
std::string scenario_with(const std::string& more, const std::string& service = "20ms") {
  return "nephoscope: 1\nname: hostile\nrun: {duration: 10m, warmup: 1m}\n"
         "workloads: {users: {target: web, arrivals: 100/s}}\n"
         "resources: {web: {type: Nephoscope::Station, service: " +
         service + "}}\n" + more;
}

// The code of the first diagnostic, "" for none.
std::string first_code(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const auto scenario = parse_scenario(sources, "hostile.yaml", text, {}, diagnostics);
  const std::string rendered = diagnostics.render(sources);
  if (diagnostics.empty()) return scenario ? "" : "no scenario and no diagnostic";
  if (rendered.size() > (64U << 10U)) return "too much to read";
  return std::string(info(diagnostics.sorted().front().code).text);
}

// Runs in a child that may use so much memory and processor time, and writes its result to `out`.
[[noreturn]] void run_limited(const std::string& text, int out) {
  if (!kSanitized) {
    const rlimit memory{kMemory, kMemory};
    setrlimit(RLIMIT_AS, &memory);
  }
  alarm(kSeconds * 5);  // against waiting for ever, on a busy machine too
  const rlimit time{kSeconds, kSeconds};
  setrlimit(RLIMIT_CPU, &time);
  std::string result;
  try {
    result = first_code(text);
  } catch (const std::exception& problem) {
    result = problem.what();
  }
  _exit(write(out, result.data(), result.size()) == static_cast<ssize_t>(result.size()) ? 0 : 1);
}

std::string result_of(const std::string& text) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) run_limited(text, ends[1]);
  close(ends[1]);
  std::string result(4096, '\0');
  const ssize_t length = read(ends[0], result.data(), result.size());
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  return result.substr(0, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
}

std::string nested_maps(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += std::string(i, ' ') + "a:\n";
  return text;
}

std::string alias_bomb() {
  std::string text = "x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "x-" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(before + ", ", 9) +
            before + "]\n";
  }
  return text;
}

TEST_CASE("hostile input: deep nesting ends in a diagnostic") {
  CHECK(result_of(scenario_with("x-a: " + repeated("[", 100'000))) == "E070");
  CHECK(result_of(scenario_with("x-a: " + repeated("[", 100'000) + repeated("]", 100'000))) == "E070");
  CHECK(result_of(scenario_with("x-a: " + repeated("{a: ", 100'000))) == "E070");
  CHECK(result_of(scenario_with("x-a:\n" + nested_maps(1'500))) == "E070");
  CHECK(result_of(scenario_with("x-a:\n " + repeated("- ", 100'000))) == "E070");
  CHECK(result_of(scenario_with("x-a:\n " + repeated("? ", 100'000))) == "E070");
  CHECK(result_of(scenario_with("x-a: " + repeated("[", 1'000'000))) == "E071");
  CHECK(result_of(scenario_with("x-a: [" + repeated("[],", 300'000) + "]")) == "E071");
}

TEST_CASE("hostile input: aliases that multiply or contain themselves end in a diagnostic") {
  CHECK(result_of(scenario_with(alias_bomb())) == "E072");
  CHECK(result_of(scenario_with("x-a: &a [*a]")) == "E009");
  CHECK(result_of(scenario_with("x-a: &a {b: &b [*a]}")) == "E009");
  CHECK(result_of(scenario_with("x-a: *nobody")) == "E001");
}

TEST_CASE("hostile input: huge keys, texts and numbers end in a diagnostic") {
  const std::string digits = repeated("9", 10'000);
  CHECK(result_of(scenario_with("? " + repeated("k", 1'000'000) + "\n: 1")) == "E073");
  CHECK(result_of(scenario_with(repeated("k", 1'000'000) + ": 1")) == "E001");
  CHECK(result_of(scenario_with("description: " + repeated("d", 1'000'000))) == "E073");
  CHECK(result_of(scenario_with("description: " + repeated("d", 10'000'000))) == "E052");
  CHECK(result_of(scenario_with("description: \"" + repeated("\\x41", 400'000) + "\"")) == "E073");
  CHECK(result_of(scenario_with("", digits + "s")) == "E026");
  CHECK(result_of(scenario_with("", "0." + digits + "s")) == "E025");
  CHECK(result_of(scenario_with("", "1e" + digits + "s")) == "E026");
  CHECK(result_of(scenario_with("", "1e-" + digits + "s")) == "E026");
  CHECK(result_of(scenario_with("", digits)) == "E020");
  CHECK(result_of(scenario_with("", "{dist: gamma, mean: 1s, cv: " + digits + "}")) == "E026");
  CHECK(result_of(scenario_with("", "{dist: gamma, mean: 1s, cv: 1e-9999}")) == "");
}

TEST_CASE("hostile input: bytes that are no text end in a diagnostic") {
  CHECK(result_of(scenario_with("description: \xC3\x28")) == "E002");
  CHECK(result_of(scenario_with("description: \xE2\x82")) == "E002");          // cut short
  CHECK(result_of(scenario_with("description: \xED\xA0\x80")) == "E002");      // a surrogate
  CHECK(result_of(scenario_with("description: \xC0\xAF")) == "E002");          // overlong
  CHECK(result_of(scenario_with("description: \xF5\x80\x80\x80")) == "E002");  // beyond U+10FFFF
  CHECK(result_of(scenario_with("description: a\0b"s)) == "E003");
  CHECK(result_of(std::string(100'000, '\0')) == "E003");
  CHECK(result_of(repeated("\xFF", 1'000'000)) == "E002");
  CHECK(result_of("\xFF\xFEn\0e\0"s) == "E002");  // UTF-16
}

TEST_CASE("hostile input: documents that are many, empty or no map end in a diagnostic") {
  CHECK(result_of(scenario_with(repeated("---\na: 1\n", 10'000))) == "E004");
  CHECK(result_of("") == "E005");
  CHECK(result_of("\xEF\xBB\xBF") == "E005");
  CHECK(result_of(repeated("\n", 1'000'000)) == "E005");
  CHECK(result_of("~") == "E014");
  CHECK(result_of("scenario") == "E014");
  CHECK(result_of("[nephoscope, 1]") == "E014");
  CHECK(result_of("%YAML 1.2\n%TAG ! tag:x,2026:\n--- !a\nb: 1") == "E010");
}

TEST_CASE("hostile input: many mistakes are counted, and only the first are shown") {
  CHECK(result_of(scenario_with(repeated("name: again\n", 20'000))) == "E006");
  std::string keys;
  for (int i = 0; i < 50'000; ++i) keys += "key" + std::to_string(i) + ": 1\n";
  CHECK(result_of(scenario_with(keys)) == "E012");
}

TEST_CASE("hostile input: a byte-order mark and line ends of other systems are no mistake") {
  std::string text = scenario_with("");
  CHECK(result_of("\xEF\xBB\xBF" + text) == "");
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
    text.insert(at, "\r");
  CHECK(result_of(text) == "");
}

TEST_CASE("hostile input: tabs that indent are named") {
  SourceSet sources;
  Diagnostics diagnostics;
  parse_scenario(sources, "tabs.yaml", "nephoscope: 1\nrun:\n\tduration: 1m\n", {}, diagnostics);
  REQUIRE(diagnostics.error_count() == 1);
  CHECK(diagnostics.sorted()[0].hint == "indent with blanks, not with tabs");
}

TEST_CASE("hostile input: the child's limits are real") {
  if (kSanitized) return;
  CHECK(result_of(std::string(300U << 20U, 'a')) != "");  // a copy of the text alone is too much
}

}  // namespace
}  // namespace nephoscope
