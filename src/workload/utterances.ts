/** One sentence of a caller; its sound is `voices/caller/<name>.ulaw`. */
export interface Utterance {
  readonly name: string
  readonly text: string
}

/** What callers say, in order, where the file does not say: the sound was spoken once by a free synthesiser. */
export const utterances: readonly Utterance[] = [
  { name: '01', text: 'Hello, I would like to book an appointment.' },
  { name: '02', text: 'Do you have anything on Tuesday?' },
  { name: '03', text: 'Could I come in the morning?' },
  { name: '04', text: 'My name is Anna Smith.' },
  { name: '05', text: 'What are your opening hours?' },
  { name: '06', text: 'I need to move my appointment.' },
  { name: '07', text: 'Is there parking nearby?' },
  { name: '08', text: 'How much does it cost?' },
  { name: '09', text: 'Can you send me a confirmation?' },
  { name: '10', text: 'I have a bit of a toothache.' },
  { name: '11', text: 'That works for me, thank you.' },
  { name: '12', text: 'No, that is all, goodbye.' },
]
