import { Link } from '@tanstack/react-router'
import { Layers, Plus } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, type Product, type ProductListRow } from '@/client/api'
import type { components } from '@/client/schema'
import { useStore } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { all, onlyIf, useMay } from '@/features/session/me'
import { plainAmount } from '@/lib/amount'
import { counted } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { TextField } from '@/ui/Field'
import { Message } from '@/ui/Message'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { type Combination, missing, type Options, skuFor } from './options'
import { Price } from './Price'
import { PRODUCTS, useVariants } from './queries'
import { STATUS_WORDS } from './words'

/** What of a group is sold: each size and colour with a SKU of its own. */
export function VariantsCard({ group }: { group: Product }) {
  const variants = useVariants(group.product_id)
  const write = useMay('catalog:write')
  const [adding, setAdding] = useState(false)
  const { rows } = variants
  const options = group.options as Options
  const there = (rows ?? []).map((row) => row.options as Combination)
  const left = missing(options, there)
  const named = Object.keys(options)
  const may = all(
    write,
    onlyIf(
      !variants.hasNextPage,
      'Show all variants first: only then it is known which are missing.',
    ),
    onlyIf(left.length > 0, 'Every combination of the options is there already.'),
  )
  return (
    <Card
      title="Variants"
      note={group.variants > 0 ? counted(group.variants, 'variant') : undefined}
      actions={
        <ActionButton may={may} onClick={() => setAdding(true)}>
          <Plus size={15} aria-hidden /> Add variants
        </ActionButton>
      }
    >
      <p className="px-4 pb-2 text-muted sm:px-5">
        {named.map((name) => `${name}: ${options[name]?.join(', ')}`).join(' · ')}
      </p>
      {variants.isPending && <RowsSkeleton rows={4} height={48} />}
      {variants.error && !rows && <FailedQuery query={variants} className="" />}
      {rows?.length === 0 && (
        <Message icon={Layers} title="No variants yet">
          A group is never sold itself. Add the variants that buyers choose from.
        </Message>
      )}
      {rows && rows.length > 0 && (
        <>
          <VariantTable rows={rows} />
          <MoreRows query={variants} shown={counted(rows.length, 'variant')} />
        </>
      )}
      {adding && <NewVariants group={group} combinations={left} onClose={() => setAdding(false)} />}
    </Card>
  )
}

function VariantTable({ rows }: { rows: ProductListRow[] }) {
  return (
    <Table label="Variants">
      <thead>
        <tr>
          <Head>Variant</Head>
          <Head className="max-sm:hidden">SKU</Head>
          <Head>Status</Head>
          <Head right>Price</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((variant) => (
          <tr key={variant.product_id} className={LINK_ROW}>
            <RowHead>
              <Link
                to="/products/$productId"
                params={{ productId: variant.product_id }}
                className={ROW_LINK}
              >
                {Object.values(variant.options).join(' / ') || variant.name}
              </Link>
              <span className="block text-xs text-muted sm:hidden">{variant.sku}</span>
            </RowHead>
            <Cell className="max-sm:hidden">{variant.sku}</Cell>
            <Cell>
              <Badge tone={STATUS_WORDS[variant.status].tone}>
                {STATUS_WORDS[variant.status].label}
              </Badge>
            </Cell>
            <Cell right className="whitespace-nowrap">
              <Price
                price={variant.price}
                currency={variant.currency}
                lowest={variant.lowest_price_30_days}
              />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

const MOST_AT_ONCE = 100

type NewVariantsProps = { group: Product; combinations: Combination[]; onClose: () => void }

function NewVariants({ group, combinations, onClose }: NewVariantsProps) {
  const store = useStore()
  const currency = group.currency ?? store.data?.currency ?? ''
  const [price, setPrice] = useState(group.price === null ? '' : String(group.price))
  const [skus, setSkus] = useState<Record<string, string>>({})
  const [left, setLeft] = useState<string[]>([])
  const stem = group.sku ?? group.name
  const rows = combinations.slice(0, MOST_AT_ONCE).map((options) => {
    const key = JSON.stringify(options)
    return { key, options, sku: skus[key] ?? skuFor(stem, options), taken: !left.includes(key) }
  })
  const chosen = rows.filter(({ taken }) => taken)
  const amount = price.trim() === '' ? null : plainAmount(price)
  const wrongPrice = price.trim() !== '' && amount === null
  const noSku = chosen.some(({ sku }) => sku.trim() === '')
  const add = useWrite(
    (variants: components['schemas']['VariantIn'][], key) =>
      bodyOf(
        api.POST('/api/v1/products/{product_id}/variants', {
          params: { path: { product_id: group.product_id }, header: keyed(key) },
          body: { variants },
        }),
      ),
    {
      touches: [PRODUCTS],
      said: (made) => `${counted(made.product_ids.length, 'variant')} added.`,
      onDone: onClose,
    },
  )
  return (
    <ActionSheet
      title="Add variants"
      open
      onClose={onClose}
      onSubmit={() =>
        add.mutate(
          chosen.map(({ options, sku }) => ({
            sku: sku.trim(),
            options,
            ...(amount && { price: amount, currency }),
          })),
        )
      }
      act={`Add ${counted(chosen.length, 'variant')}`}
      disabled={chosen.length === 0 || wrongPrice || noSku}
      pending={add.isPending}
      error={add.error}
      className="sm:max-w-xl"
    >
      <TextField
        label="Price of each (optional)"
        inputMode="decimal"
        unit={currency}
        value={price}
        onChange={setPrice}
        error={wrongPrice ? 'Write an amount, like 12.50.' : null}
      />
      <ul className="divide-y divide-line rounded-xl border border-line">
        {rows.map(({ key, options, sku, taken }) => {
          const name = Object.values(options).join(' / ')
          return (
            <li key={key} className="flex items-center gap-3 px-3 py-2">
              <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-2.5 font-medium">
                <input
                  type="checkbox"
                  checked={taken}
                  onChange={() =>
                    setLeft(taken ? [...left, key] : left.filter((one) => one !== key))
                  }
                  className="size-4 shrink-0 accent-accent pointer-coarse:size-5"
                />
                <span className="break-words">{name}</span>
              </label>
              <TextField
                label={`SKU of ${name}`}
                hideLabel
                className="w-1/2"
                maxLength={128}
                spellCheck={false}
                disabled={!taken}
                value={sku}
                onChange={(typed) => setSkus({ ...skus, [key]: typed })}
              />
            </li>
          )
        })}
      </ul>
      {combinations.length > MOST_AT_ONCE && (
        <p className="text-muted">
          The first {MOST_AT_ONCE} of {combinations.length} that are missing.
        </p>
      )}
    </ActionSheet>
  )
}
