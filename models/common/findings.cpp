#include "models/common/findings.hpp"

namespace nephoscope {

void save(ByteWriter& out, const std::vector<Finding>& findings) {
  out.u64(findings.size());
  for (const Finding& finding : findings) {
    out.text(finding.resource);
    out.text(finding.kind);
    out.text(finding.text);
    out.text(finding.remedy);
    out.f64(finding.share);
  }
}

std::vector<Finding> load_findings(ByteReader& in) {
  std::vector<Finding> findings;
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    Finding finding;
    finding.resource = in.text();
    finding.kind = in.text();
    finding.text = in.text();
    finding.remedy = in.text();
    finding.share = in.f64();
    findings.push_back(std::move(finding));
  }
  return findings;
}

void save(ByteWriter& out, const std::vector<HeatMap>& maps) {
  out.u64(maps.size());
  for (const HeatMap& map : maps) {
    out.text(map.name);
    out.text(map.title);
    out.text(map.unit);
    out.i64(map.step.count());
    out.u64(map.rows.size());
    for (std::size_t row = 0; row < map.rows.size(); ++row) {
      out.text(map.rows[row]);
      out.u64(map.values[row].size());
      for (const double value : map.values[row]) out.f64(value);
    }
  }
}

std::vector<HeatMap> load_heat_maps(ByteReader& in) {
  std::vector<HeatMap> maps;
  for (std::uint64_t n = in.u64(); n > 0; --n) {
    HeatMap map;
    map.name = in.text();
    map.title = in.text();
    map.unit = in.text();
    map.step = Duration(in.i64());
    for (std::uint64_t rows = in.u64(); rows > 0; --rows) {
      map.rows.push_back(in.text());
      std::vector<double>& values = map.values.emplace_back();
      for (std::uint64_t columns = in.u64(); columns > 0; --columns) values.push_back(in.f64());
    }
    maps.push_back(std::move(map));
  }
  return maps;
}

}  // namespace nephoscope
