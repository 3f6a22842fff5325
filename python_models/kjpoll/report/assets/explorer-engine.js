// The database behind crosstabs and SQL. It is fetched when it is first asked, since it is some megabytes.
(function (explorer) {
  "use strict";
  const described = document.getElementById("engine");
  const asFile = location.protocol === "file:";
  const source = described && !asFile ? JSON.parse(described.textContent) : null;
  let running = null;
  let interrupt = null;

  if (described && asFile) document.getElementById("no-engine").hidden = false;
  explorer.hasEngine = source !== null;

  /** The answer to a query, {columns, rows}. progress(text) is given what is being waited for. */
  explorer.ask = async function (sql, progress) {
    const stopped = new Promise((_, reject) => {
      interrupt = () => reject(new Error("Stopped."));
    });
    if (!running) {
      running = start(progress);
      running.catch(() => {
        running = null;
      });
    }
    return Promise.race([
      running.then((engine) => {
        progress("Computing …");
        return engine.query(sql);
      }),
      stopped,
    ]);
  };

  /** Ends what runs; the next query starts the database again. */
  explorer.stop = function () {
    const ended = running;
    running = null;
    if (interrupt) interrupt();
    if (ended)
      ended.then(
        (engine) => engine.stop(),
        () => {},
      );
  };

  async function start(progress) {
    progress("Loading the database …");
    if (!window.kjpollEngine) await script(source.program);
    const absolute = (address) => new URL(address, location.href).href;
    let shown = -1;
    return window.kjpollEngine.start(
      {
        ...source,
        worker: absolute(source.worker),
        wasm: absolute(source.wasm),
        tables: source.tables.map((table) => ({ ...table, address: absolute(table.address) })),
      },
      (share) => {
        const percent = Math.floor(share * 10) * 10;
        if (percent > shown)
          progress(`Loading the database: ${(shown = percent)}% of ${(source.bytes / 1e6).toFixed(0)} MB`);
      },
    );
  }

  function script(address) {
    return new Promise((resolve, reject) => {
      const tag = explorer.element("script", { src: address });
      tag.addEventListener("load", resolve);
      tag.addEventListener("error", () =>
        reject(new Error(`${address} cannot be loaded; is the folder complete?`)),
      );
      document.head.append(tag);
    });
  }
})(window.explorer);
