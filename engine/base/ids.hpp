// Small typed integers for things that have names, and the table that hands them out.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nephoscope {

// An index into some owner's table; `Tag` keeps different tables' ids apart. Ids start at 0.
template <typename Tag>
struct Id {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::uint32_t value = kNone;
  constexpr Id() = default;
  constexpr explicit Id(std::uint32_t index) : value(index) {}
  constexpr auto operator<=>(const Id&) const = default;
  constexpr explicit operator bool() const { return value != kNone; }
};

// Gives each distinct string an id, in order of first appearance, so that hot paths carry integers.
template <typename Tag>
class Interner {
 public:
  Id<Tag> intern(std::string_view name) {
    const auto [place, added] =
        ids_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
    if (added) names_.emplace_back(name);
    return Id<Tag>(place->second);
  }
  // None if the string was never interned.
  Id<Tag> find(std::string_view name) const {
    const auto place = ids_.find(std::string(name));
    return place == ids_.end() ? Id<Tag>() : Id<Tag>(place->second);
  }
  // REQUIRES: `id` came from this interner.
  const std::string& name(Id<Tag> id) const { return names_[id.value]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<std::string> names_;
};

}  // namespace nephoscope
