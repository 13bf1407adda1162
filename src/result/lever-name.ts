/** The levers that the plan pulls. */
export const leverNames = [
  'async',
  'workers',
  'calls per turn',
  'context',
  'caching',
  'max_tokens',
  'answers',
  'model',
  'engine',
  'pooling',
  'streaming',
  'quota tier',
  'routing',
  'retries',
  'peak',
  'channels',
  'starts',
  'places',
] as const

export type LeverName = (typeof leverNames)[number]
