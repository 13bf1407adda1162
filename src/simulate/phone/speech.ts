import type { Distribution } from '../../stats/distribution.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { cannedTexts } from '../../workload/canned-texts.ts'
import type { Phone } from '../../workload/phone.ts'
import { spokenMs } from '../../workload/utterances.ts'
import type { VoiceAgentRules } from '../../workload/voice-agent.ts'
import { purposes } from '../events.ts'

/** Of the simulated answers: what a token is in letters, and how many tokens of them are spoken at once. */
const charactersPerToken = 4
const sentenceTokens = 15
/** A voice is one after so long. */
const voicedMs = 60

/** What is between a caller and the agent's turn: speech to text before it, text to speech after it. */
export class Speech {
  readonly greetingMs: number
  readonly personMs = spokenMs(cannedTexts.person.length)
  readonly sorryMs = spokenMs(cannedTexts.sorry.length)
  readonly busyMs = spokenMs(cannedTexts.busy.length)
  readonly #sessions: Sessions
  readonly #rules: VoiceAgentRules
  readonly #times: ReadonlyMap<string, Distribution>

  constructor(sessions: Sessions, phone: Phone, rules: VoiceAgentRules) {
    this.#sessions = sessions
    this.#rules = rules
    this.#times = new Map((phone.mouthToEar?.parts ?? []).map(({ name, time }) => [name, time]))
    this.greetingMs = rules.greeting === '' ? 0 : spokenMs(rules.greeting.length)
  }

  /** From the end of the caller's speech until the agent has its text. */
  hearMs(session: number, turn: number): number {
    const { aside, strategies, endOfSpeechMs } = this.#rules
    const u = (purpose: number): number => this.#sessions.uniform(session, turn, 0, 0, purpose)
    const logMs = aside && !strategies.aside ? Math.max(0, aside.quantile(u(purposes.writeDown))) : 0
    return (
      this.#part('end of turn', session, turn, purposes.endOfTurn, endOfSpeechMs) +
      this.#part('speech to text', session, turn, purposes.speechToText) +
      this.#part('orchestration', session, turn, purposes.orchestration) +
      logMs
    )
  }

  /** From the first text that can be spoken to its first sound. */
  firstSoundMs(session: number, turn: number): number {
    return this.#part('text to speech', session, turn, purposes.textToSpeech)
  }

  /** Into the answer's text: when there is enough of it to be spoken. */
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

  #part(name: string, session: number, turn: number, purpose: number, otherwise = 0): number {
    const time = this.#times.get(name)
    if (!time) return otherwise
    return Math.max(0, time.quantile(this.#sessions.uniform(session, turn, 0, 0, purpose)))
  }
}
