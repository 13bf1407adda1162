import { z } from 'zod'
import type { fields } from './fields.ts'
import { type VoiceAgentRules, type VoiceStrategy, voiceStrategies } from './voice-agent.ts'

const meanings: Readonly<Record<VoiceStrategy, string>> = {
  breakers: 'A circuit breaker for each dependency: speech to text, model, each tool, text to speech.',
  fallbacks: 'Canned sentences, fillers and partial answers where a dependency fails, then a person.',
  urgentFirst: 'When it is full, urgent calls (priority of their scenario) go first and others make room.',
  aside: 'What was said is written down and enriched beside the call; off: before the answer.',
  bargeIn: 'The agent stops when the caller speaks.',
  sentences: 'An answer is spoken sentence by sentence as the model writes it; off: when it is whole.',
}

/** How the agent answers the telephone. */
export function voiceAgentSchema(f: ReturnType<typeof fields>) {
  const onOff = (strategy: VoiceStrategy) =>
    z.enum(['on', 'off']).optional().describe(`${meanings[strategy]} On where not written.`)
  return z
    .strictObject({
      calls: f.whole1.optional().describe('Calls at once on one server; no limit where not written.'),
      hold: z
        .strictObject({
          calls: f.whole1.describe('Callers who wait for a place when it is full.'),
          for: f.durationAbove0.describe('How long each may.'),
        })
        .optional()
        .describe('Without it calls beyond get a busy tone.'),
      greeting: z.string().max(300).optional().describe('What callers hear first; "" is nothing.'),
      cpuPerSecond: f.duration
        .optional()
        .describe(
          'CPU for each second that a call is up: its sound in and out, spread evenly over the call.',
        ),
      endOfSpeech: f.durationAbove0.optional().describe('Silence that ends the caller’s speech; 500 ms.'),
      filler: f.durationAbove0
        .optional()
        .describe('Without a sound of the answer for so long, one moment please is said.'),
      limits: z
        .strictObject({
          stt: f.durationAbove0.optional().describe('Until a transcript is there; 3 s.'),
          tts: f.durationAbove0.optional().describe('Until an answer begins to sound; 3 s.'),
        })
        .optional(),
      logging: f.durations
        .optional()
        .describe('Writing down and enriching what was said, once a turn: waiting, no CPU.'),
      ...(Object.fromEntries(voiceStrategies.map((name) => [name, onOff(name)])) as Record<
        VoiceStrategy,
        ReturnType<typeof onOff>
      >),
    })
    .describe('How the reference agent answers the telephone.')
}

export type VoiceAgentSection = z.output<ReturnType<typeof voiceAgentSchema>>

const defaultGreeting = 'Hello, how can I help you?'
const defaults = { endOfSpeechMs: 500, limitMs: 3000 }

/** The section with nothing left open. */
export function voiceAgentOf(section: VoiceAgentSection = {}): VoiceAgentRules {
  const { calls, hold, greeting, cpuPerSecond, endOfSpeech, filler, limits = {}, logging } = section
  return {
    calls: calls ?? Infinity,
    hold: { calls: hold?.calls ?? 0, forMs: hold?.for ?? 0 },
    greeting: greeting ?? defaultGreeting,
    cpuPerSecondMs: cpuPerSecond ?? 0,
    endOfSpeechMs: endOfSpeech ?? defaults.endOfSpeechMs,
    fillerAfterMs: filler ?? Infinity,
    limits: { sttMs: limits.stt ?? defaults.limitMs, ttsMs: limits.tts ?? defaults.limitMs },
    ...(logging ? { aside: logging } : {}),
    strategies: Object.fromEntries(voiceStrategies.map((name) => [name, section[name] !== 'off'])) as Record<
      VoiceStrategy,
      boolean
    >,
  }
}
