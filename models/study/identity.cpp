#include "models/study/identity.hpp"

#include <nlohmann/json.hpp>

namespace nephoscope {
namespace {

constexpr int kFormat = 2;

Json part_json(const StudyIdentity::Part& part) {
  Json overrides = Json::array();
  for (const PathValue& each : part.point.load.overrides) overrides.push_back({each.path, each.value});
  return {{"name", part.point.name},
          {"path", part.path},
          {"text", part.text},
          {"data_sha256", part.data_sha256},
          {"variant", part.point.load.variant},
          {"without", part.point.load.without},
          {"overrides", std::move(overrides)},
          {"data_dir", part.point.load.data_dir ? Json(*part.point.load.data_dir) : Json(nullptr)}};
}

StudyIdentity::Part read_part(const Json& json) {
  StudyIdentity::Part part;
  part.point.name = json.at("name");
  part.path = json.at("path");
  part.text = json.at("text");
  part.data_sha256 = json.at("data_sha256");
  part.point.load.variant = json.at("variant");
  part.point.load.without = json.at("without");
  for (const Json& each : json.at("overrides"))
    part.point.load.overrides.push_back({each.at(0).get<std::string>(), each.at(1).get<std::string>()});
  if (!json.at("data_dir").is_null()) part.point.load.data_dir = json.at("data_dir").get<std::string>();
  return part;
}

}  // namespace

std::string StudyIdentity::text() const {
  Json json = {{"format", kFormat},
               {"command", command},
               {"version", version},
               {"program", program},
               {"shard", {shard.index, shard.count}},
               {"seed", seed},
               {"replications", replications},
               {"parts", Json::array()}};
  for (const Part& part : parts) json["parts"].push_back(part_json(part));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool StudyIdentity::same_study(const StudyIdentity& other) const {
  StudyIdentity mine = *this, theirs = other;
  mine.shard = theirs.shard = {};
  mine.program = theirs.program = "";
  return mine.text() == theirs.text();
}

StudyIdentity identity_of(const std::string& command, std::span<const Point> points,
                          std::span<const Scenario> scenarios) {
  StudyIdentity identity;
  identity.command = command;
  identity.seed = scenarios.front().document.run.seed;
  identity.replications = scenarios.front().document.run.replications;
  for (std::size_t i = 0; i < points.size(); ++i)
    identity.parts.push_back({points[i], scenarios[i].path, scenarios[i].text, scenarios[i].data_sha256});
  return identity;
}

std::optional<StudyIdentity> read_identity(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != kFormat) return std::nullopt;
    StudyIdentity identity;
    identity.command = json.at("command");
    identity.version = json.at("version");
    identity.program = json.at("program");
    identity.shard = {json.at("shard").at(0), json.at("shard").at(1)};
    identity.seed = json.at("seed");
    identity.replications = json.at("replications");
    for (const Json& part : json.at("parts")) identity.parts.push_back(read_part(part));
    return identity;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace nephoscope
