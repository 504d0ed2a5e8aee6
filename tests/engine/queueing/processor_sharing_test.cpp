#include "engine/queueing/processor_sharing.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/queueing/diary.hpp"

using namespace nephoscope;

namespace {

struct SharingWorld {
  Simulation simulation;
  Diary diary{simulation};
  ProcessGroup group;
};

Process job(SharingWorld& world, ProcessorSharing& cpu, int who, Duration after, Duration work) {
  co_await world.simulation.delay(after);
  const WaitStatus status = co_await cpu.serve(work);
  world.diary.add(who, status);
}

Process silent_job(ProcessorSharing& cpu, Duration work) { co_await cpu.serve(work); }

Process timed_job(Simulation& simulation, ProcessorSharing& cpu, Duration work, Time& end) {
  co_await cpu.serve(work);
  end = simulation.now();
}

void run_to_end(SharingWorld& world) { world.simulation.run_until(Time{} + 10h); }

std::uint64_t next_bits(std::uint64_t& state) {  // Marsaglia, J. Stat. Soft. 8(14), 2003
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

Process random_jobs(Simulation& simulation, ProcessorSharing& cpu, ProcessGroup& group, std::uint64_t state) {
  for (int i = 0; i < 4000; ++i) {
    co_await simulation.delay(Duration(static_cast<std::int64_t>(next_bits(state) % 1000)));
    const auto work = static_cast<std::int64_t>(next_bits(state) % 3000);
    simulation.spawn(silent_job(cpu, Duration(work)), next_bits(state) % 3 == 0 ? &group : nullptr);
    if (i % 50 == 49) cpu.set_speed(static_cast<double>(next_bits(state) % 1000) / 300);
    if (i % 70 == 69) cpu.set_cores(static_cast<std::uint32_t>(next_bits(state) % 5));
    if (i % 400 == 200) group.interrupt_all();
    if (i % 900 == 700) cpu.interrupt_all();
    if (i % 500 == 499) cpu.reset_statistics();
    const std::string report = cpu.audit();
    if (!report.empty()) FAIL(report);
  }
  cpu.set_cores(2);
  cpu.set_speed(1);
}

}  // namespace

TEST_CASE("processor sharing: a job alone takes its work") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 3");
}

TEST_CASE("processor sharing: two jobs on one core run at half speed each") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  // Together until the short one has its 2 s, at 4 s; the long one then has 2 of 5 s and runs alone.
  world.simulation.spawn(job(world, cpu, 1, 0s, 5s));
  world.simulation.spawn(job(world, cpu, 2, 0s, 2s));
  run_to_end(world);
  CHECK(world.diary.take() == "2 done 4, 1 done 7");
}

TEST_CASE("processor sharing: a job uses at most one core") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation, {.cores = 4});
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  world.simulation.spawn(job(world, cpu, 2, 0s, 4s));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 3, 2 done 4");
}

TEST_CASE("processor sharing: three jobs on two cores run at two thirds") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation, {.cores = 2});
  for (int who : {1, 2, 3}) world.simulation.spawn(job(world, cpu, who, 0s, 2s));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 3, 2 done 3, 3 done 3");
}

TEST_CASE("processor sharing: a later arrival slows those who are there") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  // 1 has 1 of 3 s when 2 comes; both get 1 s by 3 s, when 2 is done; 1 ends 1 s later.
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  world.simulation.spawn(job(world, cpu, 2, 1s, 1s));
  run_to_end(world);
  CHECK(world.diary.take() == "2 done 3, 1 done 4");
}

TEST_CASE("processor sharing: jobs of equal finish go in order of arrival") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  for (int who : {3, 1, 2}) world.simulation.spawn(job(world, cpu, who, 0s, 1s));
  run_to_end(world);
  CHECK(world.diary.take() == "3 done 3, 1 done 3, 2 done 3");
}

TEST_CASE("processor sharing: a job of no work ends at its own instant") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  world.simulation.spawn(job(world, cpu, 2, 1s, 0s));
  run_to_end(world);
  CHECK(world.diary.take() == "2 done 1, 1 done 3");
}

TEST_CASE("processor sharing: a slower speed stretches what is left, also of jobs under way") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  world.simulation.run_until(Time{} + 1s);
  cpu.set_speed(0.25);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 9");  // 1 + 2 / 0.25
}

TEST_CASE("processor sharing: at speed zero, or without cores, jobs stand still") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  world.simulation.run_until(Time{} + 1s);
  cpu.set_speed(0);
  world.simulation.run_until(Time{} + 11s);
  cpu.set_speed(1);
  world.simulation.run_until(Time{} + 12s);
  cpu.set_cores(0);
  world.simulation.run_until(Time{} + 22s);
  cpu.set_cores(1);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 23");
}

TEST_CASE("processor sharing: more cores speed up those who share") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  for (int who : {1, 2}) world.simulation.spawn(job(world, cpu, who, 0s, 3s));
  world.simulation.run_until(Time{} + 2s);
  cpu.set_cores(2);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 4, 2 done 4");  // 1 s of work done by 2 s, 2 s left each
}

TEST_CASE("processor sharing: an interrupted job leaves its share to the others") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s));
  world.simulation.spawn(job(world, cpu, 2, 0s, 3s), &world.group);
  interrupt_at(world.simulation, Time{} + 2s, world.group);
  run_to_end(world);
  CHECK(world.diary.take() == "2 interrupted 2, 1 done 4");
  CHECK(cpu.counts().interrupted == 1);
  CHECK(cpu.audit() == "");
}

TEST_CASE("processor sharing: interruption and completion at one instant go by the order of scheduling") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  ProcessGroup other;
  interrupt_at(world.simulation, Time{} + 3s, world.group);
  world.simulation.spawn(job(world, cpu, 1, 0s, 3s), &world.group);
  world.simulation.run_until(Time{} + 5s);
  world.simulation.spawn(job(world, cpu, 2, 0s, 3s), &other);
  world.simulation.run_until(Time{} + 6s);
  interrupt_at(world.simulation, Time{} + 8s, other);
  run_to_end(world);
  CHECK(world.diary.take() == "1 interrupted 3, 2 done 8");
}

TEST_CASE("processor sharing: a crash ends every job in order of arrival") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  for (int who : {1, 2, 3}) world.simulation.spawn(job(world, cpu, who, 0s, Duration(4s) - who * 1s));
  world.simulation.run_until(Time{} + 1s);
  cpu.interrupt_all();
  CHECK(world.diary.take() == "");
  world.simulation.spawn(job(world, cpu, 4, 0s, 1s));
  run_to_end(world);
  CHECK(world.diary.take() == "1 interrupted 1, 2 interrupted 1, 3 interrupted 1, 4 done 2");
  CHECK(cpu.audit() == "");
}

TEST_CASE("processor sharing: no job finishes before its work is done, nor a nanosecond late") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  // Three equal jobs of 1 ns share a core: each has 1 ns at exactly 3 ns, but a third is rounded down.
  std::vector<Time> ends(3);
  for (Time& end : ends) world.simulation.spawn(timed_job(world.simulation, cpu, 1ns, end));
  run_to_end(world);
  for (const Time& end : ends) {
    CHECK(end >= Time{} + 3ns);
    CHECK(end <= Time{} + 4ns);
  }
}

TEST_CASE("processor sharing: core time delivered is work done, within the stated rounding") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  // 1000 jobs of 1 ms and more on one core, all present at first.
  WideInt work = 0;
  std::vector<Time> ends(1000);
  for (int i = 0; i < 1000; ++i) {
    const Duration length = 1ms + Duration(i * 997);
    work += length.count();
    world.simulation.spawn(timed_job(world.simulation, cpu, length, ends[static_cast<std::size_t>(i)]));
  }
  run_to_end(world);
  // The core is busy exactly as long as there is work: rounding adds less than 1 ns a job, and loses less
  // than 1000 x 2^-40 ns a ns, that is less than 2 ns of 1.5 s.
  const WideInt busy = cpu.busy().integral(world.simulation.now());
  CHECK(cpu.work_served() == work);
  CHECK(busy >= work);
  CHECK(busy <= work + 1000 + 2);
  CHECK(cpu.work_received() >= work);
  CHECK(cpu.work_received() <= work + 1000);
  CHECK(ends.back() == Time{} + Duration(static_cast<std::int64_t>(busy)));
}

TEST_CASE("processor sharing: the books balance at every step of a random history") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Simulation simulation;
    ProcessGroup group;
    ProcessorSharing cpu(simulation, {.cores = 3, .speed = 1.5});
    simulation.spawn(random_jobs(simulation, cpu, group, seed));
    simulation.run_until(Time{} + 1s);
    CHECK(cpu.jobs() == 0);
    CHECK(cpu.counts().served > 0);
    CHECK(cpu.audit() == "");
    simulation.clear();
  }
}

TEST_CASE("processor sharing: utilisation counts cores in use, and restarts at a reset") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation, {.cores = 2});
  for (int who : {1, 2, 3}) world.simulation.spawn(job(world, cpu, who, 0s, 2s));  // both cores until 3 s
  world.simulation.run_until(Time{} + 6s);
  CHECK(cpu.utilization() == doctest::Approx(0.5));
  const WideInt present = cpu.present().integral(world.simulation.now());
  CHECK(present >= WideInt{9'000'000'000});  // 3 jobs x 3 s; two thirds are rounded down, which costs 1 ns
  CHECK(present <= WideInt{9'000'000'003});
  world.simulation.spawn(job(world, cpu, 4, 0s, 5s));
  world.simulation.run_until(Time{} + 7s);
  cpu.reset_statistics();
  CHECK(cpu.counts().carried == 1);
  CHECK(cpu.work_received() == 0);
  world.simulation.run_until(Time{} + 15s);
  CHECK(cpu.work_received() == WideInt{4'000'000'000});
  CHECK(cpu.utilization() == doctest::Approx(0.25));  // 4 s of 2 cores x 8 s
  CHECK(cpu.audit() == "");
}

TEST_CASE("processor sharing: speeds and cores out of range are programmer's errors") {
  Simulation simulation;
  ProcessorSharing cpu(simulation);
  CHECK_THROWS_AS(cpu.set_speed(-0.1), CheckFailure);
  CHECK_THROWS_AS(cpu.set_speed(5000), CheckFailure);
  CHECK_THROWS_AS(cpu.set_cores(1025), CheckFailure);
}

TEST_CASE("processor sharing: jobs may run when the simulation is cleared") {
  SharingWorld world;
  ProcessorSharing cpu(world.simulation);
  for (int who : {1, 2}) world.simulation.spawn(job(world, cpu, who, 0s, 5s), &world.group);
  world.simulation.clear();
  CHECK(world.simulation.pending() == 0);
}
