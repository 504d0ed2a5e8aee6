// The `pricing:` section: which prices turn metered usage into a bill.
#pragma once

#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/pricing.hpp"

namespace nephoscope {

struct PricingConfig {
  std::string book = "us-east-1";
  std::vector<Named<Price>> overrides;  // by usage type; each replaces or adds a price of the book
  Probability discount;
  static const FieldTable<PricingConfig>& fields();

  // The book with its overrides. REQUIRES: read without diagnostics.
  PriceBook prices() const;
};

// Reports what does not fit together: usage that nothing prices, an override of a known price in other base
// units, an override (W004) that neither the book nor `metered` knows. `metered`: what the resources meter,
// as far as that is known before a run. `root`: the scenario's, for places.
void check_prices(const PricingConfig& pricing, const UsageMeter& metered, const Node& root,
                  Diagnostics& diagnostics);

}  // namespace nephoscope
