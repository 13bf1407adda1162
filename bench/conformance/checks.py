"""What the scripts of this folder share: they are run as SCRIPT PROVIDER_URL TURNS FIRST_SESSION [NAME] and print a
line of JSON for each check, which bench/conformance/judge.ts judges."""

import asyncio
import json
import sys
import time
import urllib.request
from collections import Counter

provider_url = sys.argv[1]
turns = int(sys.argv[2])
first_session = int(sys.argv[3])
# Of the checks, those whose name has this in it.
only = sys.argv[4] if len(sys.argv) > 4 else ""
at_once = 8

order_schema = {
    "type": "object",
    "properties": {"order": {"type": "integer"}},
    "required": ["order"],
    "additionalProperties": False,
}


def question(session):
    """What a driven user says: the mark at its end names the turn."""
    return f"Where is my order? (ref 00000001-{session}-0)"


def next_sessions(count):
    """The first of so many sessions that no other check has."""
    global first_session
    first_session += count
    return first_session - count


def new_question():
    """What a user says who has said nothing yet."""
    return question(next_sessions(1))


def admin(path, method="GET", body=None):
    """The provider's own API."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(
        f"{provider_url}/_plimsoll/{path}", data, {"content-type": "application/json"}, method=method
    )
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


def all_records():
    """Calls that the provider has written down."""
    records, at = [], 0
    while True:
        page = admin(f"records?from={at}")
        records += page["records"]
        if page["next"] == at:
            return records
        at = page["next"]


class Faults:
    """Faults that the provider plays while the block runs; the calls that came meanwhile are in `calls` after it."""

    def __init__(self, *faults):
        self.faults = faults

    def __enter__(self):
        self.before = len(all_records())
        admin("faults", "PUT", {"faults": self.faults})
        return self

    def __exit__(self, *_):
        admin("faults", "DELETE")
        # What the client has given up is written down as soon as the provider sees that it left.
        for _ in range(100):
            if admin("stats").get("inFlight", 0) == 0:
                break
            time.sleep(0.01)
        self.calls = all_records()[self.before :]


def asked_for(named):
    return {name: play for name, play in named.items() if only in name}


def raises(kind, play):
    """The error of this kind that `play` has to end in."""
    try:
        play()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__} was raised")


def equal(seen, expected):
    if seen != expected:
        raise AssertionError(f"saw {seen!r} and not {expected!r}")


def say(name, **told):
    print(json.dumps({"name": name, **told}), flush=True)


def told(error):
    return f"{type(error).__name__}: {error}"[:500]


def checks(group, named):
    """Plays each check once."""
    for name, play in asked_for({f"{group}: {name}": play for name, play in named.items()}).items():
        try:
            play()
            say(name, holds=True)
        except Exception as error:
            say(name, failed=told(error))


class Turns:
    """The turns of one check, and how many model calls each of their loops took."""

    def __init__(self, name):
        self.name = name
        self.depths = Counter()
        self.first = next_sessions(turns)
        self.left = iter(range(self.first, self.first + turns))
        self.started = time.perf_counter()

    def say(self):
        seconds = time.perf_counter() - self.started
        say(self.name, first=self.first, turns=turns, depths=self.depths, seconds=seconds)


def loops(named):
    """Plays `turns` turns of each, one after the other, by a function of what the user says."""
    for name, play in asked_for(named).items():
        played = Turns(name)
        try:
            for session in played.left:
                played.depths[play(question(session))] += 1
            played.say()
        except Exception as error:
            say(name, failed=told(error))


async def async_loops(named):
    """The same with several at once."""
    for name, play in asked_for(named).items():
        played = Turns(name)

        async def worker():
            for session in played.left:
                played.depths[await play(question(session))] += 1

        try:
            await asyncio.gather(*(worker() for _ in range(at_once)))
            played.say()
        except Exception as error:
            say(name, failed=told(error))
