// The page: what is chosen is shown; a crosstab is computed once for each pair of questions, for all waves.
(function (explorer) {
  "use strict";
  const field = (name) => document.getElementById(name);
  const known = new Map();
  let shown = 0;
  let last = Promise.resolve();

  explorer.onChoice(show);
  explorer.prepareQuery();

  async function show() {
    const mine = ++shown;
    const say = (message) => {
      if (mine === shown) field("status").textContent = message;
    };
    const { q, by } = explorer.choice();
    const label = explorer.labelled(explorer.question(q));
    field("question-label").textContent = label.text;
    field("question-label").lang = label.lang;
    explorer.showTopline(field("topline"));
    if (!by || !explorer.hasEngine) {
      explorer.showTrend(field("trend"), null);
      field("crosstab").replaceChildren(
        explorer.element(
          "p",
          {},
          by
            ? "A crosstab needs the database, which is off; see the top of the page."
            : "Choose in “By” whom to compare.",
        ),
      );
      say("");
      return;
    }
    field("crosstab").setAttribute("aria-busy", "true");
    try {
      // One at a time, and none that nobody waits for any more.
      const before = last;
      const turn = before.then(() => (mine === shown ? crosstab(q, by, say) : null));
      last = turn.catch(() => {});
      const rows = await turn;
      if (mine !== shown) return;
      explorer.showCrosstab(field("crosstab"), rows);
      explorer.showTrend(field("trend"), rows);
      say("Crosstab and trend are up to date.");
    } catch (error) {
      if (mine !== shown) return;
      field("crosstab").replaceChildren();
      explorer.showTrend(field("trend"), null);
      say(`There is no crosstab: ${error.message}`);
    } finally {
      if (mine === shown) field("crosstab").removeAttribute("aria-busy");
    }
  }

  async function crosstab(q, by, say) {
    const sql = explorer.crosstabQuery({ q, by });
    if (!known.has(sql)) {
      const { columns, rows } = await explorer.ask(sql, say);
      known.set(
        sql,
        rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))),
      );
    }
    return known.get(sql);
  }
})(window.explorer);
