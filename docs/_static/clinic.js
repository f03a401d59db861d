// The game of the clinic. Nothing is trained here: what can be asked of a case was answered before, and its pictures
// lie beside that of the case. All that is shown follows from the moves, which stand in the address.

for (const game of document.querySelectorAll(".clinic")) {
    const { says, worth, texts, cases, ...lists } = JSON.parse(game.dataset.known);
    const [causeWorth, repairWorth, experimentCosts, wrongCosts] = worth;
    const numbers = Object.keys(cases);
    const figures = Object.fromEntries(numbers.map((n) => [n, document.getElementById(`case-${n}`)]));
    const names = Object.fromEntries(Object.entries(lists).map(([what, list]) => [what, Object.keys(list)]));
    let number, moves, pictures;

    const write = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
    const read = (places) => places.map((place) => texts[place]).join(" ");
    const status = (n) => progress.get(`case ${n}`);
    const points = (n) => Number(progress.get(`points of case ${n}`) ?? 0);
    function answer(what, name) {
        const [right, ...places] = cases[number][what][names[what].indexOf(name)];
        return { right, words: read(places) };
    }

    const title = make(game, "h2", { tabIndex: -1 });
    const before = make(game, "figure", { className: "clinic-panel" });
    const desk = make(game, "div", { className: "clinic-desk" });
    const experiments = make(desk, "form");
    const experiment = choose(experiments, says.experiment, lists.experiments);
    make(experiments, "button", { textContent: says.make });
    const asked = make(experiments, "p", { role: "status" });
    const answers = make(make(desk, "div", { ariaLive: "polite" }), "ol");
    const changes = make(desk, "form");
    const cause = choose(changes, says.cause, lists.causes);
    const repair = choose(changes, says.repair, lists.repairs);
    make(changes, "button", { textContent: says.change });
    const verdict = make(desk, "div", { role: "status" });
    const score = make(desk, "p", { className: "clinic-score" });
    const ways = make(desk, "div", { className: "clinic-ways" });
    const next = make(ways, "button", { type: "button", textContent: says.next });
    const give = make(ways, "button", { type: "button", textContent: says.show });
    const dealt = select(ways, says.case, numbers.map((n) => [n, n]));
    const after = make(desk, "figure");

    function select(parent, label, options) {
        const line = make(parent, "div");
        const id = `clinic-${label.toLowerCase()}`;
        make(line, "label", { textContent: label, htmlFor: id });
        const list = make(line, "select", { id });
        for (const [value, textContent] of options) make(list, "option", { value, textContent });
        return list;
    }
    function choose(parent, label, options) {
        return select(parent, label, [["?", says.choose], ...Object.entries(options)]);
    }

    // What the moves have come to: experiments, points, and what was said last.
    function reckon() {
        const made = [], wrong = { cause: 0, repair: 0 }, earned = {};
        let said = {}, shown = false;
        const value = (part) => {
            const most = part === "cause" ? causeWorth - experimentCosts * made.length : repairWorth;
            return Math.max(most - wrongCosts * wrong[part], 1);
        };
        for (const [kind, name] of moves) {
            if (kind === "made") {
                if (!made.includes(name)) made.push(name);
            } else if (kind === "shown") {
                shown = true;
                said = {};
                for (const part in wrong) earned[part] ??= 0;
            } else {
                said[kind] = { name, ...answer(`${kind}s`, name) };
                if (said[kind].right) earned[kind] ??= value(kind);
                else if (!(kind in earned)) wrong[kind]++;
            }
        }
        const whole = "cause" in earned && "repair" in earned;
        return { made, earned, said, shown, whole, now: { cause: value("cause"), repair: value("repair") } };
    }

    // A picture is loaded when it is shown, and stays while it is the same.
    function draw(figure, name, grey) {
        figure.hidden = !(name in pictures);
        if (figure.hidden) return;
        const first = figures[number].querySelector("img");
        const [file, ...places] = pictures[name];
        const src = new URL(file, first.src).href;
        if (figure.querySelector("img")?.src === src) return;
        figure.replaceChildren();
        const alt = [read(places), grey].filter(Boolean).join(" ");
        const picture = make(figure, "img", { src, alt });
        for (const size of ["width", "height"]) picture.setAttribute(size, first.getAttribute(size));
        const caption = make(figure, "figcaption");
        // Who hears the picture need not hear it again.
        make(caption, "span", { textContent: alt, ariaHidden: "true" });
    }

    function show() {
        const { made, earned, said, shown, whole, now } = reckon();
        title.textContent = write(says.title, { number });
        for (const option of dealt.options) {
            option.textContent = write(says[status(option.value)] ?? "{number}", { number: option.value });
        }
        dealt.value = number;
        const twin = made.includes("healthy twin");
        draw(before, twin ? "healthy twin" : "", twin && says.twin);
        // Only what is new is added, so that only that is read out.
        if (answers.children.length > made.length) answers.replaceChildren();
        for (const name of made.slice(answers.children.length)) {
            make(answers, "li", { textContent: `${lists.experiments[name]} ${answer("experiments", name).words}` });
        }
        for (const option of experiment.options) option.disabled = made.includes(option.value);
        verdict.replaceChildren();
        for (const part of ["cause", "repair"]) {
            if (!said[part]) continue;
            const { name, right, words } = said[part];
            const line = make(verdict, "p", { className: right ? "clinic-right" : "" });
            make(line, "span", { textContent: right ? "✓ " : "✗ ", ariaHidden: "true" });
            const called = lists[`${part}s`][name].replace(/\.$/, "");
            make(line, "strong", { textContent: `${says[`its ${part}`]}: ${called}.` });
            line.append(` ${words}`);
        }
        if (shown) make(verdict, "p", { textContent: figures[number].querySelector("details p").textContent });
        draw(after, said.repair?.name || "none", says.before);
        const sum = numbers.reduce((all, n) => all + points(n), 0);
        const most = numbers.length * (causeWorth + repairWorth);
        score.textContent = [
            !moves.length && status(number) === "tried" ? says.again : "",
            write(says.count, { n: made.length }),
            whole ? "" : write(says.worth, { ...now, ...earned }),
            Object.keys(earned).length ? write(says.points, { cause: "–", repair: "–", ...earned }) : "",
            sum ? write(says.all, { n: sum, most }) : "",
        ]
            .filter(Boolean)
            .join(" ");
        next.className = whole ? "clinic-next" : "";
    }

    function move(...made) {
        moves.push(...made);
        const { earned, shown, whole } = reckon();
        if (whole && !shown) {
            progress.set(`points of case ${number}`, earned.cause + earned.repair);
        }
        if (made[0][0] !== "made") {
            const detail = whole && !shown ? "done" : "tried";
            figures[number].dispatchEvent(new CustomEvent("course-progress", { detail, bubbles: true }));
        }
        history.replaceState(null, "", address());
        show();
    }

    const address = () => `#${new URLSearchParams([["case", number], ...moves])}`;

    function deal(of) {
        number = of;
        moves = [];
        pictures = JSON.parse(figures[number].dataset.pictures);
        for (const list of [experiment, cause, repair]) list.value = "?";
        answers.replaceChildren();
        asked.textContent = "";
    }

    // As in course/clinic/game.py: what is new, and every third time what was missed.
    function following() {
        const others = numbers.filter((n) => n !== number);
        const missed = others.find((n) => status(n) === "tried");
        const fresh = others.find((n) => !status(n));
        if (missed && (!fresh || numbers.filter(status).length % 3 === 0)) return missed;
        return fresh ?? numbers[(numbers.indexOf(number) + 1) % numbers.length];
    }

    // The moves in the address, as far as they can be made.
    function follow() {
        const [[key, of] = [], ...made] = new URLSearchParams(location.hash.slice(1));
        if (key !== "case" || !Object.hasOwn(cases, of)) return false;
        deal(of);
        const known = { made: "experiments", cause: "causes", repair: "repairs" };
        moves = made.filter(([kind, name]) => kind === "shown" || names[known[kind]]?.includes(name));
        return true;
    }

    experiments.addEventListener("submit", (event) => {
        event.preventDefault();
        const name = experiment.value;
        asked.textContent = name === "?" ? says.which : "";
        experiment.value = "?";
        if (name !== "?") move(["made", name]);
    });
    changes.addEventListener("submit", (event) => {
        event.preventDefault();
        if (cause.value === "?" || repair.value === "?") verdict.textContent = says.first;
        else move(["cause", cause.value], ["repair", repair.value]);
    });
    give.addEventListener("click", () => move(["shown", ""]));
    function turn(of) {
        deal(of);
        history.pushState(null, "", address());
        show();
    }
    next.addEventListener("click", () => {
        turn(following());
        title.focus();
        title.scrollIntoView();
    });
    dealt.addEventListener("change", () => turn(dealt.value));
    addEventListener("popstate", () => follow() && show());
    // What is done on another page, or deleted there, shows when somebody comes back.
    addEventListener("pageshow", show);
    if (!follow()) deal(following());
    show();
}
