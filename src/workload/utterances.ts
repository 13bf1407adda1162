/** One sentence of a caller; its sound is `voices/caller/<name>.ulaw`. */
export interface Utterance {
  readonly name: string
  /** How long it takes to say, in whole frames of 20 ms. */
  readonly ms: number
  readonly text: string
}

/** What callers say, in order, where the file does not say: the sound was spoken once by a free synthesiser. */
export const utterances: readonly Utterance[] = [
  { name: '01', ms: 2080, text: 'Hello, I would like to book an appointment.' },
  { name: '02', ms: 1460, text: 'Do you have anything on Tuesday?' },
  { name: '03', ms: 1040, text: 'Could I come in the morning?' },
  { name: '04', ms: 960, text: 'My name is Anna Smith.' },
  { name: '05', ms: 1160, text: 'What are your opening hours?' },
  { name: '06', ms: 1420, text: 'I need to move my appointment.' },
  { name: '07', ms: 1180, text: 'Is there parking nearby?' },
  { name: '08', ms: 1160, text: 'How much does it cost?' },
  { name: '09', ms: 1480, text: 'Can you send me a confirmation?' },
  { name: '10', ms: 1160, text: 'I have a bit of a toothache.' },
  { name: '11', ms: 1620, text: 'That works for me, thank you.' },
  { name: '12', ms: 1660, text: 'No, that is all, goodbye.' },
]

const charactersPerSecond = 15
/** Sound is sent and counted in frames of this length. */
export const frameMs = 20
const known = new Map(utterances.map(({ text, ms }) => [text, ms]))

/** How long people, and simulated voices, take to say so many characters, in whole frames; milliseconds. */
export function spokenMs(characters: number): number {
  return Math.max(1, Math.ceil(((characters / charactersPerSecond) * 1000) / frameMs)) * frameMs
}

/** How long a caller takes to say a text. */
export function utteranceMs(text: string): number {
  return known.get(text) ?? spokenMs(text.length)
}
