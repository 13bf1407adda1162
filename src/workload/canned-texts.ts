/** What the agent can say when nothing else works. */
export const cannedTexts = {
  hold: 'All lines are busy. Please hold, you are next.',
  busy: 'All lines are busy. Please call again later.',
  filler: 'One moment, please.',
  sorry: 'I am sorry, I cannot look that up right now. Is there anything else?',
  again: 'Sorry, I did not catch that. Could you say it again?',
  person: 'I will put you through to a colleague.',
} as const
