// Chromium leaves a text as it drew it before a font came, in boxes, unless the font is the first of its list.

const lettersCame = () => {
    const brought = [...document.fonts].filter((font) => font.family.includes("Course Hangul"));
    if (brought.some((font) => font.status === "loaded")) document.body.classList.add("letters-brought");
};
document.fonts.addEventListener("loadingdone", lettersCame);
lettersCame();
