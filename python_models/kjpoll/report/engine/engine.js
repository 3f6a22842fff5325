// DuckDB in the page: started once, filled with the release, then asked. Loaded by assets/explorer-engine.js.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";

// What leaves or enters the page is this script's business alone: no query can fetch an extension or a file.
const CLOSED = [
  "set autoinstall_known_extensions = false",
  "set autoload_known_extensions = false",
  "set enable_external_access = false",
  "set lock_configuration = true",
];

/**
 * Starts DuckDB and loads the release.
 * @param {object} source  worker, wasm: addresses of the engine; tables: [{name, schema, address}], as Arrow
 *   streams; script: SQL that makes their views and macros; bytes: the size of all that is fetched.
 * @param {(done: number) => void} progress  is told the share that has been fetched, 0 to 1.
 * @returns {Promise<{query: Function, stop: Function}>}
 */
export async function start(source, progress) {
  let fetched = 0;
  const counted = (n) => progress(Math.min(1, (fetched += n) / source.bytes));
  const worker = new Worker(source.worker);
  try {
    const [wasm, ...tables] = await Promise.all(
      [source.wasm, ...source.tables.map((table) => table.address)].map((address) =>
        content(address, counted),
      ),
    );
    const database = new AsyncDuckDB(new VoidLogger(), worker);
    const module = URL.createObjectURL(new Blob([wasm], { type: "application/wasm" }));
    await database.instantiate(module);
    URL.revokeObjectURL(module);
    await database.open({ query: { castBigIntToDouble: true, castDecimalToDouble: true } });
    const connection = await database.connect();
    for (const schema of new Set(source.tables.map((table) => table.schema))) {
      await connection.query(`create schema if not exists ${schema}`);
    }
    for (const [at, { name, schema }] of source.tables.entries()) {
      await connection.insertArrowFromIPCStream(tables[at], { name, schema, create: true });
    }
    await connection.query(source.script);
    for (const setting of CLOSED) await connection.query(setting);
    return { query: (sql) => query(connection, sql), stop: () => worker.terminate() };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

/** The bytes of a gzip file; some servers unpack it on the way. */
async function content(address, counted) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server answers ${response.status}`);
  const parts = [];
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    counted(part.value.length);
  }
  const whole = new Blob(parts);
  const head = new Uint8Array(await whole.slice(0, 2).arrayBuffer());
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  const plain = packed ? new Response(whole.stream().pipeThrough(new DecompressionStream("gzip"))) : whole;
  return new Uint8Array(await plain.arrayBuffer());
}

/** The answer to a query: {columns: [names], rows: [[values]]}; dates and times as text, NULL as null. */
async function query(connection, sql) {
  const table = await connection.query(sql);
  const fields = table.schema.fields;
  const columns = fields.map((field, at) => {
    const vector = table.getChildAt(at);
    return Array.from({ length: table.numRows }, (_, row) => plain(vector.get(row), String(field.type)));
  });
  return {
    columns: fields.map((field) => field.name),
    rows: Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column[row])),
  };
}

function plain(value, type) {
  if (value === null || value === undefined) return null;
  if (type.startsWith("Date")) return new Date(Number(value)).toISOString().slice(0, 10);
  if (type.startsWith("Timestamp"))
    return new Date(Number(value)).toISOString().slice(0, 19).replace("T", " ");
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (["number", "string", "boolean"].includes(typeof value)) return value;
  return String(value);
}
