// Search in the dictionary, and the table in view marked in the list at the side.
(function () {
  var search = document.getElementById('search');
  var nothing = document.getElementById('nothing');
  var articles = [].slice.call(document.querySelectorAll('article'));
  var links = {};
  document.querySelectorAll('nav a[data-for]').forEach(function (a) { links[a.dataset.for] = a; });

  function has(element, words) {
    return words.every(function (word) { return element.dataset.text.indexOf(word) >= 0; });
  }
  function find() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean), any = false;
    articles.forEach(function (article) {
      var whole = has(article, words), shown = whole;
      article.querySelectorAll('tbody tr').forEach(function (row) {
        var hit = whole || has(row, words);
        row.hidden = !hit;
        shown = shown || hit;
      });
      article.hidden = !shown;
      any = any || shown;
      if (links[article.id]) links[article.id].hidden = !shown;
    });
    document.querySelectorAll('section.group').forEach(function (group) {
      group.hidden = !group.querySelector('article:not([hidden])');
      var title = document.querySelector('nav a.title[href="#' + group.querySelector('h2').id + '"]');
      if (title) title.hidden = group.hidden;
    });
    nothing.hidden = any;
  }
  search.addEventListener('input', find);
  if (search.value) find();
  document.addEventListener('keydown', function (event) {
    if (event.key === '/' && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === 'Escape' && document.activeElement === search) {
      search.value = '';
      find();
      search.blur();
    }
  });
  window.addEventListener('hashchange', function () {
    if (search.value) { search.value = ''; find(); }
  });

  if ('IntersectionObserver' in window) {
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        var link = links[entry.target.id];
        if (link) link.classList.toggle('here', entry.isIntersecting);
      });
    }, { rootMargin: '-15% 0px -75% 0px' });
    articles.forEach(function (article) { observer.observe(article); });
  }
})();
