// The search of the codebook: in the page itself, over the list that search-index.js sets.
(function () {
  "use strict";

  // One form for all ways of writing the same: widths and accents of Unicode, capitals, kana; Korean and Japanese
  // words are found without the spaces that Korean puts between some of them and Japanese between none.
  function folded(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[\u30a1-\u30f6]/g, function (kana) {
      return String.fromCharCode(kana.charCodeAt(0) - 0x60);
    });
  }
  function joined(text) {
    return /[\u1100-\u11ff\u3041-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]/.test(text)
      ? text.replace(/\s+/g, "") : text;
  }

  function texts(entry) {
    return [].concat(
      entry.labels.map(function (text, at) { return { kind: "label", language: at, text: text, rank: 1 }; }),
      [{ kind: "name", text: entry.id, rank: 2 }],
      entry.numbers.map(function (text) { return { kind: "number", text: text, rank: 3 }; }),
      entry.categories.flatMap(function (labels) {
        return labels.map(function (text, at) { return { kind: "answer", language: at, text: text, rank: 4 }; });
      }),
      entry.variables.map(function (text) { return { kind: "column", text: text, rank: 5 }; }),
      [{ kind: "topic", text: entry.topic, rank: 6 }]);
  }

  // The entries in which every word of the query occurs, the best first: {entry, matches}. A match is the first text
  // of an entry that holds a word, or is the whole query. An empty query finds nothing.
  function searchCodebook(index, query) {
    var whole = folded(query).trim();
    var words = whole.split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    return index.map(function (entry) {
      var all = texts(entry);
      var matches = words.map(function (word) {
        return all.filter(function (item) {
          var text = folded(item.text);
          return text.includes(word) || joined(text).includes(word);
        }).map(function (item) {
          return folded(item.text) === whole ? Object.assign({}, item, { rank: item.rank - 0.5 }) : item;
        }).sort(function (one, other) { return one.rank - other.rank; })[0];
      });
      return { entry: entry, matches: matches };
    }).filter(function (found) {
      return found.matches.every(Boolean);
    }).sort(function (one, other) {
      return total(one) - total(other);
    });
  }
  function total(found) {
    return found.matches.reduce(function (sum, match) { return sum + match.rank; }, 0);
  }
  window.searchCodebook = searchCodebook;

  var LANGUAGES = ["en", "ko", "ja"];
  var KINDS = { name: "name", number: "question number", answer: "answer", column: "column of a file", topic: "topic" };

  function element(name, text, attributes) {
    var made = document.createElement(name);
    made.textContent = text || "";
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }

  function line(found) {
    var item = element("li");
    item.append(element("a", found.entry.labels[0], { href: encodeURIComponent(found.entry.id) + ".html" }));
    var shown = [found.entry.labels[0]];
    found.matches.forEach(function (match) {
      if (shown.includes(match.text)) return;
      shown.push(match.text);
      item.append(element("br"), (KINDS[match.kind] ? KINDS[match.kind] + ": " : ""),
        element("span", match.text, match.language === undefined ? {} : { lang: LANGUAGES[match.language] }));
    });
    return item;
  }

  function show(query) {
    var results = searchCodebook(window.codebookIndex, query);
    var empty = !query.trim();
    document.getElementById("found").replaceChildren.apply(document.getElementById("found"), results.map(line));
    document.getElementById("found").hidden = empty;
    document.getElementById("all").hidden = !empty;
    document.getElementById("count").textContent = empty ? ""
      : results.length === 0 ? "No question found."
      : results.length === 1 ? "1 question found." : results.length + " questions found.";
  }

  var form = document.getElementById("search");
  if (!form) return;
  var query = document.getElementById("query");
  form.hidden = false;
  query.addEventListener("input", function () { show(query.value); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = document.querySelector("#found a");
    if (first) first.focus();
  });
  // A browser may keep what was typed when the reader comes back.
  if (query.value) show(query.value);
})();
