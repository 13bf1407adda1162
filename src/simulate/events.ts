/** What an event of the simulation means; its subject is a client unless said otherwise. */
export const events = {
  /** The user sends the next message. */
  send: 0,
  /** The phase that the client's turn is in has ended. */
  phaseEnd: 1,
  /** The first token of the last step's call has reached the agent. */
  firstToken: 2,
  /** Some tokens of a stream have reached the agent and cost it CPU. */
  relay: 3,
  /** The agent's own limit on a turn. */
  turnLimit: 4,
  /** The user's patience is over. */
  patience: 5,
  /** Subject: a tool job. */
  toolEnd: 6,
  /** Subject: a model with an engine. */
  engineStation: 8,
  /** A new session arrives (open load). */
  arrival: 9,
  /** A bucket of the series is full. */
  series: 10,
  /** The agent's limit on a call that an engine serves. */
  callLimit: 11,
  /** Subject: a tool job. The agent's limit on it. */
  toolLimit: 12,
  /** The state store, where it has a capacity. */
  stateStation: 13,
  /** The load is looked at, and a server may come or go. */
  scale: 14,
  /** Subject: a server, which is ready, fails, or is back. */
  serverReady: 15,
  serverFails: 16,
  serverBack: 17,
  /** Output of a call is charged while it is made. */
  liveOutput: 18,
  /** Subject: a call by telephone. What its caller waits for has come; the generation is the plan's own. */
  caller: 19,
  /** Subject: a vendor of calls, which puts calls through that waited or ends them. */
  vendorWake: 20,
  /** Subject: a call at one of its vendors, which it needs no more; the generation is its session. */
  vendorFree: 21,
  /** Subject: a kind of deadlines; the generation is the step of time in which those that are due enter the queue. */
  deadlines: 22,
  /** Work that the sound of calls leaves room for is done. */
  besideSound: 23,
  /** Quotas are looked at, and nothing happens. */
  quotaLook: 24,
} as const

/** Purposes of the simulator's own draws (`Sessions.uniform`). */
export const purposes = {
  prompt: 32,
  stateLoad: 33,
  stateSave: 34,
  retry: 35,
  loadFails: 36,
  saveFails: 37,
  serverFails: 38,
  serverDown: 39,
  endOfTurn: 40,
  speechToText: 41,
  orchestration: 42,
  textToSpeech: 43,
  writeDown: 44,
  handOff: 45,
  handOffAt: 46,
} as const
