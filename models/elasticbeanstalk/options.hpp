// The option settings that Elastic Beanstalk knows: one table, by namespace and name, both verbatim.
//
// An option without effect is accepted, so that real files can be used as they are, and changes nothing.
// Source of names, defaults and ranges: Elastic Beanstalk Developer Guide, "General options for all
// environments" (2023), unless a row says otherwise.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/config/context.hpp"
#include "models/elasticbeanstalk/resource_settings.hpp"
#include "models/elasticbeanstalk/settings.hpp"

namespace nephoscope::elasticbeanstalk {

// How a value is written. Numbers are bare, as Beanstalk takes them.
enum class OptionKind : std::uint8_t {
  integer,
  number,
  seconds,
  minutes,
  boolean,
  choice,    // one of `choices`
  duration,  // ISO 8601: PT30M
  text,
};

// One value as read; the member that its option's kind says. `text` is always what was written.
struct OptionValue {
  std::string text;
  std::int64_t integer = 0;
  double number = 0;
  Duration duration{};
  bool flag = false;
  std::size_t choice = 0;  // index into the choices
};

struct Option;

// An option that something sets, and where.
struct Setting {
  const Option* option = nullptr;  // of the table below
  OptionValue value;
  Place place = {};
  std::string path = {};
};

// What all settings amount to.
struct Resolved {
  Settings settings;
  ResourceSettings resources;
  bool operator==(const Resolved&) const = default;
};

struct Option {
  std::string_view name;
  OptionKind kind;
  std::string_view standard;  // the API's default as it would be written; "" = none or no fixed one
  std::string_view doc;
  void (*effect)(Resolved&, const Setting&) = nullptr;  // null: accepted, changes nothing
  double min = 0;  // of numbers, in the unit of the kind; of durations in seconds
  double max = 1e12;
  std::string_view choices = {};  // "AllAtOnce|Rolling"
};

// A namespace. `name` may end in ":*", which stands for a name of the user's own ("...:process:*"); without
// `options` every option name is accepted (environment properties).
struct OptionSpace {
  std::string_view name;
  std::span<const Option> options;
};

std::span<const OptionSpace> option_spaces();
// Null if there is none; reports nothing.
const OptionSpace* find_space(std::string_view name);
const Option* find_option(const OptionSpace& space, std::string_view name);

// One option setting from a file: `space` and `name` stand at `name_node`'s place (or are its keys). Reports
// an unknown namespace or option with what was probably meant, a value of the wrong kind and one out of
// range; nothing then, and for options of namespaces with free names.
std::optional<Setting> read_setting(const std::string& space, const Node& space_node, const std::string& name,
                                    const Node& name_node, const Node& value, Context& context);

// A setting of the program's own. REQUIRES: option and value are valid.
Setting make_setting(std::string_view space, std::string_view name, std::string_view value);

}  // namespace nephoscope::elasticbeanstalk
