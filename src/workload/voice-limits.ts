/** How many calls a vendor lets begin, and what becomes of the others. */
export interface StartLimit {
  readonly startsPerSecond: number
  readonly over: 'queued' | 'rejected'
}

/** What a vendor takes by default; most raise it on request. */
export interface VoiceLimit {
  readonly vendor: string
  readonly part: 'carrier' | 'platform' | 'speech to text' | 'text to speech'
  /** Calls or sessions at once. */
  readonly channels?: number
  readonly starts?: StartLimit
  /** `vendor`: its own pages; `others`: told by third parties only. */
  readonly toldBy: 'vendor' | 'others'
  readonly note?: string
}

/** Default limits as read in November 2026, from the vendors' pages unless `toldBy` says otherwise. */
export const voiceLimits: readonly VoiceLimit[] = [
  {
    vendor: 'Twilio',
    part: 'carrier',
    starts: { startsPerSecond: 1, over: 'queued' },
    toldBy: 'vendor',
    note: 'outbound, an account; inbound calls and <Dial> are not held to it. Twilio glossary, CPS',
  },
  {
    vendor: 'Bandwidth',
    part: 'carrier',
    channels: 100,
    starts: { startsPerSecond: 5, over: 'rejected' },
    toldBy: 'vendor',
    note: 'that the excess is rejected is assumed',
  },
  {
    vendor: 'Vonage',
    part: 'carrier',
    starts: { startsPerSecond: 3, over: 'rejected' },
    toldBy: 'vendor',
    note: 'HTTP 429 or SIP 503',
  },
  {
    vendor: 'Telnyx',
    part: 'carrier',
    channels: 2,
    toldBy: 'vendor',
    note: 'up to 10 for accounts of a higher level; SIP 403',
  },
  {
    vendor: 'Plivo',
    part: 'carrier',
    starts: { startsPerSecond: 2, over: 'queued' },
    toldBy: 'vendor',
    note: 'outbound; inbound 10. That the excess is queued is assumed',
  },
  { vendor: 'Vapi', part: 'platform', channels: 10, toldBy: 'vendor', note: 'calls beyond are queued' },
  {
    vendor: 'Retell',
    part: 'platform',
    channels: 20,
    toldBy: 'others',
    note: '8 $ a month for each further',
  },
  { vendor: 'Bland', part: 'platform', channels: 10, toldBy: 'others', note: '50 or 100 by plan' },
  { vendor: 'LiveKit Build', part: 'platform', channels: 5, toldBy: 'others', note: 'agent sessions' },
  { vendor: 'Cartesia Line', part: 'platform', channels: 8, toldBy: 'vendor', note: '12, 20 or 60 by plan' },
  { vendor: 'Speechmatics', part: 'speech to text', channels: 2, toldBy: 'vendor', note: '50 by plan' },
  { vendor: 'Soniox', part: 'speech to text', channels: 10, toldBy: 'vendor' },
  {
    vendor: 'AssemblyAI',
    part: 'speech to text',
    starts: { startsPerSecond: 100 / 60, over: 'rejected' },
    toldBy: 'vendor',
    note: 'new sessions a minute, 5 or from 100 by plan; grows by a tenth while 70 % are used',
  },
  { vendor: 'LiveKit Build', part: 'speech to text', channels: 5, toldBy: 'others' },
  { vendor: 'LiveKit Build', part: 'text to speech', channels: 5, toldBy: 'others' },
]

/**
 * A published mouth-to-ear budget, target and upper limit. Twilio, A Guide to Core Latency in AI Voice Agents (Cascaded
 * Edition), 17 November 2025: 1,115 ms, at most 1,400; of it 885 and 1,100 from the platform. `network` is what the two
 * leave between them. `orchestration` is what the platform's target leaves after its three services; their limits
 * together exceed the platform's, so it has no limit of its own and keeps its target.
 */
export const mouthToEarBudget = {
  targetMs: 1115,
  limitMs: 1400,
  parts: [
    { name: 'network', targetMs: 1115 - 885, limitMs: 1400 - 1100 },
    { name: 'orchestration', targetMs: 60, limitMs: 60 },
    { name: 'speech to text', targetMs: 350, limitMs: 500 },
    { name: 'model', targetMs: 375, limitMs: 750 },
    { name: 'text to speech', targetMs: 100, limitMs: 250 },
  ],
} as const

const parts: Readonly<Record<string, VoiceLimit['part']>> = {
  carrier: 'carrier',
  platform: 'platform',
  stt: 'speech to text',
  tts: 'text to speech',
}

/** `livekit-build` of `LiveKit Build`. */
const keyOf = ({ vendor }: VoiceLimit): string => vendor.toLowerCase().replaceAll(' ', '-')

/** What `like` may name under a part of the phone section: `twilio` under `carrier`, `soniox` under `stt`. */
export function voiceLimitNames(part: string): string[] {
  return voiceLimits.filter((limit) => limit.part === parts[part]).map(keyOf)
}

/** The default limits of exactly this vendor for this part. */
export function voiceLimit(part: string, like: string): VoiceLimit | undefined {
  return voiceLimits.find((limit) => limit.part === parts[part] && keyOf(limit) === like)
}
