// `option_settings` and `defaults` of an environment: what is set by the API, above all files.
//
//   option_settings:
//     aws:elasticbeanstalk:command: {DeploymentPolicy: Rolling, BatchSizeType: Fixed, BatchSize: 2}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_type.hpp"
#include "models/elasticbeanstalk/options.hpp"

namespace nephoscope::elasticbeanstalk {

// Who creates the environment. The console and the EB CLI send recommended values, which hold over
// configuration files (Developer Guide, Configuration options, Recommended values).
enum class Client : std::uint8_t { api, eb_cli, console };

std::vector<Setting> recommended_values(Client client, bool load_balanced);

struct OptionSettings {
  std::vector<Setting> settings;  // in the order of the source
};

// Both documented shapes: {namespace: {option: value}} and [{namespace, option_name, value}]. Reports what is
// wrong and leaves it out.
OptionSettings read_option_settings(const Node& node, Context& context);

}  // namespace nephoscope::elasticbeanstalk

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<elasticbeanstalk::Client> =
    enum_names<elasticbeanstalk::Client>({{"api", elasticbeanstalk::Client::api},
                                          {"eb-cli", elasticbeanstalk::Client::eb_cli},
                                          {"console", elasticbeanstalk::Client::console}});

template <>
struct FieldType<elasticbeanstalk::OptionSettings> {
  static std::optional<elasticbeanstalk::OptionSettings> read(const Node& node, Context& context,
                                                              const FieldRules& rules);
  static std::string show(const elasticbeanstalk::OptionSettings& value) {
    return value.settings.empty() ? "{}" : "{...}";
  }
  static std::string type_name() { return "map of namespaces to maps of options"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
