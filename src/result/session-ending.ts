/**
 * How a conversation ended, where the file says by which words one knows. `completed`: an answer said so, or everything
 * was said where only escalation has words. `escalated`: an answer handed the user to a person. `abandoned`: the user
 * left. `unfinished`: everything was said, and no answer said that it is done.
 */
export type SessionEnding = 'completed' | 'escalated' | 'abandoned' | 'unfinished'

/** All endings, in the order in which they are told. */
export const sessionEndings: readonly SessionEnding[] = ['completed', 'escalated', 'abandoned', 'unfinished']
