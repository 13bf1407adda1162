import { expect, test } from 'vitest'
import { AnswerEar } from './answer-ear.ts'

const loud = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0x80)
const quiet = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0xff)

function listening(marked: (name: string) => void = () => {}): AnswerEar {
  const ear = new AnswerEar(marked)
  ear.listen(1000, 0)
  return ear
}

test('silence is no answer; the first sound is heard when it is played, not when it arrives', () => {
  const ear = listening()
  ear.media(quiet(100), 1100)
  expect(ear.hasAnswered(5000)).toBe(false)
  ear.media(loud(60), 1150)
  expect([ear.firstHeardAtMs, ear.heardUntilMs, ear.frames]).toEqual([1200, 1260, 3])
  expect([ear.hasAnswered(1199), ear.hasAnswered(1200), ear.speaks(1259), ear.speaks(1260)]).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect([ear.isOver(2059), ear.isOver(2060)]).toEqual([false, true])
})

test('pieces play one after another, and a piece that comes too late within an answer leaves a hole', () => {
  const ear = listening()
  ear.media(loud(500), 1000)
  ear.media(loud(500), 1000)
  expect(ear.heardUntilMs).toBe(2000)
  ear.media(loud(100), 2200)
  expect([ear.gaps, ear.longestGapMs]).toEqual([0, 0])
  ear.media(loud(100), 2700)
  expect([ear.gaps, ear.longestGapMs]).toEqual([1, 400])
})

test('a clear takes back what has not been played, first sound and marks with it', () => {
  const marks: string[] = []
  const ear = listening((name) => marks.push(name))
  ear.media(quiet(500), 1000)
  ear.media(loud(500), 1000)
  ear.mark('end', 1000)
  ear.clear(1400)
  expect([ear.firstHeardAtMs, ear.heardUntilMs, ear.hasAnswered(9999)]).toEqual([NaN, 1400, false])
  expect(marks).toEqual(['end'])
})

test('marks come back in order when their sound has been played', () => {
  const marks: string[] = []
  const ear = listening((name) => marks.push(name))
  ear.mark('nothing before', 1000)
  ear.media(loud(100), 1000)
  ear.mark('first', 1000)
  ear.media(loud(100), 1000)
  ear.mark('second', 1000)
  ear.advance(1099)
  expect(marks).toEqual(['nothing before'])
  ear.advance(1150)
  expect(marks).toEqual(['nothing before', 'first'])
  ear.advance(1200)
  expect(marks).toEqual(['nothing before', 'first', 'second'])
})

test('what goes on from before the caller spoke is the old answer until it pauses', () => {
  const ear = listening()
  ear.media(loud(3000), 1100)
  ear.listen(2000, 1500)
  expect(ear.hasAnswered(2500)).toBe(false)
  ear.media(loud(100), 4000)
  expect(ear.hasAnswered(4200)).toBe(false)
  ear.media(loud(100), 4600)
  expect(ear.firstHeardAtMs).toBe(4600)
})

test('an answer that begins while the caller speaks is heard at once, and told', () => {
  const ear = listening()
  ear.media(loud(1000), 1600)
  ear.listen(2000, 1500)
  expect([ear.firstHeardAtMs, ear.talkedOver]).toEqual([2000, true])
})
