// The option settings that Elastic Beanstalk knows: one table, by namespace and name, both verbatim.
//
// An option without effect is accepted, so that real files can be used as they are, and changes nothing.
// Source of names, defaults and ranges: Elastic Beanstalk Developer Guide, "General options for all
// environments" (2023), unless a row says otherwise.
#pragma once

#include <cstdint>
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
  instant,   // ISO 8601: 2026-03-02T17:00Z
  weekly,    // Tue:09:00, UTC
  text,
};

// One value as read; the member that its option's kind says. `text` is always what was written.
struct OptionValue {
  std::string text = {};
  std::int64_t integer = 0;  // of a weekly time the weekday, 0 = Sunday; `duration` is then the time of day
  double number = 0;
  Duration duration{};
  bool flag = false;
  std::size_t choice = 0;  // index into the choices
  UtcTime instant = {};
};

struct Option;

// An option that something sets, and where.
struct Setting {
  const Option* option = nullptr;  // of the table below
  OptionValue value;
  std::string resource_name = {};  // of a scheduled action
  Place place = {};                // of the value
  std::string path = {};
};

// What all settings amount to.
struct Resolved {
  Settings settings;
  ResourceSettings resources;
  bool operator==(const Resolved&) const = default;
};

inline constexpr double kNoLimit = 1e9;

struct Option {
  std::string_view name;
  OptionKind kind;
  std::string_view standard;  // the API's default as it would be written; "" = none, or none that is fixed
  std::string_view doc;
  void (*effect)(Resolved&, const Setting&) = nullptr;  // null: accepted, changes nothing
  double min = -kNoLimit;  // of numbers in the unit of the kind, of durations in seconds
  double max = kNoLimit;
  std::string_view choices = {};  // "AllAtOnce|Rolling"
};

// A namespace. A `name` that ends in "*" stands for all that begin so ("...:process:*"). Without `options`
// every option name is accepted (environment properties).
struct OptionSpace {
  std::string_view name;
  std::span<const Option> options;
};

std::span<const OptionSpace> option_spaces();
// Null if there is none; reports nothing.
const OptionSpace* find_space(std::string_view name);
const Option* find_option(const OptionSpace& space, std::string_view name);

// Whether the key or value `name` is a namespace; else reports it with what was probably meant.
bool is_space(const Node& name, Context& context);

// Where an option setting is written. `space` and `option` may be keys or values.
struct WrittenSetting {
  std::string space = "aws:elasticbeanstalk:application:environment";  // when none is written
  const Node* space_node = nullptr;                                    // none if none is written
  const Node* option = nullptr;
  const Node* value = nullptr;
  const Node* resource_name = nullptr;
};

// Reports an unknown namespace or option with what was probably meant, a value of the wrong kind and one out
// of range. Nothing then, and for options that the table does not list because their names are free.
// REQUIRES: option and value are given.
std::optional<Setting> read_setting(const WrittenSetting& written, Context& context);

// What the settings amount to, one after the other, on top of `before`.
Resolved resolve(std::span<const Setting> settings, Resolved before = {});

// A setting of the program's own. REQUIRES: option and value are valid.
Setting make_setting(std::string_view space, std::string_view name, std::string_view value);

}  // namespace nephoscope::elasticbeanstalk
