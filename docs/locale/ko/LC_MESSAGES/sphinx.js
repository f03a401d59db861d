// Without Documentation.addTranslations, which builds a function of a text: the policy of the pages forbids that.
Object.assign(Documentation.TRANSLATIONS, {
    ", in ": ", 위치: ",
    "Hide Search Matches": "검색어 강조 끄기",
    "Preparing search...": "검색을 준비하는 중...",
    "Search Results": "검색 결과",
    "Search finished, found one page matching the search query.": ["검색어가 있는 페이지를 ${resultCount}개 찾았습니다."],
    "Searching": "검색 중",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.": "검색어가 있는 페이지가 없습니다. 맞춤법을 확인하거나 더 짧은 낱말로 찾아 보세요."
});
Documentation.PLURAL_EXPR = () => 0;
Documentation.LOCALE = "ko";
