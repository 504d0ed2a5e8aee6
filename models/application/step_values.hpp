// Small values inside steps: what a call is addressed to, and which key it names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/key_distribution.hpp"
#include "models/common/request.hpp"

namespace nephoscope::application {

// RESOURCE.OPERATION, split at the last dot. That both exist is checked once the whole scenario is read.
struct CallTarget {
  Reference resource;
  std::string operation;
};

// Which item a step is about: the request's own key, one never used before, or one drawn from many.
class KeyChoice {
 public:
  enum class Kind : std::uint8_t { same, fresh, drawn };

  KeyChoice() = default;
  explicit KeyChoice(Kind kind) : kind_(kind) {}
  explicit KeyChoice(const KeyDistribution& distribution);

  Kind kind() const { return kind_; }
  // The key for a call whose own number is `number`, made by a request about `parent_key`. `draws` gives the
  // draws of the step and is only called if the key is drawn.
  template <typename MakeDraws>
  std::uint64_t choose(std::uint64_t parent_key, std::uint64_t number, MakeDraws draws) const {
    if (kind_ == Kind::same) return parent_key;
    if (kind_ == Kind::fresh) return number | kFreshKey;
    Draws own = draws();
    return 1 + keys_->sample(own);
  }
  std::string text() const;

 private:
  static constexpr std::uint64_t kFreshKey = std::uint64_t{1} << 63;  // above all drawn keys, and never 0
  Kind kind_ = Kind::same;
  KeyDistribution distribution_;
  std::optional<ZipfKeys> keys_;
};

}  // namespace nephoscope::application

namespace nephoscope {

template <>
struct FieldType<application::CallTarget> {
  static std::optional<application::CallTarget> read(const Node& node, Context& context,
                                                     const FieldRules& rules);
  static std::string show(const application::CallTarget& target);
  static std::string type_name() { return "RESOURCE.OPERATION"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

template <>
struct FieldType<application::KeyChoice> {
  static std::optional<application::KeyChoice> read(const Node& node, Context& context,
                                                    const FieldRules& rules);
  static std::string show(const application::KeyChoice& choice) { return choice.text(); }
  static std::string type_name() { return "same, new or a distribution of keys"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
