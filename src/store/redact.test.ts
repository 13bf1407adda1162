import { describe, expect, test } from 'vitest'
import { redact, redactText } from './redact.ts'

describe('redactText', () => {
  test.each([
    [
      'plimsoll find a.yaml --target http://localhost:8000/api',
      'plimsoll find a.yaml --target <local target>',
    ],
    [
      'load --target https://agent.acme.example:8443/x?k=1 --users 5',
      'load --target <remote target> --users 5',
    ],
    ['load --allow-target agent.acme.example --users 5', 'load --allow-target <redacted> --users 5'],
    ['check --header "authorization: Bearer abc.def" --json', 'check --header <redacted> --json'],
    ["check -H 'x-key: 1' --json", 'check -H <redacted> --json'],
    ['find --start "OPENAI_API_KEY=abc uvicorn app"', 'find --start <redacted>'],
    [
      'plan --set target.headers.authorization=sesame --users 3',
      'plan --set target.headers.authorization=<redacted> --users 3',
    ],
    [
      'load --set target.http.send.body.keys[0]=sesame --users 3',
      'load --set target.http.send.body.keys[0]=<redacted> --users 3',
    ],
    ['AGENT_TOKEN=hunter2 plimsoll plan', 'AGENT_TOKEN=<redacted> plimsoll plan'],
    ['the answer was: Bearer abc123', 'the answer was: Bearer <redacted>'],
    ['used sk-proj-abcdefgh1234', 'used <redacted>'],
    ['connect ECONNREFUSED 10.1.2.3:8000', 'connect ECONNREFUSED <remote target>'],
    ['connect ECONNREFUSED 127.0.0.1:8000', 'connect ECONNREFUSED <local target>'],
    ['getaddrinfo ENOTFOUND agent.acme.example', 'getaddrinfo ENOTFOUND <remote target>'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected)
  })

  test.each([
    'model quota, 450k tokens/min: from there on 429s, and turn p95 passes 10 s',
    'output tokens: 120',
    'of 14 inputs 5 measured, 3 from presets, 6 guessed',
    'plimsoll simulate examples/customer-support.yaml --users 50 --seed 1 --set model.output=120',
    'v1.2.3 at 10:12:33',
  ])('leaves %s alone', (text) => {
    expect(redactText(text)).toBe(text)
  })
})

describe('redact', () => {
  test('takes out what can only be a secret or a text, at any depth', () => {
    const target = {
      kind: 'local',
      headers: { authorization: 'x' },
      url: 'http://a',
      token: 't',
      say: ['hello'],
    }
    expect(redact({ runs: [{ target }] })).toEqual({ runs: [{ target: { kind: 'local' } }] })
  })

  test('keeps a tool that is called url, and the text of a verdict', () => {
    const run = { tools: { url: { errorRate: 0 } }, verdict: [{ label: '', text: 'fine' }] }
    expect(redact(run)).toEqual(run)
  })

  test('numbers that are no numbers become absent', () => {
    expect(JSON.stringify(redact({ value: Number.NaN, low: Infinity, high: 1 }))).toBe('{"high":1}')
  })
})
