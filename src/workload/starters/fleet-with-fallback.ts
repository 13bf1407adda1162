/** Servers that scale and fail, a model with a fallback, urgent work first. */
export const fleetWithFallback = `# A fleet under stress: servers that follow the load and fail, a model that spills over into another, urgent work first.
#
# Meant for simulate: plan says in its notes what of it the algebra does not follow. Try
#   plimsoll simulate examples/fleet-with-fallback.yaml --users 300
#   plimsoll simulate examples/fleet-with-fallback.yaml --users 300 --set models.main.fallback=null
# The quota of main holds 300 calls a minute and 300 users ask for more than twice as many. In the first run the rest
# goes to backup, on about five servers; in the second more than half of the turns fail, most of them refused by the
# breakers that the 429s open.
name: fleet with fallback

users:
  think: lognormal(mean 40s cv 0.8)
  turns: geometric(mean 5)
  patience: 60s

scenarios:
  - name: chat
    weight: 4
    say: ["What are your opening hours?", "And on Sundays?"]
    depth: { 1: 50%, 2: 30%, 3: 20% }
    tools: [orders]
    model: main
  - name: payment failed
    weight: 1
    priority: 1                         # higher goes first
    say: ["I was charged twice", "Order {order}"]
    depth: 2
    tools: [investigate]
    model: main

agent:
  server: { cpu: 2, memory: 4GB, perMonth: $120 }
  workers: 2                            # of each server, as everything here
  concurrency: 8
  queue: 30
  overhead: { prompt: 60ms, cpuPerCall: 2ms, cpuPerToken: 20us }
  limits: { turn: 60s, steps: 6, call: 20s, tool: 15s }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }
  connections: { model: 20, tools: 20 } # of each worker; a call waits for a free one
  state: { latency: lognormal(mean 12ms cv 0.5), capacity: 50, failure: 0.01% }
  admission: { order: priority, shed: lowest }
  breakers: { failures: 90%, calls: 20, openFor: 5s }
  degrade: [{ above: 90%, steps: 1, below: 1 }]
  scale: { from: 2, to: 6, startup: 45s, above: 70%, below: 30%, every: 15s }
  failures: { every: exponential(mean 2h), down: 60s }

models:
  main:
    like: openai/gpt-4.1-mini
    input: { system: 1000, message: 40, toolResult: 100, history: window(6) }
    output: lognormal(mean 120 cv 0.6)
    maxTokens: 400
    ttft: lognormal(p50 450ms p95 1.2s)
    perToken: 10ms
    quota: { rpm: 300, tpm: 1M }
    fallback: { to: backup, when: overQuota }
  backup:
    like: openai/gpt-4.1
    input: { system: 1000, message: 40, toolResult: 100, history: window(6) }
    output: lognormal(mean 120 cv 0.6)
    maxTokens: 400
    ttft: lognormal(p50 700ms p95 2s)
    perToken: 18ms

tools:
  orders: { latency: lognormal(mean 180ms cv 1), capacity: 50, failure: 0.5% }
  investigate:                          # an agent used as a tool: a loop of its own, two at once
    fanOut: 2
    subagent: { depth: 2, model: backup, tools: [orders], input: { system: 600, message: 80, toolResult: 100 }, output: 80 }

objectives: [turn p95 < 15s, "[payment failed] turn p95 < 20s", errors < 1%]

origins:
  guessed: [users, agent, models.main.ttft, models.backup.ttft, tools]
`
