#include "models/dynamodb/access_pattern.hpp"

#include <fmt/format.h>

namespace nephoscope::dynamodb {
namespace {

struct Applies {
  const char* key;
  bool applies;
};

bool writes_one_item(DynamoDbAction action) {
  return is_write(action) && !is_batch(action) && !is_transaction(action);
}

// Keys that mean nothing for the operation are mistakes, not decoration.
void check_keys(const AccessPattern& pattern, const Node& node, Context& context) {
  const DynamoDbAction action = pattern.operation;
  const bool many = is_batch(action) || is_transaction(action) || is_search(action);
  const bool several_writes = is_write(action) && many;
  const bool plain_read = !is_write(action) && action != DynamoDbAction::transact_get_items;
  const Applies table[] = {
      {"consistent_read", plain_read},
      {"items", many},
      {"index", is_search(action)},
      {"condition", writes_one_item(action) || action == DynamoDbAction::transact_write_items},
      {"filter", is_search(action)},
      {"segments", action == DynamoDbAction::scan},
      {"pages", is_search(action)},
      {"sort", action != DynamoDbAction::scan},
      {"size", is_write(action) && action != DynamoDbAction::delete_item},
      {"updates", action == DynamoDbAction::transact_write_items},
      {"deletes", several_writes},
      {"condition_checks", action == DynamoDbAction::transact_write_items}};
  for (const Applies& row : table)
    if (!row.applies && node.find(row.key) != nullptr)
      context.report_key(
          Code::inconsistent, *node.find(row.key),
          fmt::format("'{}' has no meaning for {}", row.key, FieldType<DynamoDbAction>::show(action)));
}

void check_items(const AccessPattern& pattern, const Node& node, Context& context) {
  const std::int64_t most =
      pattern.operation == DynamoDbAction::batch_write_item ? kMaxBatchWrite : kMaxBatchGet;
  const bool limited = is_batch(pattern.operation) || is_transaction(pattern.operation);
  if (limited && pattern.items.value_or(1) > most)
    context.report_key(
        Code::out_of_range, *node.find("items"),
        fmt::format("{} takes at most {} items", FieldType<DynamoDbAction>::show(pattern.operation), most));
}

void check_shares(const AccessPattern& pattern, const Node& node, Context& context) {
  if (pattern.updates.value + pattern.deletes.value + pattern.condition_checks.value > 1 + 1e-9)
    context.report(Code::inconsistent, node, "shares of updates, deletes and condition checks exceed 100%",
                   "what is left of 100% are puts");
}

}  // namespace

const FieldTable<AccessPattern>& AccessPattern::fields() {
  using P = AccessPattern;
  static const auto table =
      FieldTable<P>("access pattern", "One way in which callers use a table.")
          .required("operation", &P::operation, {.doc = "of the DynamoDB API"})
          .field("consistent_read", &P::consistent_read,
                 {.doc = "a strongly consistent read: from the leader, at twice the price",
                  .source = "default: API reference, GetItem: ConsistentRead, false"})
          .field(
              "items", &P::items,
              {.doc =
                   "of a batch or transaction (none = 10 and 2), or the most that a query or scan evaluates "
                   "(Limit; none = all that there are)",
               .min = 1,
               .max = 1'000'000'000})
          .field("index", &P::index, {.doc = "the index that a query or scan reads; none = the table itself"})
          .field("condition", &P::condition,
                 {.doc = "share of requests whose condition does not hold; they are paid for all the same"})
          .field("filter", &P::filter,
                 {.doc = "share of the evaluated items that the filter lets through; all are paid for"})
          .field("segments", &P::segments,
                 {.doc = "of a parallel scan (TotalSegments), which run side by side",
                  .source = "API reference, Scan: 1 to 1,000,000",
                  .min = 1,
                  .max = kMaxSegments})
          .field("pages", &P::pages, {.doc = "the most that the caller reads; none = all", .min = 1})
          .field("sort", &P::sort,
                 {.doc = "which items of a partition key: any, the newest (a query then reads backwards), or "
                         "the next "
                         "one, which is not there yet"})
          .field(
              "size", &P::size,
              {.doc =
                   "of an item once it is written; none = the request's own size, or the table's item_size",
               .above = Bytes(0)})
          .field("updates", &P::updates, {.doc = "share of a transaction's items that are updated"})
          .field("deletes", &P::deletes,
                 {.doc = "share of a batch's or transaction's items that are deleted; the rest is put"})
          .field("condition_checks", &P::condition_checks,
                 {.doc = "share of a transaction's items that are only checked"})
          .validate([](const P& pattern, const Node& node, Context& context) {
            check_keys(pattern, node, context);
            check_items(pattern, node, context);
            check_shares(pattern, node, context);
          });
  return table;
}

std::int64_t AccessPattern::request_items() const {
  if (is_batch(operation)) return items.value_or(10);
  if (is_transaction(operation)) return items.value_or(2);
  return 1;
}

}  // namespace nephoscope::dynamodb
