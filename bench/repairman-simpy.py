"""The machine repairman on SimPy: 50 users think 30 s, five repairmen take 3 s each, one shared queue.

Prints the SimPy version, events (two a turn: end of think, end of repair), wall and CPU seconds, mean turn.
"""

import random
import sys
import time

import simpy

USERS, THINK, REPAIR, SERVERS, HORIZON = 50, 30.0, 3.0, 5, 100_000.0

draw = random.Random(int(sys.argv[1])).expovariate
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
started, started_cpu = time.perf_counter(), time.process_time()
env.run(until=HORIZON)
print(
    simpy.__version__,
    2 * told[0],
    time.perf_counter() - started,
    time.process_time() - started_cpu,
    told[1] / told[0],
    sys.version.split()[0],
)
