"""The machine repairman on SimPy: 50 users think 30 s, five repairmen take 3 s each, one shared queue."""

import random
import statistics
import sys
import time

import simpy

USERS, THINK, REPAIR, SERVERS, HORIZON = 50, 30.0, 3.0, 5, 100_000.0


def run(seed):
    draw = random.Random(seed).expovariate
    env = simpy.Environment()
    repairmen = simpy.Resource(env, SERVERS)
    told = [0, 0.0]

    def user():
        while True:
            yield env.timeout(draw(1 / THINK))
            sent = env.now
            with repairmen.request() as free:
                yield free
                yield env.timeout(draw(1 / REPAIR))
            told[0] += 1
            told[1] += env.now - sent

    for _ in range(USERS):
        env.process(user())
    started = time.perf_counter()
    env.run(until=HORIZON)
    return 2 * told[0] / (time.perf_counter() - started), told[1] / told[0]


results = [run(seed) for seed in range(int(sys.argv[1]))]
rate = statistics.median(rate for rate, _ in results) / 1e6
print(f"SimPy {simpy.__version__}, machine repairman of {USERS} users: {rate:.2f} M/s, mean {results[0][1]:.2f} s a turn")
