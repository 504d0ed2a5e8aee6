#include "models/pricing_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace nephoscope {
namespace {

std::vector<std::string_view> usage_types(const PriceBook& book) {
  std::vector<std::string_view> types;
  for (const auto& price : book.prices) types.emplace_back(price.id);
  return types;
}

// The value in the resource's section that names the usage type, else the resource, else (for a part of a
// composite) all resources.
const Node& place_of(const Node& root, const UsageKey& usage) {
  const Node& resources = *root.find("resources");
  const Node* resource = resources.find(usage.resource);
  if (resource == nullptr) return resources;
  for (const auto& child : resource->children())
    if (child->is_scalar() && child->text() == usage.usage_type) return *child;
  return *resource;
}

void check_metered(const PriceBook& prices, const UsageMeter& metered, const Node& root,
                   Diagnostics& diagnostics) {
  for (const auto& [usage, quantity] : metered.quantities()) {
    if (metered.own_prices().contains(usage) || prices.find(usage.usage_type) != nullptr) continue;
    Context(diagnostics)
        .report(Code::unknown_name, place_of(root, usage),
                fmt::format("'{}' is billed as '{}', which has no price", usage.resource, usage.usage_type),
                did_you_mean(usage.usage_type, usage_types(prices)),
                fmt::format("the price book is {}; pricing.overrides adds to it", prices.name));
  }
}

bool is_metered(const UsageMeter& metered, std::string_view usage_type) {
  return std::any_of(metered.quantities().begin(), metered.quantities().end(), [&](const auto& each) {
    return each.first.usage_type == usage_type && !metered.own_prices().contains(each.first);
  });
}

void check_override(const Named<Price>& override, const PriceBook& book, const UsageMeter& metered,
                    Diagnostics& diagnostics) {
  const std::string path = "pricing.overrides." + path_segment(override.id);
  const Price* known = book.find(override.id);
  if (known != nullptr && known->unit == override.value.unit && known->block != override.value.block)
    diagnostics.add({Code::inconsistent, override.place, path,
                     fmt::format("one of the book's {} is {} base units, not {}", known->unit, known->block,
                                 override.value.block),
                     fmt::format("write 'block: {}', or name another unit", known->block), ""});
  if (known == nullptr && !is_metered(metered, override.id))
    diagnostics.add({Code::unused, override.place, path,
                     fmt::format("nothing is known to be billed as '{}'", override.id),
                     did_you_mean(override.id, usage_types(book)), ""});
}

}  // namespace

const FieldTable<PricingConfig>& PricingConfig::fields() {
  static const auto table =
      FieldTable<PricingConfig>("pricing", "How metered usage becomes a bill.")
          .field("book", &PricingConfig::book, {.doc = "price book, by Region"})
          .field("overrides", &PricingConfig::overrides,
                 {.doc = "prices by usage type, instead of the book's or beside them"})
          .field("discount", &PricingConfig::discount, {.doc = "taken off every line"})
          .validate([](const PricingConfig& pricing, const Node& node, Context& context) {
            const auto names = price_book_names();
            if (std::find(names.begin(), names.end(), pricing.book) != names.end()) return;
            const std::vector<std::string_view> known(names.begin(), names.end());
            context.unknown_name(Code::unknown_name, *node.find("book"), "price book", pricing.book, known);
          });
  return table;
}

PriceBook PricingConfig::prices() const {
  PriceBook result = load_price_book(book);
  for (const auto& override : overrides) {
    const auto place = std::find_if(result.prices.begin(), result.prices.end(),
                                    [&](const Named<Price>& each) { return each.id == override.id; });
    if (place == result.prices.end())
      result.prices.push_back(override);
    else
      *place = override;
  }
  return result;
}

void check_prices(const PricingConfig& pricing, const UsageMeter& metered, const Node& root,
                  Diagnostics& diagnostics) {
  const PriceBook book = load_price_book(pricing.book);
  for (const auto& override : pricing.overrides) check_override(override, book, metered, diagnostics);
  check_metered(pricing.prices(), metered, root, diagnostics);
}

}  // namespace nephoscope
