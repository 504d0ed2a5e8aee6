#include "models/common/instance_type.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {

// Generated from models/ec2/instance_types.yaml (tools/embed.cmake).
extern const std::pair<std::string_view, std::string_view> instance_type_books[];

const FieldTable<CreditTerms>& CreditTerms::fields() {
  using C = CreditTerms;
  static const auto table =
      FieldTable<C>("CPU credits", "How a burstable instance type earns CPU credits.")
          .required("per_hour", &C::per_hour, {.doc = "credits earned an hour", .above = 0})
          .required("cap", &C::cap, {.doc = "credits kept at most", .above = 0})
          .required("baseline", &C::baseline, {.doc = "of each vCPU, that earnings sustain"})
          .field("launch_per_vcpu", &C::launch_per_vcpu, {.doc = "launch credits in standard mode"})
          .field("mode", &C::mode, {.doc = "unless the launch says otherwise"});
  return table;
}

const FieldTable<InstanceType>& InstanceType::fields() {
  using I = InstanceType;
  static const auto table =
      FieldTable<I>("instance type", "What one type of EC2 instance has.")
          .required("family", &I::family, {.doc = "general, compute, memory, ..."})
          .required("vcpus", &I::vcpus, {.doc = "virtual CPUs", .min = 1, .max = 1024})
          .required("memory", &I::memory, {.doc = "main memory"})
          .field("bandwidth", &I::bandwidth, {.doc = "of the network, sustained"})
          .field("burst_bandwidth", &I::burst_bandwidth, {.doc = "of the network, for minutes"})
          .field("instance_store", &I::instance_store, {.doc = "has disks of its own"})
          .field("credits", &I::credits, {.doc = "of burstable types"});
  return table;
}

const FieldTable<InstanceTypeBook>& InstanceTypeBook::fields() {
  static const auto table = FieldTable<InstanceTypeBook>("instance types", "EC2's instance types.")
                                .required("date", &InstanceTypeBook::date, {.doc = "of the figures"})
                                .required("types", &InstanceTypeBook::types, {.doc = "by name"});
  return table;
}

namespace {

InstanceTypeBook read_book() {
  SourceSet sources;
  Diagnostics diagnostics;
  const std::string text(instance_type_books[0].second);
  const Tree tree = parse_text(sources, "instance_types.yaml", text, diagnostics);
  Context context(diagnostics);
  auto book = InstanceTypeBook::fields().read(tree.root(), context);
  check(book.has_value(), "ec2", "the instance types are broken:\n{}", diagnostics.render(sources));
  return std::move(*book);
}

}  // namespace

const InstanceTypeBook& instance_type_book() {
  static const InstanceTypeBook book = read_book();
  return book;
}

const InstanceType* find_instance_type(std::string_view name) {
  const auto& types = instance_type_book().types;
  const auto place =
      std::find_if(types.begin(), types.end(), [&](const auto& each) { return each.id == name; });
  return place == types.end() ? nullptr : &place->value;
}

void check_instance_type(const Node& map, Context& context, std::string_view key) {
  const Node* name = map.find(key);
  if (name == nullptr || !name->is_scalar() || find_instance_type(name->text()) != nullptr) return;
  std::vector<std::string_view> known;
  for (const auto& type : instance_type_book().types) known.emplace_back(type.id);
  context.unknown_name(Code::unknown_name, *name, "instance type", name->text(), known);
}

}  // namespace nephoscope
