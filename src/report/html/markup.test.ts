import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Markup, markup, scriptJson } from './markup.ts'

describe('markup', () => {
  test('escapes what is put in, keeps what is markup, joins lists', () => {
    const bold = markup`<b>${'<&>'}</b>`
    expect(markup`<p title="${'"\''}">${bold}${['a', bold]}${undefined}${3}</p>`.html).toBe(
      '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b>a<b>&lt;&amp;&gt;</b>3</p>',
    )
  })

  test('no text can leave its place', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(markup`<p title="${text}">${text}</p>`.html.slice(10, -4)).not.toMatch(/<|"(?!>)|'/)
      }),
    )
  })

  test.each([
    ['9.4 s and 12 % of 3 ms', '9.4\u00a0s and 12\u00a0% of 3\u00a0ms'],
    ['turn p95 < 10s, errors < 1%', 'turn p95 &lt;\u00a010s, errors &lt;\u00a01%'],
    ['147 users, 5 servers, 2 msgs', '147 users, 5 servers, 2 msgs'],
  ])('keeps numbers and units on one line: %s', (text, expected) => {
    expect(markup`${text}`.html).toBe(expected)
  })
})

describe('scriptJson', () => {
  test('gives back the same value and never ends its script', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('</script>', '<!--', '\u2028', '&amp;'),
        (value, hostile) => {
          const written = scriptJson({ value, hostile })
          expect(written).toBeInstanceOf(Markup)
          expect(written.html).not.toMatch(/[<>&\u2028\u2029]/)
          expect(JSON.parse(written.html)).toEqual(JSON.parse(JSON.stringify({ value, hostile })))
        },
      ),
    )
  })
})
