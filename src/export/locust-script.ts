import type { ExportedWork } from './exported-work.ts'

/** A locustfile that the real Locust runs unchanged: a task is a session. The command line sets users and time. */
export function locustScript(work: ExportedWork, users: number, seconds: number): string {
  const lines = JSON.stringify(work, undefined, 2).split('\n')
  // Python joins literals that follow each other, and reads the escapes of JSON as its own.
  const literal = lines.map((line) => JSON.stringify(`${line}\n`)).join('\n    ')
  return `"""${oneLine(work.name)}: the users of a Plimsoll workload, for Locust.

locust -f this_file.py --headless -u ${users} -r ${users} -t ${seconds}s
"""
import json
import os
import random
import re
import time
from urllib.parse import quote

import gevent
from locust import FastHttpUser, events, task

WORK = json.loads(
    ${literal}
)
${runtime}`
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n"\\]+/g, ' ')

const runtime = String.raw`
COMMON = {
    name: re.sub(r"\$\{(\w+)\}", lambda found: os.environ.get(found.group(1), ""), value)
    for name, value in WORK["headers"].items()
}
PLACEHOLDER = re.compile(r"\{(\{[A-Za-z]\w*\})\}|\{([A-Za-z]\w*)\}")


def draw(table):
    """A draw lies between the values of a table at even steps of the distribution function."""
    if not isinstance(table, list):
        return table
    at = random.random() * (len(table) - 1)
    below = int(at)
    above = min(below + 1, len(table) - 1)
    return table[below] + (at - below) * (table[above] - table[below])


def pointed(value, pointer):
    for part in pointer:
        if isinstance(value, list):
            try:
                value = value[int(part)]
            except (ValueError, IndexError):
                return None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def fill_text(text, values, encode=lambda value: value):
    def replace(found):
        if found.group(1) is not None:
            return found.group(1)
        if found.group(2) in values:
            value = values[found.group(2)]
            return encode("" if value is None else str(value))
        return found.group(0)

    return PLACEHOLDER.sub(replace, text)


def fill(template, values):
    if template == "{messages}":
        return values["messages"]
    if isinstance(template, str):
        return fill_text(template, values)
    known = lambda each: values["session"] is not None or each != "{session}"
    if isinstance(template, list):
        return [fill(each, values) for each in template if known(each)]
    if isinstance(template, dict):
        return {key: fill(each, values) for key, each in template.items() if known(each)}
    return template


def parse(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def holds(condition, event, data, value):
    if "event" in condition and condition["event"] != event:
        return False
    if "data" in condition and condition["data"] != data:
        return False
    if "at" not in condition:
        return True
    there = pointed(value, condition["at"])
    return there in condition["is"] if "is" in condition else there not in (None, False, "")


def messages_of(body):
    form = WORK["answer"]["format"]
    if form == "json":
        return [("", body, parse(body))]
    if form == "ndjson":
        return [("", line, parse(line)) for line in body.split("\n") if line.strip()]
    messages = []
    for block in re.split(r"\r?\n\r?\n", body):
        event, data = "message", ""
        for line in re.split(r"\r?\n", block):
            if line.startswith("event:"):
                event = line[6:].strip()
            if line.startswith("data:"):
                data += line[5:].strip()
        messages.append((event, data, parse(data)))
    return messages


def read_answer(body):
    """The text of an answer, the session that it names, and why it is none."""
    shape = WORK["answer"]
    text, session = "", None
    for event, data, value in messages_of(body):
        if "error" in shape and pointed(value, shape["error"]) not in (None, False, ""):
            return "", None, "error in the answer"
        if "session" in shape:
            session = pointed(value, shape["session"]) or session
        if "when" in shape and not holds(shape["when"], event, data, value):
            continue
        part = pointed(value, shape["text"])
        if isinstance(part, str):
            text += part
    return text, session, None if text else "no text"


class PlimsollUser(FastHttpUser):
    host = WORK["url"]
    number = 0
    network_timeout = 600.0

    def on_start(self):
        PlimsollUser.number += 1
        self.number = PlimsollUser.number
        self.sessions = 0

    def ask(self, request, values, name, timeout=None):
        headers = {**COMMON, **{key: fill_text(value, values) for key, value in request["headers"].items()}}
        body = None
        if "form" in request:
            body = fill(request["form"], values)
        elif "body" in request:
            body = json.dumps(fill(request["body"], values))
            headers["content-type"] = "application/json"
        headers.setdefault("accept", "application/json")
        path = fill_text(request["path"], values, lambda value: quote(value, safe=""))
        with gevent.Timeout(timeout, False):
            with self.client.request(
                request["method"], path, data=body, headers=headers, name=name, catch_response=True
            ) as answer:
                text, failed = answer.text or "", answer.status_code < 200 or answer.status_code > 299
                answer.failure(f"status {answer.status_code}") if failed else answer.success()
                return answer.status_code, text
        return 0, ""

    @task
    def session(self):
        scenario = random.choices(WORK["scenarios"], [each["share"] for each in WORK["scenarios"]])[0]
        own = f"locust-{os.getpid()}-{self.number}-{self.sessions}"
        values = {"session": None, "user": str(self.number), "turn": "0", "text": "", "messages": [], "traceparent": ""}
        history = []
        say = random.choice(scenario["say"])
        turns = len(say) if scenario["saysTurns"] else max(1, round(draw(scenario["turns"])))
        # Users are in the middle of their lives when the test begins.
        if self.sessions == 0:
            gevent.sleep(random.random() * draw(scenario["think"]))
        self.sessions += 1
        for turn in range(turns):
            values["turn"], values["text"] = str(turn), say[turn % len(say)]
            values["messages"] = [*history, {"role": "user", "content": values["text"]}]
            started = time.perf_counter()
            status, text, error = self.turn(own, values)
            took = (time.perf_counter() - started) * 1000
            expect = scenario.get("expect", {})
            if error is None and "status" in expect and status != expect["status"]:
                error = "unexpected status"
            if error is None and expect.get("contains", "") not in text:
                error = "unexpected answer"
            if error is None and took >= expect.get("underMs", float("inf")):
                error = "too late"
            events.request.fire(
                request_type="turn",
                name=scenario["name"],
                response_time=took,
                response_length=len(text),
                exception=None if error is None else RuntimeError(error),
                context={},
            )
            if error is None:
                history += [
                    {"role": "user", "content": values["text"]},
                    {"role": "assistant", "content": text},
                ]
                keep = WORK["historyMessages"]
                history = history if keep is None else history[max(0, len(history) - keep) :]
            if turn == turns - 1 and "close" in WORK and values["session"] is not None:
                self.ask(WORK["close"], values, "close", 5)
            gevent.sleep(draw(scenario["think"]))

    def turn(self, own, values):
        if "open" in WORK and values["session"] is None:
            status, body = self.ask(WORK["open"], values, "open")
            pointer = WORK["open"].get("session")
            values["session"] = (pointed(parse(body), pointer) if pointer else own) if 200 <= status < 300 else None
            if values["session"] is None:
                return status, "", "no session"
        elif "open" not in WORK and "session" not in WORK["answer"]:
            values["session"] = own
        patience = draw(WORK["patience"]) if "patience" in WORK else None
        status, body = self.ask(WORK["send"], values, "send", patience)
        if status == 0:
            return status, "", "abandoned"
        if status < 200 or status > 299:
            return status, "", f"status {status}"
        text, session, error = read_answer(body)
        if session is not None:
            values["session"] = str(session)
        return status, text, error


@events.quitting.add_listener
def judge(environment, **_):
    """Objectives decide the exit code, as k6's thresholds do."""
    environment.process_exit_code = 0
    for objective in WORK["objectives"]:
        names = [objective["scenario"]] if "scenario" in objective else [each["name"] for each in WORK["scenarios"]]
        entries = [environment.stats.get(name, "turn") for name in names]
        count = sum(entry.num_requests for entry in entries)
        if count == 0:
            continue
        if objective["metric"] == "errors":
            value = sum(entry.num_failures for entry in entries) / count
        elif objective["aggregate"] == "avg":
            value = sum(entry.total_response_time for entry in entries) / count
        else:
            times = {}
            for entry in entries:
                for took, times_seen in entry.response_times.items():
                    times[took] = times.get(took, 0) + times_seen
            left = objective["share"] * count
            for took in sorted(times):
                value = took
                left -= times[took]
                if left <= 0:
                    break
        held = value < objective["limit"]
        print(f"{'✓' if held else '✗'} {objective['text']}: {value:.4g}")
        if not held:
            environment.process_exit_code = 99
`
