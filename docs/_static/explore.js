// Figures with sliders: each combination of values has its picture, drawn when the site was built.

for (const figure of document.querySelectorAll("figure.explore[data-frames]")) {
    const frames = JSON.parse(figure.dataset.frames);
    const controls = figure.querySelector(".explore-controls");
    const inputs = [...controls.querySelectorAll("input")];
    const picture = figure.querySelector("img");
    const finding = figure.querySelector("[role=status]");

    function show() {
        // The last slider moves fastest.
        const number = inputs.reduce((n, input) => n * (Number(input.max) + 1) + Number(input.value), 0);
        picture.src = frames[number].src;
        picture.alt = finding.textContent = frames[number].alt;
    }

    for (const input of inputs) {
        const texts = JSON.parse(input.dataset.texts);
        const value = input.parentElement.querySelector(".explore-value");
        input.style.setProperty("--steps", input.max);
        input.addEventListener("input", () => {
            input.ariaValueText = value.textContent = texts[input.value];
            show();
        });
    }
    controls.hidden = false;

    // A picture that is already here shows at once, so the others are fetched, in idle time, when the figure
    // comes near; those whom data cost a lot wait for what they ask for.
    const idle = window.requestIdleCallback ?? setTimeout;
    const near = new IntersectionObserver(
        ([entry]) => {
            if (!entry.isIntersecting) return;
            near.disconnect();
            idle(() => {
                figure.fetched = frames.map(({ src }) => Object.assign(new Image(), { src }));
            });
        },
        { rootMargin: "100%" },
    );
    if (!navigator.connection?.saveData) near.observe(figure);
}
