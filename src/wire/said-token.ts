/** A token of an answer, and how likely it was. */
export interface SaidToken extends LikelyToken {
  /** The likeliest in its place, as many as were asked for. */
  readonly top: readonly LikelyToken[]
}

export interface LikelyToken {
  readonly token: string
  /** Natural logarithm of its probability. */
  readonly logprob: number
}

/** As OpenAI's APIs tell it. */
export const logprobObject = ({ top, ...said }: SaidToken) => ({
  ...likely(said),
  top_logprobs: top.map(likely),
})

const likely = ({ token, logprob }: LikelyToken) => ({ token, logprob, bytes: [...Buffer.from(token)] })

/** The tokens of a text that is told piece by piece. */
export class ToldTokens {
  readonly #tokens: readonly SaidToken[]
  #next = 0
  #told = 0

  constructor(tokens: readonly SaidToken[]) {
    this.#tokens = tokens
  }

  /** Those that begin before so many characters of the text, after those that were told before. */
  upTo(characters: number): SaidToken[] {
    const tokens: SaidToken[] = []
    while (this.#next < this.#tokens.length && this.#told < characters) {
      const said = this.#tokens[this.#next++]!
      this.#told += said.token.length
      tokens.push(said)
    }
    return tokens
  }
}
