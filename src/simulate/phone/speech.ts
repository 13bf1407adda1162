import { ExactDraw } from '../../sessions/draw.ts'
import type { Uniforms } from '../../sessions/uniform.ts'
import { constant } from '../../stats/distributions.ts'
import { cannedTexts } from '../../workload/canned-texts.ts'
import type { Phone } from '../../workload/phone.ts'
import { charactersPerToken } from '../../workload/tokenizer.ts'
import { spokenMs } from '../../workload/utterances.ts'
import type { VoiceAgentRules } from '../../workload/voice-agent.ts'
import { purposes } from '../events.ts'

/** Tokens of a sentence of a simulated answer, which is spoken as soon as it is written. */
const sentenceTokens = 15
/** The agent takes a sound for a voice after so long. */
const voicedMs = 60

/** What is between a caller and the agent's turn: speech to text before it, text to speech after it. */
export class Speech {
  readonly greetingMs: number
  readonly personMs = spokenMs(cannedTexts.person.length)
  readonly sorryMs = spokenMs(cannedTexts.sorry.length)
  readonly busyMs = spokenMs(cannedTexts.busy.length)
  readonly #rules: VoiceAgentRules
  readonly #hearing: readonly ExactDraw[]
  readonly #firstSound: ExactDraw

  constructor(uniforms: Uniforms, phone: Phone, rules: VoiceAgentRules) {
    this.#rules = rules
    this.greetingMs = rules.greeting === '' ? 0 : spokenMs(rules.greeting.length)
    const part = (name: string, purpose: number, otherwiseMs = 0): ExactDraw => {
      const time = phone.mouthToEar?.parts.find((each) => each.name === name)?.time
      return new ExactDraw(time ?? constant(otherwiseMs), uniforms, purpose)
    }
    this.#hearing = [
      part('end of turn', purposes.endOfTurn, rules.endOfSpeechMs),
      part('speech to text', purposes.speechToText),
      part('orchestration', purposes.orchestration),
      ...(rules.aside && !rules.strategies.aside
        ? [new ExactDraw(rules.aside, uniforms, purposes.writeDown)]
        : []),
    ]
    this.#firstSound = part('text to speech', purposes.textToSpeech)
  }

  /** From the end of the caller's speech until the agent has its text, into a place: see `Durations`. */
  hearMs(into: Float64Array, place: number, session: number, turn: number): void {
    into[place] = 0
    for (let i = 0; i < this.#hearing.length; i++) this.#hearing[i]!.addTo(into, place, session, turn)
  }

  /** From the first text that can be spoken to its first sound, into a place. */
  firstSoundMs(into: Float64Array, place: number, session: number, turn: number): void {
    into[place] = 0
    this.#firstSound.addTo(into, place, session, turn)
  }

  /** From the first token of an answer until enough of it is there to be spoken. */
  firstSentenceMs(tokens: number, streamMs: number): number {
    if (!this.#rules.strategies.sentences || tokens <= sentenceTokens) return streamMs
    return (streamMs * (sentenceTokens - 1)) / (tokens - 1)
  }

  answerMs(tokens: number): number {
    return spokenMs(tokens * charactersPerToken)
  }

  /** From the first sound of a caller who interrupts until the agent is silent, which has `leftMs` to say. */
  stopMs(leftMs: number): number {
    return this.#rules.strategies.bargeIn ? Math.min(voicedMs, leftMs) : leftMs
  }
}
