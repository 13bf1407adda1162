import { callerHabits } from '../../sessions/call-plan.ts'
import { spokenMs, utteranceMs } from '../../workload/utterances.ts'
import { voiceAgentOf } from '../../workload/voice-agent-schema.ts'
import type { Phone } from '../../workload/phone.ts'
import type { Workload } from '../../workload/workload.ts'
import { demandOf } from '../demand.ts'

/** Letters of a token, as simulated answers have them. */
const charactersPerToken = 4

/** What speech takes of a response on average: the silence that ends a turn, its text, and the sound of the answer. */
export function speechMeanMs(workload: Workload, { mouthToEar }: Phone): number {
  const rules = workload.agent.voice ?? voiceAgentOf()
  const mean = (name: string, otherwise: number): number =>
    mouthToEar?.parts.find((part) => part.name === name)?.time.mean ?? otherwise
  const parts = ['speech to text', 'orchestration', 'text to speech'].map((name) => mean(name, 0))
  return parts.reduce((sum, ms) => sum + ms, mean('end of turn', rules.endOfSpeechMs))
}

/**
 * How long a turn of a call takes from one utterance to the next where nobody pauses: what is said, the response, the
 * answer's sound, and the moment until it is plain that it is over. More turns a minute than that make calls longer.
 */
export function turnOfCallMs(workload: Workload, phone: Phone): number {
  const { scenarios, processingMs } = demandOf(workload)
  const saidMs = workload.scenarios.map(
    ({ say }) => say.reduce((sum, text) => sum + utteranceMs(text), 0) / say.length,
  )
  const spokenOf = (i: number): number =>
    saidMs[i]! + spokenMs(scenarios[i]!.outputPerCall.mean * charactersPerToken)
  const speaking = scenarios.reduce((sum, { turnShare }, i) => sum + turnShare * spokenOf(i), 0)
  const pauseMs = Math.max(callerHabits.answerOverMs, phone.caller.pause.mean)
  return speaking + speechMeanMs(workload, phone) + processingMs.mean + pauseMs
}
