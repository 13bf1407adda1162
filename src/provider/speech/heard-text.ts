import { textMarker } from '../../sessions/turn-key.ts'
import type { VoiceTagKey } from '../../wire/voice-tag.ts'
import type { Face } from '../face.ts'

/** Speech without a tag that begins so soon after a tagged utterance is the rest of it. */
export const sameUtteranceMs = 2000
/** A pause shorter than this is a breath: simulated text is told whole and cannot be cut there. */
export const shortestPauseMs = 300
/** What a caller has said who carries no tag. */
const untaggedText = 'Hello, I have a question about my appointment.'

/** What the caller said whose tag was heard, with the mark of the turn; a generic sentence where it is nobody's here. */
export function heardText({ epoch: { sessions, run } }: Face, key: VoiceTagKey | undefined): string {
  if (!key || (run !== undefined && run !== key.run)) return untaggedText
  return `${sessions.text(key.session, key.turn)} ${textMarker(key)}`
}
