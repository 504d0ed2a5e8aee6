#include "engine/config/field_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

constexpr std::size_t kListedKeys = 15;
constexpr std::string_view kAssume = "assume";

std::string joined(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string quoted_list(const std::vector<std::string>& keys) {
  return fmt::format("'{}'", fmt::join(keys, "', '"));
}

std::string shown_name(const Node& node) {
  return node.key().empty() ? "" : fmt::format(" in '{}'", node.key());
}

}  // namespace

void TableCore::add(FieldEntry entry) {
  check(find(entry.key, entry.assumption) == nullptr, "config", "table '{}' has key '{}' twice", name_,
        entry.key);
  check(!entry.assumption || entry.required || !entry.rules.source.empty(), "config",
        "assumption '{}' of '{}' has no source", entry.key, name_);
  entries_.push_back(std::move(entry));
}

void TableCore::add_group(std::vector<std::string> keys, bool one_needed) {
  for (const auto& key : keys) check(has_key(key), "config", "table '{}' has no key '{}'", name_, key);
  groups_.push_back({std::move(keys), one_needed});
}

void TableCore::set_shorthand(std::string key) {
  check(has_key(key), "config", "table '{}' has no key '{}'", name_, key);
  shorthand_ = std::move(key);
}

void TableCore::include(const TableCore& part,
                        const std::function<std::unique_ptr<FieldAccess>(const FieldAccess&)>& of,
                        std::function<const void*(const void*)> member) {
  for (const FieldEntry& entry : part.entries_)
    add({entry.key, entry.rules, entry.required, entry.assumption, of(*entry.access)});
  for (const Group& group : part.groups_) add_group(group.keys, group.one_needed);
  for (const Validate& validate : part.validates_)
    add_validate([validate, member](const void* object, const Node& node, Context& context) {
      validate(member(object), node, context);
    });
}

const FieldEntry* TableCore::find(std::string_view key, bool assumption) const {
  for (const auto& entry : entries_)
    if (entry.assumption == assumption && entry.key == key) return &entry;
  return nullptr;
}

bool TableCore::has_assumptions() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) { return entry.assumption; });
}

bool TableCore::read(const Node& node, void* object, Context& context) const {
  const std::size_t errors = context.error_count();
  if (node.is_map()) {
    read_map(node, object, context, false);
    read_assumptions(node, object, context);
    check_groups(node, context);
  } else if (!read_shorthand(node, object, context)) {
    return false;
  }
  for (const Validate& validate : validates_)
    if (context.error_count() == errors) validate(object, node, context);
  if (context.error_count() != errors) return false;
  auto in_force = assumptions(object, node);
  context.assumptions().insert(context.assumptions().end(), in_force.begin(), in_force.end());
  return true;
}

bool TableCore::read_shorthand(const Node& node, void* object, Context& context) const {
  if (shorthand_.empty() || node.is_null()) {
    const std::string example = entries_.empty() ? "{}" : fmt::format("{{{}: …}}", entries_.front().key);
    context.wrong_type(node, fmt::format("a map ({})", name_), node.is_null() ? "{}" : example);
    return false;
  }
  const FieldEntry& entry = *find(shorthand_, false);
  const std::string type = entry.access->type_name();
  if (node.is_sequence() && !type.starts_with("list of ")) {
    context.wrong_type(node, fmt::format("one value ({}) or a map ({})", type, name_), "");
    return false;
  }
  return entry.access->read(node, object, context, entry.rules);
}

// Reads the keys of one map: the struct's own, or those under `assume`.
void TableCore::read_map(const Node& node, void* object, Context& context, bool assumption) const {
  for (const auto& child : node.children()) {
    const std::string& key = child->key();
    if (field_detail::is_ignored(key)) continue;
    if (const FieldEntry* entry = find(key, assumption)) {
      if (assumption && entry->access->takes_range() && is_range(*child))
        entry->access->read_range(*child, object, context, entry->rules);
      else
        entry->access->read(*child, object, context, entry->rules);
    } else if (assumption || !((key == kAssume && has_assumptions()) || (key == "type" && typed_))) {
      unknown_key(*child, context, assumption);
    }
  }
  for (const auto& entry : entries_)
    if (entry.required && entry.assumption == assumption && node.find(entry.key) == nullptr)
      context.report_key(
          Code::missing_key, node, fmt::format("missing key '{}'{}", entry.key, shown_name(node)),
          fmt::format("add '{}: <{}>'", entry.key, entry.access->type_name()), entry.rules.doc);
}

void TableCore::read_assumptions(const Node& node, void* object, Context& context) const {
  if (!has_assumptions()) return;
  const Node* assume = node.find(kAssume);
  if (assume != nullptr && !assume->is_map())
    return context.wrong_type(*assume, "a map of assumptions", "{}");
  if (assume != nullptr) return read_map(*assume, object, context, true);
  for (const auto& entry : entries_)
    if (entry.required && entry.assumption)
      context.report_key(
          Code::missing_key, node, fmt::format("missing key 'assume.{}'{}", entry.key, shown_name(node)),
          fmt::format("add 'assume: {{{}: <{}>}}'", entry.key, entry.access->type_name()), entry.rules.doc);
}

void TableCore::unknown_key(const Node& node, Context& context, bool assumption) const {
  std::vector<std::string_view> keys;
  for (const auto& entry : entries_)
    if (entry.assumption == assumption) keys.emplace_back(entry.key);
  if (!assumption && has_assumptions()) keys.emplace_back(kAssume);
  if (!assumption && typed_) keys.emplace_back("type");
  std::string hint = did_you_mean(node.key(), keys);
  if (find(node.key(), !assumption) != nullptr)
    hint =
        assumption ? "not an assumption: move it out of 'assume'" : "an assumption: move it under 'assume:'";
  const std::string more = keys.size() > kListedKeys ? ", …" : "";
  keys.resize(std::min(keys.size(), kListedKeys));
  std::string help = fmt::format("keys{} of {}: {}{}", assumption ? " under 'assume'" : "", name_,
                                 fmt::join(keys, ", "), more);
  if (typed_) help += fmt::format("\nsee: nephoscope explain {}", name_);
  context.report_key(Code::unknown_key, node, fmt::format("unknown key '{}'", node.key()), std::move(hint),
                     std::move(help));
}

void TableCore::check_groups(const Node& node, Context& context) const {
  for (const auto& group : groups_) {
    std::vector<const Node*> given;
    for (const auto& key : group.keys)
      if (const Node* child = node.find(key)) given.push_back(child);
    const auto place = [](const Node* child) { return child->key_place(); };
    std::ranges::sort(given, std::less<>(), place);
    const char* count = group.one_needed ? "exactly" : "at most";
    const std::string rule = fmt::format("give {} one of {}", count, quoted_list(group.keys));
    if (given.empty() && group.one_needed)
      context.report_key(Code::conflicting_keys, node, rule, "none is given");
    if (given.size() > 1)
      context.report_key(Code::conflicting_keys, *given[1], rule,
                         fmt::format("'{}' is given too", given[0]->key()));
  }
}

namespace {

bool takes_range(const FieldEntry& entry) { return entry.assumption && entry.access->takes_range(); }

std::string shown_type(const FieldEntry& entry) {
  return entry.access->type_name() + (takes_range(entry) ? " or {low, high}" : "");
}

bool is_given_range(const FieldEntry& entry, const Node* given) {
  return given != nullptr && takes_range(entry) && is_range(*given);
}

}  // namespace

std::vector<FieldRow> TableCore::rows(const void* defaults) const {
  std::vector<FieldRow> result;
  for (const auto& entry : entries_)
    result.push_back({entry.assumption ? joined(kAssume, entry.key) : entry.key, shown_type(entry),
                      entry.required ? "required" : entry.access->show(defaults), range_text(entry.rules),
                      entry.rules.doc, entry.rules.source, entry.required, entry.assumption});
  return result;
}

std::vector<AssumptionInForce> TableCore::assumptions(const void* object, const Node& node) const {
  std::vector<AssumptionInForce> result;
  const std::string path = node.path();
  const Node* assume = node.find(kAssume);
  for (const auto& entry : entries_) {
    const Node* given =
        entry.assumption ? (assume == nullptr ? nullptr : assume->find(entry.key)) : node.find(entry.key);
    const bool range = is_given_range(entry, given);
    if (entry.assumption)
      result.push_back({joined(path, joined(kAssume, entry.key)),
                        range ? show_range(*given) : entry.access->show(object),
                        given != nullptr ? "scenario" : entry.rules.source, given != nullptr, range});
    if (given == nullptr) entry.access->default_assumptions(object, joined(path, entry.key), result);
  }
  return result;
}

void TableCore::default_assumptions(const void* object, const std::string& path,
                                    std::vector<AssumptionInForce>& out) const {
  for (const auto& entry : entries_) {
    const std::string key = entry.assumption ? joined(kAssume, entry.key) : entry.key;
    if (entry.assumption)
      out.push_back({joined(path, key), entry.access->show(object), entry.rules.source, false});
    entry.access->default_assumptions(object, joined(path, key), out);
  }
}

std::string TableCore::show(const void* object) const {
  std::vector<std::string> items;
  for (const auto& entry : entries_)
    if (!entry.assumption) items.push_back(fmt::format("{}: {}", entry.key, entry.access->show(object)));
  return field_detail::show_map(items);
}

}  // namespace nephoscope
