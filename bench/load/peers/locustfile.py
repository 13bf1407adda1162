"""The work of bench/load.ts for Locust, whose users time every line of a stream themselves."""
import json
import os
import time

from locust import FastHttpUser, constant, events, task

STREAM = os.environ["ACCEPT"] == "text/event-stream"
HEADERS = {"content-type": "application/json", "accept": os.environ["ACCEPT"]}
first, gaps = [], []
seen = {"tokens": 0}


class User(FastHttpUser):
    wait_time = constant(float(os.environ["THINK_SECONDS"]))

    @task
    def turn(self):
        if not STREAM:
            self.client.post("/api/sessions/s-1/messages", data='{"content":"hello"}', headers=HEADERS)
            return
        sent = time.perf_counter()
        last = None
        # Locust's own iter_lines waits for a kilobyte at a time, which is several tokens.
        answer = self.client.request(
            "POST", "/api/sessions/s-1/messages", data='{"content":"hello"}', headers=HEADERS, stream=True
        )
        while line := answer._response.readline(b"\n"):
            if not line.startswith(b"data:"):
                continue
            now = time.perf_counter()
            if "text" not in json.loads(line[5:]):
                continue
            (first if last is None else gaps).append(now - (sent if last is None else last))
            last = now
            seen["tokens"] += 1


@events.quitting.add_listener
def report(environment, **_):
    def at(values, share):
        return sorted(values)[int(share * (len(values) - 1))] * 1000 if values else None

    total = environment.stats.total
    print(
        json.dumps(
            {
                "turns": total.num_requests,
                "p50Ms": total.get_response_time_percentile(0.5),
                "p99Ms": total.get_response_time_percentile(0.99),
                "tokens": seen["tokens"],
                "ttftP50Ms": at(first, 0.5),
                "ttftP99Ms": at(first, 0.99),
                "gapP99Ms": at(gaps, 0.99),
            }
        )
    )
