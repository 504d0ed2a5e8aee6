// Configuration files (`.ebextensions/*.config`), read as they are: YAML or JSON.
//
// `option_settings` is used, and of `Resources` health check and placement group of AWSEBAutoScalingGroup;
// other keys (packages, files, commands, ...) are ignored with a warning each. Source: Developer Guide,
// Advanced environment customization with configuration files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_type.hpp"
#include "models/elasticbeanstalk/options.hpp"

namespace nephoscope::elasticbeanstalk {

struct Ebextensions {
  std::vector<std::string> files;  // as the scenario names them: files, or folders of *.config
  std::vector<Setting> settings;   // of all files in alphabetical order: the last one of an option holds
  bool health_check_type_elb = false;
  std::optional<Duration> health_check_grace_period;
  std::optional<Reference> placement_group;
};

// Reports what is wrong, in the files at its place there.
Ebextensions read_ebextensions(const Node& node, Context& context);

}  // namespace nephoscope::elasticbeanstalk

namespace nephoscope {

template <>
struct FieldType<elasticbeanstalk::Ebextensions> {
  static std::optional<elasticbeanstalk::Ebextensions> read(const Node& node, Context& context,
                                                            const FieldRules& rules);
  static std::string show(const elasticbeanstalk::Ebextensions& value);
  static std::string type_name() { return "list of files or folders"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
