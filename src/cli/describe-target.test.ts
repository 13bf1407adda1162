import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeTarget } from './describe-target.ts'
import { requestOfCurl, requestOfHar } from './recorded-request.ts'
import { shellWords } from './shell-words.ts'

describe('shell words', () => {
  test.each([
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    ['a \\\n  b', ['a', 'b']],
    [`'it'"'"'s'`, ["it's"]],
    [`$'it\\'s\\n\\u00e9\\x21'`, ["it's\né!"]],
    [`"say \\"hi\\" \\$HOME"`, ['say "hi" $HOME']],
    [`x='' ""`, ['x=', '']],
    ['a$b', ['a$b']],
    ['', []],
  ])('%s', (command, words) => {
    expect(shellWords(command)).toEqual(words)
  })

  test('whatever stands in single quotes comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
        expect(shellWords(quoted)).toEqual(words)
      }),
    )
  })
})

describe('from curl', () => {
  test('a chat endpoint has a driver of its own, and its key goes to the environment', () => {
    const described = describeTarget(
      requestOfCurl(`curl https://gateway.example/v1/chat/completions \\
        -H "Authorization: Bearer sk-secret-1" -H 'Content-Type: application/json' \\
        -d '{"model":"support","messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"hello"}]}'`),
    )
    expect(described).toEqual({
      target: {
        url: 'https://gateway.example/v1',
        driver: 'openai',
        model: 'support',
        headers: { authorization: 'Bearer ${env:AGENT_TOKEN}' },
      },
      message: 'hello',
      environment: ['AGENT_TOKEN'],
      guesses: [],
    })
  })

  test('where the answer lies can be said instead of guessed', () => {
    const recorded = requestOfCurl(`curl http://localhost:8000/chat -d '{"message":"hello"}'`)
    const answer = ({ target }: ReturnType<typeof describeTarget>): unknown =>
      (target['http'] as Record<string, unknown>)['answer']
    expect(answer(describeTarget(recorded))).toEqual({ format: 'json', text: '/text' })
    const said = describeTarget(recorded, '/reply')
    expect(answer(said)).toEqual({ format: 'json', text: '/reply' })
    expect(said.guesses).toEqual([])
  })

  test.each([
    [
      'openai',
      'http://localhost:8000/v1/chat/completions',
      '{"messages":[{"role":"user","content":"hello"}]}',
    ],
    ['sessions', 'http://localhost:8000/api/sessions/s1/messages', '{"text":"hello"}'],
  ])('of an API with the driver %s it is a mistake to say it', (driver, url, body) => {
    const recorded = requestOfCurl(`curl ${url} -d '${body}'`)
    expect(describeTarget(recorded).target).toMatchObject({ driver })
    expect(() => describeTarget(recorded, '/reply')).toThrow(
      `--answer is for APIs without a driver: ${driver} knows where its answers lie`,
    )
  })

  test('any other API is described, and what was guessed is said', () => {
    const described = describeTarget(
      requestOfCurl(
        `curl 'http://localhost:4000/api/chat?key=s3cret' -X POST -b 'sid=abc' -H 'Accept: text/event-stream' -H 'X-Team: 7' ` +
          `--data-raw $'{"conversation_id":"c-1","message":"what\\'s up","stream":true,"api_key":"s3cret2"}' --compressed -k`,
      ),
    )
    expect(described.target).toEqual({
      url: 'http://localhost:4000',
      driver: 'http',
      http: {
        send: {
          path: '/api/chat?key=${env:AGENT_KEY}',
          body: {
            conversation_id: '{session}',
            message: '{text}',
            stream: true,
            api_key: '${env:AGENT_API_KEY}',
          },
        },
        answer: { format: 'sse', text: '/text' },
      },
      headers: { 'x-team': '7', cookie: '${env:AGENT_COOKIE}' },
    })
    expect(described.message).toBe("what's up")
    expect(described.guesses).toHaveLength(1)
    expect(JSON.stringify(described)).not.toMatch(/s3cret|abc/)
  })

  test('a secret is known by what it looks like too, and nothing else of the request is changed', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'
    const { target, environment } = describeTarget(
      requestOfCurl(
        `curl 'https://a.example/ask/{x}?filter=a%26b%3D1&name=J%C3%BCrgen%20X' -H 'authority: a.example' -H 'x-team: sk-proj-0123456789' ` +
          `-d '{"message":"hi","system":"You are {persona}, {{who}}","extra":"${jwt}","n":3}'`,
      ),
    )
    expect(target).toMatchObject({
      http: {
        send: {
          path: '/ask/%7Bx%7D?filter=a%26b%3D1&name=J%C3%BCrgen%20X',
          body: {
            message: '{text}',
            system: 'You are {{persona}}, {{{who}}}',
            extra: '${env:AGENT_EXTRA}',
            n: 3,
          },
        },
      },
      headers: { 'x-team': '${env:AGENT_TEAM}' },
    })
    expect(Object.keys(target['headers'] as object)).toEqual(['x-team'])
    expect(environment).toEqual(['AGENT_TEAM', 'AGENT_EXTRA'])
  })

  test.each([
    `curl localhost:8000/chat -d 'message=hello there&token=s3cret' -d session_id=7`,
    `curl localhost:8000/chat --data-urlencode 'message=hello there' -d 'token=s3cret&session_id=7'`,
  ])('a form: %s', (command) => {
    const { target, message } = describeTarget(requestOfCurl(command))
    expect(message).toBe('hello there')
    expect(target).toMatchObject({
      http: {
        send: { form: { message: '{text}', token: '${env:AGENT_TOKEN}', session_id: '{session}' } },
      },
    })
  })

  test.each([
    'wget x',
    'curl',
    'curl ftp://x -d 1',
    'curl localhost -d @file',
    'curl localhost',
    'curl localhost -d x=',
    'curl localhost -F q=hello',
  ])('is a mistake: %s', (command) => {
    expect(() => describeTarget(requestOfCurl(command))).toThrow(
      expect.objectContaining({ name: 'UserError' }),
    )
  })
})

test('two secrets that would have the same name have two', () => {
  const { target, environment } = describeTarget(
    requestOfCurl(
      `curl https://a.example/ask -H 'Authorization: Bearer one' -H 'X-Gateway-Auth: Bearer two' -H 'X-Auth: Bearer one' --json '{"question":"where?"}'`,
    ),
  )
  expect(target['headers']).toEqual({
    authorization: 'Bearer ${env:AGENT_TOKEN}',
    'x-gateway-auth': 'Bearer ${env:AGENT_TOKEN_2}',
    'x-auth': 'Bearer ${env:AGENT_TOKEN}',
  })
  expect(environment).toEqual(['AGENT_TOKEN', 'AGENT_TOKEN_2'])
})

describe('from a HAR', () => {
  const har = (mimeType: string, text: string) =>
    JSON.stringify({
      log: {
        entries: [
          {
            request: { method: 'GET', url: 'http://a.example/' },
            response: { content: { mimeType: 'text/html' } },
          },
          {
            request: {
              method: 'POST',
              url: 'https://a.example/ask',
              headers: [
                { name: ':method', value: 'POST' },
                { name: 'Cookie', value: 'sid=secret' },
              ],
              postData: { text: '{"question":"where is it?"}' },
            },
            response: { content: { mimeType, text } },
          },
        ],
      },
    })

  test.each([
    [
      'application/json',
      '{"id":"x1","answer":{"text":"In the post, since Monday"}}',
      'json',
      '/answer/text',
      undefined,
    ],
    [
      'text/event-stream',
      ['Hello there', ' and welcome']
        .map((delta) => `data: {"model":"a-long-name-of-it","d":[{"t":"${delta}"}]}\n\n`)
        .join('') + 'data: [DONE]\n\n',
      'sse',
      '/d/0/t',
      { data: '[DONE]' },
    ],
  ])('the text is found where it is longest: %s', (type, body, format, text, end) => {
    const { target, guesses, environment } = describeTarget(requestOfHar(har(type, body)))
    expect(target['http']).toEqual({
      send: { path: '/ask', body: { question: '{text}' } },
      answer: { format, text, ...(end && { end }) },
    })
    expect([guesses, environment]).toEqual([[], ['AGENT_COOKIE']])
  })

  const good = har('application/json', '')
  test.each([
    ['no JSON', 'no json'],
    ['null', 'null'],
    ['no log', '{}'],
    ['no entries', '{"log":{"entries":[]}}'],
    ['an entry that is none', '{"log":{"entries":[null]}}'],
    ['headers without names', good.replaceAll('"name"', '"nome"')],
    ['a URL that is a number', good.replace('"https://a.example/ask"', '5')],
    ['an answer that is a number', good.replace('"text":""', '"text":5')],
    ['the same in base64', good.replace('"text":""', '"text":5,"encoding":"base64"')],
  ])('is a mistake: %s', (_, text) => {
    expect(() => requestOfHar(text)).toThrow(expect.objectContaining({ name: 'UserError' }))
  })
})
