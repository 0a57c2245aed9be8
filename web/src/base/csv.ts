/* SPDX-License-Identifier: Apache-2.0 */
/* csv - looks at the first rows of a file before it is sent: columns known, missing, ignored. */

export type Preview = {
  kind: 'csv' | 'ndjson';
  columns: string[];
  rows: string[][];
  missing: string[];
  unknown: string[];
};

export const LISTING_COLUMNS = {
  needed: ['kind', 'value', 'action', 'reason', 'basis', 'source', 'until'],
  known: ['from', 'evidence', 'score', 'match', 'notice', 'division', 'rpz'],
};

/* RFC 4180, as far as `limit` records; what is cut off at the end of the text is left out. */
export function readCsv(text: string, limit: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endRecord = () => {
    record.push(cell);
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
    cell = '';
  };
  for (let i = 0; i < text.length && records.length < limit; i++) {
    const c = text[i];
    if (isQuoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (c === '"' && cell === '') isQuoted = true;
    else if (c === ',') {
      record.push(cell);
      cell = '';
    } else if (c === '\n') endRecord();
    else if (c !== '\r') cell += c;
  }
  if (!isQuoted && records.length < limit && (cell !== '' || record.length)) endRecord();
  return records;
}

function readNdjson(text: string, limit: number): { columns: string[]; rows: string[][] } {
  const columns: string[] = [];
  const objects: Record<string, unknown>[] = [];
  for (const line of text.split('\n')) {
    if (!line.trim() || objects.length >= limit) continue;
    try {
      const row: unknown = JSON.parse(line);
      if (row === null || typeof row !== 'object' || Array.isArray(row)) continue;
      objects.push(row as Record<string, unknown>);
      for (const name of Object.keys(row)) if (!columns.includes(name)) columns.push(name);
    } catch {
      /* the server names the line; the preview only shows what it can read */
    }
  }
  const rows = objects.map((o) => columns.map((c) => (o[c] === undefined ? '' : String(o[c]))));
  return { columns, rows };
}

export function previewOf(text: string, limit = 5): Preview {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const kind = body.trimStart().startsWith('{') ? 'ndjson' : 'csv';
  let columns: string[] = [];
  let rows: string[][] = [];
  if (kind === 'ndjson') ({ columns, rows } = readNdjson(body, limit));
  else {
    const records = readCsv(body, limit + 1);
    columns = (records[0] ?? []).map((c) => c.trim());
    rows = records.slice(1);
  }
  const { needed, known } = LISTING_COLUMNS;
  return {
    kind,
    columns,
    rows,
    missing: needed.filter((c) => !columns.includes(c)),
    unknown: columns.filter((c) => !needed.includes(c) && !known.includes(c)),
  };
}
