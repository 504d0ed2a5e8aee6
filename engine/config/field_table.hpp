// One table per config struct: key, member, type, range, default, doc and source in one place.
//
// Parsing, diagnostics, JSON Schema, `explain` and the documentation all come from the table.
//
//   struct StationConfig {
//     std::int64_t servers = 1;
//     Duration boot_time = 40s;
//     static const FieldTable<StationConfig>& fields();
//   };
//   const FieldTable<StationConfig>& StationConfig::fields() {
//     static const auto table =
//         FieldTable<StationConfig>("Nephoscope::Station", "A generic server.")
//             .typed()
//             .field("servers", &StationConfig::servers, {.doc = "parallel servers", .min = 1, .max = 1e6})
//             .assume("boot_time", &StationConfig::boot_time, {.doc = "until ready", .source = "paper, p.
//             3"});
//     return table;
//   }
//
// Defaults are those of a default-constructed struct. Keys of .assume() are read from the nested map
// `assume`; where their type has ranges (range.hpp) they may be `{low, high}`, too.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/config/field_type.hpp"
#include "engine/config/range.hpp"

namespace nephoscope {

// Access to one member of a struct whose type is erased.
class FieldAccess {
 public:
  virtual ~FieldAccess() = default;
  // Reads into the member; false after a diagnostic.
  virtual bool read(const Node& node, void* object, Context& context, const FieldRules& rules) const = 0;
  // Whether `{low, high}` may stand for the value; only then are the next two called.
  virtual bool takes_range() const = 0;
  virtual bool read_range(const Node& node, void* object, Context& context,
                          const FieldRules& rules) const = 0;
  virtual void or_range(Json& field, SchemaBook& book, const FieldRules& rules) const = 0;
  virtual std::string show(const void* object) const = 0;
  virtual std::string type_name() const = 0;
  virtual void schema(Json& out, SchemaBook& book, const FieldRules& rules) const = 0;
  // The assumptions inside a nested struct that the scenario leaves at its default.
  virtual void default_assumptions(const void* object, const std::string& path,
                                   std::vector<AssumptionInForce>& out) const = 0;
};

struct FieldEntry {
  std::string key;
  FieldRules rules;
  bool required = false;
  bool assumption = false;
  std::unique_ptr<FieldAccess> access;
};

// A row of `explain` and of a documentation page.
struct FieldRow {
  std::string key;  // "servers", "assume.boot_time"
  std::string type;
  std::string default_text;  // "required" when there is none
  std::string range;
  std::string doc;
  std::string source;
  bool required = false;
  bool assumption = false;
};

// The part of a table that does not depend on the struct's type.
class TableCore final {
 public:
  using Validate = std::function<void(const void*, const Node&, Context&)>;

  TableCore(std::string name, std::string doc) : name_(std::move(name)), doc_(std::move(doc)) {}

  void add(FieldEntry entry);
  void add_group(std::vector<std::string> keys, bool one_needed);
  void set_typed() { typed_ = true; }
  void set_shorthand(std::string key);
  void add_validate(Validate validate) { validates_.push_back(std::move(validate)); }
  // Takes over the keys and checks of `part`, the table of a member; `of` gives access to the member's
  // member, `member` the member.
  void include(const TableCore& part,
               const std::function<std::unique_ptr<FieldAccess>(const FieldAccess&)>& of,
               std::function<const void*(const void*)> member);

  // Reads into `object`; false after a diagnostic.
  bool read(const Node& node, void* object, Context& context) const;
  std::vector<FieldRow> rows(const void* defaults) const;
  std::vector<AssumptionInForce> assumptions(const void* object, const Node& node) const;
  void default_assumptions(const void* object, const std::string& path,
                           std::vector<AssumptionInForce>& out) const;
  std::string show(const void* object) const;
  // A reference to this table's definition in `book`, which is added on first use.
  void refer(Json& out, SchemaBook& book, const void* defaults) const;
  // A whole schema document.
  Json schema(const void* defaults) const;

  const std::string& name() const { return name_; }
  const std::string& doc() const { return doc_; }
  bool has_key(std::string_view key) const { return find(key, false) != nullptr; }

 private:
  struct Group {
    std::vector<std::string> keys;
    bool one_needed;
  };

  const FieldEntry* find(std::string_view key, bool assumption) const;
  void read_map(const Node& node, void* object, Context& context, bool assumption) const;
  void read_assumptions(const Node& node, void* object, Context& context) const;
  void unknown_key(const Node& node, Context& context, bool assumption) const;
  void check_required(const Node& node, const Node* assume, Context& context) const;
  void check_groups(const Node& node, Context& context) const;
  bool read_shorthand(const Node& node, void* object, Context& context) const;
  bool has_assumptions() const;
  Json object_schema(SchemaBook& book, const void* defaults) const;
  Json properties(SchemaBook& book, const void* defaults, bool assumption) const;

  std::string name_;
  std::string doc_;
  std::vector<FieldEntry> entries_;
  std::vector<Group> groups_;
  std::string shorthand_;
  bool typed_ = false;
  std::vector<Validate> validates_;
};

// T is default-constructible, movable, and its members' types have a FieldType.
template <class T>
class FieldTable final {
 public:
  // `name` is the type's name in scenarios ("Nephoscope::Station") or a word for it ("retry policy").
  FieldTable(std::string name, std::string doc) : core_(std::move(name), std::move(doc)) {}

  // A key that may be left out.
  template <class M>
  FieldTable&& field(std::string key, M T::*member, FieldRules rules = {}) && {
    return add(std::move(key), member, std::move(rules), false, false);
  }
  // A key without default.
  template <class M>
  FieldTable&& required(std::string key, M T::*member, FieldRules rules = {}) && {
    return add(std::move(key), member, std::move(rules), true, false);
  }
  // A key under `assume:`. REQUIRES: rules.source says where the default comes from.
  template <class M>
  FieldTable&& assume(std::string key, M T::*member, FieldRules rules) && {
    return add(std::move(key), member, std::move(rules), false, true);
  }
  // An assumption for which no default can be cited: the scenario must state it.
  template <class M>
  FieldTable&& required_assume(std::string key, M T::*member, FieldRules rules) && {
    return add(std::move(key), member, std::move(rules), true, true);
  }
  // Exactly one of these keys must be given.
  FieldTable&& exactly_one_of(std::initializer_list<const char*> keys) && {
    core_.add_group({keys.begin(), keys.end()}, true);
    return std::move(*this);
  }
  FieldTable&& at_most_one_of(std::initializer_list<const char*> keys) && {
    core_.add_group({keys.begin(), keys.end()}, false);
    return std::move(*this);
  }
  // The map also carries `type: NAME`, which somebody else (read_type) has looked at.
  FieldTable&& typed() && {
    core_.set_typed();
    return std::move(*this);
  }
  // Instead of a map a scalar or list may stand: the value of this key.
  FieldTable&& shorthand(std::string key) && {
    core_.set_shorthand(std::move(key));
    return std::move(*this);
  }
  // All keys of a member that has a table of its own, beside one's own: "everything that a table has, and
  // ...".
  template <HasFields M>
  FieldTable&& include(M T::*member) && {
    core_.include(
        M::fields().core(),
        [member](const FieldAccess& access) { return std::make_unique<Included<M>>(member, access); },
        [member](const void* object) { return &(static_cast<const T*>(object)->*member); });
    return std::move(*this);
  }
  // Checks across fields. Called after a struct was read without errors; reports through the context.
  FieldTable&& validate(std::function<void(const T&, const Node&, Context&)> check) && {
    core_.add_validate([check = std::move(check)](const void* object, const Node& node, Context& context) {
      check(*static_cast<const T*>(object), node, context);
    });
    return std::move(*this);
  }

  // Nothing after a diagnostic. Reports every error in the subtree, records references and assumptions in
  // `context`.
  std::optional<T> read(const Node& node, Context& context) const {
    std::optional<T> result(std::in_place);
    if (!core_.read(node, &*result, context)) result.reset();
    return result;
  }
  std::vector<FieldRow> rows() const {
    const T defaults{};
    return core_.rows(&defaults);
  }
  // The assumptions of `value`, which was read from `node` (already recorded by read(); for values made
  // otherwise).
  std::vector<AssumptionInForce> assumptions(const T& value, const Node& node) const {
    return core_.assumptions(&value, node);
  }
  std::string show(const T& value) const { return core_.show(&value); }
  // {"$ref": ...} to this table's definition in `book`. For a whole document see json_schema.hpp.
  void refer(Json& out, SchemaBook& book) const {
    const T defaults{};
    core_.refer(out, book, &defaults);
  }
  const std::string& name() const { return core_.name(); }
  const std::string& doc() const { return core_.doc(); }
  const TableCore& core() const { return core_; }

 private:
  template <class M>
  class Member final : public FieldAccess {
   public:
    explicit Member(M T::*member) : member_(member) {}
    bool read(const Node& node, void* object, Context& context, const FieldRules& rules) const override {
      auto value = FieldType<M>::read(node, context, rules);
      if (!value) return false;
      static_cast<T*>(object)->*member_ = std::move(*value);
      return true;
    }
    bool takes_range() const override { return !std::is_void_v<RangeEnd<M>>; }
    bool read_range(const Node& node, void* object, Context& context,
                    const FieldRules& rules) const override {
      if constexpr (!std::is_void_v<RangeEnd<M>>) {
        const auto value = read_in_range<RangeEnd<M>>(node, context, rules);
        if (value) static_cast<T*>(object)->*member_ = M(*value);
        return value.has_value();
      }
      return false;
    }
    void or_range(Json& field, SchemaBook& book, const FieldRules& rules) const override {
      if constexpr (!std::is_void_v<RangeEnd<M>>)
        schema::or_range(field, book, rules, &FieldType<RangeEnd<M>>::schema);
    }
    std::string show(const void* object) const override {
      return FieldType<M>::show(static_cast<const T*>(object)->*member_);
    }
    std::string type_name() const override { return FieldType<M>::type_name(); }
    void schema(Json& out, SchemaBook& book, const FieldRules& rules) const override {
      FieldType<M>::schema(out, book, rules);
    }
    void default_assumptions(const void* object, const std::string& path,
                             std::vector<AssumptionInForce>& out) const override {
      if constexpr (HasFields<M>)
        M::fields().core().default_assumptions(&(static_cast<const T*>(object)->*member_), path, out);
    }

   private:
    M T::*member_;
  };

  // A member of a member.
  template <class M>
  class Included final : public FieldAccess {
   public:
    Included(M T::*member, const FieldAccess& access) : member_(member), access_(access) {}
    bool read(const Node& node, void* object, Context& context, const FieldRules& rules) const override {
      return access_.read(node, inner(object), context, rules);
    }
    bool takes_range() const override { return access_.takes_range(); }
    bool read_range(const Node& node, void* object, Context& context,
                    const FieldRules& rules) const override {
      return access_.read_range(node, inner(object), context, rules);
    }
    void or_range(Json& field, SchemaBook& book, const FieldRules& rules) const override {
      access_.or_range(field, book, rules);
    }
    std::string show(const void* object) const override { return access_.show(inner(object)); }
    std::string type_name() const override { return access_.type_name(); }
    void schema(Json& out, SchemaBook& book, const FieldRules& rules) const override {
      access_.schema(out, book, rules);
    }
    void default_assumptions(const void* object, const std::string& path,
                             std::vector<AssumptionInForce>& out) const override {
      access_.default_assumptions(inner(object), path, out);
    }

   private:
    void* inner(void* object) const { return &(static_cast<T*>(object)->*member_); }
    const void* inner(const void* object) const { return &(static_cast<const T*>(object)->*member_); }
    M T::*member_;
    const FieldAccess& access_;
  };

  template <class M>
  FieldTable&& add(std::string key, M T::*member, FieldRules rules, bool required, bool assumption) {
    core_.add({std::move(key), std::move(rules), required, assumption, std::make_unique<Member<M>>(member)});
    return std::move(*this);
  }

  TableCore core_;
};

template <HasFields T>
struct FieldType<T> {
  static std::optional<T> read(const Node& node, Context& context, const FieldRules&) {
    return T::fields().read(node, context);
  }
  static std::string show(const T& value) { return T::fields().show(value); }
  static std::string type_name() { return T::fields().name(); }
  static void schema(Json& out, SchemaBook& book, const FieldRules&) { T::fields().refer(out, book); }
};

}  // namespace nephoscope
