import { useMutation } from '@tanstack/react-query'
import { CircleCheck, Download } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { api, bodyOf, type ImportReport, type ProductStatus } from '@/client/api'
import { download, save } from '@/client/download'
import { asProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { count, counted } from '@/lib/format'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { CheckField } from '@/ui/Field'
import { FileChoice } from '@/ui/FileChoice'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { Segments } from '@/ui/Segments'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { toast } from '@/ui/toast'
import { errorsAsCsv, type FileFormat, formatOf } from './files'
import { PRODUCT_STATUSES } from './filters'
import { PRODUCTS } from './queries'
import { STATUS_WORDS } from './words'

const BACK = { to: '/products', label: 'Products' } as const

/** All products in and out as a file. */
export function FilesPage() {
  return (
    <Page title="Import or export products" back={BACK}>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <ImportCard />
        <ExportCard />
      </div>
    </Page>
  )
}

/** First it is looked at and nothing is changed; then, with the report in sight, it is done. */
function ImportCard() {
  const may = useMay('catalog:write')
  const [file, setFile] = useState<File | null>(null)
  const send = useWrite(
    (asked: { file: File; at: number; format: FileFormat; dry_run: boolean }, key) =>
      bodyOf(
        api.POST('/api/v1/products/import', {
          params: {
            query: { format: asked.format, dry_run: asked.dry_run },
            header: keyed(key),
          },
          headers: { 'Content-Type': asked.format === 'csv' ? 'text/csv' : 'application/x-ndjson' },
          body: asked.file as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
        }),
      ),
    { touches: [PRODUCTS] },
  )
  const report = send.data
  const ask = (chosen: File, dry_run: boolean) =>
    send.mutate({
      file: chosen,
      // Another content under the same name is another intent.
      at: chosen.lastModified + chosen.size,
      format: formatOf(chosen.name),
      dry_run,
    })
  function choose(chosen: File) {
    setFile(chosen)
    ask(chosen, true)
  }
  const useful = report ? report.created + report.changed : 0
  return (
    <Card title="Import">
      <div className="space-y-4 px-4 pt-1 pb-5 sm:px-5">
        <p className="text-muted">
          CSV with a header, or one JSON object per line, as the export writes it. Products are
          known by their SKU: new ones are made, others changed where the file has a column. First
          you see what would happen.
        </p>
        <FileChoice
          label="File with products"
          accept=".csv,.jsonl,.ndjson,text/csv,application/x-ndjson"
          file={file}
          may={may}
          isBusy={send.isPending}
          onChoose={choose}
        />
        {send.isPending && (
          <p role="status">
            {send.variables.dry_run ? 'Looking at every row…' : 'Importing… Leave this page open.'}
          </p>
        )}
        {send.error && (
          <Notice tone="bad">
            <b>Nothing was imported.</b> {asProblem(send.error).message}
            {file && (
              <Button className="mt-2 block text-ink" onClick={() => ask(file, true)}>
                Try again
              </Button>
            )}
          </Notice>
        )}
        {report && !send.isPending && <Report report={report} />}
        {report && file && report.is_dry_run && !send.isPending && (
          <div className="flex flex-wrap items-center gap-3">
            <Button look="solid" disabled={useful === 0} onClick={() => ask(file, false)}>
              {useful === 0 ? 'Nothing to import' : `Import ${counted(useful, 'product')}`}
            </Button>
            {report.refused > 0 && useful > 0 && (
              <span className="text-muted">
                {counted(report.refused, 'row')} with errors {report.refused === 1 ? 'is' : 'are'}{' '}
                left out.
              </span>
            )}
          </div>
        )}
      </div>
    </Card>
  )
}

const MOST_SHOWN = 50

function Report({ report }: { report: ImportReport }) {
  const would = report.is_dry_run
  return (
    <section aria-label={would ? 'What would happen' : 'What happened'} className="space-y-3">
      <Notice tone={would ? 'accent' : 'good'}>
        <p role="status" className="flex items-center gap-2 font-semibold">
          {!would && <CircleCheck size={17} aria-hidden />}
          {would
            ? 'Nothing is changed yet. This is what an import would do:'
            : 'Imported. This is what was done:'}
        </p>
        <dl className="num mt-2 grid grid-cols-2 gap-x-4 gap-y-1 text-ink sm:grid-cols-5">
          <Sum name="Rows" value={report.rows} />
          <Sum name={would ? 'To be made' : 'Made'} value={report.created} />
          <Sum name={would ? 'To be changed' : 'Changed'} value={report.changed} />
          <Sum name="As they are" value={report.unchanged} />
          <Sum name="With errors" value={report.refused} />
        </dl>
      </Notice>
      {report.errors.length > 0 && (
        <div className="overflow-hidden rounded-xl border border-line">
          <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-2.5">
            <h3 className="font-semibold">Rows with errors</h3>
            <Button
              onClick={() =>
                save(
                  new Blob([errorsAsCsv(report.errors)], { type: 'text/csv' }),
                  'import-errors.csv',
                )
              }
            >
              <Download size={15} aria-hidden /> Errors as CSV
            </Button>
          </div>
          <Table label="Rows with errors">
            <thead>
              <tr>
                <Head>Row</Head>
                <Head>SKU</Head>
                <Head>What is wrong</Head>
              </tr>
            </thead>
            <tbody>
              {report.errors.slice(0, MOST_SHOWN).map((error, index) => (
                <tr key={index} className={`${ROW} align-top`}>
                  <RowHead>{count(error.row)}</RowHead>
                  <Cell className="break-all">{error.sku ?? '–'}</Cell>
                  <Cell className="w-full">
                    {error.field && <b>{error.field}: </b>}
                    {error.message}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
          {report.errors.length > MOST_SHOWN && (
            <p className="px-4 py-2 text-muted">
              The first {MOST_SHOWN} of {count(report.refused)}. The CSV has{' '}
              {count(report.errors.length)}.
            </p>
          )}
        </div>
      )}
    </section>
  )
}

function Sum({ name, value }: { name: string; value: number }): ReactNode {
  return (
    <div className="flex justify-between gap-2 sm:block">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-base font-semibold">{count(value)}</dd>
    </div>
  )
}

function ExportCard() {
  const [format, setFormat] = useState<FileFormat>('csv')
  const [statuses, setStatuses] = useState<ProductStatus[]>(['active', 'draft'])
  const exporting = useMutation({
    networkMode: 'always',
    mutationFn: () => {
      const query = new URLSearchParams({ format })
      for (const status of statuses) query.append('status', status)
      return download(`/api/v1/products/export?${query}`, `products.${format}`)
    },
    onSuccess: () => toast('The products are in your downloads.'),
  })
  return (
    <Card title="Export">
      <div className="space-y-4 px-4 pt-1 pb-5 sm:px-5">
        <Segments
          label="Format"
          options={[
            { value: 'csv', label: 'CSV' },
            { value: 'jsonl', label: 'JSON lines' },
          ]}
          value={format}
          onChange={setFormat}
        />
        <fieldset className="space-y-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">Which products</legend>
          {PRODUCT_STATUSES.map((status) => (
            <CheckField
              key={status}
              label={STATUS_WORDS[status].label}
              checked={statuses.includes(status)}
              onChange={(chosen) =>
                setStatuses(
                  chosen ? [...statuses, status] : statuses.filter((one) => one !== status),
                )
              }
            />
          ))}
        </fieldset>
        {exporting.error && <Notice tone="bad">{asProblem(exporting.error).message}</Notice>}
        <Button
          disabled={exporting.isPending || statuses.length === 0}
          onClick={() => exporting.mutate()}
        >
          <Download size={16} aria-hidden /> {exporting.isPending ? 'Exporting…' : 'Export'}
        </Button>
        <p className="text-[0.8125rem] text-muted">
          All of them, safe to open in a spreadsheet. Change the file, and import it again.
        </p>
      </div>
    </Card>
  )
}
