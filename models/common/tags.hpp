// Tags of AWS resources: pairs of a key and a value, by which others find them.
//
//   tags: {team: search, tier: web}
//
// Keys and values are case-sensitive. Source: Tagging AWS Resources User Guide, tag naming limits.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"

namespace nephoscope {

using Tags = std::vector<Named<std::string>>;  // keys differ

using TagsById = std::map<std::string, Tags, std::less<>>;  // of resources

inline constexpr std::size_t kMostTags = 50;  // of a resource

// What a field of tags says and allows.
FieldRules tags_rules(std::string doc, std::string source);
// Reports keys and values that AWS does not take. REQUIRES: `tags` were read from key `key` of `node`.
void check_tags(const Tags& tags, const Node& node, std::string_view key, Context& context);
// The ids whose tags hold all that is wanted; none if nothing is wanted.
std::vector<std::string> ids_with(const TagsById& tags, const Tags& wanted);
// "team=search, tier=web"
std::string show_tags(const Tags& tags);

}  // namespace nephoscope
