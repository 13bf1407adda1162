export const locustTasks = `# Three weighted tasks, as a Locust user class would hold them: @task(3) a single question, @task(2) an order
# look-up, @task(1) a conversation of three fixed messages one second apart; wait_time = between(2, 5).
name: locust tasks

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: uniform(2s 5s)                 # between sessions, and within one where the scenario says nothing
  patience: 60s

scenarios:
  - name: single question
    weight: 3
    say: "What are your business hours?"
    depth: 1

  - name: order look-up
    weight: 2
    say: "Where is my order 1001?"
    depth: 2                            # the model calls the tool, then answers
    tools: [orders]                     # the simulated model calls these and no other

  - name: conversation
    weight: 1
    say: ["I need help with my order.", "My number is 1002.", "When will it come?"]
    turns: 3
    think: 1s
    depth: 1

agent:                                  # what your server is like
  workers: 4
  concurrency: 10
  queue: 50
  limits: { turn: 60s, steps: 10 }

model:
  like: openai/gpt-4o-mini              # a dated preset: its pace of tokens, and the price
  input: { system: 400, message: 30, toolResult: 80, history: all }
  output: lognormal(mean 40 cv 0.5)     # tokens of one call
  maxTokens: 300
  ttft: lognormal(p50 400ms p95 1.2s)
  tokensPerChunk: 3
  quota: { rpm: 2k, tpm: 1M }

tools:
  orders:
    latency: lognormal(mean 180ms cv 1)
    capacity: 20
    failure: 0.5%
    arguments: { order: [1001, 1002] }

objectives: [turn p95 < 8s, errors < 2%]

origins:
  guessed: [users.patience, agent, model.input, model.output, model.ttft, tools.orders]
`
