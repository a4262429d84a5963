import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, bodyOf, type Product, type ProductPatch } from '@/client/api'
import { asProblem, fieldProblem, isConflict } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { Card } from '@/ui/Card'
import { Conflict } from '@/ui/Conflict'
import { AreaField, SelectField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { SaveBar } from '@/ui/SaveBar'
import { useDraft } from '@/ui/useDraft'
import { type Draft, draftOf, draftProblems, patchOf, productClashes } from './draft'
import { PairRows } from './PairRows'
import { PRODUCTS, useCategories } from './queries'
import { PRODUCT_STATUSES } from './filters'
import { STATUS_WORDS } from './words'

/** What a product is, as a form. Saves what was changed, and only over the version that was read. */
export function DetailsCard({ product }: { product: Product }) {
  const client = useQueryClient()
  const categories = useCategories().data ?? []
  const may = useMay('catalog:write')
  const form = useDraft(
    product,
    draftOf,
    'What you changed of this product is not saved. Leave all the same?',
  )
  const { read, base, draft, theirs, dirty, set } = form
  const [tried, setTried] = useState(false)
  const save = useWrite(
    ({ patch, version }: { patch: ProductPatch; version: number }, key) =>
      bodyOf(
        api.PATCH('/api/v1/products/{product_id}', {
          params: { path: { product_id: product.product_id }, header: keyed(key, version) },
          body: patch,
        }),
      ),
    {
      touches: [PRODUCTS],
      said: 'The product is saved.',
      onDone: (saved) => {
        client.setQueryData(['products', saved.product_id], saved)
        form.begin(saved)
        setTried(false)
      },
    },
  )
  const needsSku = product.kind !== 'group'
  const problems = draftProblems(draft, needsSku)
  const wrong = (field: keyof Draft) =>
    (tried ? problems[field] : undefined) ?? fieldProblem(save.error, field)
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!dirty || save.isPending || Object.keys(problems).length > 0) return
    save.mutate({ patch: patchOf(base, draft, product.attributes), version: read.version })
  }
  function reset() {
    save.reset()
    setTried(false)
    form.begin(product)
  }
  // The newest is read again by then: it is what the two are compared with.
  const overtaken = isConflict(save.error) && form.isOvertaken
  return (
    <Card title="Details">
      <form onSubmit={submit} noValidate>
        <fieldset
          disabled={!may.allowed}
          className="grid gap-4 px-4 pt-2 pb-5 sm:grid-cols-2 sm:px-5"
        >
          <legend className="sr-only">Details of the product</legend>
          <TextField
            label="Name"
            className="sm:col-span-2"
            maxLength={500}
            required
            value={draft.name}
            onChange={set('name')}
            error={wrong('name')}
          />
          <TextField
            label={needsSku ? 'SKU' : 'SKU (optional)'}
            maxLength={128}
            spellCheck={false}
            value={draft.sku}
            onChange={set('sku')}
            error={wrong('sku')}
          />
          <SelectField
            label="Status"
            value={draft.status}
            onChange={set('status')}
            options={PRODUCT_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value].label }))}
            hint={STATUS_WORDS[draft.status].about}
            error={wrong('status')}
          />
          <SelectField
            label="Category"
            value={draft.category_id}
            onChange={set('category_id')}
            options={[
              { value: '', label: 'None' },
              ...categories.map(({ category_id, path }) => ({ value: category_id, label: path })),
              ...(draft.category_id &&
              !categories.some(({ category_id }) => category_id === draft.category_id)
                ? [{ value: draft.category_id, label: product.category ?? 'Category' }]
                : []),
            ]}
            error={wrong('category_id')}
          />
          <TextField
            label="Brand"
            maxLength={200}
            value={draft.brand}
            onChange={set('brand')}
            error={wrong('brand')}
          />
          <AreaField
            label="Description"
            className="sm:col-span-2"
            rows={4}
            maxLength={100_000}
            value={draft.description}
            onChange={set('description')}
            error={wrong('description')}
          />
          <TextField
            label="Barcode"
            maxLength={64}
            inputMode="numeric"
            value={draft.barcode}
            onChange={set('barcode')}
            error={wrong('barcode')}
          />
          <TextField
            label="Weight"
            inputMode="numeric"
            unit="g"
            value={draft.weight_grams}
            onChange={set('weight_grams')}
            error={wrong('weight_grams')}
          />
          <TextField
            label="Cost price"
            inputMode="decimal"
            unit={product.currency ?? undefined}
            value={draft.unit_cost}
            onChange={set('unit_cost')}
            hint="What one costs you. Buyers never see it."
            error={wrong('unit_cost')}
          />
          <TextField
            label="Tax class"
            maxLength={32}
            spellCheck={false}
            value={draft.tax_class}
            onChange={set('tax_class')}
            error={wrong('tax_class')}
          />
          <PairRows
            legend="Attributes"
            one="attribute"
            second="Value"
            examples={{ name: 'Material', value: 'Oak' }}
            pairs={draft.attributes}
            onChange={(attributes) => form.setDraft({ ...draft, attributes })}
            error={wrong('attributes')}
          />
        </fieldset>
        {overtaken && (
          <Conflict
            of="product"
            clashes={productClashes({ base, mine: draft, theirs }, categories)}
            onTheirs={reset}
            onMine={() => {
              form.rebase()
              save.mutate({
                patch: patchOf(base, draft, product.attributes),
                version: product.version,
              })
            }}
            busy={save.isPending}
          />
        )}
        {save.error && !isConflict(save.error) && (
          <Notice tone="bad" className="mx-4 mb-4 sm:mx-5">
            <b>Not saved.</b> {asProblem(save.error).message}
          </Notice>
        )}
        <SaveBar
          may={may}
          changed={form.changed.length}
          pending={save.isPending}
          onDiscard={reset}
        />
      </form>
    </Card>
  )
}
