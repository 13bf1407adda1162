// A customer who asks for an order, and goes on only where the answer helps.
//
//   plimsoll load my.yaml --script examples/scripts/order-status.ts --users 50
import { scenario } from 'plimsoll'

export default scenario(
  {
    data: { orders: 'orders.csv' },
    tags: { journey: 'order status' },
    sessionStart: ({ user, data }) => ({ order: user.own(data.orders) }),
    sessionEnd: ({ count }) => count('conversations'),
  },
  async ({ agent, think, check, user, state, rate, trend }) => {
    await agent.say('I need help with my order')
    await think()

    const answer = await agent.say(`My number is ${state.order.id}`)
    check('the order is found', answer.ok)
    trend('answer_tokens', answer.tokens)
    if (!answer.ok) return

    // One in five wants to know more.
    const asksAgain = user.random() < 0.2
    rate('asks_again', asksAgain)
    if (!asksAgain) return
    await think('lognormal(mean 20s cv 0.5)')
    await agent.say(`When will ${state.order.item} come?`, { tags: { step: 'when' } })
  },
)
