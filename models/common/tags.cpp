#include "models/common/tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nephoscope {
namespace {

// Source: Tagging AWS Resources User Guide, tag naming limits.
constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLongestValue = 256;

// Unicode characters of UTF-8: all bytes but those that continue one.
std::size_t length_of(const std::string& text) {
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

void check_length(const std::string& text, std::size_t most, const Node& node, Context& context) {
  const std::size_t length = length_of(text);
  if (length > most)
    context.report(Code::out_of_range, node, fmt::format("{} characters are too many", length),
                   fmt::format("allowed: at most {}", most));
}

bool holds_all(const Tags& tags, const Tags& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const Named<std::string>& want) {
    return std::any_of(tags.begin(), tags.end(), [&](const Named<std::string>& tag) {
      return tag.id == want.id && tag.value == want.value;
    });
  });
}

}  // namespace

FieldRules tags_rules(std::string doc, std::string source) {
  return {.doc = std::move(doc), .source = std::move(source), .max_items = kMostTags};
}

void check_tags(const Tags& tags, const Node& node, std::string_view key, Context& context) {
  for (const auto& tag : tags) {
    const Node& place = *node.find(std::string(key))->find(tag.id);
    check_length(tag.id, kLongestKey, place, context);
    check_length(tag.value, kLongestValue, place, context);
    if (tag.id.starts_with("aws:"))
      context.report_key(Code::inconsistent, place, "keys that begin with 'aws:' are AWS's own");
  }
}

std::vector<std::string> ids_with(const TagsById& tags, const Tags& wanted) {
  std::vector<std::string> found;
  if (wanted.empty()) return found;
  for (const auto& [id, own] : tags)
    if (holds_all(own, wanted)) found.push_back(id);
  return found;
}

std::string show_tags(const Tags& tags) {
  std::string text;
  for (const auto& tag : tags) text += fmt::format("{}{}={}", text.empty() ? "" : ", ", tag.id, tag.value);
  return text;
}

}  // namespace nephoscope
