// How a table's stream is set up (CloudFormation: StreamSpecification), and what is assumed about it.
#pragma once

#include <cstdint>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::dynamodb {

// What a record carries beside the item's key.
enum class StreamViewType : std::uint8_t { keys_only, new_image, old_image, new_and_old_images };

struct StreamSpecification {
  StreamViewType stream_view_type = StreamViewType::new_and_old_images;
  Duration shard_lifetime = 4h;         // an open shard is closed, and followed by another
  DurationDistribution record_latency;  // from the commit until GetRecords returns the record
  Rate reads_per_shard{10};             // GetRecords calls
  Bytes key_size{64};
  Probability unchanged{0};  // of updates
  StreamSpecification();
  static const FieldTable<StreamSpecification>& fields();
};

}  // namespace nephoscope::dynamodb

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<dynamodb::StreamViewType> = enum_names<dynamodb::StreamViewType>({
    {"KEYS_ONLY", dynamodb::StreamViewType::keys_only},
    {"NEW_IMAGE", dynamodb::StreamViewType::new_image},
    {"OLD_IMAGE", dynamodb::StreamViewType::old_image},
    {"NEW_AND_OLD_IMAGES", dynamodb::StreamViewType::new_and_old_images},
});
}  // namespace nephoscope
