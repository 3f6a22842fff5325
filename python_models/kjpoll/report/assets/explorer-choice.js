// What is chosen: the form, and the part of the address after #, which keeps it for whoever gets the link.
(function (explorer) {
  "use strict";
  const { element } = explorer;
  const field = (name) => document.getElementById(name);
  const byId = new Map(explorer.data.questions.map((question) => [question.id, question]));
  const NOBODY = "";

  explorer.question = (id) => byId.get(id);

  /** The chosen values: q, by ("" for nobody), wave, answer ("net:positive" or "category:good"), lang. */
  explorer.choice = function () {
    return {
      q: field("q").value,
      by: field("by").value,
      wave: Number(field("wave").value),
      answer: field("answer").value,
      lang: field("lang").value,
    };
  };

  /** The label of something that has one in each language, and its language attribute. */
  explorer.labelled = (thing) => ({ text: thing.label[field("lang").value], lang: field("lang").value });

  /** Country, or question, by name: what the columns of a crosstab are. */
  explorer.columnLabel = function (by, id) {
    if (by === "country") return explorer.labelled(explorer.data.countries[id]);
    return explorer.labelled(explorer.question(by).categories.find((category) => category.id === id));
  };

  explorer.answers = function (question) {
    const nets = [...new Set(question.cells.filter((cell) => cell[2] === "net").map((cell) => cell[3]))];
    return [
      ...Object.keys(explorer.data.nets)
        .filter((net) => nets.includes(net))
        .map((net) => ({ grouping: "net", id: net, missing: null, ...explorer.data.nets[net] })),
      ...question.categories
        .filter((category) =>
          question.cells.some((cell) => cell[2] === "category" && cell[3] === category.id),
        )
        .map((category) => ({ grouping: "category", ...category })),
    ];
  };

  explorer.wavesOf = (question) => [...new Set(question.asked.map((sample) => sample[0]))].sort();
  explorer.countriesOf = (question) =>
    Object.keys(explorer.data.countries).filter((country) =>
      question.asked.some((sample) => sample[1] === country),
    );

  /** Calls what is given after each change of the choice. */
  explorer.onChoice = function (changed) {
    fillQuestions();
    const start = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    take(start);
    document.getElementById("choice").addEventListener("change", (event) => {
      if (event.target.id === "q") fillRest();
      if (event.target.id === "lang") relabel();
      keep();
      changed();
    });
    document.getElementById("choice").addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", () => {
      if (location.hash.slice(1) === String(asParameters())) return;
      take(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
      changed();
    });
    changed();
  };

  function take(values) {
    if (values.lang) select("lang", values.lang);
    fillQuestions();
    select("q", values.q, explorer.data.first);
    fillRest();
    select("by", values.by);
    select("wave", values.wave);
    select("answer", values.answer);
  }

  function select(name, ...wanted) {
    const known = wanted.find((value) => [...field(name).options].some((option) => option.value === value));
    if (known !== undefined) field(name).value = known;
  }

  function asParameters() {
    const { q, by, wave, answer, lang } = explorer.choice();
    return new URLSearchParams({ q, by, wave, answer, lang });
  }

  const keep = () => history.replaceState(null, "", `#${asParameters()}`);

  function relabel() {
    const before = Object.fromEntries(asParameters());
    fillQuestions();
    select("q", before.q);
    fillRest();
    for (const name of ["by", "wave", "answer"]) select(name, before[name]);
  }

  function option(value, label) {
    return element("option", { value, lang: label.lang }, label.text);
  }

  function grouped(questions) {
    const topics = new Map();
    for (const question of questions) {
      if (!topics.has(question.topic)) topics.set(question.topic, []);
      topics.get(question.topic).push(question);
    }
    return [...topics].map(([topic, members]) =>
      element(
        "optgroup",
        { label: topic[0].toUpperCase() + topic.slice(1) },
        ...members.map((question) => option(question.id, explorer.labelled(question))),
      ),
    );
  }

  function fillQuestions() {
    field("q").replaceChildren(...grouped(explorer.data.questions));
  }

  // What depends on the question. One person's several answers would be in several columns: not to split by.
  function fillRest() {
    const question = explorer.question(field("q").value);
    const before = field("by").value;
    const english = (text) => ({ text, lang: "en" });
    const single = explorer.data.questions.filter(
      (other) =>
        other !== question &&
        other.type !== "multiple" &&
        other.asked.some(([wave, country]) =>
          question.asked.some((sample) => sample[0] === wave && sample[1] === country),
        ),
    );
    const demographic = single.filter((other) => other.topic === explorer.data.respondent);
    field("by").replaceChildren(
      option(NOBODY, english("Nobody: all respondents")),
      ...(explorer.countriesOf(question).length > 1 ? [option("country", english("Country"))] : []),
      ...grouped(demographic),
      ...grouped(single.filter((other) => !demographic.includes(other))),
    );
    select("by", before, NOBODY);
    field("wave").replaceChildren(
      ...explorer
        .wavesOf(question)
        .reverse()
        .map((wave) => option(wave, english(String(wave)))),
    );
    field("answer").replaceChildren(
      ...explorer
        .answers(question)
        .map((answer) => option(`${answer.grouping}:${answer.id}`, explorer.labelled(answer))),
    );
  }
})(window.explorer);
