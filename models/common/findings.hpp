// What a model itself can say about why things went as they did: sentences, and heat over parts and time.
//
// Like the event log, both are those of the first replication.
#pragma once

#include <string>
#include <vector>

#include "engine/base/bytes_io.hpp"
#include "engine/base/time.hpp"

namespace nephoscope {

struct Finding {
  std::string resource;  // "orders", or a part of it: "orders/index/by-status"
  std::string kind;      // one word: "throttling"
  std::string text;      // what happened, to how many, and why
  std::string remedy;    // what would have prevented it; empty if nothing is known
  double share = 0;      // of the resource's requests that it befell: ranks findings
};

// Values over time, one row for each part of a resource.
struct HeatMap {
  std::string name;   // "orders.partitions.heat"
  std::string title;  // "Load of the partitions of orders, as a share of what a partition can serve"
  std::string unit;   // of values: "1" for a share
  Duration step{};    // of columns, the first of which begins with the run
  std::vector<std::string> rows;
  std::vector<std::vector<double>> values;  // by row; NaN where the part did not exist
};

void save(ByteWriter& out, const std::vector<Finding>& findings);
void save(ByteWriter& out, const std::vector<HeatMap>& maps);
std::vector<Finding> load_findings(ByteReader& in);
std::vector<HeatMap> load_heat_maps(ByteReader& in);

}  // namespace nephoscope
