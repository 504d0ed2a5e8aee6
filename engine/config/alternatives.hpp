// Values that are one of several structs, told apart by the key that is present:
//   {call: orders.PutItem, timeout: 500ms}    {compute: 18ms}    {parallel: [...]}
//
// Each alternative is a struct with its own field table, which contains its tag key (usually required):
//   using Step = std::variant<CallStep, ComputeStep>;
//   static const auto table = Alternatives<Step>("step", "One step of a handler.")
//                                 .option<CallStep>("call").option<ComputeStep>("compute");
// For use as a field, FieldType<Step> forwards to read(), show() and refer(). Alternatives may contain each
// other.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/config/field_table.hpp"

namespace nephoscope {

// The part that does not depend on the variant's type.
class AlternativesCore final {
 public:
  struct Option {
    std::string tag;
    std::string doc;
    std::function<bool(const Node&, void* target, Context&)> read;
    std::function<void(Json&, SchemaBook&)> refer;
  };

  AlternativesCore(std::string name, std::string doc) : name_(std::move(name)), doc_(std::move(doc)) {}
  void add(Option option) { options_.push_back(std::move(option)); }
  // The first key of the map that is a tag decides; reports when there is none or `node` is no map.
  const Option* choose(const Node& node, Context& context) const;
  void refer(Json& out, SchemaBook& book) const;
  const std::string& name() const { return name_; }
  const std::string& doc() const { return doc_; }
  const std::vector<Option>& options() const { return options_; }

 private:
  std::string name_;
  std::string doc_;
  std::vector<Option> options_;
};

// V can be assigned from each alternative (a std::variant, or a struct with such an assignment).
template <class V>
class Alternatives final {
 public:
  Alternatives(std::string name, std::string doc) : core_(std::move(name), std::move(doc)) {}

  // A map with key `tag` is an A.
  template <HasFields A>
  Alternatives&& option(std::string tag) && {
    const auto read = [](const Node& node, void* target, Context& context) {
      auto value = A::fields().read(node, context);
      if (value) *static_cast<V*>(target) = std::move(*value);
      return value.has_value();
    };
    const auto refer = [](Json& out, SchemaBook& book) { A::fields().refer(out, book); };
    core_.add({std::move(tag), A::fields().doc(), read, refer});
    return std::move(*this);
  }

  std::optional<V> read(const Node& node, Context& context) const {
    const auto* option = core_.choose(node, context);
    std::optional<V> result(std::in_place);
    if (option == nullptr || !option->read(node, &*result, context)) result.reset();
    return result;
  }
  void refer(Json& out, SchemaBook& book) const { core_.refer(out, book); }
  const AlternativesCore& core() const { return core_; }

 private:
  AlternativesCore core_;
};

}  // namespace nephoscope
