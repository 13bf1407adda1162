/** Speech began or ended at a place of the audio; an end is told once it has been silent long enough. */
export interface VoiceEvent {
  readonly type: 'speech-start' | 'speech-end'
  /** From the beginning of the audio to the first voiced frame, or to the end of the last. */
  readonly atMs: number
}

export interface VoiceActivityOptions {
  readonly sampleRate: number
  /** Silence that ends speech. */
  readonly silenceMs: number
  /** Voice that begins it: clicks are shorter. */
  readonly voicedMs?: number
}

const frameMs = 10
/** Mean square over full scale below which nothing is speech: -50 dB. */
const leastPower = 1e-5
/** Speech is so much louder than the noise it stands in: 9 dB. */
const overNoise = 8
/** How fast the noise floor follows what is louder: 3 dB in about four seconds. */
const floorGrowth = 1.0018
const mostFloor = 1e-3

/** Tells speech from silence by its energy over the noise floor, in audio that comes in pieces of any length. */
export class VoiceActivity {
  readonly #frameSamples: number
  readonly #silenceFrames: number
  readonly #voicedFrames: number
  #sum = 0
  #count = 0
  #frames = 0
  #floor = leastPower / overNoise
  /** Voiced frames in a row while silent; frames since the last voiced one while speaking. */
  #run = 0
  #speaking = false
  #spokenUntil = 0

  constructor({ sampleRate, silenceMs, voicedMs = 60 }: VoiceActivityOptions) {
    this.#frameSamples = Math.round((sampleRate * frameMs) / 1000)
    this.#silenceFrames = Math.max(1, Math.round(silenceMs / frameMs))
    this.#voicedFrames = Math.max(1, Math.round(voicedMs / frameMs))
  }

  get isSpeaking(): boolean {
    return this.#speaking
  }

  /** Where the last voiced frame of speech ended. */
  get spokenUntilMs(): number {
    return this.#spokenUntil * frameMs
  }

  /** How much audio there has been. */
  get positionMs(): number {
    return this.#frames * frameMs
  }

  /** What this piece of audio, linear samples of 16 bits, has made known. */
  push(samples: Int16Array): VoiceEvent[] {
    const events: VoiceEvent[] = []
    for (let i = 0; i < samples.length; i++) {
      this.#sum += samples[i]! * samples[i]!
      if (++this.#count < this.#frameSamples) continue
      const event = this.#frame(this.#sum / this.#count / 32_768 ** 2)
      if (event) events.push(event)
      this.#sum = 0
      this.#count = 0
    }
    return events
  }

  #frame(power: number): VoiceEvent | undefined {
    this.#frames++
    const voiced = power > Math.max(leastPower, this.#floor * overNoise)
    this.#floor = Math.min(mostFloor, Math.min(power + leastPower / 100, this.#floor * floorGrowth))
    return this.#speaking ? this.#whileSpeaking(voiced) : this.#whileSilent(voiced)
  }

  #whileSilent(voiced: boolean): VoiceEvent | undefined {
    this.#run = voiced ? this.#run + 1 : 0
    if (this.#run < this.#voicedFrames) return undefined
    this.#speaking = true
    this.#run = 0
    this.#spokenUntil = this.#frames
    return { type: 'speech-start', atMs: (this.#frames - this.#voicedFrames) * frameMs }
  }

  #whileSpeaking(voiced: boolean): VoiceEvent | undefined {
    this.#run = voiced ? 0 : this.#run + 1
    if (voiced) this.#spokenUntil = this.#frames
    if (this.#run < this.#silenceFrames) return undefined
    const atMs = (this.#frames - this.#run) * frameMs
    this.#speaking = false
    this.#run = 0
    return { type: 'speech-end', atMs }
  }
}
