// The table of option settings. Choices stand in the order of their enumerations.
#include <algorithm>
#include <string>

#include "models/elasticbeanstalk/options.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

// --- effects ---------------------------------------------------------------------------------------------

Settings& part(Resolved& all, const Settings*) { return all.settings; }
ResourceSettings& part(Resolved& all, const ResourceSettings*) { return all.resources; }
Trigger& part(Resolved& all, const Trigger*) { return all.resources.trigger; }

void assign(bool& member, const Setting& setting) { member = setting.value.flag; }
void assign(int& member, const Setting& setting) { member = static_cast<int>(setting.value.integer); }
void assign(std::optional<int>& member, const Setting& setting) {
  member = static_cast<int>(setting.value.integer);
}
void assign(double& member, const Setting& setting) { member = setting.value.number; }
void assign(Duration& member, const Setting& setting) { member = setting.value.duration; }
void assign(std::optional<Duration>& member, const Setting& setting) { member = setting.value.duration; }
void assign(std::optional<UtcTime>& member, const Setting& setting) { member = setting.value.instant; }
void assign(std::string& member, const Setting& setting) { member = setting.value.text; }
void assign(std::optional<std::string>& member, const Setting& setting) { member = setting.value.text; }
template <class E>
requires(std::is_enum_v<E>) void assign(E& member, const Setting& setting) {
  member = static_cast<E>(setting.value.choice);
}

template <class Part, class M>
const Part* owner(M Part::*) {
  return nullptr;
}

// Sets one member.
template <auto Member>
void set(Resolved& all, const Setting& setting) {
  assign(part(all, owner(Member)).*Member, setting);
}

template <auto Checks, auto Member>
void set_check(Resolved& all, const Setting& setting) {
  assign(all.resources.*Checks.*Member, setting);
}

// Sets one member of the scheduled action that the setting names.
template <auto Member>
void set_action(Resolved& all, const Setting& setting) {
  auto& actions = all.resources.scheduled_actions;
  auto found = std::ranges::find(actions, setting.resource_name, &ScheduledAction::name);
  if (found == actions.end()) found = actions.insert(found, {.name = setting.resource_name});
  assign((*found).*Member, setting);
}

std::vector<std::string> comma_separated(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::size_t first = std::min(text.find_first_not_of(' ', at), end);
    const std::size_t last = text.find_last_not_of(' ', end - 1) + 1;
    if (first < end) parts.push_back(text.substr(first, last - first));
    at = end + 1;
  }
  return parts;
}

void set_instance_types(Resolved& all, const Setting& setting) {
  all.resources.instance_types = comma_separated(setting.value.text);
}

void set_zones(Resolved& all, const Setting& setting) {
  all.resources.zones.clear();
  for (std::string& zone : comma_separated(setting.value.text))
    all.resources.zones.push_back({.id = std::move(zone), .place = setting.place, .path = setting.path});
}

void set_load_balanced(Resolved& all, const Setting& setting) {
  all.settings.load_balanced = setting.value.choice == 0;
}

void set_monitoring(Resolved& all, const Setting& setting) {
  all.resources.detailed_monitoring = setting.value.choice == 0;
}

void set_success_threshold(Resolved& all, const Setting& setting) {
  constexpr Health thresholds[] = {Health::ok, Health::warning, Health::degraded, Health::severe};
  all.settings.success_threshold = thresholds[setting.value.choice];
}

void set_start_time(Resolved& all, const Setting& setting) {
  all.settings.preferred_start_time = {static_cast<int>(setting.value.integer), setting.value.duration};
}

// Setting one of these options enables rolling updates (Developer Guide, General options).
template <auto Member>
void set_and_enable(Resolved& all, const Setting& setting) {
  set<Member>(all, setting);
  all.settings.rolling_update_enabled = true;
}

// --- rows ------------------------------------------------------------------------------------------------

using enum OptionKind;
using S = Settings;
using R = ResourceSettings;
using T = Trigger;
using H = HealthCheckSettings;
using A = ScheduledAction;

constexpr Option kGroup[] = {
    {"MinSize", integer, "1", "instances at least", &set<&S::min_size>, 1, 10'000},
    {"MaxSize", integer, "4", "instances at most", &set<&S::max_size>, 1, 10'000},
    {"Cooldown", seconds, "360", "after a scaling activity, until the next", &set<&R::cooldown>, 0, 10'000},
    {"Custom Availability Zones", text, "", "names of zones, comma-separated; none = all of the run",
     &set_zones},
    {"EnableCapacityRebalancing", boolean, "false", "replace Spot Instances at elevated risk ahead",
     &set<&R::capacity_rebalancing>},
    {"Availability Zones", choice, "Any", "how many zones", nullptr, 0, 0, "Any|Any 1|Any 2|Any 3"},
};

constexpr Option kLaunch[] = {
    {"InstanceType", text, "", "EC2's name of it; InstanceTypes of aws:ec2:instances replaces it",
     &set_instance_types},
    {"MonitoringInterval", choice, "5 minute", "of EC2's metrics", &set_monitoring, 0, 0,
     "1 minute|5 minute"},
    {"BlockDeviceMappings", text, "", "further volumes"},
    {"DisableIMDSv1", boolean, "", "instance metadata service"},
    {"EC2KeyName", text, "", "key pair"},
    {"IamInstanceProfile", text, "", "role of the instances"},
    {"ImageId", text, "", "custom AMI; say `custom_image: true` beside it"},
    {"LaunchTemplateTagPropagationEnabled", boolean, "false", "tags"},
    {"RootVolumeIOPS", integer, "", "of the root volume", nullptr, 100, 20'000},
    {"RootVolumeSize", integer, "", "GB of the root volume", nullptr, 8, 16'384},
    {"RootVolumeThroughput", integer, "", "MiB/s of the root volume", nullptr, 125, 1000},
    {"RootVolumeType", choice, "", "of the root volume", nullptr, 0, 0, "standard|gp2|gp3|io1|io2"},
    {"SSHSourceRestriction", text, "", "who may log in"},
    {"SecurityGroups", text, "", "firewall"},
};

constexpr Option kScheduledAction[] = {
    {"MinSize", integer, "", "from then on", &set_action<&A::min_size>, 0, 10'000},
    {"MaxSize", integer, "", "from then on", &set_action<&A::max_size>, 0, 10'000},
    {"DesiredCapacity", integer, "", "at that moment", &set_action<&A::desired_capacity>, 0, 10'000},
    {"StartTime", instant, "", "when, or from when on", &set_action<&A::start_time>},
    {"EndTime", instant, "", "until when it recurs", &set_action<&A::end_time>},
    {"Recurrence", text, "", "a cron expression, UTC", &set_action<&A::recurrence>},
    {"Suspend", boolean, "false", "leaves the action out", &set_action<&A::suspend>},
};

constexpr Option kTrigger[] = {
    {"MeasureName", choice, "NetworkOut", "the metric", &set<&T::measure>, 0, 0,
     "CPUUtilization|NetworkIn|NetworkOut|DiskWriteOps|DiskReadBytes|DiskReadOps|DiskWriteBytes|Latency|"
     "RequestCount|HealthyHostCount|UnhealthyHostCount|TargetResponseTime"},
    {"Statistic", choice, "Average", "of the metric", &set<&T::statistic>, 0, 0,
     "Minimum|Maximum|Sum|Average"},
    {"UpperThreshold", number, "6000000", "above it instances are added", &set<&T::upper_threshold>, 0, 2e7},
    {"LowerThreshold", number, "2000000", "below it instances are removed", &set<&T::lower_threshold>, 0,
     2e7},
    {"Period", minutes, "5", "of the metric", &set<&T::period>, 1, 600},
    {"EvaluationPeriods", integer, "", "periods in a row; none = BreachDuration / Period",
     &set<&T::evaluation_periods>, 1, 600},
    {"BreachDuration", minutes, "", "beyond a threshold; = Period x EvaluationPeriods",
     &set<&T::breach_duration>, 1, 600},
    {"UpperBreachScaleIncrement", integer, "1", "instances added", &set<&T::upper_increment>, -10'000,
     10'000},
    {"LowerBreachScaleIncrement", integer, "-1", "instances removed, negative", &set<&T::lower_increment>,
     -10'000, 10'000},
    {"Unit", choice, "Bytes", "the metric's own", nullptr, 0, 0,
     "Seconds|Percent|Bytes|Bits|Count|Bytes/Second|Bits/Second|Count/Second|None"},
};

constexpr Option kRollingUpdate[] = {
    {"RollingUpdateEnabled", boolean, "false", "whether configuration changes go in batches",
     &set<&S::rolling_update_enabled>},
    {"RollingUpdateType", choice, "Time", "what each batch waits for", &set<&S::rolling_update_type>, 0, 0,
     "Time|Health|Immutable"},
    {"MaxBatchSize", integer, "", "instances; none = a third of MinSize, rounded up",
     &set_and_enable<&S::max_batch_size>, 1, 10'000},
    {"MinInstancesInService", integer, "", "none = the lower of MinSize and MaxSize - 1",
     &set_and_enable<&S::min_instances_in_service>, 0, 9999},
    {"PauseTime", duration, "", "between batches; none = computed", &set_and_enable<&S::pause_time>, 0, 3600},
    {"Timeout", duration, "PT30M", "for the health of a batch", &set<&S::rolling_update_timeout>, 300, 3600},
};

constexpr Option kInstances[] = {
    {"InstanceTypes", text, "", "comma-separated; without Spot the first one", &set_instance_types},
    {"EnableSpot", boolean, "false", "asks for Spot Instances", &set<&R::spot>},
    {"SpotFleetOnDemandBase", integer, "0", "On-Demand Instances first of all", &set<&R::on_demand_base>, 0,
     10'000},
    {"SpotFleetOnDemandAboveBasePercentage", integer, "", "On-Demand above the base; none = 70, single: 0",
     &set<&R::on_demand_above_base>, 0, 100},
    {"SpotAllocationStrategy", choice, "capacity-optimized", "which Spot pools", &set<&R::spot_strategy>, 0,
     0, "capacity-optimized|price-capacity-optimized|capacity-optimized-prioritized|lowest-price"},
    {"SpotMaxPrice", number, "", "per hour"},
    {"SupportedArchitectures", text, "", "of processors"},
};

constexpr Option kVpc[] = {
    {"VPCId", text, "", "network"},
    {"Subnets", text, "", "of the instances"},
    {"ELBSubnets", text, "", "of the load balancer"},
    {"ELBScheme", text, "public", "public or internal"},
    {"DBSubnets", text, "", "of the database"},
    {"AssociatePublicIpAddress", boolean, "", "addresses of instances"},
};

constexpr Option kApplication[] = {
    {"Application Healthcheck URL", text, "",
     "path that health checks ask for; applications have one health"},
};

constexpr Option kLogs[] = {
    {"StreamLogs", boolean, "false", "to CloudWatch Logs"},
    {"DeleteOnTerminate", boolean, "false", "of log groups"},
    {"RetentionInDays", integer, "7", "of log events", nullptr, 1, 3653},
};

constexpr Option kHealthLogs[] = {
    {"HealthStreamingEnabled", boolean, "false", "to CloudWatch Logs"},
    {"DeleteOnTerminate", boolean, "false", "of log groups"},
    {"RetentionInDays", integer, "7", "of log events", nullptr, 1, 3653},
};

constexpr Option kCommand[] = {
    {"DeploymentPolicy", choice, "AllAtOnce", "how versions are shipped", &set<&S::deployment_policy>, 0, 0,
     "AllAtOnce|Rolling|RollingWithAdditionalBatch|Immutable|TrafficSplitting"},
    {"BatchSizeType", choice, "Percentage", "of BatchSize", &set<&S::batch_size_type>, 0, 0,
     "Percentage|Fixed"},
    {"BatchSize", integer, "100", "instances, or percent of them, at a time", &set<&S::batch_size>, 1,
     10'000},
    {"Timeout", seconds, "600", "of commands; Elastic Beanstalk adds 240", &set<&S::command_timeout>, 1,
     3600},
    {"IgnoreHealthCheck", boolean, "false", "goes on in spite of failed health checks",
     &set<&S::ignore_health_check>},
};

constexpr Option kEnvironment[] = {
    {"EnvironmentType", choice, "LoadBalanced", "one instance alone, or a group behind a load balancer",
     &set_load_balanced, 0, 0, "LoadBalanced|SingleInstance"},
    {"LoadBalancerType", choice, "classic", "of the environment", &set<&S::load_balancer_type>, 0, 0,
     "classic|application|network"},
    {"ServiceRole", text, "", "role of Elastic Beanstalk"},
    {"ExternalExtensionsS3Bucket", text, "", "further files"},
    {"ExternalExtensionsS3Key", text, "", "further files"},
    {"LoadBalancerIsShared", choice, "false", "a shared one is not modelled", nullptr, 0, 0, "false"},
};

constexpr Option kProcess[] = {
    {"DeregistrationDelay", seconds, "20", "for requests in progress", &set<&R::deregistration_delay>, 0,
     3600},
    {"HealthCheckInterval", seconds, "", "none = 15, network: 30",
     &set_check<&R::process_checks, &H::interval>, 5, 300},
    {"HealthCheckTimeout", seconds, "", "none = 5", &set_check<&R::process_checks, &H::timeout>, 1, 60},
    {"HealthyThresholdCount", integer, "", "none = 3, network: 5",
     &set_check<&R::process_checks, &H::healthy_threshold>, 2, 10},
    {"UnhealthyThresholdCount", integer, "", "none = 5",
     &set_check<&R::process_checks, &H::unhealthy_threshold>, 2, 10},
    {"StickinessEnabled", boolean, "false", "a client stays with one instance", &set<&R::stickiness>},
    {"StickinessLBCookieDuration", seconds, "86400", "of the cookie", &set<&R::stickiness_duration>, 1,
     604'800},
    {"StickinessType", choice, "lb_cookie", "of stickiness", nullptr, 0, 0, "lb_cookie|app_cookie"},
    {"HealthCheckPath", text, "/", "applications have one health"},
    {"MatcherHTTPCode", text, "200", "applications are healthy or not"},
    {"Port", integer, "80", "of the process", nullptr, 1, 65'535},
    {"Protocol", choice, "", "of the process", nullptr, 0, 0, "HTTP|HTTPS|TCP"},
};

constexpr Option kProxy[] = {
    {"ProxyServer", choice, "nginx", "in front", nullptr, 0, 0, "nginx|apache|none"}};

constexpr Option kHealth[] = {
    {"SystemType", choice, "basic", "of health reporting", &set<&S::health_system>, 0, 0, "basic|enhanced"},
    {"HealthCheckSuccessThreshold", choice, "Ok", "the worst health that passes", &set_success_threshold, 0,
     0, "Ok|Warning|Degraded|Severe"},
    {"ConfigDocument", text, "", "JSON: metrics and rules; 4xx are ignored in any case"},
    {"EnhancedHealthAuthEnabled", boolean, "true", "authorization of agents"},
};

constexpr Option kHostManager[] = {{"LogPublicationControl", boolean, "false", "logs to S3"}};

constexpr Option kManaged[] = {
    {"ManagedActionsEnabled", boolean, "false", "whether platform updates come by themselves",
     &set<&S::managed_actions_enabled>},
    {"PreferredStartTime", weekly, "", "begin of the weekly window, UTC: Tue:09:00", &set_start_time},
    {"ServiceRoleForManagedUpdates", text, "", "role of Elastic Beanstalk"},
};

constexpr Option kPlatformUpdate[] = {
    {"UpdateLevel", choice, "", "which updates are taken", &set<&S::update_level>, 0, 0, "patch|minor"},
    {"InstanceRefreshEnabled", boolean, "false", "replaces all instances weekly",
     &set<&S::instance_refresh_enabled>},
};

constexpr Option kMonitoring[] = {
    {"Automatically Terminate Unhealthy Instances", boolean, "true", "of legacy environments only"},
};

constexpr Option kTopics[] = {
    {"Notification Endpoint", text, "", "of events"},
    {"Notification Protocol", text, "email", "of events"},
    {"Notification Topic ARN", text, "", "of events"},
    {"Notification Topic Name", text, "", "of events"},
};

// The worker tier is not modelled.
constexpr Option kQueueDaemon[] = {
    {"WorkerQueueURL", text, "", "of the queue"},
    {"HttpPath", text, "/", "where messages are posted"},
    {"MimeType", text, "application/json", "of messages"},
    {"HttpConnections", integer, "50", "of an instance", nullptr, 1, 100},
    {"ConnectTimeout", seconds, "5", "of connections", nullptr, 1, 60},
    {"InactivityTimeout", seconds, "299", "of replies", nullptr, 1, 36'000},
    {"VisibilityTimeout", seconds, "300", "of messages", nullptr, 0, 43'200},
    {"ErrorVisibilityTimeout", seconds, "2", "after errors", nullptr, 0, 43'200},
    {"RetentionPeriod", seconds, "345600", "of messages", nullptr, 60, 1'209'600},
    {"MaxRetries", integer, "10", "of messages", nullptr, 1, 100},
};

constexpr Option kSplitting[] = {
    {"NewVersionPercent", integer, "10", "of the requests that the new version gets at first",
     &set<&S::new_version_percent>, 1, 100},
    {"EvaluationTime", minutes, "5", "until it gets all", &set<&S::evaluation_time>, 3, 600},
};

constexpr Option kXray[] = {{"XRayEnabled", boolean, "false", "runs the daemon"}};

constexpr Option kClassicChecks[] = {
    {"Interval", seconds, "", "none = 10", &set_check<&R::classic_checks, &H::interval>, 5, 300},
    {"Timeout", seconds, "", "none = 5", &set_check<&R::classic_checks, &H::timeout>, 2, 60},
    {"HealthyThreshold", integer, "", "none = 3", &set_check<&R::classic_checks, &H::healthy_threshold>, 2,
     10},
    {"UnhealthyThreshold", integer, "", "none = 5", &set_check<&R::classic_checks, &H::unhealthy_threshold>,
     2, 10},
    {"Target", text, "TCP:80", "applications have one health"},
};

constexpr Option kClassic[] = {
    {"CrossZone", boolean, "false", "whether nodes use instances of other zones",
     &set<&R::classic_cross_zone>},
    {"SecurityGroups", text, "", "firewall"},
    {"ManagedSecurityGroup", text, "", "firewall"},
    {"LoadBalancerHTTPPort", text, "80", "of the listener"},
    {"LoadBalancerPortProtocol", text, "HTTP", "of the listener"},
    {"LoadBalancerHTTPSPort", text, "OFF", "of the secure listener"},
    {"LoadBalancerSSLPortProtocol", text, "HTTPS", "of the secure listener"},
    {"SSLCertificateId", text, "", "of the secure listener"},
};

constexpr Option kClassicListener[] = {
    {"ListenerProtocol", choice, "HTTP", "of clients", nullptr, 0, 0, "HTTP|HTTPS|TCP|SSL"},
    {"InstancePort", integer, "80", "of instances", nullptr, 1, 65'535},
    {"InstanceProtocol", choice, "", "of instances", nullptr, 0, 0, "HTTP|HTTPS|TCP|SSL"},
    {"PolicyNames", text, "", "of the listener"},
    {"SSLCertificateId", text, "", "of the listener"},
    {"ListenerEnabled", boolean, "true", "of the listener"},
};

constexpr Option kClassicPolicies[] = {
    {"ConnectionDrainingEnabled", boolean, "false", "lets requests in progress end",
     &set<&R::classic_draining>},
    {"ConnectionDrainingTimeout", seconds, "20", "for requests in progress",
     &set<&R::classic_draining_timeout>, 1, 3600},
    {"ConnectionSettingIdleTimeout", seconds, "60", "of connections", &set<&R::classic_idle_timeout>, 1,
     3600},
    {"Stickiness Policy", boolean, "false", "a client stays with one instance", &set<&R::classic_stickiness>},
    {"Stickiness Cookie Expiration", seconds, "0", "of the cookie; 0 = the session's",
     &set<&R::classic_stickiness_duration>, 0, 1'000'000},
    {"LoadBalancerPorts", text, "", "that stickiness applies to"},
};

constexpr Option kListener[] = {
    {"DefaultProcess", text, "default", "of the listener"},
    {"ListenerEnabled", boolean, "true", "of the listener"},
    {"Protocol", choice, "", "of the listener", nullptr, 0, 0, "HTTP|HTTPS|TCP"},
    {"Rules", text, "", "of the listener"},
    {"SSLCertificateArns", text, "", "of the listener"},
    {"SSLPolicy", text, "", "of the listener"},
};

constexpr Option kListenerRule[] = {
    {"HostHeaders", text, "", "of the rule"},
    {"PathPatterns", text, "", "of the rule"},
    {"Priority", integer, "1", "of the rule", nullptr, 1, 1000},
    {"Process", text, "default", "of the rule"},
};

constexpr Option kBalancer[] = {
    {"IdleTimeout", seconds, "", "of connections; none = 60", &set<&R::idle_timeout>, 1, 3600},
    {"AccessLogsS3Bucket", text, "", "access logs"},
    {"AccessLogsS3Enabled", boolean, "false", "access logs"},
    {"AccessLogsS3Prefix", text, "", "access logs"},
    {"ManagedSecurityGroup", text, "", "firewall"},
    {"SecurityGroups", text, "", "firewall"},
    {"SharedLoadBalancer", text, "", "a shared one is not modelled"},
};

constexpr Option kDatabase[] = {
    {"DBDeletionPolicy", choice, "Delete", "what becomes of it when the environment ends",
     &set<&S::db_deletion_policy>, 0, 0, "Delete|Retain|Snapshot"},
    {"HasCoupledDatabase", boolean, "false", "see the key `database`"},
    {"DBAllocatedStorage", integer, "", "GB", nullptr, 5, 65'536},
    {"DBEngine", text, "mysql", "of the database"},
    {"DBEngineVersion", text, "", "of the database"},
    {"DBInstanceClass", text, "", "of the database"},
    {"DBPassword", text, "", "of the database"},
    {"DBSnapshotIdentifier", text, "", "of the database"},
    {"DBUser", text, "ebroot", "of the database"},
    {"MultiAZDatabase", boolean, "false", "of the database"},
};

constexpr OptionSpace kSpaces[] = {
    {"aws:autoscaling:asg", kGroup},
    {"aws:autoscaling:launchconfiguration", kLaunch},
    {"aws:autoscaling:scheduledaction", kScheduledAction},
    {"aws:autoscaling:trigger", kTrigger},
    {"aws:autoscaling:updatepolicy:rollingupdate", kRollingUpdate},
    {"aws:cloudformation:template:parameter", {}},
    {"aws:ec2:instances", kInstances},
    {"aws:ec2:vpc", kVpc},
    {"aws:elasticbeanstalk:application", kApplication},
    {"aws:elasticbeanstalk:application:environment", {}},
    {"aws:elasticbeanstalk:cloudwatch:logs", kLogs},
    {"aws:elasticbeanstalk:cloudwatch:logs:health", kHealthLogs},
    {"aws:elasticbeanstalk:command", kCommand},
    {"aws:elasticbeanstalk:container:*", {}},
    {"aws:elasticbeanstalk:control", {}},
    {"aws:elasticbeanstalk:customoption", {}},
    {"aws:elasticbeanstalk:environment", kEnvironment},
    {"aws:elasticbeanstalk:environment:process:default", kProcess},
    {"aws:elasticbeanstalk:environment:process:*", {}},
    {"aws:elasticbeanstalk:environment:proxy", kProxy},
    {"aws:elasticbeanstalk:environment:proxy:staticfiles", {}},
    {"aws:elasticbeanstalk:healthreporting:system", kHealth},
    {"aws:elasticbeanstalk:hostmanager", kHostManager},
    {"aws:elasticbeanstalk:managedactions", kManaged},
    {"aws:elasticbeanstalk:managedactions:platformupdate", kPlatformUpdate},
    {"aws:elasticbeanstalk:monitoring", kMonitoring},
    {"aws:elasticbeanstalk:sns:topics", kTopics},
    {"aws:elasticbeanstalk:sqsd", kQueueDaemon},
    {"aws:elasticbeanstalk:trafficsplitting", kSplitting},
    {"aws:elasticbeanstalk:xray", kXray},
    {"aws:elb:healthcheck", kClassicChecks},
    {"aws:elb:listener", kClassicListener},
    {"aws:elb:listener:*", kClassicListener},
    {"aws:elb:loadbalancer", kClassic},
    {"aws:elb:policies", kClassicPolicies},
    {"aws:elb:policies:*", {}},
    {"aws:elbv2:listener:*", kListener},
    {"aws:elbv2:listenerrule:*", kListenerRule},
    {"aws:elbv2:loadbalancer", kBalancer},
    {"aws:rds:dbinstance", kDatabase},
};

}  // namespace

std::span<const OptionSpace> option_spaces() { return kSpaces; }

}  // namespace nephoscope::elasticbeanstalk
