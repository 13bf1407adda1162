/**
 * A 32-bit finaliser: every bit of the input reaches every bit of the output ("lowbias32", Chris Wellons,
 * Prospecting for Hash Functions, 2018).
 */
export function mix(x: number): number {
  return signedMix(x) >>> 0
}

/** The same bits as a number with a sign, which V8 keeps as it is where one of 2^31 or more becomes an object. */
function signedMix(x: number): number {
  x ^= x >>> 16
  x = Math.imul(x, 0x7feb352d)
  x ^= x >>> 15
  x = Math.imul(x, 0x846ca68b)
  return x ^ (x >>> 16)
}

/**
 * A uniform in (0, 1) that is a pure function of its coordinates: the same on every machine, in any order. Integers;
 * attempts and purposes below 64 each, else draws of different coordinates may be the same (`lastMix`).
 */
export function uniformAt(
  seed: number,
  session: number,
  turn: number,
  step: number,
  attempt: number,
  purpose: number,
): number {
  return uniformOf(lastMix(mixTurn(seed, session, turn), step, attempt, purpose))
}

/** `uniformAt` of one seed, quick for draws of one turn in a row: what their coordinates share is mixed once. */
export class Uniforms {
  readonly #seed: number
  #session = -1
  #turn = 0
  #mixed = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  at(session: number, turn: number, step: number, attempt: number, purpose: number): number {
    return uniformOf(this.bitsAt(session, turn, step, attempt, purpose))
  }

  /** The 32 bits behind a uniform, as a number with a sign. */
  bitsAt(session: number, turn: number, step: number, attempt: number, purpose: number): number {
    if (session !== this.#session || turn !== this.#turn) {
      this.#session = session
      this.#turn = turn
      this.#mixed = mixTurn(this.#seed, session, turn)
    }
    return lastMix(this.#mixed, step, attempt, purpose)
  }
}

/**
 * The seed of what a call draws at a model that its loop does not ask: there it is another call, and fares well or badly
 * whatever the first model made of it.
 */
export function seedElsewhere(seed: number, model: number): number {
  return mix(seed ^ Math.imul(model + 1, 0x9e3779b1))
}

function mixTurn(seed: number, session: number, turn: number): number {
  return signedMix(signedMix(seed ^ Math.imul(session + 1, 0x9e3779b1)) ^ Math.imul(turn + 1, 0x85ebca6b))
}

function lastMix(h: number, step: number, attempt: number, purpose: number): number {
  return signedMix(h ^ Math.imul((step << 12) ^ (attempt << 6) ^ purpose, 0xc2b2ae35))
}

/** One of many uniforms that are made of one, by its ordinal: a draw of its own for each choice behind one draw. */
export function splitUniform(uniform: number, ordinal: number): number {
  return uniformOf(mix(Math.floor(uniform * 2 ** 32) ^ Math.imul(ordinal + 1, 0x9e3779b1)))
}

/** The uniform that 32 bits make, with a sign or without. */
export function uniformOf(bits: number): number {
  return ((bits >>> 0) + 0.5) / 4294967296
}
