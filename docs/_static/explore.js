// Figures with sliders: each combination of values has its picture, drawn when the site was built. All words
// that a figure says stand in its markup. What is drawn from records stands still, and has no buttons.

// In milliseconds: a step of what is played and all its steps at most; how long a slider rests before the
// address has its value; how long a sentence waits to be read out, or a picture cannot be saved again.
const STEP = 700, ALL_STEPS = 12_000, REST = 400, SOON = 100, AGAIN = 1000;

const idle = window.requestIdleCallback ?? setTimeout;
const pause = (time) => new Promise((done) => setTimeout(done, time));
const fetched = (src) => Object.assign(new Image(), { src });

for (const figure of document.querySelectorAll("figure.explore:not(.drawn)")) {
    const picture = figure.querySelector("img");
    const finding = figure.querySelector("[role=status]");
    const controls = figure.querySelector(".explore-controls");
    const [play, link, save] = ["play", "link", "save"].map((kind) => controls.querySelector(`.explore-${kind}`));
    const said = controls.querySelector("output");
    const frames = JSON.parse(figure.dataset.frames ?? "[]").map(([name, alt]) => ({
        src: new URL(name, picture.src).href,
        alt,
    }));
    const sliders = [...controls.querySelectorAll("input")].map((input, place, { length }) => ({
        input,
        last: Number(input.max),
        texts: JSON.parse(input.dataset.texts),
        value: input.parentElement.querySelector(".explore-value"),
        play: JSON.parse(play.dataset.names)[place],
    }));
    let moved = sliders.at(-1), playing, resting;

    // The last slider moves fastest.
    const number = (values) => sliders.reduce((n, { last }, i) => n * (last + 1) + values[i], 0);
    const values = () => sliders.map(({ input }) => Number(input.value));

    function show() {
        for (const { input, texts, value } of sliders) {
            input.ariaValueText = value.textContent = texts[input.value];
        }
        const frame = frames[number(values())];
        picture.src = frame.src;
        picture.alt = finding.textContent = frame.alt;
        // A picture that was asked for does not wait until it is near, or for another one to be painted.
        picture.loading = "eager";
        picture.decoding = "sync";
        said.textContent = "";
    }

    // The address has what was moved last, so that it leads to this picture.
    const state = () => sliders.map(({ input, texts }) => [input.name, texts[input.value]]);
    function write() {
        clearTimeout(resting);
        const values = sliders.length ? `:${new URLSearchParams(state())}` : "";
        history.replaceState(history.state, "", `#${figure.id}${values}`);
    }
    function open() {
        const [[id] = [], ...pairs] = new URLSearchParams(location.hash.slice(1).replace(/:|%3A/i, "=&"));
        clearTimeout(resting);
        if (id !== figure.id || !pairs.length) return false;
        stop();
        const asked = new Map(pairs);
        const places = sliders.map(({ input, texts }) =>
            asked.has(input.name) ? texts.indexOf(asked.get(input.name)) : Number(input.defaultValue),
        );
        // Of values that are no longer there the figure shows none, but stands at its start.
        const known = !places.includes(-1);
        sliders.forEach(({ input }, i) => (input.value = known ? places[i] : input.defaultValue));
        if (sliders.length) show();
        return true;
    }
    // The figure with the heading that it stands under, where the window holds both.
    function come() {
        const heading = figure.closest("section")?.querySelector("h1, h2, h3, h4");
        const top = heading?.getBoundingClientRect().top, { bottom } = figure.getBoundingClientRect();
        const first = bottom - top <= innerHeight - 32 ? heading : figure;
        first.scrollIntoView({ behavior: "instant" });
    }

    // What is played is not read out sentence by sentence: the last one is.
    function stop() {
        if (!playing) return;
        playing = undefined;
        play.textContent = moved.play;
        finding.removeAttribute("aria-live");
    }
    async function start() {
        const { input, last } = moved, turn = (playing = {});
        play.textContent = play.dataset.pause;
        finding.setAttribute("aria-live", "off");
        let value = Number(input.value) === last ? 0 : Number(input.value) + 1;
        for (let time = 0; value <= last; value++, time = Math.min(STEP, ALL_STEPS / last)) {
            const next = sliders.map((slider) => (slider.input === input ? value : Number(slider.input.value)));
            if (value === last) finding.removeAttribute("aria-live");
            await Promise.allSettled([fetched(frames[number(next)].src).decode(), pause(time)]);
            if (playing !== turn) return;
            input.value = value;
            show();
        }
        stop();
        write();
    }

    for (const slider of sliders) {
        slider.input.style.setProperty("--steps", slider.last);
        slider.input.addEventListener("input", () => {
            stop();
            moved = slider;
            play.textContent = slider.play;
            show();
            clearTimeout(resting);
            resting = setTimeout(write, REST);
        });
    }
    play?.addEventListener("click", async () => {
        if (!playing) return start();
        stop();
        write();
        // What is written anew, while it may be read out, is read out.
        await pause(SOON);
        finding.textContent = picture.alt;
    });
    document.addEventListener("visibilitychange", () => document.hidden && stop());

    link.addEventListener("click", async () => {
        stop();
        write();
        said.textContent = "";
        const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
        said.textContent = copied ? link.dataset.done : link.dataset.else;
    });

    // The picture, its sentence and the page that it is from, on white in the dark theme too.
    async function drawn() {
        await picture.decode();
        const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
        const { naturalWidth: width, naturalHeight: height } = picture;
        const letter = width / 40, margin = letter, { fontFamily } = getComputedStyle(finding);
        const texts = [];
        let y = height + 0.5 * letter;
        for (const [text, size, colour] of [[finding.textContent, 1, "#000"], [document.title, 0.75, "#555"]]) {
            const font = `${size * letter}px ${fontFamily}`;
            pen.font = font;
            const lines = [];
            for (const word of text.split(" ")) {
                const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
                const fits = pen.measureText(longer).width <= width - 2 * margin;
                lines.splice(fits ? -1 : lines.length, 1, fits ? longer : word);
            }
            for (const line of lines) texts.push({ line, font, colour, y: (y += 1.5 * size * letter) });
            y += 0.25 * letter;
        }
        Object.assign(canvas, { width, height: Math.ceil(y + margin) });
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(picture, 0, 0);
        for (const { line, font, colour, y } of texts) {
            Object.assign(pen, { font, fillStyle: colour });
            pen.fillText(line, margin, y, width - 2 * margin);
        }
        return new Promise((done) => canvas.toBlob(done));
    }
    let saving = false;
    save.addEventListener("click", async () => {
        // A second click, or a key that is held down, does not save it twice.
        if (saving) return;
        saving = true;
        stop();
        said.textContent = "";
        const file = document.createElement("a");
        try {
            file.href = URL.createObjectURL(await drawn());
            const name = [figure.id.replace("figure-", ""), ...state().map((pair) => pair.join("="))].join("_");
            file.download = `${name.replace(/[^\p{L}\p{N}.=_-]+/gu, "_")}.png`;
            said.textContent = save.dataset.done;
        } catch {
            // A page from disk may show the files beside it, but not read them.
            Object.assign(file, { href: picture.src, target: "_blank" });
            said.textContent = save.dataset.else;
        }
        file.click();
        await pause(AGAIN);
        if (file.download) URL.revokeObjectURL(file.href);
        saving = false;
    });
    controls.hidden = false;

    // Who comes back to a page, or loads it again, is where they were.
    const { type } = performance.getEntriesByType("navigation")[0] ?? {};
    if (open() && type === "navigate") come();
    addEventListener("hashchange", () => open() && come());

    // A picture that is already here shows at once. When the figure comes near, those one step away are
    // fetched, in idle time, and all others once somebody is about to move it; those whom data cost a lot wait
    // for what they ask for.
    const here = [];
    function bring(most) {
        const steps = (frame) => {
            let far = 0;
            for (const { input, last } of sliders.toReversed()) {
                far += Math.abs((frame % (last + 1)) - input.value);
                frame = Math.floor(frame / (last + 1));
            }
            return far;
        };
        const wanted = frames.map((_, frame) => [steps(frame), frame]).filter(([far]) => far <= most);
        for (const [, frame] of wanted.sort(([a], [b]) => a - b)) here[frame] ??= fetched(frames[frame].src);
    }
    if (!sliders.length || navigator.connection?.saveData) continue;
    const near = new IntersectionObserver(
        ([entry]) => {
            if (!entry.isIntersecting) return;
            near.disconnect();
            idle(() => bring(1));
        },
        { rootMargin: "100%" },
    );
    near.observe(figure);
    for (const touch of ["pointerover", "focusin"]) {
        controls.addEventListener(touch, () => bring(Infinity), { once: true });
    }
}
