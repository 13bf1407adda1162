import { expect, test } from 'vitest'
import { withItems, withoutItem } from './openai-conversations.ts'

test('its characters are those of its items, as they come and go', () => {
  const begun = { createdSeconds: 0, metadata: {}, items: [], characters: 0, added: 0 }
  const one = withItems('conv_a', begun, 'hello')
  const two = withItems('conv_a', one, [{ id: one.items[0]!.id }], [{ id: 'msg_b', type: 'message' }])
  for (const conversation of [one, two, withoutItem(two, two.items[0]!)]) {
    const written = conversation.items.map((item) => JSON.stringify(item)).join('')
    expect(written).not.toBe('')
    expect(conversation.characters).toBe(written.length)
  }
})
