import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import clsx from 'clsx'
import { FileUp, Package, Plus } from 'lucide-react'
import { useRef } from 'react'
import type { Category, Facets } from '@/client/api'
import { useMay } from '@/features/session/me'
import { listed } from '@/lib/format'
import { readMarked } from '@/lib/marked'
import { toggledIn } from '@/lib/search'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { buttonClass } from '@/ui/Button'
import type { Choice } from '@/ui/ChoiceList'
import { ChoiceMenu } from '@/ui/ChoiceMenu'
import { SelectField } from '@/ui/Field'
import { FilterChips } from '@/ui/FilterChips'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Cell, Head, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import {
  isFiltered,
  isSearching,
  KINDS,
  PRODUCT_STATUSES,
  type ProductsSearch,
  readProductsSearch,
  SORTS,
} from './filters'
import { Price } from './Price'
import { type FoundRow, useCategories, useFacets, useProducts } from './queries'
import { Thumb } from './Thumb'
import { KIND_WORDS, STATUS_WORDS } from './words'

const route = getRouteApi('/in/products')

type Go = (search: ProductsSearch, replace?: boolean) => void

export function ProductsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const goTo = useNavigate()
  const products = useProducts(search)
  const categories = useCategories()
  const may = useMay('catalog:write')
  const field = useRef<HTMLInputElement>(null)
  const go: Go = (next, replace = false) =>
    void navigate({ search: readProductsSearch(next), replace, resetScroll: false })
  const newProduct = () => void goTo({ to: '/products/new' })
  useShortcuts({
    '/': () => field.current?.focus(),
    Escape: () => go({ sort: search.sort }),
    ...(may.allowed && { N: newProduct }),
    E: () => void goTo({ to: '/products/files' }),
  })
  return (
    <Page
      title="Products"
      actions={
        <>
          <Link to="/products/files" className={buttonClass('outline')}>
            <FileUp size={16} aria-hidden /> Import or export
          </Link>
          <ActionButton may={may} look="solid" onClick={newProduct}>
            <Plus size={16} aria-hidden /> New product
          </ActionButton>
        </>
      }
    >
      <div className="space-y-3">
        <div className="flex flex-wrap items-center gap-2">
          <SearchField
            ref={field}
            label="Search products"
            placeholder="Name, SKU, brand, words…"
            value={search.q ?? ''}
            onChange={(q) => go({ ...search, q }, true)}
            className="w-full sm:w-72"
          />
          <FacetMenus search={search} categories={categories.data} go={go} />
          <SelectField
            label="Order of the list"
            hideLabel
            className="w-44 sm:ml-auto"
            value={isSearching(search) ? 'best' : (search.sort ?? 'newest')}
            disabled={isSearching(search)}
            options={isSearching(search) ? [{ value: 'best', label: 'Best hit first' }] : SORTS}
            onChange={(sort) => go(readProductsSearch({ ...search, sort }))}
          />
        </div>
        <FilterChips
          chips={chipsOf(search, categories.data, go)}
          onClear={() => go({ sort: search.sort })}
        />
        <Corrected words={products.data?.pages[0]?.corrected} />
        <ListPanel
          query={products}
          of="product"
          height={61}
          empty={<NoProducts search={search} onClear={() => go({})} />}
        >
          {(rows) => <ProductTable rows={rows} />}
        </ListPanel>
      </div>
    </Page>
  )
}

type FacetMenusProps = { search: ProductsSearch; categories: Category[] | undefined; go: Go }

const MOST_ATTRIBUTES = 3

function FacetMenus({ search, categories, go }: FacetMenusProps) {
  const { category, brand, ...rest } = search
  const byCategory = useFacets({ ...rest, brand })
  const byBrand = useFacets({ ...rest, category })
  const byAttribute = useFacets({ ...search, attribute: undefined })
  const hits = new Map(byCategory.data?.categories.map((one) => [one.value, one.hits]))
  return (
    <>
      <ChoiceMenu
        one="Category"
        many="Categories"
        choices={(categories ?? []).map(({ category_id, path }) => ({
          value: category_id,
          label: path,
          count: hits.get(category_id),
        }))}
        chosen={category ? [category] : []}
        loaded={categories !== undefined}
        // One at a time: with it come all below it.
        onToggle={(value) => go({ ...search, category: value === category ? undefined : value })}
        onClear={() => go({ ...search, category: undefined })}
      />
      <ChoiceMenu
        one="Brand"
        many="Brands"
        choices={withChosen(facetChoices(byBrand.data?.brands), brand)}
        chosen={brand ?? []}
        loaded={byBrand.data !== undefined}
        onToggle={(value) => go({ ...search, brand: toggledIn(brand, value) })}
        onClear={() => go({ ...search, brand: undefined })}
      />
      <ChoiceMenu
        one="Status"
        many="Statuses"
        choices={PRODUCT_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value].label }))}
        chosen={search.status ?? []}
        loaded
        onToggle={(value) =>
          go(readProductsSearch({ ...search, status: toggledIn(search.status, value) }))
        }
        onClear={() => go({ ...search, status: undefined })}
      />
      {!isSearching(search) && (
        <ChoiceMenu
          one="Kind"
          many="Kinds"
          choices={KINDS.map((value) => ({ value, label: KIND_WORDS[value].label }))}
          chosen={search.kind ?? []}
          loaded
          onToggle={(value) =>
            go(readProductsSearch({ ...search, kind: toggledIn(search.kind, value) }))
          }
          onClear={() => go({ ...search, kind: undefined })}
        />
      )}
      {Object.entries(byAttribute.data?.attributes ?? {})
        .slice(0, MOST_ATTRIBUTES)
        .map(([name, values]) => (
          <ChoiceMenu
            key={name}
            one={name}
            many={`Values of ${name}`}
            choices={values.map(({ value, label, hits: count }) => ({
              value: `${name}:${value}`,
              label,
              count,
            }))}
            chosen={(search.attribute ?? []).filter((pair) => pair.startsWith(`${name}:`))}
            loaded
            onToggle={(value) => go({ ...search, attribute: toggledIn(search.attribute, value) })}
            onClear={() =>
              go({
                ...search,
                attribute: search.attribute?.filter((pair) => !pair.startsWith(`${name}:`)),
              })
            }
          />
        ))}
    </>
  )
}

function facetChoices(values: Facets['brands'] | undefined): Choice[] {
  return (values ?? []).map(({ value, label, hits }) => ({ value, label, count: hits }))
}

/** A chosen value stays in the menu when nothing is left of it. */
function withChosen(choices: Choice[], chosen: string[] = []): Choice[] {
  const known = new Set(choices.map(({ value }) => value))
  return [
    ...choices,
    ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value })),
  ]
}

function chipsOf(search: ProductsSearch, categories: Category[] | undefined, go: Go) {
  const { q, category, brand = [], status = [], kind = [], attribute = [] } = search
  const without = <Value extends string>(list: Value[], item: Value) =>
    list.filter((one) => one !== item)
  return [
    ...(q ? [{ key: 'q', label: `“${q}”`, onRemove: () => go({ ...search, q: undefined }) }] : []),
    ...(category
      ? [
          {
            key: 'category',
            label:
              categories?.find(({ category_id }) => category_id === category)?.path ?? 'Category',
            onRemove: () => go({ ...search, category: undefined }),
          },
        ]
      : []),
    ...brand.map((value) => ({
      key: `brand ${value}`,
      label: value,
      onRemove: () => go({ ...search, brand: without(brand, value) }),
    })),
    ...status.map((value) => ({
      key: `status ${value}`,
      label: STATUS_WORDS[value].label,
      onRemove: () => go({ ...search, status: without(status, value) }),
    })),
    ...kind.map((value) => ({
      key: `kind ${value}`,
      label: KIND_WORDS[value].label,
      onRemove: () => go({ ...search, kind: without(kind, value) }),
    })),
    ...attribute.map((value) => ({
      key: `attribute ${value}`,
      label: value.replace(':', ': '),
      onRemove: () => go({ ...search, attribute: without(attribute, value) }),
    })),
  ]
}

/** Mistyped words, with those that were looked for in their place. */
function Corrected({ words }: { words: Record<string, string[]> | undefined }) {
  const told = Object.entries(words ?? {}).filter(([, instead]) => instead.length > 0)
  if (told.length === 0) return null
  return (
    <p role="status" className="text-muted">
      {told.map(([word, instead]) => (
        <span key={word}>
          Nothing holds “{word}”: these are for <b className="text-ink">{listed(instead)}</b>.{' '}
        </span>
      ))}
    </p>
  )
}

function NoProducts({ search, onClear }: { search: ProductsSearch; onClear: () => void }) {
  return isFiltered(search) ? (
    <NoMatch of="products" onClear={onClear}>
      {search.q
        ? `No name, SKU, brand or description holds “${search.q}” within these filters.`
        : 'Archived products are shown only when their status is chosen.'}
    </NoMatch>
  ) : (
    <Message
      icon={Package}
      title="No products yet"
      className="min-h-80"
      actions={
        <Link to="/products/files" className={buttonClass('solid')}>
          Import a file
        </Link>
      }
    >
      Make one by hand (<Key>N</Key>), or import those you have. Orders of channels bring their
      products along.
    </Message>
  )
}

function ProductTable({ rows }: { rows: FoundRow[] }) {
  return (
    <Table label="Products">
      <thead>
        <tr>
          <Head>Product</Head>
          <Head className="max-md:hidden">Category</Head>
          <Head className="max-lg:hidden">Brand</Head>
          <Head className="max-sm:hidden">Status</Head>
          <Head right>Price</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((product) => (
          <tr key={product.product_id} className={LINK_ROW}>
            <RowHead className="w-full max-w-0">
              <span className="flex items-center gap-3">
                <Thumb url={product.picture_url} />
                <span className="min-w-0">
                  <Link
                    to="/products/$productId"
                    params={{ productId: product.product_id }}
                    className={clsx(ROW_LINK, 'line-clamp-2 sm:truncate')}
                  >
                    <Marked html={product.marked_name} plain={product.name} />
                  </Link>
                  <span className="block truncate text-xs text-muted">
                    {product.sku ?? KIND_WORDS[product.kind].label}
                    <span className="sm:hidden">
                      {product.status !== 'active' && ` · ${STATUS_WORDS[product.status].label}`}
                    </span>
                    {product.excerpt && (
                      <>
                        {' · '}
                        <Marked html={product.excerpt} plain="" />
                      </>
                    )}
                  </span>
                </span>
              </span>
            </RowHead>
            <Cell className="whitespace-nowrap max-md:hidden">
              {product.category ?? <span className="text-muted">None</span>}
            </Cell>
            <Cell className="whitespace-nowrap max-lg:hidden">
              {product.brand ?? <span className="text-muted">None</span>}
            </Cell>
            <Cell className="max-sm:hidden">
              <span className="flex gap-1.5">
                <Badge tone={STATUS_WORDS[product.status].tone}>
                  {STATUS_WORDS[product.status].label}
                </Badge>
                {product.kind !== 'good' && <Badge>{KIND_WORDS[product.kind].label}</Badge>}
              </span>
            </Cell>
            <Cell right className="whitespace-nowrap">
              {product.kind === 'group' && product.price === null ? (
                <span className="text-muted">Variants</span>
              ) : (
                <Price
                  price={product.price}
                  currency={product.currency}
                  lowest={product.lowest_price_30_days}
                />
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function Marked({ html, plain }: { html: string | null | undefined; plain: string }) {
  if (!html) return plain
  return readMarked(html).map(({ text, isHit }, index) =>
    isHit ? (
      <mark key={index} className="rounded-xs bg-warn-soft text-inherit">
        {text}
      </mark>
    ) : (
      text
    ),
  )
}
