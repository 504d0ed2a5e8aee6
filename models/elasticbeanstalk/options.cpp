#include "models/elasticbeanstalk/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/base/check.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

using enum OptionKind;

// --- values ----------------------------------------------------------------------------------------------

std::vector<std::string_view> choices_of(const Option& option) {
  std::vector<std::string_view> choices;
  for (std::string_view rest = option.choices; !rest.empty();) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    choices.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return choices;
}

Problem out_of_range(const Option& option, const std::string& text) {
  const auto bound = [&](double value) {
    return option.kind == duration ? show(from_seconds(value)) : show(value);
  };
  return {Code::out_of_range, fmt::format("'{}' is out of range", text),
          fmt::format("allowed: {} to {}", bound(option.min), bound(option.max))};
}

std::string_view unit_name(OptionKind kind) {
  return kind == seconds ? "seconds" : kind == minutes ? "minutes" : "a number";
}

Problem not_bare(const Option& option, const std::string& text) {
  return {Code::bad_number, fmt::format("'{}' is not a bare number", text),
          fmt::format("{} takes {} without a unit", option.name, unit_name(option.kind))};
}

Parsed<OptionValue> parse_whole(const Option& option, OptionValue value) {
  const auto parsed = parse_integer(value.text);
  if (!parsed) return {std::nullopt, not_bare(option, value.text)};
  const auto number = static_cast<double>(*parsed.value);
  if (number < option.min || number > option.max) return {std::nullopt, out_of_range(option, value.text)};
  value.integer = *parsed.value;
  value.duration = value.integer * (option.kind == minutes ? Duration(1min) : Duration(1s));
  return {std::move(value), {}};
}

Parsed<OptionValue> parse_real(const Option& option, OptionValue value) {
  const auto parsed = parse_number(value.text);
  if (!parsed) return {std::nullopt, not_bare(option, value.text)};
  if (*parsed.value < option.min || *parsed.value > option.max)
    return {std::nullopt, out_of_range(option, value.text)};
  value.number = *parsed.value;
  return {std::move(value), {}};
}

Parsed<OptionValue> parse_boolean(OptionValue value) {
  value.flag = value.text == "true";
  if (value.flag || value.text == "false") return {std::move(value), {}};
  return {std::nullopt,
          {Code::wrong_type, fmt::format("expected true or false, found '{}'", value.text), ""}};
}

Parsed<OptionValue> parse_choice(const Option& option, OptionValue value) {
  const auto choices = choices_of(option);
  const auto found = std::ranges::find(choices, value.text);
  value.choice = static_cast<std::size_t>(found - choices.begin());
  if (found != choices.end()) return {std::move(value), {}};
  const std::string near = did_you_mean(value.text, choices);
  return {std::nullopt,
          {Code::unknown_name, fmt::format("{} is not '{}'", option.name, value.text),
           near.empty() ? fmt::format("known: {}", fmt::join(choices, ", ")) : near}};
}

Parsed<OptionValue> parse_iso_duration(const Option& option, OptionValue value) {
  const auto parsed = value.text.starts_with('P') ? parse_duration(value.text) : Parsed<Duration>{};
  if (!parsed)
    return {
        std::nullopt,
        {Code::wrong_type, fmt::format("'{}' is no ISO 8601 duration", value.text), "for example: PT30M"}};
  const double length = to_seconds(*parsed.value);
  if (length < option.min || length > option.max) return {std::nullopt, out_of_range(option, value.text)};
  value.duration = *parsed.value;
  return {std::move(value), {}};
}

Parsed<OptionValue> parse_instant(OptionValue value) {
  const auto parsed = parse_utc(value.text);
  if (!parsed) return {std::nullopt, parsed.problem};
  value.instant = *parsed.value;
  return {std::move(value), {}};
}

// The number that two digits are, -1 for anything else.
int two_digits(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 2 && digit(text[0]) && digit(text[1]) ? 10 * (text[0] - '0') + text[1] - '0' : -1;
}

Parsed<OptionValue> parse_weekly(OptionValue value) {
  constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const std::string_view text = value.text;
  const Problem problem = {Code::bad_instant, fmt::format("'{}' is no day and time of the week", text),
                           "for example: Tue:09:00"};
  if (text.size() != 9 || text[3] != ':' || text[6] != ':') return {std::nullopt, problem};
  const auto day = std::ranges::find(days, text.substr(0, 3));
  const int hour = two_digits(text.substr(4, 2));
  const int minute = two_digits(text.substr(7, 2));
  if (day == std::end(days) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return {std::nullopt, problem};
  value.integer = day - std::begin(days);
  value.duration = hour * Duration(1h) + minute * Duration(1min);
  return {std::move(value), {}};
}

Parsed<OptionValue> parse_value(const Option& option, OptionValue value) {
  switch (option.kind) {
    case integer:
    case seconds:
    case minutes:
      return parse_whole(option, std::move(value));
    case number:
      return parse_real(option, std::move(value));
    case boolean:
      return parse_boolean(std::move(value));
    case choice:
      return parse_choice(option, std::move(value));
    case duration:
      return parse_iso_duration(option, std::move(value));
    case instant:
      return parse_instant(std::move(value));
    case weekly:
      return parse_weekly(std::move(value));
    case text:
      break;
  }
  return {std::move(value), {}};
}

// --- places ----------------------------------------------------------------------------------------------

// A name is a key of a map, or the value of a key that says so: {option_name: MinSize}.
bool is_key(const Node& name) { return name.key() != "namespace" && name.key() != "option_name"; }
const std::string& name_at(const Node& name) { return is_key(name) ? name.key() : name.text(); }

void report_unknown(const Node& name, const char* what, const std::vector<std::string_view>& known,
                    std::string help, Context& context) {
  const std::string& given = name_at(name);
  const std::string message = fmt::format("unknown {} '{}'", what, given);
  if (is_key(name))
    context.report_key(Code::unknown_key, name, message, did_you_mean(given, known), std::move(help));
  else
    context.report(Code::unknown_name, name, message, did_you_mean(given, known), std::move(help));
}

void report_unknown_option(const Node& name, const std::string& space_name, const OptionSpace& space,
                           Context& context) {
  std::vector<std::string_view> known;
  for (const Option& option : space.options) known.push_back(option.name);
  report_unknown(name, "option", known, fmt::format("options of {}: {}", space_name, fmt::join(known, ", ")),
                 context);
}

// What the options of an action belong to.
constexpr std::string_view kActions = "aws:autoscaling:scheduledaction";

bool has_resource_name(const WrittenSetting& written, Context& context) {
  if (written.space != kActions || written.resource_name != nullptr) return true;
  context.report(Code::missing_key, *written.value, "a scheduled action needs a name",
                 "write [{namespace, resource_name, option_name, value}]");
  return false;
}

}  // namespace

const OptionSpace* find_space(std::string_view name) {
  const auto matches = [&](std::string_view space) {
    if (!space.ends_with('*')) return space == name;
    space.remove_suffix(1);
    return name.size() > space.size() && name.starts_with(space);
  };
  const auto found = std::ranges::find_if(option_spaces(), matches, &OptionSpace::name);
  return found == option_spaces().end() ? nullptr : &*found;
}

const Option* find_option(const OptionSpace& space, std::string_view name) {
  const auto found = std::ranges::find(space.options, name, &Option::name);
  return found == space.options.end() ? nullptr : &*found;
}

bool is_space(const Node& name, Context& context) {
  if (find_space(name_at(name)) != nullptr) return true;
  std::vector<std::string_view> known;
  for (const OptionSpace& space : option_spaces()) known.push_back(space.name);
  report_unknown(name, "namespace", known, "", context);
  return false;
}

std::optional<Setting> read_setting(const WrittenSetting& written, Context& context) {
  if (written.space_node != nullptr && !is_space(*written.space_node, context)) return std::nullopt;
  const OptionSpace* space = find_space(written.space);
  if (!written.value->is_scalar() && !written.value->is_null())
    return context.wrong_type(*written.value, "one value", ""), std::nullopt;
  if (space->options.empty()) return std::nullopt;
  const Option* option = find_option(*space, name_at(*written.option));
  if (option == nullptr)
    return report_unknown_option(*written.option, written.space, *space, context), std::nullopt;
  if (!has_resource_name(written, context)) return std::nullopt;
  auto parsed = parse_value(*option, {.text = written.value->text()});
  if (!parsed) return context.report(*written.value, std::move(parsed.problem)), std::nullopt;
  return Setting{.option = option,
                 .value = std::move(*parsed.value),
                 .resource_name = written.resource_name == nullptr ? "" : written.resource_name->text(),
                 .place = written.value->place(),
                 .path = written.value->path()};
}

Resolved resolve(std::span<const Setting> settings, Resolved before) {
  for (const Setting& setting : settings)
    if (setting.option->effect != nullptr) setting.option->effect(before, setting);
  return before;
}

Setting make_setting(std::string_view space, std::string_view name, std::string_view value) {
  const OptionSpace* found = find_space(space);
  const Option* option = found == nullptr ? nullptr : find_option(*found, name);
  check(option != nullptr, "elasticbeanstalk", "no such option");
  auto parsed = parse_value(*option, {.text = std::string(value)});
  check(parsed.value.has_value(), "elasticbeanstalk", "no such value");
  return {.option = option, .value = std::move(*parsed.value)};
}

}  // namespace nephoscope::elasticbeanstalk
