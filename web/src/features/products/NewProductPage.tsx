import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, bodyOf, type NewProduct, type ProductKind, type ProductStatus } from '@/client/api'
import { asProblem, fieldProblem } from '@/client/problem'
import { useStore } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { plainAmount } from '@/lib/amount'
import { ActionButton } from '@/ui/ActionButton'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { AreaField, SelectField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { Segments } from '@/ui/Segments'
import { KINDS } from './filters'
import { optionsOf, optionsProblem } from './options'
import { type Pair, PairRows } from './PairRows'
import { PRODUCTS, useCategories } from './queries'
import { KIND_WORDS, STATUS_WORDS } from './words'

const BACK = { to: '/products', label: 'Products' } as const

/** The least that a product needs; the rest is filled in on its own page. */
export function NewProductPage() {
  const may = useMay('catalog:write')
  const navigate = useNavigate()
  const store = useStore()
  const categories = useCategories().data ?? []
  const [kind, setKind] = useState<ProductKind>('good')
  const [name, setName] = useState('')
  const [sku, setSku] = useState('')
  const [price, setPrice] = useState('')
  const [typedCurrency, setCurrency] = useState<string | null>(null)
  const [category, setCategory] = useState('')
  const [brand, setBrand] = useState('')
  const [status, setStatus] = useState<ProductStatus>('draft')
  const [description, setDescription] = useState('')
  const [options, setOptions] = useState<Pair[]>([{ name: 'Size', value: '' }])
  const [tried, setTried] = useState(false)
  const isGroup = kind === 'group'
  const currency = typedCurrency ?? store.data?.currency ?? ''
  const make = useWrite(
    (body: NewProduct, key) =>
      bodyOf(api.POST('/api/v1/products', { params: { header: keyed(key) }, body })),
    {
      touches: [PRODUCTS],
      said: (made) => `${made.name} is in the catalogue.`,
      onDone: (made) =>
        void navigate({
          to: '/products/$productId',
          params: { productId: made.product_id },
          replace: true,
        }),
    },
  )
  const amount = price.trim() === '' ? null : plainAmount(price)
  const problems = {
    name: name.trim() === '' ? 'A product needs a name.' : null,
    sku:
      !isGroup && sku.trim() === ''
        ? 'A SKU is needed: the product is stocked and counted under it.'
        : null,
    price: price.trim() !== '' && amount === null ? 'Write an amount, like 12.50.' : null,
    options: isGroup ? optionsProblem(options) : null,
  }
  const wrong = (field: keyof typeof problems) =>
    (tried ? problems[field] : null) ?? fieldProblem(make.error, field)
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (make.isPending || Object.values(problems).some(Boolean)) return
    make.mutate({
      kind,
      name: name.trim(),
      sku: sku.trim() || null,
      description: description.trim(),
      category_id: category || null,
      brand: brand.trim() || null,
      status,
      tax_class: 'standard',
      ...(isGroup ? { options: optionsOf(options) } : amount && { price: amount, currency }),
    })
  }
  return (
    <Page title="New product" back={BACK}>
      <Card title="What is it?" className="max-w-3xl">
        <form onSubmit={submit} noValidate>
          <div className="grid gap-4 px-4 pt-2 pb-5 sm:grid-cols-2 sm:px-5">
            <div className="sm:col-span-2">
              <Segments
                label="Kind"
                options={KINDS.map((value) => ({ value, label: KIND_WORDS[value].label }))}
                value={kind}
                onChange={setKind}
              />
              <p className="mt-1.5 text-[0.8125rem] text-muted">{KIND_WORDS[kind].about}</p>
            </div>
            <TextField
              label="Name"
              className="sm:col-span-2"
              maxLength={500}
              required
              value={name}
              onChange={setName}
              error={wrong('name')}
            />
            <TextField
              label={isGroup ? 'SKU (optional)' : 'SKU'}
              maxLength={128}
              spellCheck={false}
              value={sku}
              onChange={setSku}
              error={wrong('sku')}
            />
            {isGroup ? (
              <div />
            ) : (
              <div className="flex gap-2">
                <TextField
                  label="Price"
                  className="flex-1"
                  inputMode="decimal"
                  autoComplete="off"
                  value={price}
                  onChange={setPrice}
                  error={wrong('price')}
                />
                <TextField
                  label="Currency"
                  className="w-24"
                  maxLength={3}
                  value={currency}
                  onChange={(text) => setCurrency(text.toUpperCase())}
                  error={fieldProblem(make.error, 'currency')}
                />
              </div>
            )}
            <SelectField
              label="Category"
              value={category}
              onChange={setCategory}
              options={[
                { value: '', label: 'None' },
                ...categories.map(({ category_id, path }) => ({ value: category_id, label: path })),
              ]}
            />
            <TextField label="Brand" maxLength={200} value={brand} onChange={setBrand} />
            <SelectField
              label="Status"
              value={status}
              onChange={(value) => setStatus(value as ProductStatus)}
              options={(['draft', 'active'] as const).map((value) => ({
                value,
                label: STATUS_WORDS[value].label,
              }))}
              hint={STATUS_WORDS[status].about}
            />
            <AreaField
              label="Description"
              className="sm:col-span-2"
              rows={4}
              maxLength={100_000}
              value={description}
              onChange={setDescription}
            />
            {isGroup && (
              <PairRows
                legend="Options that buyers choose, each with its values"
                one="option"
                second="Values"
                examples={{ name: 'Colour', value: 'Red, Blue, Green' }}
                pairs={options}
                onChange={setOptions}
                error={wrong('options')}
              />
            )}
          </div>
          {make.error && (
            <Notice tone="bad" className="mx-4 mb-4 sm:mx-5">
              <b>Not made.</b> {asProblem(make.error).message}
            </Notice>
          )}
          <div className="flex justify-end gap-2 border-t border-line px-4 py-3 sm:px-5">
            <Button onClick={() => void navigate({ to: '/products', search: {} })}>Cancel</Button>
            <ActionButton
              may={may}
              type="submit"
              look="solid"
              disabled={may.allowed && make.isPending}
            >
              {make.isPending ? 'Making it…' : 'Make the product'}
            </ActionButton>
          </div>
        </form>
      </Card>
    </Page>
  )
}
