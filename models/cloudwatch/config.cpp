#include "models/cloudwatch/config.hpp"

namespace nephoscope::cloudwatch {

const FieldTable<CloudWatchConfig>& CloudWatchConfig::fields() {
  using C = CloudWatchConfig;
  static const auto table =
      FieldTable<C>("cloudwatch", "What is assumed about CloudWatch.")
          .assume(
              "metric_delay", &C::metric_delay,
              {.doc = "from a datapoint's publication (its minute's end) until alarms and policies see it",
               .source = "model: visible 1 to 2 min after the minute began"})
          .assume("high_resolution_delay", &C::high_resolution_delay,
                  {.doc = "the same for metrics that an alarm watches with a period of 10, 20 or 30 s",
                   .source = "assumption"})
          .assume("extra_datapoints", &C::extra_datapoints,
                  {.doc = "how many datapoints an alarm fetches beyond its evaluation_periods",
                   .source = "CloudWatch User Guide, AlarmThatSendsEmail: 5 for 3; for others unpublished",
                   .min = 0,
                   .max = 100})
          .assume("composite_delay", &C::composite_delay,
                  {.doc = "how long after a change of state a composite alarm follows",
                   .source = "assumption",
                   .min = 100ms,
                   .max = Duration(1h)});
  return table;
}

}  // namespace nephoscope::cloudwatch
