#include "models/dynamodb/time_to_live_config.hpp"

namespace nephoscope::dynamodb {

TimeToLiveSpecification::TimeToLiveSpecification()
    : ttl(Duration(24h)), deletion_delay(duration_from("{dist: uniform, low: 5m, high: 48h}")) {}

const FieldTable<TimeToLiveSpecification>& TimeToLiveSpecification::fields() {
  using T = TimeToLiveSpecification;
  static const auto table =
      FieldTable<T>("time to live specification", "Items that are deleted some time after they have expired.")
          .field("enabled", &T::enabled, {.doc = "whether expired items are deleted"})
          .field("attribute_name", &T::attribute_name, {.doc = "that holds the time of expiry"})
          .assume("ttl", &T::ttl,
                  {.doc = "from each write of an item until it expires", .source = "assumption: a day"})
          .assume("already_passed", &T::already_passed,
                  {.doc = "taken off that: items that are written with a time in the past; 5 years and more "
                          "are ignored",
                   .source = "assumption: none"})
          .assume("deletion_delay", &T::deletion_delay,
                  {.doc = "from the expiry of an item until it is deleted; until then it can be read",
                   .source = "Developer Guide, Using time to live: within a few days, formerly 48 hours; "
                             "assumption: evenly over 5 minutes to 48 hours"});
  return table;
}

}  // namespace nephoscope::dynamodb
