import type { Script } from './script.ts'
import { type Player, ScriptedSession, SessionOver, type Stage } from './scripted-session.ts'

/** How a session that a script played came to its end. */
export interface PlayedScript {
  /** False where the run, or the user, ended it. */
  readonly whole: boolean
  /** It still awaited something of its own when nobody waited for it any longer. */
  readonly stuck: boolean
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

  let forget = (): void => {}
  const givenUp = new Promise<boolean>((resolve) => (forget = stage.onGivenUp(() => resolve(true))))
  const stuck = await Promise.race([playAll().then(() => false), session.ignored.then(() => false), givenUp])
  forget()
  if (stuck) session.giveUp()
  await session.silent()
  return { whole: !session.isOver, stuck, nextTurn: session.nextTurn, thrown }
}
