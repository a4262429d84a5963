/**
 * A product as it stands in a form: text all over. What was changed is what is sent, and when somebody else
 * changed the product meanwhile, both changes are set side by side. Pure, with tests beside it.
 */
import type { Category, Product, ProductPatch, ProductStatus } from '@/client/api'
import { plainAmount } from '@/lib/amount'
import { changedFields, type Clash, clashes } from '@/lib/draft'
import type { Pair } from './PairRows'

export type Draft = {
  name: string
  sku: string
  status: ProductStatus
  category_id: string
  brand: string
  description: string
  barcode: string
  weight_grams: string
  tax_class: string
  unit_cost: string
  attributes: Pair[]
}

type Field = keyof Draft
type Both = { base: Draft; mine: Draft; theirs: Draft }
type Attributes = NonNullable<ProductPatch['attributes']>

export const FIELD_WORDS: Record<Field, string> = {
  name: 'Name',
  sku: 'SKU',
  status: 'Status',
  category_id: 'Category',
  brand: 'Brand',
  description: 'Description',
  barcode: 'Barcode',
  weight_grams: 'Weight',
  tax_class: 'Tax class',
  unit_cost: 'Cost price',
  attributes: 'Attributes',
}

const text = (value: string | number | null) => (value === null ? '' : String(value))

export function draftOf(product: Product): Draft {
  return {
    name: product.name,
    sku: text(product.sku),
    status: product.status,
    category_id: text(product.category_id),
    brand: text(product.brand),
    description: product.description,
    barcode: text(product.barcode),
    weight_grams: text(product.weight_grams),
    tax_class: product.tax_class,
    unit_cost: text(product.unit_cost),
    attributes: Object.entries(product.attributes).map(([name, value]) => ({
      name,
      value: attributeText(value),
    })),
  }
}

/** The change as the API takes it: only what differs, and null for what was emptied. */
export function patchOf(base: Draft, draft: Draft, kept: Product['attributes'] = {}): ProductPatch {
  const patch: ProductPatch = {}
  for (const field of changedFields(base, draft)) {
    switch (field) {
      case 'attributes':
        patch.attributes = attributesOf(draft.attributes, kept)
        break
      case 'status':
        patch.status = draft.status
        break
      case 'weight_grams':
        patch.weight_grams = draft.weight_grams.trim() === '' ? null : Number(draft.weight_grams)
        break
      case 'unit_cost':
        patch.unit_cost = plainAmount(draft.unit_cost)
        break
      case 'name':
      case 'description':
      case 'tax_class':
        patch[field] = draft[field].trim()
        break
      default:
        patch[field] = draft[field].trim() || null
    }
  }
  return patch
}

/** What the form itself knows to be wrong, by field. */
export function draftProblems(draft: Draft, needsSku: boolean): Partial<Record<Field, string>> {
  const problems: Partial<Record<Field, string>> = {}
  if (draft.name.trim() === '') problems.name = 'A product needs a name.'
  if (needsSku && draft.sku.trim() === '') {
    problems.sku = 'A SKU is needed: the product is stocked and counted under it.'
  }
  if (draft.weight_grams.trim() !== '' && !/^\d{1,9}$/.test(draft.weight_grams.trim())) {
    problems.weight_grams = 'Whole grams, like 350.'
  }
  if (draft.unit_cost.trim() !== '' && plainAmount(draft.unit_cost) === null) {
    problems.unit_cost = 'Write an amount, like 12.50.'
  }
  const names = draft.attributes.map(({ name }) => name.trim()).filter(Boolean)
  if (new Set(names).size < names.length) {
    problems.attributes = 'Two attributes have the same name.'
  }
  return problems
}

/** What somebody else changed since `base` was read, beside what stands in the form. */
export function productClashes(both: Both, categories: Category[]): Clash[] {
  return clashes(both, FIELD_WORDS, (draft, field) => shown(draft, field, categories))
}

function shown(draft: Draft, field: Field, categories: Category[]): string {
  if (field === 'attributes') {
    return draft.attributes.map(({ name, value }) => `${name}: ${value}`).join(', ') || 'none'
  }
  if (field === 'category_id') {
    const found = categories.find(({ category_id }) => category_id === draft.category_id)
    return found?.path ?? (draft.category_id || 'none')
  }
  return draft[field] || 'empty'
}

function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** As the API takes them. A value that still reads as it was kept stays what it was: text, number or list. */
export function attributesOf(attributes: Pair[], kept: Product['attributes'] = {}): Attributes {
  const named = attributes.filter(({ name }) => name.trim() !== '')
  return Object.fromEntries(
    named.map(({ name, value }) => {
      const before = kept[name.trim()]
      const stays = before !== undefined && attributeText(before) === value
      return [name.trim(), stays ? (before as Attributes[string]) : attributeValue(value)]
    }),
  )
}

function attributeValue(typed: string): string | number | boolean {
  const value = typed.trim()
  if (value === 'true' || value === 'false') return value === 'true'
  // No leading zeros: those are codes, not numbers.
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/.test(value) ? Number(value) : value
}
