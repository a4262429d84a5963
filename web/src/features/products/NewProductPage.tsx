import { useNavigate } from '@tanstack/react-router'
import { Plus, X } from 'lucide-react'
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
import { type OptionTyped, optionsOf, optionsProblem } from './options'
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
  const [options, setOptions] = useState<OptionTyped[]>([{ name: 'Size', values: '' }])
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
              <OptionRows options={options} onChange={setOptions} error={wrong('options')} />
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

type OptionRowsProps = {
  options: OptionTyped[]
  onChange: (options: OptionTyped[]) => void
  error: string | null
}

function OptionRows({ options, onChange, error }: OptionRowsProps) {
  const change = (index: number, next: Partial<OptionTyped>) =>
    onChange(options.map((one, at) => (at === index ? { ...one, ...next } : one)))
  return (
    <fieldset className="sm:col-span-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">
        Options that buyers choose, each with its values
      </legend>
      <ul className="mb-2 space-y-2">
        {options.map((option, index) => (
          <li key={index} className="flex items-start gap-2">
            <TextField
              label={`Name of option ${index + 1}`}
              hideLabel
              placeholder="Colour"
              className="flex-1"
              value={option.name}
              onChange={(name) => change(index, { name })}
            />
            <TextField
              label={`Values of ${option.name || `option ${index + 1}`}`}
              hideLabel
              placeholder="Red, Blue, Green"
              className="flex-[2]"
              value={option.values}
              onChange={(values) => change(index, { values })}
            />
            <Button
              look="plain"
              aria-label={`Remove ${option.name || `option ${index + 1}`}`}
              className="mt-0.5 px-2"
              onClick={() => onChange(options.filter((_, at) => at !== index))}
            >
              <X size={16} aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      {error && (
        <p role="alert" className="mb-2 text-[0.8125rem] text-down">
          {error}
        </p>
      )}
      <Button onClick={() => onChange([...options, { name: '', values: '' }])}>
        <Plus size={15} aria-hidden /> Add an option
      </Button>
    </fieldset>
  )
}
