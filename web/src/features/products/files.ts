import type { ImportReport } from '@/client/api'
import type { components } from '@/client/schema'

export type FileFormat = components['schemas']['FileFormat']

/** By the end of the file's name; CSV unless it says otherwise. */
export function formatOf(name: string): FileFormat {
  return /\.(jsonl|ndjson|json)$/i.test(name) ? 'jsonl' : 'csv'
}

/** The report as a file, to mend the rows by. A spreadsheet must not run what stands in a cell. */
export function errorsAsCsv(errors: ImportReport['errors']): string {
  const rows = errors.map(({ row, sku, field, message }) => [row, sku ?? '', field ?? '', message])
  return [['row', 'sku', 'field', 'message'], ...rows]
    .map((cells) => cells.map(csvCell).join(','))
    .join('\r\n')
}

function csvCell(value: string | number): string {
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
