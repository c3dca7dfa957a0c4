// The language switch in the header; the choice is kept for the other pages.
(function () {
  var root = document.documentElement;

  function remember(value) {
    try { localStorage.setItem('satu-language', value); } catch (e) { /* private */ }
  }
  function remembered() {
    try { return localStorage.getItem('satu-language'); } catch (e) { return null; }
  }
  function offered(language) {
    return document.querySelector('.languages [data-language="' + language + '"]') !== null;
  }
  function speak(language) {
    root.dataset.language = language;
    root.lang = language === 'id' ? 'id' : 'en';
    document.querySelectorAll('.languages button').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.dataset.language === language));
    });
  }
  document.querySelectorAll('.languages button').forEach(function (button) {
    button.addEventListener('click', function () {
      speak(button.dataset.language);
      remember(button.dataset.language);
    });
  });
  speak(offered(remembered()) ? remembered() : root.dataset.language);
})();
