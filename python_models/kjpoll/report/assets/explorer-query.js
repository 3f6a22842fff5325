// The box for SQL: any query over the released tables, its result as a table and as CSV.
(function (explorer) {
  "use strict";
  const SHOWN = 1000;
  const field = (name) => document.getElementById(name);
  let asked = 0;

  explorer.prepareQuery = function () {
    const text = field("sql");
    // A report without the database has no box.
    if (!text) return;
    const propose = () => {
      const { q, by, wave } = explorer.choice();
      text.value = by
        ? explorer.crosstabQuery({ q, by, wave })
        : `select * from topline_of(${explorer.literal(q)})\nwhere wave = ${wave}`;
    };
    propose();
    field("run").disabled = !explorer.hasEngine;
    field("show-query").addEventListener("click", propose);
    field("stop").addEventListener("click", explorer.stop);
    field("sql-form").addEventListener("submit", (event) => {
      event.preventDefault();
      run(text.value);
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run(text.value);
      }
    });
  };

  async function run(sql) {
    if (!explorer.hasEngine) return;
    const mine = ++asked;
    const say = (message) => {
      if (mine === asked) field("sql-status").textContent = message;
    };
    field("stop").hidden = false;
    field("result").replaceChildren();
    try {
      if (!sql.trim()) throw new Error("There is no query.");
      const began = performance.now();
      const { columns, rows } = await explorer.ask(sql, say);
      if (mine !== asked) return;
      show(columns, rows);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(
        `${explorer.count(rows.length)} row${rows.length === 1 ? "" : "s"} in ${seconds} s` +
          (rows.length > SHOWN ? `; the first ${explorer.count(SHOWN)} are shown, the CSV has all` : "") +
          ".",
      );
    } catch (error) {
      say(error.message);
    } finally {
      if (mine === asked) field("stop").hidden = true;
    }
  }

  function show(columns, rows) {
    if (!columns.length) return;
    const numeric = columns.map((_, at) =>
      rows.every((row) => row[at] === null || typeof row[at] === "number"),
    );
    field("result").replaceChildren(
      explorer.table(
        "sql-result",
        ["Result"],
        columns.map((text, at) => ({ text, number: numeric[at] })),
        rows.slice(0, SHOWN).map((row) => ({
          cells: row.map((value, at) => ({
            text: value === null ? "NULL" : String(value),
            number: numeric[at],
          })),
        })),
        [columns, ...rows],
        "result.csv",
      ),
    );
  }
})(window.explorer);
