import { describe, expect, it } from 'vitest'
import type { Category } from '@/client/api'
import { changedFields, rebased } from '@/lib/draft'
import { someProduct } from '@/test/fixtures'
import { adjustProblem, deltaOf } from './adjust'
import { draftOf, draftProblems, patchOf, productClashes } from './draft'
import { errorsAsCsv, formatOf } from './files'
import { isSearching, listParams, readProductsSearch, searchParams } from './filters'
import { missing, optionsOf, optionsProblem, skuFor } from './options'
import { pictureProblem } from './pictures'

const CATEGORIES: Category[] = [
  { category_id: 'k1', parent_id: null, name: 'Kitchen', path: 'Kitchen', products: 1 },
]

describe('a product in a form', () => {
  const product = someProduct()
  const base = draftOf(product)

  it('sends what was changed and nothing else', () => {
    expect(patchOf(base, base)).toEqual({})
    const draft = { ...base, name: ' Red mug ', brand: '', weight_grams: '400', unit_cost: '4,50' }
    expect(changedFields(base, draft)).toEqual(['name', 'brand', 'weight_grams', 'unit_cost'])
    expect(patchOf(base, draft)).toEqual({
      name: 'Red mug',
      brand: null,
      weight_grams: 400,
      unit_cost: '4.50',
    })
  })

  it('keeps attributes of other kinds than text as they are', () => {
    const kept = { size: 42, code: '42', tags: ['a', 'b'], fits: true }
    const mixed = draftOf(someProduct({ attributes: kept }))
    const draft = {
      ...mixed,
      attributes: [...mixed.attributes, { name: 'weight', value: '1.5' }],
    }
    expect(patchOf(mixed, draft, kept).attributes).toEqual({ ...kept, weight: 1.5 })
  })

  it('knows what is wrong before it is sent', () => {
    expect(draftProblems(base, true)).toEqual({})
    const wrong = { ...base, name: ' ', sku: '', weight_grams: '1.5', unit_cost: 'much' }
    expect(Object.keys(draftProblems(wrong, true))).toEqual([
      'name',
      'sku',
      'weight_grams',
      'unit_cost',
    ])
    expect(draftProblems({ ...base, sku: '' }, false)).toEqual({})
    const twice = [
      { name: 'a', value: '1' },
      { name: 'a ', value: '2' },
    ]
    expect(draftProblems({ ...base, attributes: twice }, true).attributes).toMatch(/same name/)
  })

  it('sets what two people changed side by side', () => {
    const mine = { ...base, name: 'My mug', brand: 'Mine' }
    const theirs = { ...base, name: 'Their mug', category_id: '' }
    expect(productClashes({ base, mine, theirs }, CATEGORIES)).toEqual([
      { field: 'name', label: 'Name', theirs: 'Their mug', mine: 'My mug' },
      { field: 'category_id', label: 'Category', theirs: 'none', mine: null },
    ])
    expect(rebased(base, mine, theirs)).toEqual({ ...theirs, name: 'My mug', brand: 'Mine' })
  })

  it('sees no clash where both wrote the same', () => {
    const both = { ...base, name: 'The same' }
    expect(productClashes({ base, mine: both, theirs: both }, CATEGORIES)[0]?.mine).toBeNull()
  })
})

describe('an adjustment of stock', () => {
  it.each([
    ['count', '7', 10, -3],
    ['count', '10', 10, 0],
    ['receipt', '5', 10, 5],
    ['damage', '2', 10, -2],
    ['adjustment', '-4', 10, -4],
    ['adjustment', '−4', 10, -4],
    ['receipt', '-5', 10, null],
    ['count', 'x', 10, null],
  ] as const)('%s of %s where %d are is %s', (reason, typed, onHand, delta) => {
    expect(deltaOf(reason, typed, onHand)).toBe(delta)
  })

  it('never takes more than is there, and books no nothing', () => {
    expect(adjustProblem('damage', '11', 10)).toBe('Only 10 are there.')
    expect(adjustProblem('count', '10', 10)).toMatch(/already/)
    expect(adjustProblem('damage', '10', 10)).toBeNull()
  })
})

describe('variants', () => {
  const options = { colour: ['red', 'blue'], size: ['S', 'M'] }

  it('are the combinations that are not there yet', () => {
    expect(missing(options, [])).toHaveLength(4)
    expect(missing(options, [{ size: 'M', colour: 'red' }])).not.toContainEqual({
      colour: 'red',
      size: 'M',
    })
    expect(missing({}, [])).toEqual([])
  })

  it('get a SKU to begin with', () => {
    expect(skuFor('T-shirt', { colour: 'Grün', size: 'XL' })).toBe('TSHIRT-GRUN-XL')
  })

  it('come from options as people type them', () => {
    expect(optionsOf([{ name: ' Size ', value: 'S, M,, S' }])).toEqual({ Size: ['S', 'M'] })
    expect(optionsProblem([{ name: 'Size', value: ' , ' }])).toMatch(/needs values/)
    expect(optionsProblem([{ name: '', value: 'S' }])).toMatch(/needs a name/)
    expect(optionsProblem([{ name: 'Size', value: 'S' }])).toBeNull()
  })
})

describe('the address of the list', () => {
  it('keeps what makes sense and leaves the usual out', () => {
    expect(
      readProductsSearch({ sort: 'newest', status: 'gone', attribute: ['a:1', 'x'], brand: 'B' }),
    ).toEqual({ attribute: ['a:1'], brand: ['B'] })
    expect(readProductsSearch({ sort: '-price' })).toEqual({ sort: '-price' })
  })

  it('words and attributes are a search, all else is the list', () => {
    expect(isSearching({ q: ' ' })).toBe(false)
    expect(isSearching({ attribute: ['a:1'] })).toBe(true)
    expect(listParams({ category: 'k1' })).toEqual({
      sort: 'newest',
      status: ['active', 'draft'],
      kind: [],
      brand: [],
      category: 'k1',
    })
    expect(searchParams({ q: ' mug ' }).q).toBe('mug')
  })
})

describe('files', () => {
  it('are of the format that their name says', () => {
    expect(formatOf('a.CSV')).toBe('csv')
    expect(formatOf('a.ndjson')).toBe('jsonl')
  })

  it('with errors are safe to open in a spreadsheet', () => {
    const text = errorsAsCsv([{ row: 2, sku: '=1+1', field: null, message: 'Says "no", twice' }])
    expect(text).toBe('row,sku,field,message\r\n2,\'=1+1,,"Says ""no"", twice"')
  })

  it('that are no pictures are not sent', () => {
    expect(pictureProblem({ name: 'a.pdf', type: 'application/pdf', size: 1 })).toMatch(
      /no picture/,
    )
    expect(pictureProblem({ name: 'a.png', type: 'image/png', size: 10_000_001 })).toMatch(/10 MB/)
    expect(pictureProblem({ name: 'a.png', type: 'image/png', size: 1 })).toBeNull()
  })
})
