#include "models/dynamodb/table.hpp"

#include <fmt/format.h>

#include "engine/base/check.hpp"
#include "models/common/report.hpp"
#include "models/dynamodb/heat_record.hpp"

namespace nephoscope::dynamodb {

namespace {

MetricName consumed(const std::string& id, const char* name) {
  return {.space = "AWS/DynamoDB", .name = name, .dimensions = {{"TableName", id}}};
}

ProvisionedCapacity::Options capacity_options(const std::string& id) {
  return {
      .resource = id,
      .what = "",
      .consumed = {consumed(id, "ConsumedReadCapacityUnits"), consumed(id, "ConsumedWriteCapacityUnits")}};
}

}  // namespace

Table::Table(World& world, const std::string& id, const TableConfig& config)
    : world_(world),
      config_(config),
      core_(world, id, config),
      single_(core_),
      searches_(core_),
      batches_(core_),
      transactions_(core_),
      capacity_(world, capacity_options(id), updates_, core_.partitions, config.update_time),
      backed_up_(core_.storage.billed_bytes()) {
  make_followers();
  world.zone_listeners.push_back(this);
  if (config.region && world.network != nullptr)
    front_.emplace(world, world.network->region_place(config.region->id), *this);
}

void Table::connect(const Wiring& wiring) {
  core_.metering.connect(wiring.cloudwatch());
  connect_followers(wiring.cloudwatch());
}

void Table::start() {
  core_.partitions.start();
  start_followers();
  core_.metering.start();
}

// A replica of a global table stands elsewhere: the run's zones are not its own.
void Table::zone_power_changed(ZoneId zone, bool on) {
  if (config_.region && config_.region->id != world_.run.region) return;
  core_.partitions.zone_power_changed(zone, on);
  if (indexes_) indexes_->zone_power_changed(zone, on);
}

// --- requests ----------------------------------------------------------------------------------------------

void Table::submit(const Request& request, ReplyId reply) {
  core_.metering.arrived();
  ++core_.in_flight;
  const Operation* operation = core_.operations.find(request.operation);
  check(operation != nullptr, "dynamodb", "'{}' was asked for an operation that it does not have", core_.id);
  serve(request, *operation, reply);
}

void Table::serve(const Request& request, const Operation& operation, ReplyId reply) {
  switch (operation.action) {
    case DynamoDbAction::get_item:
      return single_.get(request, operation, reply);
    case DynamoDbAction::put_item:
    case DynamoDbAction::update_item:
    case DynamoDbAction::delete_item:
      return single_.write(request, operation, reply);
    case DynamoDbAction::query:
      return world_.simulation.spawn(searches_.query(request, operation, reply));
    case DynamoDbAction::scan:
      return world_.simulation.spawn(searches_.scan(request, operation, reply));
    case DynamoDbAction::batch_get_item:
    case DynamoDbAction::batch_write_item:
      return world_.simulation.spawn(batches_.serve(request, operation, reply));
    case DynamoDbAction::transact_get_items:
      return world_.simulation.spawn(transactions_.get(request, operation, reply));
    case DynamoDbAction::transact_write_items:
      return world_.simulation.spawn(transactions_.write(request, operation, reply));
  }
}

// --- what other services see -------------------------------------------------------------------------------

ScalableDimension* Table::scalable_dimension(std::string_view part, std::string_view dimension) {
  if (part.starts_with("index/") && indexes_) {
    const std::string_view name = part.substr(6);
    if (dimension == "dynamodb:index:ReadCapacityUnits")
      return indexes_->scalable_dimension(name, Access::read);
    if (dimension == "dynamodb:index:WriteCapacityUnits")
      return indexes_->scalable_dimension(name, Access::write);
  }
  if (!part.empty() || config_.billing_mode != BillingMode::provisioned) return nullptr;
  if (dimension == "dynamodb:table:ReadCapacityUnits") return &capacity_.dimension(Access::read);
  if (dimension == "dynamodb:table:WriteCapacityUnits") return &capacity_.dimension(Access::write);
  return nullptr;
}

DynamoDbOperation Table::describe(OperationId id) const {
  const Operation* operation = core_.operations.find(id);
  check(operation != nullptr, "dynamodb", "'{}' has no such operation", core_.id);
  return {.action = operation->action,
          .consistent_read = operation->consistency == Consistency::strong,
          .items = operation->items,
          .pattern = operation->number};
}

ItemKey Table::item_of(const Request& request, std::uint32_t index) const {
  const Operation* operation = core_.operations.find(request.operation);
  check(operation != nullptr, "dynamodb", "'{}' has no such operation", core_.id);
  return core_.operations.item_of(request, *operation, index);
}

std::uint64_t Table::version_of(ItemKey item) const {
  const ItemState state = core_.items.find(item.key, item.sort);
  return state.exists() ? state.version : 0;
}

// --- results -----------------------------------------------------------------------------------------------

void Table::begin_measurement() {
  core_.metering.begin_measurement();
  begin_followers();
}

void Table::report(Report& report) const {
  core_.metering.report(report);
  report_followers(report);
  report_heat(report);
}

// Why the table and its indexes throttled.
void Table::report_heat(Report& report) const {
  const auto of = [&](const std::string& id, const PartitionSet& set, bool of_index) {
    const Throughput rate = set.admitted_rate();
    set.heat().report(
        report, {.id = id,
                 .of_index = of_index,
                 .on_demand = set.settings().mode == BillingMode::pay_per_request,
                 .shares = config_.partitions.admission != AdmissionGeneration::global_admission_control,
                 .rate = {rate.read, rate.write},
                 .partitions = set.partitions()});
  };
  of(core_.id, core_.partitions, false);
  for (std::size_t i = 0; indexes_ && i < indexes_->size(); ++i)
    of(core_.id + "/index/" + (*indexes_)[i].name(), (*indexes_)[i].partitions(), true);
}

void Table::audit(Audit& audit) const {
  const Metering& metering = core_.metering;
  std::uint64_t failed = 0;
  for (std::size_t i = 1; i < kOutcomes; ++i)
    if (static_cast<Outcome>(i) != Outcome::throttled) failed += metering.answers(static_cast<Outcome>(i));
  audit.conservation("resources." + core_.id, {.arrived = metering.arrivals(),
                                               .completed = metering.answers(Outcome::ok),
                                               .failed = failed,
                                               .rejected = metering.answers(Outcome::throttled),
                                               .in_flight = core_.in_flight});
  const std::int64_t items = core_.items.bytes();
  const std::int64_t partitions = core_.partitions.bytes();
  audit.add("bytes: resources." + core_.id, items == partitions,
            fmt::format("{} bytes of items, {} bytes in partitions", items, partitions));
  core_.partitions.audit(audit);
  audit_followers(audit);
}

}  // namespace nephoscope::dynamodb
