#include "tools/nephoscope/option_topics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/elasticbeanstalk/options.hpp"

namespace nephoscope {
namespace {

using elasticbeanstalk::Option;
using elasticbeanstalk::OptionKind;

std::string_view name_of(OptionKind kind) {
  switch (kind) {
    case OptionKind::integer:
      return "integer";
    case OptionKind::number:
      return "number";
    case OptionKind::seconds:
      return "seconds";
    case OptionKind::minutes:
      return "minutes";
    case OptionKind::boolean:
      return "true or false";
    case OptionKind::choice:
      return "choice";
    case OptionKind::duration:
      return "duration such as PT30M";
    case OptionKind::instant:
      return "time such as 2026-03-02T17:00Z";
    case OptionKind::weekly:
      return "time of the week such as Tue:09:00";
    case OptionKind::text:
      break;
  }
  return "text";
}

std::string range_of(const Option& option) {
  if (!option.choices.empty()) return "";
  const bool low = option.min > -elasticbeanstalk::kNoLimit, high = option.max < elasticbeanstalk::kNoLimit;
  if (low && high) return fmt::format("{} to {}", option.min, option.max);
  if (low) return fmt::format("at least {}", option.min);
  return high ? fmt::format("at most {}", option.max) : "";
}

FieldRow row_of(const Option& option) {
  return {.key = std::string(option.name),
          .type = std::string(option.choices.empty() ? name_of(option.kind) : option.choices),
          .default_text = option.standard.empty() ? "none" : std::string(option.standard),
          .range = range_of(option),
          .doc = std::string(option.doc) + (option.effect == nullptr ? " (accepted, without effect)" : ""),
          .source = "",
          .required = false,
          .assumption = false};
}

}  // namespace

void add_option_namespaces(std::vector<Topic>& topics) {
  for (const elasticbeanstalk::OptionSpace& space : elasticbeanstalk::option_spaces()) {
    if (space.options.empty()) continue;
    const auto with_effect = std::count_if(space.options.begin(), space.options.end(),
                                           [](const Option& each) { return each.effect != nullptr; });
    topics.push_back(
        {"namespace", std::string(space.name),
         fmt::format("{} of {} option settings have an effect.", with_effect, space.options.size()),
         [&space] {
           std::vector<FieldRow> rows;
           for (const Option& option : space.options) rows.push_back(row_of(option));
           return rows;
         }});
  }
}

}  // namespace nephoscope
