#include "engine/stats/time_weighted.hpp"

namespace nephoscope {
namespace {

void put(ByteWriter& out, Int128 value) {
  out.u64(static_cast<std::uint64_t>(value));
  out.i64(static_cast<std::int64_t>(value >> 64));
}
void put(ByteWriter& out, std::int64_t value) { out.i64(value); }
void put(ByteWriter& out, double value) { out.f64(value); }

void get(ByteReader& in, Int128& value) {
  const std::uint64_t low = in.u64();
  value = (static_cast<Int128>(in.i64()) << 64) | static_cast<Int128>(low);
}
void get(ByteReader& in, std::int64_t& value) { value = in.i64(); }
void get(ByteReader& in, double& value) { value = in.f64(); }

}  // namespace

template <typename Level>
void LevelSummary<Level>::save(ByteWriter& out) const {
  put(out, integral);
  put(out, observed);
  put(out, max);
}

template <typename Level>
LevelSummary<Level> LevelSummary<Level>::load(ByteReader& in) {
  LevelSummary summary;
  get(in, summary.integral);
  get(in, summary.observed);
  get(in, summary.max);
  return summary;
}

template struct LevelSummary<std::int64_t>;
template struct LevelSummary<double>;

}  // namespace nephoscope
