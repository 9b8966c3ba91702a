(() => {
  "use strict";
  const LEAVES = "main p, main li, main td, main th, main h1, main h2, main h3, main h4, main h5, main h6, main dd, main figcaption, main img";
  const words = (element) => element.tagName === "IMG" ? element.src : element.textContent;
  const bar = document.createElement("div");
  bar.setAttribute("role", "status");
  bar.style.cssText = "position:fixed;inset:0 0 auto 0;z-index:9999;max-height:45vh;overflow:auto;padding:.5em 1em;font:14px/1.4 monospace;" +
    "white-space:pre-wrap;background:#fff4e5;color:#3a1c00;border-bottom:3px solid #b34700;display:none";
  document.body.append(bar);

  const say = (text) => {
    bar.textContent = text;
    bar.style.display = text ? "block" : "none";
  };

  // The first piece of text that the new page has otherwise: that is where the author is working.
  const edited = (before, after) => {
    let at = 0;
    while (at < before.length && at < after.length && before[at] === words(after[at])) at += 1;
    return at < after.length && !(at === before.length && at === after.length) ? after[at] : null;
  };

  const follow = async () => {
    const answer = await fetch("/");
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = Array.from(document.querySelectorAll(LEAVES), words);
    const fresh = document.adoptNode(next.body);
    for (const script of fresh.querySelectorAll("script")) script.remove();
    const styles = next.head.querySelectorAll("style");
    document.head.querySelectorAll("style").forEach((style, at) => {
      if (styles[at] && styles[at].textContent !== style.textContent) style.textContent = styles[at].textContent;
    });
    document.title = next.title;
    const place = window.scrollY;
    document.body.replaceChildren(...fresh.childNodes, bar);
    window.scrollTo(0, place);
    const target = edited(before, document.querySelectorAll(LEAVES));
    if (target && before.length) {
      target.scrollIntoView({ block: "center" });
      target.style.outline = "3px solid #b34700";
      setTimeout(() => target.style.removeProperty("outline"), 1500);
    }
    document.documentElement.dataset.shown = String(Number(document.documentElement.dataset.shown || 0) + 1);
  };

  const source = new EventSource("/news");
  let shown = shownPage;
  source.onmessage = async (message) => {
    const state = JSON.parse(message.data);
    if (state.page !== shown) {
      shown = state.page;
      await follow();
    }
    say(state.ended ? "mmguide watch has ended." : state.problems);
    if (state.ended) source.close();
  };
})();
