import { callerHabits } from '../../sessions/call-plan.ts'
import type { Distribution } from '../../stats/distribution.ts'
import { constant, gamma } from '../../stats/distributions.ts'
import { charactersPerToken } from '../../workload/tokenizer.ts'
import { spokenMs, utteranceMs } from '../../workload/utterances.ts'
import { voiceAgentOf } from '../../workload/voice-agent-schema.ts'
import type { Phone } from '../../workload/phone.ts'
import type { Workload } from '../../workload/workload.ts'
import { demandOf } from '../demand.ts'

/** What speech takes of a response: the silence that ends a turn, its text, and the sound of the answer. */
function speechParts(workload: Workload, { mouthToEar }: Phone): readonly Distribution[] {
  const rules = workload.agent.voice ?? voiceAgentOf()
  const timeOf = (part: string): Distribution | undefined =>
    mouthToEar?.parts.find(({ name }) => name === part)?.time
  return [
    timeOf('end of turn') ?? constant(rules.endOfSpeechMs),
    ...['speech to text', 'orchestration', 'text to speech'].flatMap((name) => timeOf(name) ?? []),
  ]
}

/** The mean of it. */
export function speechMeanMs(workload: Workload, phone: Phone): number {
  return speechParts(workload, phone).reduce((sum, { mean }) => sum + mean, 0)
}

/** All of it as one law, by mean and variance. */
export function speechLaw(workload: Workload, phone: Phone): Distribution {
  const mean = speechMeanMs(workload, phone)
  const variance = speechParts(workload, phone).reduce((sum, part) => sum + part.variance, 0)
  return gamma(mean, mean > 0 ? Math.sqrt(variance) / mean : 0)
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
