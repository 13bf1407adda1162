export const voiceIntake = `# A small agent on the telephone: short intake calls, 12 a minute, on ten channels.
#
#   plimsoll load examples/voice-intake.yaml --reference --duration 1m --warm-up 10s
#
# Calls are played in real time: the caller's speech goes out in frames of 20 ms and the answer is heard as it comes.
name: voice intake

phone:
  calls: 12/min
  duration: lognormal(mean 20s cv 0.5)
  blocked: 1%
  turns: 8/min                          # answers of the agent in a minute of a call

  carrier: { concurrent: 10, callsPerSecond: 5, over: rejected, maxDuration: 5m }
  mouthToEar: { within: 1.4s, stt: lognormal(mean 200ms cv 0.3), tts: lognormal(mean 100ms cv 0.4) }
  caller: { patience: 8s, interrupts: 10%, silent: 3%, human: 2%, pause: 500ms }

agent:
  workers: 1
  concurrency: 50

model:
  like: openai/gpt-4.1-mini
  input: { system: 800, message: 20, history: window(6) }
  output: lognormal(mean 14 cv 0.4)     # a sentence
  maxTokens: 60
  ttft: lognormal(mean 300ms cv 0.4)
  perToken: 10ms

objectives: [response p95 < 1.5s, dropped < 2%, blocked < 1%, abandoned < 2%, completed > 90%]

origins:
  guessed: [phone.duration, phone.turns, phone.caller, phone.mouthToEar, model.output, agent]
`
