#include "engine/config/field_table.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "tests/engine/config/example_tables.hpp"
#include "tests/engine/config/support.hpp"

namespace nephoscope {
namespace {

// A station read from the body of a flow map, with its problems.
struct ReadStation {
  Loaded loaded;
  Context context;
  std::optional<StationConfig> config;

  explicit ReadStation(std::string_view body)
      : loaded(fmt::format("{{type: Example::Station, {}}}", body)), context(loaded.diagnostics) {
    config = StationConfig::fields().read(loaded.root(), context);
  }
};

// The columns count from behind "{type: Example::Station, ", which is 25 bytes long.
std::string problems(std::string_view body) {
  const ReadStation read(body);
  CHECK(read.config.has_value() == !read.loaded.diagnostics.has_errors());
  return read.loaded.problems();
}

TEST_CASE("field table: what is not given keeps the struct's default") {
  const ReadStation read("service: 30ms");
  REQUIRE(read.config);
  CHECK(read.config->service == 30ms);
  CHECK(read.config->servers == 1);
  CHECK(read.config->message_size == Bytes(262'144));
  CHECK_FALSE(read.config->queue_limit.has_value());
  CHECK(read.config->boot_time == 40s);
}

TEST_CASE("field table: each type is read into its member") {
  const ReadStation read(
      "service: 1m, servers: 4, queue_limit: 9, discipline: priority, retry: {max_attempts: 5}, rates: [1/s, "
      "60/min], "
      "mix: {b: 80%, a: 0.2}, sizes: {small: 1KiB}, target: web, shared: true, weight: 2.5, price: $0.5, "
      "bandwidth: 1KB/s, start: 1970-01-02T00:00Z, options: {free: [form]}, assume: {boot_time: {low: 1s, "
      "high: 5s}, "
      "failure: 3%}");
  CHECK(read.loaded.problems() == "");
  REQUIRE(read.config);
  const StationConfig& c = *read.config;
  CHECK(c.service == 1min);
  CHECK(c.servers == 4);
  CHECK(c.queue_limit == 9);
  CHECK(c.discipline == Discipline::priority);
  CHECK(c.retry.max_attempts == 5);
  CHECK(c.retry.mode == "standard");
  CHECK(c.rates == std::vector<Rate>{Rate(1), Rate(1)});
  REQUIRE(c.mix.size() == 2);
  CHECK(c.mix[0].id == "b");
  CHECK(c.mix[0].value == Probability(0.8));
  CHECK(c.mix[1].id == "a");
  CHECK(c.sizes == std::vector<std::pair<std::string, Bytes>>{{"small", Bytes(1024)}});
  CHECK(c.target.id == "web");
  CHECK(c.shared);
  CHECK(c.weight == 2.5);
  CHECK(c.price == Usd(500'000'000));
  CHECK(c.bandwidth == BytesPerSecond(1000));
  CHECK(c.start == UtcTime{86'400});
  CHECK(flow(*c.options) == "{free: [form]}");
  CHECK(c.boot_time == 3s);  // the middle of 1 s to 5 s
  CHECK(c.failure == Probability(0.03));
}

TEST_CASE("field table: an unknown key is an error that suggests the nearest key") {
  const ReadStation read("service: 1s, sevrers: 4");
  CHECK(read.loaded.problems() == "E012 1:39: unknown key 'sevrers' (did you mean 'servers'?)\n");
  CHECK(read.loaded.diagnostics.sorted()[0].help ==
        "keys of Example::Station: servers, queue_limit, discipline, service, retry, rates, mix, sizes, "
        "target, "
        "shared, weight, message_size, price, bandwidth, start, …\nsee: nephoscope explain Example::Station");
}

TEST_CASE(
    "field table: an assumption outside 'assume', or configuration inside it, is told where it belongs") {
  CHECK(problems("service: 1s, boot_time: 5s") ==
        "E012 1:39: unknown key 'boot_time' (an assumption: move it under 'assume:')\n");
  CHECK(problems("service: 1s, assume: {servers: 2}") ==
        "E012 1:48 assume: unknown key 'servers' (not an assumption: move it out of 'assume')\n");
  CHECK(problems("service: 1s, assume: {bot_time: 2s}") ==
        "E012 1:48 assume: unknown key 'bot_time' (did you mean 'boot_time'?)\n");
  CHECK(problems("service: 1s, assume: 5") ==
        "E014 1:47 assume: expected a map of assumptions, found '5' (for example: {})\n");
}

TEST_CASE("field table: a missing required key is an error of the map that lacks it") {
  CHECK(problems("servers: 4") == "E013 1:1: missing key 'service' (add 'service: <duration>')\n");
}

TEST_CASE("field table: a value of another type says what was found and gives an example") {
  CHECK(problems("service: [1s]") ==
        "E014 1:35 service: expected a duration, found a list (for example: 30s)\n");
  CHECK(problems("service: ~") ==
        "E014 1:35 service: expected a duration, found nothing (for example: 30s)\n");
  CHECK(problems("service: 1s, servers: {}") ==
        "E014 1:48 servers: expected a whole number, found a map (for example: 4)\n");
  CHECK(problems("service: 1s, servers: '4'") ==
        "E014 1:48 servers: expected a whole number, found a text in quotes (remove the quotes)\n");
  CHECK(problems("service: 1s, shared: yes") ==
        "E014 1:47 shared: expected true or false, found 'yes' (write true)\n");
  CHECK(problems("service: 1s, rates: 5/s") ==
        "E014 1:46 rates: expected a list (of rate), found '5/s' (for example: [5/s])\n");
  CHECK(problems("service: 1s, mix: [a]") ==
        "E014 1:44 mix: expected a map from ids to share, found a list\n");
  CHECK(
      problems("service: 1s, retry: [a]") ==
      "E014 1:46 retry: expected one value (text) or a map (retry policy), found a list\n");  // its shorthand
                                                                                              // takes a text
  CHECK(problems("service: 1s, target: [a]") ==
        "E014 1:47 target: expected the id of a resource, found a list\n");
  CHECK(problems("service: 1s, discipline: [a]") ==
        "E014 1:51 discipline: expected one of fifo, priority, processor_sharing, found a list (for example: "
        "fifo)\n");
}

TEST_CASE("field table: a value outside its range is an error that shows the range") {
  CHECK(problems("service: 1s, servers: 0") ==
        "E023 1:48 servers: '0' is out of range (allowed: 1 to 1000000)\n");
  CHECK(problems("service: 0s") == "E023 1:35 service: '0s' is out of range (allowed: > 0s, <= 15m)\n");
  CHECK(problems("service: 901s") == "E023 1:35 service: '901s' is out of range (allowed: > 0s, <= 15m)\n");
  CHECK(problems("service: 15m") == "");
  CHECK(problems("service: 1s, queue_limit: -1") ==
        "E023 1:52 queue_limit: '-1' is out of range (allowed: >= 0)\n");
  CHECK(problems("service: 1s, weight: 0") == "E023 1:47 weight: '0' is out of range (allowed: > 0)\n");
}

TEST_CASE("field table: lists and maps have their number of items checked") {
  CHECK(problems("service: 1s, rates: []") == "E040 1:46 rates: 0 items given; at least 1 needed\n");
  CHECK(problems("service: 1s, rates: [1/s, 1/s, 1/s, 1/s]") ==
        "E041 1:46 rates: 4 items given; at most 3 allowed\n");
}

TEST_CASE("field table: every error of a struct is reported, also inside lists and maps") {
  CHECK(problems("service: 30, servers: x, rates: [1/s, 5, 7/x], mix: {a: 2}") ==
        "E020 1:35 service: '30' has no unit (30 what? write 30s)\n"
        "E022 1:48 servers: 'x' is not a number\n"
        "E020 1:64 rates.1: '5' has no unit (5 what? write 5/s)\n"
        "E021 1:67 rates.2: '7/x' has the unknown unit '/x' (units: /s, /min, /h, /d)\n"
        "E023 1:82 mix.a: '2' is not within 0% to 100% (did you mean 2%?)\n");
}

TEST_CASE("field table: an unknown name of an enumeration suggests the nearest and lists all") {
  const ReadStation read("service: 1s, discipline: fiffo");
  CHECK(read.loaded.problems() == "E030 1:51 discipline: unknown name 'fiffo' (did you mean 'fifo'?)\n");
  CHECK(read.loaded.diagnostics.sorted()[0].help == "known: fifo, priority, processor_sharing");
}

TEST_CASE("field table: keys that exclude each other are an error at the second") {
  CHECK(problems("service: 1s, count: 1, rates: [1/s]") ==
        "E015 1:49: give at most one of 'rates', 'count' ('count' is given too)\n");
}

struct Window {
  std::optional<Duration> window;
  std::optional<int> points;
  static const FieldTable<Window>& fields() {
    static const auto table = FieldTable<Window>("window", "A window.")
                                  .field("window", &Window::window)
                                  .field("points", &Window::points)
                                  .exactly_one_of({"window", "points"});
    return table;
  }
};

TEST_CASE("field table: exactly one of a group must be given") {
  const auto read = [](std::string text) {
    Loaded loaded(std::move(text));
    Context context(loaded.diagnostics);
    Window::fields().read(loaded.root(), context);
    return loaded.problems();
  };
  CHECK(read("{window: 5s}") == "");
  CHECK(read("{}") == "E015 1:1: give exactly one of 'window', 'points' (none is given)\n");
  CHECK(read("{window: 5s, points: 5}") ==
        "E015 1:14: give exactly one of 'window', 'points' ('window' is given too)\n");
}

TEST_CASE("field table: a check across fields runs only on values that were read") {
  CHECK(problems("service: 1s, servers: 5, queue_limit: 4") ==
        "E044 1:64 queue_limit: 'queue_limit' is below 'servers'\n");
  CHECK(problems("service: 1, servers: 5, queue_limit: 4") ==
        "E020 1:35 service: '1' has no unit (1 what? write 1s)\n");
}

TEST_CASE("field table: a shorthand scalar stands for a map with one key") {
  const ReadStation read("service: 1s, retry: adaptive");
  REQUIRE(read.config);
  CHECK(read.config->retry.mode == "adaptive");
  CHECK(read.config->retry.max_attempts == 3);
  CHECK(problems("service: 1s, retry: ~") ==
        "E014 1:46 retry: expected a map (retry policy), found nothing (for example: {})\n");
}

TEST_CASE("field table: null says that an optional value is absent") {
  const ReadStation read("service: 1s, queue_limit: null");
  REQUIRE(read.config);
  CHECK_FALSE(read.config->queue_limit.has_value());
}

TEST_CASE("field table: KB draws a warning where KiB is usually meant, and still counts 1000") {
  const ReadStation read("service: 1s, message_size: 64KB");
  REQUIRE(read.config);
  CHECK(read.config->message_size == Bytes(64'000));
  CHECK(read.loaded.problems() == "W002 1:53 message_size: '64KB' is 64000 bytes (did you mean 64KiB?)\n");
  CHECK(problems("service: 1s, message_size: 64KiB") == "");
}

TEST_CASE("field table: a range has two ends in order and nothing else") {
  CHECK(problems("service: 1s, assume: {boot_time: {low: 5s, high: 1s}}") ==
        "E042 1:59 assume.boot_time: 'low' is above 'high'\n");
  CHECK(problems("service: 1s, assume: {boot_time: {low: 5s}}") ==
        "E014 1:59 assume.boot_time: expected one value or a range (for example: {low: 1s, high: 5s})\n");
  CHECK(problems("service: 1s, assume: {boot_time: {low: 5s, high: 7}}") ==
        "E020 1:75 assume.boot_time.high: '7' has no unit (7 what? write 7s)\n");
}

TEST_CASE("field table: x- keys in overrides are ignored as they are in files") {
  ReadStation read("service: 1s");
  CHECK(apply_override(read.loaded.tree, read.loaded.sources, "x-note", "5", read.loaded.diagnostics));
  CHECK(StationConfig::fields().read(read.loaded.root(), read.context).has_value());
}

TEST_CASE("field table: references are collected, and unknown ones reported at their place") {
  ReadStation read("service: 1s, target: wbe");
  REQUIRE(read.context.references().size() == 1);
  const FoundReference& found = read.context.references()[0];
  CHECK(found.refers_to == "resource");
  const std::vector<std::string_view> known = {"web", "queue"};
  report_unknown_reference(found.reference, "resource", known, read.loaded.diagnostics);
  report_wrong_reference(found.reference, "a queue", "a station", read.loaded.diagnostics);
  CHECK(read.loaded.problems() ==
        "E031 1:47 target: no resource is named 'wbe' (did you mean 'web'?)\n"
        "E032 1:47 target: 'wbe' is a station; expected a queue\n");
}

TEST_CASE("field table: read_type picks a table by name") {
  const auto read = [](std::string text) {
    Loaded loaded(std::move(text));
    Context context(loaded.diagnostics);
    const std::vector<std::string_view> known = {"Example::Station", "Example::Queue"};
    const auto type = read_type(loaded.root(), known, context, "Example::Queue");
    return type ? *type : loaded.problems();
  };
  CHECK(read("{type: Example::Station}") == "Example::Station");
  CHECK(read("{type: Example::Staton}") ==
        "E033 1:8 type: unknown type 'Example::Staton' (did you mean 'Example::Station'?)\n");
  CHECK(read("{}") == "E013 1:1: missing key 'type' in '' (add 'type: Example::Queue')\n");
  CHECK(read("{type: [a]}") ==
        "E014 1:8 type: expected the name of a type, found a list (for example: Example::Queue)\n");
  CHECK(read("5") ==
        "E014 1:1: expected a map with a type, found '5' (for example: {type: Example::Queue})\n");
}

TEST_CASE("field table: explain rows come from the table and the defaults") {
  const auto rows = StationConfig::fields().rows();
  REQUIRE(rows.size() == 19);
  CHECK(rows[0].key == "servers");
  CHECK(rows[0].type == "integer");
  CHECK(rows[0].default_text == "1");
  CHECK(rows[0].range == "1 to 1000000");
  CHECK(rows[0].doc == "parallel servers");
  CHECK(rows[2].type == "fifo|priority|processor_sharing");
  CHECK(rows[3].default_text == "required");
  CHECK(rows[3].range == "> 0s, <= 15m");
  CHECK(rows[4].default_text == "{mode: standard, max_attempts: 3}");
  CHECK(rows[11].default_text == "256KiB");
  CHECK(rows[17].key == "assume.boot_time");
  CHECK(rows[17].type == "duration or {low, high}");
  CHECK(rows[17].default_text == "40s");
  CHECK(rows[17].source == "a paper, p. 3");
  CHECK(rows[17].assumption);
}

TEST_CASE("field table: every assumption in force is listed with path, value and source") {
  Loaded loaded(
      "resources:\n  web: {type: Example::Station, service: 1s, assume: {boot_time: {low: 1s, high: 5s}}}\n");
  Context context(loaded.diagnostics);
  REQUIRE(ScenarioConfig::fields().read(loaded.root(), context));
  const std::vector<AssumptionInForce> expected = {
      {"resources.web.assume.boot_time", "{low: 1s, high: 5s}", "scenario", true, true},
      {"resources.web.assume.failure", "1%", "another paper", false}};
  CHECK(context.assumptions() == expected);
}

struct Fleet {
  StationConfig station;
  static const FieldTable<Fleet>& fields() {
    static const auto table = FieldTable<Fleet>("fleet", "A fleet.").field("station", &Fleet::station);
    return table;
  }
};

TEST_CASE("field table: the assumptions of a nested struct that is left out are in force too") {
  Loaded loaded("{}");
  Context context(loaded.diagnostics);
  REQUIRE(Fleet::fields().read(loaded.root(), context));
  const std::vector<AssumptionInForce> expected = {
      {"station.assume.boot_time", "40s", "a paper, p. 3", false},
      {"station.assume.failure", "1%", "another paper", false}};
  CHECK(context.assumptions() == expected);
}

// Its keys stand beside those of the tank that it holds.
struct Tank {
  std::int64_t litres = 5;
  Duration filling_time = 1s;
  static const FieldTable<Tank>& fields() {
    static const auto table = FieldTable<Tank>("tank", "A tank.")
                                  .field("litres", &Tank::litres, {.min = 1})
                                  .assume("filling_time", &Tank::filling_time, {.source = "a label"})
                                  .validate([](const Tank& tank, const Node& node, Context& context) {
                                    if (tank.litres == 13)
                                      context.report(Code::inconsistent, node, "an unlucky tank");
                                  });
    return table;
  }
};
struct Lorry {
  Tank tank;
  std::int64_t wheels = 4;
  static const FieldTable<Lorry>& fields() {
    static const auto table =
        FieldTable<Lorry>("lorry", "A lorry.").include(&Lorry::tank).field("wheels", &Lorry::wheels);
    return table;
  }
};

TEST_CASE("field table: the keys, assumptions and checks of a member can stand beside one's own") {
  Loaded loaded("{litres: 40, wheels: 6, assume: {filling_time: 9s}}");
  Context context(loaded.diagnostics);
  const auto lorry = Lorry::fields().read(loaded.root(), context);
  REQUIRE(lorry);
  CHECK(lorry->tank.litres == 40);
  CHECK(lorry->tank.filling_time == 9s);
  CHECK(lorry->wheels == 6);
  const std::vector<AssumptionInForce> expected = {{"assume.filling_time", "9s", "scenario", true}};
  CHECK(context.assumptions() == expected);
  CHECK(Lorry::fields().rows().size() == 3);
  Loaded wrong("{litres: 13}");
  Context wrong_context(wrong.diagnostics);
  CHECK_FALSE(Lorry::fields().read(wrong.root(), wrong_context));
  CHECK(wrong.problems().find("an unlucky tank") != std::string::npos);
}

TEST_CASE("field table: a scenario of 10,000 lines reads completely") {
  std::string text = "resources:\n";
  for (int i = 0; i < 2'000; ++i)
    text += fmt::format(
        "  web{}:\n    type: Example::Station\n    servers: 4\n    service: 30ms\n    assume: {{boot_time: "
        "5s}}\n",
        i);
  Loaded loaded(text);
  Context context(loaded.diagnostics);
  const auto scenario = ScenarioConfig::fields().read(loaded.root(), context);
  REQUIRE(scenario);
  CHECK(scenario->resources.size() == 2'000);
  CHECK(context.assumptions().size() == 4'000);
}

}  // namespace
}  // namespace nephoscope
