// Search as you type. What is searched comes as a script when it is first wanted, so that it works for pages that are
// opened as files, which may load nothing else.
(function () {
  "use strict";
  var SHOWN = 100;
  var own = document.currentScript;
  var root = own ? own.getAttribute("data-root") : "";
  var input = document.getElementById("-search");
  var list = document.getElementById("-results");
  var found = document.getElementById("-found");
  var pages = null, loading = false, active = -1, options = [], wanted = null;
  var kinds = { c: "constant", f: "field", p: "property", m: "method", s: "section" };

  // Reading

  function load() {
    if (pages || loading) return;
    loading = true;
    var script = document.createElement("script");
    script.src = root + "pages-data.js";
    script.onload = function () {
      loading = false;
      pages = prepare(window.oleanderPages);
      if (wanted !== null) show(wanted);
    };
    script.onerror = function () {
      loading = false;
      say("The search can't be loaded: pages-data.js is missing.");
    };
    document.head.appendChild(script);
  }

  function prepare(data) {
    var libraries = data.l.map(function (row) {
      return { name: row[0], folder: row[1], low: row[0].toLowerCase(), guid: row[3].toLowerCase(), help: row[4],
        lowHelp: row[4].toLowerCase() };
    });
    var types = data.t.map(function (row) {
      return { library: libraries[row[0]], name: row[1], low: row[1].toLowerCase(), kind: row[2],
        file: row[3] === 0 ? row[1] : row[3], guid: row[4].toLowerCase(), help: row[5], lowHelp: row[5].toLowerCase(),
        text: row[6], lowText: row[6].toLowerCase(), members: null };
    });
    return { libraries: libraries, types: types };
  }

  function membersOf(type) {
    if (!type.members) {
      type.members = type.text === "" ? [] : type.text.split("\n").map(function (line) {
        var part = line.split("\t");
        var name = part[0].slice(1);
        return { kind: kinds[part[0].charAt(0)], name: name, low: name.toLowerCase(), id: part[1] || name,
          parameters: part[2] || "", lowParameters: (part[2] || "").toLowerCase(), value: part[3] || "",
          lowValue: (part[3] || "").toLowerCase(), help: part[4] || "", lowHelp: (part[4] || "").toLowerCase() };
      });
    }
    return type.members;
  }

  // Finding: every word must be found, and one of them in the thing itself. What is nearer to its name counts more.

  function isStart(name, at) {
    if (at === 0) return true;
    var before = name.charAt(at - 1), here = name.charAt(at);
    return /[^A-Za-z0-9]/.test(before) || /[a-z0-9]/.test(before) && /[A-Z]/.test(here);
  }

  function inName(name, low, word) {
    var at = low.indexOf(word);
    if (at < 0) return 0;
    if (low === word) return 100;
    if (at === 0) return 80;
    // The letter that tells the kind of a type counts little: IDictionary.
    if (at === 1 && /^[A-Z_][A-Z]/.test(name)) return low.length === word.length + 1 ? 85 : 70;
    for (; at >= 0; at = low.indexOf(word, at + 1)) {
      if (isStart(name, at)) return 60;
    }
    return 40;
  }

  function score(words, ownScore, otherScore) {
    var sum = 0, isOwn = false;
    for (var i = 0; i < words.length; i++) {
      var value = ownScore(words[i]);
      if (value > 0) isOwn = true;
      var other = otherScore ? otherScore(words[i]) : 0;
      if (other > value) value = other;
      if (value === 0) return 0;
      sum += value;
    }
    return isOwn ? sum / words.length : 0;
  }

  function libraryScore(library) {
    return function (word) {
      return inName(library.name, library.low, word) || (library.guid.indexOf(word) >= 0 ? 50 : 0) ||
        (library.lowHelp.indexOf(word) >= 0 ? 14 : 0);
    };
  }

  function typeScore(type) {
    return function (word) {
      return inName(type.name, type.low, word) || (type.guid.indexOf(word) >= 0 ? 50 : 0) ||
        (type.lowHelp.indexOf(word) >= 0 ? 15 : 0);
    };
  }

  function memberScore(member) {
    return function (word) {
      var value = inName(member.name, member.low, word);
      if (value) return value;
      var at = (" " + member.lowParameters + " ").indexOf(" " + word + " ") >= 0 ? 35 : 0;
      if (at) return at;
      if (member.lowParameters.indexOf(word) >= 0) return 25;
      if (member.lowValue.split(" ").indexOf(word) >= 0) return 20;
      return member.lowHelp.indexOf(word) >= 0 ? 15 : 0;
    };
  }

  function around(type) {
    return function (word) {
      if (type.low === word) return 90;
      if (type.low.indexOf(word) >= 0) return 12;
      return type.library.low.indexOf(word) >= 0 ? 6 : 0;
    };
  }

  function holdsAny(text, words) {
    for (var i = 0; i < words.length; i++) {
      if (text.indexOf(words[i]) >= 0) return true;
    }
    return false;
  }

  function typeAddress(type) {
    return root + type.library.folder + "/" + type.file + ".html";
  }

  function find(words) {
    var hits = [], order = 0;
    function add(value, label, kind, where, what, href) {
      if (value > 0) hits.push({ score: value - Math.min(label.length, 60) / 20, label: label, kind: kind, where: where, what: what,
        href: href, order: order++ });
    }
    pages.libraries.forEach(function (library) {
      add(score(words, libraryScore(library)) * 1.04, library.name, "library", "", library.help, root + library.folder + "/index.html");
    });
    pages.types.forEach(function (type) {
      add(score(words, typeScore(type), libraryScore(type.library)) * 1.05, type.name, type.kind, type.library.name, type.help,
        typeAddress(type));
      if (!holdsAny(type.lowText, words)) return;
      membersOf(type).forEach(function (member) {
        var value = score(words, memberScore(member), around(type));
        if (value > 0) add(value, type.name + "." + member.name, member.kind, type.library.name, describe(member),
          typeAddress(type) + "#" + encodeURIComponent(member.id));
      });
    });
    hits.sort(function (a, b) { return b.score - a.score || (a.label < b.label ? -1 : a.label > b.label ? 1 : a.order - b.order); });
    return hits;
  }

  function describe(member) {
    var parts = [];
    if (member.value) parts.push("= " + member.value.replace(" ", " · "));
    if (member.parameters) parts.push("(" + member.parameters.split(" ").join(", ") + ")");
    if (member.help) parts.push(member.help);
    return parts.join(" ");
  }

  // Showing

  function element(name, className, text, words) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (words) mark(made, text, words); else made.textContent = text;
    return made;
  }

  // The text with the words marked; a text whose small letters have another length stays plain.
  function mark(parent, text, words) {
    var low = text.toLowerCase(), at = 0;
    if (low.length !== text.length) { parent.textContent = text; return; }
    while (at < text.length) {
      var next = -1, length = 0;
      for (var i = 0; i < words.length; i++) {
        var here = low.indexOf(words[i], at);
        if (here >= 0 && (next < 0 || here < next || here === next && words[i].length > length)) {
          next = here;
          length = words[i].length;
        }
      }
      if (next < 0) break;
      parent.appendChild(document.createTextNode(text.slice(at, next)));
      parent.appendChild(element("mark", "", text.slice(next, next + length)));
      at = next + length;
    }
    parent.appendChild(document.createTextNode(text.slice(at)));
  }

  function option(hit, index, words) {
    var link = document.createElement("a");
    link.id = "-option-" + index;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    link.href = hit.href;
    link.appendChild(element("span", "name", hit.label, words));
    link.appendChild(element("span", "where", hit.kind + (hit.where ? ", " + hit.where : "")));
    if (hit.what) link.appendChild(element("span", "what", hit.what, words));
    return link;
  }

  function say(text) {
    found.textContent = text;
    if (options.length === 0 && !list.hidden) {
      list.textContent = "";
      list.appendChild(element("p", "note", text));
    }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function show(text) {
    var words = text.toLowerCase().split(/[\s.:,()#]+/).filter(Boolean);
    wanted = text;
    list.textContent = "";
    options = [];
    active = -1;
    input.removeAttribute("aria-activedescendant");
    if (words.length === 0) { close(); found.textContent = ""; return; }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (!pages) { load(); say("Loading..."); return; }
    var hits = find(words);
    hits.slice(0, SHOWN).forEach(function (hit, index) {
      options.push(list.appendChild(option(hit, index, words)));
    });
    list.scrollTop = 0;
    if (hits.length === 0) say("Nothing is called or described like that.");
    else say(hits.length + (hits.length === 1 ? " result" : " results"));
    if (hits.length > SHOWN) list.appendChild(element("p", "note", "The first " + SHOWN + " of " + hits.length + " results"));
  }

  function choose(index) {
    if (active >= 0) options[active].setAttribute("aria-selected", "false");
    active = index;
    if (active < 0) { input.removeAttribute("aria-activedescendant"); return; }
    options[active].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  // Keys

  function key(event) {
    if (event.isComposing) return;
    var count = options.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { show(input.value); return; }
      if (count === 0) return;
      choose(event.key === "ArrowDown" ? (active + 1) % count : (active <= 0 ? count : active) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      var target = !list.hidden && options[Math.max(active, 0)];
      if (!target) return;
      target.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!list.hidden) close();
      else if (input.value !== "") { input.value = ""; show(""); }
      else input.blur();
    }
  }

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName || "");
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", function () { show(input.value); });
  input.addEventListener("keydown", key);
  input.form.addEventListener("submit", function (event) { event.preventDefault(); });
  list.addEventListener("click", close);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  document.addEventListener("click", function (event) {
    if (!input.form.contains(event.target)) close();
  });

  var given = /[?&]q=([^&]*)/.exec(window.location.search);
  if (given) {
    try { input.value = decodeURIComponent(given[1].replace(/\+/g, " ")); } catch (e) { input.value = given[1]; }
    input.focus();
    show(input.value);
  }
})();
