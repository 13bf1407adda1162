import type { Script } from './script.ts'
import { type Player, ScriptedSession, SessionOver, type Stage } from './scripted-session.ts'

/** How a session that a script played came to its end. */
export interface PlayedScript {
  /** False where the run, or the user, ended it. */
  readonly whole: boolean
  /** Number of the message that would have come next. */
  readonly nextTurn: number
  /** What the script threw, in the order in which it did. */
  readonly thrown: readonly unknown[]
}

/** Plays one session as the script says. What the script throws is an answer, never an error of the run. */
export async function playScript(script: Script, player: Player, stage: Stage): Promise<PlayedScript> {
  const { options, play } = script.definition
  const session = new ScriptedSession(script, player, stage)
  const thrown: unknown[] = []

  async function attempt<T>(what: () => T | PromiseLike<T>): Promise<T | undefined> {
    try {
      return await what()
    } catch (error) {
      if (!(error instanceof SessionOver)) thrown.push(error)
      return undefined
    }
  }

  async function playAll(): Promise<void> {
    const state = await attempt(() => options.sessionStart?.(session.context(script.data, undefined)))
    const context = session.context(script.data, state)
    if (thrown.length === 0 && !session.isOver) await attempt(() => play(context))
    await session.silent()
    await attempt(() => options.sessionEnd?.(context))
  }

  await Promise.race([playAll(), session.ignored])
  await session.silent()
  return { whole: !session.isOver, nextTurn: session.nextTurn, thrown }
}
