#include <set>

#include "tests/models/elasticbeanstalk/fixture.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

constexpr const char* kAsg = "aws:autoscaling:asg";
constexpr const char* kCommand = "aws:elasticbeanstalk:command";

std::string options(const std::string& spaces) { return fmt::format("option_settings: {{{}}}\n", spaces); }

TEST_CASE("elasticbeanstalk: the defaults of the table are those of the typed settings") {
  for (const OptionSpace& space : option_spaces()) {
    for (const Option& option : space.options) {
      if (option.standard.empty() || space.name == "aws:autoscaling:scheduledaction") continue;
      CAPTURE(std::string(space.name));
      CAPTURE(std::string(option.name));
      const std::string name(space.name.substr(0, space.name.find('*')));
      const Setting setting =
          make_setting(name == space.name ? name : name + "x", option.name, option.standard);
      Resolved resolved;
      if (option.effect != nullptr) option.effect(resolved, setting);
      CHECK(resolved == Resolved());
    }
  }
}

TEST_CASE("elasticbeanstalk: no namespace and no option of one stands in the table twice") {
  std::set<std::string_view> spaces;
  for (const OptionSpace& space : option_spaces()) {
    CHECK(spaces.insert(space.name).second);
    std::set<std::string_view> names;
    for (const Option& option : space.options) CHECK(names.insert(option.name).second);
  }
}

TEST_CASE("elasticbeanstalk: an environment without settings has the API's defaults") {
  const Settings settings = environment("").settings();
  CHECK(settings.deployment_policy == DeploymentPolicy::all_at_once);
  CHECK(settings.batch_size == 100);
  CHECK(settings.command_timeout == 600s);
  // 600 + 240: Elastic Beanstalk adds four minutes.
  CHECK(settings.effective_command_timeout() == 840s);
  CHECK(settings.min_size == 1);
  CHECK(settings.max_size == 4);
  CHECK(settings.load_balancer_type == LoadBalancerType::classic);
  CHECK(settings.health_system == HealthSystem::basic);
}

TEST_CASE("elasticbeanstalk: settings are bare numbers in the unit that the option has") {
  const Settings settings =
      environment(option(kCommand,
                         "DeploymentPolicy: Rolling, BatchSizeType: Fixed, BatchSize: 2, "
                         "Timeout: \"900\", IgnoreHealthCheck: \"true\""))
          .settings();
  CHECK(settings.deployment_policy == DeploymentPolicy::rolling);
  CHECK(settings.batch_size_type == BatchSizeType::fixed);
  CHECK(settings.batch_size == 2);
  CHECK(settings.command_timeout == 900s);
  CHECK(settings.ignore_health_check);
  // EvaluationTime counts minutes.
  CHECK(environment(option("aws:elasticbeanstalk:trafficsplitting", "EvaluationTime: 10"))
            .settings()
            .evaluation_time == 10min);
}

TEST_CASE("elasticbeanstalk: a batch is a percentage of the fleet, rounded up, or a fixed number") {
  Settings settings;
  settings.batch_size = 30;
  CHECK(settings.batch_of(10) == 3);  // 10 x 30 % = 3
  CHECK(settings.batch_of(4) == 2);   // 4 x 30 % = 1.2, up to 2
  CHECK(settings.batch_of(1) == 1);   // 0.3, up to 1
  settings.batch_size_type = BatchSizeType::fixed;
  settings.batch_size = 5;
  CHECK(settings.batch_of(10) == 5);
  CHECK(settings.batch_of(3) == 3);  // at most all
}

TEST_CASE(
    "elasticbeanstalk: rolling updates go by a third of the minimum, and leave the minimum in service") {
  Settings settings;
  settings.min_size = 4;
  settings.max_size = 8;
  CHECK(settings.rolling_update_batch() == 2);       // 4 / 3 = 1.33, up to 2
  CHECK(settings.rolling_update_in_service() == 4);  // min(4, 8 - 1)
  settings.max_size = 4;
  CHECK(settings.rolling_update_in_service() == 3);  // min(4, 4 - 1)
}

TEST_CASE("elasticbeanstalk: setting the batch of rolling updates enables them") {
  CHECK(environment(option("aws:autoscaling:updatepolicy:rollingupdate", "MaxBatchSize: 2"))
            .settings()
            .rolling_update_enabled);
}

TEST_CASE("elasticbeanstalk: durations of rolling updates are written in ISO 8601") {
  const char* space = "aws:autoscaling:updatepolicy:rollingupdate";
  CHECK(environment(option(space, "PauseTime: PT1M30S")).settings().pause_time == 90s);
  CHECK(first_problem(option(space, "PauseTime: 90s")) ==
        "E014 '90s' is no ISO 8601 duration / for example: PT30M");
  CHECK(first_problem(option(space, "Timeout: PT2H")) == "E023 'PT2H' is out of range / allowed: 5m to 1h");
}

TEST_CASE("elasticbeanstalk: the maintenance window is a day and a time of the week") {
  const auto window = make_setting("aws:elasticbeanstalk:managedactions", "PreferredStartTime", "Tue:09:30");
  CHECK(window.value.integer == 2);
  CHECK(window.value.duration == 9h + 30min);
  const char* space = "aws:elasticbeanstalk:managedactions";
  for (const char* wrong : {"Tue:9:30", "Dienstag", "Tue:24:00", "Tue:09:60"}) {
    CAPTURE(wrong);
    CHECK(first_problem(option(space, fmt::format("PreferredStartTime: \"{}\"", wrong)))
              .find("no day and time of the week") != std::string::npos);
  }
}

TEST_CASE("elasticbeanstalk: unknown namespaces and options are errors that say what was meant") {
  CHECK(first_problem(option("aws:autoscaling:agg", "MinSize: 1, MaxSize: 2")) ==
        "E012 unknown namespace 'aws:autoscaling:agg' / did you mean 'aws:autoscaling:asg'?");
  CHECK(first_problem(option(kAsg, "MinSiz: 1")) == "E012 unknown option 'MinSiz' / did you mean 'MinSize'?");
  CHECK(first_problem(option(kCommand, "DeploymentPolicy: Roling")) ==
        "E030 DeploymentPolicy is not 'Roling' / did you mean 'Rolling'?");
}

TEST_CASE("elasticbeanstalk: an unknown namespace is one error, whatever stands under it") {
  Reading reading;
  read_environment(reading, option("aws:autoscaling:agg", "MinSize: 1, MaxSize: 2"));
  CHECK(reading.diagnostics.error_count() == 1);
}

TEST_CASE("elasticbeanstalk: values out of range and numbers with units are errors") {
  CHECK(first_problem(option(kAsg, "MinSize: 0")) == "E023 '0' is out of range / allowed: 1 to 10000");
  CHECK(first_problem(option(kCommand, "Timeout: 3601")) ==
        "E023 '3601' is out of range / allowed: 1 to 3600");
  CHECK(first_problem(option(kCommand, "Timeout: 10m")) ==
        "E022 '10m' is not a bare number / Timeout takes seconds without a unit");
  CHECK(first_problem(option("aws:autoscaling:trigger", "Period: 1min")) ==
        "E022 '1min' is not a bare number / Period takes minutes without a unit");
  CHECK(first_problem(option(kCommand, "IgnoreHealthCheck: yes")) ==
        "E014 expected true or false, found 'yes' / ");
  CHECK(first_problem(option(kAsg, "MinSize: [1]")) == "E014 expected one value, found a list / ");
}

TEST_CASE("elasticbeanstalk: environment properties and platform options may have any name") {
  CHECK(environment("option_settings:\n"
                    "  aws:elasticbeanstalk:application:environment: {SHOP_MODE: live}\n"
                    "  aws:elasticbeanstalk:container:python: {WSGIPath: application}\n"
                    "  aws:elasticbeanstalk:environment:process:admin: {Port: 8080}\n")
            .resolved() == Resolved());
}

TEST_CASE("elasticbeanstalk: options without effect are accepted and checked") {
  CHECK(environment(option("aws:ec2:vpc", "VPCId: vpc-1, Subnets: \"subnet-1,subnet-2\"")).resolved() ==
        Resolved());
  CHECK(first_problem(option("aws:elasticbeanstalk:sqsd", "HttpConnections: 101")) ==
        "E023 '101' is out of range / allowed: 1 to 100");
}

TEST_CASE("elasticbeanstalk: option settings may also be a list, as AWS's tools write them") {
  const auto config = environment(
      "option_settings:\n"
      "  - {namespace: aws:autoscaling:asg, option_name: MinSize, value: 3}\n"
      "  - {option_name: SHOP_MODE, value: live}\n");
  CHECK(config.settings().min_size == 3);
  CHECK(
      first_problem("option_settings: [{namespace: aws:autoscaling:asg, option_name: MinSiz, value: 3}]\n") ==
      "E030 unknown option 'MinSiz' / did you mean 'MinSize'?");
  CHECK(first_problem("option_settings: [{namespace: aws:autoscaling:asg, option_name: MinSize}]\n")
            .starts_with("E013 missing key 'value'"));
}

// --- who creates the environment -------------------------------------------------------------------------

TEST_CASE("elasticbeanstalk: the EB CLI sends rolling deployments by 30 % and enhanced health") {
  const Settings settings = environment("defaults: eb-cli\n").settings();
  CHECK(settings.deployment_policy == DeploymentPolicy::rolling);
  CHECK(settings.batch_size_type == BatchSizeType::percentage);
  CHECK(settings.batch_size == 30);
  CHECK(settings.health_system == HealthSystem::enhanced);
  CHECK(settings.load_balancer_type == LoadBalancerType::application);
  CHECK(settings.rolling_update_enabled);
  CHECK(settings.rolling_update_type == RollingUpdateType::health);
  const ResourceSettings resources = environment("defaults: eb-cli\n").resolved().resources;
  CHECK(resources.classic_draining);
  CHECK(resources.classic_cross_zone);
}

TEST_CASE("elasticbeanstalk: the console deploys all at once and enables managed updates") {
  const Settings settings = environment("defaults: console\n").settings();
  CHECK(settings.deployment_policy == DeploymentPolicy::all_at_once);
  CHECK(settings.batch_size == 30);
  CHECK(settings.managed_actions_enabled);
  CHECK(settings.update_level == UpdateLevel::minor);
  CHECK(settings.preferred_start_time.has_value());
}

TEST_CASE("elasticbeanstalk: the scenario's own settings override what a client sends") {
  const Settings settings =
      environment("defaults: eb-cli\n" + option(kCommand, "DeploymentPolicy: Immutable")).settings();
  CHECK(settings.deployment_policy == DeploymentPolicy::immutable);
  CHECK(settings.batch_size == 30);
}

TEST_CASE("elasticbeanstalk: for a single instance clients send nothing about batches of instances") {
  const Settings settings = environment("defaults: eb-cli\n" + option("aws:elasticbeanstalk:environment",
                                                                      "EnvironmentType: SingleInstance"))
                                .settings();
  CHECK(settings.deployment_policy == DeploymentPolicy::all_at_once);
  CHECK_FALSE(settings.rolling_update_enabled);
  CHECK(settings.group_max() == 1);
}

// --- what Elastic Beanstalk refuses ----------------------------------------------------------------------

TEST_CASE("elasticbeanstalk: a single instance takes AllAtOnce and Immutable only") {
  const std::string single = R"("aws:elasticbeanstalk:environment": {EnvironmentType: SingleInstance})";
  const auto deployed_by = [&](const char* policy) {
    return first_problem(
        fmt::format("option_settings: {{{}, \"aws:elasticbeanstalk:command\": {{DeploymentPolicy: {}}},"
                    " \"aws:elasticbeanstalk:healthreporting:system\": {{SystemType: enhanced}}}}\n",
                    single, policy));
  };
  CHECK(deployed_by("AllAtOnce") == "");
  CHECK(deployed_by("Immutable") == "");
  for (const char* policy : {"Rolling", "RollingWithAdditionalBatch", "TrafficSplitting"})
    CHECK(deployed_by(policy) == "E044 a single instance takes AllAtOnce or Immutable only / ");
}

TEST_CASE("elasticbeanstalk: traffic splitting needs an application load balancer and enhanced health") {
  const std::string policy = R"("aws:elasticbeanstalk:command": {DeploymentPolicy: TrafficSplitting})";
  const std::string enhanced = R"(, "aws:elasticbeanstalk:healthreporting:system": {SystemType: enhanced})";
  const std::string application = R"(, "aws:elasticbeanstalk:environment": {LoadBalancerType: application})";
  CHECK(first_problem(options(policy + enhanced + application)) == "");
  CHECK(first_problem(options(policy + enhanced))
            .starts_with("E044 TrafficSplitting needs an application load balancer"));
  CHECK(first_problem(options(policy + application))
            .starts_with("E044 Immutable and TrafficSplitting deployments need enhanced health reporting"));
}

TEST_CASE("elasticbeanstalk: a percentage of a batch is at most 100") {
  const auto batch = [](const char* type) {
    return first_problem(options(
        fmt::format("\"aws:elasticbeanstalk:command\": {{BatchSizeType: {}, BatchSize: 101}}", type)));
  };
  CHECK(batch("Fixed") == "");
  CHECK(batch("Percentage") == "E023 '101' is out of range / allowed: 1 to 100, of BatchSizeType Percentage");
}

TEST_CASE("elasticbeanstalk: the minimum size must not exceed the maximum") {
  CHECK(first_problem(option(kAsg, "MinSize: 5")).starts_with("E044 MinSize 5 is above MaxSize 4"));
  CHECK(first_problem(option(kAsg, "MinSize: 5, MaxSize: 5")) == "");
}

TEST_CASE("elasticbeanstalk: a breach lasts Period x EvaluationPeriods") {
  const auto trigger = [](const std::string& settings) {
    return first_problem(option("aws:autoscaling:trigger", "MeasureName: CPUUtilization, " + settings));
  };
  CHECK(trigger("Period: 1, EvaluationPeriods: 5, BreachDuration: 5") == "");
  CHECK(trigger("Period: 1, BreachDuration: 3") == "");
  CHECK(trigger("Period: 1, EvaluationPeriods: 2, BreachDuration: 5") ==
        "E044 BreachDuration 5m is not Period 1m x EvaluationPeriods 2 / ");
  CHECK(trigger("Period: 2, BreachDuration: 3") ==
        "E044 BreachDuration 3m is not Period 2m x EvaluationPeriods 1 / ");
}

TEST_CASE("elasticbeanstalk: a trigger on a metric that nothing publishes is a warning") {
  const std::string trigger = R"("aws:autoscaling:trigger": {MeasureName: NetworkIn})";
  CHECK(
      first_problem(options(trigger)).starts_with("W004 NetworkIn is not simulated: the trigger never acts"));
  CHECK(first_problem("") == "");  // NetworkOut
  // A group that cannot grow has no use for its trigger.
  CHECK(first_problem(fmt::format("option_settings: {{{}, \"{}\": {{MinSize: 4}}}}\n", trigger, kAsg)) == "");
}

TEST_CASE("elasticbeanstalk: managed updates need a window, a level and enhanced health") {
  const auto managed = [](const std::string& more) {
    return first_problem(
        options("\"aws:elasticbeanstalk:managedactions\": {ManagedActionsEnabled: true" + more));
  };
  const std::string enhanced = R"(, "aws:elasticbeanstalk:healthreporting:system": {SystemType: enhanced})";
  const std::string level = R"(, "aws:elasticbeanstalk:managedactions:platformupdate": {UpdateLevel: patch})";
  CHECK(managed(", PreferredStartTime: \"Sun:02:00\"}" + enhanced + level) == "");
  CHECK(managed("}" + enhanced + level).starts_with("E044 ManagedActionsEnabled needs PreferredStartTime"));
  CHECK(managed(", PreferredStartTime: \"Sun:02:00\"}" + level)
            .starts_with("E044 managed platform updates need enhanced health reporting"));
}

TEST_CASE("elasticbeanstalk: instance types must be known, also those of a list") {
  CHECK(first_problem(options(R"("aws:ec2:instances": {InstanceTypes: "m6i.large, m6i.larg"})"))
            .starts_with("E030 unknown instance type 'm6i.larg' / did you mean 'm6i.large'?"));
}

TEST_CASE("elasticbeanstalk: the shares of errors rise from Warning to Severe") {
  CHECK(first_problem("assume: {health_5xx_warning: 6%}\n") ==
        "E044 shares of 5xx must rise from Warning to Severe / ");
}

TEST_CASE("elasticbeanstalk: a health check's time-out fits into its interval") {
  CHECK(first_problem(option("aws:elasticbeanstalk:environment:process:default", "HealthCheckTimeout: 16"))
            .starts_with("E044 HealthCheckTimeout 16 s is longer than the interval of 15 s"));
  CHECK(first_problem(option("aws:elb:healthcheck", "Timeout: 20, Interval: 20")) == "");
}

TEST_CASE("elasticbeanstalk: a network load balancer checks every 10 or 30 seconds") {
  const auto every = [](const char* interval) {
    return first_problem(options(fmt::format(
        R"("aws:elasticbeanstalk:environment": {{LoadBalancerType: network}},
           "aws:elasticbeanstalk:environment:process:default": {{HealthCheckInterval: {}}})",
        interval)));
  };
  CHECK(every("10") == "");
  CHECK(every("20") == "E023 '20' is out of range / allowed: 10 or 30, of a network load balancer");
}

TEST_CASE("elasticbeanstalk: blue/green keeps the old environment for an hour by default") {
  const BlueGreen swap = *environment("blue_green: {test_time: 2m}\n").blue_green;
  CHECK(swap.test_time == 2min);
  CHECK(swap.keep_old == 1h);
  CHECK(swap.create_time == 5min);
}

TEST_CASE("elasticbeanstalk: the worker tier is refused") {
  CHECK(first_problem("tier: Worker\n" + option(kAsg, "MinSize: 4"))
            .starts_with("E044 the worker tier is not modelled yet"));
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
