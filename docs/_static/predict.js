// Figures that ask first: the picture waits for a number, or for "Show me". Then it has the guess, where the sliders
// stand as they stood at first, and the sentence says how far it is off.

// In pixels of the picture: the size of a mark and of its name, and how near to an edge a mark may lie.
const MARK = 13, LETTERS = 29, EDGE = 20;
const SVG = "http://www.w3.org/2000/svg";

for (const question of document.querySelectorAll(".ask[data-guess]")) {
    const { key, axis, log, limits, ends, across, size, factor, within, words } = JSON.parse(question.dataset.guess);
    const figure = question.closest(".cell_output").querySelector("figure");
    const form = question.querySelector("form"), said = question.querySelector("[role=status]");
    const pass = document.createElement("button");
    Object.assign(pass, { type: "button", textContent: words.show });
    form.append(pass);

    function reveal() {
        question.classList.add("passed");
        pass.remove();
    }
    function show() {
        reveal();
        figure.tabIndex = -1;
        figure.focus({ preventScroll: true });
    }
    pass.addEventListener("click", show);
    question.addEventListener("keydown", ({ key }) => key === "Escape" && pass.isConnected && show());
    // A link to the figure asks to see it.
    const called = () => location.hash.slice(1).split(/:|%3A/i)[0] === figure.id && reveal();
    addEventListener("hashchange", called);
    called();

    // Where a number lies along its axis, as in course/practice/predicting.py.
    function pixel(number) {
        const [low, high, place] = [...limits, number].map((v) => (log ? Math.log10(Math.max(v, 1e-300)) : v));
        const fraction = (place - low) / (high - low);
        const outside = fraction < 0 || fraction > 1;
        const along = ends[0] + Math.min(Math.max(fraction, 0), 1) * (ends[1] - ends[0]);
        return [Math.min(Math.max(along, EDGE), size[Number(axis === "y")] - EDGE), outside];
    }
    function distance(guess) {
        const byFactor = factor > 1 && guess * key > 0;
        const off = byFactor ? Math.max(guess / key, key / guess) : Math.abs(guess - key);
        const exact = byFactor ? off < 1.05 : off <= within / 10;
        const rounded = Number(off.toPrecision(2));
        const short = rounded < 1e-4 || rounded >= 1e6 ? rounded.toExponential() : String(rounded);
        const texts = words.off[exact ? "exact" : byFactor ? "factor" : "difference"];
        return texts[Number(!exact && guess < key)].replace("{off}", short.replace("e+", "e"));
    }

    function add(parent, name, attributes, text = "") {
        const element = document.createElementNS(SVG, name);
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
        element.textContent = text;
        parent.append(element);
        return element;
    }
    let marks;
    function mark(guess) {
        const picture = figure.querySelector("img");
        if (!marks) {
            const ground = document.createElement("div");
            ground.className = "explore-guess";
            picture.replaceWith(ground);
            ground.append(picture);
            marks = add(ground, "svg", { viewBox: `0 0 ${size}`, preserveAspectRatio: "xMinYMid", "aria-hidden": true });
            // Elsewhere the truth is another one.
            const inputs = [...figure.querySelectorAll("input")];
            const look = () =>
                marks.classList.toggle("elsewhere", inputs.some(({ value, defaultValue }) => value !== defaultValue));
            new MutationObserver(look).observe(picture, { attributeFilter: ["src"] });
            look();
        }
        marks.replaceChildren();
        const [there, outside] = pixel(guess), point = (along) => (axis === "x" ? [along, across] : [across, along]);
        const [[x, y], [x2, y2]] = [point(there), point(pixel(key)[0])];
        add(marks, "line", { x1: x, y1: y, x2, y2 });
        add(marks, "circle", { cx: x2, cy: y2, r: MARK });
        add(marks, "path", { d: `M${x - MARK} ${y}l${MARK}-${MARK} ${MARK} ${MARK}-${MARK} ${MARK}z` });
        // On the side where there is room, and towards the truth: below an axis are the names of its ticks.
        const side = x > size[0] / 2 ? -1 : 1, line = y + LETTERS / 3 + (Math.sign(y2 - y) * LETTERS) / 2;
        const place = { x: x + side * 2 * MARK, y: line, "text-anchor": side < 0 ? "end" : "start" };
        add(marks, "text", { ...place, "font-size": LETTERS }, outside ? words.outside : words.here);
    }
    question.addEventListener("answered", ({ detail }) => {
        reveal();
        // Who has guessed has done it, however far off.
        question.dispatchEvent(new CustomEvent("course-progress", { detail: "done", bubbles: true }));
        said.append(` ${distance(detail)}`);
        mark(detail);
    });
}
