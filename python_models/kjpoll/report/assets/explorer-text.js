// Texts and tables of the explorer. Every text from the data goes in as text, never as markup.
window.explorer = {};

(function (explorer) {
  "use strict";

  /** An element with attributes (null: left out) and children: elements, texts, labels {text, lang}. */
  explorer.element = function (name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false)
        made.setAttribute(key, value === true ? "" : value);
    }
    for (const child of children.filter((child) => child !== null && child !== undefined)) {
      const isLabel = typeof child === "object" && !(child instanceof Node);
      made.append(isLabel ? explorer.element("span", { lang: child.lang }, child.text) : child);
    }
    return made;
  };

  /** Texts and labels as one text, for an attribute. */
  explorer.joined = (parts) => parts.map((part) => part.text ?? part).join("");
  explorer.percent = (value) => (value === null ? "" : value.toFixed(1));
  /** An assumed share has no interval. */
  explorer.interval = (low, high) =>
    low === null ? "assumed, no interval" : `95% interval ${low.toFixed(1)} to ${high.toFixed(1)}`;
  explorer.count = (value) => Math.round(value).toLocaleString("en");

  /**
   * A table in a box that scrolls on a narrow screen, with a button for its numbers as CSV.
   * caption: texts and labels.
   * head and rows: cells {text, header, lang, number, note, attributes}; a row may be {cells, kind}.
   * csv: the numbers as they are, [[header], [row], ...], and the name of the file.
   */
  explorer.table = function (id, caption, head, rows, csv, file) {
    const { element } = explorer;
    const table = element(
      "table",
      { id },
      element("caption", {}, ...caption),
      element("thead", {}, element("tr", {}, ...head.map((cell) => drawn(cell, "col")))),
      element(
        "tbody",
        {},
        ...rows.map((row) =>
          element(
            "tr",
            { class: row.kind },
            ...row.cells.map((cell) => drawn(cell, cell.header ? "row" : null)),
          ),
        ),
      ),
    );
    const box = element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": explorer.joined(caption) },
      table,
    );
    const button = element(
      "button",
      { type: "button", "aria-label": `CSV of ${explorer.joined(caption)}` },
      "CSV",
    );
    button.addEventListener("click", () => explorer.download(file, explorer.csv(csv)));
    return element("div", {}, box, element("p", { class: "buttons" }, button));
  };

  function drawn(cell, scope) {
    return explorer.element(
      scope ? "th" : "td",
      { scope, lang: cell.lang, class: cell.number ? "n" : null, ...cell.attributes },
      cell.text,
      cell.note ? explorer.element("span", { class: "letters" }, cell.note) : null,
    );
  }

  /** Rows as CSV (RFC 4180); NULL is empty, an empty text is "". */
  explorer.csv = (rows) =>
    rows
      .map((row) =>
        row
          .map((value) => {
            if (value === null || value === undefined) return "";
            const text = String(value);
            return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
          })
          .join(","),
      )
      .join("\r\n") + "\r\n";

  explorer.download = function (file, text) {
    // The mark at the start tells spreadsheets that the text is UTF-8.
    const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
    const link = explorer.element("a", { href: address, download: file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  /** A text as SQL writes it. */
  explorer.literal = (text) => `'${text.replaceAll("'", "''")}'`;
})(window.explorer);
