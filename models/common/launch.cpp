#include "models/common/launch.hpp"

namespace nephoscope {

// p99 / p50 = exp(2.326 sigma): sigma 0.3 gives 2.01, sigma 0.35 gives 2.26.
LaunchConfig::LaunchConfig()
    : launch_time(duration_from("{dist: lognormal, p50: 7500ms, p99: 15s}")),
      boot_time(duration_from("{dist: lognormal, p50: 12s, p99: 27s}")),
      bootstrap_time(Duration(60s)),
      restart_time(Duration(10s)) {}

FieldRules LaunchConfig::instance_type_rules() {
  return {.doc = "EC2's name of it; `nephoscope list` has all that are known"};
}
FieldRules LaunchConfig::launch_time_rules() {
  return {.doc = "from the RunInstances call to the state running",
          .source =
              "daemonology.net 2021-08-12: RunInstances 1.5 s and pending 4.9 s in one published run of a "
              "c5.xlarge; spread assumed"};
}
FieldRules LaunchConfig::boot_time_rules() {
  return {.doc = "from the state running to an operating system that runs programs",
          .source =
              "brevdev/ec2-coldboot-research 2026-01-31: Amazon Linux 2023 answers SSH 23 to 26 s after the "
              "launch call; spread assumed. Ubuntu 25 s, Windows 240 s (unverified)"};
}
FieldRules LaunchConfig::bootstrap_time_rules() {
  return {.doc = "user data and the application's own start, at the first boot",
          .source = "assumption: 60 s to 10 min are usual, and then the greatest part of a launch"};
}
FieldRules LaunchConfig::restart_time_rules() {
  return {.doc = "the application's own start, at later boots (reboot, start of a stopped instance)",
          .source = "assumption: what was installed is there already"};
}
FieldRules LaunchConfig::image_size_rules() {
  return {.doc =
              "container images and disk blocks that the first boot reads over the network, before "
              "bootstrap_time",
          .source =
              "assumption: none, boot_time and bootstrap_time hold it; blocks of a volume from a snapshot "
              "come from S3 when first read (EBS User Guide, initialize volumes)"};
}
FieldRules LaunchConfig::bundle_size_rules() {
  return {
      .doc = "a version's bundle, read from S3 at the first boot and at each deployment onto the instance",
      .source = "assumption: none, bootstrap_time and deploy_time hold it"};
}

}  // namespace nephoscope
