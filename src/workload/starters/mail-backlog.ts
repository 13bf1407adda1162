export const mailBacklog = `# Mails that wait: 12,000 of a night, all answered before the desks open. Nobody looks on, so nobody thinks and nobody
# gives up: as many mails are in work at once as the server carries, each followed by the next, until none is left.
#
# Here users are mails in work at once. What counts is how many get done in an hour, and when the last is done.
name: mail backlog

backlog:
  items: 12k                            # mails that wait
  within: 8h                            # all of them done by then

users:
  think: 0s                             # one mail follows the other
  turns: 1

scenarios:
  - name: mail
    say: "Dear support, I have been charged twice for my order of last week. Please look into it."
    depth: { 3: 40%, 4: 40%, 6: 20% }   # classify, look up, draft, check
    tools: [orders]

agent:                                  # what your server is like
  server: { cpu: 2, memory: 4GB, perMonth: $120 }
  workers: 4
  concurrency: 6                        # mails in work at once in a worker
  queue: 0                              # the backlog waits where it is, not in the server
  retries: { attempts: 4, backoff: 1s, honourRetryAfter: true }

model:
  like: openai/gpt-4.1-mini             # a dated preset for the price; what stands below is used instead of it
  input: { system: 2k, message: 600, toolResult: 800 }
  output: lognormal(mean 250 cv 0.6)    # tokens of one call
  maxTokens: 1200
  cached: 50%
  ttft: lognormal(mean 900ms cv 0.5)
  perToken: 12ms
  quota: { rpm: 1k, tpm: 2M }

tools:
  orders: { latency: lognormal(mean 1.5s cv 1) }

objectives: [turn p95 < 2m, errors < 1%]   # of one mail: how long it may take once it is in work

origins:
  guessed: [scenarios.mail.depth, model.input, model.output, model.ttft, model.perToken, tools.orders]
`
