#include "models/dynamodb/index_config.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {
namespace {

constexpr std::int64_t kKeysOnlyBytes = 100;

void check_projection(const Projection& projection, const Node& node, Context& context) {
  const bool include = projection.projection_type == IndexProjection::include;
  const Node* attributes = node.find("non_key_attributes");
  if (!include && attributes != nullptr)
    context.report_key(Code::inconsistent, *attributes, "only a projection INCLUDE names attributes");
  if (include && projection.non_key_attributes.empty())
    context.report(Code::inconsistent, node, "a projection INCLUDE names the attributes to include",
                   "add 'non_key_attributes: [...]'");
}

void check_keys_only(const GlobalIndexConfig& index, const Node& node, Context& context) {
  if (index.projection.projection_type != IndexProjection::keys_only || !index.changes_projected) return;
  context.report_key(Code::inconsistent, *node.find("assume")->find("changes_projected"),
                     "a projection KEYS_ONLY holds nothing that an update could change but the key",
                     "see 'changes_key'");
}

FieldTable<GlobalIndexConfig>&& with_assumptions(FieldTable<GlobalIndexConfig>&& table) {
  using G = GlobalIndexConfig;
  return std::move(table)
      .assume(
          "keys", &G::keys,
          {.doc = "values of the index's partition key, and which of them items have; none = each item has "
                  "a value of its own",
           .source = "assumption: an index over an attribute that identifies items"})
      .assume("share_indexed", &G::share_indexed,
              {.doc = "items that have the indexed attribute; others are not in the index (sparse)",
               .source = "assumption: all"})
      .assume("changes_key", &G::changes_key,
              {.doc = "updates that change the indexed attribute: the entry is deleted, and put elsewhere",
               .source = "assumption: none"})
      .assume(
          "changes_projected", &G::changes_projected,
          {.doc = "updates that change a projected attribute and not the indexed one; none = all, or none "
                  "with KEYS_ONLY",
           .source = "assumption: every update changes something that is projected"})
      .assume(
          "entry_size", &G::entry_size,
          {.doc = "of an entry; none = the item's with ALL, half of it with INCLUDE, 100 B with KEYS_ONLY",
           .source = "assumption",
           .above = Bytes(0)})
      .assume(
          "propagation_lag", &G::propagation_lag,
          {.doc = "from the commit in the table until readers of the index can see it",
           .source = "assumption for Developer Guide, Using Global Secondary Indexes: \"within a fraction "
                     "of a second, under normal conditions\""});
}

}  // namespace

const FieldTable<Projection>& Projection::fields() {
  static const auto table =
      FieldTable<Projection>("projection", "What an index holds beside the keys.")
          .field("projection_type", &Projection::projection_type,
                 {.doc = "all attributes, none but the keys, or some",
                  .source = "DynamoDB API reference, Projection"})
          .field("non_key_attributes", &Projection::non_key_attributes,
                 {.doc = "those included",
                  .source = "Developer Guide, quotas: 100 over all of a table's indexes",
                  .max_items = 100})
          .shorthand("projection_type")
          .validate(check_projection);
  return table;
}

GlobalIndexConfig::GlobalIndexConfig()
    : propagation_lag(duration_from("{dist: lognormal, p50: 20ms, p99: 200ms}")) {}

const FieldTable<GlobalIndexConfig>& GlobalIndexConfig::fields() {
  using G = GlobalIndexConfig;
  static const auto table =
      with_assumptions(
          FieldTable<G>("global secondary index", "An index with partitions and capacity of its own.")
              .required("key_schema", &G::key_schema, {.doc = "the indexed attributes"})
              .field("projection", &G::projection, {.doc = "what entries hold"})
              .field("provisioned_throughput", &G::provisioned_throughput,
                     {.doc = "with billing mode PROVISIONED; none = as the table",
                      .source = "Developer Guide: an index needs at least the table's write capacity"})
              .field("on_demand_throughput", &G::on_demand_throughput,
                     {.doc = "maximum throughput, with billing mode PAY_PER_REQUEST"})
              .field("warm_throughput", &G::warm_throughput, {.doc = "that it can serve at once"}))
          .validate(check_keys_only);
  return table;
}

Probability GlobalIndexConfig::projected_changes() const {
  const bool keys_only = projection.projection_type == IndexProjection::keys_only;
  return changes_projected.value_or(Probability(keys_only ? 0 : 1));
}

std::int64_t GlobalIndexConfig::entry_bytes(std::int64_t item) const {
  if (item == 0) return 0;
  if (entry_size) return entry_size->count;
  if (projection.projection_type == IndexProjection::all) return item;
  if (projection.projection_type == IndexProjection::include) return std::max<std::int64_t>(item / 2, 1);
  return std::min(item, kKeysOnlyBytes);
}

}  // namespace nephoscope::dynamodb
