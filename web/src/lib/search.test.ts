import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch } from './search'

describe('the address', () => {
  it('reads as words', () => {
    expect(stringifySearch({ range: '7d', channel: ['amazon', 'shopify'] })).toBe(
      '?range=7d&channel=amazon,shopify',
    )
  })

  it('leaves out what is not set', () => {
    expect(stringifySearch({ range: undefined, channel: [], q: '' })).toBe('')
  })

  it.each([
    { category: ['Toys, Games', 'Home & Garden'] },
    { category: 'Toys, Games' },
    { next: '/?range=7d&channel=a,b' },
    { category: ['100% wool', 'a+b'] },
  ])('comes back as it was written: %j', (search) => {
    expect(parseSearch(stringifySearch(search))).toEqual(search)
  })

  it('survives what people and mail programs do to it', () => {
    expect(parseSearch('?&=x&broken&range=%E0%A4%A&b=a+c')).toEqual({ range: '%E0%A4%A', b: 'a c' })
  })
})
