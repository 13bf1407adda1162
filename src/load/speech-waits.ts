import type { SpeechWaits } from '../result/turn-time.ts'
import type { AdminStats } from '../wire/admin-api.ts'

/** What the played speech services made callers wait for, where both were asked. */
export function speechWaits({ speech }: Pick<AdminStats, 'speech'> = {}): { speech?: SpeechWaits } {
  if (!speech || speech.stt.waits.count === 0 || speech.tts.waits.count === 0) return {}
  return { speech: { hearing: speech.stt.waits, speaking: speech.tts.waits } }
}
