import { describe, expect, it } from 'vitest'
import { rebased } from '@/lib/draft'
import { someCustomer } from '@/test/people'
import { NOBODY, profileChange, profileOf, profileProblems } from './draft'
import { customersParams, isFiltered, readCustomersSearch } from './filters'
import { mergePreview } from './merge'
import { nameOf, placeOf } from './words'

describe('the list', () => {
  it('reads an address that anybody may have typed', () => {
    expect(readCustomersSearch({ q: ' ', country: 'Germany', new: 'yes' })).toEqual({})
    const search = readCustomersSearch({ q: 'ada', group: 'vip', country: 'de', new: '1' })
    expect(search).toEqual({ q: 'ada', group: 'vip', country: 'DE', new: '1' })
    expect(customersParams(search)).toEqual({ q: 'ada', group: 'vip', country: 'DE' })
    expect(isFiltered({ new: '1' })).toBe(false)
    expect(isFiltered({ channel: 'own' })).toBe(true)
  })

  it('calls people by what is known of them', () => {
    const ada = someCustomer()
    expect(nameOf(ada)).toBe('Ada Example')
    expect(nameOf({ ...ada, name: null })).toBe('ada@example.com')
    expect(nameOf({ ...ada, name: null, email: null, is_erased: true })).toBe('Forgotten c1')
    expect(placeOf(ada)).toBe('Berlin, Germany')
    expect(placeOf({ city: null, country: null })).toBeNull()
  })
})

describe('a profile in a form', () => {
  const base = profileOf(someCustomer())

  it('sends what was changed, and null for what was emptied', () => {
    expect(profileChange(base, base)).toEqual({})
    expect(profileChange(base, { ...base, name: ' Ada L. ', city: '' })).toEqual({
      name: 'Ada L.',
      city: null,
    })
  })

  it('needs a name or an address, and both like what they are', () => {
    expect(profileProblems(NOBODY)).toEqual({ name: expect.any(String) })
    expect(profileProblems({ ...NOBODY, email: 'ada@' })).toEqual({ email: expect.any(String) })
    expect(
      Object.keys(profileProblems({ ...base, country: 'D', birth_date: '1990-02-30' })),
    ).toEqual(['country', 'birth_date'])
    expect(profileProblems(base)).toEqual({})
  })

  it('puts mine on top of theirs', () => {
    const theirs = { ...base, city: 'Hamburg' }
    expect(rebased(base, { ...base, name: 'A.' }, theirs)).toEqual({ ...theirs, name: 'A.' })
  })
})

describe('a merge', () => {
  it('tells what moves, what is learned, and what is not taken over', () => {
    const survivor = someCustomer({ phone: null, groups: ['vip'] })
    const duplicate = someCustomer({
      name: 'A. Example',
      email: 'ADA@example.com',
      phone: '123',
      groups: ['vip', 'press'],
    })
    expect(mergePreview(survivor, duplicate)).toEqual({
      orders: 6,
      addresses: 1,
      consents: 1,
      groups: ['press'],
      learned: [{ label: 'Phone', value: '123' }],
      dropped: [{ label: 'Name', value: 'A. Example', kept: 'Ada Example' }],
    })
  })
})
