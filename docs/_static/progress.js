// What a reader has done on these pages. Their own browser keeps it, and nothing is sent. What can be done has a name,
// data-progress, and says by the event "course-progress", whose detail is "done" or "tried", that it was.

const progress = (() => {
    // Copies of the course on one host, or on one disk, share one storage: each has a place of its own in it. What is
    // done in one language is done in the others, which lie in folders below the English pages.
    const top = document.documentElement.lang === "en" ? ".." : "../..";
    const place = `progress of ${new URL(top, document.currentScript.src)}`;

    // A browser may keep nothing, and says so by an error: then every page is as new.
    function all() {
        try {
            return { ...JSON.parse(localStorage.getItem(place)) };
        } catch {
            return {};
        }
    }
    const get = (name) => all()[name];
    function set(name, value) {
        // What is done stays so, however it is tried again, and of points the most are kept.
        if (get(name) === "done" || (typeof value === "number" && get(name) >= value)) return;
        try {
            localStorage.setItem(place, JSON.stringify({ ...all(), [name]: value }));
        } catch {}
        show();
    }
    function clear() {
        try {
            localStorage.removeItem(place);
        } catch {}
        show();
    }

    function show() {
        const kept = all();
        for (const part of document.querySelectorAll("[data-progress]")) {
            part.toggleAttribute("data-done", kept[part.dataset.progress] === "done");
        }
        for (const counter of document.querySelectorAll(".progress")) {
            const names = JSON.parse(counter.dataset.names);
            const done = names.filter((name) => kept[name] === "done").length;
            counter.hidden = !names.some((name) => name in kept);
            counter.textContent = counter.dataset.says.replace("{done}", done).replace("{all}", names.length);
        }
    }
    document.addEventListener("course-progress", ({ target, detail }) => set(target.dataset.progress, detail));
    // Also when somebody comes back to a page, or has another one open.
    addEventListener("pageshow", show);
    addEventListener("storage", show);
    return { all, get, set, clear };
})();

for (const tools of document.querySelectorAll(".progress-tools")) {
    const [save, load, remove] = tools.querySelectorAll("button");
    const chosen = tools.querySelector("input");
    const said = tools.querySelector("[role=status]");
    const [exported, loaded, refused, deleted] = JSON.parse(said.dataset.says);

    // A line for each name, as in the file that JupyterLab has.
    save.addEventListener("click", () => {
        const lines = Object.entries(progress.all()).map(([name, value]) => `${JSON.stringify({ [name]: value })}\n`);
        const file = document.createElement("a");
        file.href = URL.createObjectURL(new Blob(lines));
        file.download = "progress.jsonl";
        file.click();
        URL.revokeObjectURL(file.href);
        said.textContent = exported;
    });
    load.addEventListener("click", () => chosen.click());
    chosen.addEventListener("change", async () => {
        try {
            const lines = (await chosen.files[0].text()).split("\n").filter((line) => line.trim());
            const found = Object.assign({}, ...lines.map(JSON.parse));
            for (const [name, value] of Object.entries(found)) progress.set(name, value);
            const kept = Object.keys(found).every((name) => name in progress.all());
            said.textContent = kept && lines.length ? loaded : refused;
        } catch {
            said.textContent = refused;
        }
        // The same file can be chosen once more.
        chosen.value = "";
    });
    remove.addEventListener("click", () => {
        progress.clear();
        said.textContent = deleted;
    });
    tools.hidden = false;
}
