#include "tests/models/elasticbeanstalk/fixture.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

constexpr const char* kFolder = "ebextensions: [.ebextensions]\n";

Settings settings_of(const TemporaryFolder& folder, const std::string& keys = kFolder) {
  return environment(keys, folder.path()).settings();
}

std::string problem_of(const TemporaryFolder& folder, const std::string& keys = kFolder) {
  return first_problem(keys, folder.path());
}

TEST_CASE("elasticbeanstalk: configuration files set options in both documented shapes") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/list.config",
             "option_settings:\n"
             "  - namespace: aws:autoscaling:asg\n"
             "    option_name: MinSize\n"
             "    value: 2\n"
             "  - option_name: SHOP_MODE\n"
             "    value: live\n");
  write_file(folder, ".ebextensions/shorthand.config",
             "option_settings:\n"
             "  aws:elasticbeanstalk:command:\n"
             "    DeploymentPolicy: Rolling\n"
             "    BatchSize: '25'\n");
  const Settings settings = settings_of(folder);
  CHECK(settings.min_size == 2);
  CHECK(settings.deployment_policy == DeploymentPolicy::rolling);
  CHECK(settings.batch_size == 25);
}

TEST_CASE("elasticbeanstalk: configuration files may be JSON") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/a.config",
             R"({"option_settings": [{"namespace": "aws:autoscaling:asg",
                 "option_name": "MaxSize", "value": "6"}]})");
  CHECK(settings_of(folder).max_size == 6);
}

TEST_CASE("elasticbeanstalk: of configuration files the last one in alphabetical order holds") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/02.config", "option_settings: {'aws:autoscaling:asg': {MaxSize: 8}}\n");
  write_file(folder, ".ebextensions/01.config", "option_settings: {'aws:autoscaling:asg': {MaxSize: 6}}\n");
  write_file(folder, ".ebextensions/03.txt", "option_settings: {'aws:autoscaling:asg': {MaxSize: 9}}\n");
  CHECK(settings_of(folder).max_size == 8);
  // The order of the list does not matter, as it does not in a bundle.
  CHECK(settings_of(folder, "ebextensions: [.ebextensions/02.config, .ebextensions/01.config]\n").max_size ==
        8);
}

TEST_CASE("elasticbeanstalk: what the scenario or a client sets overrides configuration files") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/a.config",
             "option_settings:\n"
             "  aws:autoscaling:asg: {MinSize: 2, MaxSize: 6}\n"
             "  aws:elasticbeanstalk:command: {BatchSize: 50}\n");
  CHECK(settings_of(folder, kFolder + option("aws:autoscaling:asg", "MaxSize: 8")).max_size == 8);
  CHECK(settings_of(folder, kFolder + option("aws:autoscaling:asg", "MaxSize: 8")).min_size == 2);
  CHECK(settings_of(folder).batch_size == 50);
  CHECK(settings_of(folder, std::string("defaults: eb-cli\n") + kFolder).batch_size == 30);
}

TEST_CASE("elasticbeanstalk: what is wrong in a configuration file is reported at its place there") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/a.config",
             "option_settings:\n"
             "  aws:autoscaling:asg:\n"
             "    MaxSize: many\n");
  Reading reading;
  read_environment(reading, kFolder, folder.path());
  REQUIRE(reading.diagnostics.error_count() == 1);
  const Diagnostic problem = reading.diagnostics.sorted().front();
  CHECK(reading.sources.name(problem.place.file).ends_with("/.ebextensions/a.config"));
  CHECK(problem.place.line == 3);
  CHECK(problem.place.column == 14);
  CHECK(problem.message == "'many' is not a bare number");
}

TEST_CASE("elasticbeanstalk: settings that do not go together are reported where they are written") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/a.config", "option_settings: {'aws:autoscaling:asg': {MinSize: 5}}\n");
  Reading reading;
  read_environment(reading, kFolder, folder.path());
  const Diagnostic problem = reading.diagnostics.sorted().back();
  CHECK(problem.message == "MinSize 5 is above MaxSize 4");
  CHECK(reading.sources.name(problem.place.file).ends_with("a.config"));
}

TEST_CASE("elasticbeanstalk: other keys of configuration files are ignored with a warning each") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/a.config",
             "option_settings: {'aws:autoscaling:asg': {MinSize: 4}}\n"
             "packages: {yum: {git: []}}\n"
             "container_commands: {01_migrate: {command: migrate}}\n"
             "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}\n");
  Reading reading;
  read_environment(reading, kFolder, folder.path());
  CHECK_FALSE(reading.diagnostics.has_errors());
  REQUIRE(reading.diagnostics.warning_count() == 3);
  CHECK(reading.diagnostics.sorted()[0].message == "'packages' is not simulated");
  CHECK(reading.diagnostics.sorted()[1].message == "'container_commands' is not simulated");
  CHECK(reading.diagnostics.sorted()[2].message == "'Queue' is not simulated");
}

TEST_CASE("elasticbeanstalk: a misspelt key of a configuration file is an error") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/a.config", "option_setings: {}\n");
  CHECK(problem_of(folder) == "E012 unknown key 'option_setings' / did you mean 'option_settings'?");
}

TEST_CASE("elasticbeanstalk: a configuration file can make the group use the load balancer's checks") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/autoscaling.config",
             "Resources:\n"
             "  AWSEBAutoScalingGroup:\n"
             "    Type: AWS::AutoScaling::AutoScalingGroup\n"
             "    Properties: {HealthCheckType: ELB, HealthCheckGracePeriod: 300}\n");
  const ResourceSettings resources = environment(kFolder, folder.path()).resolved().resources;
  CHECK(resources.health_check_type_elb);
  CHECK(resources.health_check_grace_period == 300s);
}

TEST_CASE("elasticbeanstalk: a configuration file can name the group's placement group") {
  const TemporaryFolder folder;
  write_file(folder, ".ebextensions/placement.config",
             "Resources: {AWSEBAutoScalingGroup: {Properties: {PlacementGroup: apart}}}\n");
  CHECK(environment(kFolder, folder.path()).group_in_use()->id == "apart");
  CHECK(environment(std::string(kFolder) + "placement_group: own\n", folder.path()).group_in_use()->id ==
        "own");
}

TEST_CASE("elasticbeanstalk: files that are missing, outside or not there to be read are errors") {
  const TemporaryFolder folder;
  CHECK(problem_of(folder).find("file '.ebextensions' does not exist") != std::string::npos);
  write_file(folder, ".ebextensions/readme.md", "none\n");
  CHECK(problem_of(folder).find("no file in '.ebextensions' ends in .config") != std::string::npos);
  CHECK(problem_of(folder, "ebextensions: [../x.config]\n").find("not a name inside") != std::string::npos);
}

TEST_CASE("elasticbeanstalk: scheduled actions are named by the list's resource_name") {
  const TemporaryFolder folder;
  const auto item = [](const char* name, const char* option, const char* value) {
    return fmt::format("  - {{namespace: aws:autoscaling:scheduledaction, {}option_name: {}, value: '{}'}}\n",
                       name, option, value);
  };
  const char* morning = "resource_name: Morning, ";
  write_file(folder, "a.config",
             "option_settings:\n" + item(morning, "MinSize", "3") + item(morning, "Recurrence", "0 7 * * *"));
  const auto actions =
      environment("ebextensions: a.config\n", folder.path()).resolved().resources.scheduled_actions;
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].name == "Morning");
  CHECK(actions[0].min_size == 3);
  CHECK(actions[0].recurrence == "0 7 * * *");
  write_file(folder, "a.config", "option_settings:\n" + item("", "MinSize", "3"));
  CHECK(problem_of(folder, "ebextensions: a.config\n").find("a scheduled action needs a name") !=
        std::string::npos);
  write_file(folder, "a.config", "option_settings:\n" + item(morning, "MinSize", "3"));
  CHECK(problem_of(folder, "ebextensions: a.config\n").find("neither StartTime nor Recurrence") !=
        std::string::npos);
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
