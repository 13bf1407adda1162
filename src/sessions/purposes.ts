/**
 * What a draw is for, the last of its coordinates. `uniform.ts` packs it with attempt and step into one number and gives
 * it six bits: a purpose p of 64 to 127 draws what p − 64 draws in the attempt beside it (0 and 1, 2 and 3, …), so it may only
 * be used where p − 64 is never drawn for that one. Engines number purposes of their own from 32 on.
 */
export const purposes = {
  scenario: 1,
  turns: 2,
  think: 3,
  patience: 4,
  depth: 5,
  fanOut: 6,
  tool: 7,
  tokens: 8,
  ttft: 9,
  perToken: 10,
  chunk: 11,
  toolLatency: 12,
  toolFailure: 13,
  system: 14,
  message: 15,
  toolResult: 16,
  residual: 17,
  arrival: 18,
  route: 19,
  conversation: 20,
  call: 21,
  // Of callers.
  silent: 60,
  interrupts: 61,
  interruptsAfter: 62,
  human: 63,
  humanAt: 64,
  pause: 65,
} as const
