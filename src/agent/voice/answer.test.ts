import { expect, test } from 'vitest'
import { Dependency, DependencyFailure } from '../dependency.ts'
import { TurnError } from '../messages.ts'
import type { Session } from '../session-store.ts'
import type { TurnListener, Turns } from '../turns.ts'
import { answer } from './answer.ts'
import type { Speak } from './speak.ts'

const session = {} as Session
const written = ['It comes on Monday', '. It costs 3 eu', 'ros.']

/** A model that is led by hand, a voice that says the words themselves, and what has been heard. */
function world(sentences: boolean, speak?: Speak) {
  const heard: string[] = []
  let listener!: TurnListener
  let givenUp = 0
  const turns = {
    ask(_: Session, __: unknown, told: TurnListener) {
      listener = told
      return () => givenUp++
    },
  } as unknown as Turns
  async function* say(text: string): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from(text))
  }
  const stop = new AbortController()
  const done = answer(
    {
      turns,
      speak: speak ?? ((text) => Promise.resolve(say(text))),
      tts: new Dependency({ name: 'text to speech', limitMs: Infinity }),
      sentences,
    },
    session,
    'When?',
    { play: (sound) => heard.push(sound.toString()) },
    stop.signal,
  )
  const report = { turn: 0, modelCalls: 1, toolCalls: 0, timings: {} as never }
  return {
    heard,
    stop,
    done,
    write: (pieces: readonly string[]) => pieces.forEach((piece) => listener.text(piece, 1)),
    end: () => listener.answered({ ...report, content: written.join('') }),
    fail: () => listener.failed({ code: 'model_error', message: 'down' }),
    givenUp: () => givenUp,
  }
}

test('sentence by sentence, while the model still writes', async () => {
  const { heard, write, end, done } = world(true)
  write(written)
  await expect.poll(() => heard).toEqual(['It comes on Monday.'])
  end()
  await done
  expect(heard).toEqual(['It comes on Monday.', 'It costs 3 euros.'])
})

test('or when it is whole', async () => {
  const { heard, write, end, done } = world(false)
  write(written)
  end()
  await done
  expect(heard).toEqual(['It comes on Monday. It costs 3 euros.'])
})

test('a model that breaks off has failed, after what it had written was said', async () => {
  const { heard, write, fail, done } = world(true)
  write(written)
  fail()
  await expect(done).rejects.toBeInstanceOf(TurnError)
  expect(heard).toEqual(['It comes on Monday.'])
})

test('what cannot be spoken need not be written', async () => {
  const { write, done, givenUp } = world(true, () => Promise.reject(new Error('down')))
  write(written)
  await expect(done).rejects.toBeInstanceOf(DependencyFailure)
  expect(givenUp()).toBe(1)
})

test('whoever speaks into it stops both', async () => {
  const { heard, write, stop, done, givenUp } = world(true)
  stop.abort('the caller speaks')
  write(written)
  await expect(done).rejects.toBe('the caller speaks')
  expect([givenUp(), heard]).toEqual([1, []])
})
