// How one C++ type is read from a tree, shown, and described in JSON Schema.
//
// A model's own type specialises FieldType<T> with these static functions (see FieldType<bool> for the
// shape):
//   std::optional<T> read(const Node&, Context&, const FieldRules&)   nothing after a diagnostic
//   std::string show(const T&)                                        as a user would write it
//   std::string type_name()                                           "duration", for explain and messages
//   void schema(Json& out, SchemaBook&, const FieldRules&)            see engine/config/schema.hpp
// and optionally
//   double magnitude(const T&)                                        makes ranges available
// A struct with a table needs none of that: it declares `static const FieldTable<T>& fields();` and nests.
// An enumeration only lists its names:
//   template <> inline constexpr auto kEnumNames<Colour> = enum_names<Colour>({{"red", Colour::red}, ...});
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/config/context.hpp"
#include "engine/config/schema.hpp"

namespace nephoscope {

template <class T>
class FieldTable;

template <class T>
struct FieldType;

using NodePointer = const Node*;

// Structs with a table nest.
template <class T>
concept HasFields = requires {
  { T::fields() } -> std::same_as<const FieldTable<T>&>;
};

// One entry of a map keyed by id. std::vector<Named<T>> reads such a map, in the order of the source.
template <class T>
struct Named {
  std::string id;
  T value{};
  Place place = {};  // of the id
};

// --- enumerations ----------------------------------------------------------------------------------------

template <class E>
using EnumName = std::pair<std::string_view, E>;

template <class E, std::size_t N>
constexpr std::array<EnumName<E>, N> enum_names(const EnumName<E> (&names)[N]) {
  return std::to_array(names);
}

// The names of an enumeration in order; specialised for each.
template <class E>
inline constexpr std::nullptr_t kEnumNames = nullptr;

// --- helpers of the types below, compiled once -----------------------------------------------------------

namespace field_detail {

// A scalar's text, unless it must be bare and is quoted; reports otherwise.
const std::string* scalar_text(const Node& node, Context& context, std::string_view expected,
                               std::string_view example, bool bare);
std::optional<std::int64_t> read_integer(const Node& node, Context& context, const FieldRules& rules,
                                         std::int64_t lowest, std::int64_t highest);
std::optional<std::size_t> read_name(const Node& node, Context& context,
                                     std::span<const std::string_view> names);
// `scalars`: the items are, so that a lone one only lacks its brackets.
bool expect_list(const Node& node, Context& context, const FieldRules& rules, const std::string& item,
                 bool scalars);
bool expect_map(const Node& node, Context& context, const FieldRules& rules, const std::string& item);
bool is_ignored(std::string_view key);  // x-*
std::string show_list(const std::vector<std::string>& items);
std::string show_map(const std::vector<std::string>& items);

template <class T>
concept Bounded = requires(const T& value) {
  FieldType<T>::magnitude(value);
};

template <class T>
bool in_range(const Node& node, const T& value, Context& context, const FieldRules& rules) {
  if constexpr (Bounded<T>) return context.in_range(node, FieldType<T>::magnitude(value), rules);
  return true;
}

}  // namespace field_detail

// --- built-in types --------------------------------------------------------------------------------------

// Declares a type that is implemented in field_type.cpp.
#define NEPHOSCOPE_FIELD_TYPE(Type, name)                                                         \
  template <>                                                                                     \
  struct FieldType<Type> {                                                                        \
    static std::optional<Type> read(const Node& node, Context& context, const FieldRules& rules); \
    static std::string show(const Type& value);                                                   \
    static std::string type_name() { return name; }                                               \
    static void schema(Json& out, SchemaBook& book, const FieldRules& rules);

NEPHOSCOPE_FIELD_TYPE(bool, "true or false")
};
NEPHOSCOPE_FIELD_TYPE(std::string, "text")
}
;
NEPHOSCOPE_FIELD_TYPE(Reference, "id")
}
;
NEPHOSCOPE_FIELD_TYPE(UtcTime, "UTC time")
}
;
NEPHOSCOPE_FIELD_TYPE(double, "number")
static double magnitude(double value) { return value; }
}
;
NEPHOSCOPE_FIELD_TYPE(Duration, "duration")
static double magnitude(Duration value) { return to_seconds(value); }
}
;
NEPHOSCOPE_FIELD_TYPE(Bytes, "size")
static double magnitude(Bytes value) { return static_cast<double>(value.count); }
}
;
NEPHOSCOPE_FIELD_TYPE(BytesPerSecond, "bandwidth")
static double magnitude(BytesPerSecond value) { return value.value; }
}
;
NEPHOSCOPE_FIELD_TYPE(Rate, "rate")
static double magnitude(Rate value) { return value.per_second; }
}
;
NEPHOSCOPE_FIELD_TYPE(Probability, "share")
static double magnitude(Probability value) { return value.value; }
}
;
NEPHOSCOPE_FIELD_TYPE(Usd, "amount of money")
static double magnitude(Usd value) { return to_dollars(value); }
}
;
// The raw subtree, for what no table can describe. Valid while the Tree lives and is not overridden.
NEPHOSCOPE_FIELD_TYPE(NodePointer, "anything")
}
;
#undef NEPHOSCOPE_FIELD_TYPE

template <std::integral T>
requires(!std::same_as<T, bool>) struct FieldType<T> {
  static std::optional<T> read(const Node& node, Context& context, const FieldRules& rules) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr bool wide = std::cmp_greater(std::numeric_limits<T>::max(), most);
    const auto value = field_detail::read_integer(
        node, context, rules, static_cast<std::int64_t>(std::numeric_limits<T>::min()),
        wide ? most : static_cast<std::int64_t>(std::numeric_limits<T>::max()));
    return value ? std::optional(static_cast<T>(*value)) : std::nullopt;
  }
  static std::string show(T value) { return std::to_string(value); }
  static std::string type_name() { return "integer"; }
  static void schema(Json& out, SchemaBook&, const FieldRules& rules) { schema::integer(out, rules); }
  static double magnitude(T value) { return static_cast<double>(value); }
};

template <class E>
requires(std::is_enum_v<E>) struct FieldType<E> {
  static constexpr auto names() {
    static_assert(!std::is_same_v<decltype(kEnumNames<E>), const std::nullptr_t>,
                  "kEnumNames is not specialised");
    std::array<std::string_view, kEnumNames<E>.size()> result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = kEnumNames<E>[i].first;
    return result;
  }
  static std::optional<E> read(const Node& node, Context& context, const FieldRules&) {
    const auto known = names();
    const auto index = field_detail::read_name(node, context, known);
    return index ? std::optional(kEnumNames<E>[*index].second) : std::nullopt;
  }
  static std::string show(E value) {
    for (const auto& [name, each] : kEnumNames<E>)
      if (each == value) return std::string(name);
    return "?";
  }
  static std::string type_name() {
    std::string result;
    for (const auto& name : names()) result.append(result.empty() ? "" : "|").append(name);
    return result;
  }
  static void schema(Json& out, SchemaBook&, const FieldRules&) {
    const auto known = names();
    schema::one_of_names(out, known);
  }
};

// Absent by default; `null` in the scenario says so.
template <class T>
struct FieldType<std::optional<T>> {
  static std::optional<std::optional<T>> read(const Node& node, Context& context, const FieldRules& rules) {
    if (node.is_null()) return std::optional<T>();
    auto value = FieldType<T>::read(node, context, rules);
    if (!value) return std::nullopt;
    return std::optional<std::optional<T>>(std::in_place, std::move(*value));
  }
  static std::string show(const std::optional<T>& value) {
    return value ? FieldType<T>::show(*value) : "none";
  }
  static std::string type_name() { return FieldType<T>::type_name(); }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules) {
    schema::or_null(out, book, rules, &FieldType<T>::schema);
  }
};

// A list; each item keeps the field's range.
template <class T>
struct FieldType<std::vector<T>> {
  static std::optional<std::vector<T>> read(const Node& node, Context& context, const FieldRules& rules) {
    constexpr bool scalars = field_detail::Bounded<T> || std::is_enum_v<T> || std::same_as<T, std::string>;
    if (!field_detail::expect_list(node, context, rules, FieldType<T>::type_name(), scalars))
      return std::nullopt;
    std::vector<T> result;
    for (const auto& child : node.children())
      if (auto item = FieldType<T>::read(*child, context, rules)) result.push_back(std::move(*item));
    if (result.size() != node.size()) return std::nullopt;
    return result;
  }
  static std::string show(const std::vector<T>& value) {
    std::vector<std::string> items;
    for (const auto& item : value) items.push_back(FieldType<T>::show(item));
    return field_detail::show_list(items);
  }
  static std::string type_name() { return "list of " + FieldType<T>::type_name(); }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules) {
    schema::list(out, book, rules, &FieldType<T>::schema);
  }
};

namespace field_detail {

// Maps keyed by id, as vectors of entries with an id and a value.
template <class Entry, class T>
struct MapById {
  static std::optional<std::vector<Entry>> read(const Node& node, Context& context, const FieldRules& rules) {
    if (!expect_map(node, context, rules, FieldType<T>::type_name())) return std::nullopt;
    std::vector<Entry> result;
    bool complete = true;
    for (const auto& child : node.children()) {
      if (is_ignored(child->key())) continue;
      auto value = FieldType<T>::read(*child, context, rules);
      complete = complete && value.has_value();
      if (value) result.push_back(make(*child, std::move(*value)));
    }
    return complete ? std::optional(std::move(result)) : std::nullopt;
  }
  static std::string show(const std::vector<Entry>& entries) {
    std::vector<std::string> items;
    for (const auto& entry : entries)
      items.push_back(path_segment(id(entry)) + ": " + FieldType<T>::show(value_of(entry)));
    return show_map(items);
  }
  static std::string type_name() { return "map of " + FieldType<T>::type_name(); }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules) {
    schema::map_by_id(out, book, rules, &FieldType<T>::schema);
  }

 private:
  static Entry make(const Node& node, T value) {
    if constexpr (std::is_same_v<Entry, Named<T>>)
      return {node.key(), std::move(value), node.key_place()};
    else
      return {node.key(), std::move(value)};
  }
  static const std::string& id(const Named<T>& entry) { return entry.id; }
  static const std::string& id(const std::pair<std::string, T>& entry) { return entry.first; }
  static const T& value_of(const Named<T>& entry) { return entry.value; }
  static const T& value_of(const std::pair<std::string, T>& entry) { return entry.second; }
};

}  // namespace field_detail

template <class T>
struct FieldType<std::vector<Named<T>>> : field_detail::MapById<Named<T>, T> {};
template <class T>
struct FieldType<std::vector<std::pair<std::string, T>>>
    : field_detail::MapById<std::pair<std::string, T>, T> {};

}  // namespace nephoscope
