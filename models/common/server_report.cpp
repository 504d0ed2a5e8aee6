#include "models/common/server_report.hpp"

namespace nephoscope {
namespace {

double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

}  // namespace

void report_servers(Report& report, const std::string& id, const FleetFigures& figures) {
  const ServerStatistics& sum = figures.servers;
  const double span = to_seconds(figures.span);
  const auto arrivals = static_cast<double>(sum.arrivals + figures.turned_away);
  const std::uint64_t errors = sum.failed + sum.rejected + sum.shed + sum.refused + figures.turned_away;
  const auto add = [&](const char* name, const char* unit, double numerator, double denominator) {
    report.ratio({Scope::resource, id, name}, unit, numerator, denominator);
  };
  add("throughput", "1/s", static_cast<double>(sum.succeeded), span);
  add("errors.rate", "1", static_cast<double>(errors), arrivals);
  add("rejected.rate", "1", static_cast<double>(sum.rejected), arrivals);
  add("shed.rate", "1", static_cast<double>(sum.shed), arrivals);
  add("workers.utilization", "1", seconds(sum.workers_busy), seconds(sum.workers));
  add("queue.mean", "1", seconds(sum.waiting), span);
  add("wait.mean", "s", seconds(sum.waited), static_cast<double>(sum.got_worker));
  add("jobs.mean", "1", seconds(sum.waiting + sum.workers_busy), span);
  add("crashes.rate", "1/s", static_cast<double>(sum.crashes), span);
}

}  // namespace nephoscope
