#include "models/client/arrivals_config.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::client {

namespace {

constexpr Rate kMaxRate{1e9};
constexpr std::size_t kHours = 24;
constexpr std::int64_t kDay = 86'400;

FieldRules rate_rules(std::string doc) { return {.doc = std::move(doc), .max = kMaxRate}; }

RateProfile stages_profile(const std::vector<Stage>& stages, double scale) {
  std::vector<RateProfile::Piece> pieces;
  Rate reached;
  for (const Stage& stage : stages) {
    const Rate from = stage.rate ? *stage.rate : reached;
    const Rate to = stage.rate ? *stage.rate : *stage.target;
    pieces.push_back({.length = stage.length(), .from = from * scale, .to = to * scale});
    reached = to;
  }
  return RateProfile(pieces, RateProfile::End::stop);
}

// Rates at equal steps, held until the next one or joined by straight lines (the last one holds, or leads
// back to the first).
RateProfile stepped_profile(Duration step, const std::vector<Rate>& rates, Interpolation interpolation,
                            bool repeat) {
  std::vector<RateProfile::Piece> pieces;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    Rate to = rates[i];
    if (interpolation == Interpolation::linear && i + 1 < rates.size()) to = rates[i + 1];
    if (interpolation == Interpolation::linear && i + 1 == rates.size() && repeat) to = rates.front();
    pieces.push_back({.length = step, .from = rates[i], .to = to});
  }
  return RateProfile(pieces, repeat ? RateProfile::End::repeat : RateProfile::End::stop);
}

RateProfile daily_profile(const Daily& daily, double scale) {
  std::vector<Rate> rates;
  for (const double factor : daily.factors) rates.push_back(daily.peak * (factor * scale));
  return stepped_profile(1h, rates, daily.interpolation, true);
}

RateProfile profile_of(const Profile& profile, double scale) {
  std::vector<Rate> rates;
  for (const Rate rate : profile.rates) rates.push_back(rate * scale);
  return stepped_profile(profile.step, rates, profile.interpolation, profile.repeat);
}

ModulatedArrivals bursts_of(const Bursts& bursts, double scale, Time start) {
  std::vector<ModulatedArrivals::State> states;
  for (const BurstState& state : bursts.states) states.push_back({state.rate * scale, state.stay});
  return ModulatedArrivals(states, start);
}

// The counts times `scale`, rounded so that every partial sum is right to one request.
std::vector<std::uint64_t> scaled(const std::vector<std::uint64_t>& counts, double scale) {
  std::vector<std::uint64_t> result;
  double sum = 0;
  std::uint64_t given = 0;
  for (const std::uint64_t count : counts) {
    sum += static_cast<double>(count) * scale;
    const auto due = static_cast<std::uint64_t>(sum + 0.5);
    result.push_back(due - given);
    given = due;
  }
  return result;
}

void check_total_length(double seconds, const Node& node, Context& context) {
  if (seconds > to_seconds(kMaxDuration))
    context.report(Code::too_large, node, "it is longer than 100 years");
}

void check_arrivals(const ArrivalsConfig& arrivals, const Node& node, Context& context) {
  const auto refuse = [&](const char* key, const char* belongs_to) {
    if (const Node* child = node.find(key))
      context.report_key(Code::inconsistent, *child, std::string("'") + key + "' has no meaning here",
                         std::string("it belongs to ") + belongs_to);
  };
  if (!arrivals.rate) refuse("spacing", "rate");
  if (!arrivals.users) refuse("think_time", "users");
  if (arrivals.users) refuse("scale", "arrivals that do not wait for answers");
  if (arrivals.gaps && !(arrivals.gaps->mean() > 0))
    context.report(Code::out_of_range, *node.find("gaps"), "the mean gap must be above 0s");
  if (!arrivals.stages) return;
  double seconds = 0;
  for (const Stage& stage : *arrivals.stages) seconds += to_seconds(stage.length());
  check_total_length(seconds, *node.find("stages"), context);
}

}  // namespace

const FieldTable<Stage>& Stage::fields() {
  static const auto table =
      FieldTable<Stage>("arrival stage", "A plateau or a ramp of the arrival rate.")
          .field("for", &Stage::for_, {.doc = "how long it lasts", .max = kMaxDuration, .above = Duration{}})
          .field("duration", &Stage::duration, {.doc = "the same", .max = kMaxDuration, .above = Duration{}})
          .field("rate", &Stage::rate, rate_rules("constant rate"))
          .field(
              "target", &Stage::target,
              rate_rules("rate at the end of a straight ramp from where the stage before ended (0 at first)"))
          .exactly_one_of({"for", "duration"})
          .exactly_one_of({"rate", "target"});
  return table;
}

const FieldTable<Daily>& Daily::fields() {
  static const auto table =
      FieldTable<Daily>("daily arrivals", "A rate that follows the hours of the day, in UTC.")
          .required("peak", &Daily::peak, rate_rules("rate at factor 1"))
          .required("factors", &Daily::factors,
                    {.doc = "share of the peak for each of the hours 0 to 23",
                     .min = 0,
                     .max = 1000,
                     .min_items = kHours,
                     .max_items = kHours})
          .field(
              "interpolation", &Daily::interpolation,
              {.doc =
                   "step: a factor holds for its hour; linear: straight from one full hour's to the next's"});
  return table;
}

const FieldTable<Profile>& Profile::fields() {
  static const auto table =
      FieldTable<Profile>("arrival profile", "A rate given at equal steps.")
          .required("step", &Profile::step,
                    {.doc = "time from one rate to the next", .max = kMaxDuration, .above = Duration{}})
          .required("rates", &Profile::rates, {.doc = "the rates", .max = kMaxRate, .min_items = 1})
          .field("repeat", &Profile::repeat,
                 {.doc = "begin again after the last; otherwise nothing comes any more"})
          .field("interpolation", &Profile::interpolation,
                 {.doc = "step: a rate holds until the next; linear: straight from one to the next"})
          .validate([](const Profile& profile, const Node& node, Context& context) {
            check_total_length(to_seconds(profile.step) * static_cast<double>(profile.rates.size()), node,
                               context);
          });
  return table;
}

const FieldTable<BurstState>& BurstState::fields() {
  static const auto table =
      FieldTable<BurstState>("burst state", "One state of a bursty arrival process.")
          .required("rate", &BurstState::rate, rate_rules("Poisson rate in this state"))
          .required(
              "stay", &BurstState::stay,
              {.doc = "mean time in this state (exponential)", .max = kMaxDuration, .above = Duration{}});
  return table;
}

const FieldTable<Bursts>& Bursts::fields() {
  static const auto table =
      FieldTable<Bursts>("bursty arrivals",
                         "A Markov-modulated Poisson process: all other states follow equally likely.")
          .required("states", &Bursts::states,
                    {.doc = "its states",
                     .source = "Fischer and Meier-Hellstern, Performance Evaluation 18(2), 1993",
                     .min_items = 2,
                     .max_items = ModulatedArrivals::kMaxStates});
  return table;
}

const FieldTable<ArrivalsConfig>& ArrivalsConfig::fields() {
  static const auto table =
      FieldTable<ArrivalsConfig>("arrivals", "When calls come.")
          .field("rate", &ArrivalsConfig::rate, rate_rules("constant rate"))
          .field("spacing", &ArrivalsConfig::spacing, {.doc = "of `rate`: random (poisson) or even"})
          .field("gaps", &ArrivalsConfig::gaps, {.doc = "independent gaps between arrivals"})
          .field("stages", &ArrivalsConfig::stages,
                 {.doc = "ramps and plateaus, one after the other", .min_items = 1})
          .field("daily", &ArrivalsConfig::daily, {.doc = "the day's curve"})
          .field("profile", &ArrivalsConfig::profile, {.doc = "a curve"})
          .field("mmpp", &ArrivalsConfig::mmpp, {.doc = "bursts"})
          .field("trace", &ArrivalsConfig::trace, {.doc = "a CSV file with the header time_s,requests"})
          .field("users", &ArrivalsConfig::users,
                 {.doc = "closed: so many users, each waits for its answer before it thinks and calls again",
                  .min = 1,
                  .max = 1'000'000})
          .field("think_time", &ArrivalsConfig::think_time, {.doc = "of `users`, before each call"})
          .field("scale", &ArrivalsConfig::scale,
                 {.doc = "multiplies the rate (or a trace's counts)", .max = 1e6, .above = 0})
          .exactly_one_of({"rate", "gaps", "stages", "daily", "profile", "mmpp", "trace", "users"})
          .shorthand("rate")
          .validate(check_arrivals);
  return table;
}

ArrivalProcess::Pattern ArrivalsConfig::pattern(Time start, std::int64_t start_epoch) const {
  if (rate && spacing == Spacing::even) return EvenArrivals(*rate * scale, start);
  if (rate) return PoissonArrivals(*rate * scale, start);
  if (gaps) return RenewalArrivals(gaps->plain().times(1 / scale), start);
  if (stages) return ProfileArrivals(stages_profile(*stages, scale), start);
  if (profile) return ProfileArrivals(profile_of(*profile, scale), start);
  if (mmpp) return bursts_of(*mmpp, scale, start);
  if (trace) return CountedArrivals(scaled(trace->counts, scale), trace->step, start + trace->first);
  check(daily.has_value(), "client", "arrivals of no kind");
  const Duration since_epoch = std::chrono::seconds(start_epoch % kDay) + (start - Time{}) % Duration(24h);
  return ProfileArrivals(daily_profile(*daily, scale), start, since_epoch % Duration(24h));
}

}  // namespace nephoscope::client
