#!/usr/bin/env python3
"""Turns a trace of request counts into the rates of an arrival profile.

usage: trace_rates.py FILE [--step SECONDS] [--scale FACTOR] [--steps N]

FILE has the columns time_s,requests: requests in the interval that starts at time_s. Prints, as YAML, the mean
rate of each step of the trace, times FACTOR: the figures that scenarios/capacity/elb-fortnight.yaml carries.
"""
import argparse
import csv


def mean_rates(rows, step, steps):
    """Requests per second in each step: counts are spread evenly over their intervals, gaps count as no data."""
    interval = min(b[0] - a[0] for a, b in zip(rows, rows[1:]))
    sums = [0.0] * steps
    covered = [0.0] * steps
    for start, count in rows:
        index = int(start // step)
        if index < steps:
            sums[index] += count
            covered[index] += interval
    return [total / seconds for total, seconds in zip(sums, covered)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--step", type=float, default=3600)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--steps", type=int, default=336)
    options = parser.parse_args()
    with open(options.file, newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        rows = [(float(time), float(count)) for time, count in reader]
    rates = [rate * options.scale for rate in mean_rates(rows, options.step, options.steps)]
    for day in range(0, len(rates), 24):
        print("          " + " ".join(f"{rate:.3g}/s," for rate in rates[day : day + 24]))


if __name__ == "__main__":
    main()
